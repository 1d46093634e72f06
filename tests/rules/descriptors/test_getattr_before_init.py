"""PCL506, compared with what `copy` does with an object that has no attributes yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from endless import HYPOTHESIS, PRELUDE, blocks, counter, indented, recurs
from hypothesis import given
from hypothesis import strategies as st

CODE = "PCL506"
STATEMENTS = (
    *("return getattr(self.x, name)", "y = self.x", "if hasattr(self, 'x'): pass", "self.x[name]"),
    *("return getattr(self, 'x', name)", "raise AttributeError(name)", "return self.x", "pass"),
    *("if 'x' not in self.__dict__: raise AttributeError", "self.known"),
    *("if name[:2] == '__': raise AttributeError", "if name == 'x': raise AttributeError"),
    *("y = lambda: self.x", "return YES or self.x", "y = NO or self.x", "self.method()"),
)


@HYPOTHESIS
@given(body=blocks(st.sampled_from(STATEMENTS)))
def test_reported_reads_recur_without_end(project: Callable[..., Any], body: str) -> None:
    body = body.replace("value", "YES")
    text = f"{PRELUDE}class C:\n    known = 1\n    def method(self): pass\n"
    text += "    def __init__(self, x): self.x = x\n    def __getattr__(self, name):\n"
    text += indented(indented("COUNT()\n" + body)) + "\n"
    findings = project(text).lint(CODE)
    namespace: dict[str, Any] = {"COUNT": counter()}
    exec(text, namespace)
    bare = namespace["C"].__new__(namespace["C"])
    assert len(findings) <= 1
    for _ in findings:
        assert recurs(lambda: hasattr(bare, "__setstate__"))
        assert recurs(lambda: bare.x)


INIT = "    def __init__(self, x):\n        self._x = x\n"


def proxy(body: str, init: str = INIT, header: str = "class C:") -> str:
    return f"{header}\n{init}    def __getattr__(self, name):\n{indented(indented(body))}\n"


READ = "return getattr(self._x, name)"


def test_the_message_names_class_and_attribute(project: Callable[..., Any]) -> None:
    p = project(proxy("found = self.__y\n" + READ, INIT.replace("_x = x", "__y = self._x = x")))
    assert p.places(CODE) == [("main.py", 5, 17)]
    assert p.messages(CODE) == [
        "`C` objects made without `__init__` (by `copy`, `pickle`, `__new__`) have no `_C__y`: "
        "reading it here calls `C.__getattr__` again, without end: RecursionError"
    ]


@pytest.mark.parametrize(
    "text",
    [
        proxy(READ),
        proxy("try:\n    " + READ + "\nexcept AttributeError:\n    return None"),
        proxy("if name == 'other':\n    return 1\n" + READ),
        proxy("if name == '__deepcopy__':\n    raise AttributeError\n" + READ),
        proxy("if hasattr(self, '_x'):\n    return 1"),
        proxy(READ, INIT + "    __slots__ = ('_x',)\n"),
        proxy(READ, INIT.replace("self._x = x", "object.__setattr__(self, '_x', x)")),
        proxy(
            READ,
            INIT.replace("self._x = x", "super().__setattr__('_x', x)")
            + "    def __setattr__(self, name, value): self._x[name] = value\n",
        ),
        proxy(READ, "    _x: int\n" + INIT),
        "class Base:\n" + INIT + proxy(READ, "", "class C(Base):"),
    ],
)
def test_what_recurs_is_reported(project: Callable[..., Any], text: str) -> None:
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    bare = namespace["C"].__new__(namespace["C"])
    assert recurs(lambda: hasattr(bare, "__setstate__"))
    assert len(project(text).lint(CODE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        proxy("if name == '_x':\n    raise AttributeError\n" + READ),
        proxy("if name.startswith('_'):\n    raise AttributeError(name)\n" + READ),
        proxy(
            "if name.startswith('__') and name.endswith('__'):\n    raise AttributeError\n" + READ
        ),
        proxy("if is_dunder(name):\n    raise AttributeError\n" + READ),
        proxy("if name in FORWARDED:\n    " + READ + "\nraise AttributeError"),
        proxy("if '_x' in self.__dict__:\n    " + READ + "\nraise AttributeError"),
        proxy("if '_x' not in vars(self):\n    raise AttributeError\n" + READ),
        proxy("try:\n    " + READ + "\nexcept RecursionError:\n    return None"),
        proxy("try:\n    " + READ + "\nexcept Exception:\n    return None"),
        proxy("return getattr(self.__dict__['_x'], name)"),
        proxy("return self.__class__.__name__"),
        proxy("return super().__getattribute__('_x')"),
        proxy("return self.__getattribute__('_x')"),
        proxy("x = object.__getattribute__(self, '_y')\n" + READ, INIT + "        self._y = x\n"),
        proxy("x = self.__dict__['_y']\n" + READ, INIT + "        self._y = x\n"),
        proxy("x = vars(self)['_y']\n" + READ, INIT + "        self._y = x\n"),
        proxy("y = self.y\n" + READ, INIT + "    @property\n    def y(self): return self._x.y\n"),
        proxy("self.y()\n" + READ, INIT + "    def y(self): raise KeyError\n"),
        proxy(
            READ,
            INIT + "    def __setattr__(self, name, value): setattr(type(self), name, value)\n",
        ),
        proxy(
            "setattr(self, name, self._x)",
            INIT + "    def __setattr__(self, name, value): setattr(type(self), name, value)\n",
        ),
        proxy("return other._x"),
        proxy("self = other\nreturn self._x"),
        proxy("return lambda: self._x"),
        proxy("self._x = 1"),
        proxy("return self.other"),
        proxy(READ, "    _x = None\n" + INIT),
        proxy(READ, "    @property\n    def _x(self): return 1\n" + INIT),
        proxy(READ, INIT + "    def __reduce__(self): return C, ()\n"),
        proxy(READ, INIT + "    def __reduce_ex__(self, protocol): return C, ()\n"),
        proxy(READ, INIT + "    def __setstate__(self, state): pass\n"),
        proxy(
            READ, INIT + "    def __copy__(self): pass\n    def __setstate__(self, state): pass\n"
        ),
        proxy(READ, INIT + "    def __new__(cls, x): pass\n"),
        proxy(READ, INIT + "    def __getattribute__(self, name): pass\n"),
        proxy(READ, INIT, "class C(Unknown):"),
        proxy(READ, INIT, "class C(metaclass=Unknown):"),
        proxy(READ, INIT, "@unknown\nclass C:"),
        proxy(READ, INIT, "class C(Exception):"),
        proxy(READ) + "class D(C):\n    _x = 1\n",
        proxy(READ, ""),
        "if PY2:\n" + indented(proxy(READ)),
        "if TYPE_CHECKING:\n" + indented(proxy(READ)),
        proxy(READ).replace("    def __getattr__", "    @unknown\n    def __getattr__"),
        proxy(READ).replace("    def __getattr__", "    @classmethod\n    def __getattr__"),
    ],
)
def test_what_ends_or_does_not_start_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


@pytest.mark.parametrize(
    "lookup", ["self.__getattribute__('_x')", "self.__dict__['_x']", "vars(self)['_x']"]
)
def test_lookups_that_call_no_getattr_raise_first(lookup: str) -> None:
    namespace: dict[str, Any] = {}
    exec(proxy(f"x = {lookup}\n" + READ), namespace)
    bare = namespace["C"].__new__(namespace["C"])
    with pytest.raises((AttributeError, KeyError), match="_x"):
        bare.other()


def test_attributes_of_bases_in_other_modules_count(project: Callable[..., Any]) -> None:
    use = "from .base import Base\n" + proxy(READ, "", "class C(Base):")
    base = "class Base:\n" + INIT
    files = {"pkg/__init__.py": "", "pkg/base.py": base, "pkg/use.py": use}
    assert len(project(files).lint(CODE)) == 1
    assert project({**files, "pkg/base.py": base + "    _x = 1\n"}).lint(CODE) == []


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    text = proxy(READ, INIT, "class C(object):") + "print 'x'\n"
    assert project(text).places(CODE) == [("main.py", 5, 24)]


def test_the_next_read_is_reported_where_the_first_never_runs(project: Callable[..., Any]) -> None:
    body = f"import sys\nif sys.version_info < (3,): return self._x\n{READ}"
    assert project(proxy(body)).places(CODE) == [("main.py", 7, 24)]


UNBOUND = {
    "return self._x[name]\nC().y": True,
    "return getattr(self._x, name)\nC().y": True,
    "return self._x[name]\nc = C()\nc._x = {'y': 1}\nc.y": False,
    "return self._x[name]\nC._x = {'y': 1}\nC().y": False,
    "return self._x[name]\nclass D(C):\n    _x = {'y': 1}\nC, D().y": False,
    "return self._x[name]\nc = C()\nvars(c)['_x'] = {'y': 1}\nc.y": False,
    "return self._x[name]\nc = C()\nsetattr(c, '_x', {'y': 1})\nc.y": False,
    "return self.__dict__['_x']\nhasattr(C(), 'x')": False,
}


@pytest.mark.parametrize("text", UNBOUND)
def test_what_nothing_binds_is_asked_for_without_end(
    project: Callable[..., Any], text: str
) -> None:
    body, _, use = text.partition("\n")
    made = project(proxy(body, "") + use + "\n")
    assert ("RecursionError" in made.run("main.py").stderr) == UNBOUND[text]
    assert len(made.lint(CODE)) == UNBOUND[text]


def test_classes_that_nothing_makes_may_get_it_from_others(project: Callable[..., Any]) -> None:
    assert project(proxy("return self._x[name]", "")).lint(CODE) == []
