"""What names and classes mean across modules, against the live classes of this Python."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import sysconfig
import textwrap
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_questions import facts_of

from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.index import kinds, tables
from pyconcepts_lint.index.kinds import live_accessors, live_kind
from pyconcepts_lint.index.layout import Found
from pyconcepts_lint.index.model import (
    ClassModel,
    External,
    LiveClass,
    Module,
    SourceClass,
    Symbol,
    Value,
)
from pyconcepts_lint.index.project import Project

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
Make = Callable[..., Project]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A project of the files with these texts."""

    def build(files: dict[str, str], **options: object) -> Project:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        paths = sorted(str(tmp_path / name) for name in files)
        return Project(str(tmp_path), paths, facts_of.__wrapped__, **options)  # type: ignore[arg-type]

    return build


def module(project: Project, name: str) -> Module:
    assert project.root is not None
    found = project.module(os.path.join(project.root, name))
    assert found is not None
    return found


def describe(symbol: Symbol | None) -> str:
    if symbol is None:
        return "?"
    if isinstance(symbol, ClassModel):
        return f"class {symbol.full_name}"
    if isinstance(symbol, Module):
        return f"module {symbol.name.dotted}"
    if isinstance(symbol, Value):
        return f"value {symbol.module.name.dotted}.{symbol.binding.name}"
    if isinstance(symbol, External):
        return f"external {symbol.name}"
    return symbol.kind


# Against the live standard library

SOME_MODULES = (
    *("argparse", "ast", "asyncio.events", "asyncio.queues", "bdb", "cmd", "code", "collections"),
    *("collections.abc", "concurrent.futures._base", "configparser", "contextlib", "csv", "ctypes"),
    *("datetime", "decimal", "difflib", "doctest", "email.message", "email.policy", "enum"),
    *("fractions", "ftplib", "functools", "gzip", "html.parser", "http.client", "http.server"),
    *("importlib.machinery", "inspect", "io", "json.decoder", "logging", "logging.handlers"),
    *("mailbox", "multiprocessing.pool", "optparse", "pathlib", "pickle", "pprint", "queue"),
    *(
        "secrets",
        "selectors",
        "shelve",
        "smtplib",
        "socket",
        "socketserver",
        "string",
        "subprocess",
    ),
    *("tarfile", "tempfile", "threading", "tkinter", "tokenize", "traceback", "types", "typing"),
    *("unittest.case", "unittest.mock", "urllib.request", "uuid", "wsgiref.handlers"),
    *("xml.dom.minidom", "xml.etree.ElementTree", "xml.sax.handler", "xmlrpc.client", "zipfile"),
)


SILENT = (kinds.AttributeKind.UNKNOWN, kinds.AttributeKind.FIELD, kinds.AttributeKind.SLOT)


def live_classes(names: tuple[str, ...]) -> Iterator[tuple[types.ModuleType, str, type]]:
    for name in names:
        try:
            live = importlib.import_module(name)
        except ImportError:
            continue
        for key, value in list(vars(live).items()):
            if isinstance(value, type) and value.__module__ == live.__name__ == name:
                yield live, key, value


def full_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def named(name: str) -> str:
    """That one module calls itself by another name."""
    return name.replace("_collections_abc.", "collections.abc.")


@pytest.fixture(scope="module")
def standard() -> Project:
    return Project(None, (), facts_of)


def model_of(project: Project, live: types.ModuleType, name: str) -> ClassModel | None:
    path = inspect.getsourcefile(live)
    assert path is not None
    found = project.module(path)
    assert found is not None
    return project.class_named(found, name)


