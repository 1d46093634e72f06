"""PCL409: what it says of `super` is what CPython does there."""

from __future__ import annotations

import itertools
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

BASE = "class Base:\n    def m(self, x=0): return x\n    def n(self): return 1\n"
FINDS_ITSELF = [
    "class C(Base):\n    def m(self): return super(self.__class__, self).m()",
    "class C(Base):\n    def m(self): return super(type(self), self).m()",
    "class C(Base):\n    def m(this, x=2):\n        return super(type(this), this).m(x)",
    "class C(Base):\n    def __init__(self): super(type(self), self).__init__()",
    "class C(Base):\n    def __new__(cls): return super(cls, cls).__new__(cls)",
    "class C(Base):\n    @classmethod\n    def m(cls): return super(cls, cls).m()",
    "class C(Base):\n    @property\n    def m(self): return super(type(self), self).m",
    "class C(Base):\n    def m(self): return [super(type(self), self).m()]",
]


@pytest.mark.parametrize("text", FINDS_ITSELF)
def test_in_a_subclass_it_finds_the_same_method_again(project: Project, text: str) -> None:
    shop = project(f"{BASE}{text}\nclass D(C): pass\nfound = D().m\nfound()\n")
    (said,) = shop.messages("PCL409")
    assert said.endswith("again, without end: RecursionError")
    assert "RecursionError" in shop.run("main.py").stderr


@pytest.mark.parametrize("text", FINDS_ITSELF)
def test_the_fix_finds_the_method_of_the_base(project: Project, text: str) -> None:
    base = BASE
    if "classmethod" in text:
        base = base.replace("    def m", "    @classmethod\n    def m")
    if "property" in text:
        base = base.replace("    def m(self, x=0)", "    @property\n    def m(self)")
        base = base.replace("return x", "return print")
    shop = project(f"{base}{text}\nclass D(C): pass\nfound = D().m\nfound()\n")
    shop.fix("PCL409", unsafe=True)
    assert shop.run("main.py").stderr == ""


def test_a_method_that_may_stop_before_is_not_said_to_be_endless(project: Project) -> None:
    text = """
        class C(Base):
            def m(self):
                if self.done:
                    return 1
                self.done = True
                return super(type(self), self).m()
        class D(C):
            done = False
        D().m()
    """
    shop = project(BASE + "\n" + textwrap.dedent(text))
    assert [said[-5:] for said in shop.messages("PCL409")] == ["again"]
    assert shop.run("main.py").returncode == 0


def test_a_method_that_refuses_its_own_call_is_not_said_to_be_endless(project: Project) -> None:
    text = "class C(Base):\n    def m(self): return super(type(self), self).m(x=1)\n"
    shop = project(f"{BASE}{text}class D(C): pass\nD().m()\n")
    assert [said[-5:] for said in shop.messages("PCL409")] == ["again"]
    assert "TypeError: C.m() got an unexpected keyword argument" in shop.run("main.py").stderr


def test_another_method_is_found_in_the_class_itself(project: Project) -> None:
    text = f"{BASE}class C(Base):\n    def n(self): return 2\n"
    text += "    def m(self): return super(self.__class__, self).n()\n"
    text += "class D(C): pass\nprint(C().m(), D().m())\n"
    shop = project(text)
    assert shop.messages("PCL409") == [
        "`super(self.__class__, self)` starts behind the class of the instance: in a subclass of "
        "`C` that is `C` again, not its bases"
    ]
    assert shop.run("main.py").stdout == "1 2\n"
    shop.fix("PCL409", unsafe=True)
    assert shop.run("main.py").stdout == "1 1\n"


OTHER = [
    "class C(Base):\n    def m(self): return super(Other, self).m()\nC().m()",
    "class C:\n    def m(self): return super(Base, self).m()\nC().m()",
    "class C(Base):\n    def __init__(self): super(Other, self).__init__()\nC()",
    "class C(Base):\n    @classmethod\n    def m(cls): return super(Other, cls).m()\nC.m()",
    "class C(Base):\n    def m(self): return super(dict, self).m()\nC().m()",
    "import json\nclass C(Base):\n"
    "    def m(self): return super(json.JSONEncoder, self).m()\nC().m()",
]


