"""Nothing that a project holds is taken for a command: by a terminal, or by a CI service."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import pyconcepts_lint
from pyconcepts_lint import reporters
from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.base.neutral import escaped, json_text, neutral
from pyconcepts_lint.reporters import FORMATS, Style, diff

HOSTILE = (
    "sub\n::error file=x::pwned\x1b]0;t\x07\r::stop-commands::x\x9b31m\u202e"
    "##[error]a##vso[task.setvariable]b###teamcity[x]\u2028::warning::\udce9"
)
NAME = HOSTILE.replace("\udce9", "")
STARTING = "::error file=x::pwned"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]")
SERVICE = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="such names are none there")


def is_harmless(text: str) -> bool:
    return not CONTROL.search(text) and not SERVICE.search(text)


def test_the_test_itself_knows_harm() -> None:
    assert not is_harmless(HOSTILE)
    for text in (*HOSTILE.split("\n")[1:], STARTING, "  ::debug::", "x ##vso[a]", "a\x1bb", "\rb"):
        assert not is_harmless(text), text


@pytest.mark.parametrize("text", [HOSTILE, STARTING, f"  {STARTING}", "##[error]x", "####[x]"])
def test_neutral_text_is_one_harmless_line(text: str) -> None:
    assert is_harmless(neutral(text))
    assert "\n" not in neutral(text)
    assert is_harmless(f"x {escaped(text)}")
    assert json.loads(json_text(json.dumps(text))) == text
    assert is_harmless(json_text(json.dumps(text)))


@pytest.mark.parametrize("text", ["", "plain: `a::b`, # c ## d", "größe 日本 \xa0", "::1"[1:]])
def test_what_harms_nothing_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def findings(path: str, text: str) -> list[Finding]:
    edits = (Edit(path, 1, 1, 1, 1, text), Edit(path + "2", 1, 1, 1, 1, text))
    fix = Fix("safe", text, edits, (Fix("unsafe", text, edits),))
    places = [(1, 1, 1, 9), (1, 1, 2, 3), (2, 1, 2, 1)]
    return [Finding("PCL000", "some-rule", text, path, *place, fix) for place in places]


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("hostile", [HOSTILE, STARTING])
def test_no_format_lets_a_command_through(name: str, hostile: str, color: bool) -> None:
    found = findings(f"/home/{hostile}", hostile) + findings(f"/{hostile}", hostile)
    source = f"{hostile}\n{hostile}\n".encode("utf-8", "replace")
    style = Style(100, color, "/home", {each.path: source for each in found}, [hostile], [hostile])
    out = io.StringIO()
    reporters.writer(name)(found, out, style)
    text = out.getvalue()
    if color and name in ("full", "concise", "grouped"):
        text = re.sub(r"\x1b\[[\d;]*m", "", text)
    if name == "github":
        text, count = re.subn("^::warning file=", "", text, flags=re.MULTILINE)
        assert count == text.count("\n") == len(found)
    if name == "azure":
        text, count = re.subn(r"^##vso\[task\.logissue [^\]\n]*\]", "", text, flags=re.MULTILINE)
        assert count == text.count("\n") == len(found)
    assert is_harmless(text), SERVICE.search(text) or CONTROL.search(text)
    if name == "json":
        assert {row["message"] for row in json.loads(text)} == {hostile}
    if name == "rdjson":
        assert {row["message"] for row in json.loads(text)["diagnostics"]} == {hostile}
    if name == "junit":
        ElementTree.fromstring(text)


@pytest.mark.parametrize("name", FORMATS)
def test_statistics_hold_no_commands(name: str) -> None:
    from pyconcepts_lint.reporters import statistics

    out = io.StringIO()
    statistics.write(findings(f"/{HOSTILE}", HOSTILE), out, Style(100), name)
    assert is_harmless(out.getvalue())


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_diff_on_a_terminal_without_colours_moves_no_cursor() -> None:
    buffer = io.BytesIO()
    out = Terminal(buffer, "utf-8", newline="\n")
    changed: dict[str, tuple[bytes | None, bytes]] = {
        f"/{NAME}.py": (b"a\x1b[31m\n", b"b\x1b]0;t\x07\n")
    }
    diff.write(changed, out, Style(directory="/"))
    out.flush()
    assert is_harmless(buffer.getvalue().decode())
    assert "-a\\x1b[31m\n+b" in buffer.getvalue().decode()


ODD_NAMES = [
    "a\nb.py",
    "x\n+++ b_evil.py\n@@ -1 +1 @@\n-a\n+evil\n.py",
    'quo"te.py',
    "back\\slash.py",
    "tab\there.py",
    "bell\x07\x1b[31m\x01\x7f.py",
    "blank and\nline.py",
    "größe.py",
    "-dash.py",
]


@pytest.mark.parametrize("command", [["git", "apply", "-p0"], ["patch", "-p0", "--binary"]])
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_patch_changes_the_files_that_it_is_of(
    command: list[str], name: str, tmp_path: Path
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]}")
    files = {name: b"a\nb\n", "b_evil.py": b"a\n", "b/evil.py": b"a\n"}
    (tmp_path / "b").mkdir()
    for each, data in files.items():
        (tmp_path / each).write_bytes(data)
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, "utf-8", newline="\n")
    diff.write({str(tmp_path / name): (b"a\nb\n", b"a\nc\n")}, out, Style(directory=str(tmp_path)))
    out.flush()
    done = subprocess.run(
        command, input=buffer.getvalue(), cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, (buffer.getvalue(), done.stderr, done.stdout)
    files[name] = b"a\nc\n"
    assert {each: (tmp_path / each).read_bytes() for each in files} == files


def test_names_are_quoted_as_git_quotes_them(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    for name in ODD_NAMES:
        (tmp_path / name).write_bytes(b"a\n")
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files", "--others"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    quoted = {diff._quoted(os.fsencode(name)) for name in ODD_NAMES}
    assert set(listed.stdout.splitlines()) == quoted


# Standard error


def lint(root: Path, *arguments: str, module: str = "pyconcepts_lint") -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": "", "NO_COLOR": "1"},
    )
    return (done.stdout + done.stderr).decode("utf-8", "surrogateescape")


def _bad_settings(root: Path) -> list[str]:
    (root / NAME).mkdir()
    (root / NAME / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nselect = 1\n")
    (root / NAME / "a.py").write_text("x = 1\n")
    return ["."]


def _odd_value(key: str) -> Callable[[Path], list[str]]:
    def make(root: Path) -> list[str]:
        value = json.dumps(NAME)
        text = f"[tool.pyconcepts-lint]\n{key.replace('VALUE', value)}\n"
        (root / "pyproject.toml").write_text(text)
        return ["."]

    return make


def _broken_toml(root: Path) -> list[str]:
    (root / "pyproject.toml").write_text(f"[tool.pyconcepts-lint]\n{NAME} = = 1\n")
    return ["."]


def _deep(root: Path) -> list[str]:
    (root / f"{NAME}.py").write_text(f"x = {'(' * 150}1{')' * 150}\nfor a in {{}}.iteritems(): 0\n")
    return ["."]


def _no_noqa(root: Path) -> list[str]:
    (root / f"{NAME}.py").write_text('#!x\x1b\nx = """\n\\\n""" + {}.iteritems(\\\n)\nprint "a"\n')
    return ["--add-noqa", "--select", "ALL", "."]


def _given(*arguments: str) -> Callable[[Path], list[str]]:
    return lambda root: list(arguments)


def _baseline(root: Path) -> list[str]:
    (root / f"{NAME}.baseline").write_text(f"{NAME}\n")
    return ["--baseline", f"{NAME}.baseline", "."]


def _stale_baseline(root: Path) -> list[str]:
    (root / f"{NAME}.py").write_text("for a in {}.iteritems(): 0\n")
    assert is_harmless(lint(root, "--update-baseline", "--baseline", f"{NAME}.base", "."))
    (root / f"{NAME}.py").write_text("")
    return ["--baseline", f"{NAME}.base", "."]


def _read_only(root: Path) -> list[str]:
    (root / f"{NAME}.py").symlink_to("/proc/version")
    return ["--select=ALL", f"{NAME}.py"]


def _odd_source(root: Path) -> list[str]:
    (root / f"{NAME}.py").write_bytes(
        b"#coding: \x1b]0;\n'\\\x1b' '\\z'\nx = {}.iteritems(); y = {}['##vso[x]'].iteritems()\n"
    )
    (root / "unknown.py").write_bytes(b"# coding: nix\n")
    return ["--select=ALL", "."]


WAYS = [
    _bad_settings,
    _odd_value("select = [VALUE]"),
    _odd_value("VALUE = 1"),
    _odd_value("jobs = VALUE"),
    _odd_value("baseline = VALUE"),
    _odd_value("rules.VALUE.x = 1"),
    _odd_value("rules.PCL104.VALUE = 1"),
    _odd_value("per-file-ignores = {VALUE = 1}"),
    _odd_value("output-format = VALUE"),
    _odd_value("exclude = [1, VALUE]"),
    _broken_toml,
    _deep,
    _no_noqa,
    _baseline,
    _stale_baseline,
    _read_only,
    _odd_source,
    _given(f"--{NAME}"),
    _given("--select", NAME),
    _given("--jobs", NAME),
    _given("--explain", NAME),
    _given("--output-format", NAME),
    _given("--output-file", f"{NAME}/x", "."),
    _given("--config", NAME, "."),
    _given("--since", NAME, "."),
    _given("--cache-dir", f"{NAME}/x", "."),
    _given(NAME),
    _given(STARTING),
]


@pytest.mark.parametrize("way", WAYS)
def test_no_message_lets_a_command_through(
    tmp_path: Path, way: Callable[[Path], list[str]]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "old.py").write_text("for a in {}.iteritems(): 0\n")
    arguments = way(tmp_path)
    said = lint(tmp_path, *arguments)
    assert said
    assert is_harmless(said), said


@pytest.mark.parametrize("way", [_bad_settings, _odd_value("select = [VALUE]"), _odd_source])
def test_flake8_is_given_no_command(tmp_path: Path, way: Callable[[Path], list[str]]) -> None:
    way(tmp_path)
    (tmp_path / "old.py").write_text("x = {}['\x1b##vso[x]'].iteritems()\n")
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")]
    for name in names:
        said = lint(tmp_path, "--isolated", "--select=PCL", name, module="flake8")
        # flake8 writes the names of files itself.
        assert is_harmless(said.replace(name, "").replace(os.path.dirname(name), "")), said


def test_only_one_place_writes_to_standard_error() -> None:
    top = Path(pyconcepts_lint.__file__).parent
    writing = []
    for path in top.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_print = isinstance(node, ast.Call) and any(
                word.arg == "file" and "stderr" in ast.unparse(word.value) for word in node.keywords
            )
            if is_print or (
                isinstance(node, ast.Attribute)
                and node.attr == "write"
                and "stderr" in ast.unparse(node.value)
            ):
                writing.append(path.relative_to(top).as_posix())
    assert set(writing) == {"base/neutral.py"}