def check_standard_library(project: Project, names: tuple[str, ...]) -> None:
    """The MRO, where it is known, is the live one; and it is known of nearly all."""
    known = total = 0
    for live, name, cls in live_classes(names):
        model = model_of(project, live, name)
        total += 1
        if model is None or model.mro is None:
            continue
        known += 1
        if isinstance(model, SourceClass) and not model.harmless_decorators:
            continue
        ours = [named(base.full_name) for base in model.mro]
        theirs = [full_name(base) for base in cls.__mro__]
        if "typing.Generic" in theirs:  # a class with a subscript has it by a hook of that one
            ours = [base for base in ours if base != "typing.Generic"]
            theirs.remove("typing.Generic")
        assert ours == theirs, full_name(cls)
        if model.plain and not model.is_field_class:
            check_attributes(model, cls)
    assert total > 5 * len(names)
    assert known >= total * 0.97


def check_attributes(model: ClassModel, cls: type) -> None:
    """Where an attribute comes from, and what it is, is so on the live class."""
    for base in model.mro or ():
        if isinstance(base, LiveClass):
            return
        for name, attribute in base.attributes.items():
            found = model.lookup(name)
            owner = next((b for b in cls.__mro__ if name in vars(b)), None)
            if attribute.kind in SILENT or found is None or found.kind in SILENT or owner is None:
                continue
            live = live_kind(vars(owner)[name])
            if found.accessors is not None:
                assert found.accessors == live_accessors(vars(owner)[name]), name
            assert full_name(owner) == named(found.owner.full_name), name
            assert live == found.kind, f"{full_name(owner)}.{name}: {live}, not {found.kind}"


def test_classes_of_the_standard_library_are_what_they_are_live(standard: Project) -> None:
    check_standard_library(standard, SOME_MODULES)


def test_built_in_classes_are_taken_from_the_interpreter(standard: Project) -> None:
    classes: tuple[type, ...] = (object, int, dict, OSError, type, types.ModuleType)
    for cls in classes:
        model = standard.live_class(cls)
        assert [base.full_name for base in model.mro or ()] == [full_name(b) for b in cls.__mro__]
        assert set(model.attributes) == set(vars(cls)) == model.bound_names
        assert model.has_instance_dict is answer(cls.__dictoffset__ != 0)
    assert not standard.live_class(type).plain
    assert not standard.live_class(super).plain
    assert standard.live_class(Exception).plain


# C3


MROS = {
    "diamond": "class A: pass\nclass B(A): pass\nclass C(A): pass\nclass D(B, C): pass",
    "order": "class A: pass\nclass B: pass\nclass D(A, B): pass",
    "built-in": "class A(dict): pass\nclass B: pass\nclass D(B, A): pass",
    "deep": "class A: pass\nclass B(A): pass\nclass C(B): pass\nclass E(A): pass\nclass D(C, E): pass",
    "object last": "class A: pass\nclass D(A, object): pass",
    "exceptions": "class A(OSError): pass\nclass D(A, ValueError): pass",
}


@pytest.mark.parametrize("case", MROS)
def test_mro_is_pythons(make: Make, case: str) -> None:
    namespace: dict[str, type] = {}
    exec(MROS[case], {"__name__": __name__}, namespace)
    project = make({"m.py": MROS[case]})
    model = project.class_named(module(project, "m.py"), "D")
    assert model is not None
    theirs = [base.__name__ for base in namespace["D"].__mro__]
    assert [base.name for base in model.mro or ()] == theirs


@pytest.mark.parametrize(
    "text",
    [
        "class A: pass\nclass B(A): pass\nclass D(A, B): pass",
        "class A: pass\nclass D(A, A): pass",
        "class D(object, int): pass",
    ],
)
def test_what_python_can_not_linearize_has_no_mro(make: Make, text: str) -> None:
    with pytest.raises(TypeError):
        exec(text, {})
    project = make({"m.py": text})
    model = project.class_named(module(project, "m.py"), "D")
    assert model is not None
    assert model.bases is not None
    assert model.mro is None


@pytest.mark.parametrize(
    "text",
    [
        "class D(D): pass",
        "class A(D): pass\nclass D(A): pass",
        "from m import D\nclass A(D): pass\nD = A",
        "D = E\nE = D",
        "from n import D",
        "import unheard_of\nclass D(unheard_of.A): pass",
        "class D(f()): pass",
        "class D(**k): pass",
    ],
)
def test_circles_and_strangers_have_no_mro(make: Make, text: str) -> None:
    project = make({"m.py": text, "n.py": "from m import D"})
    model = project.class_named(module(project, "m.py"), "D")
    assert model is None or model.mro is None


