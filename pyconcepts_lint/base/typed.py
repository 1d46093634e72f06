"""`NamedTuple`, `Generic` and `TYPE_CHECKING` as `typing` has them.

Importing `typing`, and what it does for each class of named tuples, takes longer than a small file
takes to lint.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from typing import Generic as Generic
    from typing import NamedTuple as NamedTuple
else:

    class Generic:
        """The base of a generic class; only type checkers ask what of."""

        def __class_getitem__(kind, parameters: object) -> type:
            return kind

    from collections import namedtuple

    class _NamedTupleType(type):
        def __new__(kind, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(kind, name, bases, namespace)
            fields = namespace["__annotations__"]
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults, module=namespace["__module__"])
            for member, value in namespace.items():
                setattr(made, member, value)
            return made

    class NamedTuple(metaclass=_NamedTupleType):
        """The base of a class statement that makes a named tuple, its annotations the fields."""
