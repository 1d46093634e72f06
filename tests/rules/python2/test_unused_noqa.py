"""PCL905: codes in `# noqa` comments that suppress nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.testing import lint_paths as run

CODE = "PCL905"
Project = Callable[..., Any]

ON = [code for code, rule in rules().items() if rule.on]
# `object` as a base is PCL903's, always safe to find.
USED = "class C(object): pass"


def unused(project: Project, line: str, *codes: str) -> list[str]:
    """The codes that are reported for a lone line."""
    found = project(line + "\n").lint(*(codes or ON))
    lines = (line + "\n").split("\n")
    return [lines[f.line - 1][f.column - 1 : f.end_column - 1] for f in found if f.code == CODE]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("x = 1  # noqa: PCL101", ["PCL101"]),
        ("x = 1  # noqa:PCL101", ["PCL101"]),
        ("x = 1  # NOQA:PCL101,E501", ["PCL101"]),
        ("x = 1  # noqa: E501 PCL101,  PCL103", ["PCL101", "PCL103"]),
        ("x = 1  # noqa: pcl101", ["pcl101"]),
        ("x = 1  # noqa: PCL199", ["PCL199"]),
        ("x = 1  # noqa: PCL1", []),  # PCL106 is off
        ("x = 1  # noqa: PCL106", []),  # off
        ("x = 1  # noqa", []),
        ("x = 1  # noqa : PCL101", []),  # flake8 takes this for a bare one
        ("x = 1  # noqa: E501,F401", []),
        ("x = 1  # noqa: XPCL101, PCLX101", []),
        ("x = 1  # noqa: PCL905", []),
        ("x = '# noqa: PCL101'", []),
        ("x = '''\n'''  # noqa: PCL101", ["PCL101"]),
        ("# flake8: noqa\nx = 1  # noqa: PCL101", []),
        (f"{USED}  # noqa: PCL903", []),
        (f"{USED}  # noqa: PCL90", []),
        (f"{USED}  # noqa: PCL903,PCL101", ["PCL101"]),
        (f"x = '''\n'''; {USED}  # noqa: PCL903", []),
        (f"{USED}\nx = 1  # noqa: PCL903", ["PCL903"]),
        ("print 'x'  # noqa: PCL902", []),
        ("print 'x'  # noqa: PCL902,PCL101", ["PCL101"]),
        ("def f(:  # noqa: PCL101", []),
        ("x = 1  # noqa: import-cycle", ["import-cycle"]),
        ("x = 1  # NoQA: dict-haskey", ["dict-haskey"]),
        ("x = 1  # noqa: dict-haskey below", []),
        ("x = 1  # noqa: PCL101 well-known", ["PCL101", "well-known"]),
        (f"{USED}  # noqa: object-base", []),
        ("# pyconcepts-lint: disable=PCL199, import-cycle", ["PCL199", "import-cycle"]),
        ("# pyconcepts-lint: disable=E501, import-cyc", ["import-cyc"]),
        (f"# pyconcepts-lint: disable=object-base\n{USED}", []),
        (f"{USED}  # pyconcepts-lint: disable=PCL903", []),
        ("# pyconcepts-lint: enable=PCL903", []),
        ("# pyconcepts-lint: enable", ["# pyconcepts-lint: enable"]),
    ],
)
def test_what_suppresses_nothing_is_reported(project: Project, line: str, codes: list[str]) -> None:
    assert unused(project, line) == codes


def test_a_rule_that_did_not_run_may_have_something_to_say(project: Project) -> None:
    line = "x = 1  # noqa: PCL101, PCL103, PCL199"
    assert unused(project, line, CODE) == ["PCL199"]
    assert unused(project, line, CODE, "PCL103") == ["PCL103", "PCL199"]
    assert unused(project, "x = 1  # noqa: PCL1", "PCL1", CODE) == ["PCL1"]
    small = project({"main.py": line}, per_file_ignores={})
    assert len(small.lint("PCL")) == 3


def test_what_is_ignored_in_a_file_has_not_run_there(project: Project) -> None:
    small = project("x = 1  # noqa: PCL101, PCL103\n")
    text = '[tool.pyconcepts-lint.per-file-ignores]\n"main.py" = ["PCL101"]\n'
    (small.root / "pyproject.toml").write_text(text)
    report = run([str(small.root)], overrides={"no_cache": True}, jobs=1)
    assert [finding.message for finding in report.findings] == [
        "`PCL103` suppresses nothing: class-attribute-augmented finds nothing here"
    ]


def test_it_says_which_rule_has_nothing_to_say(project: Project) -> None:
    small = project("x = 1  # noqa: PCL101, pcl903, PCL999\nx = 1  # noqa: PCL3\n")
    assert small.messages("PCL") == [
        "`PCL101` suppresses nothing: class-attribute-shadowed finds nothing here",
        "`pcl903` suppresses nothing: no rule has that code; did you mean PCL903?",
        "`PCL999` suppresses nothing: no rule has that code",
        "`PCL3` suppresses nothing: no rule with such a code finds anything here",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # noqa: PCL101\n", "x = 1\n"),
        ("x = 1  # noqa: PCL101\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        ("x = 1  # noqa: PCL101 \n", "x = 1\n"),
        ("x = 1  # noqa: PCL101", "x = 1"),
        ("# noqa: PCL101\nx = 1\n", "x = 1\n"),
        ("if x:\n    # noqa: PCL101\n    x = 1\n", "if x:\n    x = 1\n"),
        ("x = 1  # noqa: PCL101,E501\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: E501, PCL101\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: E501,PCL101 W1\n", "x = 1  # noqa: E501 W1\n"),
        ("x = 1  # noqa: PCL101, PCL102\n", "x = 1\n"),
        ("x = 1  # noqa: PCL101, PCL102, E501\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: PCL101, E501, PCL102\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: PCL101 because of this\n", "x = 1  # because of this\n"),
        ("x = 1  # noqa: PCL101 - why\n", "x = 1  # why\n"),
        ("x = 1  # noqa: PCL101  # type: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1  # type: ignore  # noqa: PCL101\n", "x = 1  # type: ignore\n"),
        ("x = 'ü'  # noqa: PCL101,E1\n", "x = 'ü'  # noqa: E1\n"),
        (f"{USED}  # noqa: PCL101,PCL903\n", f"{USED}  # noqa: PCL903\n"),
    ],
)
def test_the_fix_takes_out_what_is_unused_and_no_more(
    project: Project, before: str, after: str
) -> None:
    small = project({"main.py": before.encode()})
    small.report(*ON, fix=True)
    assert small.texts()["main.py"] == after


def test_findings_stay_as_they_are_without_what_is_unused(project: Project) -> None:
    source = (
        f"{USED}  # noqa: PCL903, PCL101\n"
        f"{USED}  # noqa: PCL101\n"
        "class D(C):\n"
        "    def f(self):  # noqa: PCL401\n"
        "        super(D, self).f()  # noqa: PCL904\n"
    )
    small = project(source)
    others = [code for code in ON if code != CODE]
    before = [(f.code, f.line) for f in small.lint(*others)]
    assert len(small.lint(CODE, *others)) == len(before) + 3
    small.fix(CODE, "PCL101", "PCL401")
    assert [(f.code, f.line) for f in small.lint(*others)] == before


def test_it_is_known_from_the_cache_and_forgotten_with_it(project: Project) -> None:
    small = project(f"{USED}  # noqa: PCL903\n")

    def codes() -> list[str]:
        return [finding.code for finding in run([str(small.root)], jobs=1).findings]

    assert codes() == codes() == []
    small.write({"main.py": "class C: pass  # noqa: PCL903\n"})
    assert codes() == codes() == [CODE]


def test_flake8_says_the_same_of_the_rules_that_it_selects(project: Project) -> None:
    small = project(f"x = 1  # noqa: PCL101,PCL999\n{USED}  # noqa: PCL903,PCL104\n")

    def said(*options: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "flake8", "--isolated", *options, "main.py"],
            cwd=small.root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return [line.split(" ")[2].strip("`") for line in done.stdout.splitlines()]

    assert said("--select=PCL") == ["PCL101", "PCL999", "PCL104"]
    assert said("--select=PCL905,PCL104") == ["PCL999", "PCL104"]


def test_a_word_that_is_no_name_is_said_though_it_suppresses_everything(project: Project) -> None:
    small = project(f"{USED}  # noqa: object-bas\n")
    assert small.messages("PCL") == [
        "`object-bas` is no rule's name, so this suppresses everything here as `# noqa` does; did "
        "you mean object-base?"
    ]


def test_names_and_blocks_suppress_what_they_name(project: Project) -> None:
    text = f"""\
{USED}  # noqa: object-base
{USED.replace("C", "D")}  # noqa: import-cycle
# pyconcepts-lint: disable=PCL903
{USED.replace("C", "E")}
# pyconcepts-lint: enable=object-base
{USED.replace("C", "F")}
"""
    assert project(text).places("PCL903") == [("main.py", 2, 9), ("main.py", 6, 9)]


def test_flake8_leaves_out_what_blocks_disable(project: Project) -> None:
    small = project(f"# pyconcepts-lint: disable=PCL903\n{USED}\n")
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=PCL", "main.py"]
    done = subprocess.run(command, cwd=small.root, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
