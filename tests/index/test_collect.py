"""Facts of one file, against what the compiler's symbol table and Python itself say."""

from __future__ import annotations

import ast
import symtable
import sysconfig
import textwrap
import warnings
from pathlib import Path

import pytest

from pyconcepts_lint.index import facts as f
from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.index.facts import ClassFacts, ModuleFacts

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def facts(text: str) -> ModuleFacts:
    text = textwrap.dedent(text)
    return collect(ast.parse(text), text)


def only_class(text: str) -> ClassFacts:
    (found,) = facts(text).classes
    return found


def events(text: str) -> list[tuple[str, str, str]]:
    """(attribute, kind, receiver) of the events of a class with this body."""
    text = "class C:\n" + textwrap.indent(textwrap.dedent(text), "    ")
    return [(e.attribute, e.kind, e.receiver) for c in facts(text).classes for e in c.accesses]


# Against the compiler's own symbol table


def compiled_names(table: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
        if not (table.get_type() == "class" and (symbol.is_global() or symbol.is_nonlocal()))
    }


def check_names(path: Path) -> None:
    """The names that modules and classes bind are those that the compiler finds."""
    text = path.read_bytes().decode()
    found = collect(ast.parse(text), text)
    top = symtable.symtable(text, str(path), "exec")
    assert {b.name for b in found.bindings if b.kind != "global"} == compiled_names(top) - {"*"}
    tables = []
    waiting = [top]
    while waiting:
        table = waiting.pop()
        if table.get_type() == "class":
            tables.append((table.get_name(), table.get_lineno(), compiled_names(table)))
        waiting.extend(table.get_children())
    hidden = {"__module__", "__qualname__", "__type_params__", "__classcell__", ".type_params"}
    hidden |= {"__firstlineno__", "__static_attributes__", "__classdict__", "__class__"}
    ours = sorted(
        (c.name, sorted({b.name for b in c.body} - {"__doc__"} - hidden)) for c in found.classes
    )
    theirs = sorted((name, sorted(names - {"__doc__"} - hidden)) for name, _, names in tables)
    assert ours == theirs


SOME_MODULES = (
    *(
        "ast",
        "argparse",
        "bdb",
        "collections/__init__",
        "ctypes/__init__",
        "dataclasses",
        "datetime",
    ),
    *("decimal", "difflib", "doctest", "email/message", "enum", "fractions", "functools", "gzip"),
    *("http/cookiejar", "inspect", "io", "logging/__init__", "mailbox", "os", "pathlib", "pdb"),
    *("pickle", "random", "re/__init__", "shelve", "socket", "ssl", "statistics", "string"),
    *("subprocess", "tarfile", "tempfile", "threading", "tkinter/__init__", "tokenize", "types"),
    *("typing", "unittest/mock", "urllib/request", "uuid", "xml/dom/minidom", "zipfile"),
)


@pytest.mark.parametrize("name", SOME_MODULES)
def test_bound_names_are_those_of_the_symbol_table(name: str) -> None:
    path = STANDARD_LIBRARY / f"{name}.py"
    if not path.exists():
        pytest.skip("not in this Python")
    check_names(path)


@pytest.mark.corpus
def test_bound_names_are_those_of_the_symbol_table_everywhere() -> None:
    for path in sorted(STANDARD_LIBRARY.rglob("*.py")):
        if "site-packages" in path.parts:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(path.read_bytes(), str(path), "exec")
                path.read_bytes().decode()
        except (SyntaxError, ValueError, RecursionError):
            continue
        check_names(path)


# Bindings


