"""PCL903: `object` as a base."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL903"
HEADERS = {
    "class C(object): pass": "class C: pass",
    "class C( object ): pass": "class C: pass",
    "class C(object,): pass": "class C: pass",
    "class C(\n    object,\n): pass": "class C: pass",
    "class C (object) : pass": "class C  : pass",
    "class C(B, object): pass": "class C(B): pass",
    "class C(B, object,): pass": "class C(B,): pass",
    "class C(\n    B,\n    object,\n): pass": "class C(\n    B,\n): pass",
    "class C(B, object, key=1): pass": "class C(B, key=1): pass",
    "class C(G[int], object): pass": "class C(G[int]): pass",
    "class C(\n    B,\n    object\n): pass": "class C(\n    B\n): pass",
    "class C(B  ,object): pass": "class C(B): pass",
    "class C(object):\r\n\tpass": "class C:\r\n\tpass",
    "class C(object, key=1): pass": "class C(key=1): pass",
    "class C(\n    object,\n    key=1,\n): pass": "class C(\n    key=1,\n): pass",
    "class Č(object): é = 'ü'": "class Č: é = 'ü'",
    "@decorated\nclass C(object): pass": "@decorated\nclass C: pass",
    "class C(object): x = 1; object = 2": "class C: x = 1; object = 2",
    "if 1:\n    class C(object): pass\nelse:\n    C = 1": (
        "if 1:\n    class C: pass\nelse:\n    C = 1"
    ),
    "def f():\n    class C(object):\n        class D(object): pass\n    return C\nC = f()": (
        "def f():\n    class C:\n        class D: pass\n    return C\nC = f()"
    ),
}
BEFORE = """\
def decorated(cls): return cls


class B:
    def __init_subclass__(cls, **keys): pass


class G:
    def __class_getitem__(cls, item): return cls