# Names


@pytest.mark.parametrize(
    ("text", "name", "meaning"),
    [
        ("class C: pass", "C", "class m.C"),
        ("class C:\n class D: pass", "C.D", "class m.C.D"),
        ("class C:\n class D:\n  class E: pass", "C.D.E", "class m.C.D.E"),
        ("class C:\n D = 1", "C.D", "?"),
        ("class C: pass\nD = C", "D", "class m.C"),
        ("class C: pass\nD = E = C\nF = E", "F", "class m.C"),
        ("def f(): pass", "f", "value m.f"),
        ("x = 1", "x", "value m.x"),
        ("", "int", "class builtins.int"),
        ("", "len", "external builtins.len"),
        ("", "unheard_of", "?"),
        ("int = 1", "int", "value m.int"),
        ("from unheard_of import *", "int", "?"),
        ("import pkg", "pkg", "module pkg"),
        ("import pkg.sub.deep", "pkg.sub.deep", "module pkg.sub.deep"),
        ("import pkg.sub.deep as d", "d.Deep", "class pkg.sub.deep.Deep"),
        ("from pkg import sub", "sub", "module pkg.sub"),
        ("from pkg import Deep", "Deep", "class pkg.sub.deep.Deep"),
        ("from pkg import Renamed", "Renamed", "class pkg.sub.deep.Deep"),
        ("from pkg.stars import Deep", "Deep", "class pkg.sub.deep.Deep"),
        ("from pkg.stars import *", "Deep", "class pkg.sub.deep.Deep"),
        ("from pkg.stars import _hidden", "_hidden", "?"),
        ("from pkg.listed import *", "_b", "class pkg.listed._b"),
        ("from pkg.listed import *", "A", "?"),
        ("from pkg.listed import A", "A", "class pkg.listed.A"),
        ("from pkg.unsure import *", "A", "class pkg.unsure.A"),  # or NameError
        ("from pkg.unsure import *", "int", "?"),
        ("from pkg.unsure import *", "Deep", "?"),
        ("from pkg.stars import *\nfrom pkg.unsure import *", "Deep", "class pkg.sub.deep.Deep"),
        ("from pkg.listed import *\nfrom pkg.unsure import *", "_b", "class pkg.listed._b"),
        ("class A: pass\nfrom pkg.unsure import *", "A", "?"),
        ("from pkg.unsure import *\nfrom pkg.open import *", "A", "?"),
        ("class A: pass\nfrom pkg.stars import *", "A", "class m.A"),
        ("class Deep: pass\nfrom pkg.stars import *", "Deep", "?"),
        ("from pkg.stars import *\nclass Deep: pass", "Deep", "class m.Deep"),
        ("if x:\n class C: pass\nelse:\n class C: pass", "C", "?"),
        ("class C: pass\nclass C: pass", "C", "class m.C"),
        ("class C: pass\nC = f(C)", "C", "?"),
        ("class C: pass\ndel C", "C", "?"),
        ("class C: pass\ndef f():\n global C\n C = 1", "C", "?"),
        (
            "try:\n from pkg import Deep\nexcept ImportError:\n from pkg.sub.deep import Deep",
            "Deep",
            "class pkg.sub.deep.Deep",
        ),
        (
            "try:\n from pkg import Deep\nexcept ImportError:\n Deep = None",
            "Deep",
            "class pkg.sub.deep.Deep",
        ),
        ("for C in x: pass", "C", "?"),
        ("import threading", "threading.Thread", "class threading.Thread"),
        ("from collections import OrderedDict", "OrderedDict", "class collections.OrderedDict"),
        ("import decimal", "decimal.Decimal", "class decimal.Decimal"),
        ("import abc", "abc.ABCMeta", "class abc.ABCMeta"),
        ("from typing import Any", "Any", "class typing.Any"),
        ("import sys", "sys.version_info", "external sys.version_info"),
        ("import os.path", "os.path", "?" if os.name == "nt" else "module posixpath"),
        (
            "import os",
            "os.O_RDONLY",
            f"external {os.name if os.name == 'nt' else 'posix'}.O_RDONLY",
        ),
        ("import unheard_of", "unheard_of.x", "?"),
        ("import namespace.inner", "namespace.inner", "module namespace.inner"),
    ],
)
def test_names_mean_what_they_mean_at_the_end_of_the_module(
    make: Make, text: str, name: str, meaning: str
) -> None:
    if name == "Any" and sys.version_info < (3, 11):
        pytest.skip("a function then")
    project = make(
        {
            "m.py": text,
            "pkg/__init__.py": "from .sub.deep import Deep, Deep as Renamed",
            "pkg/sub/__init__.py": "",
            "pkg/sub/deep.py": "class Deep: pass",
            "pkg/stars.py": "from .sub.deep import *\nclass _hidden: pass\ndel _hidden",
            "pkg/listed.py": "__all__ = ['_b']\nclass A: pass\nclass _b: pass",
            "pkg/unsure.py": "__all__ = ['A'] + more\nclass A: pass",
            "pkg/open.py": "__all__ = more\nglobals().update(more)",
            "namespace/inner.py": "",
        }
    )
    assert describe(project.resolve(module(project, "m.py"), name)) == meaning


