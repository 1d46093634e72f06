"""PCL509: a property that is called like a method."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyconcepts_lint.testing import Project

Make = Callable[..., Project]

BASKET = """\
class Basket:
    @property
    def size(self){}:
        {}

    def show(self):
        return {}


{}
"""


def basket(
    returns: str = "return 3", show: str = "self.size()", annotation: str = "", use: str = ""
) -> str:
    return BASKET.format(annotation, returns, show, use or "print(Basket().show())")


CALLED = {
    "in a method": basket(),
    "a length": basket("return len('abc')"),
    "a string": basket("return f'{1}'"),
    "a list": basket("return [1]"),
    "with an argument": basket(show="self.size(1)"),
    "by its annotation": basket("return 1 + 2", annotation=" -> int"),
    "from outside": basket(show="1", use="basket = Basket()\nprint(basket.size())"),
    "on a new object": basket(show="1", use="print(Basket().size())"),
    "in a subclass": basket(use="class Big(Basket):\n    pass\n\n\nprint(Big().size())"),
}


@pytest.mark.parametrize("case", CALLED)
def test_what_a_property_returns_is_not_called(project: Make, case: str) -> None:
    shop = project(CALLED[case])
    said = shop.run("main.py").stderr
    found = shop.lint("PCL509")
    assert found
    for each in found:
        assert each.message.partition("; ")[2] in said


def test_the_brackets_go(project: Make) -> None:
    shop = project(basket())
    shop.fix("PCL509", unsafe=True)
    assert shop.run("main.py").stdout == "3\n"
    assert shop.lint("PCL509") == []


FINE = {
    "it is read": basket(show="self.size"),
    "it returns a function": basket("return lambda: 3"),
    "it may return a function": basket("if self:\n            return lambda: 3\n        return 3"),
    "a subclass has a method": basket(
        use="class Big(Basket):\n    def size(self):\n        return 4\n\n\nprint(Big().show())"
    ),
    "the class gets a method": basket(use="Basket.size = lambda self: 4\nprint(Basket().show())"),
    "the error is expected": basket(
        show="1", use="try:\n    print(Basket().size())\nexcept TypeError:\n    pass"
    ),
    "`self` is bound again": basket(
        show="(self := Box()).size(), self.size()",
        use="class Box:\n    def size(self):\n        return 4\n\n\nprint(Basket().show())",
    ),
    "an inner function has another `self`": basket(
        show="(lambda self: self.size())(Box())",
        use="class Box:\n    def size(self):\n        return 4\n\n\nprint(Basket().show())",
    ),
    "it is a method": basket().replace("    @property\n", ""),
    "another object has a method": basket(
        show="1", use="class Box:\n    def size(self):\n        return 4\n\n\nprint(Box().size())"
    ),
}


@pytest.mark.parametrize("case", FINE)
def test_what_works_is_left_alone(project: Make, case: str) -> None:
    shop = project(FINE[case])
    assert shop.run("main.py").stderr == ""
    assert shop.places("PCL509") == []
