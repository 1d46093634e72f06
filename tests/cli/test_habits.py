"""What users of ruff and flake8 type without thinking means what they mean."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_project import COUNTER, OLD

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.plugins.registry import code_of

Run = Callable[..., SimpleNamespace]


def codes(done: SimpleNamespace) -> list[str]:
    return [line.split()[1] for line in done.out.splitlines()]


# The first word


def test_check_as_the_first_word_is_no_path(run: Run) -> None:
    assert codes(run("check", "old.py")) == ["PCL701"]
    assert codes(run("check")) == ["PCL103", "PCL701"]


def test_a_path_called_check_is_looked_at(run: Run, root: Path) -> None:
    (root / "check").mkdir()
    (root / "check" / "one.py").write_text("x = {}.iterkeys()\n")
    assert [line.split(":")[0] for line in run("check").out.splitlines()] == ["check/one.py"]


def test_rule_as_the_first_word_explains_one(run: Run) -> None:
    done = run("rule", "PCL103")
    assert done.out.startswith("# PCL103 class-attribute-augmented\n")
    assert done.code == 0


# @FILE


def test_a_file_can_list_paths_and_options(run: Run, root: Path) -> None:
    (root / "some files.txt").write_bytes(b"\xef\xbb\xbf--select\r\nPCL701\r\n\r\nold.py\r\n")
    assert codes(run("@some files.txt")) == ["PCL701"]
    (root / "list").write_text("old.py\ncounter.py\n")
    assert codes(run("check", "@list", "--select", "PCL1")) == ["PCL103"]


def test_a_list_may_come_through_a_pipe(run: Run, root: Path) -> None:
    os.mkfifo(root / "pipe")
    writer = threading.Thread(target=lambda: (root / "pipe").write_text("old.py\n"))
    writer.start()
    assert codes(run("@pipe")) == ["PCL701"]
    writer.join()


# Names of rules in the place of codes


def test_a_rule_may_go_by_its_name_in_the_settings(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text(
        "[tool.pyconcepts-lint]\nselect = ['dict-iteritems', 'PCL1']\n"
        "per-file-ignores = {'counter.py' = ['class-attribute-augmented']}\n"
    )
    assert codes(run()) == ["PCL701"]


def test_an_unknown_name_in_the_settings_is_an_error(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nignore = ['dict-iteritem']\n")
    done = run()
    assert done.code == 2
    assert "pyproject.toml: ignore: no rule is called dict-iteritem; did you mean" in done.err


@pytest.mark.parametrize("form", ["json", "jsonl", "full", "concise"])
def test_statistics_have_a_form(run: Run, form: str) -> None:
    done = run("--statistics", "--output-format", form)
    assert done.code == 1
    assert "PCL701" in done.out


# Fixes


def test_fix_only_fixes_and_reports_nothing(run: Run, root: Path) -> None:
    done = run("--fix-only")
    assert (done.code, done.out, done.err) == (0, "", "Fixed 1 finding in 1 file.\n")
    assert (root / "old.py").read_text() == OLD.replace("iteritems", "items")
    assert (root / "counter.py").read_text() == COUNTER
    assert run("--fix-only").err == ""


def test_fix_only_writes_standard_input(root: Path) -> None:
    command = [sys.executable, "-m", "pyconcepts_lint", "--fix-only", "-"]
    done = subprocess.run(command, input=OLD.encode(), capture_output=True, timeout=60)
    assert (done.returncode, done.stdout.decode()) == (0, OLD.replace("iteritems", "items"))


def test_show_fixes_counts_them_by_file(run: Run) -> None:
    expected = [
        "counter.py",
        "    1  PCL103 class-attribute-augmented",
        "old.py",
        "    1  PCL701 dict-iteritems",
    ]
    done = run("--diff", "--unsafe-fixes", "--show-fixes")
    assert done.err.splitlines() == [*expected, "Would fix 2 findings in 2 files."]
    done = run("--fix", "--unsafe-fixes", "--show-fixes")
    assert done.err.splitlines() == [*expected, "Fixed 2 findings; none left."]


def test_exit_non_zero_on_fix_fails_though_nothing_is_left(run: Run) -> None:
    arguments = ("--fix", "--exit-non-zero-on-fix", "old.py")
    assert run(*arguments).code == 1
    assert run(*arguments).code == 0


@pytest.mark.parametrize(
    ("arguments", "settings", "fixed"),
    [
        (("--fixable", "PCL1"), "", ["counter.py"]),
        (("--fixable", "dict-iteritems"), "", ["old.py"]),
        (("--unfixable", "PCL7"), "", ["counter.py"]),
        (("--fixable", ""), "", []),
        ((), "unfixable = ['class-attribute-augmented']", ["old.py"]),
        (("--fixable", "PCL103"), "unfixable = ['PCL103']", ["counter.py"]),
        (("--unfixable", "PCL7", "--fixable", "PCL701"), "", ["old.py"]),
    ],
)
def test_fixable_and_unfixable_choose_fixes(
    run: Run, root: Path, arguments: tuple[str, ...], settings: str, fixed: list[str]
) -> None:
    (root / "pyproject.toml").write_text(f"[tool.pyconcepts-lint]\n{settings}\n")
    assert len(codes(run(*arguments))) == 2
    before = {path: (root / path).read_text() for path in ("counter.py", "old.py")}
    run(*arguments, "--fix", "--unsafe-fixes")
    assert [path for path in before if (root / path).read_text() != before[path]] == fixed


def test_what_cannot_be_fixed_is_not_offered(run: Run) -> None:
    assert '"fix": null' in run("--unfixable", "PCL1", "--output-format", "json", "counter.py").out
    assert run("--unfixable", "PCL1", "counter.py").err == "Found 1 finding, a warning.\n"


# What a run would look at, and how


def test_show_files_lists_what_would_be_looked_at(run: Run, root: Path) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "x.py").write_text("def f(:\n")
    done = run("--show-files", "--extend-exclude", "old.py")
    assert (done.code, done.out, done.err) == (0, "counter.py\nsub/x.py\n", "")
    assert run("--show-files", "sub", "old.py").out == "old.py\nsub/x.py\n"
    done = run("--show-files", "sub", "nothing.py")
    assert (done.code, done.out) == (2, "sub/x.py\n")
    assert "nothing.py: there is no such file" in done.err


ODD_SETTINGS = """\
[tool.pyconcepts-lint]
select = ["PCL1", "dict-has-key"]
exclude = ["a'b", "\\u0007", "\\U0001F600"]
src = ["."]
jobs = 3