def test_module_in_the_way_is_not_imported(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project's file that has the name of a C module of the standard library never runs."""
    project = make({"_zoneinfo.py": "raise SystemExit('was run')", "m.py": "import zoneinfo"})
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "_zoneinfo", raising=False)
    found = project.resolve(module(project, "m.py"), "zoneinfo.ZoneInfo")
    assert found is None or isinstance(found, ClassModel)


def test_qualified_names_go_through_imports(make: Make) -> None:
    project = make(
        {
            "pkg/__init__.py": "",
            "pkg/m.py": "import a.b as c\nfrom dataclasses import dataclass as d\nfrom . import x\n"
            "import twice\nfrom other import twice\nlocal = 1\n",
        }
    )
    found = module(project, "pkg/m.py")
    assert found.qualified("c.e") == "a.b.e"
    assert found.qualified("d()") == "dataclasses.dataclass()"
    assert found.qualified("d().f") == "dataclasses.dataclass().f"
    assert found.qualified("x") == "pkg.x"
    assert found.qualified("twice") == "twice"
    assert found.qualified("local.y") == "local.y"


# Classes


def attribute_kind(make: Make, body: str) -> str:
    text = "class C:\n" + textwrap.indent(body, "    ") + "\n"
    project = make({"m.py": "import functools, re, enum\nfrom collections import deque\n" + text})
    model = project.class_named(module(project, "m.py"), "C")
    assert isinstance(model, SourceClass)
    attribute = model.lookup("x")
    return "" if attribute is None else attribute.kind


@pytest.mark.parametrize(
    "body",
    [
        "x = 1",
        "x = []",
        "x = deque()",
        "x = len",
        "x = int",
        "x = enum.Enum",
        "def x(self): pass",
        "x = lambda self: 1",
        "@staticmethod\ndef x(): pass",
        "x = staticmethod(len)",
        "@classmethod\ndef x(cls): pass",
        "@property\ndef x(self): pass",
        "x = property()",
        "@functools.cached_property\ndef x(self): pass",
        "x = functools.partialmethod(len)",
        "@functools.singledispatchmethod\ndef x(self): pass",
        "class x: pass",
        "y = 1\nx = y",
        "def y(self): pass\nx = y",
    ],
)
def test_kind_of_an_attribute_is_what_the_live_object_is(make: Make, body: str) -> None:
    namespace: dict[str, type] = {}
    prelude = "import functools, re, enum\nfrom collections import deque\n"
    exec(prelude + "class C:\n" + textwrap.indent(body, "    "), namespace)
    assert attribute_kind(make, body) == live_kind(vars(namespace["C"])["x"])


