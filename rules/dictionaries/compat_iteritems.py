from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_builtin, is_local
from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import BindingKind, Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.dictionaries._views import (
    PYTHON3_NAMES,
    has_one_argument,
    is_walked,
    iterator_edits,
)
from pyconcepts_lint.source.ast_nodes import walk

_BRACKETED = (ast.Tuple, ast.GeneratorExp)
_PRIMARY = (
    *(ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.JoinedStr),
    *(ast.List, ast.ListComp, ast.Dict, ast.DictComp, ast.Set, ast.SetComp),
)
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
    severity = "note"
    reads_stubs = False
    words = tuple(PYTHON3_NAMES)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not any(map(_may_bring_them, module.facts.imports)):
            return
        renamed = [
            name
            for name, bindings in module.bindings.items()
            for binding in bindings
            if binding.kind is BindingKind.FROM and binding.imported.name in PYTHON3_NAMES
        ]
        for node in walk(*file.statements_at(file.lines_with((*self.words, *renamed)))):
            if not isinstance(node, ast.Call) or not has_one_argument(node):
                continue
            name = dotted_name(node.func)
            old = _function(module, name) if name else ""
            if old:
                yield from self._claims_of(node, name, old)

    def _claims_of(self, call: ast.Call, name: str, old: str) -> Iterator[Claim]:
        file = self.file
        path = path_in(file, file.ast_range(call))
        if not file.stands_there(call.func) or is_local(file, name.partition(".")[0], path):
            return
        new = PYTHON3_NAMES[old]
        argument = _argument(file, call)
        means = f"{self._receiver(argument)}.{new}()"
        if old.startswith("iter"):
            means = f"iter({means})"
        message = (
            f"`{name}` only says `{means}` in Python 3, where `{new}()` returns a view and builds no "
            "list"
        )
        yield Claim(file.ast_range(call), message, self._fix(path, argument, name, old))

    def _receiver(self, argument: _Argument) -> str:
        """The argument as messages quote it where a method of it is called."""
        text = self.file.ast_quote(argument.value)
        if not isinstance(argument.value, _BRACKETED) and not argument.is_primary:
            text = f"({text})"
        return text

    def _fix(self, path: Sequence[ast.AST], argument: _Argument, name: str, old: str) -> Fix | None:
        new = PYTHON3_NAMES[old]
        edits = _edits(self.file, argument, new)
        if edits is None:
            return None
        title = f"Use `{new}()`"
        if old.startswith("iter") and not is_walked(self.file, path):
            more = iterator_edits(self.file, path)
            if more is None or not is_builtin(self.file, "iter", path):
                return None
            edits += more
            title = f"Use `iter({self._receiver(argument)}.{new}())`"
        python3 = old.startswith("view") or any(edit.new_text == "__next__" for edit in edits)
        safety: Applicability = "unsafe" if self._may_be_own(name, old) else "safe"
        return self.fix(safety, title, edits, python3=python3)

    def _may_be_own(self, name: str, old: str) -> bool:
        """May the function call the object's own method of that name? Those of future look for
        one, those of six don't."""
        module, project = self.file.module, self.file.project
        assert module is not None
        if "future" not in module.qualified(name):
            return False
        return bool(project.row(tables.bound_attributes, old)) or bool(
            project.row(tables.own_names, old)
        )


def _may_bring_them(statement: Import) -> bool:
    """Does an import name a module that may have the functions?"""
    named = (statement.module, *(name for name, _ in statement.names))
    return any("six" in name or "future" in name for name in named)


class _Argument(NamedTuple):
    """The only argument of a call.

    `start` and `end` are where it stands with its brackets, if it has some; `is_primary`: needs it
    neither those nor others before `.items()`?
    """

    call: ast.Call
    value: ast.expr
    start: int
    end: int
    has_brackets: bool
    is_primary: bool


def _argument(file: FileContext, call: ast.Call) -> _Argument:
    (value,) = call.args
    opening = file.text.index("(", file.ast_span(call.func)[1]) + 1
    written = file.text[opening : file.ast_span(call)[1] - 1]
    start = opening + len(written) - len(written.lstrip())
    end = start + len(written.strip().removesuffix(",").rstrip())
    inner = file.ast_span(value)[0]
    # A generator expression may have the brackets of the call.
    is_before = start <= inner if isinstance(value, _BRACKETED) else start < inner
    has_brackets = is_before and written.lstrip().startswith("(")
    is_number = isinstance(value, ast.Constant) and type(value.value) in (int, float, complex)
    is_primary = isinstance(value, _PRIMARY) and not is_number and not has_brackets
    return _Argument(call, value, start, end, has_brackets, is_primary)


def _edits(file: FileContext, argument: _Argument, new: str) -> list[Edit] | None:
    """Make a call of a method out of the call of a function."""
    text = file.text
    start, end = file.ast_span(argument.call)
    first, last = file.ast_span(argument.value)
    inside = text[argument.start : argument.end]
    has_brackets, value = argument.has_brackets, argument.value
    if "#" in text[start:first] + text[last:end] or (first < argument.start and "#" in inside):
        return None
    is_enough = has_brackets or isinstance(value, ast.Call) or "\n" not in inside
    before, after = ("", "") if is_enough and (has_brackets or argument.is_primary) else ("(", ")")
    return [
        file.edit(start, argument.start, before),
        file.edit(argument.end, end, f"{after}.{new}()"),
    ]


def _function(module: Module, name: str) -> str:
    """Which of the functions a dotted name of a module means; "" where it may mean another."""
    root, dot, rest = name.partition(".")
    found: set[str] = set()
    for binding in module.bindings.get(root, ()):
        source = ""
        if binding.kind is BindingKind.IMPORT:
            source = binding.target
        elif binding.kind is BindingKind.FROM:
            origin, imported = binding.imported
            absolute = module.absolute(origin)
            source = "" if absolute is None else f"{absolute}.{imported}"
        match = _FUNCTION.fullmatch(f"{source}{dot}{rest}")
        found.add(match[1] if source and match else "")
    # Where one of two imports succeeds, both have to mean the same.
    return found.pop() if len(found) == 1 else ""
