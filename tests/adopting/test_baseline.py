"""A baseline leaves out what it holds, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyconcepts_lint.__main__ import main
from pyconcepts_lint.adopting.baseline import Baseline, Entry
from pyconcepts_lint.base.settings import SettingsError
from pyconcepts_lint.source.writing import FileChanged

COUNTER = """\
class Counter:
    count = 0

    def tick(self):
        self.count += 1
"""
OLD = "d = {}\nd.has_key(1)\n"
FILE = "baseline.jsonl"

Run = Callable[..., SimpleNamespace]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.pyconcepts-lint]\nbaseline = "{FILE}"\nfail-on = "note"\n'
    )
    (tmp_path / "counter.py").write_text(COUNTER)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "old.py").write_text(OLD)
    return tmp_path


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> SimpleNamespace:
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return call


def lines(root: Path) -> list[str]:
    return (root / FILE).read_text().splitlines()


def test_it_holds_what_there_was_when_it_was_made(run: Run, root: Path) -> None:
    done = run("--update-baseline")
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{FILE}: 2 findings (2 new, 0 gone).\n"
    head, *rows = map(json.loads, lines(root))
    assert head["baseline"] == 1
    assert [(row["path"], row["code"]) for row in rows] == [
        ("counter.py", "PCL103"),
        ("src/old.py", "PCL704"),
    ]
    assert rows[0]["message"].startswith("`self.count += 1` reads `Counter.count`")
    done = run()
    assert (done.code, done.out) == (0, "")
    assert done.err == "Nothing to report in 2 files. Left out: 2 in the baseline.\n"
    assert run("-q").err == ""


def test_what_is_new_is_reported(run: Run, root: Path) -> None:
    run("--update-baseline")
    text = "# moved\n" + COUNTER + "\n    def tock(self):\n        self.count += 2\n"
    (root / "counter.py").write_text(text)
    for _ in range(2):  # the second run is a warm one
        done = run()
        assert done.code == 1
        assert [line.split(" ")[0] for line in done.out.splitlines()] == ["counter.py:9:9:"]
        assert done.err.startswith(
            "Found 1 finding, a note. 1 fixable with --fix --unsafe-fixes. Left out"
        )
    assert run("--no-baseline").out.count("\n") == 3


def test_an_equal_finding_more_is_new(run: Run, root: Path) -> None:
    run("--update-baseline")
    (root / "src" / "old.py").write_text(OLD + "d.has_key(1)\n")
    assert run("--output-format", "concise").out.startswith("src/old.py:3:")
    run("--update-baseline")
    (root / "src" / "old.py").write_text("d = {}\n1 in d\nd.has_key(1)\n")
    assert "1 entry matches nothing any more" in run().err


def test_a_changed_line_is_reported_and_the_entry_is_over(run: Run, root: Path) -> None:
    run("--update-baseline")
    (root / "counter.py").write_text(COUNTER.replace("+= 1", "+= 2"))
    done = run()
    assert done.out.count("\n") == 1
    note = f"pyconcepts-lint: note: {FILE}: 1 entry matches nothing any more; --update-baseline"
    assert done.err.startswith(note)
    assert run("-q").err == ""
    assert run("--update-baseline").err == f"{FILE}: 2 findings (1 new, 1 gone).\n"


def test_a_fixed_finding_leaves_the_file_on_update(run: Run, root: Path) -> None:
    run("--update-baseline")
    before = lines(root)
    (root / "counter.py").write_text("")
    (root / "src" / "old.py").unlink()
    (root / "src" / "new.py").write_text(OLD)
    assert "2 entries match nothing any more" in run().err
    assert run("--update-baseline").err == f"{FILE}: 1 finding (1 new, 2 gone).\n"
    assert lines(root)[0] == before[0]
    assert len(lines(root)) == 2


def test_what_was_not_looked_at_stays(run: Run, root: Path) -> None:
    run("--update-baseline")
    before = (root / FILE).read_bytes()
    (root / "src" / "old.py").write_text("")
    assert "match" not in run("counter.py").err
    run("counter.py", "--update-baseline")
    assert (root / FILE).read_bytes() == before
    (root / "src" / "old.py").unlink()
    run("counter.py", "--update-baseline")
    assert (root / FILE).read_bytes() == before
    assert "1 entry" in run("src").err


def test_rules_that_only_the_command_line_turns_off_keep_their_entries(
    run: Run, root: Path
) -> None:
    run("--update-baseline")
    before = (root / FILE).read_bytes()
    for options in (["--select", "PCL1"], ["--ignore", "PCL7"], ["--per-file-ignores", "*:PCL7"]):
        assert "match" not in run(*options).err
        assert run(*options, "--update-baseline").err == f"{FILE}: 2 findings (0 new, 0 gone).\n"
    assert (root / FILE).read_bytes() == before
    with (root / "pyproject.toml").open("a") as file:
        file.write('ignore = ["PCL7"]\n')
    assert "1 entry matches nothing" in run().err
    assert run("--update-baseline").err == f"{FILE}: 1 finding (0 new, 1 gone).\n"


def test_the_file_is_the_same_wherever_the_tool_is_run(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--update-baseline")
    data = (root / FILE).read_bytes()
    stamp = os.stat(root / FILE).st_mtime_ns
    monkeypatch.chdir(root / "src")
    assert run("..").code == 0
    assert run(".").code == 0
    assert run("..", "--update-baseline").err.endswith("2 findings (0 new, 0 gone).\n")
    assert run("--baseline", f"../{FILE}", "--isolated").code == 0
    assert (root / FILE).read_bytes() == data
    assert os.stat(root / FILE).st_mtime_ns == stamp


def test_windows_line_ends_and_order_do_not_matter(run: Run, root: Path) -> None:
    run("--update-baseline")
    head, *rest = lines(root)
    # As `merge=union` may leave it.
    (root / FILE).write_bytes("\r\n".join([head, *reversed(rest), *rest, head, ""]).encode())
    assert run().code == 0
    assert run("--update-baseline").err == f"{FILE}: 2 findings (0 new, 0 gone).\n"
    assert lines(root) == [head, *rest]


def test_messages_in_it_have_no_line_numbers(run: Run, root: Path) -> None:
    text = "class A:\n    def __new__(cls):\n        object.__new__(cls)\n\n\nA().x\n"
    (root / "a.py").write_text(text)
    run("--select", "PCL303", "--update-baseline")
    before = (root / FILE).read_bytes()
    (root / "a.py").write_text("\n\n" + text)
    run("--select", "PCL303", "--update-baseline")
    assert (root / FILE).read_bytes() == before
    assert b"PCL303" in before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("x\n", ":1: the baseline is damaged: not JSON"),
        ("[]\n", ":1: this is no baseline of pyconcepts-lint"),
        ('{"path": "a"}\n', ":1: this is no baseline of pyconcepts-lint"),
        ('{"baseline": 2}\n', ":1: the baseline is of version 2, which is not known here"),
        ('{"baseline": 1}\n\n7\n', ":3: the baseline is damaged: not an entry"),
        (
            '{"baseline": 1}\n{"path": "a"}\n',
            ":2: the baseline is damaged: an entry without its code",
        ),
        (
            '{"baseline": 1}\n<<<<<<< HEAD\n',
            ":2: the baseline is damaged: a merge conflict is left in it",
        ),
        ("[" * 100_000 + "\n", ":1: the baseline is damaged: not JSON"),
        ("\udcff\n", ":1: the baseline is damaged: not JSON"),
    ],
)
def test_a_damaged_file_is_an_error_with_its_line(
    run: Run, root: Path, text: str, said: str
) -> None:
    (root / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    for options in ([], ["--update-baseline"], ["--fix"]):
        done = run(*options)
        if said:
            assert done.code == 2
            assert done.err == f"pyconcepts-lint: error: {root / FILE}{said}\n"
        else:
            assert done.code in (0, 1)


def test_a_missing_file_is_an_error_and_an_update_makes_it(run: Run, root: Path) -> None:
    done = run()
    assert done.code == 2
    said = f"{root / FILE}: there is no such baseline; --update-baseline makes it"
    assert done.err == f"pyconcepts-lint: error: {said}\n"
    assert run("--no-baseline").code == 1
    assert run("--isolated").code == 1
    assert run("--update-baseline", "--baseline", "ci/b.jsonl").code == 2
    assert "No such file" in run("--update-baseline", "--baseline", "ci/b.jsonl").err
    assert run("--update-baseline", "--baseline", "b.jsonl").code == 0
    assert run("--baseline", "b.jsonl").code == 0


def test_an_update_needs_a_baseline_and_a_whole_run(run: Run, root: Path) -> None:
    assert "name one by --baseline FILE" in run("--isolated", "--update-baseline").err
    for options in (["--no-baseline"], ["--diff"], ["--since", "HEAD"], ["-"]):
        done = run("--update-baseline", *options)
        assert (done.code, "can't be combined" in done.err) == (2, True)
    done = run("--update-baseline", ".", "missing.py")
    assert done.code == 2
    assert "the baseline was not updated" in done.err
    assert not (root / FILE).exists()


def test_what_is_in_it_is_not_fixed(run: Run, root: Path) -> None:
    run("--update-baseline")
    (root / "src" / "old.py").write_text(OLD + "d.has_key(2)\n")
    changed = [line for line in run("--diff").out.splitlines() if line.startswith("-d")]
    assert changed == ["-d.has_key(2)"]
    assert run("--fix").code == 0
    assert (root / "src" / "old.py").read_text() == "d = {}\nd.has_key(1)\n2 in d\n"
    assert run("--fix").err.startswith("Nothing to report")
    assert run("--fix", "--no-baseline", "--unsafe-fixes").code == 0
    assert "has_key" not in (root / "src" / "old.py").read_text()
    done = run("--update-baseline")
    assert done.err == f"{FILE}: 0 findings (0 new, 2 gone).\n"


def test_what_writes_python3_is_not_offered_without_the_known_syntax(run: Run, root: Path) -> None:
    file = root / "src" / "old.py"
    file.write_text("print 'a'\n")
    run("--update-baseline")
    file.write_text("print 'a'\nclass A:\n    __metaclass__ = type\n")

    def fixes(*options: str) -> dict[str, bool]:
        found = json.loads(run("src", "--output-format", "json", *options).out)
        return {row["code"]: row["fix"] is not None for row in found}

    assert fixes("--no-baseline") == {"PCL902": True, "PCL301": True}
    assert fixes() == {"PCL301": False}
    before = file.read_bytes()
    run("src", "--fix", "--unsafe-fixes")
    assert file.read_bytes() == before


def test_an_update_can_fix_before(run: Run, root: Path) -> None:
    assert run("--fix", "--update-baseline").err == f"{FILE}: 1 finding (1 new, 0 gone).\n"
    assert "has_key" not in (root / "src" / "old.py").read_text()
    assert "PCL103" in lines(root)[1]


@pytest.mark.parametrize(
    "options", [["--statistics"], ["--output-format", "json"], ["--output-format", "full"]]
)
def test_no_report_tells_of_it(run: Run, options: list[str]) -> None:
    run("--update-baseline")
    done = run(*options)
    assert done.code == 0
    assert "PCL" not in done.out


def test_standard_input_is_looked_up_by_its_name(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--update-baseline")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def say(text: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "pyconcepts_lint", "--stdin-filename", "counter.py", "-q", "-"],
            input=text,
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        ).stdout

    assert say("\n" + COUNTER) == ""
    assert say(COUNTER.replace("1", "2")).startswith("counter.py:5:9: PCL103")


def test_each_project_has_its_own(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nfail-on = 'note'\n")
    (root / "src" / "pyproject.toml").write_text(
        f'[tool.pyconcepts-lint]\nbaseline = "{FILE}"\nfail-on = "note"\n'
    )
    assert run("src", "--update-baseline").err == f"src/{FILE}: 1 finding (1 new, 0 gone).\n"
    done = run(".")
    assert done.code == 1
    assert done.out.startswith("counter.py:")
    assert done.err.endswith("Left out: 1 in the baseline.\n")
    assert run(".", "--fix").code == 1
    assert "has_key" in (root / "src" / "old.py").read_text()
    assert run(".", "src", "--update-baseline").code == 1
    # That of the command line is for all, with paths from where it lies.
    run(".", "--baseline", "all.jsonl", "--update-baseline")
    assert run("src", "--baseline", "all.jsonl").code == 0
    assert run(".", "--baseline", "all.jsonl").code == 0


@pytest.mark.parametrize("is_there", [True, False])
def test_a_baseline_that_has_changed_meanwhile_is_left_as_it_is(
    tmp_path: Path, is_there: bool
) -> None:
    file = tmp_path / FILE
    entries = [Entry(f"{name}.py", "PCL101", "it is so", name) for name in ("a", "b", "c")]
    if is_there:
        Baseline(str(file), entries[:1]).write()
    baseline = Baseline(str(file), None if is_there else [])
    baseline.entries[entries[1].fingerprint] = entries[1]
    file.unlink(missing_ok=True)
    Baseline(str(file), entries[2:]).write()
    with pytest.raises(FileChanged):
        baseline.write()
    assert list(Baseline(str(file)).entries.values()) == entries[2:]


def test_nothing_is_imported_for_it_where_there_is_none(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nfail-on = 'note'\n")
    code = (
        "import sys; from pyconcepts_lint.__main__ import main; main(['-q', '.']);"
        "print([n for n in ('adopting', 'baseline', 'fingerprints', 'since', 'annotate')"
        " if 'pyconcepts_lint.' + n in sys.modules], 'subprocess' in sys.modules)"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1].startswith("[]")


def test_names_that_are_no_text_can_be_written(tmp_path: Path) -> None:
    from pyconcepts_lint.base.finding import Finding

    file = str(tmp_path / FILE)
    baseline = Baseline(file, [])
    odd = Finding("PCL101", "n", "größe \u2028", str(tmp_path / "\udcff.py"), 1, 1, 1, 2)
    (entry,) = baseline.entries_for([odd], lambda path: None)
    Baseline(file, [entry]).write()
    assert list(Baseline(file).entries.values()) == [entry]
    with pytest.raises(SettingsError, match="cannot read"):
        Baseline(str(tmp_path))