@pytest.mark.parametrize(
    ("statement", "kind", "value", "target"),
    [
        ("x = None", "assign", "none", ""),
        ("x = True", "assign", "bool", ""),
        ("x = 1j", "assign", "number", ""),
        ("x = -1", "assign", "number", ""),
        ("x = 60 * 60", "assign", "number", ""),
        ("x = 'a' + 'b'", "assign", "str", ""),
        ("x = f'{y}'", "assign", "str", ""),
        ("x = '%s' % y", "assign", "str", ""),
        ("x = b''", "assign", "bytes", ""),
        ("x = ...", "assign", "ellipsis", ""),
        ("x = 1, 2", "assign", "tuple", ""),
        ("x = []", "assign", "list", ""),
        ("x = [1] * 3", "assign", "list", ""),
        ("x = [] or [1]", "assign", "list", ""),
        ("x = [] or ()", "assign", "plain", ""),
        ("x = {}", "assign", "dict", ""),
        ("x = {**y}", "assign", "dict", ""),
        ("x = {1}", "assign", "set", ""),
        ("x = {i for i in y}", "assign", "set", ""),
        ("x = (i for i in y)", "assign", "generator", ""),
        ("x = lambda: 0", "assign", "lambda", ""),
        ("x = not y", "assign", "bool", ""),
        ("x = y", "assign", "name", "y"),
        ("x = y.z", "assign", "name", "y.z"),
        ("x = y.z()", "assign", "call", "y.z"),
        ("x = (w := y.z())", "assign", "call", "y.z"),
        ("x = y()()", "assign", "unknown", ""),
        ("x = y[0]", "assign", "unknown", ""),
        ("x = y + 1", "assign", "unknown", ""),
        ("x = 1 if y else 2", "assign", "number", ""),
        ("x = 1 if y else z", "assign", "unknown", ""),
        ("x: int = 1", "assign", "number", ""),
        ("x: int", "annotation", None, ""),
        ("x += 1", "augment", "unknown", ""),
        ("(x := 1)", "walrus", "number", ""),
        ("[x := 1 for _ in y]", "walrus", "number", ""),
        ("x, _ = 1, y", "assign", "number", ""),
        ("[x, _] = y", "assign", "unknown", ""),
        ("*x, _ = y", "assign", "list", ""),
        ("for x in y: pass", "for", "unknown", ""),
        ("with y as x: pass", "with", "unknown", ""),
        ("try: pass\nexcept y as x: pass", "except", "unknown", ""),
        ("match y:\n case x: pass", "match", "unknown", ""),
        ("match y:\n case [*x]: pass", "match", "unknown", ""),
        ("match y:\n case {**x}: pass", "match", "unknown", ""),
        ("del x", "delete", None, ""),
        ("def x(): pass", "function", None, ""),
        ("@y.z\n@w(1)\nasync def x(): pass", "function", None, ""),
        ("class x: pass", "class", None, "0"),
        ("import x", "import", None, "x"),
        ("import x.y", "import", None, "x"),
        ("import y.z as x", "import", None, "y.z"),
        ("from y import x", "from", None, "y:x"),
        ("from ..y import z as x", "from", None, "..y:z"),
        ("def g():\n global x\n x = 1", "global", "number", ""),
        ("class C:\n global x\n x = 1", "global", "number", ""),
    ],
)
def test_binding_says_how_a_name_is_bound(
    statement: str, kind: str, value: str | None, target: str
) -> None:
    (binding,) = (b for b in facts(statement).bindings if b.name == "x")
    assert (binding.kind, binding.value, binding.target) == (kind, value, target)


def test_binding_of_a_function_says_its_decorators() -> None:
    (found,) = facts("@y.z\n@w(1)\n@v[0]\nasync def x(): pass").bindings
    assert found.decorators == ("y.z", "w()", "?")


def test_places_count_characters_from_one() -> None:
    found = facts("é = 'ü'; x = 1\nclass C:\n\tü = 0; y = 0\n")
    assert [(b.name, b.line, b.column) for b in found.bindings] == [
        ("é", 1, 1),
        ("x", 1, 10),
        ("C", 2, 1),
    ]
    assert [(b.name, b.line, b.column) for b in found.classes[0].body] == [("ü", 3, 2), ("y", 3, 9)]


CAUGHT = f.CONDITIONAL | f.IN_TRY
MISSING = f.CATCHES["ModuleNotFoundError"]


