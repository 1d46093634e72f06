"""`NamedTuple`, `Generic` and `TYPE_CHECKING` as `typing` has them.

Importing `typing`, and what it does for each class of named tuples, takes longer than a small file
takes to lint.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import Any
    from typing import Generic as Generic
    from typing import NamedTuple as NamedTuple
else:

    class Generic:
        """The base of a generic class; only type checkers ask what of."""

        def __class_getitem__(kind, parameters: object) -> type:
            return kind

    from collections import _tuplegetter
    from functools import cache
    from types import FunctionType

    _new = tuple.__new__

    class _Common:
        """What all named tuples have in common: they get these functions for their own.

        `collections.namedtuple` makes and compiles all of it for each class: that took a tenth of
        the time of a run over a small file.
        """

        @classmethod
        def _make(kind, values: Iterable[Any]) -> Any:
            made = _new(kind, values)
            if len(made) != len(kind._fields):
                raise TypeError(f"Expected {len(kind._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes: Any) -> Any:
            made = _new(self.__class__, map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"Got unexpected field names: {list(changes)!r}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            fields = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{self.__class__.__name__}({', '.join(fields)})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    _COMMON = {
        name: member
        for name, member in vars(_Common).items()
        if callable(member) or name == "_make"
    }

    @cache
    def _code_of_new(count: int) -> CodeType:
        """The code of a `__new__` that takes so many values."""
        names = "".join(f"_{number}, " for number in range(count))
        return eval(f"lambda _cls, {names}: _new(_cls, ({names}))").__code__

    class _NamedTupleType(type):
        def __new__(kind, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(kind, name, bases, namespace)
            fields = tuple(namespace["__annotations__"])
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            code = _code_of_new(len(fields)).replace(
                co_name="__new__", co_varnames=("_cls", *fields)
            )
            own = {"__name__": namespace["__module__"], "__builtins__": {}, "_new": _new}
            new = FunctionType(code, own, "__new__", tuple(defaults.values()))
            new.__qualname__ = f"{name}.__new__"
            getters = {
                field: _tuplegetter(number, f"Alias for field number {number}")
                for number, field in enumerate(fields)
            }
            made = {
                "__doc__": f"{name}({', '.join(fields)})",
                "__slots__": (),
                "__new__": new,
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (tuple,), _COMMON | made | getters | namespace)

    class NamedTuple(metaclass=_NamedTupleType):
        """The base of a class statement that makes a named tuple, its annotations the fields."""
