"""What goes wrong while an editor is open."""

from __future__ import annotations

import asyncio
import time

import pytest
from editing import BASE, MARKER
from lsprotocol import types

pytestmark = pytest.mark.asyncio

USER = """\
from base import Base


class Sub(Base):
    __slots__ = ()

    def __init__(self):
        self.b = 2
"""


async def test_settings_are_broken_and_mended(editor):
    shop = await editor({**MARKER, "main.py": "dir(1)\n"})
    shop.open("main.py")
    await shop.until(lambda: shop.codes("main.py") == ["PCL605"])
    settings = shop.root / "pyproject.toml"
    settings.write_text("[tool.pyconcepts-lint]\nselect = 7\n")
    shop.tell("pyproject.toml")
    await shop.until(lambda: shop.shown("pyproject.toml"))
    assert "select` must be" in shop.shown("pyproject.toml")[0].message
    shop.type("main.py", "dir(2)\n\n\ndir(3)\n")
    await shop.until(lambda: shop.codes("main.py") == ["PCL605", "PCL605"])
    settings.write_text("[tool.pyconcepts-lint]\nignore = ['PCL605']\n")
    shop.tell("pyproject.toml")
    await shop.until(lambda: shop.codes("main.py") == [])
    assert shop.shown("pyproject.toml") == []


async def test_settings_that_are_broken_at_the_start_are_mended(editor):
    shop = await editor(
        {"pyproject.toml": "[tool.pyconcepts-lint]\nx = 1\n", "main.py": "dir(1)\n"}
    )
    shop.open("main.py")
    await shop.until(lambda: shop.shown("pyproject.toml"))
    assert shop.codes("main.py") == []
    (shop.root / "pyproject.toml").write_text(MARKER["pyproject.toml"])
    shop.tell("pyproject.toml")
    await shop.until(lambda: shop.codes("main.py") == ["PCL605"])


async def test_settings_of_the_editor_that_cannot_be_used_are_said(editor):
    shop = await editor({**MARKER, "main.py": "dir(1)\n"}, options={"sellect": ["PCL"]})
    shop.open("main.py")
    await shop.until(lambda: shop.codes("main.py") == ["PCL605"])
    assert any("did you mean `select`" in each.message for each in shop.client.messages)


async def test_files_change_come_and_go_on_disk(editor):
    shop = await editor({**MARKER, "base.py": BASE, "user.py": USER})
    shop.open("user.py")
    await shop.until(lambda: "PCL606" in shop.codes("user.py"))
    (shop.root / "base.py").write_text(BASE.replace("'a',", "'a', 'b'"))
    shop.tell("base.py")
    await shop.until(lambda: shop.codes("user.py") == [])
    (shop.root / "other.py").write_text("dir(1)\n")
    shop.tell("other.py")
    await shop.until(lambda: shop.codes("other.py") == ["PCL605"])
    (shop.root / "other.py").unlink()
    shop.tell("other.py")
    await shop.until(lambda: shop.codes("other.py") == [])


async def test_a_file_that_is_deleted_under_the_editor_keeps_its_text(editor):
    shop = await editor({**MARKER, "base.py": BASE, "user.py": USER})
    shop.open("base.py")
    shop.open("user.py")
    await shop.until(lambda: "PCL606" in shop.codes("user.py"))
    (shop.root / "base.py").unlink()
    shop.tell("base.py")
    shop.type("base.py", BASE + "\n\ndir(1)\n")
    await shop.until(lambda: shop.codes("base.py") == ["PCL605"])
    assert "PCL606" in shop.codes("user.py")
    shop.close("base.py")
    await shop.until(lambda: "PCL606" not in shop.codes("user.py"))


async def test_what_cannot_be_encoded_is_said_of_the_text(editor):
    shop = await editor({**MARKER, "main.py": ""})
    shop.open("main.py", "# coding: ascii\nx = 'é'\n")
    await shop.until(lambda: shop.codes("main.py") == ["PCL901"])
    shop.type("main.py", "x = '\0'\n")
    await shop.until(lambda: "NUL" in shop.shown("main.py")[0].message)
    shop.type("main.py", "dir(1)\n")
    await shop.until(lambda: shop.codes("main.py") == ["PCL605"])


async def test_several_folders_have_their_own_settings(editor):
    files = {
        "one/pyproject.toml": "[tool.pyconcepts-lint]\nignore = ['PCL605']\n",
        "one/main.py": "dir(1)\n",
        "two/pyproject.toml": MARKER["pyproject.toml"],
        "two/main.py": "dir(1)\n",
        "three/pyproject.toml": MARKER["pyproject.toml"],
        "three/main.py": "dir(1)\n",
    }
    shop = await editor(files, folders=("one", "two"))
    await shop.until(lambda: shop.codes("two/main.py") == ["PCL605"])
    assert shop.codes("one/main.py") == []
    third = types.WorkspaceFolder((shop.root / "three").as_uri(), "three")
    second = types.WorkspaceFolder((shop.root / "two").as_uri(), "two")
    shop.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(
            types.WorkspaceFoldersChangeEvent(added=[third], removed=[second])
        )
    )
    await shop.until(lambda: shop.codes("three/main.py") == ["PCL605"])
    await shop.until(lambda: shop.codes("two/main.py") == [])


async def test_a_shutdown_waits_for_no_work(editor, tmp_path):
    many = {f"m{n}.py": "".join(f"def f{i}(x): dir(x)\n" for i in range(400)) for n in range(60)}
    shop = await editor({**MARKER, **many})
    shop.open("m0.py")
    await asyncio.sleep(0.3)
    started = time.monotonic()
    await shop.client.shutdown_session()
    process = shop.client._server
    await asyncio.wait_for(process.wait(), 30)
    assert time.monotonic() - started < 1
    assert process.returncode == 0
    shop.capabilities = None


RULE = '''\
from pyconcepts_lint.rule_api.rule import Rule


class Broken(Rule):
    """A rule that fails."""

    code = "BRK001"
    name = "broken-rule"

    def claims(self, file):
        raise ZeroDivisionError("rules fail")
'''


async def test_a_rule_that_fails_is_said_once(editor, tmp_path, monkeypatch):
    package = tmp_path / "plugin"
    (package / "broken_rules").mkdir(parents=True)
    (package / "broken_rules" / "__init__.py").write_text("")
    (package / "broken_rules" / "broken.py").write_text(RULE)
    info = package / "broken_rules-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-rules\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[pyconcepts_lint.rules]\nbroken = broken_rules\n")
    monkeypatch.setenv("PYTHONPATH", str(package))
    shop = await editor({**MARKER, "a.py": "dir(1)\n", "b.py": "dir(1)\n"})
    shop.open("a.py")
    await shop.until(lambda: shop.codes("b.py") == ["PCL605"])
    shop.type("a.py", "dir(1)\n\n\ndir(2)\n")
    await shop.until(lambda: len(shop.codes("a.py")) == 2)
    said = [each.message for each in shop.client.messages if "BRK001" in each.message]
    assert len(said) == 1
    assert "rules fail" in said[0]
