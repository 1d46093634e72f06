"""Random programs, and all runs of them: every choice that one leaves open is made in turn."""

from __future__ import annotations

import ast
import contextlib
import random
from collections.abc import Iterator
from typing import Any

from pyconcepts_lint.source.control_flow import Exit

MOST_RUNS = 30_000
MOST_CHOICES = 7  # of one run, by each turn of its loops
VARIABLES = ("a", "b", "e", "i", "m")

Names = frozenset[str]
Seen = set[tuple[int, Names]]


class TooLong(BaseException):
    """A run that isn't followed to its end."""


class Never(Exception):
    """Nothing raises it."""


RAISED = (KeyError, AssertionError)


class Runs:
    """All runs of a function `f`.

    `seen` are the lines that they come to, each with the variables that exist there, and `exits`
    how they end. `is_complete`: every run was followed to its end, but for loops that make more
    than some `turns`.
    """

    def __init__(self, text: str, turns: int) -> None:
        self._most_turns = turns
        self.seen: Seen = set()
        self.exits: set[Exit] = set()
        self.is_complete = True
        self._made: list[tuple[int, int]] = []  # the choice and the number of options
        namespace: dict[str, Any] = {
            name: getattr(self, name) for name in ("at", "test", "work", "items", "kind", "manager")
        }
        namespace["RAISED"] = RAISED
        namespace["Perhaps"] = _perhaps(self.test)
        exec(text, namespace)
        for _ in range(MOST_RUNS):
            self._chosen = 0
            self._turns: dict[int, int] = {}
            self._is_cut = False
            with contextlib.suppress(TooLong):
                end = _how_it_ends(namespace["f"])
                self.exits |= set() if self._is_cut else {end}
            while self._made and self._made[-1][0] + 1 == self._made[-1][1]:
                self._made.pop()
            if not self._made:
                return
            choice, options = self._made.pop()
            self._made.append((choice + 1, options))
        self.is_complete = False

    def choose(self, options: int) -> int:
        if self._chosen == MOST_CHOICES * self._most_turns // 3 * 2:
            self.is_complete = False
            self.cut()
        if self._chosen == len(self._made):
            self._made.append((0, options))
        self._chosen += 1
        return self._made[self._chosen - 1][0]

    def cut(self) -> None:
        self._is_cut = True
        raise TooLong

    def at(self, line: int, variables: dict[str, Any]) -> None:
        if self._is_cut:  # this is a `finally`
            raise TooLong
        self.seen.add((line, frozenset(variables)))
        self._turns[line] = self._turns.get(line, 0) + 1
        if self._turns[line] > self._most_turns:
            self.cut()

    def test(self) -> bool:
        chosen = self.choose(3)
        if chosen == 2:
            raise KeyError
        return bool(chosen)

    def work(self) -> int:
        if self.choose(2):
            raise KeyError
        return 1

    def items(self) -> Iterator[int]:
        for _ in range(self._most_turns - 1):
            if self.test():
                yield 1

    def kind(self) -> type[BaseException] | tuple[type[BaseException], ...]:
        return RAISED if self.test() else Never

    @contextlib.contextmanager
    def manager(self) -> Iterator[int]:
        self.work()
        try:
            yield 1
        except RAISED:
            if not self.test():
                raise
        else:
            self.work()


def _perhaps(test: Any) -> type:
    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return bool(test())

    return Kind("Perhaps", (), {})


def _how_it_ends(function: Any) -> Exit:
    try:
        returned = function()
    except RAISED as error:
        return Exit.RAISE if error.args else Exit.ERROR
    return Exit.END if returned == "end" else Exit.RETURN


class Programs:
    """Makes random bodies of functions."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.left = self.random.randint(3, 8)  # statements

    def body(self, depth: int, *, loop: bool = False) -> list[str]:
        return [
            line
            for _ in range(self.random.choice((1, 1, 2, 3)))
            for line in self.statement(depth, loop=loop)
        ]

    def block(self, depth: int, *, loop: bool = False) -> list[str]:
        return ["    " + line for line in self.body(depth - 1, loop=loop)]

    def statement(self, depth: int, *, loop: bool) -> list[str]:
        self.left -= 1
        simple = ["a = work()", "b = 1", "work()", "pass", "return", "raise KeyError('raised')"]
        simple += ["assert test(), 'no'", "return work()"]
        simple += ["break", "continue", "break"] if loop else []
        if depth == 0 or self.left < 0 or self.random.random() < 0.3:
            return [self.random.choice(simple)]
        make = self.random.choice(
            (
                *(self.if_, self.while_, self.for_, self.with_, self.match_),
                *(self.try_, self.try_, self.try_),
            )
        )
        return make(depth, loop)

    def perhaps(self, header: str, depth: int, loop: bool) -> list[str]:
        return [header, *self.block(depth, loop=loop)] if self.random.random() < 0.5 else []

    def if_(self, depth: int, loop: bool) -> list[str]:
        lines = ["if test():", *self.block(depth, loop=loop)]
        lines += self.perhaps("elif test():", depth, loop)
        return lines + self.perhaps("else:", depth, loop)

    def while_(self, depth: int, loop: bool) -> list[str]:
        test = self.random.choice(("test()", "test()", "True"))
        return [
            f"while {test}:",
            *self.block(depth, loop=True),
            *self.perhaps("else:", depth, loop),
        ]

    def for_(self, depth: int, loop: bool) -> list[str]:
        over = self.random.choice(("items()", "[1, *items()]"))
        return [
            f"for i in {over}:",
            *self.block(depth, loop=True),
            *self.perhaps("else:", depth, loop),
        ]

    def try_(self, depth: int, loop: bool) -> list[str]:
        lines = ["try:", *self.block(depth, loop=loop)]
        finally_ = ["finally:", *self.block(depth, loop=loop)]
        if self.random.random() < 0.3:
            return lines + finally_
        for header in self.random.choice(
            (
                *(["except kind():"], ["except:"], ["except kind() as e:"]),
                *(["except kind() as e:", "except kind():"], ["except kind():", "except:"]),
            )
        ):
            lines += [header, *self.block(depth, loop=loop)]
        lines += self.perhaps("else:", depth, loop)
        return lines + finally_ if self.random.random() < 0.5 else lines

    def with_(self, depth: int, loop: bool) -> list[str]:
        managers = self.random.choice(
            ("manager()", "manager() as m", "manager() as a, manager() as b")
        )
        return [f"with {managers}:", *self.block(depth, loop=loop)]

    def match_(self, depth: int, loop: bool) -> list[str]:
        lines = ["match work():"]
        for case in self.random.choice(
            (
                *(["Perhaps()"], ["Perhaps() as m", "Perhaps()"], ["Perhaps()", "_"]),
                *(["m if test()", "Perhaps()"], ["Perhaps() as a if test()", "b"]),
            )
        ):
            lines += [f"    case {case}:"]
            lines += ["    " + line for line in self.block(depth, loop=loop)]
        return lines


class Noted(ast.NodeTransformer):
    """Puts a call before every statement that tells its line and what exists there. `except:`
    doesn't catch the end of a run."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            old = getattr(node, field, None)
            if isinstance(old, list) and not isinstance(node, ast.Module):
                new = []
                for statement in old:
                    new += ast.parse(f"at({statement.lineno}, locals())").body
                    new.append(statement)
                setattr(node, field, new)
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            node.type = ast.Name("RAISED", ast.Load())
        return node


def text_of(seed: int) -> str:
    lines = Programs(seed).body(3)
    return "def f():\n" + "".join(f"    {line}\n" for line in lines)
