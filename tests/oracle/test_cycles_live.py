"""PCL209 against CPython: what it says fails is imported, and fails there; what fails is said."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pyconcepts_lint.testing import lint_paths as run

LIVE = Path(__file__).parent / "live_cycles.py"
FIRST = re.compile(r"(\w+) if `([\w.]+)` is imported(?: first)?:")


def claims(root: Path) -> dict[tuple[str, int], tuple[str, str]]:
    """What the rule says: by file and line, the exception and the module to import first."""
    report = run([str(root)], overrides={"no_cache": True, "select": ["PCL209"]}, jobs=1)
    assert report.errors == []
    found = {}
    for finding in report.findings:
        match = FIRST.match(finding.message)
        assert match is not None
        path = Path(finding.path).relative_to(root).as_posix()
        found[path, finding.line] = (match[1], match[2])
    return found


def outcomes(root: Path, names: list[str]) -> list[list[object] | None]:
    command = [sys.executable, "-I", "-S", str(LIVE), str(root), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[list[object] | None] = json.loads(done.stdout)
    return found


# Statements of a module of the package `pkg`; {0} and {1} are modules of it, {2} a name.
STATEMENTS = (
    "from .{0} import {2}",
    "from pkg.{0} import {2}",
    "from .{0} import {2} as {2}_",
    "from . import {0}",
    "from . import {0}, {1}",
    "import pkg.{0}",
    "import pkg.{0} as {0}_",
    "from pkg import {0}",
    "{2} = 1",
    "class {2}: pass",
    "def {2}(): from .{0} import {2}",
    "print({0}.{2}) if '{0}' in globals() else None",
    "{0}.{2}",
    "pkg.{0}.{2}",
    "class Sub({0}_.{2}): pass",
    "try:\n    from .{0} import {2}\nexcept ImportError:\n    {2} = 0",
    "if True:\n    from .{0} import {2}",
    "from .{0} import *",
)
MODULES = ("a", "b", "c")
NAMES = ("X", "Y", "Z")

statement = st.builds(
    str.format,
    st.sampled_from(STATEMENTS),
    st.sampled_from(MODULES),
    st.sampled_from(MODULES),
    st.sampled_from(NAMES),
)
# What may fail before the statement that surely does.
CONDITIONAL = "if True:\n    from .a import Z\nfrom .a import Z\n"
CONDITIONAL_USE = "from . import a\nif True:\n    a.Z\nfrom .a import Z\n"
LOADED_BELOW = "if True:\n    from . import c\nfrom .a import Z\n"
FAILS = "from .b import Z\n"
# Every module binds all names in the end, so that a cycle is all that can be wrong.
body = st.lists(statement, max_size=4).map(
    lambda lines: "\n".join([*lines, *(f"{name} = 1" for name in NAMES)]) + "\n"
)
packages = st.fixed_dictionaries(
    dict.fromkeys(MODULES, body)
    | {"__init__": st.lists(statement, max_size=2).map(lambda lines: "\n".join([*lines, ""]))}
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=packages)
@example(files={"a": "from .b import Z\nZ = 1\n", "b": f"{CONDITIONAL}Z = 1\n"})
@example(files={"a": "from .b import Z\nZ = 1\n", "b": f"{CONDITIONAL_USE}Z = 1\n"})
@example(
    files={"a": "from .c import Y\nfrom .a import X\nX = 1\n", "c": "from .c import Y\nY = 1\n"}
)
@example(files={"a": "from .b import Z\nZ = 1\n", "b": f"{LOADED_BELOW}Z = 1\n", "c": FAILS})
@example(
    files={
        "__init__": "from .a import X\nprint(a.X) if 'a' in globals() else None\n",
        "a": "X = 1\n",
        "c": "from .c import X\nX = 1\n",
    }
)
def test_every_claim_about_a_random_package_is_true(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("cycles")
    (root / "pkg").mkdir()
    (root / "pyproject.toml").touch()
    for name, text in files.items():
        (root / "pkg" / f"{name}.py").write_text(text)
    said = claims(root)
    firsts = [first for _, first in said.values()]
    for ((path, line), (error, _)), outcome in zip(
        said.items(), outcomes(root, firsts), strict=True
    ):
        # Names that the made-up statements use without having bound them come first.
        if outcome is None or outcome[0] != "NameError":
            assert outcome == [error, path, line], (path, line, outcome, files)


# Each is a package in which something fails, and where: found by both.
FAILING = [
    ({"a": "from .b import B\nA = 1\n", "b": "from .a import A\nB = 1\n"}, {"a", "b"}),
    ({"a": "from . import b\nA = 1\n", "b": "from .a import A\nB = 1\n"}, {"a"}),
    ({"a": "from . import b\nA = b.B\n", "b": "from . import a\nB = a.A\n"}, {"a", "b"}),
    ({"a": "import pkg.b\nA = 1\n", "b": "import pkg.a\nB = pkg.a.A\n"}, {"a"}),
    ({"a": "from .a import A\nA = 1\n"}, {"a"}),
    ({"a": "import pkg.a\nA = pkg.a.__name__\n"}, {"a"}),
    ({"a": "from . import a as me\nB = me.A\nA = 1\n"}, {"a"}),
    (
        {
            "__init__": "from .a import A\n",
            "a": "from . import b\nA = 1\n",
            "b": "from . import A\n",
        },
        {"a", "b", ""},
    ),
    (
        {
            "a": "from .b import B\nA = 1\n",
            "b": "from .c import C\nB = 1\n",
            "c": "from .a import A\nC = 1\n",
        },
        {"a", "b", "c"},
    ),
]


@pytest.mark.parametrize(("files", "failing"), FAILING)
def test_a_cycle_that_fails_is_found(
    files: dict[str, str], failing: set[str], tmp_path: Path
) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pyproject.toml").touch()
    for name, text in {"__init__": "", **files}.items():
        (tmp_path / "pkg" / f"{name}.py").write_text(text)
    names = ["pkg", *(f"pkg.{name}" for name in files if name != "__init__")]
    live = outcomes(tmp_path, names)
    assert {
        name.partition(".")[2] for name, outcome in zip(names, live, strict=True) if outcome
    } == failing
    places = {(str(path), int(str(line))) for _, path, line in filter(None, live)}
    assert set(claims(tmp_path)) == places