@pytest.mark.parametrize(
    ("around", "flags"),
    [
        ("{}", 0),
        ("if a:\n {}", f.CONDITIONAL),
        ("if a:\n pass\nelse:\n {}", f.CONDITIONAL),
        ("while a:\n {}", f.CONDITIONAL),
        ("with a:\n {}", f.CONDITIONAL),
        ("try:\n {}\nexcept A: pass", f.CONDITIONAL | f.IN_TRY | sum(f.CATCHES.values())),
        ("try:\n {}\nexcept ValueError: pass", f.CONDITIONAL | f.IN_TRY),
        (
            "try:\n {}\nexcept OSError: pass\nexcept NameError: pass",
            CAUGHT | f.CATCHES["NameError"],
        ),
        ("try:\n {}\nexcept ModuleNotFoundError: pass", CAUGHT | MISSING),
        (
            "try:\n {}\nexcept (KeyError, ImportError): pass",
            CAUGHT | f.CATCHES["ImportError"] | MISSING,
        ),
        ("try:\n {}\nexcept: pass", CAUGHT | sum(f.CATCHES.values())),
        ("try:\n {}\nexcept Exception: pass", CAUGHT | sum(f.CATCHES.values())),
        ("with suppress(ModuleNotFoundError):\n {}", f.CONDITIONAL | MISSING),
        ("with contextlib.suppress(KeyError):\n {}", f.CONDITIONAL),
        ("try:\n {}\nfinally: pass", f.CONDITIONAL),
        ("try:\n pass\nexcept A:\n {}", f.CONDITIONAL | f.IN_HANDLER),
        ("try:\n pass\nfinally:\n {}", 0),
        ("if TYPE_CHECKING:\n {}", f.CONDITIONAL | f.TYPE_CHECKING),
        ("if typing.TYPE_CHECKING:\n {}", f.CONDITIONAL | f.TYPE_CHECKING),
        ("if TYPE_CHECKING:\n pass\nelse:\n {}", f.CONDITIONAL),
    ],
)
def test_flags_say_when_a_statement_runs(around: str, flags: int) -> None:
    found = facts(around.format("import x"))
    (binding,) = (b for b in found.bindings if b.name == "x")
    assert binding.flags == flags
    assert found.imports[0].flags == flags


def test_imports_are_found_wherever_they_stand() -> None:
    found = facts(
        """\
        import a.b as c, d
        def g():
            from . import e
            class C:
                from ..f import (g,
                    h as i)
        from j import *
        """
    )
    assert [(i.is_from, i.level, i.module, i.names) for i in found.imports] == [
        (False, 0, "", (("a.b", "c"), ("d", ""))),
        (True, 1, "", (("e", ""),)),
        (True, 2, "f", (("g", ""), ("h", "i"))),
        (True, 0, "j", (("*", ""),)),
    ]
    assert [i.flags for i in found.imports] == [0, f.IN_FUNCTION, f.IN_FUNCTION | f.IN_CLASS, 0]
    assert (found.imports[2].end_line, found.imports[2].end_column) == (6, 20)


# Classes


def test_class_says_what_its_header_says() -> None:
    found = only_class(
        """\
        @a
        @b.c(1)
        class C(D, e.F[int], g(), metaclass=m.M, key=1, **rest):
            pass
        """
    )
    assert found.bases == ("D", "e.F", "")
    assert found.metaclass == "m.M"
    assert found.keywords == ("key", "")
    assert found.decorators == ("a", "b.c()")
    assert (found.first_line, found.line, found.end_line) == (1, 3, 4)


def test_classes_know_where_they_stand() -> None:
    found = facts(
        """\
        class A:
            class B:
                def m(self):
                    class C: pass
            class D(B): pass
        def g():
            class E: pass
            class F(E): pass
        """
    ).classes
    assert [c.qualname for c in found] == [
        "A",
        "A.B",
        "A.B.m.<locals>.C",
        "A.D",
        "g.<locals>.E",
        "g.<locals>.F",
    ]
    assert [c.parent for c in found] == [-1, 0, -1, 0, -1, -1]
    assert [c.in_function for c in found] == [False, False, True, False, True, True]
    # By number where the module's namespace doesn't reach it; unknown where a function binds it.
    assert [c.bases for c in found][3:] == [("#1",), (), ("",)]


@pytest.mark.parametrize(
    ("body", "slots", "known"),
    [
        ("pass", None, True),
        ("__slots__ = ()", (), True),
        ("__slots__ = 'a'", ("a",), True),
        ("__slots__ = ('a', '__b')", ("a", "_C__b"), True),
        ("__slots__ = ['a']", ("a",), True),
        ("__slots__ = {'a': 'what it is'}", ("a",), True),
        ("__slots__: tuple = ('a',)", ("a",), True),
        ("__slots__ = ('a',) + more", (), False),
        ("__slots__ = names", (), False),
        ("__slots__ = ('a',)\n    __slots__ += ('b',)", ("a", "b"), True),
        ("__slots__ = ('a',)\n    __slots__ = ('b',)", ("b",), False),
        ("__slots__ += ('b',)", ("b",), False),
        ("__slots__ = 'a', *['b']", ("a", "b"), True),
        ("__slots__ = ('a',) + ('b',)", ("b", "a"), True),
        ("__slots__ = {'a'} | {'b'}", ("b", "a"), True),
        ("__slots__ = 'a __b'.split()", ("a", "_C__b"), True),
        ("__slots__ = dict.fromkeys(['a'])", ("a",), True),
        ("__slots__ = tuple(sorted({'a': 1, **{'b': 2}}))", ("a", "b"), True),
        ("__slots__ = tuple('ab')", (), False),
        ("__slots__ = None", (), False),
        ("__slots__ = ['a']\n    __slots__.append('b')", ("a",), False),
        ("__slots__ = []\n    for n in names: __slots__.append(n)", (), False),
        ("if x:\n        __slots__ = ('a',)", ("a",), False),
    ],
)
def test_slots(body: str, slots: tuple[str, ...] | None, known: bool) -> None:
    found = only_class(f"class C:\n    {body}\n")
    assert (found.slots, found.slots_known) == (slots, known)


