"""The Python API does what the command line does, and says nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pyconcepts_lint
from pyconcepts_lint import Error, SettingsError, fix, fix_source, lint, lint_source

OLD = "def names(d):\n    return list(d.iteritems())\n"
NEW = "def names(d):\n    return list(d.items())\n"
DERIVED = """\
from base import Base


class Derived(Base):
    def grow(self):
        self.size += 1
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "base.py").write_text("class Base:\n    size = 0\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(report: pyconcepts_lint.Report) -> list[str]:
    assert report.errors == []
    return [finding.code for finding in report.findings]


# The module itself


def test_importing_it_and_the_rule_class_imports_neither_libcst_nor_the_engine() -> None:
    program = (
        "import sys, pyconcepts_lint\n"
        "print([name for name in sys.modules if name.startswith('pyconcepts_lint.')])\n"
        "from pyconcepts_lint import Edit, Error, Finding, Fix, Rule\n"
        "print('libcst' in sys.modules, 'pyconcepts_lint.running.run' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == (
        "['pyconcepts_lint.base', 'pyconcepts_lint.base.errors']\nFalse False\n"
    ), done.stderr


def test_all_names_are_there_and_are_listed() -> None:
    for name in pyconcepts_lint.__all__:
        assert getattr(pyconcepts_lint, name) is getattr(pyconcepts_lint, name)
    assert set(pyconcepts_lint.__all__) <= set(dir(pyconcepts_lint))
    with pytest.raises(AttributeError, match="module 'pyconcepts_lint' has no attribute 'lnit'"):
        pyconcepts_lint.lnit  # type: ignore[attr-defined]  # noqa: B018


def test_a_program_that_uses_it_passes_mypy_strict(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    good = """
        from collections.abc import Iterator
        from concurrent.futures import ThreadPoolExecutor
        from pathlib import Path

        import pyconcepts_lint
        from pyconcepts_lint import Claim, Edit, Finding, Fix, FileContext, Report, Rule


        class Mine(Rule):
            code = "OWN101"
            name = "my-own"
            options = {"longest": 3}

            def claims(self, file: FileContext) -> Iterator[Claim]:
                longest: int = self.option("longest")
                fix = self.fix("safe", "Remove it", [file.insert(1, 1, "")])
                yield Claim(file.line_range(1), f"{longest}", fix)


        def texts(report: Report) -> list[str]:
            found: list[Finding] = report.findings
            fixes: list[Fix] = [finding.fix for finding in found if finding.fix is not None]
            edits: list[Edit] = [edit for fix in fixes for edit in fix.edits]
            return [edit.new_text for edit in edits]


        with ThreadPoolExecutor() as executor:
            texts(pyconcepts_lint.lint([Path("src"), "tests"], select=["PCL1"], executor=executor))
        texts(pyconcepts_lint.fix("src", unsafe=True, write=False, jobs=None))
        texts(pyconcepts_lint.lint_source("x = 1", rules={"OWN101": {"longest": 4}}))
        text: str = pyconcepts_lint.fix_source("x = 1", Path("x.py"), isolated=True)
        try:
            pyconcepts_lint.lint("src", config="other.toml")
        except pyconcepts_lint.SettingsError as error:
            where: str | None = error.path
    """
    bad = """
        import pyconcepts_lint

        pyconcepts_lint.lint("src", selct=["PCL1"])
        pyconcepts_lint.lint("src", select="PCL1")
        pyconcepts_lint.lnit("src")
    """
    (tmp_path / "good.py").write_text(textwrap.dedent(good))
    (tmp_path / "bad.py").write_text(textwrap.dedent(bad))
    # Laid out as it is installed, as whoever installs a wheel has it.
    library = tmp_path / "library"
    library.mkdir()
    source = Path(pyconcepts_lint.__file__).parent
    (library / "pyconcepts_lint").symlink_to(source, target_is_directory=True)
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = true\nmypy_path = {library}\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports", "silent", "good.py", "bad.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [line.split(": ")[0] for line in done.stdout.splitlines() if ": error: " in line]
    assert lines == ["bad.py:4", "bad.py:5", "bad.py:6"], done.stdout + done.stderr


# Files


@pytest.mark.parametrize(
    "paths", ["old.py", Path("old.py"), ["old.py"], (Path("old.py"),), iter(["old.py"]), "."]
)
def test_paths_are_one_path_or_some(root: Path, paths: Any) -> None:
    report = lint(paths)
    assert codes(report) == ["PCL701"]
    assert report.findings[0].path == str(root / "old.py")


def test_it_says_what_the_command_line_says(root: Path) -> None:
    import json

    (root / "derived.py").write_text(DERIVED)
    command = [sys.executable, "-m", "pyconcepts_lint", "--output-format", "json", "--jobs", "1"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    expected = [finding["code"] for finding in json.loads(done.stdout)]
    assert codes(lint(".")) == expected == ["PCL103", "PCL701"]


def test_nothing_is_printed(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lint(".")
    fix(".")
    lint_source("x = (", "new.py")
    fix_source(OLD)
    assert capfd.readouterr() == ("", "")


def test_fixes_are_made_and_reported(root: Path) -> None:
    report = fix(".", write=False)
    assert (root / "old.py").read_text() == OLD
    assert report.changed == {str(root / "old.py"): (OLD.encode(), NEW.encode())}
    assert [finding.code for finding in report.fixed] == ["PCL701"]
    assert fix(".").changed == report.changed
    assert (root / "old.py").read_text() == NEW


def test_unsafe_fixes_are_made_where_asked_for(root: Path) -> None:
    (root / "derived.py").write_text(DERIVED)
    assert [finding.code for finding in fix(".").fixed] == ["PCL701"]
    assert [finding.code for finding in fix(".", unsafe=True).fixed] == ["PCL103"]


def test_a_file_called_minus_is_a_file(root: Path) -> None:
    (root / "-").write_text(OLD)
    assert codes(lint("-")) == ["PCL701"]


def test_several_processes_find_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyconcepts_lint.running.scheduler.SMALL_WORK", 0)
    (root / "derived.py").write_text(DERIVED)
    assert lint(".", jobs=2).findings == lint(".").findings != []


def test_threads_wait_for_each_other(root: Path) -> None:
    (root / "derived.py").write_text(DERIVED)
    reports: list[pyconcepts_lint.Report] = []
    threads = [threading.Thread(target=lambda: reports.append(lint("."))) for _ in range(4)]
    limit = sys.getrecursionlimit()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [codes(report) for report in reports] == [["PCL103", "PCL701"]] * 4
    assert sys.getrecursionlimit() == limit


# Settings


def test_settings_of_the_project_count_and_keywords_win(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nignore = ["PCL701"]\n')
    assert codes(lint("old.py", no_cache=True)) == []
    assert codes(lint("old.py", isolated=True, no_cache=True)) == ["PCL701"]
    assert codes(lint("old.py", ignore=[], no_cache=True)) == ["PCL701"]
    (root / "other.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    assert codes(lint("old.py", config=Path("other.toml"))) == ["PCL701"]


def test_settings_are_read_anew(root: Path) -> None:
    assert codes(lint("old.py")) == ["PCL701"]
    (root / "pyproject.toml").write_text(
        '[tool.pyconcepts-lint]\nno-cache = true\nignore = ["PCL701"]\n'
    )
    assert codes(lint("old.py")) == []


def test_tables_are_mappings(root: Path) -> None:
    assert codes(lint(".", per_file_ignores={"old.py": ["PCL7"]})) == []


def test_every_key_of_the_file_is_a_keyword_or_for_the_command_line_only() -> None:
    from pyconcepts_lint.base.settings import _OPTIONS
    from pyconcepts_lint.frontends.api import Settings

    keys = {key.replace("-", "_") for key in _OPTIONS}
    for_the_command_line = {"fix", "unsafe_fixes", "output_format", "jobs", "baseline", "fail_on"}
    for_files = {"extend", "required_version"}
    assert keys - for_the_command_line - for_files == set(Settings.__annotations__)


@pytest.mark.parametrize("function", [lint, fix, lint_source, fix_source])
def test_a_keyword_that_is_no_setting_is_a_type_error(
    root: Path, function: Callable[..., object]
) -> None:
    message = rf"^{function.__name__}\(\) got an unexpected keyword argument 'selct'. Did you"
    with pytest.raises(TypeError, match=message):
        function("old.py", selct=["PCL1"])
    with pytest.raises(TypeError, match=r"'zzz'$"):
        function("old.py", zzz=1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"select": "PCL1"}, "^`select` must be a list of codes"),
        ({"select": ["PCL999"]}, "^`select`: no rule has the code PCL999; did you mean"),
        ({"per_file_ignores": {"*.py": ["XYZ"]}}, "^`per_file_ignores`: no rule has the code XYZ"),
        ({"src": [1]}, "^`src` must be a list of paths, not a list with the number 1 in it"),
        ({"config": "nowhere.toml"}, "there is no such file"),
    ],
)
def test_settings_that_can_not_be_used_are_errors(
    root: Path, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        lint(".", **given)
    assert isinstance(caught.value, Error)


def test_a_path_that_is_not_there_is_an_error_before_anything_is_done(root: Path) -> None:
    with pytest.raises(Error, match=r"^nowhere.py: there is no such file"):
        fix(["old.py", "nowhere.py"])
    assert (root / "old.py").read_text() == OLD
    with pytest.raises(ValueError, match="not 0"):
        lint(".", jobs=0)


# Texts


def test_a_text_of_a_file_belongs_to_its_project(root: Path) -> None:
    (finding,) = lint_source(DERIVED, "derived.py").findings
    assert finding.code == "PCL103"
    assert finding.path == str(root / "derived.py")
    assert not (root / "derived.py").exists()
    assert codes(lint_source(DERIVED)) == []
    (root / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nselect = ["PCL7"]\n')
    assert codes(lint_source(DERIVED, "derived.py")) == []
    assert codes(lint_source(DERIVED, "derived.py", isolated=True)) == ["PCL103"]


def test_a_text_of_a_file_that_is_there_counts_instead_of_it(root: Path) -> None:
    assert codes(lint_source(NEW, "old.py")) == []
    assert fix_source(OLD.replace("names", "ones"), root / "old.py") == NEW.replace("names", "ones")
    assert (root / "old.py").read_text() == OLD


def test_a_text_of_no_file_reads_no_settings_and_no_other_files(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nignore = ["PCL7"]\n')
    text = "from base import Base, Nothing\n" + OLD
    report = lint_source(text)
    assert codes(report) == ["PCL701"]
    (finding,) = report.findings
    assert finding.path == "<string>"
    assert finding.fix is not None
    assert [edit.path for edit in finding.fix.edits] == ["<string>"]
    assert lint_source(text, config="pyproject.toml").findings == []


@pytest.mark.parametrize(
    "before",
    [
        OLD,
        OLD.replace("\n", "\r\n"),
        "\ufeff" + OLD,
        "# coding: latin-1\n# é\n" + OLD,
        "# \U0001f600\n" + OLD,
        "print 'old'\n" + OLD,
    ],
)
def test_only_what_is_fixed_changes(before: str) -> None:
    after = fix_source(before)
    assert after == before.replace("iteritems", "items").replace("print 'old'", "print('old')")


def test_a_text_without_findings_is_returned_as_it_is() -> None:
    for text in ("", "x = 1", "\ufeff", "x = (\n", NEW):
        assert fix_source(text) == text


@pytest.mark.parametrize(
    "text", ["x = '\0'\n", "# coding: nothing\n", "# coding: ascii\nx = 'é'\n"]
)
def test_a_text_that_no_file_could_contain_is_an_error(text: str) -> None:
    for function in (lint_source, fix_source):
        with pytest.raises(Error, match=r"^<string>:\d+:\d+: "):
            function(text)


def test_a_fix_that_would_change_another_file_is_not_made(root: Path) -> None:
    (root / "pkg").mkdir()
    (root / "pkg" / "a.py").write_text("x = 1\n")
    text = "import pkg.a\n\nprint(pkg.a.x)\n"
    assert fix_source(text, "main.py", unsafe=True) == text
    assert not (root / "pkg" / "__init__.py").exists()


def test_a_rule_that_fails_is_an_error_of_the_report(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyconcepts_lint.plugins.registry import rules

    def fail(self: object, file: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(rules()["PCL103"], "claims", fail)
    (root / "derived.py").write_text(DERIVED + OLD)
    report = lint("derived.py")
    assert [finding.code for finding in report.findings] == ["PCL701"]
    assert len(report.errors) == 1
    assert "PCL103" in report.errors[0]
    with pytest.raises(Error, match="internal error in PCL103"):
        fix_source(DERIVED + OLD, "derived.py")
