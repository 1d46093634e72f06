"""What is noted of a file for the rules about methods."""

from __future__ import annotations

import ast
import textwrap

import pytest

from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.index.facts import ModuleFacts
from pyconcepts_lint.rules.methods._facts import base_calls, identities, stored_functions


def facts(text: str) -> ModuleFacts:
    text = textwrap.dedent(text)
    return collect(ast.parse(text), text, tables=(base_calls, identities, stored_functions))


def test_identities_are_of_attributes_and_no_literals() -> None:
    text = """
        class C:
            a.one is b, a.x == b.x, a.x is None, 'x' is not a.x, a.x < b.x in a.x
            [c for d in e if c < d is not f.__two == 1]
            if g.three is not (h.four.x.five): pass
        g.__six is 1 is g.x
    """
    assert sorted(identities.of(facts(text))) == [
        ("", "five", 5),
        ("a", "one", 3),
        ("f", "_C__two", 4),
        ("g", "three", 5),
    ]


def test_methods_that_call_the_method_of_a_base_by_its_name_are_noted() -> None:
    found = facts(
        """
        class C(B):
            def m(self, x):
                B.m(self, x)

            def n(me):
                return [f"{B.n(me)}" for _ in me]

            def o(self):
                class D(B):
                    def p(self):
                        B.o(self)

                def o(this):
                    B.o(self)

            def q(self):
                B.m(self), B.q(), B.q(self.x), B.q(x, self), B.q(x=self), q(self)

            def r():
                B.r(self)

        def m(self):
            B.m(self)
        """
    )
    assert [call.line for call in base_calls.of(found)] == [3, 6, 9]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(self): pass\nx.f = f", [("f", 2)]),
        ("def f(self): pass\nsetattr(x, 'f', f)", [("f", 2)]),
        ("def f(self): pass\nx.f, y = f, 1", [("f", 2)]),
        ("def f(self): pass\nx.f: object = f", [("f", 2)]),
        ("def g():\n    def f(self): pass\n    x.f = f", [("f", 3)]),
        ("def g():\n    x.f = f\ndef f(self): pass", [("f", 2)]),
        ("x.f = lambda self: 0", [("", 1)]),
        ("from m import f\nx.f = f", [("f", 2)]),
        ("def f(this): pass\nx.f = f", []),
        ("def f(self): pass\nx.__f__ = f\nx.__f__, y = f, 1", []),
        ("x.f = lambda: 0", []),
        ("class C:\n    def f(self): pass\n    x.f = f", []),
        ("def g(f):\n    x.f = f", []),
    ],
)
def test_functions_stored_in_attributes(text: str, expected: list[tuple[str, int]]) -> None:
    assert list(stored_functions.of(facts(text))) == expected
