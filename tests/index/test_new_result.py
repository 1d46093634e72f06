"""What `making` and the class model say of classes, compared with classes that Python makes."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.model import ClassModel
from pyconcepts_lint.index.new_result import passes_on
from pyconcepts_lint.workspace.workspace import Workspaces

HEADER = "def __new__(meta, name, bases, namespace, **more):\n"


def function(text: str) -> ast.FunctionDef:
    found = ast.parse(textwrap.dedent(text)).body[-1]
    assert isinstance(found, ast.FunctionDef)
    return found


@pytest.mark.parametrize(
    "body",
    [
        "return super().__new__(meta, name, bases, namespace, **more)",
        "return super(Meta, meta).__new__(meta, name, bases, dict(namespace))",
        "return type.__new__(meta, name.title(), bases, {})",
        "cls = super().__new__(meta, name, bases, namespace)\ncls.x = 1\nreturn cls",
        "meta = super().__new__(meta, name, bases, namespace)\nreturn meta",
        "make = super().__new__\nif name: return make(meta, name, bases, namespace)\n"
        "cls = make(meta, name, bases, namespace)\nreturn cls",
        "namespace = dict(namespace)\nreturn type.__new__(meta, name, bases, namespace)",
        "if not bases: raise TypeError\nreturn type.__new__(meta, name, bases, namespace)",
        "def inner(): return 1\nreturn type.__new__(meta, name, bases, namespace)",
    ],
)
def test_new_that_only_hands_on(body: str) -> None:
    text = HEADER + textwrap.indent(body, "    ")
    assert passes_on(function(text))
    made = "\n".join(["class Meta(type):", textwrap.indent(text, "    ")])
    namespace: dict[str, Any] = {}
    exec(made + "\nclass B: pass\nclass C(B, metaclass=Meta): pass\n", namespace)
    assert type(namespace["C"]) is namespace["Meta"]
    assert namespace["C"].__bases__ == (namespace["B"],)


@pytest.mark.parametrize(
    "body",
    [
        "bases = bases[1:]\nreturn type.__new__(meta, name, bases, namespace)",
        "return type.__new__(meta, name, (), namespace)",
        "return type.__new__(meta, name, bases + (object,), namespace)",
        "return type.__new__(type, name, bases, namespace)",
        "meta = Other\nreturn type.__new__(meta, name, bases, namespace)",
        "return type(name, bases, namespace)",
        "cls = type.__new__(meta, name, bases, namespace)\ncls = Other\nreturn cls",
        "for cls in (1, 2): pass\nreturn cls",
        "cls = type.__new__(meta, name, bases, namespace)\nimport cls\nreturn cls",
        "cls = type.__new__(meta, name, bases, namespace)\ndef cls(): pass\nreturn cls",
        "if name: return None\nreturn type.__new__(meta, name, bases, namespace)",
        "return wrap(type.__new__(meta, name, bases, namespace))",
        "yield type.__new__(meta, name, bases, namespace)",
        "return name",
    ],
)
def test_new_that_may_do_otherwise(body: str) -> None:
    assert not passes_on(function(HEADER + textwrap.indent(body, "    ")))


def test_new_with_other_parameters() -> None:
    assert passes_on(function("def __new__(cls): return object.__new__(cls)"))
    assert passes_on(function("def __new__(cls, x): return super().__new__(cls)"))
    assert passes_on(function("def __new__(cls, *a): return super().__new__(cls, *a)"))
    assert passes_on(function("def __new__(cls, n, *a): return type.__new__(cls, n + '_', *a)"))
    assert not passes_on(function("def __new__(cls, n, *a): return type.__new__(cls, *a)"))
    assert not passes_on(function("def __new__(cls, *a): return type.__new__(cls, *a[:])"))
    assert not passes_on(function("def __new__(cls, *a):\n a = 1\n return type.__new__(cls, *a)"))
    assert not passes_on(function("def __new__(*a): return type.__new__(*a)"))
    assert not passes_on(function("@wrapped\ndef __new__(cls): return object.__new__(cls)"))


def models(project: Callable[..., Any], files: dict[str, str]) -> dict[str, ClassModel]:
    p = project(files)
    path = str(p.root / "main.py")
    module = Workspaces(Configuration({"no_cache": True})).of(path).project.module(path)
    assert module is not None
    return {model.qualname: model for model in module.classes}


def test_metaclass_of_a_class_is_the_most_derived(project: Callable[..., Any]) -> None:
    text = textwrap.dedent(
        """\
        import abc, collections.abc, enum, typing, ctypes, re
        class M(type):
            def __new__(meta, name, bases, namespace):
                cls = super().__new__(meta, name, bases, namespace)
                return cls
        class N(M): pass
        class A(metaclass=M): pass
        class B(A, metaclass=N): pass
        class C(A): pass
        class D(C, B): pass
        class E(A, metaclass=type): pass
        class F(abc.ABC): pass
        class G(collections.abc.Mapping): pass
        class H(dict, G): pass
        class I(enum.IntEnum): pass
        class J(typing.Protocol): pass
        class K: pass
        class L(abc.ABCMeta, N): pass
        class O(B, F, metaclass=L): pass
        class P(ctypes.Structure): pass
        class Q(typing.Generic[typing.TypeVar("T")]): pass
        @typing.final
        class R(B): pass
        class S(enum.Enum): pass
        class T(ValueError, A): pass
        """
    )
    namespace: dict[str, Any] = {"__name__": "main"}
    exec(text, namespace)
    for name, model in models(project, {"main.py": text}).items():
        live = type(namespace[name])
        assert model.metaclass is not None, name
        assert model.metaclass.full_name == f"{live.__module__}.{live.__qualname__}", name


@pytest.mark.parametrize(
    "text",
    [
        "class C(Unknown): pass",
        "class C(metaclass=Unknown): pass",
        "class C(metaclass=lambda *a: 1): pass",
        "def f(M):\n    class C(metaclass=M): pass",
        "class M(type): pass\ndef f(M):\n    class C(metaclass=M): pass",
        "@unknown\nclass C: pass",
        "class M(type):\n    def mro(cls): return []\nclass C(metaclass=M): pass",
        "class M(type):\n    def __new__(*a): return 1\nclass C(metaclass=M): pass",
        "class M(type):\n    __new__ = f\nclass C(metaclass=M): pass",
        "class MM(type): pass\nclass M(type, metaclass=MM): pass\nclass C(metaclass=M): pass",
        "class M(type): pass\nclass N(type): pass\n"
        "class A(metaclass=M): pass\nclass B(metaclass=N): pass\nclass C(A, B): pass",
        "class C(metaclass=type[int]): pass",
    ],
)
def test_metaclass_that_is_not_known(project: Callable[..., Any], text: str) -> None:
    found = models(project, {"main.py": text})
    model = next(model for name, model in found.items() if name.endswith("C"))
    assert model.metaclass is None


ORDER = """\
import abc, other
from other import Base
class A: pass
class B(A): pass
class A(B): pass
class C(A): pass
class Base(Base): pass
class D(Base): pass
if other:
    class E(A): pass
