"""The base of the tool's own named tuples does what `typing.NamedTuple` does."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from pyconcepts_lint.base import typed


class Ours(typed.NamedTuple):
    """A place."""

    path: str
    line: int = 1

    @property
    def shown(self) -> str:
        return f"{self.path}:{self.line}"


class Theirs(typing.NamedTuple):
    """A place."""

    path: str
    line: int = 1

    @property
    def shown(self) -> str:
        return f"{self.path}:{self.line}"


@pytest.mark.parametrize(
    "attribute",
    ["__doc__", "__module__", "_fields", "_field_defaults", "__match_args__", "__slots__"],
)
def test_the_class_is_the_same(attribute: str) -> None:
    assert getattr(Ours, attribute) == getattr(Theirs, attribute)
    assert Ours.__mro__[1:] == Theirs.__mro__[1:]
    assert (Ours.__name__, Ours.__qualname__) == ("Ours", "Ours")


def test_what_it_makes_is_the_same() -> None:
    one, other = Ours("a.py"), Theirs("a.py")
    assert one == other == ("a.py", 1)
    assert repr(one) == "Ours(path='a.py', line=1)"
    assert one.shown == other.shown
    assert one._replace(line=2) == Ours(line=2, path="a.py")
    for copied in (pickle.loads(pickle.dumps(one)), copy.copy(one)):
        assert copied == one
        assert type(copied) is Ours


def test_a_wrong_call_fails() -> None:
    with pytest.raises(TypeError, match="path"):
        Ours()  # type: ignore[call-arg]
