"""The command line: options, exit codes, and what goes to which stream."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_project import COUNTER, OLD

from pyconcepts_lint import __version__, fix_source
from pyconcepts_lint.__main__ import main
from pyconcepts_lint.frontends.cli import parser

Run = Callable[..., SimpleNamespace]


def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "pyconcepts_lint", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def test_findings_go_to_standard_output_and_the_summary_to_standard_error(run: Run) -> None:
    done = run()
    assert done.code == 1
    first, second = done.out.splitlines()
    assert first.startswith("counter.py:5:9: PCL103 `self.count += 1` reads `Counter.count`")
    assert second.startswith("old.py:2:23: PCL701 ")
    assert done.err == (
        "Found 2 findings: 1 error, 1 warning. 1 fixable with --fix (1 more with --unsafe-fixes).\n"
    )


def test_nothing_to_report_is_exit_code_0(run: Run) -> None:
    done = run("--ignore", "PCL1,PCL7")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Nothing to report in 2 files.\n"


def test_exit_zero_is_for_findings_only(run: Run) -> None:
    assert run("--exit-zero").code == 0
    assert run("--exit-zero", "missing.py").code == 2


def test_quiet_leaves_the_findings(run: Run) -> None:
    done = run("-q")
    assert len(done.out.splitlines()) == 2
    assert done.err == ""


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (("--select", "PCL701"), ["PCL701"]),
        (("--select", "PCL1,PCL701"), ["PCL103", "PCL701"]),
        (("--select", "PCL1", "--select", "PCL7"), ["PCL103", "PCL701"]),
        (("--select", "dict-iteritems"), ["PCL701"]),
        (("--ignore", "dict-iteritems"), ["PCL103"]),
        (("--select", "PCL", "--extend-ignore", "class-attribute-augmented"), ["PCL701"]),
        (("--select", "", "--extend-select", "PCL7"), ["PCL701"]),
        (("--per-file-ignores", "*.py:dict-iteritems,PCL1"), []),
        (("--select", "PCL", "--ignore", "PCL10"), ["PCL701"]),
        (("--select", "PCL103", "--extend-select", "PCL7"), ["PCL103", "PCL701"]),
        (("--extend-ignore", "PCL103"), ["PCL701"]),
        (("--per-file-ignores", "old.py:PCL701"), ["PCL103"]),
        (("--per-file-ignores", "*.py:PCL1,PCL7"), []),
        (("--exclude", "old.py"), ["PCL103"]),
        (("--extend-exclude", "old.py,counter.py"), []),
        (("old.py", "--extend-exclude", "old.py"), ["PCL701"]),
        (("old.py", "--extend-exclude", "old.py", "--force-exclude"), []),
    ],
)
def test_options_choose_rules_and_files(
    run: Run, arguments: tuple[str, ...], codes: list[str]
) -> None:
    done = run(*arguments)
    assert [line.split()[1] for line in done.out.splitlines()] == codes
    assert done.code == (1 if codes else 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "PCL70l"), ["--select", "PCL70l", "did you mean PCL701"]),
        (("--ignore", "PCL777"), ["--ignore", "PCL777"]),
        (("--per-file-ignores", "a.py"), ["PATTERN:CODES"]),
        (("--jobs", "0"), ["positive"]),
        (("--output-format", "yaml"), ["--output-format", "yaml"]),
        (("--sellect", "PCL1"), ["--sellect", "did you mean --select"]),
        (("--extend_select=PCL1",), ["--extend_select", "did you mean --extend-select"]),
        (("--select", "PCL1xx"), ["PCL1xx", "did you mean PCL1?"]),
        (("--select", "PCL2034"), ["PCL2034", "did you mean PCL203?"]),
        (("--select", ""), ["--select: it names no code"]),
        (("--select", "dict-haskey"), ["dict-haskey", "did you mean dict-has-key"]),
        (("--statistics", "--output-format", "sarif"), ["--statistics has no sarif form"]),
        (("--statistics", "--output-format", "html", "--fix"), ["--statistics has no html form"]),
        (("@files.txt",), ["@files.txt", "No such file"]),
        (("--config", "nothing.toml"), ["nothing.toml"]),
        (("--explain", "PCL7O1"), ["PCL7O1", "did you mean PCL701"]),
        (("-", "old.py"), ["-"]),
        (("--stdin-filename", "x.py", "old.py"), ["--stdin-filename"]),
        (("--output-file", "no/such/directory/x"), ["no/such/directory/x"]),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what(
    run: Run, arguments: tuple[str, ...], words: list[str]
) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("selct = ['PCL1']", ["pyproject.toml", "selct", "select"]),
        ("select = 'PCL1'", ["pyproject.toml", "select"]),
        ("select = ['PCL104x']", ["pyproject.toml", "select", "PCL104x"]),
        ("ignore = ['PCL709']", ["pyproject.toml", "ignore", "PCL709", "did you mean PCL70"]),
        ("select = [", ["pyproject.toml"]),
    ],
)
def test_wrong_settings_are_exit_code_2_and_name_file_and_key(
    run: Run, root: Path, text: str, words: list[str]
) -> None:
    (root / "pyproject.toml").write_text(f"[tool.pyconcepts-lint]\n{text}\n")
    done = run()
    assert (done.code, done.out) == (2, "")
    assert all(word in done.err for word in words), done.err
    assert run("--isolated").code == 1


def test_a_path_that_does_not_exist_is_named_and_the_others_are_looked_at(run: Run) -> None:
    done = run("missing.py", "old.py")
    assert done.code == 2
    assert "missing.py: there is no such file or directory" in done.err
    assert "PCL701" in done.out


def test_fix_changes_files_and_says_what_is_left(run: Run, root: Path) -> None:
    done = run("--fix")
    assert done.code == 1
    assert (root / "old.py").read_text() == OLD.replace("iteritems", "items")
    assert (root / "counter.py").read_text() == COUNTER
    assert done.err == "Fixed 1 finding; 1 left, a warning. 1 fixable with --fix --unsafe-fixes.\n"
    assert run("--fix", "--unsafe-fixes").code == 0
    assert (root / "counter.py").read_text() == fix_source(COUNTER, unsafe=True, isolated=True)


def test_fix_keeps_the_mode_and_a_symbolic_link(run: Run, root: Path) -> None:
    (root / "old.py").chmod(0o751)
    (root / "link").mkdir()
    (root / "old.py").rename(root / "link" / "real.py")
    (root / "old.py").symlink_to("link/real.py")
    run("--fix", "old.py")
    assert (root / "old.py").is_symlink()
    assert "d.items()" in (root / "link" / "real.py").read_text()
    assert stat.S_IMODE((root / "link" / "real.py").stat().st_mode) == 0o751


def test_diff_shows_and_changes_nothing(run: Run, root: Path) -> None:
    done = run("--diff")
    assert done.code == 1
    assert done.out.splitlines() == [
        "--- old.py",
        "+++ old.py",
        "@@ -1,3 +1,3 @@",
        " def show(d):",
        "-    for key, value in d.iteritems():",
        "+    for key, value in d.items():",
        "         print(key, value)",
    ]
    assert (root / "old.py").read_text() == OLD
    fixed = fix_source(COUNTER, unsafe=True, isolated=True)
    new = [line for line in fixed.splitlines() if line not in COUNTER.splitlines()]
    assert new
    assert all(f"\n+{line}\n" in run("--diff", "--unsafe-fixes").out for line in new)
    assert run("--diff", "--select", "PCL1").code == 0


def test_standard_input_is_linted_as_the_file_it_stands_for(root: Path) -> None:
    done = command("-", "--stdin-filename", "old.py", input=OLD)
    assert done.returncode == 1
    assert done.stdout.startswith("old.py:2:23: PCL701")
    done = command("--stdin-filename", "old.py", input="x = 1\n")
    assert (done.returncode, done.stdout) == (0, "")


def test_fixed_standard_input_goes_to_standard_output(root: Path) -> None:
    done = command("-", "--fix", "--stdin-filename", "old.py", input=OLD + COUNTER)
    assert done.returncode == 1
    assert done.stdout == OLD.replace("iteritems", "items") + COUNTER
    assert "PCL103" in done.stderr
    assert (root / "old.py").read_text() == OLD
    done = command("-", "--fix", input="x = 1\n")
    assert (done.returncode, done.stdout) == (0, "x = 1\n")


def test_json_is_stable(run: Run) -> None:
    (counter, old) = json.loads(run("--output-format", "json").out)
    assert list(old) == [
        *("code", "name", "message", "path", "line", "column", "end_line", "end_column", "fix"),
        *("severity", "related"),
    ]
    assert (old["code"], old["path"], old["line"], old["column"]) == ("PCL701", "old.py", 2, 23)
    assert list(old["fix"]) == ["applicability", "message", "edits", "alternatives"]
    (edit,) = old["fix"]["edits"]
    assert list(edit) == [
        *("path", "start_line", "start_column", "end_line", "end_column", "new_text"),
    ]
    assert edit["path"] == "old.py"
    assert counter["fix"]["applicability"] == "unsafe"
    lines = run("--output-format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == [counter, old]
    assert run("--output-format", "json", "--select", "PCL2").out == "[]\n"


def test_output_file_takes_the_report(run: Run, root: Path) -> None:
    done = run("--output-file", "report.txt", "--output-format", "concise")
    assert done.out == ""
    assert len((root / "report.txt").read_text().splitlines()) == 2


def test_statistics_count_by_rule_and_by_concept(run: Run, root: Path) -> None:
    (root / "older.py").write_text(OLD)
    assert run("--statistics").out.splitlines() == [
        "2  PCL701  dict-iteritems             2 errors  fixes: 2 safe",
        "1  PCL103  class-attribute-augmented  1 warning  fixes: 1 unsafe",
        "",
        "2  7xx     dictionaries               2 errors  fixes: 2 safe",
        "1  1xx     class-attributes           1 warning  fixes: 1 unsafe",
        "",
        "3          in all                     2 errors, 1 warning  fixes: 2 safe, 1 unsafe",
    ]
    assert run("--statistics", "--ignore", "PCL").out == ""


def test_statistics_are_json_too(run: Run) -> None:
    none = {"errors": 0, "warnings": 0, "notes": 0}
    safe = {"count": 1, **none, "errors": 1, "safe_fixes": 1, "unsafe_fixes": 0}
    unsafe = {"count": 1, **none, "warnings": 1, "safe_fixes": 0, "unsafe_fixes": 1}
    found = json.loads(run("--statistics", "--output-format", "json").out)
    assert found == {
        "total": {**safe, "count": 2, "warnings": 1, "unsafe_fixes": 1},
        "concepts": [
            {"concept": "1xx", "name": "class-attributes", **unsafe},
            {"concept": "7xx", "name": "dictionaries", **safe},
        ],
        "rules": [
            {
                "code": "PCL103",
                "name": "class-attribute-augmented",
                "concept": "1xx",
                **unsafe,
            },
            {"code": "PCL701", "name": "dict-iteritems", "concept": "7xx", **safe},
        ],
    }
    lines = run("--statistics", "--output-format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == [
        *({"by": "rule", **row} for row in found["rules"]),
        *({"by": "concept", **row} for row in found["concepts"]),
        {"by": "total", **found["total"]},
    ]
    nothing = json.loads(run("--statistics", "--output-format", "json", "--ignore", "PCL").out)
    assert nothing == {
        "total": {"count": 0, **none, "safe_fixes": 0, "unsafe_fixes": 0},
        "concepts": [],
        "rules": [],
    }


def test_explain_and_list_rules(run: Run) -> None:
    done = run("--explain", "PCL103")
    assert done.code == 0
    assert done.out.startswith("# PCL103 class-attribute-augmented\n\n")
    assert "## Why" in done.out
    assert run("--explain", "class-attribute-augmented").out == done.out
    table = run("--list-rules").out
    assert [line.split()[0] for line in table.splitlines()] == sorted(
        line.split()[0] for line in table.splitlines()
    )
    assert "PCL103  on   warning  class-attribute-augmented" in table
    rows = json.loads(run("--list-rules", "--output-format", "json").out)
    assert {"code", "name", "on", "severity", "summary"} == set(rows[0])


def test_color_only_where_wanted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    escape = "\x1b["
    for name in ("full", "concise"):
        assert escape not in run("--output-format", name).out
        assert escape in run("--output-format", name, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert escape in run("--output-format", "full").out
    assert escape not in run("--output-format", "full", "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert escape not in run("--output-format", "full").out


def test_version_imports_nothing(root: Path) -> None:
    code = (
        "import sys; from pyconcepts_lint.__main__ import main; before = set(sys.modules)\n"
        "sys.exit(main(['--version']) or len(set(sys.modules) - before) > 1)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"pyconcepts-lint {__version__}\n")


def test_a_clean_small_file_imports_no_libcst_tree(root: Path) -> None:
    (root / "clean.py").write_text("print('hello')\n")
    code = (
        "import sys; from pyconcepts_lint.__main__ import main\n"
        "code = main(['-q', '--no-cache', 'clean.py'])\n"
        "print(code, [n for n in ('rich', 'fissix', 'multiprocessing') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"


def test_a_closed_pipe_is_no_traceback(root: Path) -> None:
    for number in range(40):
        (root / f"old{number}.py").write_text(OLD * 60)
    running = subprocess.Popen(
        [sys.executable, "-m", "pyconcepts_lint", "--select", "PCL701", "."],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    errors = running.stderr.read().decode()
    running.wait(60)
    assert "Traceback" not in errors
    assert "Error" not in errors


def test_odd_characters_never_fail_to_print(root: Path) -> None:
    (root / "größe 日本.py").write_text(
        "class Größe:\n    maß = 0\n    def a(self):\n        self.maß += 1  # 日本\n"
    )
    done = command(
        "--output-format",
        "full",
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        cwd=root,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "PCL103" in done.stdout


def test_the_help_names_every_option_and_fits_80_columns(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = parser().format_help()
    for option in (
        *("--fix", "--unsafe-fixes", "--diff", "--select", "--ignore", "--extend-select"),
        *("--extend-ignore", "--per-file-ignores", "--output-format", "--output-file"),
        *("--statistics", "--explain", "--list-rules", "--config", "--isolated"),
        *("--stdin-filename", "--exclude", "--extend-exclude", "--force-exclude", "--jobs"),
        *("--exit-zero", "--quiet", "--color", "--version", "--no-cache", "--cache-dir"),
    ):
        assert option in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_setting_is_an_option_or_said_to_be_for_the_file_only() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    options = {option for action in parser()._actions for option in action.option_strings}
    assert {key for key, row in rows if not row.startswith("*file only*")} == {
        key for key, _ in rows if f"--{key}" in options
    }


def test_config_names_another_settings_file(run: Run, root: Path) -> None:
    (root / "other.toml").write_text("[tool.pyconcepts-lint]\nselect = ['PCL7']\n")
    done = run("--config", "other.toml")
    assert [line.split()[1] for line in done.out.splitlines()] == ["PCL701"]


def test_settings_of_the_file_hold_and_the_command_line_wins(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text(
        "[tool.pyconcepts-lint]\nselect = ['PCL7']\noutput-format = 'json'\n"
    )
    assert [row["code"] for row in json.loads(run().out)] == ["PCL701"]
    assert run("--select", "PCL1", "--output-format", "concise").out.split()[1] == "PCL103"


def test_noqa_is_heeded(run: Run, root: Path) -> None:
    (root / "old.py").write_text(OLD.replace(":\n    print", ":  # noqa: PCL701\n    print"))
    (root / "old.py").write_text(OLD.replace("iteritems():", "iteritems():  # noqa: PCL701"))
    (root / "counter.py").write_text("# flake8: noqa\n" + COUNTER)
    assert run().code == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_number_of_processes_makes_no_difference(run: Run, root: Path, jobs: str) -> None:
    for number in range(8):
        (root / f"m{number}.py").write_text((COUNTER + OLD) * 20 + "# much\n" * 9000)
    out = run("--jobs", jobs, "--no-cache").out
    assert len(out.splitlines()) == 2 + 8 * (20 + 20)


def test_the_stream_need_not_be_a_text_wrapper(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["-q"]) == 1
    assert len(out.getvalue().splitlines()) == 2
