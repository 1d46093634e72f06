"""PCL402: what it claims of a call is what Python does with it; where it can't know, it is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL402"
LETTER = """
class Customer:
    def __init__(self, name):
        self.name = name

    def letter(self, greeting="Dear"):
        return f"{greeting} {self.name}"

    def order(self, product, *, number=1):
        return product, number
"""


def fails(project: Callable[..., Any], source: str, call: str) -> bool:
    """Does the program end in the TypeError of a call that misses arguments?"""
    done = project(f"{source}\n{call}\n").run("main.py")
    return "TypeError" in done.stderr and "missing" in done.stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("Customer.letter()", "missing 1 required positional argument: 'self'"),
        ("Customer.letter(greeting='Hi')", "missing 1 required positional argument: 'self'"),
        ("Customer.order()", "missing 2 required positional arguments: 'self' and 'product'"),
        ("Customer.order(3)", "missing 1 required positional argument: 'product'"),
        ("Customer.order(product=3)", "missing 1 required positional argument: 'self'"),
        ("Customer.__init__('Ada')", "missing 1 required positional argument: 'name'"),
        ("x = [Customer . letter() for _ in 'a']", "missing 1 required positional"),
        ("(Customer.letter)()", "missing 1 required positional argument: 'self'"),
        ("'é', Customer.letter(\n)", "missing 1 required positional argument: 'self'"),
    ],
)
def test_a_call_that_is_short_of_arguments_is_reported_with_pythons_words(
    project: Callable[..., Any], call: str, said: str
) -> None:
    found = project(f"{LETTER}\n{call}\n").messages(CODE)
    assert len(found) == 1
    assert said in found[0]
    done = project(f"{LETTER}\n{call}\n").run("main.py")
    assert f"() {said}" in done.stderr


@pytest.mark.parametrize(
    "call",
    [
        "Customer.letter(Customer('Ada'))",
        "Customer.letter('anything', 'Hi') if 0 else 0",
        "Customer.order(self=1, product=2)",
        "Customer('Ada').letter()",
        "args = (Customer('Ada'),); Customer.letter(*args)",
        "kw = {'self': Customer('Ada')}; Customer.letter(**kw)",
    ],
)
def test_a_call_that_passes_enough_is_right(project: Callable[..., Any], call: str) -> None:
    small = project(f"{LETTER}\n{call}\n")
    assert small.lint(CODE) == []
    assert small.run("main.py").returncode == 0


def test_the_place_is_that_of_the_call(project: Callable[..., Any]) -> None:
    small = project(f"{LETTER}\nx = 'é', Customer.letter()\n")
    assert small.places(CODE) == [("main.py", 12, 10)]
    (finding,) = small.lint(CODE)
    assert (finding.end_line, finding.end_column) == (12, 27)


@pytest.mark.parametrize(
    "definition",
    [
        "@staticmethod\n    def m(a=0): return 0",
        "@classmethod\n    def m(cls): return 0",
        "@wrapped\n    def m(self): return 0",
        "def m(self=None): return 0",
        "def m(*args): return 0",
        "def m(**kw): return 0",
        "def m(self): return 0\n    m = staticmethod(lambda: 0)",
        "m = classmethod(lambda cls: 0)",
        "def m(self): return 0\n    m.x = 1\n    m = wrapped(m)",
        "m = wrapped(0)",
        "class m: pass",
        "if 1:\n        def m(): return 0\n    else:\n        def m(self): return 0",
    ],
)
def test_what_is_no_plain_method_is_left_alone(
    project: Callable[..., Any], definition: str
) -> None:
    header = "def wrapped(f):\n    return lambda *args: 0\n"
    small = project(f"{header}class C:\n    {definition}\nC.m()\n")
    assert small.lint(CODE) == []
    assert small.run("main.py").returncode == 0


@pytest.mark.parametrize(
    "source",
    [
        # another attribute takes its place
        "class C:\n    def m(self): pass\nC.m = lambda: 0\nC.m()",
        "class C:\n    def m(self): pass\nsetattr(C, 'm', print)\nC.m()",
        "class C:\n    def m(self): pass\ndef change(cls): cls.m = print\nchange(C)\nC.m()",
        "class C:\n    def m(self): pass\n    @classmethod\n    def f(cls): cls.m = print\nC.f()\nC.m()",
        "class C:\n    def m(self): pass\nfor name in 'm':\n    setattr(C, name, print)\nC.m()",
        "class C:\n    def m(self): pass\ndef f(cls): cls.__dict__; type.__setattr__(cls, 'm', print)\nf(C)\nC.m()",
        "from unittest import mock\nclass C:\n    def m(self): pass\nwith mock.patch.object(C, 'm'):\n    C.m()",
        "from unittest import mock\nclass C:\n    def m(self): pass\nwith mock.patch('__main__.C.m'):\n    C.m()",
        "class B:\n    def __init_subclass__(cls):\n        for name in 'm':\n            setattr(cls, name, print)\nclass C(B):\n    def m(self): pass\nC.m()",
        # the class is something else
        "def deco(c):\n    return type('D', (), {'m': print})\n@deco\nclass C:\n    def m(self): pass\nC.m()",
        "class M(type):\n    def __getattribute__(cls, n): return print\nclass C(metaclass=M):\n    def m(self): pass\nC.m()",
        "class M(type):\n    m = property(lambda cls: print)\nclass C(metaclass=M):\n    def m(self): pass\nC.m()",
        "class M(type):\n    def __new__(*a): return type('D', (), {'m': print})\nclass C(metaclass=M):\n    def m(self): pass\nC.m()",
        "class C:\n    def m(self): pass\nC = type('D', (), {'m': print})\nC.m()",
        "class C:\n    def m(self): pass\ndef f(C):\n    C.m()\nf(C())",
        "class C:\n    def m(self): pass\ndef f():\n    C = object\n    C.mro()\nf()",
        # a subclass may bring one
        "class C:\n    @classmethod\n    def f(cls): return cls.m()\n    def m(self): pass\nclass D(C):\n    @classmethod\n    def m(cls): pass\nD.f()",
        "class C:\n    @classmethod\n    def f(cls): return cls.m()\n    def m(self): pass\nD = type('D', (C,), {'m': classmethod(print)})\nD.f()",
        # the error is dealt with
        "class C:\n    def m(self): pass\ntry:\n    C.m()\nexcept TypeError: pass",
        "import contextlib\nclass C:\n    def m(self): pass\nwith contextlib.suppress(Exception):\n    C.m()",
        "import sys\nclass C:\n    def m(self): pass\nif sys.version_info < (3,):\n    C.m()",
        "from typing import TYPE_CHECKING\nclass C:\n    def m(self): pass\nif TYPE_CHECKING:\n    C.m()",
    ],
)
def test_where_something_may_undo_the_claim_it_is_silent(
    project: Callable[..., Any], source: str
) -> None:
    small = project(f"{source}\n")
    assert small.lint(CODE) == []
    done = small.run("main.py")
    assert done.returncode == 0, done.stderr


def test_a_base_that_cannot_be_resolved_silences(project: Callable[..., Any]) -> None:
    small = project("from somewhere import B\nclass C(B):\n    def m(self): pass\nC.m()\n")
    assert small.lint(CODE) == []


def test_classes_of_other_modules_and_inherited_methods(project: Callable[..., Any]) -> None:
    small = project(
        {
            "shop/__init__.py": "",
            "shop/models.py": "class Base:\n    def m(self, a): pass\nclass C(Base):\n    pass\n",
            "shop/use.py": "from .models import C\nfrom . import models\n"
            "def one():\n    C.m()\ndef two():\n    from .models import Base as B\n    B.m(1)\n"
            "def three():\n    models.C.m(a=1)\ndef four():\n    return C.m\nthree()\n",
        }
    )
    assert small.places(CODE) == [
        ("shop/use.py", 4, 5),
        ("shop/use.py", 7, 5),
        ("shop/use.py", 9, 5),
    ]
    assert "missing 1 required positional argument: 'self'" in small.run_module("shop.use").stderr


def test_cls_counts_where_no_subclass_has_its_own(project: Callable[..., Any]) -> None:
    source = (
        "class C:\n    @classmethod\n    def f(cls):\n        return cls.m()\n"
        "    def m(self): pass\nclass D(C): pass\n"
    )
    assert project(source).places(CODE) == [("main.py", 4, 16)]
    assert fails(project, source, "D.f()")


def test_enums_dataclasses_and_abstract_classes_have_plain_methods(
    project: Callable[..., Any],
) -> None:
    source = """
    import abc, dataclasses, enum
    class E(enum.Enum):
        A = 1
        def m(self): pass
    @dataclasses.dataclass
    class D:
        x: int = 0
        def m(self): pass
    class B(abc.ABC):
        @abc.abstractmethod
        def m(self): pass
    def e(): E.m()
    def d(): D.m()
    def b(): B.m()
    """
    assert [line for _, line, _ in project(source).places(CODE)] == [13, 14, 15]
    for call in ("E.m()", "D.m()", "B.m()"):
        assert fails(project, source.replace("\n    ", "\n"), call)


def test_private_methods_are_found_under_their_mangled_names(project: Callable[..., Any]) -> None:
    source = "class C:\n    def __m(self): pass\n    def f(self):\n        C.__m()\nC().f()\n"
    small = project(source)
    assert small.places(CODE) == [("main.py", 4, 9)]
    assert "missing 1 required positional argument: 'self'" in small.run("main.py").stderr


def test_python2_source(project: Callable[..., Any]) -> None:
    small = project("class C:\n    def m(self):\n        print 'x'\nC.m()\n")
    assert small.places(CODE) == [("main.py", 4, 1)]


def test_places_in_odd_source_form_feeds_and_continuation_lines(
    project: Callable[..., Any],
) -> None:
    source = (
        b"class C:\r\n\tdef m(self):\r\n\t\tpass\r\n\x0cdef f():\r\n\tx = 1; C \\\r\n\t.m(\r\n)\r\n"
    )
    small = project({"main.py": source})
    assert small.places(CODE) == [("main.py", 5, 9)]