def test_private_names_of_a_class_are_mangled() -> None:
    text = """\
        class _C:
            __x = 0
            __y__ = 0

            def __m(self):
                self.__x = 1
                self.__y__ = 2
                setattr(self, "__z", 3)
                other.__w = 4

            class Inner:
                def go(inner, outer):
                    inner.__v = 1
        """
    namespace: dict[str, type] = {"other": type("Other", (), {})}
    exec(textwrap.dedent(text), namespace)
    found = facts(text)
    one = namespace["_C"]()
    one._C__m()
    assert {e.attribute for e in found.classes[0].accesses} == set(vars(one))
    assert {b.name for b in found.classes[0].body} <= set(vars(namespace["_C"]))
    assert found.classes[1].accesses[0].attribute == "_Inner__v"
    assert ("other", "_C__w", "set") in found.attribute_uses
    assert "_C__w" in vars(namespace["other"])


@pytest.mark.parametrize(
    ("decorators", "name", "parameters", "kind"),
    [
        ("", "m", "self", "instance"),
        ("", "m", "this, /", "instance"),
        ("", "m", "*args", "instance"),
        ("@staticmethod", "m", "a", "static"),
        ("@classmethod", "m", "cls", "class"),
        ("@abc.abstractmethod\n    @classmethod", "m", "cls", "class"),
        ("", "__new__", "cls", "class"),
        ("", "__init_subclass__", "cls", "class"),
        ("", "__class_getitem__", "cls, item", "class"),
        ("@property", "m", "this", "instance"),
        ("@m.setter", "m", "this, value", "instance"),
        ("@functools.lru_cache(None)", "m", "this", "instance"),
        ("@unheard_of", "m", "self", "unknown"),
        ("@unheard_of", "m", "this", "unknown"),
        ("@unheard_of()", "m", "cls", "unknown"),
    ],
)
def test_method_kinds(decorators: str, name: str, parameters: str, kind: str) -> None:
    found = only_class(f"class C:\n    {decorators}\n    def {name}({parameters}): pass\n")
    assert [method.kind for method in found.methods] == [kind]


# Events


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.x = 1", [("x", "set", "instance")]),
        ("self.x: int = 1", [("x", "set", "instance")]),
        ("self.x += 1", [("x", "augment", "instance")]),
        ("self.x = self.x + 1", [("x", "rebuild", "instance")]),
        ("self.x = 2 * (1 - self.x)", [("x", "rebuild", "instance")]),
        ("self.x = -self.x", [("x", "set", "instance")]),
        ("self.x = f(self.x)", [("x", "set", "instance")]),
        ("self.x = other.x + 1", [("x", "set", "instance")]),
        ("self.x = self.y + 1", [("x", "set", "instance")]),
        ("del self.x", [("x", "delete", "instance")]),
        ("del self.x, self.y", [("x", "delete", "instance"), ("y", "delete", "instance")]),
        ("setattr(self, 'x', 1)", [("x", "set", "instance")]),
        ("delattr(self, 'x')", [("x", "delete", "instance")]),
        ("self.x", []),
        ("self.x.y = 1", []),
        ("self.x[0] = 1", []),
        ("type(self).x = 1", [("x", "set", "class")]),
        ("type(self).x += 1", [("x", "augment", "class")]),
        ("del type(self).x", [("x", "delete", "class")]),
        ("return type(self).x", [("x", "read", "class")]),
        ("self.__class__.x = 1", [("x", "set", "class")]),
        ("return self.__class__.x", [("x", "read", "class")]),
        ("return __class__.x", [("x", "read", "class")]),
        ("self.x = type(self).x", [("x", "set", "instance")]),
        ("self.x = self.__class__.x + 1", [("x", "set", "instance")]),
    ],
)
def test_events_of_a_method(statement: str, expected: list[tuple[str, str, str]]) -> None:
    assert events(f"def m(self):\n    {statement}\n") == expected