@pytest.mark.parametrize(
    "body",
    ["x = re.compile('')", "x = unheard_of", "@unheard_of\ndef x(self): pass", "x = y\ny = x"],
)
def test_kind_of_what_can_not_be_known_is_unknown(make: Make, body: str) -> None:
    assert attribute_kind(make, body) == kinds.AttributeKind.UNKNOWN


ACCESSORS = (
    *("@property\ndef x(self): pass", "x = property()", "x = property(None, int)"),
    *("x = property(int, fdel=int)", "x = property(fget=int, fset=int, doc='')"),
    *("x: property = property(int, None, int)", "y = x = property(int)"),
    "@property\ndef x(self): pass\n@x.setter\ndef x(self, v): pass",
    "@property\ndef x(self): pass\n@x.setter\ndef y(self, v): pass",
    "@property\ndef y(self): pass\n@y.deleter\ndef x(self): pass",
    "@property\ndef x(self): pass\n@x.setter\n@x.deleter\ndef x(self, *v): pass",
    "@property\ndef x(self): pass\nx = x.setter(int)\nx = x.deleter(None)",
    "@Base.r.setter\ndef x(self, v): pass",
    "x = Base.w.deleter(int)",
    "@Base.w.getter\ndef x(self): pass\n@x.deleter\ndef x(self): pass",
    "@property\n@abc.abstractmethod\ndef x(self): pass\n@x.setter\n@abc.abstractmethod\n"
    "def x(self, v): pass",
    "@abc.abstractproperty\ndef x(self): pass",
    "@property\ndef x(self): pass\nx = property(x.fget, x.fset or int)",
    "property_ = property\nx = property(int)",
)
BASE = """\
import abc
class Base:
    @property
    def r(self): pass
    w = property(int, int)
"""


def model_of_body(make: Make, body: str) -> ClassModel:
    text = BASE + "class C(Base):\n" + textwrap.indent(body, "    ") + "\n"
    project = make({"m.py": text})
    model = project.class_named(module(project, "m.py"), "C")
    assert model is not None
    return model


@pytest.mark.parametrize("body", ACCESSORS)
def test_accessors_of_a_property_are_the_live_ones(make: Make, body: str) -> None:
    namespace: dict[str, type] = {}
    exec(BASE + "class C(Base):\n" + textwrap.indent(body, "    "), namespace)
    live = vars(namespace["C"])["x"]
    found = model_of_body(make, body).lookup("x")
    assert found is not None
    assert found.kind == kinds.AttributeKind.PROPERTY
    assert found.is_abstract == bool(live.__isabstractmethod__)
    unknown = "or int" in body
    assert found.accessors == (None if unknown else live_accessors(live))


@pytest.mark.parametrize(
    "body",
    [
        "@strange\ndef x(self): pass\n@x.setter\ndef x(self, v): pass",
        "@property\ndef x(self): pass\nif abc:\n    @x.setter\n    def x(self, v): pass",
        "property = abc\n@property\ndef x(self): pass",
        "x = property(*abc)",
        "x = property(**abc)",
        "x = property(int, abc and int)",
        "x, y = property(int), property(int)",
        "@Strange.r.setter\ndef x(self, v): pass",
        "@strange\n@property\ndef x(self): pass",
    ],
)
def test_accessors_that_can_not_be_known_are_not(make: Make, body: str) -> None:
    found = model_of_body(make, body).lookup("x")
    assert found is not None
    assert found.accessors is None


def test_getter_that_only_refuses_is_abstract(make: Make) -> None:
    body = '@property\ndef x(self):\n    """To be made."""\n    raise NotImplementedError("x")'
    found = model_of_body(make, body).lookup("x")
    assert found is not None
    assert found.is_abstract