@pytest.mark.parametrize("text", OTHER)
def test_a_class_that_is_no_base_is_refused(project: Project, text: str) -> None:
    shop = project(f"{BASE}class Other(Base): pass\n{text}\n")
    (finding,) = shop.lint("PCL409")
    done = shop.run("main.py")
    assert "TypeError: super(type, obj): obj" in done.stderr
    assert f"line {finding.line}," in done.stderr


SOUND = [
    "class C(Base):\n    def m(self): return super(C, self).m()\nC().m()",
    "class C(Base):\n    def m(self): return super().m()\nC().m()",
    "class C(Base):\n    def m(self): return super().m(self)\nC().m()",
    "class C(Other):\n    def m(self): return super(Other, self).m()\nC().m()",
    "class C:\n    def m(self): return super(Other, self).m()\nclass D(C, Other): pass\nD().m()",
    "class C(Base):\n    def m(self): return super(D, self).m()\nclass D(C): m = Base.m\nD().m()",
    "class C(Base):\n    @classmethod\n    def m(cls): return super(type, cls).__repr__()\nC.m()",
    "class C(Base):\n    @staticmethod\n    def m(x): return super(Other, x).m()\nC.m(Other())",
    "class C:\n    def m(self):\n        self = Other()\n        return super(Other, self).m()\nC().m()",
    "class C(Base):\n    def m(self, Other=None):\n        Other = C\n"
    "        return super(Other, self).m()\nC().m()",
    "class C(Base):\n    def m(self):\n        self.__class__ = Other\n"
    "        return super(Other, self).m()\nC().m()",
    "class C(Base):\n    def __new__(cls): return super().__new__(cls)\nC()",
    "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: object\nclass C(A):\n"
    "    def __init__(self): super().__init__(self)\nC()",
    "class C(dict):\n    def __init__(self): super().__init__(self)\nC()",
    "class C(Base):\n    def n(self): return super().m(self)\nC().n()",
    "def f(self): return super(Other, self).m()\nf(Other())",
]


@pytest.mark.parametrize("text", SOUND)
def test_what_works_is_left_alone(project: Project, text: str) -> None:
    shop = project(f"{BASE}class Other(Base): pass\n{text}\n")
    assert shop.lint("PCL409") == []
    assert shop.run("main.py").stderr == ""


def test_a_base_that_is_not_known_may_be_any(project: Project) -> None:
    text = "from nowhere import Base\nclass Other: pass\nclass C(Base):\n"
    text += "    def m(self): return super(Other, self).m()\n"
    assert project(text).lint("PCL409") == []


SIGNATURES = ["self", "self, x", "self, x=1", "self, *xs", "self, /", "self, *, x=1", "self, **xs"]
CALLS = ["self", "self, 1", "self, x=1", "self, *(1,)", "", "1", "x=1"]
KINDS = ["", "@classmethod", "@staticmethod"]


def test_an_instance_that_is_passed_twice_is_one_argument_too_many(project: Project) -> None:
    cases = list(itertools.product(SIGNATURES, CALLS, KINDS, ["m", "__init__"]))
    files = {}
    for number, (signature, call, kind, name) in enumerate(cases):
        head = f"    {kind}\n" if kind else ""
        files[f"m{number}.py"] = (
            f"class Base:\n{head}    def {name}({signature}): pass\n"
            f"class C(Base):\n    def {name}(self): super().{name}({call})\nC().{name}()\n"
        )
    shop = project(files)
    said = {finding.path.rpartition("/")[2]: finding.message for finding in shop.lint("PCL409")}
    for path, text in files.items():
        error = ""
        try:
            exec(compile(text, path, "exec"), {"__name__": "main"})
        except TypeError as raised:
            error = f"TypeError: {raised}"
        if path in said:
            assert error, text
            assert said[path].endswith(error), text
    assert len(said) > 20


def test_objects_own_init_takes_nothing(project: Project) -> None:
    shop = project("class C:\n    def __init__(self):\n        super().__init__(self)\nC()\n")
    (said,) = shop.messages("PCL409")
    assert said.rpartition("; ")[2] in shop.run("main.py").stderr
    assert (
        shop.fix("PCL409", unsafe=True)["main.py"].splitlines()[2] == "        super().__init__()"
    )


