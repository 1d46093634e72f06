"""PCL109: what a base's `__init__` hides; each claim is compared with a live instance."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL109"
Make = Callable[..., Any]


def hidden(project: Make, source: str) -> set[str]:
    """The names of `Sub` that the rule speaks of; each must be in an instance's dictionary."""
    source = textwrap.dedent(source)
    names: dict[str, Any] = {"__name__": "main"}
    exec(compile(source, "main.py", "exec"), names)
    instance = names["Sub"]()
    found = set()
    for message in project(source).messages(CODE):
        name = message.split("`")[3]
        assert name in vars(instance)
        assert name in vars(names["Sub"])
        assert f"`Sub.{name}`" in message
        found.add(name)
    return found


SURE = {
    "plain": "self.x = 1",
    "annotated": "self.x: int = 1",
    "tuple": "self.x, a = 1, 2",
    "star": "a, *self.x = 1, 2",
    "chained": "a = self.x = 1",
    "semicolon": "a = 1; self.x = a",
    "both branches": "if a is None:\n    self.x = 1\nelse:\n    self.x = 2",
    "all branches": "if a == 1:\n    self.x = 1\nelif a:\n    self.x = 2\nelse:\n    self.x = 3",
    "a branch that raises": "if a:\n    raise ValueError\nelse:\n    self.x = 1",
    "behind a branch that raises": "if a:\n    raise ValueError\nself.x = 1",
    "try that raises otherwise": "try:\n    self.x = 1\nexcept ValueError:\n    raise",
    "try and handler": "try:\n    self.x = 1\nexcept ValueError:\n    self.x = 2",
    "finally": "try:\n    a = 1\nfinally:\n    self.x = 1",
    "else of a try": "try:\n    a = 1\nexcept ValueError:\n    raise\nelse:\n    self.x = 1",
    "behind a loop": "for b in ():\n    pass\nself.x = 1",
    "behind a function": "def inner():\n    return 1\nself.x = inner()",
    "from another attribute": "self.y = 1\nself.x = self.y",
    "read afterwards": "self.x = 1\nself.z = self.x",
    "above a return": "self.x = 1\nif a:\n    return\nself.z = 1",
}


@pytest.mark.parametrize("way", SURE)
def test_what_every_path_assigns_hides_the_method(project: Make, way: str) -> None:
    body = textwrap.indent(SURE[way], " " * 8)
    source = (
        f"class Base:\n    def __init__(self, a=0):\n{body}\n\n\n"
        "class Sub(Base):\n    def x(self): ...\n"
    )
    assert hidden(project, source) == {"x"}


NOT_SURE = {
    "a branch": "if a:\n    self.x = 1",
    "one of two branches": "if a:\n    self.x = 1\nelse:\n    self.y = 2",
    "a loop": "for b in ():\n    self.x = 1",
    "while": "while a:\n    self.x = 1",
    "for target": "for self.x in ():\n    pass",
    "with": "with suppress(ValueError):\n    self.x = int('a')",
    "handler": "try:\n    pass\nexcept ValueError:\n    self.x = 1",
    "try with a handler": "try:\n    self.x = int('a')\nexcept ValueError:\n    pass",
    "behind a return": "if not a:\n    return\nself.x = 1",
    "behind a return in a loop": "for b in (1,):\n    return\nself.x = 1",
    "behind a return in a try": "try:\n    return\nfinally:\n    pass\nself.x = 1",
    "nested function": "def inner():\n    self.x = 1",
    "lambda": "a = lambda: setattr(self, 'x', 1)",
    "another object": "a = type('A', (), {})()\na.x = 1",
    "rebound": "self = type('A', (), {})()\nself.x = 1",
    "an item": "self.y = {}\nself.y['x'] = 1",
    "an attribute of it": "self.y = type('A', (), {})\nself.y.x = 1",
}
KNOWN = {
    "wrapped": "self.x = str(self.x)",
    "wrapped in two steps": "old = self.x\nself.x = str(old)",
    "by getattr": "self.x = str(getattr(self, 'x'))",
    "by default": "self.x = a or self.x",
    "by a method": "self.x = self.find()",
    "by a method, earlier": "self.find()\nself.x = 1",
    "by super": "super().find()\nself.x = 1",
    "by a function": "self.x = str(self)",
    "through the class": "self.x = type(self).x",
    "through the class, by getattr": "a = a or getattr(self.__class__, 'x', 0)\nself.x = a",
    "through the class, by hasattr": "if hasattr(self.__class__, 'x'): a = 1\nself.x = a",
}


