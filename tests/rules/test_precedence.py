"""Fixes that put one expression into another, compared by the trees that Python makes of both: every
kind of expression in every kind of place."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

Project = Callable[..., Any]

EXPRESSIONS = [
    *("a", "a.b", "a[0]", "a[1:2]", "a(1)", "1", "1.5", "''", "f'{a}'", "'x' 'y'", "b'x'", "...", "None"),
    *("[a]", "(a, b)", "()", "{a: b}", "{a}", "[x for x in a]", "{x for x in a}", "{x: x for x in a}"),
    *("(x for x in a)", "(a)", "((a, b))", "(yield)", "(yield a)", "(yield from a)", "(a := b)"),
    *("not a", "not ''", "-a", "+a", "~a", "-1", "await a", "a ** b", "a * b", "a @ b", "a / b", "a // b"),
    *("a % b", "a + b", "a - b", "a << b", "a >> b", "a & b", "a ^ b", "a | b", "a == b", "a < b < c"),
    *("a is not b", "a not in b", "not a == b", "a and b", "a or b", "a and not b", "a if b else c"),
    *("lambda: a", "lambda x: x or a", "(lambda: a)()", "(not a).b", "-a ** -b", "not not a"),
]  # fmt: skip
ARGUMENTS_ONLY = ["a := b", "x for x in a", "(x) for x in (a)"]
PLACES = [
    *("{}", "({})", "not {}", "not ({})", "not not {}", "-{}", "~ {}", "await {}", "{} ** 2", "2 ** {}"),
    *("{} + 1", "1 * {}", "1 << {}", "1 & {}", "{} | 1", "{} == 1", "1 < {} < 2", "1 is {}", "{} in a"),
    *("{} and a", "a or {}", "not {} and a", "1 == (not {})", "{} if a else 2", "1 if {} else 2"),
    *("1 if a else {}", "lambda: {}", "lambda x={}: x", "[{}]", "[{}, 1]", "({}, 1)", "[*{}]", "{{{}}}"),
    *("{{{}: 1}}", "{{1: {}}}", "{{**{}}}", "f({})", "f({}, 1)", "f(*{})", "f(**{})", "f(x={})"),
    *("f(x := {})", "a[{}]", "a[{}:1]", "a[1:{}]", "a[{}, 1]", "{}.real", "{}(1)", "{}[0]", "(yield {})"),
    *("(yield from {})", "[x for x in {}]", "[x for x in a if {}]", "[{} for x in a]", "f({} for x in a)"),
    *("{{{}: 1 for x in a}}", "f'{{{}}}'", "f'{{{}!r:>{{3}}}}'", "(x := {})"),
]  # fmt: skip


def has_key(written: str) -> str:
    return f"d.has_key({written})"


def membership(argument: ast.expr) -> ast.expr:
    return ast.Compare(argument, [ast.In()], [ast.Name("d", ast.Load())])


def iteritems(written: str) -> str:
    return f"six.viewitems({written})"


def items(argument: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(argument, "items", ast.Load()), [], [])


def in_dir(written: str) -> str:
    return f"('x' in dir({written}))"


def hasattr_(argument: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("hasattr", ast.Load()), [argument, ast.Constant("x")], [])


class Replaced(ast.NodeTransformer):
    """What the fix should make: `Marker(argument)` becomes what `make` gives, and what Python says
    of `not … in …` is `… not in …`."""

    def __init__(self, make: Callable[[ast.expr], ast.expr]) -> None:
        self.make = make

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "Marker":
            return self.make(node.args[0])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Compare):
            left, operators, right = node.operand.left, node.operand.ops, node.operand.comparators
            if isinstance(operators[0], ast.In) and len(operators) == 1:
                return ast.Compare(left, [ast.NotIn()], right)
        return node


def tree(source: str, make: Callable[[ast.expr], ast.expr]) -> str:
    return ast.dump(Replaced(make).visit(ast.parse(source)))


def program(call: Callable[[str], str], arguments: list[str], places: list[str]) -> str:
    lines = ["import six", "async def f(a, b, c, d):"]
    for place in places:
        lines += [f"    print({place.format(call(argument))})" for argument in arguments]
    return "\n".join(lines) + "\n"


def compare(
    project: Project,
    code: str,
    call: Callable[[str], str],
    make: Callable[[ast.expr], ast.expr],
    arguments: list[str],
    places: list[str],
) -> None:
    given = readable(program(call, arguments, places))
    wanted = readable(program(lambda written: f"Marker({written})", arguments, places))
    assert len(given) == len(wanted) > 1
    small = project("\n".join(given) + "\n")
    fixed = small.fix(code, unsafe=True)["main.py"].splitlines()
    assert len(fixed) == len(given)
    left = [line for line in fixed if call("~~~").partition("~~~")[0].strip("(") in line]
    assert left == []
    for before, after, marked in zip(given[2:], fixed[2:], wanted[2:], strict=True):
        head = "async def f():\n"
        assert tree(head + after, make) == tree(head + marked, make), (before, after)


def readable(source: str) -> list[str]:
    """The lines that Python reads: not every place takes every expression."""
    lines = source.splitlines()
    return lines[:2] + [line for line in lines[2:] if _is_readable(line)]


def _is_readable(line: str) -> bool:
    try:
        compile(f"async def f():\n{line}\n", "", "exec", ast.PyCF_ONLY_AST)
    except SyntaxError:
        return False
    return True


ARGUMENTS = [*EXPRESSIONS, *ARGUMENTS_ONLY]
NO_BRACES = [place for place in PLACES if not place.startswith("f'")]


def test_every_kind_of_expression_is_there() -> None:
    source = "\n".join(written.join("()") for written in [*EXPRESSIONS, "a, *b"])
    kinds = {type(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr)}
    every = {kind for kind in ast.expr.__subclasses__() if kind.__module__ == "ast"}
    assert {kind.__name__ for kind in every - kinds} <= {"TemplateStr", "Interpolation"}


def test_every_key(project: Project) -> None:
    compare(project, "PCL704", has_key, membership, ARGUMENTS, ["{}", "not {}"])


def test_a_key_in_every_place(project: Project) -> None:
    keys = ["a", "not a", "a or b", "lambda: a", "a := b", "a == b", "a | b"]
    compare(project, "PCL704", has_key, membership, keys, NO_BRACES)


def test_a_key_in_an_f_string(project: Project) -> None:
    keys = ["a", "not a", "{a}", "{a: b}", "a or b", "{x for x in a}"]
    places = [place for place in PLACES if place.startswith("f'")]
    compare(project, "PCL704", has_key, membership, keys, places)


def test_what_is_walked_in_every_place(project: Project) -> None:
    compare(project, "PCL702", iteritems, items, ARGUMENTS, ["{}"])
    compare(project, "PCL702", iteritems, items, ["a", "not a"], NO_BRACES)


def test_what_is_asked_for_an_attribute_in_every_place(project: Project) -> None:
    things = [each for each in [*EXPRESSIONS, "a := b"] if " for x in a)" not in each]
    compare(project, "PCL603", in_dir, hasattr_, things, ["{}"])
    compare(project, "PCL603", in_dir, hasattr_, ["a"], NO_BRACES)
