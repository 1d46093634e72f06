"""What a name may mean at a place is what the scopes around it say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyconcepts_lint.analysis import names
from pyconcepts_lint.analysis.names import is_bound_locally
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.workspace.workspace import Workspaces

BINDING = [
    "C = 1",
    "C += 1",
    "C: int",
    "C, x = 1, 2",
    "x = C = 1",
    "(C, x) = 1, 2",
    "[C] = [1]",
    "for C in (): pass",
    "with f() as C: pass",
    "import C",
    "import C.x",
    "from x import C",
    "from x import (y,\n        C)",
    "from x import y as C",
    "def C(): pass",
    "class C: pass",
    "class C(x): pass",
    "async def C(): pass",
    "try: pass\n        except E as C: pass",
    "f(C := 1)",
    "del C",
    "match x:\n            case C: pass",
    "match x:\n            case {**C}: pass",
]
READING = ["C.x = 1", "C()", "x = C.x.y", "C[0] = 1", "super(C, self).x()", "isinstance(x, C)"]
TOLD_BY_THE_TEXT = [
    "return C",
    "raise C",
    "assert isinstance(x, C)",
    "if isinstance(x, C):\n            pass",
    "pass  # C = 1",
    "'C = 1'",
]


def answer(tmp_path: Path, statement: str, before: str = "self") -> bool:
    path = tmp_path / "m.py"
    path.write_text(f"class C:\n    def m({before}):\n        C.y = 1\n        {statement}\n")
    workspace = Workspaces(Configuration(isolated=True)).of(str(path))
    return is_bound_locally(workspace.open(str(path)), "C", 3, 1)


@pytest.mark.parametrize("statement", BINDING)
def test_what_binds_is_seen(tmp_path: Path, statement: str) -> None:
    assert answer(tmp_path, statement)


@pytest.mark.parametrize("statement", READING)
def test_what_only_reads_binds_nothing(tmp_path: Path, statement: str) -> None:
    assert not answer(tmp_path, statement)


@pytest.mark.parametrize("parameters", ["self, C", "self, *C", "self, **C", "self, C=1", "C, /"])
def test_parameters_are_seen(tmp_path: Path, parameters: str) -> None:
    assert answer(tmp_path, "pass", parameters)


@pytest.mark.parametrize("statement", TOLD_BY_THE_TEXT)
def test_plain_reads_are_told_without_scopes(
    tmp_path: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "Scopes", None)
    assert not answer(tmp_path, statement)