SLOTTED = """
from dataclasses import dataclass
@dataclass
class Base:
    x: int = 0
    def m(self): return 1
@dataclass(slots=True)
class C(Base):
    y: int = 0
    {}
C().m()
"""


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="dataclasses mend it")
@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize(
    "method", ["def m(self): return super().m()", "def __post_init__(self): super().__init__()"]
)
def test_a_dataclass_with_slots_is_another_class(
    project: Project, method: str, fixed: bool
) -> None:
    shop = project(SLOTTED.format(method.replace("super().__init__()", "super().m()")))
    assert len(shop.lint("PCL409")) == 1
    if fixed:
        shop.fix("PCL409", unsafe=True)
    assert ("TypeError: super(type, obj)" in shop.run("main.py").stderr) is not fixed


@pytest.mark.parametrize(
    "method",
    [
        "def m(self): return super(C, self).m()",
        "@staticmethod\n    def m(): return 2",
        "def m(self): return Base.m(self)",
    ],
)
def test_a_dataclass_with_slots_that_names_its_class_works(project: Project, method: str) -> None:
    shop = project(SLOTTED.format(method))
    assert shop.lint("PCL409") == []
    assert shop.run("main.py").returncode == 0


def test_python_314_has_mended_dataclasses(project: Project) -> None:
    text = SLOTTED.format("def m(self): return super().m()")
    pyproject = "[project]\nname = 'shop'\nversion = '1'\nrequires-python = '>=3.14'\n"
    assert project({"main.py": text, "pyproject.toml": pyproject}).lint("PCL409") == []


UNKNOWN = "from pytest import UsageError\nclass Other(UsageError): pass\n"


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("class C(UsageError):\n    def __init__(self): super(Other, self).__init__()\nC()", True),
        (
            "class D(UsageError): pass\nclass C(D):\n    def m(self): super(Other, self).m()\nC().m()",
            True,
        ),
        ("class C(Other):\n    def __init__(self): super(Other, self).__init__()\nC()", False),
        (
            "class C(UsageError):\n    def __init__(self): super(Other, self).__init__()\n"
            "class D(C, Other): pass\nD()",
            False,
        ),
    ],
)
def test_the_same_unknown_base_keeps_two_classes_apart(
    project: Callable[..., Any], text: str, fails: bool
) -> None:
    made = project(f"{UNKNOWN}{text}\n")
    if fails:
        with pytest.raises(TypeError):
            exec(UNKNOWN + text, {"__name__": "main"})
    else:
        exec(UNKNOWN + text, {"__name__": "main"})
    assert len(made.lint("PCL409")) == fails


SKIPS = """\
class Field:
    def prepare(self, value):
        return [value]


class Json(Field):
    def prepare(self, value):
        return super().prepare(value) + ["json"]


class Quoted(Json):
    def prepare(self, value):
        return super(Json, self).prepare(value)


print(Quoted().prepare(1))
"""


def test_a_base_that_is_skipped_is_named(project: Project) -> None:
    shop = project(SKIPS)
    assert shop.run("main.py").stdout == "[1]\n"
    (found,) = shop.lint("PCL409")
    assert found.severity == "note"
    assert found.message == (
        "`super(Json, self)` starts behind `Json`: `Json.prepare`, which comes next on the MRO of "
        "`Quoted`, is skipped"
    )
    shop.fix("PCL409", unsafe=True)
    assert shop.run("main.py").stdout == "[1, 'json']\n"
    assert shop.lint("PCL409") == []


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("super(Json, self).prepare(value)", "super(Quoted, self).prepare(value)"),
        ("super(Json, self).prepare(value)", "super(Json, self).prepare(super().prepare(value))"),
        ("class Quoted(Json):\n    def prepare", "class Quoted(Json):\n    def other"),
        ("class Json(Field):\n    def prepare", "class Json(Field):\n    def another"),
    ],
)
def test_where_nothing_is_skipped_nothing_is_said(
    project: Project, written: str, instead: str
) -> None:
    text = SKIPS
    assert written in text
    assert project(text.replace(written, instead)).places("PCL409") == []
