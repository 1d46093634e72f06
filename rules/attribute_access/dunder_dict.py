from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cached_property

import libcst as cst
from pyconcepts_lint.rules.attribute_access._dictionaries import (
    missing_dictionaries,
    module_items,
)
from pyconcepts_lint.rules.attribute_access._known import dictionaries_for_sure
from pyconcepts_lint.rules.attribute_access._source import (
    is_in_word,
    is_target,
    is_tried,
    shortened,
)

from pyconcepts_lint import guards
from pyconcepts_lint.finding import Fix
from pyconcepts_lint.linted import Range
from pyconcepts_lint.names import is_local, is_replaced, may_be_bound_around
from pyconcepts_lint.nodes import child_nodes, walk
from pyconcepts_lint.rule import Rule

_COMMENT = re.compile(r"#[^\r\n]*")


class DunderDict(Rule):
    """The dictionary in which an object keeps its attributes is what `vars` returns.

    ## What it finds

    Every read of `x.__dict__`, also where what it returns is then updated or indexed. It is off
    by default: both ways are right, and this is a matter of taste. What
    [PCL602](module-dict-write.md) and [PCL604](vars-of-slots.md) speak of is left to them.

    ## Why

    `__dict__` is the attribute by which Python finds an object's own attributes; `vars(x)` is the
    function that asks for it. What comes back is the same: the dictionary itself of an instance
    or a module, a read-only view of a class's. As with `len(x)` and `x.__len__()`, the function is
    the public face of the special name. There is one difference: of an object that has none,
    `x.__dict__` raises AttributeError and `vars(x)` TypeError.

    ## Bad

    ```python
    class Point:
        def __init__(self, x, y):
            self.x = x
            self.y = y


    point = Point(1, 2)
    point.__dict__["y"] = 5
    print(point.__dict__, vars(point) is point.__dict__)
    ```

    ```output
    {'x': 1, 'y': 5} True
    ```

    ## Good

    ```python
    class Point:
        def __init__(self, x, y):
            self.x = x
            self.y = y


    point = Point(1, 2)
    vars(point)["y"] = 5
    print(vars(point))
    ```

    ```output
    {'x': 1, 'y': 5}
    ```

    ## Fix

    Says `vars(x)`. It is safe where `x` surely has a `__dict__`: a module, a class, a function, the
    instance that a method gets, and other instances of known classes. It is unsafe for anything
    else, since the errors differ, and a caller may expect the one. There is none where an error
    is dealt with around it; where a comment would get lost; in an f-string that shows its own text
    (`f"{x.__dict__=}"`); and where `vars` means something else.

    ## When to ignore it

    Where it is called so often that the call counts: `vars(x)` takes a little longer.

    ## See also

    - [`vars`](https://docs.python.org/3/library/functions.html#vars)
    - [`object.__dict__`](https://docs.python.org/3/reference/datamodel.html#object.__dict__)
    """

    code = "PCL601"
    name = "dunder-dict"
    reads_stubs = False
    on = False
    words = ("__dict__",)

    def check(self) -> None:
        lines = self.file.lines_with(self.words)
        statements = guards.surely_uncaught(self.file, lines)
        self._judged: set[tuple[int, int]] = set()  # where `__dict__` stands
        self._others = [
            line
            for line in lines
            if line not in statements
            or may_be_bound_around(self.file, "vars", line)
            or not self._judge(statements[line], line)
        ]

    def lines(self) -> Iterable[int]:
        return self._others

    def _judge(self, statement: ast.stmt, line: int) -> bool:
        """Say what there is to say of a line on which nothing around the statement matters; False
        where `ast` doesn't tell enough."""
        if isinstance(statement, (ast.Try, ast.TryStar, ast.Match)):
            return False
        nodes = walk(*(part for part in child_nodes(statement) if not isinstance(part, ast.stmt)))
        # Up to Python 3.11, nodes in f-strings stand somewhere else.
        if any(isinstance(node, ast.JoinedStr) for node in nodes):
            return False
        subscripted = {node.value for node in nodes if isinstance(node, ast.Subscript)}
        for node in nodes:
            if (
                not isinstance(node, ast.Attribute)
                or node.attr != "__dict__"
                or node.end_lineno != line
            ):
                continue
            start, end = self.file.ast_span(node)
            self._judged.add(self.file.code.position(end - len(node.attr)))
            if isinstance(node.ctx, ast.Load) and not self._is_said_elsewhere(
                self.file.code.position(start), node in subscripted
            ):
                first, last = self.file.ast_span(node.value)
                brackets = _COMMENT.sub(lambda found: " " * len(found[0]), self.file.text[last:end])
                cut = last + brackets.rfind(")") + 1
                fix = None if self._may_mean_another_vars else self._use_vars(start, cut, end)
                text = self.file.text[first:last]
                self._say(self.file.ast_range(node), text, fix)
        return True

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if node.attr.value != "__dict__":
            return
        path = [*self.ancestors, node]
        is_subscripted = isinstance(self.ancestors[-1], cst.Subscript)
        if (
            not is_target(path)
            and self.file.place(node.attr) not in self._judged
            and not self._is_said_elsewhere(self.file.place(node), is_subscripted)
        ):
            text = self.file.text_of(node.value)
            self._say(self.file.range(node), text, self._fix(node, path))

    def _say(self, where: Range, receiver: str, fix: Fix | None) -> None:
        thing = shortened(receiver, "…")
        self.report(where, f"`{thing}.__dict__` is what `vars({thing})` returns", fix)

    def _is_said_elsewhere(self, place: tuple[int, int], is_subscripted: bool) -> bool:
        # `module.__dict__["x"]` starts where `module.__dict__` does.
        return place in self.file.share(missing_dictionaries) or (
            is_subscripted and place in self.file.share(module_items)
        )

    @cached_property
    def _may_mean_another_vars(self) -> bool:
        module = self.file.module
        return (
            module is None
            or self.file.project.may_bind(module, "vars")
            or is_replaced(self.file, "vars")
        )

    def _fix(self, node: cst.Attribute, path: list[cst.CSTNode]) -> Fix | None:
        parent = self.ancestors[-1]
        if (
            is_tried(path)
            or any(guards.caught_by(path, error) for error in ("AttributeError", "TypeError"))
            or (isinstance(parent, cst.FormattedStringExpression) and parent.equal is not None)
            or self._may_mean_another_vars
            or is_local(self.file, "vars", path)
        ):
            return None
        start, end = self.file.span(node)
        last = node.value.rpar[-1] if node.value.rpar else node.value
        return self._use_vars(start, self.file.span(last)[1], end)

    def _use_vars(self, start: int, cut: int, end: int) -> Fix | None:
        """The fix of what stands between two offsets, where the receiver ends at `cut`."""
        if "#" in self.file.text[cut:end]:
            return None
        space = " " if is_in_word(self.file.text[start - 1 : start]) else ""
        edits = [
            self.file.edit(start, start, f"{space}vars("),
            self.file.edit(cut, end, ")"),
        ]
        word = self.file.code.position(end - len("__dict__"))
        is_safe = word in self.file.share(dictionaries_for_sure)
        return self.fix("safe" if is_safe else "unsafe", "Use `vars`", edits)
