"""Runs loops over dictionaries, and compares what PCL705 says of them with what they end in."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.plugins.registry import rules, tables
from pyconcepts_lint.running.check_file import lint_file
from pyconcepts_lint.workspace.workspace import Workspaces

EXAMPLES = int(os.environ.get("PYCONCEPTS_ORACLE_EXAMPLES", "30"))
HEADERS = [
    "for k in d:",
    "for k in d.keys():",
    "for k, v in d.items():",
    "for n, k in enumerate(d):",
    "for k in (k for k in d if k >= 0):",
    "for k, n in zip(d, range(99)):",
    "for k in e:",
    "for k in view:",
    "for k in list(d):",
    "for k in sorted(d.keys()):",
]
SIMPLE = [
    *("del d[k]", "d.pop(k)", "d.pop(k, None)", "e.pop(k)", "d.popitem()", "d.clear()"),
    *("d[k] = 0", "d[k] += 1", "d[k + 10] = 0", "d.setdefault(k, 0)", "d.setdefault(k + 20)"),
    *("d.update({k: 1})", "d.update({k + 10: 1})", "d |= {k: 5}", "d |= {k + 30: 5}"),
    *("x = k", "k += 1", "pass", "break", "continue", "return", "raise KeyError"),
    *("[d.pop(y) for y in [k]]", "x = d.get(k)", "del d[x]"),
]
BLOCKS = ["if k % 2:", "if k > 2:", "for y in range(2):", "try:", "if k in d:"]


def indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def in_block(header: str, body: list[str]) -> list[str]:
    lines = [header, *indented(body)]
    if header == "try:":
        lines += ["except KeyError:", "    pass"]
    return lines


def joined(parts: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(parts))


statements = st.recursive(
    st.sampled_from(SIMPLE).map(lambda text: [text]),
    lambda inner: st.builds(
        in_block,
        st.sampled_from(BLOCKS),
        st.lists(inner, min_size=1, max_size=2).map(joined),
    ),
    max_leaves=3,
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    body: list[str] = joined(draw(st.lists(statements, min_size=1, max_size=3)))
    lines = [
        "d = dict.fromkeys(range(6), 1)",
        "e = d",
        "x = 0",
        "view = d.keys()",
        draw(st.sampled_from(HEADERS)),
        *indented(body),
    ]
    return "\n".join(["def f():", *indented(lines), "f()", ""])


def run(program: str) -> tuple[str, set[int]]:
    """The error that a program ends in, and the lines that it has run."""
    lines: set[int] = set()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename == "generated.py":
            lines.add(frame.f_lineno)
            return trace
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(compile(program, "generated.py", "exec"), {})
    except (RuntimeError, KeyError) as error:
        return type(error).__name__, lines
    finally:
        sys.settrace(before)
    return "", lines


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


def lint(place: Path, program: str) -> list[Finding]:
    path = str(place / "generated.py")
    workspace = Workspaces(
        Configuration({"no_cache": True}), {path: program.encode()}, tables=tables()
    ).of(path)
    result = lint_file(workspace, path, [rules()["PCL705"]])
    assert not result.errors, program
    return result.findings


@given(program=programs())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_what_is_said_of_a_loop_is_what_it_ends_in(place: Path, program: str) -> None:
    error, lines = run(program)
    findings = lint(place, program)
    for finding in findings:
        is_sure = finding.message.endswith("at the next step")
        if is_sure and finding.line in lines:
            assert error, textwrap.indent(program, "> ") + finding.message
    if error == "RuntimeError" and not any(
        way in program for way in ("break", "return", "raise", "e.pop")
    ):
        assert findings, textwrap.indent(program, "> ")
