"""PCL112: defaults of dataclass fields that are made once, tried out under CPython."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL112"
Make = Callable[..., Any]

HEAD = """\
import array
import collections
import io
import random
from dataclasses import dataclass, field


class Changing:
    def __init__(self, start=0):
        self.n = start

    def change(self):
        self.n += 1


class Filled:
    def __init__(self):
        self.items = []

    def change(self):
        self.items.append(1)


class Below(Changing):
    pass


class Still:
    def __init__(self, n=0):
        self.n = n

    def show(self):
        return self.n


class Equal:
    def __eq__(self, other):
        return True


class Hashed(Equal):
    def __hash__(self):
        return 1


class Option(Changing):
    def __get__(self, instance, owner):
        return 0

    def __set__(self, instance, value):
        pass


@dataclass
class Data:
    n: int = 0


@dataclass(frozen=True)
class Frozen:
    n: int = 0


@dataclass(eq=False)
class Same:
    n: int = 0


"""


def program(annotation: str, default: str) -> str:
    return (
        f"{HEAD}@dataclass\nclass C:\n    name: str = ''\n    x: {annotation} = {default}\n\n"
        "    def show(self):\n        return self.x\n"
    )


SHARED = {
    "an instance": ("Changing", "Changing()"),
    "with an argument": ("Changing", "Changing(5)"),
    "with a keyword": ("Changing", "Changing(start=-5)"),
    "of a class with a list": ("Filled", "Filled()"),
    "of a subclass": ("Changing", "Below()"),
    "in field()": ("Changing", "field(default=Changing())"),
    "in field() with more": ("Changing", "field(repr=False, default=Changing(), compare=False)"),
    "over two lines": ("Changing", "Changing(\n        5,\n    )"),
    "a random generator": ("random.Random", "random.Random(7)"),
    "a file in memory": ("io.StringIO", "io.StringIO()"),
}
REFUSED = {
    "a list": ("list", "[]"),
    "a list with items": ("list", "[1, [2]]"),
    "a dict": ("dict", "{}"),
    "a set": ("set", "{1}"),
    "a call": ("list", "list()"),
    "a kind of dict": ("dict", "collections.defaultdict(list)"),
    "a counter": ("collections.Counter", "collections.Counter()"),
    "a comprehension": ("list", "[i for i in range(2)]"),
    "in field()": ("list", "field(default=[])"),
}
UNHASHABLE = {
    "equality without a hash": ("Equal", "Equal()"),
    "another dataclass": ("Data", "Data()"),
    "another dataclass with values": ("Data", "Data(n=3)"),
    "a deque": ("collections.deque", "collections.deque()"),
    "bytes that change": ("bytearray", "bytearray()"),
    "an array": ("array.array", "array.array('i')"),
}
LEFT = {
    "a number": ("int", "5"),
    "a tuple": ("tuple", "()"),
    "what doesn't change": ("Still", "Still()"),
    "a descriptor": ("int", "Option()"),
    "with a hash": ("Hashed", "Hashed()"),
    "frozen": ("Frozen", "Frozen()"),
    "a factory": ("list", "field(default_factory=list)"),
    "compared by identity": ("Same", "Same()"),
    "text": ("bytes", "bytes(3)"),
}


@pytest.mark.parametrize("name", SHARED)
def test_one_object_is_shared(project: Make, name: str) -> None:
    small = project(program(*SHARED[name]) + "\n\nprint(C().x is C().x)\n")
    assert small.run("main.py").stdout == "True\n"
    (message,) = small.messages(CODE)
    assert "all `C`s that aren't given another `x` share it" in message
    small.fix(CODE)
    assert small.run("main.py").stdout == "False\n"


@pytest.mark.parametrize("name", REFUSED)
def test_lists_dicts_and_sets_are_refused(project: Make, name: str) -> None:
    small = project(program(*REFUSED[name]))
    assert "ValueError: mutable default" in small.run("main.py").stderr
    (message,) = small.messages(CODE)
    assert message.endswith("refuse lists, dicts and sets with ValueError")
    small.fix(CODE, unsafe=True)
    assert small.run("main.py").stderr == ""


@pytest.mark.parametrize("name", UNHASHABLE)
def test_what_has_no_hash_is_refused_from_python_3_11_on(project: Make, name: str) -> None:
    small = project(program(*UNHASHABLE[name]))
    assert "ValueError: mutable default" in small.run("main.py").stderr
    (message,) = small.messages(CODE)
    assert "ValueError from Python 3.11 on" in message
    small.fix(CODE)
    assert small.run("main.py").stderr == ""


@pytest.mark.parametrize("name", LEFT)
def test_left_alone(project: Make, name: str) -> None:
    small = project(program(*LEFT[name]))
    assert small.run("main.py").stderr == ""
    assert small.lint(CODE) == []


@pytest.mark.parametrize(
    "line",
    [
        "x: ClassVar[list] = []",
        "x: 'ClassVar' = Changing()",
        "x = Changing()",
        "y: Changing = Changing()\n\n    def act(self):\n        return C.y",
        "cache: Changing = Changing()",
        "x: Changing = CHANGING",
    ],
)
def test_what_is_no_field_or_is_for_all(project: Make, line: str) -> None:
    text = f"from typing import ClassVar\n{HEAD}CHANGING = Changing()\n\n\n"
    small = project(f"{text}@dataclass\nclass C:\n    name: str = ''\n    {line}\n")
    assert small.run("main.py").stderr == ""
    assert small.lint(CODE) == []


def test_other_code_changes_it(project: Make) -> None:
    text = program("Still", "Still()") + "\n\none, two = C(), C()\none.x.n = 5\nprint(two.x.n)\n"
    small = project(text)
    assert small.run("main.py").stdout == "5\n"
    (message,) = small.messages(CODE)
    assert message.endswith("`one.x.n` is assigned in main.py")
    small.fix(CODE)
    assert small.run("main.py").stdout == "0\n"


def test_the_dataclass_changes_it(project: Make) -> None:
    text = program("Still", "Still()") + "\n    def move(self):\n        self.x.n += 1\n"
    text += "\n\none, two = C(), C()\none.move()\nprint(two.x.n)\n"
    small = project(text)
    assert small.run("main.py").stdout == "1\n"
    assert small.messages(CODE)[0].endswith("`C.move` changes it")
    small.fix(CODE)
    assert small.run("main.py").stdout == "0\n"


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("from dataclasses import dataclass", "field"),
        ("from dataclasses import (\n    dataclass,\n)", "field"),
        ("from dataclasses import dataclass, field as f", "f"),
        ("import dataclasses", "dataclasses.field"),
        ("import dataclasses as dc", "dc.field"),
    ],
)
def test_field_is_reached_or_imported(project: Make, imports: str, name: str) -> None:
    decorator = name.replace("field", "dataclass") if "." in name else "dataclass"
    text = (
        f"{imports}\n\n\nclass Changing:\n    def change(self):\n        self.n = 1\n\n\n"
        f"@{decorator}\nclass C:\n    x: Changing = Changing()\n\n\nprint(C().x is C().x)\n"
    )
    small = project(text)
    assert small.run("main.py").stdout == "True\n"
    fixed = small.fix(CODE)["main.py"]
    assert f"    x: Changing = {name}(default_factory=Changing)\n" in fixed
    assert small.run("main.py").stdout == "False\n"


def test_no_fix_where_field_means_something_else(project: Make) -> None:
    text = program("Changing", "Changing()").replace("dataclass, field", "dataclass")
    (finding,) = project(text + "\n\nfield = 1\n").lint(CODE)
    assert finding.fix is None


@pytest.mark.parametrize("default", ["Changing(START)", "[START]"])
def test_arguments_that_may_change_make_it_unsafe(project: Make, default: str) -> None:
    text = program("Changing", default).replace(
        "@dataclass\nclass C", "START = 1\n\n\n@dataclass\nclass C"
    )
    (finding,) = project(text).lint(CODE)
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"


def test_an_expected_error_is_left_alone(project: Make) -> None:
    text = (
        "from dataclasses import dataclass\n\n\ntry:\n    @dataclass\n    class C:\n"
        "        x: list = []\nexcept ValueError:\n    print('refused')\n"
    )
    small = project(text)
    assert small.run("main.py").stdout == "refused\n"
    assert small.lint(CODE) == []


def test_hash_and_equality_as_python_has_them(project: Make) -> None:
    """Every combination, asked of CPython."""
    lines = [HEAD]
    for number, (options, base, body) in enumerate(
        (options, base, body)
        for options in ("", "(eq=False)", "(frozen=True)", "(unsafe_hash=True)", "(order=True)")
        for base in ("Same", "Equal", "Hashed", "object")
        for body in ("pass", "__hash__ = None", "def __hash__(self): return 1")
        if not (options == "(unsafe_hash=True)" and "hash" in body)
        if not (options == "(frozen=True)" and base == "Same")
    ):
        lines.append(f"@dataclass{options}\nclass K{number}({base}):\n    {body}\n\n\n")
        lines.append(f"@dataclass\nclass C{number}:\n    x: K{number} = K{number}()\n\n\n")
    small = project({"main.py": "".join(lines)})
    text = (small.root / "main.py").read_text()
    found = {line for _, line, _ in small.places(CODE)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK], input=text, capture_output=True, text=True, check=True
    )
    expected = {int(line) for line in asked.stdout.split()}
    assert len(expected) > 10
    assert found == expected


ASK = """\
import ast, sys
from dataclasses import dataclass, field
text = sys.stdin.read()
names = {"__name__": "__main__"}
for node in ast.parse(text).body:
    try:
        exec(compile(ast.Module([node], []), "main.py", "exec"), names)
    except ValueError:
        print(node.body[0].lineno)
"""
