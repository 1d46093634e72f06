"""How tightly Python's expressions bind
(https://docs.python.org/3/reference/expressions.html#operator-precedence), for fixes that put one
into another."""

from __future__ import annotations

from enum import IntEnum, auto

import libcst as cst


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


_KINDS: dict[type[cst.CSTNode], Precedence] = {
    cst.Tuple: Precedence.LISTED,
    cst.GeneratorExp: Precedence.LISTED,
    cst.NamedExpr: Precedence.LISTED,
    cst.Yield: Precedence.LISTED,
    cst.Lambda: Precedence.LAMBDA,
    cst.IfExp: Precedence.CONDITION,
    cst.Comparison: Precedence.COMPARISON,
    cst.Await: Precedence.AWAIT,
}
_OPERATORS: dict[type[cst.CSTNode], Precedence] = {
    cst.Or: Precedence.OR,
    cst.And: Precedence.AND,
    cst.Not: Precedence.NOT,
    cst.BitOr: Precedence.BIT_OR,
    cst.BitXor: Precedence.BIT_XOR,
    cst.BitAnd: Precedence.BIT_AND,
    cst.LeftShift: Precedence.SHIFT,
    cst.RightShift: Precedence.SHIFT,
    cst.Add: Precedence.SUM,
    cst.Subtract: Precedence.SUM,
    cst.Power: Precedence.POWER,
}
_PRIMARIES = (
    *(cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.List, cst.ListComp, cst.Dict),
    *(cst.DictComp, cst.Set, cst.SetComp, cst.BaseString, cst.BaseNumber, cst.Ellipsis),
)


def precedence(node: cst.BaseExpression) -> Precedence:
    """How tightly an expression binds as it is written, its own brackets included."""
    if node.lpar or isinstance(node, _PRIMARIES):
        return Precedence.PRIMARY
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation, cst.UnaryOperation)):
        rest = Precedence.SIGN if isinstance(node, cst.UnaryOperation) else Precedence.PRODUCT
        return _OPERATORS.get(type(node.operator), rest)
    return _KINDS.get(type(node), Precedence.LISTED)
