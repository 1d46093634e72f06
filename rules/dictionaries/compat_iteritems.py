from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_builtin, is_local
from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.index.project import Module
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.dictionaries._views import PYTHON3_NAMES, is_walked, iterator_edits
from pyconcepts_lint.source.cst_nodes import dotted
from pyconcepts_lint.source.precedence import Precedence, precedence

_LONGEST_QUOTE = 40
# What has the functions, in full: six, a copy of it that a package brings along, and future.
_FUNCTION = re.compile(rf"(?:(?:.+\.)?six|future\.utils)\.({'|'.join(PYTHON3_NAMES)})")


class CompatIteritems(Rule):
    """In Python 3, `six.iteritems(d)` is nothing but `iter(d.items())`.

    ## What it finds

    Calls of `iteritems`, `iterkeys`, `itervalues`, `viewitems`, `viewkeys` and `viewvalues` of
    `six` and of `future.utils`, under any name that the module imports them by. So do copies of six
    that other packages bring along. Branches that only Python 2 runs are left alone.

    ## Why

    In Python 2 `d.items()` built a list, and `d.iteritems()` didn't; in Python 3 `d.items()`
    returns a *view* and builds nothing. These functions call the one or the other. Where only
    Python 3 runs the code, they say the same as the method, and hide that it is one.

    ## Bad

    ```python
    # six.py
    def iteritems(d):
        return iter(d.items())
    ```

    ```python
    # main.py
    import six

    ages = {"Ada": 36}
    items = six.iteritems(ages)
    ages["Alan"] = 41
    try:
        print(list(items))
    except RuntimeError as error:
        print(error)
    ```

    ```output
    dictionary changed size during iteration
    ```

    ## Good

    ```python
    ages = {"Ada": 36}
    items = ages.items()
    ages["Alan"] = 41
    print(list(items))
    ```

    ```output
    [('Ada', 36), ('Alan', 41)]
    ```

    ## Fix

    Says `d.items()`, `d.keys()` or `d.values()`; where an iterator may be needed (`next(…)`, an
    assignment, a `return`, an argument of something that isn't known to take any iterable),
    `iter(d.items())`. The import stays. The fix is safe: it says what the function does. It is
    unsafe for the functions of `future.utils` where the project has something of its own of that
    name: they call the object's own `iteritems` if there is one. There is no fix where a comment
    would get lost, and where `iter` is needed and means something else.

    ## When to ignore it

    Where Python 2 still runs the code, and the list would be too long for it.

    ## See also

    - [PCL701](dict-iteritems.md), the same as methods
    - [Dictionary view objects](https://docs.python.org/3/library/stdtypes.html#dictionary-view-objects)
    - [PEP 469](https://peps.python.org/pep-0469/), on code for both versions
    """

    code = "PCL702"
    name = "compat-iteritems"
    reads_stubs = False
    words = tuple(PYTHON3_NAMES)

    def lines(self) -> Iterable[int]:
        module = self.file.module
        if module is None or not any(
            "six" in statement.module
            or "future" in statement.module
            or any("six" in name or "future" in name for name, _ in statement.names)
            for statement in module.facts.imports
        ):
            return ()
        renamed = [
            name
            for name, bindings in module.bindings.items()
            for binding in bindings
            if binding.kind == "from" and binding.target.rpartition(":")[2] in PYTHON3_NAMES
        ]
        return self.file.lines_with((*self.words, *renamed))

    def visit_Call(self, node: cst.Call) -> None:
        module = self.file.module
        name = dotted(node.func)
        if not name or module is None:
            return
        old = _function(module, name)
        if not old or len(node.args) != 1 or node.args[0].star or node.args[0].keyword is not None:
            return
        path = path_in(self.file, self.file.range(node))
        if is_local(self.file, name.partition(".")[0], path):
            return
        new = PYTHON3_NAMES[old]
        value = node.args[0].value
        text = self.file.text_of(value)
        if value.lpar or not _is_primary(value):
            text = f"({text})"
        if len(text) > _LONGEST_QUOTE or "\n" in text:
            text = "…"
        means = f"{text}.{new}()"
        if old.startswith("iter"):
            means = f"iter({means})"
        self.report(
            node,
            f"`{name}` only says `{means}` in Python 3, where `{new}()` returns a view and builds no "
            "list",
            self._fix(node, path, old),
        )

    def _fix(self, call: cst.Call, path: Sequence[ast.AST], old: str) -> Fix | None:
        new = PYTHON3_NAMES[old]
        value = call.args[0].value
        edits = self._edits(call, value, new)
        if edits is None:
            return None
        title = f"Use `{new}()`"
        if old.startswith("iter") and not is_walked(self.file, path):
            more = iterator_edits(self.file, path)
            if more is None or not is_builtin(self.file, "iter", path):
                return None
            edits += more
            title = f"Use `iter(….{new}())`"
        python3 = old.startswith("view") or any(edit.new_text == "__next__" for edit in edits)
        safety: Applicability = "unsafe" if self._may_be_own(call, old) else "safe"
        return self.fix(safety, title, edits, python3=python3)

    def _may_be_own(self, call: cst.Call, old: str) -> bool:
        """May the function call the object's own method of that name? Those of future look for
        one, those of six don't."""
        module, name = self.file.module, dotted(call.func)
        assert module is not None
        if "future" not in module.qualified(name):
            return False
        project = self.file.project
        return bool(project.classes_binding(old)) or bool(project.own_uses(old))

    def _edits(self, call: cst.Call, value: cst.BaseExpression, new: str) -> list[Edit] | None:
        """Make a call of a method out of the call of a function."""
        text = self.file.text
        start, end = self.file.span(call)
        opening = text.index("(", self.file.span(call.func)[1]) + 1
        closing = end - 1
        first, last = self.file.span(value)
        if "#" in text[start:first] or "#" in text[last:end]:
            return None
        inside = text[opening:closing].strip().removesuffix(",").rstrip()
        first = opening + len(text[opening:closing]) - len(text[opening:closing].lstrip())
        last = first + len(inside)
        if _is_primary(value) or value.lpar:
            is_primary = "\n" not in inside or bool(value.lpar) or isinstance(value, cst.Call)
        else:
            is_primary = False
        before, after = ("", "") if is_primary else ("(", ")")
        return [
            self.file.edit(start, first, before),
            self.file.edit(last, end, f"{after}.{new}()"),
        ]


def _function(module: Module, name: str) -> str:
    """Which of the functions a dotted name of a module means; "" where it may mean another."""
    root, dot, rest = name.partition(".")
    found: set[str] = set()
    for binding in module.bindings.get(root, ()):
        source = ""
        if binding.kind == "import":
            source = binding.target
        elif binding.kind == "from":
            origin, _, imported = binding.target.partition(":")
            absolute = module.absolute(origin)
            source = "" if absolute is None else f"{absolute}.{imported}"
        match = _FUNCTION.fullmatch(f"{source}{dot}{rest}")
        found.add(match[1] if source and match else "")
    # Where one of two imports succeeds, both have to mean the same.
    return found.pop() if len(found) == 1 else ""


def _is_primary(node: cst.BaseExpression) -> bool:
    """Needs it no brackets before `.items()`?"""
    return precedence(node) is Precedence.PRIMARY and not isinstance(node, cst.BaseNumber)
