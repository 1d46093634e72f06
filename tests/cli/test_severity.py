"""How severe findings are: what a run fails for, what is shown first, and what is only counted."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyconcepts_lint.base.finding import SEVERITIES
from pyconcepts_lint.base.report import MOST_NOTES
from pyconcepts_lint.plugins.registry import rules

Run = Callable[..., SimpleNamespace]
NOTES = "".join(f"class C{number}(object):\n    pass\n\n\n" for number in range(MOST_NOTES + 1))
SHARED = """\
class Cart:
    items = []

    def add(self, item):
        self.items.append(item)

    def more(self, items):
        self.items.extend(items)
"""
# What their messages say raises, and the severity is another one all the same.
NOT_FATAL = {
    "PCL206",  # only where no other module has loaded it
}


def rows(done: SimpleNamespace) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(done.out)
    return found


def only(root: Path, text: str, settings: str = "") -> None:
    """Make the project one of one file."""
    for path in root.glob("*.py"):
        path.unlink()
    (root / "main.py").write_text(text)
    (root / "pyproject.toml").write_text(f"[tool.pyconcepts-lint]\n{settings}")


@pytest.mark.parametrize("code", sorted(rules()))
def test_what_raises_is_an_error(code: str) -> None:
    rule = rules()[code]
    assert rule.severity in SEVERITIES
    if rule.raises:
        assert rule.severity == "error" or code in NOT_FATAL


def test_notes_do_not_fail_a_run_and_the_rest_does(run: Run, root: Path) -> None:
    assert run().code == 1
    only(root, NOTES)
    done = run()
    assert done.code == 0
    assert len(done.out.splitlines()) == MOST_NOTES + 1
    assert all(line.endswith(" [note]") for line in done.out.splitlines())
    assert done.err == "Found 6 findings, all notes. 6 fixable with --fix.\n"
    assert run("--fail-on", "note").code == 1
    assert run("--output-format", "json").code == 0


def test_fail_on_is_a_setting_and_the_command_line_wins(run: Run, root: Path) -> None:
    only(root, NOTES, 'fail-on = "note"\n')
    assert run().code == 1
    assert run("--fail-on", "warning").code == 0
    only(root, SHARED, 'fail-on = "error"\n')
    assert run().code == 0
    assert run("--fail-on", "warning").code == 1


@pytest.mark.parametrize(
    ("selected", "code"),
    [("PCL903", 1), ("object-base", 1), ("PCL9", 0), ("PCL", 0), ("ALL", 0)],
)
def test_what_is_selected_by_its_code_is_asked_for(
    run: Run, root: Path, selected: str, code: int
) -> None:
    only(root, NOTES)
    assert run("--select", selected).code == code
    assert run("--extend-select", selected).code == code
    only(root, NOTES, f'extend-select = ["{selected}"]\n')
    assert run().code == code


def test_min_severity_leaves_out_the_rest_and_does_not_fix_it(run: Run, root: Path) -> None:
    only(root, NOTES + SHARED)
    found = rows(run("--output-format", "json", "--min-severity", "warning"))
    assert {row["code"] for row in found} == {"PCL104"}
    assert rows(run("--output-format", "json", "--min-severity", "error")) == []
    run("--fix", "--min-severity", "warning")
    assert (root / "main.py").read_text() == NOTES + SHARED
    only(root, NOTES + SHARED, 'min-severity = "warning"\n')
    assert {row["severity"] for row in rows(run("--output-format", "json"))} == {"warning"}


def test_a_baseline_keeps_the_notes_that_a_run_leaves_out(run: Run, root: Path) -> None:
    only(root, NOTES + SHARED)
    run("--update-baseline", "--baseline", "b.jsonl")
    done = run("--baseline", "b.jsonl", "--min-severity", "warning")
    assert (done.code, done.out) == (0, "")
    assert "match nothing" not in done.err


def test_the_settings_say_how_severe_a_rule_is(run: Run, root: Path) -> None:
    only(
        root,
        NOTES + SHARED,
        "[tool.pyconcepts-lint.severity]\nPCL1 = 'note'\nobject-base = 'error'\n",
    )
    found = rows(run("--output-format", "json"))
    assert {(row["code"], row["severity"]) for row in found} == {
        ("PCL104", "note"),
        ("PCL903", "error"),
    }
    only(root, SHARED, "[tool.pyconcepts-lint.severity]\nPCL1 = 'note'\nPCL104 = 'error'\n")
    assert {row["severity"] for row in rows(run("--output-format", "json"))} == {"error"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[tool.pyconcepts-lint.severity]\nPCL104 = 'fatal'\n", "one of error, warning, note"),
        ("[tool.pyconcepts-lint.severity]\nPCL1044 = 'note'\n", "no rule has the code PCL1044"),
        ("severity = 'note'\n", "a table of codes"),
        ("fail-on = 'never'\n", "one of error, warning, note"),
        ("min-severity = 3\n", "one of error, warning, note"),
    ],
)
def test_a_severity_that_there_is_not_is_an_error(
    run: Run, root: Path, settings: str, said: str
) -> None:
    only(root, SHARED, settings)
    done = run()
    assert done.code == 2
    assert said in done.err


def test_many_notes_of_a_rule_are_one_paragraph(run: Run, root: Path) -> None:
    only(root, NOTES)
    shown = run("--output-format", "full").out
    assert shown.startswith("PCL903 object-base [note]\n")
    assert "6 in 1 file, all with a safe fix." in " ".join(shown.split())
    assert "`--fix --select PCL903` mends them" in " ".join(shown.split())
    page = run("--output-format", "html").out
    assert "6 in 1 file, all with a safe fix." in page
    assert "<article" not in page
    for options in (["--show-notes"], ["--select", "PCL903"]):
        assert run("--output-format", "full", *options).out.count("main.py:") == 6
    only(root, NOTES.partition("\n\n\n")[2])
    assert run("--output-format", "full").out.count("main.py:") == MOST_NOTES


def test_files_with_errors_come_first(run: Run, root: Path) -> None:
    (root / "a_note.py").write_text("class C(object):\n    pass\n")
    shown = run("--output-format", "full").out
    heads = [line.partition(":")[0] for line in shown.splitlines() if ".py:" in line]
    assert heads == ["old.py", "counter.py", "a_note.py"]
    page = run("--output-format", "html").out
    places = [page.index(f'data-path="{name}"') for name in heads]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("forms.py", "# WARNING: Do not edit this file.\n" + NOTES),
        ("forms.py", '"""Generated by the parser generator."""\n' + NOTES),
        ("forms_pb2.py", "# Generated by the protocol buffer compiler.\n" + NOTES),
        ("app/_vendor/forms.py", NOTES),
        ("app/six.py", NOTES),
        ("typings/forms.py", NOTES),
        ("api_stubs/forms.py", NOTES),
        ("made/forms.py", NOTES),
    ],
)
def test_generated_and_vendored_files_get_no_notes(
    run: Run, root: Path, path: str, text: str
) -> None:
    only(root, "", 'generated = ["made"]\n')
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text + SHARED)
    found = rows(run("--output-format", "json", "--select", "PCL104,PCL903"))
    assert {row["code"] for row in found} == {"PCL104"}


def test_a_word_on_generated_code_further_down_says_nothing(run: Run, root: Path) -> None:
    only(root, NOTES + '"""What was generated by hand. Do not edit."""\n')
    assert len(rows(run("--output-format", "json"))) == MOST_NOTES + 1


def test_a_template_that_is_no_python_is_only_named(run: Run, root: Path) -> None:
    only(root, "")
    (root / "{{name}}.py").write_text("import {{name}}\n")
    done = run()
    assert (done.code, done.out) == (0, "")
    assert "{{name}}.py:1: a template: " in done.err


def test_one_finding_for_each_thing(run: Run, root: Path) -> None:
    only(root, SHARED)
    (found,) = rows(run("--output-format", "json"))
    assert (found["line"], found["code"]) == (5, "PCL104")
    related = found["related"]
    assert isinstance(related, list)
    assert (8, "and here") in [(place["line"], place["message"]) for place in related]


def test_each_place_of_a_thing_is_suppressed_by_itself(run: Run, root: Path) -> None:
    only(root, SHARED.replace("append(item)", "append(item)  # noqa: PCL104"))
    (found,) = rows(run("--output-format", "json"))
    assert found["line"] == 8
    only(root, SHARED.replace("append(item)", "append(item)  # noqa: PCL104"))
    run("--add-noqa")
    assert rows(run("--output-format", "json")) == []


def test_a_new_place_of_a_known_thing_is_new(run: Run, root: Path) -> None:
    only(root, SHARED.split("\n    def more")[0] + "\n")
    run("--update-baseline", "--baseline", "b.jsonl")
    (root / "main.py").write_text(SHARED)
    (found,) = rows(run("--output-format", "json", "--baseline", "b.jsonl"))
    assert found["line"] == 8


def test_a_changed_line_is_found_though_the_first_place_is_old(run: Run, root: Path) -> None:
    only(root, SHARED.split("\n    def more")[0] + "\n")
    git = ["git", "-c", "user.name=n", "-c", "user.email=e"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "old"]):
        subprocess.run([*git, *command], cwd=root, check=True, capture_output=True)
    (root / "main.py").write_text(SHARED)
    (found,) = rows(run("--output-format", "json", "--since", "HEAD"))
    assert found["line"] == 8


def test_the_fix_of_a_thing_mends_all_of_its_places(run: Run, root: Path) -> None:
    only(root, SHARED)
    run("--fix", "--unsafe-fixes")
    assert rows(run("--output-format", "json")) == []
    program = (root / "main.py").read_text() + "a, b = Cart(), Cart()\na.add(1)\nprint(b.items)\n"
    done = subprocess.run(["python3", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_summary_counts_by_severity(run: Run, root: Path) -> None:
    (root / "a_note.py").write_text("class C(object):\n    pass\n")
    assert run().err.startswith("Found 3 findings: 1 error, 1 warning, 1 note. ")
    assert run("old.py").err.startswith("Found 1 finding, an error. ")
    assert run("a_note.py").err.startswith("Found 1 finding, a note. ")


def test_the_cache_and_processes_keep_severities_and_places(run: Run, root: Path) -> None:
    only(root, SHARED + NOTES)
    cold = run("--output-format", "json", "-j2").out
    assert run("--output-format", "json").out == cold
    (root / "other.py").write_text("x = 1\n")
    assert run("--output-format", "json").out == cold
