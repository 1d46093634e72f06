"""What `context` says of a place is what happens there when the code is run."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import platform
import sys
import textwrap
import types
import unittest
from typing import Any

import pytest

from pyconcepts_lint.analysis import context


def path_to_mark(code: str) -> list[ast.AST]:
    """The path to the first call of `mark`."""
    module = ast.parse(textwrap.dedent(code))
    for statement in module.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "mark":
                start = (node.lineno, node.col_offset)
                path = context.path_to(statement, start, (node.end_lineno, node.end_col_offset))
                while path[-1] is not node:
                    path.pop()
                return path
    raise AssertionError("no mark() in the code")


def is_reached(code: str, **names: Any) -> bool:
    """Is `mark()` called when the code runs?"""
    marks: list[int] = []
    exec(textwrap.dedent(code), {"mark": lambda: marks.append(1), "sys": sys, **names})
    return bool(marks)


SIX = types.SimpleNamespace(PY2=False, PY3=True)


@pytest.mark.parametrize(
    "code",
    [
        "mark()",
        "if sys.version_info[0] == 2: mark()",
        "if sys.version_info[0] >= 3: mark()",
        "if sys.version_info[0] < 3:\n    pass\nelse:\n    mark()",
        "if sys.version_info < (3,): mark()",
        "if sys.version_info >= (3, 0): mark()",
        "if sys.version_info[:2] < (3, 0): mark()",
        "if (3, 0) <= sys.version_info < (4, 0): mark()",
        "if sys.version_info.major == 2: mark()",
        "if sys.version_info[0] in (2,): mark()",
        "if sys.hexversion < 0x03000000: mark()",
        "if sys.version < '3': mark()",
        "if sys.version[0] == '2': mark()",
        "if sys.version.startswith('2'): mark()",
        "if int(sys.version[0]) < 3: mark()",
        "if int(platform.python_version_tuple()[0]) == 2: mark()",
        "if platform.python_version() >= '3': mark()",
        "if str is bytes: mark()",
        "if bytes is not str: mark()",
        "if six.PY2: mark()",
        "if six.PY3: mark()",
        "if not six.PY3: mark()",
        "if PY2: mark()",
        "if PY3 and other: mark()",
        "if PY2 and other: mark()",
        "if PY2 or other: mark()",
        "if is_python2(): mark()",
        "if six.PY3:\n    pass\nelif other:\n    mark()",
        "if other:\n    pass\nelif six.PY2:\n    mark()\n",
        "if other:\n    if not six.PY2: mark()",
        "while six.PY2: mark()",
        "mark() if six.PY2 else None",
        "None if six.PY3 else mark()",
        "six.PY2 and mark()",
        "six.PY3 or mark()",
        "six.PY3 and mark()",
        "[mark() for x in 'a' if six.PY2]",
        "[mark() for x in 'a' if six.PY3]",
        "{mark(): x for x in 'a' for y in 'a' if six.PY2}",
        "list(x for x in 'a' if six.PY2 for y in [mark()])",
        "[x for x in [mark()] if six.PY2]",
        "if 0: mark()",
        "if six.PY2:\n    def f():\n        mark()\n    f()",
        """
        def f():
            if six.PY3:
                return
            mark()
        f()
        """,
        """
        def f():
            if six.PY2:
                return
            mark()
        f()
        """,
        """
        def f():
            if six.PY2:
                x = 1
            else:
                return
            mark()
        f()
        """,
        """
        def f():
            mark()
            if six.PY3:
                return
        f()
        """,
        """
        for x in 'a':
            if six.PY3:
                continue
            mark()
        """,
        """
        def f():
            assert not six.PY2
            mark()
        f()
        """,
        """
        match 1:
            case 1 if six.PY2:
                mark()
        """,
        """
        def choose(test):
            return lambda function: (lambda: None) if test else function
        skipif = choose
        @skipif(six.PY3)
        def test():
            mark()
        test()
        """,
        """
        def choose(test):
            return lambda function: function if test else (lambda: None)
        skipUnless = choose
        @skipUnless(six.PY3)
        def test():
            mark()
        test()
        """,
    ],
)
def test_only_in_python2_is_what_python3_never_reaches(code: str) -> None:
    names = {"six": SIX, "PY2": False, "PY3": True, "platform": platform, "other": True}
    reached = is_reached(code, **names, is_python2=lambda: False)
    assert context.only_in_python2(path_to_mark(code)) is not reached


@pytest.mark.parametrize(
    "test",
    ["sys.version_info > MINIMUM", "compat.py2_or_older", "sys.version_info[n] == 2", "PY3_LATER"],
)
def test_a_version_test_that_cant_be_understood_context_both_branches(test: str) -> None:
    for code in (f"if {test}: mark()", f"if {test}: pass\nelse: mark()"):
        assert context.only_in_python2(path_to_mark(code))


@pytest.mark.parametrize(
    "code",
    [
        "if sys.version_info >= (3, 14): mark()",
        "if sys.version_info < (3, 14): mark()",
        "if sys.version_info.minor > 11: mark()",
        "if copy2: mark()",
        "if options.happy: mark()",
    ],
)
def test_a_branch_that_some_python3_runs_is_not_python2s(code: str) -> None:
    assert not context.only_in_python2(path_to_mark(code))


def test_conditions_say_how_each_test_came_out() -> None:
    code = """
    def f():
        if a:
            raise ValueError
        if b:
            if not c:
                return d and e and mark()
    """
    found = [
        (ast.unparse(test), outcome) for test, outcome in context.conditions(path_to_mark(code))
    ]
    assert found == [("a", False), ("b", True), ("not c", True), ("d", True), ("e", True)]


@pytest.mark.parametrize(
    "code",
    [
        "if hasattr(d, 'iteritems'): mark()",
        "if not hasattr(d, 'iteritems'): mark()",
        "if hasattr(d, 'items'): mark()",
        "if callable(getattr(d, 'iteritems', None)): mark()",
        "if getattr(d, 'iteritems', None) is not None: mark()",
        "if getattr(d, 'iteritems', None) is None: mark()",
        "if getattr(d, 'iteritems', None) is None: pass\nelse: mark()",
        "if 'iteritems' in dir(d): mark()",
        "if 'iteritems' not in dir(d): mark()",
        "if (found := hasattr(d, 'iteritems')): mark()",
        "hasattr(d, 'iteritems') and mark()",
        "mark() if hasattr(d, 'iteritems') else d.items()",
        "if d and not (not d or not hasattr(d, 'iteritems')): mark()",
        "def f():\n    if not hasattr(d, 'iteritems'):\n        return\n    mark()\nf()",
    ],
)
def test_only_if_it_has_is_what_an_object_without_the_attribute_never_reaches(code: str) -> None:
    reached = is_reached(code, d={1: 2})
    assert context.only_if_it_has(path_to_mark(code), {"iteritems"}) is not reached


@pytest.mark.parametrize(
    "code",
    [
        "if find_spec('no_such_module'): mark()",
        "if find_spec('no_such_module') is not None: mark()",
        "if find_spec('no_such_module') is None: mark()",
        "if find_spec('no_such_module') is None: pass\nelse: mark()",
        "if bool(find_spec('no_such_module')): mark()",
        "if find_spec('os'): mark()",
    ],
)
def test_only_if_found_is_what_a_missing_module_keeps_from_running(code: str) -> None:
    reached = is_reached(code, find_spec=importlib.util.find_spec)
    assert context.only_if_found(path_to_mark(code), "no_such_module.sub") is not reached


def test_only_for_type_checkers() -> None:
    assert context.only_for_type_checkers(path_to_mark("if TYPE_CHECKING: mark()"))
    assert context.only_for_type_checkers(path_to_mark("if typing.TYPE_CHECKING: mark()"))
    assert context.only_for_type_checkers(path_to_mark("if not TYPE_CHECKING: pass\nelse: mark()"))
    assert not context.only_for_type_checkers(path_to_mark("if not TYPE_CHECKING: mark()"))


CATCHING = [
    "mark()",
    "try: mark()\nexcept AttributeError: pass",
    "try: mark()\nexcept Exception: pass",
    "try: mark()\nexcept BaseException as error: pass",
    "try: mark()\nexcept: pass",
    "try: mark()\nexcept (KeyError, AttributeError): pass",
    "try: mark()\nexcept (KeyError, ValueError): pass",
    "try: mark()\nexcept KeyError: pass\nexcept Exception: pass",
    "try: mark()\nexcept OSError: pass",
    "try: mark()\nexcept socket.error: pass",
    "try: mark()\nexcept builtins.AttributeError: pass",
    "try: mark()\nexcept OwnError: pass",
    "try: mark()\nexcept* AttributeError: pass",
    "try: mark()\nfinally: pass",
    "try:\n    try: mark()\n    except KeyError: pass\nexcept AttributeError: pass",
    "try: pass\nexcept AttributeError: pass\nelse: mark()",
    "try: pass\nexcept AttributeError: pass\nfinally: mark()",
    "try: raise KeyError\nexcept KeyError: mark()\nexcept AttributeError: pass",
    "try:\n    def f(): mark()\nexcept AttributeError: pass\nf()",
    "try:\n    f = lambda: mark()\nexcept AttributeError: pass\nf()",
    "try:\n    def f(x=mark()): pass\nexcept AttributeError: pass",
    "try:\n    class C: x = mark()\nexcept AttributeError: pass",
    "def f():\n    try: return [mark() for x in 'a']\n    except AttributeError: pass\nf()",
    "with suppress(AttributeError): mark()",
    "with suppress(KeyError): mark()",
    "with contextlib.suppress(KeyError, Exception): mark()",
    "with suppress(AttributeError):\n    def f(): mark()\nf()",
    "with pytest.raises(AttributeError): mark()",
    "with pytest.raises((KeyError, AttributeError)): mark()",
    "with case.assertRaises(AttributeError) as caught: mark()",
    "with case.assertRaisesRegex(AttributeError, 'mark'): mark()",
    "pytest.raises(AttributeError, lambda: mark())",
    "case.assertRaises(AttributeError, lambda: mark())",
    "case.assertRaises(AttributeError, mark())",
    "if True:\n    def f(): mark()\n    case.assertRaises(AttributeError, f)",
    "def f(): mark()\npytest.raises(KeyError, f)",
    "def f(): mark()\nprint(AttributeError, f)\nf()",
    "print(lambda: 1, mark())",
]


@pytest.mark.parametrize("code", CATCHING)
def test_caught_by_is_whether_the_error_stays_inside(code: str) -> None:
    def mark() -> None:
        raise AttributeError("mark")

    class OwnError(Exception):
        pass

    names = {
        "mark": mark,
        "suppress": contextlib.suppress,
        "contextlib": contextlib,
        "pytest": pytest,
        "case": unittest.TestCase(),
        "OwnError": OwnError,
    }
    escaped = False
    try:
        exec("import builtins, socket\n" + code, names)
    except AttributeError:
        escaped = True
    assert context.caught_by(path_to_mark(code), "AttributeError") is not escaped


def test_handlers_that_a_variable_names_may_catch_anything() -> None:
    for kind in ("errors", "self.errors", "ERRORS", "get_errors()"):
        code = f"try: mark()\nexcept {kind}: pass"
        assert context.caught_by(path_to_mark(code), "AttributeError")


def test_tests_that_are_expected_to_fail_expect_the_error() -> None:
    for decorator in ("unittest.expectedFailure", "pytest.mark.xfail", "raises(AttributeError)"):
        path = path_to_mark(f"@{decorator}\ndef test():\n    mark()")
        assert context.caught_by(path, "AttributeError")
        assert context.expected_by(path, "AttributeError")
    assert not context.expected_by(
        path_to_mark("try: mark()\nexcept AttributeError: pass"), "AttributeError"
    )


@pytest.mark.parametrize(
    "code",
    [
        "try: mark()\nexcept AttributeError: d.items()",
        "try: d.items()\nexcept AttributeError: mark()",
        "try: d.items\nexcept NameError: pass\nexcept AttributeError: mark()",
        "try: dict.old\nexcept AttributeError:\n    def f(d): return d.items()\n"
        "else:\n    def f(d): return mark()",
        "try: import new\nexcept ImportError:\n    def f(d): return mark()\n"
        "else:\n    def f(d): return d.items()",
        "try:\n    if x: mark()\nexcept AttributeError:\n    if x: [i for i in d.items()]",
    ],
)
def test_one_of_two_ways_is_a_fallback(code: str) -> None:
    assert context.in_fallback(path_to_mark(code), {"items"})


@pytest.mark.parametrize(
    "code",
    [
        "mark()",
        "try:\n    mark()\n    d.items()\nexcept AttributeError: raise",
        "try: mark()\nexcept AttributeError: d.values()",
        "try: mark()\nfinally: d.items()",
        "try: d.items()\nexcept AttributeError: pass\nfinally: mark()",
    ],
)
def test_code_that_only_stands_in_a_try_is_no_fallback(code: str) -> None:
    assert not context.in_fallback(path_to_mark(code), {"items"})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("if isinstance(d, dict): mark()", ["dict"]),
        ("if x and isinstance(d, (dict, a.B)): mark()", ["dict", "a.B"]),
        ("if not isinstance(d, dict):\n    pass\nelse: mark()", []),
        ("if isinstance(d, dict): pass\nelse: mark()", []),
        ("if isinstance(e, dict): mark()", []),
        ("if isinstance(d, kinds()): mark()", [""]),
        ("mark() if isinstance(d, dict) else 1", ["dict"]),
    ],
)
def test_instance_tests_are_the_classes_that_the_object_is_one_of(
    code: str, expected: list[str]
) -> None:
    assert list(context.instance_tests(path_to_mark(code), ast.Name("d", ast.Load()))) == expected


def test_a_place_in_an_f_string_is_found_behind_a_field_with_a_format() -> None:
    for code in ("x = f'{a:>{b}} {mark()}'", "x = f'{a!r:>3} {b:{mark()}}'"):
        path = path_to_mark(code)
        assert isinstance(path[-1], ast.Call)
        assert not any(isinstance(node, ast.Name) and node.id == "a" for node in path)
