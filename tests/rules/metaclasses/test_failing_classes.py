"""PCL304 and PCL305, compared with what making the classes does."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CODES = ("PCL304", "PCL305")
HEADER = """\
import abc, collections, collections.abc, enum, typing
from typing import Generic, Protocol
T = typing.TypeVar("T")
class M(type):
    def __new__(meta, name, bases, namespace, **more):
        cls = super().__new__(meta, name, bases, namespace)
        return cls
class N(type): pass
class O(M): pass
class P(N, abc.ABCMeta): pass
class Q(M, N): pass
"""
FIRST = HEADER.count("\n") + 1


def code_of(error: TypeError) -> str:
    """Which rule is to speak of it."""
    text = str(error)
    if "metaclass conflict" in text:
        return "PCL304"
    return "PCL305" if "consistent method" in text or "duplicate base class" in text else ""


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, list[tuple[int, str]]]:
    """Class statements one a line, and which of them fail: the line and the rule's code.

    Further classes are derived only from those that could be made.
    """
    namespace: dict[str, Any] = {"__name__": "main"}
    exec(HEADER, namespace)
    there = ["object", "dict", "abc.ABC", "collections.abc.Mapping", "collections.UserDict"]
    lines: list[str] = []
    failing: list[tuple[int, str]] = []
    for number in range(draw(st.integers(3, 9))):
        bases = draw(st.lists(st.sampled_from(there[-8:]), max_size=3))
        metaclass = draw(st.sampled_from(["", "", "", "M", "N", "O", "P", "Q", "abc.ABCMeta"]))
        header = ", ".join([*bases, *([f"metaclass={metaclass}"] if metaclass else [])])
        lines.append(f"class C{number}({header}): pass")
        try:
            exec(lines[-1], namespace)
        except TypeError as error:
            if code_of(error):
                failing.append((FIRST + number, code_of(error)))
        else:
            there.append(f"C{number}")
    return "\n".join(lines) + "\n", failing


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(programs())
def test_what_is_reported_is_what_fails(
    project: Callable[..., Any], program: tuple[str, list[tuple[int, str]]]
) -> None:
    text, failing = program
    found = project(HEADER + text).lint(*CODES)
    assert [(finding.line, finding.code) for finding in found] == failing


def fails(files: dict[str, str], project: Callable[..., Any]) -> list[str]:
    p = project(files)
    done = p.run("main.py")
    assert "TypeError" in done.stderr, done.stderr
    messages: list[str] = p.messages(*CODES)
    return messages


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "class A(metaclass=M): pass\nclass B(metaclass=N): pass\nclass C(A, B): pass",
            "making `C` raises TypeError: neither `M`, the metaclass of `A`, nor `N`, that of `B`, "
            "is derived from the other",
        ),
        (
            "class A(abc.ABC, metaclass=M): pass",
            "making `A` raises TypeError: neither `metaclass=M` nor `ABCMeta`, the metaclass of "
            "`abc.ABC`, is derived from the other",
        ),
        (
            "class A(metaclass=M): pass\nclass B(A, enum.Enum): pass",
            "making `B` raises TypeError: neither `M`, the metaclass of `A`, nor `EnumType`, that "
            "of `enum.Enum`, is derived from the other",
        ),
        (
            "class A: pass\nclass B(A): pass\nclass C(A, B): pass",
            "making `C` raises TypeError: its base `A` stands before `B`, which is derived from it",
        ),
        (
            "class A: pass\nclass B(object, A): pass",
            "making `B` raises TypeError: its base `object` stands before `A`, which is derived "
            "from it",
        ),
        (
            "class A(OSError, dict, IOError): pass",
            "making `A` raises TypeError: its bases `OSError` and `IOError` are the same class",
        ),
        (
            "class A: pass\nclass D: pass\nprint(A.__bases__)\ndef f(cls): cls.__bases__ += (A,)\n"
            "class B(A, A): pass",
            "making `B` raises TypeError: its base `A` stands there twice",
        ),
        (
            "class A: pass\nclass B: pass\nclass C(A, B): pass\nclass D(B, A): pass\n"
            "class E(C, D): pass",
            "making `E` raises TypeError: `A` comes before `B` in the MRO of `C`, and behind it "
            "in the MRO of `D`",
        ),
        (
            "class A: pass\nclass B: pass\nclass C(A, B): pass\nclass D(B, C, A): pass",
            "making `D` raises TypeError: its base `B` stands before `C`, which is derived from it",
        ),
        (
            "class A: pass\nclass B: pass\nclass C: pass\nclass D(A, B): pass\n"
            "class E(B, C): pass\nclass F(C, A): pass\nclass G(D, E, F): pass",
            "making `G` raises TypeError: its bases want contrary orders",
        ),
        (
            "class A:\n    __metaclass__ = M\nclass B(A): pass\nclass C(A, B): pass",
            "making `C` raises TypeError: its base `A` stands before `B`, which is derived from it",
        ),
        (
            "class Outer:\n    class A: pass\n    class B(A): pass\n    class C(A, B): pass",
            "making `C` raises TypeError: its base `A` stands before `B`, which is derived from it",
        ),
        (
            "def f():\n    class D(dict, collections.OrderedDict): pass\nf()",
            "making `D` raises TypeError: its base `dict` stands before `collections.OrderedDict`, "
            "which is derived from it",
        ),
    ],
)
def test_messages(project: Callable[..., Any], text: str, message: str) -> None:
    assert fails({"main.py": HEADER + text}, project) == [message]


def test_bases_of_other_modules(project: Callable[..., Any]) -> None:
    files = {
        "metas.py": "class Meta(type): pass\n",
        "more.py": "class Meta(type): pass\nclass B(metaclass=Meta): pass\n",
        "bases.py": "from metas import *\nclass A(metaclass=Meta): pass\n",
        "main.py": "import bases, more as other\nclass C(bases.A, other.B):\n    pass\n",
    }
    assert fails(files, project) == [
        "making `C` raises TypeError: neither `metas.Meta`, the metaclass of `bases.A`, nor "
        "`more.Meta`, that of `other.B`, is derived from the other"
    ]


def test_the_finding_covers_the_name(project: Callable[..., Any]) -> None:
    text = "if 1:\n  class A: pass; ä = 1\n  @deco  # of\n  class ß ( A ,A ): pass\n"
    (finding,) = project(text).lint("PCL305")
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (4, 3, 4, 10)
    assert finding.fix is None


@pytest.mark.parametrize(
    "text",
    [
        "class A(Unknown): pass\nclass B(A, A): pass",
        "class A(Unknown, object, dict): pass",
        "class A(object, Unknown): pass",
        "class A(metaclass=Unknown): pass\nclass B(A, metaclass=M): pass",
        "class A(metaclass=M): pass\nclass B(A, metaclass=Unknown): pass",
        "class A(metaclass=M): pass\nclass B(A, metaclass=lambda *a: 1): pass",
        "class A: pass\nclass B(A, A, **more): pass",
        "class A: pass\nclass B(A, *more): pass",
        "@unknown\nclass A: pass\nclass B(A): pass\nclass C(A, B): pass",
        "@unknown\nclass X(type): pass\nclass A(metaclass=X): pass\nclass B(A, abc.ABC): pass",
        "@unknown\nclass X(type): pass\nclass B(abc.ABC, metaclass=X): pass",
        "class X(type):\n    def mro(cls): return type.mro(cls)[:1]\n"
        "class A(metaclass=X): pass\nclass B(A): pass\nclass C(A, B): pass",
        "class X(type):\n    def __new__(m, n, b, d): return type.__new__(m, n, b[1:], d)\n"
        "class A(metaclass=X): pass\nclass B(A): pass\nclass C(A, B): pass",
        "class X(type):\n    def __new__(m, n, b, d): return type(n, b, d)\n"
        "class A(metaclass=X): pass\nclass B(abc.ABC, A): pass",
        "def f(A):\n    class B(A, A): pass",
        "class A: pass\nclass B: pass\ndef f(B):\n    class C(A, B): pass\n    class D(B, A): pass\n"
        "    class E(C, D): pass",
        "class A: pass\ndef f():\n    def g():\n        class B(A, A): pass\n    A = 1",
        "class A: pass\nclass B(A): pass\ntry:\n    class C(A, B): pass\nexcept TypeError: pass",
        "class A: pass\nclass B(A): pass\ntry:\n    class C(A, B): pass\nexcept: pass",
        "class A: pass\nwith contextlib.suppress(TypeError):\n    class C(A, A): pass",
        "class A: pass\ndef test():\n    with pytest.raises(TypeError):\n        class C(A, A): pass",
        "class A: pass\ndef test(self):\n    def make():\n        class C(A, A): pass\n"
        "    self.assertRaises(TypeError, make)",
        "class A: pass\nif sys.version_info < (3,):\n    class C(A, A): pass",
        "class A: pass\nif typing.TYPE_CHECKING:\n    class C(A, A): pass",
        "class A: pass\nclass B(A): pass\nclass C(A, B): pass\nA.__bases__ = ()",
        "class X(type):\n    def __init__(cls, *a): cls.__bases__ = (dict,)\n"
        "class A(metaclass=X): pass\nclass B(A, A): pass",
        "class X(type):\n    def __init__(cls, *a): cls.__class__ = type\n"
        "class A(metaclass=X): pass\nclass B(A, abc.ABC): pass",
        "class A(Generic[T], typing.Sized): pass\nclass B(Generic[T], typing.List[T]): pass",
        "class A(Generic[T]): pass\nclass B(Generic[T], A[T]): pass",
        "class A(Protocol[T]): pass\nclass B(Generic[T], Protocol): pass\nclass C(A[T], Protocol[T]): pass",
        "class A(type): pass\nclass B(metaclass=A): pass\nclass C(B, metaclass=type): pass",
        "class A: pass\nclass B(A): pass\nA = object\nclass C(B, A): pass",
        "class A: pass\nclass B(A): pass\nA = B\nB = object\nclass C(A, B): pass",
        "class A(enum.Flag): pass\nclass B(int, enum.Enum): pass\nclass C(str, enum.Enum): pass",
        "class A(metaclass=M): pass\nclass B(A, metaclass=M[int]): pass",
        "class A:\n    __metaclass__ = M\nclass B(A, metaclass=N): pass",
        "class A(metaclass=M): pass\nclass B(metaclass=N): pass\nclass C(A): pass\n"
        "class D(C, B, metaclass=Q): pass",
    ],
)
def test_what_is_not_sure_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(HEADER + text + "\n").lint(*CODES) == []


def test_a_class_below_one_that_fails_is_not_reported_again(project: Callable[..., Any]) -> None:
    text = "class A(dict, dict): pass\nclass B(object, A): pass\nclass C(A, A): pass\n"
    assert project(text).places(*CODES) == [("main.py", 1, 1)]


def test_of_python2_source_it_is_said_what_python3_does(project: Callable[..., Any]) -> None:
    text = "print 'x'\nclass A: pass\nclass B(object, A): pass\n"
    assert project(text).messages(*CODES) == [
        "Python 3 raises TypeError where it makes `B`: its base `object` stands before `A`, which "
        "is derived from it"
    ]
    textual = "print 'x'\nclass A:\n    __metaclass__ = M\nclass B(A, A): pass\n"
    assert project(textwrap.dedent(textual)).lint(*CODES) == []


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("class A(Generic[T]): pass\nclass B(Generic[T], A): pass", True),
        ("class A(Generic[T]): pass\nclass B(Generic[T], A[int]): pass", False),
        ("class A(Generic[T]): pass\nclass B(A, Generic[T]): pass", False),
        ("class A(Generic[T]): pass\nclass D(A[T]): pass\nclass B(Generic[T], D, A): pass", True),
        ("class A(Generic[T]): pass\nclass B(Generic[T], Protocol): pass", False),
        ("class A(Generic[T]): pass\nclass B(Generic[T], A, List[T]): pass", False),
        # Nothing is known of UsageError.
        ("class A(UsageError): pass\nclass B(UsageError, A): pass", True),
        ("class A(UsageError): pass\nclass D(A): pass\nclass B(UsageError, D): pass", True),
        ("class A(pytest.UsageError): pass\nclass B(pytest.UsageError, A): pass", True),
        ("class A(UsageError): pass\nclass B(A, UsageError): pass", False),
        ("class A: pass\nclass B(UsageError, A): pass", False),
        ("class A(Failed): pass\nclass B(UsageError, A): pass", False),
        (
            "try:\n    from pytest import Item\nexcept ImportError:\n    Item = object\n"
            "class A(Item): pass\nclass B(Item, A): pass",
            None,
        ),
    ],
)
def test_what_stands_before_a_class_derived_from_it_fails_whatever_it_is(
    project: Callable[..., Any], text: str, fails: bool | None
) -> None:
    head = (
        "import pytest\nfrom typing import Generic, List, Protocol, TypeVar\n"
        "from pytest import UsageError\nfrom _pytest.outcomes import Failed\nT = TypeVar('T')\n"
    )
    made = project(f"{head}{text}\n")
    if fails:
        with pytest.raises(TypeError):
            exec(head + text, {"__name__": "main"})
    elif fails is not None:
        exec(head + text, {"__name__": "main"})
    assert len(made.lint("PCL305")) == bool(fails)


def test_each_call_of_a_function_makes_another_base(project: Callable[..., Any]) -> None:
    shop = project(
        "def joined(name):\n    class Mixin:\n        __slots__ = ()\n\n"
        "    setattr(Mixin, name, 1)\n    return Mixin\n\n\n"
        "class Row(joined('a'), joined('b')):\n    pass\n\n\nprint(Row.a + Row.b)\n"
    )
    assert shop.run("main.py").stdout == "2\n"
    assert shop.places("PCL305") == []