def test_subclasses_are_found_across_modules(make: Make) -> None:
    project = make(
        {
            "a.py": "class A: pass\n",
            "b.py": "import a\nclass B(a.A): pass\nclass C(B, unheard_of): pass\n",
        }
    )
    top = project.class_named(module(project, "a.py"), "A")
    assert top is not None
    assert {model.name for model in project.subclasses(top)} == {"B", "C"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class C: pass", True),
        ("class C:\n __slots__ = ()", False),
        ("class C:\n __slots__ = ('a', '__dict__')", True),
        ("class C:\n __slots__ = names", None),
        ("class C(int):\n __slots__ = ()", False),
        ("class C(Exception):\n __slots__ = ()", True),
        ("class B: pass\nclass C(B):\n __slots__ = ()", True),
        ("class C(unheard_of):\n __slots__ = ()", None),
        ("class B:\n __slots__ = ('a',)\nclass C(B):\n __slots__ = B.__slots__ + ('b',)", False),
        ("class B:\n __slots__ = ('__a',)\nclass C(B):\n __slots__ = B.__slots__", None),
        ("class C:\n for __slots__ in [()]: pass", None),
        ("class C:\n if 1:\n  __slots__ = ('__dict__',)", True),
        ("class C:\n if 1:\n  __slots__ = ()", None),
        ("class C:\n locals()['__slots__'] = ()", None),
        ("@unheard_of\nclass C:\n __slots__ = ()", None),
        ("from abc import ABC\nclass C(ABC):\n __slots__ = ()", False),
        ("from typing import *\nclass C(Generic[TypeVar('T')]):\n __slots__ = ()", False),
        ("from typing import NamedTuple\nclass C(NamedTuple):\n a: int = 0", False),
        ("from typing import TypedDict\nclass C(TypedDict):\n a: int", None),
        ("from enum import Enum\nclass C(Enum):\n __slots__ = ()", True),
        ("class M(type): pass\nclass C(metaclass=M):\n __slots__ = ()", False),
        (
            "class M(type):\n def __new__(m, n, b, d): return type(n, b, {})\n"
            "class C(metaclass=M):\n __slots__ = ()",
            None,
        ),
        (
            "class M(type):\n def __new__(m, n, b, d): return type(n, b, {})\n"
            "class B(metaclass=M): pass\nclass C(B):\n __slots__ = ()",
            None,
        ),
        ("from dataclasses import dataclass\n@dataclass\nclass C:\n a: int = 0", True),
        ("from dataclasses import dataclass\n@dataclass(slots=True)\nclass C:\n a: int = 0", False),
        ("from dataclasses import dataclass\n@dataclass(slots=yes)\nclass C:\n a: int = 0", None),
        ("from dataclasses import dataclass\n@dataclass(**{})\nclass C:\n a: int = 0", None),
        (
            "import dataclasses\nclass B: pass\n@dataclasses.dataclass(slots=True)\nclass C(B):\n"
            " a: int = 0",
            True,
        ),
        ("import attr\n@attr.define\nclass C:\n a: int = 0", None),
    ],
)
def test_instances_have_a_dict_where_a_class_of_the_mro_gives_them_one(
    make: Make, text: str, expected: bool | None
) -> None:
    if expected is not None:
        namespace: dict[str, type] = {"__name__": __name__}
        exec(compile(text, "m.py", "exec", dont_inherit=True), namespace)
        live = namespace["C"]
        assert (live.__dictoffset__ != 0) is expected
    project = make({"m.py": text})
    model = project.class_named(module(project, "m.py"), "C")
    assert model is not None
    assert model.has_instance_dict is (Answer.UNKNOWN if expected is None else answer(expected))


