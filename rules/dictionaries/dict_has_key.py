from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.values import PossibleValues
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.index import tables
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.dictionaries._renames import (
    are_known_dictionaries,
    is_guarded,
    may_be_dictionaries,
    reads,
    safety,
)
from pyconcepts_lint.source.precedence import Precedence, precedence

_OLD, _NEW = "has_key", "__contains__"
_CALL = re.compile(r"[\w\])]\s*\(")


class DictHasKey(Rule):
    """Dictionaries have no `has_key` in Python 3: `k in d` asks whether a key is there.

    ## What it finds

    Calls `d.has_key(k)`.

    The name is Python 2's, so a parameter or a variable of unknown origin is taken for a
    dictionary; in Python 3 source only where the project has nothing of its own of that name: a
    class or a module with a `has_key`, a field, a keyword or an assignment, a string. The rule is
    silent where the object's class binds the name itself or can't be resolved, where the object
    comes from a module that can't be resolved, and where the code takes care of both versions: a
    test on Python's version, `hasattr(d, "has_key")`, an `except` clause that catches the
    AttributeError, `from past.builtins import dict`.

    ## Why

    `in` asks an object whether it contains something, by its `__contains__`; dictionaries have had
    it since Python 2.2. A second way to ask the same was left out of Python 3.

    ## Bad

    ```python
    ages = {"Ada": 36}
    print(ages.has_key("Ada"))
    ```

    ```output
    AttributeError: 'dict' object has no attribute 'has_key'
    ```

    ## Good

    ```python
    ages = {"Ada": 36}
    print("Ada" in ages)
    ```

    ```output
    True
    ```

    ## Fix

    Says `k in d`, or `k not in d` behind a `not`, in brackets where operators around it ask for
    them. It is safe for a dictionary, a parameter or a variable. It is unsafe where both sides call
    something, as the key is then evaluated first; in Python 3 source for an attribute, an item or
    a result of unknown origin; and in Python 2 source where the project has something of its own
    that is called `has_key`, which the object may be. There is none where a comment would get lost.

    ## When to ignore it

    Where the object is no dictionary, but something that has a `has_key` in Python 3, too.

    ## See also

    - [Membership test operations](https://docs.python.org/3/reference/expressions.html#membership-test-operations)
    - [What's New In Python 3.0](https://docs.python.org/3/whatsnew/3.0.html#builtins)
    """

    code = "PCL704"
    name = "dict-has-key"
    severity = "error"
    reads_stubs = False
    words = (_OLD,)
    raises = ("AttributeError",)
    silences = {
        "it is called on something that has it": "own-method",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for attribute, origin in reads(file, (_OLD,)):
            if not may_be_dictionaries(file, origin, _OLD, _NEW):
                continue
            path = path_in(file, file.ast_range(attribute))
            call = path[-2]
            if (
                not isinstance(call, ast.Call)
                or call.func is not path[-1]
                or len(call.args) != 1
                or isinstance(call.args[0], ast.Starred)
                or call.keywords
                or is_guarded(file, path, (_OLD,), _OLD, _NEW)
            ):
                continue
            applicability = safety(file, origin, attribute.value, _OLD)
            if applicability is None or _may_be_own(file, origin):
                continue
            message = _message(file, attribute, origin)
            fix = partial(self._fix, applicability)
            yield Claim(file.ast_range(call), message, fix, node=("Call",))

    def _fix(self, applicability: Applicability, call: cst.Call) -> Fix | None:
        func, path = call.func, [*self.file.ancestors, call]
        assert isinstance(func, cst.Attribute)
        text = self.file.text
        start, end = self.file.span(call)
        value = call.args[0].value
        inside = (self._end_of(func.value), self._span_of(value, call))
        key = text[inside[1][0] : inside[1][1]]
        around = text[inside[0] : inside[1][0]] + text[inside[1][1] : end]
        if "#" in around or "#" in key:
            return None
        receiver = text[start : inside[0]]
        if precedence(value) <= Precedence.COMPARISON or "\n" in key:
            key = f"({key})"
        operator = "in"
        parent = path[-2]
        is_bracketed = bool(call.lpar)
        if (
            isinstance(parent, cst.UnaryOperation)
            and isinstance(parent.operator, cst.Not)
            and not is_bracketed
        ):
            first = self.file.span(parent)[0]
            if "#" in text[first:start]:
                return None
            start, operator, parent = first, "not in", path[-3]
            is_bracketed = bool(path[-2].lpar)  # type: ignore[attr-defined]
        new = f"{key} {operator} {receiver}"
        is_loose = _is_loose(parent) and not (
            new.startswith("{") and isinstance(parent, cst.FormattedStringExpression)
        )
        if not is_bracketed and not is_loose:
            new = f"({new})"
        before, after = text[start - 1 : start], text[end : end + 1]
        new = f"{' ' * _is_word(before)}{new}{' ' * _is_word(after)}"
        if _CALL.search(key) and _CALL.search(receiver):
            applicability = "unsafe"
        edit = self.file.edit(start, end, new)
        return self.fix(applicability, f"Use `{operator}`", [edit])

    def _end_of(self, value: cst.BaseExpression) -> int:
        """Where an expression ends, its brackets included."""
        return self.file.span(value.rpar[-1] if value.rpar else value)[1]

    def _span_of(self, value: cst.BaseExpression, call: cst.Call) -> tuple[int, int]:
        """Where the argument of a call starts and ends, its brackets included."""
        text = self.file.text
        opening = text.index("(", self.file.span(call.func)[1])
        start, end = self.file.span(value)
        for _ in value.lpar:
            start = text.rindex("(", opening + 1, start)
            end = text.index(")", end) + 1
        return start, end


def _may_be_own(file: FileContext, origin: PossibleValues) -> bool:
    """Is an object, more likely than not, an instance of one of the project's classes?"""
    is_known = bool(origin.objects) and not origin.is_open
    return (
        not is_known
        and not file.is_python2
        and bool(file.project.row(tables.bound_attributes, _OLD))
    )


def _message(file: FileContext, attribute: ast.Attribute, origin: PossibleValues) -> str:
    receiver = file.ast_receiver(attribute)
    if are_known_dictionaries(file, origin):
        message = f"`{receiver}` is a dictionary, and those have no `has_key` in Python 3"
    else:
        message = f"`{receiver}.has_key(…)`: dictionaries have no `has_key` in Python 3"
    return f"{message}, where `in` asks whether a key is there"


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_loose(around: cst.CSTNode) -> bool:
    """Needs a comparison no brackets in there?"""
    return isinstance(
        around,
        (
            *(cst.Arg, cst.Assert, cst.AnnAssign, cst.Assign, cst.AugAssign, cst.BooleanOperation),
            *(cst.CompIf, cst.DictElement, cst.Element, cst.Expr, cst.If, cst.IfExp, cst.Lambda),
            *(cst.NamedExpr, cst.Return, cst.While, cst.ListComp, cst.SetComp),
            *(cst.GeneratorExp, cst.DictComp, cst.FormattedStringExpression, cst.Yield, cst.Index),
        ),
    )
