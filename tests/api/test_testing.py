"""The helpers for rules' tests let nothing pass that isn't as it has to be."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint import Claim, FileContext, Range, Rule
from pyconcepts_lint.plugins import registry
from pyconcepts_lint.testing import Project, check_page


class Shouted(Rule):
    """A name that is shouted.

    ## What it finds

    The name `LOUD`.

    ## Why

    Because.

    ## Bad

    ```python
    LOUD = 1
    print(LOUD)
    ```

    ```output
    1
    ```

    ## Good

    ```python
    quiet = 1
    ```

    ## Fix

    It says it quietly, which is safe.

    ## When to ignore it

    Never.

    ## See also

    - [Names](https://docs.python.org/3/reference/executionmodel.html)
    """

    code = "XPL001"
    name = "shouted"
    words = ("LOUD",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in ast.walk(file.tree) if file.tree is not None else ():
            if isinstance(node, ast.Name) and node.id == "LOUD":
                fix = self.fix("safe", "Say it quietly", [file.edit(*file.ast_span(node), "loud")])
                yield Claim(file.ast_range(node), "`LOUD` is loud", fix)


@pytest.fixture
def shouted(monkeypatch: pytest.MonkeyPatch) -> type[Rule]:
    """The rule, as a class that a test may change."""
    body = {name: value for name, value in vars(Shouted).items() if name != "__dict__"}
    rule: Any = type("Shouted", (Rule,), body)
    for name in ("rules", "listed"):
        monkeypatch.setattr(registry, name, lambda: {rule.code: rule})
    return rule  # type: ignore[no-any-return]


def test_a_good_page_passes(shouted: type[Rule]) -> None:
    check_page(shouted)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## Why\n\n    Because.\n", "", "sections are"),
        ("## Why", "## Whence", "sections are"),
        ("Because.", "", "section Why is empty"),
        ("shouted.\n", "shouted\n", "first line is no sentence"),
        ("A name", "A name" + " indeed" * 20, "first line has 163 characters"),
        ("```output\n    1\n", "```output\n    2\n", r"the page says:\n2\n\nPython says:\n1\n"),
        ("print(LOUD)", "print(LOWD)", "NameError: name 'LOWD' is not defined"),
        ("quiet = 1", "LOUD = 1", "reports a good example"),
        ("LOUD = 1\n    print(LOUD)", "print(1)", "doesn't report this bad example"),
        ("```python\n    quiet = 1\n    ```", "Nothing.", "no example under Good"),
        ("which is safe", "which is fine", "has a fix that is safe, and its page doesn't say so"),
    ],
)
def test_a_page_that_is_not_so_does_not(
    shouted: type[Rule], old: str, new: str, message: str
) -> None:
    assert shouted.__doc__ is not None
    assert old in shouted.__doc__
    shouted.__doc__ = shouted.__doc__.replace(old, new)
    with pytest.raises(AssertionError, match=message):
        check_page(shouted)


def test_options_have_to_be_on_the_page(shouted: type[Rule]) -> None:
    shouted.options = {"longest": 3}
    with pytest.raises(AssertionError, match="Options says nothing of `longest`"):
        check_page(shouted)
    assert shouted.__doc__ is not None
    options = "## Options\n\n    - `longest`: how long.\n\n    ## When"
    shouted.__doc__ = shouted.__doc__.replace("## When", options)
    check_page(shouted)


def test_a_rule_that_is_not_registered_is_no_rule() -> None:
    with pytest.raises(AssertionError, match="XPL001 is not registered"):
        check_page(Shouted)


def test_a_gate_that_leaves_something_out_is_found(shouted: type[Rule], tmp_path: Path) -> None:
    project = Project(tmp_path, "LOUD = 1\n")
    assert project.places("XPL001") == [("main.py", 1, 1)]
    shouted.words = ("VERY LOUD",)
    with pytest.raises(AssertionError, match="leave out what it would report"):
        project.lint("XPL001")


def test_a_fix_that_does_not_come_to_an_end_is_found(
    shouted: type[Rule], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claims(self: Any, file: FileContext) -> Iterator[Claim]:
        place = Range(1, 1, 1, 2)
        fix = self.fix("safe", "Make it longer", [file.insert(1, 1, "X")])
        yield Claim(place, "short", fix)

    monkeypatch.setattr(shouted, "claims", claims)
    with pytest.raises(AssertionError, match="fixing stopped after"):
        Project(tmp_path, "LOUD = 1\n").fix("XPL001")


def test_a_rule_that_raises_is_found(
    shouted: type[Rule], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shouted, "claims", lambda self, file: 1 / 0)
    with pytest.raises(AssertionError, match="internal error in XPL001"):
        Project(tmp_path, "LOUD = 1\n").lint("XPL001")


@pytest.mark.usefixtures("shouted")
def test_a_code_that_no_rule_has_finds_nothing_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no rule has the code XPL002; did you mean XPL001"):
        Project(tmp_path, "LOUD = 1\n").lint("XPL002")


@pytest.mark.usefixtures("shouted")
def test_a_project_is_files_settings_and_python(tmp_path: Path) -> None:
    project = Project(
        tmp_path / "new",
        {
            "pkg/__init__.py": "",
            "pkg/a.py": """
                LOUD = 1
                print(__package__, LOUD)
            """,
            "b.py": b"print('\\xe9')  # coding: latin-1\r\n",
        },
        per_file_ignores={"b.py": ["XPL"]},
        rules={"XPL001": {}},
        jobs=1,
        src=["."],
        no_cache=True,
    )
    assert project.run_module("pkg.a").stdout == "pkg 1\n"
    assert project.run("b.py").stdout.strip() == "é"
    assert project.places("XPL001") == [("pkg/a.py", 2, 1), ("pkg/a.py", 3, 20)]
    assert project.fix("XPL001")["pkg/a.py"] == "\nloud = 1\nprint(__package__, loud)\n"
    project.write({"c.py": "LOUD = 2\n"})
    assert project.messages() == ["`LOUD` is loud"]
    assert project.report("XPL001", fix=True, write=False).changed.keys() == {
        str(project.root / "c.py")
    }


def test_it_needs_no_pytest() -> None:
    program = "import sys, pyconcepts_lint.testing; print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