def test_events_of_a_class_method_are_the_classs() -> None:
    body = (
        "@classmethod\ndef m(cls):\n    cls.x = 1\n    cls.__class__.y = 1\n    type(cls).z = 1\n"
    )
    found = [event for event in events(body) if event[1] != "read"]
    assert found == [("x", "set", "class")]


def test_reads_in_init_take_defaults() -> None:
    assert events("def __init__(self):\n    self.y = type(self).x\n") == [("y", "set", "instance")]


@pytest.mark.parametrize(
    ("wrapping", "kind"),
    [
        ("m = staticmethod(m)", "static"),
        ("m = classmethod(m)", "class"),
        ("other = classmethod(m)", "class"),
        ("m = unheard_of(m)", "unknown"),
        ("other = unheard_of(m)", "instance"),
        ("m = property(m)", "instance"),
        ("other = m", "instance"),
        ("other = m(1)", "unknown"),
        ("m = (other := classmethod(m))", "class"),
        ("other: object = (another := (m := staticmethod(m)))", "static"),
        ("print(m := classmethod(m))", "class"),
    ],
)
def test_functions_wrapped_by_a_later_statement(wrapping: str, kind: str) -> None:
    found = only_class(f"class C:\n    def m(this):\n        this.x = 1\n    {wrapping}\n")
    assert found.methods[0].kind == kind
    receivers = {"instance": ["instance"], "class": ["class"]}.get(kind, [])
    assert [event.receiver for event in found.accesses] == receivers


@pytest.mark.parametrize(
    ("statement", "dynamic"),
    [
        ("self.x = 1", False),
        ("self.__dict__.update(x=1)", True),
        ("self.__dict__['x'] = 1", True),
        ("self.__dict__ = {}", True),
        ("vars(self).update(x=1)", True),
        ("setattr(self, name, 1)", True),
        ("object.__setattr__(self, name, 1)", True),
        ("super().__setattr__(name, 1)", True),
        ("self.other.__dict__.update(x=1)", False),
        ("setattr(other, name, 1)", False),
        ("setattr(self.other, name, 1)", False),
    ],
)
def test_instances_filled_under_names_that_are_not_written_down(
    statement: str, dynamic: bool
) -> None:
    found = only_class(f"class C:\n    def m(self, name, other):\n        {statement}\n")
    assert found.dynamic_instances is dynamic


def test_innermost_statement_of_an_event() -> None:
    found = only_class(
        """\
        class C:
            def m(self):
                if a:
                    self.x = [
                        1,
                    ]
                for self.y in b:
                    c
        """
    )
    assert [(e.first_line, e.last_line) for e in found.accesses] == [(4, 6), (7, 8)]


# Uses from elsewhere


def test_uses_start_with_a_name_of_the_module() -> None:
    found = facts(
        """\
        import m
        C.a = 1
        C.b += 1
        del C.c
        C.D.e
        m.f = g()
        def h(local):
            C.i = 1
            local.j = 1
            local.k
            m.l()
        class E:
            n = C.o
            def __init__(self):
                self.p = C.q
            def r(self):
                self.s = C.s or C.t
        """
    )
    assert set(found.attribute_uses) == {
        ("C", "a", "set"),
        ("C", "b", "set"),
        ("C", "c", "delete"),
        ("C", "D", "read"),
        ("C.D", "e", "read"),
        ("m", "f", "set"),
        ("C", "i", "set"),
        ("m", "l", "read"),
        ("C", "o", "read"),
        ("C", "t", "read"),
    }
    assert found.attribute_makers == (("m", "f", "g"),)
    assert found.external_attribute_writes == ("j",)


def test_uses_of_what_a_function_imports_or_makes() -> None:
    found = facts(
        """\
        def f(given):
            import a.b
            import a.b as c
            from ..d import e as g
            class C: pass
            from h import twice
            twice = 1
            from i import given
            a.b.j
            c.k = 1
            g.m.n += 1
            C.o
            twice.p, given.q
            def inner():
                nonlocal c
                return g.r
        """
    )
    assert set(found.attribute_uses) == {
        ("@a:", "b", "read"),
        ("@a:.b", "j", "read"),
        ("@..d:e", "m", "read"),
        ("@..d:e.m", "n", "set"),
        ("@#0", "o", "read"),
        ("@..d:e", "r", "read"),
    }
    assert found.external_attribute_writes == ("k",)


# The module itself


