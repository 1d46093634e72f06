"""No claim survives in code that never runs, or where its error is handled or expected."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from pyconcepts_lint.base import pages
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.rule_api.claim import DEAD
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.testing import Project

WRAPPED = {
    "type checking": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n",
    "python 2": "import sys\nif sys.version_info < (3,):\n",
    "platform": "import sys\nif sys.platform == 'os2':\n",
    "constant": "if False:\n",
    "unreachable": "while True:\n    break\n",
}
IN_SOURCE = {  # what can't be parsed has no branches, and comments stand in all of them
    "PCL901": "it speaks of text that no Python can parse",
    "PCL902": "Python parses branches that never run, too",
    "PCL905": "it speaks of comments",
}
OWN = [rule for rule in rules().values() if rule.__module__.startswith("pyconcepts_lint.rules.")]


def bad_examples(rule: type[Rule]) -> list[dict[str, str]]:
    return [program.files for program in pages.parse(rule.page()).programs("Bad")]


def reported_in(root: Path, files: dict[str, str], code: str) -> set[str]:
    """The files in which a rule reports something."""
    findings = Project(root, files).lint(code)
    return {path for path in files for finding in findings if finding.path.endswith(path)}


def test_each_kind_of_dead_code_is_tried() -> None:
    assert set(WRAPPED) == set(DEAD)


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.code)
def test_a_bad_example_that_never_runs_is_not_reported(rule: type[Rule], tmp_path: Path) -> None:
    for number, files in enumerate(bad_examples(rule)):
        reported = reported_in(tmp_path / f"{number}", files, rule.code)
        for kind, header in WRAPPED.items():
            wrapped = {
                path: header + textwrap.indent(text, "    ") if path in reported else text
                for path, text in files.items()
            }
            still = reported_in(tmp_path / f"{number} {kind}", wrapped, rule.code)
            allowed = kind in rule.dead_code or rule.code in IN_SOURCE
            assert not still or allowed, f"{rule.code} speaks of code that never runs ({kind})"


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.code)
def test_a_rule_that_speaks_of_dead_code_says_why(rule: type[Rule]) -> None:
    assert set(rule.dead_code) <= set(DEAD)
    assert all(reason.strip() for reason in rule.dead_code.values())


@pytest.mark.parametrize("rule", [rule for rule in OWN if rule.raises], ids=lambda rule: rule.code)
def test_an_error_that_is_handled_or_expected_is_not_claimed(
    rule: type[Rule], tmp_path: Path
) -> None:
    for number, files in enumerate(bad_examples(rule)):
        project = Project(tmp_path / f"{number}", files)
        findings = project.lint(rule.code)
        assert findings
        for way, (before, behind) in {
            "handled": ("try:", "except {}:\n    pass"),
            "handled by a base": ("try:", "except Exception:\n    pass"),
            "suppressed": ("with contextlib.suppress({}):", ""),
            "expected": ("with pytest.raises({}):", ""),
        }.items():
            finding = findings[0]
            path = next(path for path in files if finding.path.endswith(path))
            error = f"({', '.join(rule.raises)})"
            text, lines = around(
                files[path], finding.line, before.format(error), behind.format(error)
            )
            changed = Project(tmp_path / f"{number} {way}", {**files, path: text})
            left = [
                other.message
                for other in changed.lint(rule.code)
                if other.path.endswith(path) and other.line in lines
            ]
            assert not left, f"{rule.code} claims an error that is {way}"


def around(text: str, line: int, before: str, behind: str) -> tuple[str, range]:
    """The text with something around the innermost statement that starts on or holds a line, and
    the lines on which both stand then."""
    inner = None
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            if inner is None or first >= inner[0]:
                inner = (first, node.end_lineno or 0)
    assert inner is not None
    lines = text.splitlines(keepends=True)
    body = textwrap.dedent("".join(lines[inner[0] - 1 : inner[1]]))
    indent = lines[inner[0] - 1][: -len(lines[inner[0] - 1].lstrip())]
    new = f"{before}\n{textwrap.indent(body, '    ')}{behind}\n"
    changed = [*lines[: inner[0] - 1], textwrap.indent(new, indent), *lines[inner[1] :]]
    return "".join(changed), range(inner[0], inner[0] + new.count("\n"))
