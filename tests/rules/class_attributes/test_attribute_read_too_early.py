"""PCL114: what `__init__` reads of its instance before anything has bound it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyconcepts_lint.testing import Project

Make = Callable[..., Project]


def cart(init: str, *methods: str, base: str = "", before: str = "") -> str:
    """A module with a class whose `__init__` has some lines, and an instance of it."""
    body = "".join(f"        {line}\n" for line in init.split("\n"))
    rest = "".join(f"\n    {method}\n" for method in methods)
    return (
        f"{before}class Cart{base}:\n    def __init__(self, first='tea'):\n{body}{rest}\n\nCart()\n"
    )


ADD = "def add(self, item):\n        self.items.append(item)"
EARLY = {
    "a statement above": cart("self.size = len(self.items)\nself.items = []"),
    "a method": cart("self.add(first)\nself.items = []", ADD),
    "a method that a method calls": cart(
        "self.start(first)\nself.items = []", "def start(self, x):\n        self.add(x)", ADD
    ),
    "a method that is called later": cart(
        "print(self.items)\nself.clear()", "def clear(self):\n        self.items = []"
    ),
    "a method that is never called": cart(
        "self.count += 1", "def reset(self):\n        self.count = 0"
    ),
    "the test of a branch": cart("if self.items:\n    pass\nself.items = []"),
    "what a loop goes over": cart("for item in self.items:\n    pass\nself.items = []"),
    "a private name": cart("print(self.__items)\nself.__items = []"),
    "a slot": cart("print(self.items)\nself.items = []", "__slots__ = ('items',)"),
    "behind a branch that binds others": cart(
        "if first:\n    self.size = 1\nprint(self.items)\nself.items = []"
    ),
    "a base that binds others": cart(
        "print(self.items)\nself.items = []",
        base="(Base)",
        before="class Base:\n    def __init__(self):\n        self.name = 1\n\n\n",
    ),
}


@pytest.mark.parametrize("case", EARLY)
def test_a_read_that_comes_too_early_raises(project: Make, case: str) -> None:
    shop = project(EARLY[case])
    assert "AttributeError" in shop.run("main.py").stderr
    (said,) = shop.lint("PCL114")
    assert said.message.endswith("before anything has bound it: AttributeError")


FINE = {
    "bound above": cart("self.items = []\nself.add(first)", ADD),
    "bound in a branch": cart("if first:\n    self.items = []\nself.add(first)", ADD),
    "bound by a method": cart(
        "self.clear()\nself.add(first)", "def clear(self):\n        self.items = []", ADD
    ),
    "bound by a method in a branch": cart(
        "if first:\n    self.clear()\nself.add(first)\nself.clear()",
        "def clear(self):\n        self.items = []",
        ADD,
    ),
    "bound by other code": cart(
        "fill(self)\nprint(self.items)\nself.items = []",
        before="def fill(cart):\n    cart.items = [1]\n\n\n",
    ),
    "bound by name": cart("setattr(self, 'items', [])\nself.add(first)\nself.items = []", ADD),
    "bound in the dictionary": cart(
        "self.__dict__.update(items=[])\nself.add(first)\nself.items = []", ADD
    ),
    "bound by a base": cart(
        "super().__init__()\nprint(self.items)\nself.items = []",
        base="(Base)",
        before="class Base:\n    def __init__(self):\n        self.items = [1]\n\n\n",
    ),
    "bound by what a base's init calls": cart(
        "super().__init__()\nprint(self.items)",
        "def fill(self):\n        self.items = []",
        base="(Base)",
        before="class Base:\n    def __init__(self):\n        self.fill()\n\n\n",
    ),
    "the class has one": cart("self.add(first)\nself.items = []", "items = []", ADD),
    "a property": cart(
        "print(self.items)\nself._items = []", "@property\n    def items(self):\n        return 1"
    ),
    "a branch that isn't taken": cart("if not first:\n    print(self.items)\nself.items = []"),
    "it returns before": cart("if first:\n    return\nprint(self.items)\nself.items = []"),
    "a lambda": cart("self.show = lambda: self.items\nself.items = []"),
    "the error is expected": cart(
        "try:\n    print(self.items)\nexcept AttributeError:\n    self.items = []"
    ),
    "__getattr__": cart(
        "print(self.items)\nself.items = []", "def __getattr__(self, name):\n        return 1"
    ),
    "__new__": cart(
        "print(self.items)\nself.items = []",
        "def __new__(cls):\n        made = object.__new__(cls)\n        made.items = []\n"
        "        return made",
    ),
    "the class gets one": cart("print(self.items)\nself.items = []").replace(
        "\n\nCart()", "\n\nCart.items = [1]\nCart()"
    ),
}


@pytest.mark.parametrize("case", FINE)
def test_what_is_bound_by_then_is_left_alone(project: Make, case: str) -> None:
    shop = project(FINE[case])
    assert shop.run("main.py").stderr == ""
    assert shop.places("PCL114") == []


def test_a_subclass_may_bind_it_first(project: Make) -> None:
    shop = project(
        cart("self.add(first)\nself.items = []", ADD).replace("\nCart()\n", "")
        + "\nclass Big(Cart):\n    def __init__(self):\n        self.items = []\n"
        "        super().__init__()\n\n\nBig()\n"
    )
    assert shop.run("main.py").stderr == ""
    assert shop.places("PCL114") == []


def test_a_subclass_may_override_what_is_called(project: Make) -> None:
    shop = project(
        cart(
            "self.start()\nprint(self.items)",
            "def start(self):\n        pass",
            "def fill(self):\n        self.items = []",
        ).replace("\nCart()\n", "")
        + "\nclass Big(Cart):\n    def start(self):\n        self.fill()\n\n\nBig()\n"
    )
    assert shop.run("main.py").stderr == ""
    assert shop.places("PCL114") == []


def test_the_read_and_the_binding_are_shown(project: Make) -> None:
    (said,) = project(EARLY["a method"]).lint("PCL114")
    assert (said.line, [place.line for place in said.related]) == (3, [7, 4])
    assert said.message.startswith("`Cart.__init__` calls `add`, which reads `self.items`")