@pytest.mark.parametrize(
    ("text", "names", "known"),
    [
        ("x = 1", None, True),
        ("__all__ = ['a']", ("a",), True),
        ("__all__ = ('a',)", ("a",), True),
        ("__all__: list = ['a']", ("a",), True),
        ("__all__ = ['a']\n__all__ += ['b']", ("a", "b"), True),
        ("__all__ = ['a'] + more", (), False),
        ("__all__ = ['a']\n__all__ += more", ("a",), False),
        ("__all__ = 'a'", (), False),
        ("if x:\n    __all__ = ['a']", ("a",), False),
        ("__all__ = ['a']\n__all__.append('b')", ("a",), False),
        ("__all__ = ['a']\nfor x in y:\n    __all__.extend(x)", ("a",), False),
    ],
)
def test_dunder_all(text: str, names: tuple[str, ...] | None, known: bool) -> None:
    found = facts(text)
    assert (found.dunder_all, found.dunder_all_known) == (names, known)


@pytest.mark.parametrize(
    ("test", "guard"),
    [
        ("__name__ == '__main__'", True),
        ("'__main__' == __name__", True),
        ("__name__ == '__main__' and x", True),
        ("__name__ != '__main__'", False),
        ("__name__ == 'main'", False),
        ("name == '__main__'", False),
    ],
)
def test_main_guard(test: str, guard: bool) -> None:
    assert facts(f"if {test}:\n    pass\n").has_main_guard is guard


def test_statements_that_share_a_line_are_one() -> None:
    found = facts("a; b\n@c\ndef d():\n    pass\ne = [\n]; f\n\n\ng\n")
    assert found.statements == ((1, 1), (2, 4), (5, 6), (9, 9))


def test_nothing_is_lost_on_odd_source() -> None:
    for text in ("", "#", "\n\n", "x = " + "-" * 90 + "1", "x = 1" + " + 1" * 900):
        assert isinstance(facts(text), ModuleFacts)


def class_calls(text: str) -> list[tuple[str, str, str, bool]]:
    return [(c.receiver, c.attribute, c.passed, c.is_own_class) for c in facts(text).class_calls]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C.m()", [("C", "m", "0", False)]),
        ("x = [pkg.C.m(1, a=2)]", [("pkg.C", "m", "1 a", False)]),
        ("def f():\n    return _C.m(1)", [("_C", "m", "1", False)]),
        ("def f():\n    from a import C\n    C.m()", [("@a:C", "m", "0", False)]),
        ("def f():\n    class C: pass\n    C.m()", [("@#0", "m", "0", False)]),
        (
            "class C:\n    @classmethod\n    def f(cls):\n        cls.m(1)\n        cls.x.m()",
            [("@#0", "m", "1", True)],
        ),
        ("class C:\n    def f(self):\n        C.__m()", [("C", "_C__m", "0", False)]),
        ("class C:\n    def f(self):\n        Base.f(self, 1)", []),
        ("C.m(*a); C.m(**a); c.m(); os.path.join(1); (C).x", []),
        ("def f(C):\n    C.m()", []),
        ("def f():\n    C = g()\n    C.m()", []),
        ("[C.m() for C in x]", []),
    ],
)
def test_calls_through_classes(text: str, expected: list[tuple[str, str, str, bool]]) -> None:
    found = facts(text)
    assert class_calls(text) == expected
    assert "m" not in found.external_attribute_writes
    assert all(event.kind == "read" for c in found.classes for event in c.accesses)


def test_setattr_with_a_computed_name_is_a_use_of_an_unknown_attribute() -> None:
    assert ("m.C", "", "set") in facts("import m\nsetattr(m.C, x, 1)").attribute_uses


def test_functions_say_what_they_take() -> None:
    found = facts("def f(a, /, b=1, *, c): pass\ng = lambda self: 0\nclass C:\n    def m(): pass")
    assert [b.target for b in found.bindings[:2]] == ["a / b= * c", "self"]
    assert found.classes[0].body[0].target == ""


def test_supers_are_the_calls_that_are_not_plain() -> None:
    text = """
        class C:
            def m(self, other):
                super().m(other)
                super(C, self).m([super() for _ in ()], super(**{}))
                lambda x: super()
            @staticmethod
            def s(x):
                super().s(x)
            def n(*args):
                super().n()
            x = super
        'ä'; super()
    """
    places = [(5, 9), (5, 27), (5, 49), (6, 19), (9, 9), (11, 9), (13, 6)]
    assert sorted(facts(text).supers) == places
