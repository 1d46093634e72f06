"""How tightly Python's expressions bind
(https://docs.python.org/3/reference/expressions.html#operator-precedence), for fixes that put one
into another."""

from __future__ import annotations

from enum import IntEnum, auto

from . import cst


class Precedence(IntEnum):
    """From what binds least to what needs no brackets anywhere."""

    LISTED = auto()
    """Tuples, generator expressions, `:=`, `yield` and stars: with brackets in most places."""
    LAMBDA = auto()
    CONDITION = auto()
    OR = auto()
    AND = auto()
    NOT = auto()
    COMPARISON = auto()
    BIT_OR = auto()
    BIT_XOR = auto()
    BIT_AND = auto()
    SHIFT = auto()
    SUM = auto()
    PRODUCT = auto()
    SIGN = auto()
    POWER = auto()
    AWAIT = auto()
    PRIMARY = auto()


# libcst's classes by name: it is loaded when there is something to look at.
_KINDS: dict[str, Precedence] = {
    "Tuple": Precedence.LISTED,
    "GeneratorExp": Precedence.LISTED,
    "NamedExpr": Precedence.LISTED,
    "Yield": Precedence.LISTED,
    "Lambda": Precedence.LAMBDA,
    "IfExp": Precedence.CONDITION,
    "Comparison": Precedence.COMPARISON,
    "Await": Precedence.AWAIT,
}
_OPERATORS: dict[str, Precedence] = {
    "Or": Precedence.OR,
    "And": Precedence.AND,
    "Not": Precedence.NOT,
    "BitOr": Precedence.BIT_OR,
    "BitXor": Precedence.BIT_XOR,
    "BitAnd": Precedence.BIT_AND,
    "LeftShift": Precedence.SHIFT,
    "RightShift": Precedence.SHIFT,
    "Add": Precedence.SUM,
    "Subtract": Precedence.SUM,
    "Power": Precedence.POWER,
}


def precedence(node: cst.BaseExpression) -> Precedence:
    """How tightly an expression binds as it is written, its own brackets included."""
    primaries = (
        *(cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.List, cst.ListComp, cst.Dict),
        *(cst.DictComp, cst.Set, cst.SetComp, cst.BaseString, cst.BaseNumber, cst.Ellipsis),
    )
    if node.lpar or isinstance(node, primaries):
        return Precedence.PRIMARY
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation, cst.UnaryOperation)):
        rest = Precedence.SIGN if isinstance(node, cst.UnaryOperation) else Precedence.PRODUCT
        return _OPERATORS.get(type(node.operator).__name__, rest)
    return _KINDS.get(type(node).__name__, Precedence.LISTED)