@pytest.mark.parametrize(
    "text",
    [
        "class C:\n __slots__ = ('a', '__b', '__dict__')",
        "class _C_:\n __slots__ = '__b'\nclass C(_C_):\n __slots__ = ('__b',)",
        "class _:\n __slots__ = '__b'\nclass C(_):\n __slots__ = ('b',)",
        "class C:\n __slots__ = ('a',)\n a: int",
        "class B:\n __slots__ = ['a']\nclass C(B):\n __slots__ = [*B.__slots__, 'b']",
        "from dataclasses import KW_ONLY, InitVar, dataclass\nfrom typing import ClassVar\n@dataclass(slots=True)\nclass C:\n"
        " a: int = 0\n b: ClassVar[int] = 1\n c: InitVar[int] = 2\n _: KW_ONLY\n __d: int = 3",
        "from dataclasses import dataclass\n@dataclass\nclass B:\n a: int = 0\n"
        "@dataclass(slots=True)\nclass C(B):\n b: int = 1",
    ],
)
def test_slots_are_those_of_the_live_class(make: Make, text: str) -> None:
    namespace: dict[str, type] = {"__name__": __name__}
    exec(compile(text, "m.py", "exec", dont_inherit=True), namespace)
    live = {
        name
        for base in namespace["C"].__mro__
        for name, value in vars(base).items()
        if isinstance(value, types.MemberDescriptorType)
    }
    project = make({"m.py": text})
    model = project.class_named(module(project, "m.py"), "C")
    assert model is not None
    assert model.slot_names - {"__dict__"} == live


def test_uses_are_found_by_attribute(make: Make) -> None:
    project = make(
        {
            "a.py": "class A:\n x = 0\n def m(self):\n  type(self).x = 1\n",
            "b.py": "from a import A\nA.x = 1\ndef f(one):\n one.y = 2\n",
        }
    )
    assert [(m.name.dotted, *rest) for m, *rest in project.row(tables.uses, "x")] == [
        ("b", "A", "set")
    ]
    assert [(c.name, event.kind) for c, event in project.row(tables.class_accesses, "x")] == [
        ("A", "set")
    ]
    assert project.has(tables.external_attribute_writes, "y")
    assert not project.has(tables.external_attribute_writes, "x")
    assert [model.name for model in project.row(tables.bound_attributes, "x")] == ["A"]


@pytest.mark.parametrize("name", ["html", "logging", "collections", "email", "types"])
@pytest.mark.parametrize("file", ["page.txt", "inner.py"])
def test_a_directory_hides_no_module_of_the_standard_library(
    make: Make, tmp_path: Path, name: str, file: str
) -> None:
    project = make({"m.py": f"import {name}", f"{name}/{file}": ""})
    assert describe(project.resolve(module(project, "m.py"), name)) == f"module {name}"
    (tmp_path / name / "__init__.py").touch()
    project = make({"m.py": f"import {name}", f"{name}/{file}": ""})
    own = project.resolve(module(project, "m.py"), name)
    assert isinstance(own, Module)
    assert own.path == str(tmp_path / name / "__init__.py")


def test_a_directory_hides_nothing_of_another_root(make: Make, tmp_path: Path) -> None:
    files = {"one/m.py": "import part.a, part.b", "one/part/a.py": "", "two/part/b.py": ""}
    project = make(files, src=["one", "two"])
    assert project.find_import("part.b", str(tmp_path / "one/m.py")) == Found(
        "module", str(tmp_path / "two/part/b.py")
    )
    (tmp_path / "two/part/__init__.py").touch()
    project = make(files, src=["one", "two"])
    assert project.find_import("part", str(tmp_path / "one/m.py")) == Found(
        "package", str(tmp_path / "two/part/__init__.py")
    )


@pytest.mark.parametrize("evidence", ["", "import CMF.b"])
def test_a_directory_below_src_is_part_of_the_name(
    make: Make, tmp_path: Path, evidence: str
) -> None:
    project = make(
        {"src/Products/CMF/__init__.py": "", "src/Products/CMF/b.py": "", "main.py": evidence}
    )
    expected = "CMF.b" if evidence else "Products.CMF.b"
    assert project.layout.name_of(str(tmp_path / "src/Products/CMF/b.py")).dotted == expected


