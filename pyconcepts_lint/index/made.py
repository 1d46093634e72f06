"""Classes that calls make: what the calls say, from the tree, and which classes that makes.

Only what is written down as literals is taken: `namedtuple("P", "x y")`, `Enum("C", "RED BLUE")`,
`make_dataclass("D", ["x"])`, `type("T", (Base,), {"x": 1})`, `with_metaclass(Meta, Base)`. The
functions of the standard library are asked for the very class, with these literals.

Of what some functions of well-known libraries make, the bases can be told, and not the attributes
(`PARTLY_KNOWN`).
"""

from __future__ import annotations

import ast

from ..base.typed import TYPE_CHECKING
from .binder import dotted_name
from .facts import Made

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .facts import ValueKind

_ENUMS = ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
_FLAGS = frozenset(
    {"init", "repr", "eq", "order", "unsafe_hash", "frozen", "match_args", "kw_only", "slots"}
)
_WITHOUT_EFFECT = frozenset({"module", "qualname"})
METACLASS_MAKER = "with_metaclass"
"""What six, and others after it, call a function of a metaclass and bases
(https://six.readthedocs.io/#six.with_metaclass)."""
DECLARATIVE_BASE = "declarative_base"
"""What SQLAlchemy calls a function that makes a class of `cls=`, or of no other
(https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.declarative_base)."""
GENERATE_BASE = "generate_base"
"""The same as a method of SQLAlchemy's `registry`."""
FROM_QUERYSET = "from_queryset"
"""The method of Django's managers that makes a class below the manager's
(https://docs.djangoproject.com/en/stable/topics/db/managers/#from-queryset)."""
PARTLY_KNOWN = frozenset({DECLARATIVE_BASE, GENERATE_BASE, FROM_QUERYSET})


def made(
    call: ast.Call,
    place: tuple[int, int],
    base: Callable[[ast.expr], str],
    kind_of: Callable[[ast.expr], ValueKind],
) -> Made | None:
    """What a call says of the class that it makes, None where it may be no such call, or isn't
    all written down.

    Args:
        call: the call.
        place: see `Made`.
        base: the name of a base, as a class statement would have it.
        kind_of: what a value is.
    """
    maker = base(call.func)
    last = maker.rpartition(".")[2]
    read = _READERS.get(last)
    if read is None or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    if last in PARTLY_KNOWN:
        return _partly_known(call, place, maker, base)
    if last == METACLASS_MAKER:
        names = tuple(map(base, call.args))
        if call.keywords or not names or not all(names):
            return None
        return Made(*place, maker, "", names[1:], names[0], (), ())
    name = _string(call.args[0]) if call.args else None
    if not name or len(call.args) != (3 if last == "type" else 2):
        return None
    bases: tuple[str, ...] = ()
    if last == "type":
        if not isinstance(call.args[1], ast.Tuple) or call.keywords:
            return None
        bases = tuple(map(base, call.args[1].elts))
        names_of_type = _keys(call.args[2], kind_of)
        if not all(bases) or names_of_type is None:
            return None
        return Made(*place, maker, name, bases, "", names_of_type, ())
    words = read(call.args[1])
    options = _options(call, last)
    if words is None or options is None:
        return None
    return Made(*place, maker, name, (), "", tuple((word, None) for word in words), options)


def _partly_known(
    call: ast.Call, place: tuple[int, int], maker: str, base: Callable[[ast.expr], str]
) -> Made | None:
    receiver, _, last = maker.rpartition(".")
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    if last == FROM_QUERYSET:
        if not receiver or not 1 <= len(call.args) <= 2:
            return None
        return Made(*place, maker, receiver.rpartition(".")[2], (receiver,), "", (), ())
    above = [base(keyword.value) for keyword in call.keywords if keyword.arg == "cls"]
    if call.args or not all(above):
        return None
    return Made(*place, maker, "Base", tuple(above), "", (), ())