[tool.pyconcepts-lint.per-file-ignores]
"tests/*" = ["PCL1"]
"""


def test_show_settings_can_be_read_again(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text(ODD_SETTINGS)
    shown = run("--show-settings", "old.py", "--ignore", "PCL2")
    assert shown.code == 0
    before = Configuration({"ignore": ["PCL2"]}, code_of=code_of).for_path(str(root))
    assert f"# project: {root}\n# read from: {root / 'pyproject.toml'}\n" in shown.out
    (root / "pyproject.toml").write_text(shown.out)
    assert Configuration(code_of=code_of).for_path(str(root)) == before
    found = json.loads(run("--show-settings", "--output-format", "json").out)
    assert found["root"] == str(root)
    assert found["settings"]["select"] == ["PCL1", "PCL704"]
    assert found["settings"]["per-file-ignores"] == {"tests/*": ["PCL1"]}


# The environment


@pytest.mark.parametrize(
    ("name", "value", "option"),
    [
        ("OUTPUT_FORMAT", "json", ("--output-format", "json")),
        ("JOBS", "1", ("--jobs", "1")),
        ("NO_CACHE", "true", ("--no-cache",)),
        ("NO_CACHE", "0", ()),
        ("CACHE_DIR", "kept", ("--cache-dir", "kept")),
    ],
)
def test_the_environment_may_set_what_ci_sets(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, option: object
) -> None:
    monkeypatch.setenv(f"PYCONCEPTS_LINT_{name}", value)
    by_variable = run()
    caches = [path.name for path in root.iterdir() if (path / "CACHEDIR.TAG").exists()]
    for cache in caches:
        shutil.rmtree(root / cache)
    monkeypatch.delenv(f"PYCONCEPTS_LINT_{name}")
    assert by_variable == run(*option)
    assert [path.name for path in root.iterdir() if (path / "CACHEDIR.TAG").exists()] == caches


def test_an_option_wins_over_the_environment_and_that_over_the_file(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\noutput-format = 'jsonl'\n")
    monkeypatch.setenv("PYCONCEPTS_LINT_OUTPUT_FORMAT", "json")
    assert run().out.startswith("[\n")
    assert run("--output-format", "concise").out.startswith("counter.py:5:9")
    assert run("rule", "PCL103").out.startswith("# PCL103")
    monkeypatch.setenv("PYCONCEPTS_LINT_OUTPUT_FORMAT", "")
    assert run().out.startswith('{"code"')


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("OUTPUT_FORMAT", "yaml", "'yaml' is not one of full"), ("NO_CACHE", "maybe", "'maybe'")],
)
def test_a_wrong_variable_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"PYCONCEPTS_LINT_{name}", value)
    done = run()
    assert done.code == 2
    assert f"error: PYCONCEPTS_LINT_{name}: {words}" in done.err


UNRESOLVED = {
    "main.py": "from PyQt6.QtWidgets import QWidget\nimport pygame, sys\n\n"
    "class Window(QWidget):\n    pass\n\nclass Dialog(Window):\n    pass\n\n"
    "class Ball(pygame.sprite.Sprite):\n    pass\n\nclass Plain:\n    pass\n\n"
    "class Called(pygame.made(3)):\n    pass\n",
    "new.py": "x = t'{a}' if [*a for a in b] else 1\n",
}


def test_show_unresolved_lists_classes_by_the_name_that_was_not_found(run: Run, root: Path) -> None:
    for name, text in UNRESOLVED.items():
        (root / name).write_text(text)
    shown = run("--show-unresolved", "main.py", "new.py", "--isolated")
    assert shown.out.splitlines() == [
        "PyQt6.QtWidgets.QWidget: 2 classes",
        "  main.py:4:1 Window",
        "  main.py:7:1 Dialog",
        "pygame.made(): 1 class",
        "  main.py:16:1 Called",
        "pygame.sprite.Sprite: 1 class",
        "  main.py:10:1 Ball",
        "4 of 5 (80 %) classes have a base that wasn't found; what only such a base could undo "
        "isn't said of them.",
        "1 of 2 (50 %) files weren't read.",
    ]
    found = json.loads(run("--show-unresolved", "main.py", "--output-format", "json").out)
    assert found["unjudged-classes"] == 4
    assert found["unresolved"][0]["name"] == "PyQt6.QtWidgets.QWidget"
    place = {"class": "Window", "path": "main.py", "line": 4, "column": 1}
    assert found["unresolved"][0]["classes"][0] == place