@pytest.mark.parametrize(
    ("path", "text", "test", "script"),
    [
        ("a.py", "", False, False),
        ("tests/a.py", "", True, False),
        ("x/test/a.py", "", True, False),
        ("test_a.py", "", True, False),
        ("a_test.py", "", True, False),
        ("conftest.py", "", True, False),
        ("app/tests.py", "", True, False),
        ("app/test.py", "", True, False),
        ("app/tests_views.py", "", True, False),
        ("app/testing/tools.py", "", True, False),
        ("app/testing.py", "", False, False),
        ("app/latest.py", "", False, False),
        ("app/attests/a.py", "", False, False),
        ("contest.py", "", False, False),
        ("a.py", "#!/usr/bin/env python\n", False, True),
        ("a.py", "if __name__ == '__main__':\n    pass\n", False, True),
        ("__main__.py", "", False, True),
    ],
)
def test_tests_and_scripts(make: Make, path: str, text: str, test: bool, script: bool) -> None:
    project = make({path: text})
    found = module(project, path)
    assert (found.is_test, found.is_script) == (test, script)


@pytest.mark.parametrize(
    ("files", "may"),
    [
        ({"m.py": "len = 1"}, True),
        ({"m.py": "x = len"}, False),
        ({"m.py": "from other import *", "other.py": "from elsewhere import len"}, True),
        ({"m.py": "from other import *", "other.py": "for len in (): pass"}, True),
        ({"m.py": "from other import *", "other.py": "from elsewhere import *"}, True),
        ({"m.py": "from other import *", "other.py": "from m import *"}, False),
        ({"m.py": "from other import *", "other.py": "len = 1; __all__ = ['x']"}, False),
        ({"m.py": "from other import *", "other.py": "__all__ = ['len']"}, True),
        ({"m.py": "from other import *", "other.py": "__all__ = f()"}, True),
        ({"m.py": "from other import *", "other.py": "x = 1"}, False),
        ({"m.py": "from math import *"}, False),
        ({"m.py": "from os import *"}, False),
    ],
)
def test_a_name_is_built_in_only_where_nothing_may_bind_it(
    make: Make, files: dict[str, str], may: bool
) -> None:
    project = make(files)
    module = next(module for module in project.modules() if module.name.dotted == "m")
    assert project.may_bind(module, "len") == may
    is_builtin = project.resolve(module, "len") == External("builtins.len")
    assert is_builtin != may


def test_private_names_come_through_a_star_where_all_says_so(make: Make) -> None:
    texts = {"": False, "from x import __all__\n": True, "__all__ = ['_len']\n": True}
    for text, may in texts.items():
        project = make({"m.py": "from other import *", "other.py": f"{text}_len = 1\n"})
        module = next(module for module in project.modules() if module.name.dotted == "m")
        assert project.may_bind(module, "_len") == may


REBOUND = (
    "def size(n): pass\nclass C:\n    x = size\nsize = 1\n",
    "size = 1\nclass C:\n    x = size\ndef size(n): pass\n",
    "class C:\n    x = len\ndef len(a): pass\n",
    "class C:\n    x = property\nclass property: pass\n",
    "class C:\n    x = deque()\nclass deque(dict): pass\n",
    "class deque(dict): pass\nclass C:\n    x = deque()\n",
    "class deque(dict): pass\nmade = deque\nclass deque: __get__ = None\nclass C:\n    x = made()\n",
    "def size(n): pass\nother = size\nsize = 1\nclass C:\n    x = other\n",
    "if True:\n    def size(n): pass\nelse:\n    size = 1\nclass C:\n    x = size\n",
)


@pytest.mark.parametrize("text", REBOUND)
def test_names_in_class_bodies_mean_what_they_do_where_the_body_runs(make: Make, text: str) -> None:
    text = "from collections import deque\n" + text
    namespace: dict[str, type] = {}
    exec(text, namespace)
    project = make({"m.py": text})
    model = project.class_named(module(project, "m.py"), "C")
    assert isinstance(model, SourceClass)
    found = model.lookup("x")
    assert found is not None
    assert found.kind in (live_kind(vars(namespace["C"])["x"]), kinds.AttributeKind.UNKNOWN)
    assert found.kind is not kinds.AttributeKind.UNKNOWN or "if True" in text