def _string(node: ast.expr) -> str | None:
    is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_string else None  # type: ignore[attr-defined]


def _words(node: ast.expr) -> list[str] | None:
    """`"x y"`, `"x, y"`, `["x", "y"]`."""
    text = _string(node)
    if text is not None:
        return text.replace(",", " ").split()
    return _firsts(node, lambda item: None)


def _fields(node: ast.expr) -> list[str] | None:
    """`["x", ("y", int)]`; a default makes an attribute of the class."""
    return _firsts(node, lambda item: item.elts[0] if len(item.elts) == 2 else None)


def _typed_fields(node: ast.expr) -> list[str] | None:
    found = _fields(node)
    return found if all(isinstance(item, ast.Tuple) for item in getattr(node, "elts", ())) else None


def _members(node: ast.expr) -> list[str] | None:
    """As `_words`, or `[("x", 1)]`, `{"x": 1}`."""
    if isinstance(node, ast.Dict):
        keys = [_string(key) if key is not None else None for key in node.keys]
        return None if None in keys else [key for key in keys if key]
    return _words(node) or _typed_fields(node)


def _firsts(node: ast.expr, first: Callable[[ast.Tuple], ast.expr | None]) -> list[str] | None:
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    found: list[str] = []
    for item in node.elts:
        part = first(item) if isinstance(item, ast.Tuple) else item
        text = None if part is None else _string(part)
        if text is None:
            return None
        found.append(text)
    return found


def _keys(
    node: ast.expr, kind_of: Callable[[ast.expr], ValueKind]
) -> tuple[tuple[str, ValueKind | None], ...] | None:
    """The keys of the third argument of `type`, and what their values are."""
    if isinstance(node, ast.Call) and dotted_name(node.func) == "dict" and not node.args:
        if any(keyword.arg is None for keyword in node.keywords):
            return None
        return tuple((keyword.arg or "", kind_of(keyword.value)) for keyword in node.keywords)
    if not isinstance(node, ast.Dict):
        return None
    keys = [None if key is None else _string(key) for key in node.keys]
    values = [kind_of(value) for value in node.values]
    if None in keys:
        return None
    return tuple((key or "", value) for key, value in zip(keys, values, strict=True))


def _options(call: ast.Call, maker: str) -> tuple[tuple[str, int], ...] | None:
    found: list[tuple[str, int]] = []
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in _WITHOUT_EFFECT:
            continue
        is_default = maker == "namedtuple" and keyword.arg == "defaults"
        if is_default and isinstance(value, (ast.Tuple, ast.List)):
            found.append(("defaults", len(value.elts)))
            continue
        is_flag = maker == "make_dataclass" and keyword.arg in _FLAGS
        if is_flag and isinstance(value, ast.Constant):
            found.append((keyword.arg or "", bool(value.value)))
            continue
        return None
    return tuple(found)


_READERS: dict[str, Callable[[ast.expr], list[str] | None]] = {
    "namedtuple": _words,
    "NamedTuple": _typed_fields,
    "make_dataclass": _fields,
    **dict.fromkeys(_ENUMS, _members),
    "type": lambda node: None,
    METACLASS_MAKER: lambda node: None,
    **dict.fromkeys(PARTLY_KNOWN, lambda node: None),
}
MAKERS = frozenset(_READERS)


def live(made: Made, make: Callable[..., object]) -> type | None:
    """The class that a function of the standard library makes of literals; None for what it
    refuses."""
    options: dict[str, Any] = dict(made.options)
    if "defaults" in options:
        options["defaults"] = [None] * options["defaults"]
    function = made.maker.rpartition(".")[2]
    names: list[Any] = [name for name, _ in made.names]
    if function == "NamedTuple":
        names = [(name, object) for name in names]
    if function in _ENUMS and not names:
        return None
    try:
        found = make(made.name, names, **options)
    except (AttributeError, TypeError, ValueError):
        return None
    return found if isinstance(found, type) else None
