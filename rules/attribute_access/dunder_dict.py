from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.attribute_access._dictionaries import (
    missing_dictionaries,
    module_items,
)
from pyconcepts_lint.rules.attribute_access._source import (
    is_in_word,
    is_target,
    is_tried,
    quote,
)

from pyconcepts_lint import guards
from pyconcepts_lint.finding import Fix
from pyconcepts_lint.names import is_builtin, may_be_bound_around
from pyconcepts_lint.rule import Rule


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

    Says `vars(x)`. It is safe. There is none where an error is dealt with around it, since the
    errors differ; where a comment would get lost; in an f-string that shows its own text
    (`f"{x.__dict__=}"`); and where `vars` means something else.

    ## When to ignore it

    Where it is called so often that the call counts: `vars(x)` takes a little longer.

    ## See also

    - [`vars`](https://docs.python.org/3/library/functions.html#vars)
    - [`object.__dict__`](https://docs.python.org/3/reference/datamodel.html#object.__dict__)
    """

    code = "PCL601"
    name = "dunder-dict"
    on = False
    words = ("__dict__",)

    def check(self) -> None:
        self._judged: set[tuple[int, int]] = set()
        lines = self.file.lines_with(self.words)
        self._alone = {
            line: statement
            for line, statement in guards.surely_uncaught(self.file, lines).items()
            if not may_be_bound_around(self.file, "vars", line)
        }
        self._others = [line for line in lines if line not in self._alone]

    def lines(self) -> Iterable[int]:
        return self._others

    def statements(self) -> Iterable[tuple[int, int]]:
        return self._alone.values()

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if node.attr.value != "__dict__":
            return
        path = [*self.ancestors, node]
        if is_target(path) or self._is_said_elsewhere(node):
            return
        place = self.file.place(node.attr)
        if place in self._judged:
            return
        self._judged.add(place)
        thing = quote(self.file, node.value, "…")
        self.report(
            node, f"`{thing}.__dict__` is what `vars({thing})` returns", self._fix(node, path)
        )

    def _is_said_elsewhere(self, node: cst.Attribute) -> bool:
        # `module.__dict__["x"]` starts where `module.__dict__` does.
        place = self.file.place(node)
        if place in self.file.share(missing_dictionaries):
            return True
        parent = self.ancestors[-1]
        return isinstance(parent, cst.Subscript) and place in self.file.share(module_items)

    def _fix(self, node: cst.Attribute, path: list[cst.CSTNode]) -> Fix | None:
        start, end = self.file.span(node)
        last = node.value.rpar[-1] if node.value.rpar else node.value
        cut = self.file.span(last)[1]
        parent = self.ancestors[-1]
        if (
            is_tried(path)
            or any(guards.caught_by(path, error) for error in ("AttributeError", "TypeError"))
            or "#" in self.file.text[cut:end]
            or (isinstance(parent, cst.FormattedStringExpression) and parent.equal is not None)
            or not is_builtin(self.file, "vars", path)
        ):
            return None
        space = " " if is_in_word(self.file.text[start - 1 : start]) else ""
        edits = [
            self.file.edit(start, start, f"{space}vars("),
            self.file.edit(cut, end, ")"),
        ]
        return self.fix("safe", "Use `vars`", edits)
