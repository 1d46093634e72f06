"""What `flow` says of paths, compared with running all of them."""

from __future__ import annotations

import ast
import contextlib
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyconcepts_lint.analysis.flow import may_complete, reached, returns_in
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.workspace.workspace import Workspaces


def body_of(text: str) -> list[ast.stmt]:
    function = ast.parse("def f():\n" + textwrap.indent(text, "    ")).body[0]
    assert isinstance(function, ast.FunctionDef)
    return function.body


def completes(text: str, *, unknown: bool = False) -> bool:
    body = body_of(textwrap.dedent(text).strip() + "\n")
    return may_complete(body, unknown=unknown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pass", True),
        ("return", False),
        ("raise ValueError", False),
        ("assert False", False),
        ("assert 0, 'no'", False),
        ("assert x", True),
        ("if x: return 1", True),
        ("if x: return 1\nelse: return 2", False),
        ("if x: return 1\nelif y: return 2", True),
        ("if x: return 1\nelif not x: return 2", False),
        ("if x: return 1\nif not x: return 2", False),
        ("if x: return 1\nx = g()\nif not x: return 2", True),
        ("if x: g()\nif not x: return 2", True),
        ("if not x: return 1\nif y: return 2\nif x: return 3", False),
        ("if x is None: return 1\nelif y: pass\nelif x is not None: return 2", True),
        ("if x is None: return 1\nelif x is not None: return 2", False),
        ("if x < 1: return 1\nelif x >= 1: return 2", False),
        ("if x < 1: return 1\nelif x >= 2: return 2", True),
        ("if True: return 1", False),
        ("if 0: return 1", True),
        ("if TYPE_CHECKING: return 1", True),
        ("if not typing.TYPE_CHECKING: return 1", False),
        ("while True: pass", False),
        ("while 1:\n  if x: break", True),
        ("while True:\n  while True: break", False),
        ("while True:\n  try: return 1\n  finally: break", True),
        ("while x: return 1", True),
        ("while x: return 1\nelse: return 2", False),
        ("while x:\n  if y: break\nelse: return 2", True),
        ("while False: return 1", True),
        ("for x in y: return 1", True),
        ("for x in y: return 1\nelse: return 2", False),
        ("for x in itertools.count():\n  if g(x): return x", False),
        ("for x in itertools.count():\n  if g(x): break", True),
        ("for x in 1, 2: return x", False),
        ("for x in (): return x", True),
        ("for x in [*y]: return x", True),
        ("for x in 1, 2:\n  if x: return x", True),
        ("for x in 1, 2:\n  if x: break\n  return x", True),
        ("for x in 1, 2:\n  if x: continue\n  return x", True),
        ("try: return g()\nexcept KeyError: pass", True),
        ("try: return g()\nexcept KeyError: raise", False),
        ("try: return 1\nexcept KeyError: pass", False),
        ("try: return x\nexcept NameError: pass", False),
        ("try: g()\nexcept KeyError: return 1\nelse: return 2", False),
        ("try: g()\nexcept KeyError: pass\nelse: return 2", True),
        ("try: return g()\nfinally: g()", False),
        ("try: g()\nfinally: return 1", False),
        ("try: return g()\nexcept* KeyError: pass", True),
        ("with g(): return g()", False),
        ("with contextlib.suppress(KeyError): return g()", True),
        ("with suppress(KeyError): return 1", False),
        ("with pytest.raises(KeyError): raise KeyError", True),
        ("with g(): pass", True),
        ("match x:\n  case 1: return 1", False),
        ("match x:\n  case 1: pass", True),
        ("match x:\n  case 1: return 1\n  case _: return 2", False),
        ("match x:\n  case 1: return 1\n  case y if y: return 2\n  case y: pass", True),
        ("match x:\n  case 1 | _: return 1", False),
        ("sys.exit()", False),
        ("sys.exit()\nx = 1", False),
        ("fail()", False),
        ("fail()\nx = 1", True),
        ("x = fail()", True),
        ("'''text'''", True),
        ("def g(): return 1", True),
    ],
)
def test_what_surely_may_complete(text: str, expected: bool) -> None:
    assert completes(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "fail()",
        "if x: return 1\nfail()",
        "with g(): return g()",
        "match x:\n  case True: return 1\n  case False: return 2",
    ],
)
def test_what_cannot_be_known(text: str) -> None:
    assert not completes(text)
    assert completes(text, unknown=True)


def test_calls_are_resolved(project: Callable[..., Any]) -> None:
    p = project(
        {
            "main.py": """\
                import builtins, os
                from typing import NoReturn
                from helpers import give_up, go_on, wrapped, Thing
                from sys import exit as leave
                def refuse(): raise ValueError
                def maybe(x):
                    if x:
                        return
                    raise ValueError
                def declared() -> NoReturn: ...
                """,
            "helpers.py": """\
                import functools
                def give_up(text):
                    text = text.strip()
                    raise SystemExit(text)
                def go_on(): pass
                @functools.wraps(go_on)
                def wrapped(): pass
                class Thing: pass
                """,
        }
    )
    workspace = Workspaces(Configuration({"no_cache": True})).of(str(p.root / "main.py"))
    module = workspace.project.module(str(p.root / "main.py"))
    assert module is not None
    returns = returns_in(module, {"local"})

    def answer(text: str) -> Answer:
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        return returns(call)

    for text in ("give_up()", "leave()", "refuse()", "declared()", "os.abort()"):
        assert answer(text) is Answer.NO, text
    for text in ("go_on()", "maybe(1)", "Thing()", "print()", "os.getcwd()", "int('1')"):
        assert answer(text) is Answer.YES, text
    for text in ("wrapped()", "local()", "unknown()", "x.y()", "f()()", "Thing.method()"):
        assert answer(text) is Answer.UNKNOWN, text


