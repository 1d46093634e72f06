"""PCL503, compared with what attribute access does with such a descriptor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from endless import HYPOTHESIS
from hypothesis import given
from hypothesis import strategies as st

CODE = "PCL503"
PARAMETERS = (
    *("", "self", "self, instance", "self, instance, owner", "self, instance, owner=None"),
    *("self, instance, owner, more", "self, instance, owner, more=1", "*args", "self, *args"),
    *("self, instance, /", "self, instance, /, owner", "self, instance, *, owner=None"),
    *("self, instance, owner, *, key", "self, **names", "*args, **names", "self, instance=1"),
    *("self, instance, *rest, key=1", "self, instance=1, owner=2, *, key"),
    *("self, __instance, __owner, __more", "self, *rest, __key"),
)
ACCESS = {
    "__get__": "C().x",
    "__set__": "C().x = 1",
    "__delete__": "del C().x",
    "__set_name__": "",
}


@pytest.mark.filterwarnings("ignore:coroutine")
@HYPOTHESIS
@given(
    method=st.sampled_from(sorted(ACCESS)),
    parameters=st.sampled_from(PARAMETERS),
    is_async=st.booleans(),
)
def test_what_is_reported_is_what_python_can_not_call(
    project: Callable[..., Any], method: str, parameters: str, is_async: bool
) -> None:
    prefix = "async " if is_async else ""
    text = f"class D:\n    {prefix}def {method}({parameters}): pass\n"
    program = text + f"class C:\n    x = D()\n{ACCESS[method]}\n"
    error = ""
    try:
        exec(program, {})
    except (TypeError, RuntimeError) as raised:
        error = str(raised.__cause__ or raised)
    messages = project(text).messages(CODE)
    assert bool(messages) == bool(error)
    if error:
        assert messages[0].endswith(error)


def with_get(parameters: str, body: str = "pass") -> str:
    return f"class D:\n    def __get__({parameters}):\n        {body}\n"


def test_the_message_says_what_python_passes(project: Callable[..., Any]) -> None:
    p = project(
        with_get("self")
        + "    def __delete__(self): pass\n    def __set_name__(self, name): pass\n"
    )
    assert p.places(CODE) == [("main.py", 2, 5), ("main.py", 4, 5), ("main.py", 5, 5)]
    assert p.messages(CODE) == [
        "Python passes the descriptor, the instance and its class to `__get__`: TypeError, "
        "D.__get__() takes 1 positional argument but 3 were given",
        "Python passes the descriptor and the instance to `__delete__`: TypeError, "
        "D.__delete__() takes 1 positional argument but 2 were given",
        "Python passes the descriptor, the class and the attribute's name to `__set_name__`: "
        "TypeError (RuntimeError up to Python 3.11), "
        "D.__set_name__() takes 2 positional arguments but 3 were given",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self, instance", "self, instance, owner=None"),
        ("self, instance, /", "self, instance, owner=None, /"),
        ("self, instance,", "self, instance, owner=None,"),
        ("self, instance: (int) # one\n", "self, instance: (int), owner=None # one\n"),
        ("self, instance = (None)", "self, instance = (None), owner=None"),
        ("self, instance=( # (\n(None) # )\n)", "self, instance=( # (\n(None) # )\n), owner=None"),
        ("self, instance, *, key=1", "self, instance, owner=None, *, key=1"),
        ("self, instance, **names", "self, instance, owner=None, **names"),
        ("self", None),
        ("self, instance, *, owner=1", None),
        ("self, instance, *, key", None),
        ("self, instance, **owner", None),
    ],
)
def test_fix_adds_the_owner(project: Callable[..., Any], before: str, after: str | None) -> None:
    p = project({"main.py": with_get(before).encode()})
    assert p.fix(CODE)["main.py"] == with_get(before if after is None else after)


def test_fix_is_withheld_where_owner_is_something_else(project: Callable[..., Any]) -> None:
    text = with_get("self, instance", "return owner")
    assert project(text).fix(CODE)["main.py"] == text


@pytest.mark.parametrize(
    "text",
    [
        with_get("self").replace("    def", "    @unknown\n    def"),
        with_get("self").replace("    def", "    @staticmethod\n    def"),
        with_get("self").replace("    def", "    @overload\n    def"),
        with_get("self") + "    def __get__(self, *args): pass\n",
        with_get("self") + "    __get__ = unknown\n",
        with_get("self").replace("class D", "class D(Protocol)"),
        with_get("self").replace("class D", "class D(zope.interface.Interface)"),
        "@unknown\n" + with_get("self"),
        "if PY2:\n    class D:\n        def __get__(self): pass\n",
        "if TYPE_CHECKING:\n    class D:\n        def __get__(self): pass\n",
        "def __get__(self): pass\n",
        "class D:\n    __get__ = lambda self: 1\n",
        "class D:\n    def __getitem__(self): pass\n",
    ],
)
def test_what_python_may_not_call_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


def test_stubs_are_left_alone(project: Callable[..., Any]) -> None:
    assert project({"main.pyi": with_get("self")}).lint(CODE) == []


def test_python2_source_is_read_and_fixed(project: Callable[..., Any]) -> None:
    p = project(with_get("self, instance", "print 'x'"))
    assert p.places(CODE) == [("main.py", 2, 5)]
    assert p.fix(CODE)["main.py"] == with_get("self, instance, owner=None", "print 'x'")
