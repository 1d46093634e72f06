"""PCL111: what one object is given, on the class.

Each program is run: an object that was made before has the value of the last one. After the fix each
has its own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL111"
Make = Callable[..., Any]

READS = "\n    def show(self):\n        return self.x\n"
CHECK = "\n\none, two = C(1), C(2)\nprint(one.show(), two.show())\n"

WRITES = {
    "the class's name": "def __init__(self, a):\n    C.x = a",
    "type(self)": "def __init__(self, a):\n    type(self).x = a",
    "__class__": "def __init__(self, a):\n    self.__class__.x = a",
    "an annotation": "def __init__(self, a):\n    C.x: int = a",
    "a computed value": "def __init__(self, a):\n    C.x = int(a) + 0",
    "a local variable": "def __init__(self, a):\n    b = a\n    C.x = b",
    "a keyword": "def __init__(self, *args, **options):\n    C.x = args[0]",
    "a refined parameter": "def __init__(self, a):\n    a = int(a)\n    C.x = a",
    "a condition": "def __init__(self, a):\n    if a:\n        C.x = a",
    "another method": "def __init__(self, a):\n    self.put(a)\n\ndef put(this, a):\n    C.x = a",
    "a default": "def __init__(self, a=None):\n    C.x = a or 5",
}


def program(writes: str) -> str:
    return f"class C:\n    x = 0\n\n{textwrap.indent(writes, ' ' * 4)}\n{READS}{CHECK}"


@pytest.mark.parametrize("name", WRITES)
def test_the_last_value_is_everybodys(project: Make, name: str) -> None:
    small = project(program(WRITES[name]))
    assert small.run("main.py").stdout == "2 2\n"
    (message,) = small.messages(CODE)
    assert "changes `C.x` for all instances" in message
    assert message.endswith("`C.show` reads it from the instance")
    small.fix(CODE, unsafe=True)
    assert small.run("main.py").stdout == "1 2\n"
    assert small.lint(CODE) == []


def test_the_message_says_when(project: Make) -> None:
    wanted = {
        "the class's name": ", with each new object;",
        "another method": ", with each call of `put`;",
        "a condition": "for all instances;",
    }
    for name, part in wanted.items():
        assert part in project(program(WRITES[name])).messages(CODE)[0]


@pytest.mark.parametrize("codes", [("PCL101", "PCL102", CODE)])
@pytest.mark.parametrize("name", WRITES)
def test_no_other_fix_undoes_it(project: Make, name: str, codes: tuple[str, ...]) -> None:
    small = project(program(WRITES[name]))
    small.fix(*codes, unsafe=True)
    assert small.run("main.py").stdout == "1 2\n"


SILENT = {
    "no parameter": "def __init__(self, a):\n    C.x = 5",
    "the instance itself": "def __init__(self, a):\n    C.x = self",
    "an attribute of it": "def __init__(self, a):\n    C.x = self.y",
    "a local variable of something else": "def __init__(self, a):\n    b = 1\n    C.x = b",
    "a variable that is rebound": "def __init__(self, a):\n    a = 1\n    C.x = a",
    "asked before": "def __init__(self, a):\n    if C.x is None:\n        C.x = a",
    "read through the class": "def __init__(self, a):\n    C.x = a\n\ndef get(self):\n    return C.x",
    "read by a class method": "def __init__(self, a):\n    C.x = a\n\n@classmethod\n"
    "def get(cls):\n    return cls.x",
    "bound on the instance": "def __init__(self, a):\n    C.x = a\n\ndef put(self):\n    self.x = 1",
    "a class method": "@classmethod\ndef put(cls, a):\n    cls.x = a",
    "a static method": "@staticmethod\ndef put(a):\n    C.x = a",
    "setting up": "def set_up(self, a):\n    C.x = a",
    "another class": "def __init__(self, a):\n    D.x = a",
    "a parameter of that name": "def __init__(self, C):\n    C.x = C",
    "a function in it": "def __init__(self, a):\n    def later():\n        C.x = a\n    self.f = later",
    "a slot": "__slots__ = ('y',)\ndef __init__(self, a):\n    C.x = a\ndef put(self, b):\n"
    "    self.x = b",
    "augmented": "def __init__(self, a):\n    C.x += a",
}


@pytest.mark.parametrize("name", SILENT)
def test_left_alone(project: Make, name: str) -> None:
    text = "class D: pass\n\n\n" + program(SILENT[name])
    assert project(text).lint(CODE) == []


@pytest.mark.parametrize(
    "line", ["x: ClassVar[int] = 0", "x: Final = 0", "x = property(id)", "def x(self): pass"]
)
def test_what_the_class_says_of_it(project: Make, line: str) -> None:
    text = program(WRITES["the class's name"]).replace("x = 0", line)
    assert project("from typing import ClassVar, Final\n\n\n" + text).lint(CODE) == []


@pytest.mark.parametrize("name", ["LIMIT", "_cache", "registry", "instances"])
def test_names_that_say_that_it_is_for_all(project: Make, name: str) -> None:
    text = program(WRITES["the class's name"]).replace("x", name)
    assert project(text).lint(CODE) == []


def test_where_nothing_reads_it_from_an_instance_it_may_be_meant(project: Make) -> None:
    text = program(WRITES["the class's name"]).replace("return self.x", "return 1")
    assert project(text).lint(CODE) == []


def test_bases_and_other_modules(project: Make) -> None:
    small = project(
        {
            "base.py": "class Base:\n    x = 0\n",
            "main.py": """\
                import base


                class C(base.Base):
                    def __init__(self, a):
                        base.Base.x = a

                    def show(self):
                        return self.x


                class D(C):
                    pass


                one, two = C(1), D(2)
                print(one.show(), two.show())
                """,
        }
    )
    assert small.run("main.py").stdout == "2 2\n"
    assert small.places(CODE) == [("main.py", 6, 9)]
    small.fix(CODE, unsafe=True)
    assert small.run("main.py").stdout == "1 2\n"


def test_python2_source(project: Make) -> None:
    text = program(WRITES["the class's name"]).replace("print(one", "print 1, (one")
    small = project(text)
    assert len(small.lint(CODE)) == 1
    assert "        self.x = a\n" in small.fix(CODE, unsafe=True)["main.py"]
