"""What is shown of text as it is typed."""

from __future__ import annotations

import asyncio

import pytest
from editing import BASE, MARKER
from lsprotocol import types

pytestmark = pytest.mark.asyncio

USER = """\
from base import Base


class Sub(Base):
    __slots__ = ()

    def __init__(self):
        self.a = 1
        self.b = 2
"""


async def test_an_open_file_has_its_diagnostics(editor):
    shop = await editor({**MARKER, "main.py": "vars(1)\n"})
    shop.open("main.py", "def gross(price):\n    dir(price)\n    return price * 2\n")
    await shop.until(lambda: shop.codes("main.py"))
    (found,) = shop.shown("main.py")
    assert found.code == "PCL605"
    assert found.source == "pyconcepts-lint"
    assert found.range == types.Range(types.Position(1, 4), types.Position(1, 14))
    assert [*found.tags] == [types.DiagnosticTag.Unnecessary]
    assert found.severity is not None


async def test_text_that_is_not_saved_is_what_other_files_see(editor):
    shop = await editor({**MARKER, "base.py": BASE, "user.py": USER})
    shop.open("base.py")
    shop.open("user.py")
    await shop.until(lambda: "PCL606" in shop.codes("user.py"))
    shop.type("base.py", BASE.replace("('a',)", "('a', 'b')"))
    await shop.until(lambda: shop.codes("user.py") == [])
    shop.type("base.py", BASE)
    await shop.until(lambda: "PCL606" in shop.codes("user.py"))


async def test_a_file_that_is_not_open_is_looked_at_behind_the_others(editor):
    shop = await editor({**MARKER, "base.py": BASE, "user.py": USER})
    shop.open("base.py")
    await shop.until(lambda: "PCL606" in shop.codes("user.py"))
    shop.type("base.py", BASE.replace("('a',)", "('a', 'b')"))
    await shop.until(lambda: shop.codes("user.py") == [])


async def test_with_the_scope_open_other_files_are_left_alone(editor):
    shop = await editor(
        {**MARKER, "a.py": "dir(1)\n", "b.py": "dir(1)\n"}, options={"scope": "open"}
    )
    shop.open("a.py")
    await shop.until(lambda: shop.codes("a.py"))
    await asyncio.sleep(0.5)
    assert shop.codes("b.py") == []


async def test_half_a_line_changes_nothing_in_other_files(editor):
    shop = await editor({**MARKER, "base.py": BASE, "user.py": USER})
    shop.open("base.py")
    shop.open("user.py")
    await shop.until(lambda: "PCL606" in shop.codes("user.py"))
    shop.type("base.py", BASE + "class (\n")
    await shop.until(lambda: shop.codes("base.py") == ["PCL901"])
    shop.type("user.py", USER + "\n")
    await shop.until(lambda: shop.client.diagnostics and "PCL606" in shop.codes("user.py"))
    shop.type("base.py", BASE + "print x\n")
    await shop.until(lambda: shop.codes("base.py") != ["PCL901"])
    shop.type("user.py", USER)
    await asyncio.sleep(0.3)
    assert "PCL606" in shop.codes("user.py")


async def test_columns_count_utf_16_units(editor):
    shop = await editor({**MARKER, "main.py": ""})
    shop.open("main.py", "def f(x):\n    '𝒳é'; dir(x)\n    return x\n")
    await shop.until(lambda: shop.codes("main.py"))
    (found,) = shop.shown("main.py")
    assert found.range == types.Range(types.Position(1, 11), types.Position(1, 17))


async def test_a_form_feed_ends_no_line(editor):
    shop = await editor({**MARKER, "main.py": ""})
    shop.open("main.py", "def f(x):\n    '\f'; dir(x)\n    return x\n")
    await shop.until(lambda: shop.codes("main.py"))
    place = types.Range(types.Position(1, 9), types.Position(1, 12))
    shop.edit("main.py", types.TextDocumentContentChangePartial(place, "max"))
    await shop.until(lambda: shop.codes("main.py") == [])


async def test_the_end_of_a_file_is_a_place(editor):
    shop = await editor({**MARKER, "main.py": ""})
    shop.open("main.py")
    end = types.Range(types.Position(0, 0), types.Position(0, 0))
    shop.edit("main.py", types.TextDocumentContentChangePartial(end, "def f(x):\n    dir(x)"))
    await shop.until(lambda: shop.codes("main.py"))
    assert shop.shown("main.py")[0].range.end == types.Position(1, 10)


async def test_pulled_diagnostics_are_those_of_the_text(editor):
    def pulls(capabilities: types.ClientCapabilities) -> None:
        assert capabilities.text_document is not None
        capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()

    shop = await editor({**MARKER, "main.py": "dir(1)\n"}, change=pulls)
    options = shop.capabilities.diagnostic_provider
    assert options.inter_file_dependencies
    assert options.workspace_diagnostics
    shop.open("main.py")
    report = await shop.pull("main.py")
    assert [each.code for each in report.items] == ["PCL605"]
    same = await shop.pull("main.py", report.result_id)
    assert same.kind == "unchanged"
    shop.type("main.py", "max(1, 2)\n")
    assert (await shop.pull("main.py", report.result_id)).items == ()
    assert shop.client.diagnostics == {}


async def test_the_whole_project_can_be_pulled(editor):
    def pulls(capabilities: types.ClientCapabilities) -> None:
        assert capabilities.text_document is not None
        capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()

    shop = await editor({**MARKER, "a.py": "dir(1)\n", "b.py": "x = 1\n"}, change=pulls)
    shop.open("b.py")
    seen: dict[str, str] = {}
    while not seen:
        before = [types.PreviousResultId(uri, name) for uri, name in seen.items()]
        answer = await shop.client.workspace_diagnostic_async(
            types.WorkspaceDiagnosticParams(before)
        )
        seen = {each.uri: each.result_id for each in answer.items}
    assert [*seen] == [shop.uri("a.py")]
    before = [types.PreviousResultId(uri, name) for uri, name in seen.items()]
    waiting = asyncio.ensure_future(
        shop.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(before))
    )
    await asyncio.sleep(0.3)
    assert not waiting.done()
    shop.type("b.py", "dir(1)\n")
    assert [each.uri for each in (await waiting).items] == [shop.uri("b.py")]
