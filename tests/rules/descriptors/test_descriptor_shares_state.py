"""PCL502, compared with what two instances see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from endless import HYPOTHESIS, indented
from hypothesis import given
from hypothesis import strategies as st

CODE = "PCL502"
SETS = (
    *("self.value = value", "self.value = str(value)", "self.value: object = value"),
    *("instance.__dict__['x'] = value", "self.values[instance] = value", "self.value = instance"),
    *("self.value = self.last = value", "if value:\n    self.value = value", "value = str(value)"),
    *("with CONTEXT:\n    self.value = value", "if instance:\n    self.value = value", "pass"),
    *("if instance is None:\n    self.value = value", "self.value = (instance, value)"),
    "try:\n    self.value = value\nfinally:\n    pass",
    *("setattr(self, 'value', value)", "self.value, other = value, 1", "del self.value"),
    *("self.__dict__['value'] = value", "vars(self)['value'] = value", "self.value += value"),
)
STARTS = (
    *("pass", "if instance is None:\n    return self", "if not instance:\n    return self"),
    "if instance in self.values:\n    return self.values[instance]",
)
ENDS = (
    *("return self.value", "return self.last", "return instance.__dict__['x']", "pass"),
    *("return self.values[instance]", "return [self.value]", "value = self.value\nreturn value"),
    "return self.value if instance else None",
    *("return getattr(self, 'value')", "return self.__dict__['value']"),
    *("found = self.value\nif not found:\n    found = 1\nreturn found",),
)


def descriptor(put: str, get: str, more: str = "") -> str:
    return (
        f"class D:\n    value = last = None\n    def __set__(self, instance, value):\n"
        f"{indented(indented(put))}\n    def __get__(self, instance, owner=None):\n"
        f"{indented(indented(get))}\n{more}"
    )


@HYPOTHESIS
@given(
    put=st.lists(st.sampled_from(SETS), min_size=1, max_size=3).map("\n".join),
    start=st.sampled_from(STARTS),
    end=st.sampled_from(ENDS),
)
def test_set_on_one_it_is_set_on_all(
    project: Callable[..., Any], put: str, start: str, end: str
) -> None:
    get = f"{start}\n{end}"
    text = "from contextlib import nullcontext\nCONTEXT = nullcontext()\n" + descriptor(put, get)
    findings = project(text.replace("value = last = None", "values = {}")).lint(CODE)
    namespace: dict[str, Any] = {}
    exec(text.replace("last = None", "last = None; values = {}") + "class C: x = D()\n", namespace)
    if findings:
        one, other = namespace["C"](), namespace["C"]()
        one.x = "one"
        assert "one" in other.x
        other.x = "other"
        assert "other" in one.x


def test_the_message_says_where_the_value_is(project: Callable[..., Any]) -> None:
    p = project(
        descriptor("if not value:\n    raise ValueError\nself.__v = value", "return self.__v")
    )
    assert p.places(CODE) == [("main.py", 6, 9)]
    assert p.messages(CODE) == [
        "`self.__v = …` keeps the value on the `D` object, which all instances share, and "
        "`__get__` returns it for each of them: set on one, it is set on all"
    ]


KEPT, GIVEN = "self.value = value", "return self.value"


@pytest.mark.parametrize(
    "text",
    [
        descriptor("self.values[instance] = value", "return self.values[instance]"),
        descriptor("setattr(instance, self.name, value)", "return getattr(instance, self.name)"),
        descriptor("self.default = value", GIVEN),
        descriptor("self.value = 1", GIVEN),
        descriptor("other.value = value", GIVEN),
        descriptor("self.slot(instance).value = value", GIVEN),
        descriptor("self = self.at(instance)\nself.value = value", GIVEN),
        descriptor(KEPT, "self = self.at(instance)\n" + GIVEN),
        descriptor(KEPT, "return instance.value"),
        descriptor(KEPT, "return self.value[instance]"),
        descriptor(KEPT, "self.check(instance)\n" + GIVEN),
        descriptor("if self.is_shared:\n    self.value = value", GIVEN),
        descriptor(KEPT, "raise AttributeError"),
        descriptor("def later():\n    self.value = value", GIVEN),
        descriptor(KEPT, GIVEN).replace("class D", "class D(Unknown)"),
        descriptor(KEPT, GIVEN, "    def __setattr__(self, name, value): pass\n"),
        descriptor(KEPT, GIVEN, "    value = property()\n"),
        descriptor(KEPT, GIVEN, "    __set__ = unknown\n"),
        descriptor(KEPT, GIVEN).replace("    def __set__", "    @unknown\n    def __set__"),
        descriptor(KEPT, GIVEN).replace("__set__", "set"),
        descriptor(KEPT, GIVEN).replace("__get__", "get"),
    ],
)
def test_what_may_be_kept_elsewhere_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    p = project(descriptor("print 'x'\n" + KEPT, GIVEN).replace("class D", "class D(object)"))
    assert p.places(CODE) == [("main.py", 5, 9)]