# Every choice that a small program leaves open is made in turn, by running it.

MOST_CHOICES = 12  # of one run
MOST_RUNS = 1500
MOST_STEPS = 60  # of one run, which may have no end


class TooLong(BaseException):
    """A run that isn't followed to its end."""


class Runs:
    """All runs of a program: `choose` gives each possible answer in turn."""

    def __init__(self, text: str) -> None:
        self.made: list[tuple[int, int]] = []  # the choice and the number of options
        self.lines: set[int] = set()
        self.falls_off = False
        self.is_complete = True
        namespace: dict[str, Any] = {"test": self.test, "work": self.work, "at": self.at}
        namespace |= {"items": self.items, "Passing": self.passing, "suppress": self.suppress}
        exec(text, namespace)
        for _ in range(MOST_RUNS):
            self.chosen = self.steps = 0
            try:
                self.falls_off |= namespace["f"]() == "end"
            except KeyError:
                pass
            except TooLong:
                self.is_complete = False
            while self.made and self.made[-1][0] + 1 == self.made[-1][1]:
                self.made.pop()
            if not self.made:
                return
            choice, options = self.made.pop()
            self.made.append((choice + 1, options))
        self.is_complete = False

    def choose(self, options: int) -> int:
        if self.chosen == MOST_CHOICES:
            raise TooLong
        if self.chosen == len(self.made):
            self.made.append((0, options))
        self.chosen += 1
        return self.made[self.chosen - 1][0]

    def at(self, line: int) -> None:
        self.lines.add(line)
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooLong

    def test(self) -> bool:
        chosen = self.choose(3)
        if chosen == 2:
            raise KeyError
        return bool(chosen)

    def work(self) -> None:
        self.test()

    def items(self) -> range:
        return range(self.test())

    def passing(self) -> Any:
        self.test()
        return contextlib.nullcontext()

    def suppress(self, error: type[KeyError]) -> Any:
        self.test()
        return contextlib.suppress(error)


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def block(inner: st.SearchStrategy[str], *more: str) -> st.SearchStrategy[str]:
    simple = st.sampled_from(["return work()", "return", "raise KeyError", "x = work()", *more])
    return st.lists(simple | inner, min_size=1, max_size=3).map("\n".join)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = block(inner, "pass").map(indented)
    deeper = body.map(indented)
    leaving = st.sampled_from(["if test():\n    break", "continue", "break"]) | inner
    loop = block(leaving).map(indented)
    return st.one_of(
        st.builds("if test():\n{}".format, body),
        st.builds("if test():\n{}\nelse:\n{}".format, body, body),
        st.builds("if 0:\n{}\nelif test():\n{}".format, body, body),
        st.builds("while test():\n{}\nelse:\n{}".format, loop, body),
        st.builds("while True:\n{}".format, loop),
        st.builds("for x in items():\n{}".format, loop),
        st.builds("for x in 1, 2:\n{}\nelse:\n{}".format, loop, body),
        st.builds("try:\n{}\nexcept KeyError:\n{}".format, body, body),
        st.builds(
            "try:\n{}\nexcept KeyError:\n{}\nelse:\n{}\nfinally:\n{}".format,
            *(body, body, body, body),
        ),
        st.builds("try:\n{}\nfinally:\n{}".format, body, body),
        st.builds("with Passing():\n{}".format, body),
        st.builds("with suppress(KeyError):\n{}".format, body),
        st.builds("match test():\n    case 1:\n{}\n    case _:\n{}".format, deeper, deeper),
    )


PROGRAMS = block(compound(compound(st.just("x = work()"))))


class Noted(ast.NodeTransformer):
    """Puts a call before every statement that notes its line."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            old = getattr(node, field, None)
            if isinstance(old, list) and not isinstance(node, ast.Module):
                new = [
                    part
                    for statement in old
                    for part in (ast.parse(f"at({statement.lineno})").body[0], statement)
                ]
                setattr(node, field, new)
        return node


@settings(max_examples=120, deadline=None, derandomize=True)
@given(PROGRAMS)
def test_paths_are_those_that_python_takes(text: str) -> None:
    function = "def f():\n" + indented(text)
    runs = Runs(ast.unparse(Noted().visit(ast.parse(function))) + "\n    return 'end'\n")
    body = body_of(text)
    says = may_complete(body, unknown=False)
    lines = {statement.lineno for statement in reached(body, unknown=False)}
    assert says >= runs.falls_off
    assert lines >= runs.lines
    if runs.is_complete:
        assert (says, lines) == (runs.falls_off, runs.lines)