@pytest.mark.parametrize("way", [*NOT_SURE, *KNOWN])
def test_silent_where_a_path_leaves_it_out_or_the_base_knows_of_it(project: Make, way: str) -> None:
    body = textwrap.indent({**NOT_SURE, **KNOWN}[way], " " * 8)
    source = (
        "from contextlib import suppress\n\n\nclass Root:\n    def find(self): ...\n\n\n"
        f"class Base(Root):\n    def __init__(self, a=0):\n{body}\n\n\n"
        "class Sub(Base):\n    def x(self): ...\n"
    )
    assert hidden(project, source) == set()


BASE = """\
from functools import cached_property


class Base:
    def __init__(self, value=0):
        self.x = value


"""


@pytest.mark.parametrize(
    "attribute",
    [
        *("def x(self): ...", "async def x(self): ...", "x = 1", "x: int = 1", "x = []"),
        *("class x: ...", "@staticmethod\n    def x(): ..."),
        *("x = lambda self: 1", "a = x = 1", "a, x = 1, 2"),
    ],
)
def test_methods_and_other_class_attributes_are_hidden(project: Make, attribute: str) -> None:
    assert hidden(project, f"{BASE}class Sub(Base):\n    {attribute}\n") == {"x"}


@pytest.mark.parametrize(
    "attribute",
    [
        *("x = None", "x: int", "x: 'ClassVar[int]' = 1", "x: Final = 1", "__slots__ = ('x',)"),
        "x = property(lambda self: 1, lambda self, value: None)",
        "@property\n    def x(self): ...\n\n    @x.setter\n    def x(self, value): ...",
        "@cached_property\n    def x(self): ...",
        "@classmethod\n    def x(cls): ...",
        "@str\n    def x(self): ...",
        "if BASE: x = 1",
        "x = 1\n\n    def set(self): self.x = 2",
        "x = 1\n\n    def reset(self): del self.x",
        "x = 1\n\n    def get(self): return type(self).x",
        "x = 1\n\n    @classmethod\n    def get(cls): return cls.x",
        "x = 1\n\n    def __init__(self): ...",
        "x = 1\n\n    def __init__(self):\n        if BASE: super().__init__()",
        "x = 1\n\n    def __init__(self): super().__init__(self.x)",
        "x = 1\n\n    def __init__(self): super().__init__(value=Sub.x)",
        "x = 1\n\n    def __init__(self): super(Base, self).__init__()",
        "x = 1\n\n    def __init__(self): (lambda: super(Sub, self).__init__())",
        "x = 1\n\n    def __setattr__(self, name, value): ...",
    ],
)
def test_other_attributes_and_classes_that_know_of_it_are_left_alone(
    project: Make, attribute: str
) -> None:
    source = (
        f"BASE = 1\nfrom typing import ClassVar, Final\n{BASE}class Sub(Base):\n    {attribute}\n"
    )
    assert project(source).messages(CODE) == []


@pytest.mark.parametrize(
    "init",
    [
        "def __init__(self): super().__init__()",
        "def __init__(self): super(Sub, self).__init__()",
        "def __init__(self): Base.__init__(self)",
        "def __init__(self, a=1):\n        a = 2\n        super().__init__(a)",
        "def __init__(self, *a, **k): super().__init__(*a, **k)",
        "def __init__(self, a=1):\n        if a: super().__init__(1)\n"
        "        else: super().__init__(2)",
        "def __init__(self):\n        self.y = 1\n        super().__init__(value=self.y)",
    ],
)
def test_an_init_that_calls_the_bases_counts(project: Make, init: str) -> None:
    assert hidden(project, f"{BASE}class Sub(Base):\n    x = 1\n\n    {init}\n") == {"x"}


