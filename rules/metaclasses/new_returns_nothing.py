from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from pyconcepts_lint.analysis.flow import Paths, Way
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.metaclasses._new import (
    New,
    is_made_plainly,
    new_methods,
    returns_for,
)
from pyconcepts_lint.source.ast_nodes import own_nodes


class NewReturnsNothing(Rule):
    """What `__new__` returns is the new instance: without `return` it is None.

    ## What it finds

    A `__new__` with a path that falls off its end, or that returns None: the instance is None
    there, or for a metaclass the class. Paths that always raise an exception are none; one on which
    a `match` of strings and numbers finds no case is one, and one on which a context manager of the
    file swallows an exception (its `__exit__` returns True). Not reported: overloads, stubs (a body of `...` or a docstring), decorated methods (abstract ones
    too), and a `__new__` whose annotation says that it may return None.

    ## Why

    Calling a class calls its `__new__`, and the result of the call is what `__new__` returns.
    Unlike `__init__`, which is given an instance to fill, `__new__` is a static method that has
    to make the instance, mostly with `super().__new__(cls)`, and to hand it back. A function
    that ends without `return` returns None, and so the caller has None where an instance was
    made and lost. `__init__` isn't called then, either: None is no instance of the class.

    A metaclass is a class whose instances are classes. Where its `__new__` returns None, the
    `class` statement binds None to the name.

    ## Bad

    ```python
    class Point:
        def __new__(cls, x, y):
            point = super().__new__(cls)
            point.x, point.y = x, y


    print(Point(1, 2))
    ```

    ```output
    None
    ```

    ## Good

    ```python
    class Point:
        def __new__(cls, x, y):
            point = super().__new__(cls)
            point.x, point.y = x, y
            return point


    print(Point(1, 2).x)
    ```

    ```output
    1
    ```

    ## Fix

    There is none: what the path should give, an instance or an exception, only the author knows.

    ## When to ignore it

    Where callers know that they may get None. An annotation such as `-> "Point | None"` tells
    the linter, too.

    ## See also

    - [`object.__new__`](https://docs.python.org/3/reference/datamodel.html#object.__new__)
    - [Classes](https://docs.python.org/3/reference/datamodel.html#classes), and what calling one does
    """

    code = "PCL303"
    name = "new-returns-nothing"
    reads_stubs = False
    words = ("__new__",)
    silences = {
        "the path without `return` raises an exception": "raises",
        "its annotation says that it may return None": "may-be-none",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for new in file.cached(new_methods):
            how = how_it_gives_none(file, new)
            if how:
                yield Claim(
                    file.definition_range(new.binding.line, new.binding.column),
                    f"`{new.model.name}.__new__` {how}: {_consequence(new)}",
                )


def _consequence(new: New) -> str:
    if not is_made_plainly(new.model):
        made = "a class" if new.is_of_metaclass else "an instance"
        return f"what it gives then is None, not {made}"
    if new.is_of_metaclass:
        return f"`class C(metaclass={new.model.name})` then makes `C` None"
    return f"`{new.model.name}(…)` is None then"


def how_it_gives_none(file: FileContext, new: New) -> str:
    """How a `__new__` comes to return None; "" where it doesn't (surely)."""
    if _is_stub(new.node) or _may_return_none_by_annotation(new.node.returns):
        return ""
    returns = returns_for(new)
    paths = Paths(
        new.node.body,
        unknown=False,
        returns=returns,
        swallows=partial(_swallows, file),
        typed=_typed_parameters(new.node),
    )
    given = [statement for statement in paths.reached if isinstance(statement, ast.Return)]
    falls_off = Way.END in paths.ways
    if not given and not falls_off and _makes_something(new.node):
        # It ends in a call. If that never returned, nothing would have to be made.
        falls_off = Way.END in Paths(new.node.body, unknown=True, returns=returns).ways
    if falls_off:
        return "has a path that falls off its end" if given else "ends without `return`"
    for statement in given:
        if statement.value is None or _is_none(statement.value):
            line = file.line_range(new.line + statement.lineno - 1)
            return f"returns None on line {file.original_range(line).start_line}"
    return ""


def _swallows(file: FileContext, manager: ast.expr) -> bool:
    """Is it an object of a class of the file whose `__exit__` does nothing but return True?"""
    if not isinstance(manager, ast.Call) or file.module is None:
        return False
    found = file.project.class_named(file.module, dotted_name(manager.func))
    if not isinstance(found, SourceClass) or found.module is not file.module or found.mro is None:
        return False
    exit_ = _method(file, found, "__exit__")
    returns = [] if exit_ is None else _returned(exit_)
    return bool(returns) and all(
        isinstance(value, ast.Constant) and value.value is True for value in returns
    )


def _method(file: FileContext, model: SourceClass, name: str) -> ast.FunctionDef | None:
    """The undecorated method of a class body, where it is bound once and ends in `return`."""
    node = file.class_nodes.get((model.facts.line, model.name))
    bound = [binding for binding in model.facts.body if binding.name == name]
    for part in () if node is None or len(bound) != 1 else node.body:
        if isinstance(part, ast.FunctionDef) and part.name == name and not part.decorator_list:
            return part if isinstance(part.body[-1], ast.Return) else None
    return None


def _returned(function: ast.FunctionDef) -> list[ast.expr | None]:
    return [node.value for node in own_nodes(*function.body) if isinstance(node, ast.Return)]


def _typed_parameters(function: ast.FunctionDef) -> frozenset[str]:
    """The parameters whose annotations may allow only a few values: enumerations, `Literal`."""
    args = function.args
    return frozenset(
        each.arg
        for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)
        if each.annotation is not None and dotted_name(each.annotation) not in _OPEN_TYPES
    )


_OPEN_TYPES = frozenset({"str", "bytes", "int", "float", "object"})


def _is_stub(node: ast.FunctionDef) -> bool:
    """Is there nothing in the body but a docstring and `...`, or a `pass` that can't be what the
    annotation promises?"""
    return all(
        (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Pass) and node.returns is not None)
        for statement in node.body
    )


def _may_return_none_by_annotation(node: ast.expr | None) -> bool:
    if node is None or _is_none(node):
        return False
    text = ast.unparse(node)
    return "None" in text or "Optional" in text


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _makes_something(node: ast.FunctionDef) -> bool:
    """Does it keep what a `__new__` makes?"""
    return any(
        isinstance(part, ast.Assign)
        and isinstance(part.value, ast.Call)
        and isinstance(part.value.func, ast.Attribute)
        and part.value.func.attr == "__new__"
        for part in own_nodes(*node.body)
    )
