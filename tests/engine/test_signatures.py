"""What the model of parameters says of calls is what Python does with them."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyconcepts_lint.source.signatures import (
    Arguments,
    Parameters,
    arguments_of,
    parameters_of,
    read_parameters,
    written_parameters,
)

NAMES = ("a", "b", "c", "d", "e", "é", "self")


@st.composite
def headers(draw: st.DrawFn) -> str:
    """The parameters of some function, as Python writes them."""
    names = list(draw(st.permutations(NAMES)))
    positional = [names.pop() for _ in range(draw(st.integers(0, 4)))]
    keyword_only = [names.pop() for _ in range(draw(st.integers(0, len(names))))]
    defaults = draw(st.integers(0, len(positional)))
    parts = [
        f"{name}=0" if number >= len(positional) - defaults else name
        for number, name in enumerate(positional)
    ]
    if positional and draw(st.booleans()):
        parts.insert(draw(st.integers(1, len(positional))), "/")
    if draw(st.booleans()):
        parts.append("*args")
    elif keyword_only:
        parts.append("*")
    parts += [f"{name}=0" if draw(st.booleans()) else name for name in keyword_only]
    if draw(st.booleans()):
        parts.append("**kwargs")
    return ", ".join(parts)


calls = st.tuples(
    st.integers(0, 5), st.lists(st.sampled_from((*NAMES, "other")), unique=True, max_size=5)
)


def defined(header: str) -> tuple[Any, Parameters]:
    """The function itself, and what the model has of its source."""
    source = f"def f({header}): pass"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return namespace["f"], parameters_of(node)


@settings(max_examples=300, deadline=None)
@given(headers(), calls)
def test_calls_are_bound_or_refused_as_python_does_it(
    header: str, call: tuple[int, list[str]]
) -> None:
    function, parameters = defined(header)
    positional, keywords = call
    refusal = parameters.refusal(Arguments(positional, tuple(keywords)))
    passed = dict.fromkeys(keywords, 0)
    check(refusal, function, positional, passed)
    # `bind` refuses a name of a positional-only parameter with a default even where `**kwargs`
    # takes it, up to 3.11.
    if not (parameters.takes_any_keyword and parameters.positional_only):
        assert (refusal == "") == binds(function, positional, passed)


def check(refusal: str | None, call: Any, positional: int, passed: dict[str, Any]) -> None:
    """Compare with what the call really does."""
    if refusal == "":
        call(*range(positional), **passed)
        return
    assert refusal
    # Newer versions go on with a suggestion.
    with pytest.raises(TypeError, match="^" + re.escape(f"f() {refusal}")):
        call(*range(positional), **passed)


def binds(function: Any, positional: int, passed: dict[str, Any]) -> bool:
    try:
        inspect.signature(function).bind(*range(positional), **passed)
    except TypeError:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(headers())
def test_parameters_are_those_that_inspect_sees(header: str) -> None:
    function, parameters = defined(header)
    seen = inspect.signature(function).parameters.values()
    positional = [p for p in seen if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keyword_only = [p for p in seen if p.kind is p.KEYWORD_ONLY]
    assert parameters == Parameters(
        tuple(p.name for p in positional),
        sum(p.kind is p.POSITIONAL_ONLY for p in seen),
        sum(p.default is p.empty for p in positional),
        tuple(p.name for p in keyword_only),
        tuple(p.name for p in keyword_only if p.default is p.empty),
        any(p.kind is p.VAR_POSITIONAL for p in seen),
        any(p.kind is p.VAR_KEYWORD for p in seen),
    )
    assert parameters.first == (positional[0].name if positional else "")
    assert parameters.takes_positional == bool(positional or parameters.takes_any_positional)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("", ""),
        ("self", "self"),
        ("self, /, a, b=1, *args, c, d=2, **kw", "self / a b= *args c d= **kw"),
        ("*, c", "* c"),
        ("*args", "*args"),
        ("**kw", "**kw"),
    ],
)
def test_written_parameters(header: str, line: str) -> None:
    function = ast.parse(f"lambda {header}: 0", mode="eval").body
    assert isinstance(function, ast.Lambda)
    assert written_parameters(function.args) == line
    assert read_parameters(line) == parameters_of(function)


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        ("f()", Arguments(0)),
        ("f(1, 2, a=3)", Arguments(2, ("a",))),
        ("f(1, *rest)", Arguments(2, (), True)),
        ("f(**rest, a=1)", Arguments(0, ("a",), True)),
    ],
)
def test_arguments_of_a_call(source: str, arguments: Arguments) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert arguments_of(call) == arguments


def test_a_call_that_may_pass_more_is_not_judged() -> None:
    _, parameters = defined("a")
    assert parameters.refusal(Arguments(0, (), True)) is None
    assert parameters.refusal(Arguments(3, (), True)) is None


@settings(max_examples=200, deadline=None)
@given(headers(), calls)
def test_a_bound_method_passes_its_instance_first(header: str, call: tuple[int, list[str]]) -> None:
    function, parameters = defined(header)
    positional, keywords = call
    refusal = parameters.refusal(Arguments(positional, tuple(keywords)).after_instance)
    check(refusal, function.__get__(object()), positional, dict.fromkeys(keywords, 0))