@pytest.mark.parametrize("parameters", ["a", "a, /", "*, a", "b, a, c=1"])
def test_a_value_that_has_to_be_passed_hides_methods_only(project: Make, parameters: str) -> None:
    source = (
        f"class Base:\n    def __init__(self, {parameters}):\n        self.x = self.y = a\n"
        "        a = 1\n        self.z = a\n\n\n"
        "class Sub(Base):\n    def x(self): ...\n    y = 1\n    z = 2\n"
    )
    assert [line for _, line, _ in project(source).places(CODE)] == [9, 11]


def test_the_way_goes_along_the_mro_of_the_class_itself(project: Make) -> None:
    source = """\
        class Root:
            def __init__(self):
                self.root = 1


        class Left(Root):
            def __init__(self):
                super().__init__()
                self.left = 1


        class Right(Root):
            def __init__(self):
                self.right = 1


        class Sub(Left, Right):
            def root(self): ...
            def left(self): ...
            def right(self): ...
        """
    assert hidden(project, source) == {"left", "right"}


def test_bases_may_be_elsewhere_in_the_project(project: Make) -> None:
    small = project(
        {
            "pkg/__init__.py": "",
            "pkg/base.py": """\
                class Base:
                    def __init__(self):
                        self.run = None
                        self.close = None
                        self.name = None
                """,
            "pkg/middle.py": "from . import base\n\n\nclass Middle(base.Base): ...\n",
            "pkg/sub.py": """\
                from .middle import Middle


                class Sub(Middle):
                    name = "é"; close = 3

                    @staticmethod
                    def \\
                        run(): ...


                print(Sub().run, Sub().name)
                """,
            "pkg/use.py": "from .sub import Sub\n\nprint(Sub.close)\n",
        }
    )
    assert small.places(CODE) == [("pkg/sub.py", 5, 5), ("pkg/sub.py", 8, 5)]
    assert small.messages(CODE)[0] == (
        "`Base.__init__` binds `name` on the instance, where it hides the class attribute "
        "`Sub.name`"
    )
    assert small.run_module("pkg.sub").stdout == "None None\n"


def test_the_standard_librarys_init_counts(project: Make) -> None:
    source = """\
        import logging
        import queue


        class Sub(logging.Handler):
            level = logging.ERROR
            filters = ()

            def emit(self, record): ...


        class Tasks(queue.Queue):
            maxsize = 10
        """
    names: dict[str, Any] = {}
    exec(textwrap.dedent(source), names)
    assert (names["Sub"]().level, names["Tasks"]().maxsize) == (0, 0)
    assert names["Sub"]().filters == []
    assert [line for _, line, _ in project(source).places(CODE)] == [6, 7, 13]


def test_kinds_of_classes_that_are_left_alone(project: Make) -> None:
    source = """\
        import dataclasses
        import enum
        from unknown import Meta, Other, decorate


        class Base:
            def __init__(self):
                self.x = 1


        @decorate
        class Decorated(Base):
            x = 1


        @dataclasses.dataclass
        class Fields(Base):
            x: int = 1


        class Made(Base, metaclass=Meta):
            x = 1


        class Unresolved(Base, Other):
            x = 1


        class Wrapped:
            @decorate
            def __init__(self):
                self.x = 1


        class Below(Wrapped):
            x = 1


        class Conditional:
            if Meta:
                def __init__(self):
                    self.x = 1


        class BelowConditional(Conditional):
            x = 1


        class Colour(enum.Enum):
            def __init__(self, *args):
                self.x = 1


        class Special(Base):
            def __init__(self):
                self.__call__ = self.__doc__ = 1


        class Called(Special):
            def __call__(self): ...


        class Private:
            def __init__(self):
                self.__x = 1


        class BelowPrivate(Private):
            __x = 1
        """
    assert project(source).places(CODE) == []


def test_python2_source(project: Make) -> None:
    small = project(
        """\
        class Base:
            def __init__(self):
                print "made"
                self.run = None


        class Sub(Base):
            def __init__(self):
                Base.__init__(self)

            def run(self):
                pass
        """
    )
    assert small.places(CODE) == [("main.py", 11, 5)]
