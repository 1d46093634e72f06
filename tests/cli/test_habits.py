"""What users of ruff and flake8 type without thinking means what they mean."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

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