"""


@pytest.mark.parametrize("header", HEADERS)
def test_the_base_goes_and_nothing_else(project: Project, header: str) -> None:
    p = project(BEFORE + header + "\n")
    assert p.messages(CODE)
    assert p.fix(CODE)["main.py"] == BEFORE + HEADERS[header] + "\n"


@pytest.mark.parametrize(
    "source",
    [
        "class C: pass",
        "class C(): pass",
        "class C(object, B): pass",  # no order of its bases would do: PCL305
        "class C(object, object): pass",
        "class C(B): pass",
        "object = B\nclass C(object): pass",
        "from elsewhere import *\nclass C(object): pass",
        "from elsewhere import object\nclass C(object): pass",
        "import builtins as b\nclass C(b.object): pass",
        "class C(metaclass=object): pass",
        "def f(object):\n    class C(object): pass",
        "class D:\n    object = B\n    class C(object): pass",
        "def f():\n    global object\n    object = B\nclass C(object): pass",
    ],
)
def test_silence(project: Project, source: str) -> None:
    assert project(BEFORE + source + "\n").messages(CODE) == []


@pytest.mark.parametrize(
    "header",
    [
        "class C(  # the base\n    object\n): pass",
        "class C(\n    object  # the base\n): pass",
        "class C((object)): pass",
        "class C(B, (object)): pass",
        "class C(\\\n    object): pass",
    ],
)
def test_no_fix_where_more_than_blanks_would_go(project: Project, header: str) -> None:
    p = project(BEFORE + header + "\n")
    assert p.messages(CODE)
    assert p.fix(CODE, unsafe=True)["main.py"] == BEFORE + header + "\n"


@pytest.mark.parametrize(
    ("header", "is_safe"),
    [
        ("class C(object, metaclass=abc.ABCMeta): pass", True),
        ("class C(object, metaclass=type): pass", True),
        ("class C(object, metaclass=Meta): pass", False),
        ("class C(object, metaclass=unknown()): pass", False),
        ("class C(object, **keys): pass", False),
        ("class C(Unknown, object): pass", False),
        ("class C(WithMeta, object): pass", False),
        ("class C(*bases, object): pass", False),
        ("class C(int, object): pass", True),
    ],
)
def test_a_metaclass_may_look_at_the_bases(project: Project, header: str, is_safe: bool) -> None:
    before = (
        "import abc\nfrom elsewhere import Unknown, unknown\nkeys = {}; bases = []\n"
        "class Meta(type): pass\nclass WithMeta(metaclass=Meta): pass\n"
    )
    p = project(before + header + "\n")
    (finding,) = p.lint(CODE)
    assert finding.fix is not None
    assert finding.fix.is_safe == is_safe


def test_it_stands_at_the_name(project: Project) -> None:
    p = project("class Č(int, object): pass\n")
    assert p.places(CODE) == [("main.py", 1, 14)]


def test_the_class_is_the_same_without(project: Project) -> None:
    headers = [header for header in HEADERS if " C" in header and "object, key" not in header]
    headers.remove("class C(\n    object,\n    key=1,\n): pass")  # object takes no keywords
    source = BEFORE + "".join(f"{h}\nprint(C.__mro__[1:], C.__bases__[0])\n" for h in headers)
    p = project(source)
    before = p.run("main.py")
    assert before.returncode == 0, before.stderr
    assert p.fix(CODE)["main.py"] != source
    assert p.messages(CODE) == []
    assert p.run("main.py").stdout == before.stdout


def test_python_2_source_is_changed_only_together_with_its_syntax(project: Project) -> None:
    source = "class C(object):\n    def m(self):\n        print 'm'\n"
    p = project(source)
    assert p.messages(CODE)
    assert p.fix(CODE)["main.py"] == source
    p = project(source)
    fixed = p.fix(CODE, "PCL902")["main.py"]
    assert fixed == "class C:\n    def m(self):\n        print('m')\n"


EVIDENCE = [
    "from __future__ import print_function",
    "import six",
    "from future.utils import PY3",
    "import sys; old = sys.version_info < (3,)",
]


@pytest.mark.parametrize("line", EVIDENCE)
def test_the_fix_is_unsafe_where_python_2_runs_the_file_too(project: Project, line: str) -> None:
    p = project(f"{line}\nclass C(object): pass\n")
    (finding,) = p.lint(CODE)
    assert finding.fix is not None
    assert not finding.fix.is_safe
    assert p.fix(CODE, unsafe=True)["main.py"] == f"{line}\nclass C: pass\n"


@pytest.mark.parametrize("line", [*EVIDENCE, "from __future__ import annotations"])
def test_a_project_that_requires_python_3_is_no_such_case(project: Project, line: str) -> None:
    requires = '[project]\nrequires-python = ">=3.9"\n[tool.pyconcepts-lint]\n'
    p = project({"pyproject.toml": requires, "main.py": f"{line}\nclass C(object): pass\n"})
    assert p.fix(CODE)["main.py"] == f"{line}\nclass C: pass\n"


def test_branches_for_python_2_are_left_alone(project: Project) -> None:
    source = (
        "import sys\n"
        "if sys.version_info[0] == 2:\n    class C(object): pass\n"
        "else:\n    class C(object): pass\n"
        "class D(object): pass\n"
    )
    assert project(source).places(CODE) == [("main.py", 5, 13), ("main.py", 6, 9)]


def test_what_is_said_of_python_2_source_is_said_of_python_3(project: Project) -> None:
    """Its classes without bases are no objects of the kind that `object` makes."""
    source = "class B: print 1\nclass C(B, object): pass\nclass D(object): pass\n"
    assert all("in Python 3" in message for message in project(source).messages(CODE))
    assert len(project(source).messages(CODE)) == 2


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in 3.12")
def test_type_parameters_stay(project: Project) -> None:
    source = "class B[T]: pass\nclass C[T](object): pass\nclass D[T](B[T], object): pass\n"
    fixed = source.replace("(object)", "").replace(", object", "")
    assert project(source).fix(CODE)["main.py"] == fixed


def test_bases_that_may_be_none_are_not_said_to_inherit(project: Project) -> None:
    (finding,) = project("class L(*(), object): pass\n").lint("PCL903")
    assert finding.message == "`L` inherits from `object` in Python 3 without naming it"
    assert finding.fix.applicability == "unsafe"