else:
    class E(B): pass
class F(A): pass
class Outer:
    class G(F): pass
F = 1
for H in (A, B): pass
class Dict(dict): pass
class Dict2(Dict): pass
Dict = other.Base
class I(Dict): pass
"""


def test_names_in_headers_mean_what_is_bound_above(project: Callable[..., Any]) -> None:
    files = {"main.py": ORDER, "other.py": "class Base: pass"}
    p = project(files)
    path = str(p.root / "main.py")
    module = Workspaces(Configuration({"no_cache": True})).of(path).project.module(path)
    assert module is not None
    program = "\n".join([*ORDER.splitlines()[:5], "print(A.__mro__)"])
    p.write({"shown.py": program})
    assert "main" not in p.run("shown.py").stderr
    bases = {
        (model.qualname, model.facts.line): [
            base and (base.full_name, getattr(getattr(base, "facts", None), "line", 0))
            for base in model.written_bases
        ]
        for model in module.classes
    }
    assert bases["B", 4] == [("main.A", 3)]
    assert bases["A", 5] == [("main.B", 4)]
    assert bases["C", 6] == [("main.A", 5)]
    assert bases["Base", 7] == [("other.Base", 1)]
    assert bases["D", 8] == [("main.Base", 7)]
    assert bases["Outer.G", 15] == [("main.F", 13)]
    assert bases["Dict2", 19] == [("main.Dict", 18)]
    assert bases["I", 21] == [("other.Base", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "if x:\n    class A: pass\nelse:\n    class A(dict): pass\nclass C(A): pass",
        "class A: pass\ndef f():\n    global A\n    A = 1\nclass C(A): pass",
        "class A: pass\nif x:\n    A = 1\nclass C(A): pass",
        "class A: pass\ndel A\nclass C(A): pass",
        "class C(A): pass\nclass A: pass\nclass A: pass",
    ],
)
def test_names_in_headers_that_are_not_sure(project: Callable[..., Any], text: str) -> None:
    found = models(project, {"main.py": text})
    assert found["C"].written_bases == (None,)


def test_generic_steps_back_before_other_generic_bases(project: Callable[..., Any]) -> None:
    text = textwrap.dedent(
        """\
        from typing import Generic, Protocol, TypeVar
        T = TypeVar("T")
        class Box(Generic[T]): pass
        class Big(Generic[T], Box[T]): pass
        class Shape(Generic[T], Protocol): pass
        class Both(Box[T], Generic[T]): pass
        class Plain(dict, Generic[T]): pass
        """
    )
    namespace: dict[str, Any] = {"__name__": "main"}
    exec(text, namespace)
    for name, model in models(project, {"main.py": text}).items():
        live = [f"{base.__module__}.{base.__qualname__}" for base in namespace[name].__mro__]
        assert [base.full_name for base in model.mro or ()] == live, name
