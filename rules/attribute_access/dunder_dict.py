from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from pyconcepts_lint.analysis.context import caught_by
from pyconcepts_lint.analysis.names import is_local, is_replaced
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import is_shown
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._dictionaries import (
    missing_dictionaries,
    module_items,
)
from pyconcepts_lint.rules.attribute_access._known import dictionaries_for_sure
from pyconcepts_lint.rules.attribute_access._source import is_in_word, is_tried
from pyconcepts_lint.source.ast_nodes import walk

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
    severity = "note"
    reads_stubs = False
    on = False
    words = ("__dict__",)
    silences = {
        "nothing but a class has it": "class",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in walk(*file.statements_at(file.lines_with(self.words))):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "__dict__"
                and isinstance(node.ctx, ast.Load)
                and not self._is_said_elsewhere(node)
            ):
                thing = file.ast_quote(node.value)
                yield Claim(
                    file.ast_range(node),
                    f"`{thing}.__dict__` is what `vars({thing})` returns",
                    self._fix(node),
                )

    def _is_said_elsewhere(self, node: ast.Attribute) -> bool:
        place = self.file.ast_place(node.lineno, node.col_offset)
        # `module.__dict__["x"]` starts where `module.__dict__` does.
        return place in self.file.cached(missing_dictionaries) or (
            place in self.file.cached(module_items)
            and isinstance(self.file.ast_around(node)[0], ast.Subscript)
        )

    @cached_property
    def _may_mean_another_vars(self) -> bool:
        module = self.file.module
        return (
            module is None
            or self.file.project.may_bind(module, "vars")
            or is_replaced(self.file, "vars")
        )

    def _fix(self, node: ast.Attribute) -> Fix | None:
        file = self.file
        path = [*reversed(file.ast_around(node)), node]
        if (
            self._may_mean_another_vars
            or is_tried(path)
            or any(caught_by(path, error) for error in ("AttributeError", "TypeError"))
            or is_shown(file, path)
            or is_local(file, "vars", path)
        ):
            return None
        start, end = file.ast_span(node)
        receiver_end = file.ast_span(node.value)[1]
        between = _COMMENT.sub(lambda found: " " * len(found[0]), file.text[receiver_end:end])
        cut = receiver_end + between.rfind(")") + 1
        if "#" in file.text[cut:end]:
            return None
        space = " " if is_in_word(file.text[start - 1 : start]) else ""
        edits = [file.edit(start, start, f"{space}vars("), file.edit(cut, end, ")")]
        word = file.code.position(end - len("__dict__"))
        is_safe = word in file.cached(dictionaries_for_sure)
        return self.fix("safe" if is_safe else "unsafe", "Use `vars`", edits)
