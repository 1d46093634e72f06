"""What is offered to do about findings."""

from __future__ import annotations

import pytest
from editing import MARKER, applied, edits_of
from lsprotocol import types

pytestmark = pytest.mark.asyncio

CLASSES = "class A(object):\n    pass\n\n\nclass B(object):\n    pass\n"
SELECT = {"select": ["PCL903"]}


async def open_classes(editor, **more):
    shop = await editor({**MARKER, "main.py": CLASSES}, options=SELECT, **more)
    shop.open("main.py")
    await shop.until(lambda: len(shop.codes("main.py")) == 2)
    return shop


async def test_each_fix_is_offered_where_its_finding_is(editor):
    shop = await open_classes(editor)
    offered = await shop.actions("main.py", 0, 8, ["quickfix"])
    first = offered[0]
    assert first.is_preferred
    assert [each.code for each in first.diagnostics] == ["PCL903"]
    assert applied(CLASSES, edits_of(first, shop.uri("main.py"))) == CLASSES.replace(
        "A(object)", "A"
    )
    assert await shop.actions("main.py", 2, 0, ["quickfix"]) == []


async def test_all_fixes_of_a_rule_can_be_made(editor):
    shop = await open_classes(editor)
    offered = await shop.actions("main.py", 0, 8)
    (every,) = [each for each in offered if each.title.startswith("Fix all PCL903")]
    fixed = applied(CLASSES, edits_of(every, shop.uri("main.py")))
    assert fixed == CLASSES.replace("(object)", "")


async def test_all_safe_fixes_are_made_on_save(editor):
    shop = await open_classes(editor)
    (action,) = await shop.actions("main.py", 0, 0, ["source.fixAll"])
    assert action.kind == "source.fixAll.pyconcepts-lint"
    if action.edit is None:
        action = await shop.client.code_action_resolve_async(action)
    fixed = applied(CLASSES, edits_of(action, shop.uri("main.py")))
    assert fixed == CLASSES.replace("(object)", "")
    # What was tried out changes nothing that is known.
    assert shop.codes("main.py") == ["PCL903", "PCL903"]
    shop.type("main.py", fixed)
    await shop.until(lambda: shop.codes("main.py") == [])


async def test_a_comment_ignores_a_finding(editor):
    shop = await open_classes(editor)
    offered = await shop.actions("main.py", 4, 8)
    (action,) = [each for each in offered if "noqa" in each.title]
    ignored = applied(CLASSES, edits_of(action, shop.uri("main.py")))
    assert ignored == CLASSES.replace("B(object):", "B(object):  # noqa: PCL903")
    shop.type("main.py", ignored)
    await shop.until(lambda: len(shop.codes("main.py")) == 1)


async def test_unsafe_fixes_are_told_apart(editor):
    text = "import threading\n\n\ndef pay(d):\n    d.__dict__['a'] = 1\n    return d\n"
    shop = await editor({**MARKER, "main.py": text}, options={"select": ["PCL601"]})
    shop.open("main.py")
    await shop.until(lambda: shop.codes("main.py"))
    offered = await shop.actions("main.py", 4, 6, ["quickfix"])
    fixes = [each for each in offered if "noqa" not in each.title]
    assert fixes
    for each in fixes:
        assert ("(unsafe)" in each.title) == (each.is_preferred is None)


async def test_old_clients_get_plain_changes(editor):
    def is_plain(capabilities: types.ClientCapabilities) -> None:
        assert capabilities.workspace is not None
        capabilities.workspace.workspace_edit = None

    shop = await open_classes(editor, change=is_plain)
    first = (await shop.actions("main.py", 0, 8, ["quickfix"]))[0]
    assert first.edit.document_changes is None
    assert list(first.edit.changes) == [shop.uri("main.py")]


async def test_an_edit_says_which_version_it_is_for(editor):
    shop = await open_classes(editor, kind="visual_studio_code")
    version = shop.type("main.py", "\n" + CLASSES)
    await shop.until(lambda: shop.shown("main.py")[0].range.start.line == 1)
    first = (await shop.actions("main.py", 1, 8, ["quickfix"]))[0]
    (change,) = first.edit.document_changes
    assert change.text_document.version == version
