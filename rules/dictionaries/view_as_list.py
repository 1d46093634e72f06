from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import instance_tests, only_if_it_has, path_in
from pyconcepts_lint.analysis.names import is_builtin, is_import
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.dictionaries._list_calls import CHANGING_METHODS, may_have_list_uses

if TYPE_CHECKING:
    from pyconcepts_lint.rules.dictionaries._list_uses import ListUse


class ViewAsList(Rule):
    """What `keys()`, `values()` and `items()` return is a view: it has no index and no order methods.

    ## What it finds

    A view of a dictionary that is indexed or sliced (`d.keys()[0]`), of which a method is used that
    only lists have (`sort`, `append`, `pop`, `index` …), which is added to a list or to another
    view, or which is given to `random.choice`, `choices`, `sample` or `shuffle`: directly, or
    through a local name that is bound once.

    In Python 3 source, `d` has to be known to be a dictionary: by a display, `dict(…)`, a
    comprehension, an annotation, or a class of which all that matters is `dict`'s own. In Python 2
    source it may be anything that isn't known to be something else. Where nothing is known of it,
    or it is bound to something unknown as well, the finding says so ("on a dictionary"). A parameter
    is known where all calls in the project pass a dictionary, the result of a function where it
    returns one. Where a name is the view on one of several ways to its use, the finding says so ("may
    be"). A view that `next` is given is reported, too: it is no iterator. Where the error is caught,
    or a test on the version, on the type or for the method stands before it, the rule is silent.

    ## Why

    In Python 2 these methods built lists. In Python 3 they return views: small objects that show
    what the dictionary holds at any time. A view can be walked, has a length, and answers `in`;
    those of keys and items take part in operations on sets. But items of a dictionary have no
    number, so there is nothing that an index could mean; and a view has no order of its own that
    `sort` could change. A list has both: `list(d)` makes one of the keys, `sorted(d)` a sorted one.

    ## Bad

    ```python
    ages = {"Alan": 41, "Ada": 36}
    names = ages.keys()
    names.sort()
    print(names[0])
    ```

    ```output
    AttributeError: 'dict_keys' object has no attribute 'sort'
    ```

    ## Good

    ```python
    ages = {"Alan": 41, "Ada": 36}
    names = sorted(ages)
    print(names[0])
    ```

    ```output
    Ada
    ```

    ## Fix

    Makes a list of the view, where it is used or where the name is bound to it; where a call of
    `sort` is the very next statement, a sorted one: `names = sorted(ages.keys())`. It is safe: the
    view fails at this use, and a list does what was meant. It is unsafe for a method that changes
    the list, of an object that may be no dictionary but hand out a list of its own. What `next` is
    given becomes `iter(…)`. It is withheld where the name is used as a set, too, and where `list` or `sorted` means something else.

    ## When to ignore it

    Where the object is no dictionary, but has such a method that makes a list.

    ## See also

    - [Dictionary view objects](https://docs.python.org/3/library/stdtypes.html#dictionary-view-objects)
    - [PEP 3106](https://peps.python.org/pep-3106/), which made `keys()` a view
    """

    code = "PCL703"
    name = "view-as-list"
    severity = "error"
    reads_stubs = False
    words = (".keys()", ".values()", ".items()")
    raises = ("AttributeError", "TypeError")
    silences = {
        "a list is made of the view": "list-made",
        "in Python 3 source nothing is known of what the method is called on": "unknown-receiver",
        "the class has a method of that name that gives something else": "own-class",
        "the error is caught": "caught",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or not file.cached(may_have_list_uses):
            return
        from pyconcepts_lint.rules.dictionaries._list_uses import list_uses

        for use in list_uses(file):
            path = path_in(file, file.ast_range(use.used))
            if (
                only_if_it_has(path, (use.attribute,))
                or any(True for _ in instance_tests(path, use.used))
                or self._is_own_function(use, path)
            ):
                continue
            error = "AttributeError" if use.attribute else "TypeError"
            message, fix = self._message(use, error), self._fix(use, path)
            yield Claim(file.ast_range(use.node), message, fix, raises=(error,))

    def _is_own_function(self, use: ListUse, path: Sequence[ast.AST]) -> bool:
        """Is a function that a view is given to no function of `random`?"""
        if not isinstance(use.node, ast.Call):
            return False
        return not is_import(self.file, dotted_name(use.node.func).partition(".")[0], path)

    def _message(self, use: ListUse, error: str) -> str:
        view = self.file.ast_quote(use.view)
        is_one = "may be" if use.is_on_one_path else "is"
        what = f"`{use.name}` {is_one} the view `{view}`" if use.name else f"`{view}` is a view"
        if not use.is_known:
            what = f"on a dictionary, {what}"
        version = " in Python 3" if self.file.is_python2 else ""
        node = use.node
        if use.attribute:
            return f"{what}{version}, which has no `{use.attribute}`: {error}"
        if isinstance(node, ast.Subscript):
            return f"{what}{version}, which has no index: {error}"
        if isinstance(node, ast.BinOp):
            return f"{what}{version}, and no list: it can't be added: {error}"
        assert isinstance(node, ast.Call)
        if use.is_iterated:
            return f"{what}, and no iterator, which `next` needs: {error}"
        function = ast.unparse(node.func)
        since = " from Python 3.11 on" if function.endswith("sample") else version
        return f"{what}, but `{function}` needs a sequence: {error}{since}"

    def _fix(self, use: ListUse, path: Sequence[ast.AST]) -> Fix | None:
        if use.is_iterated:
            return self._iterated(use, path)
        if use.is_set:
            return None
        if use.sorting is not None and is_builtin(self.file, "sorted", path):
            fix = self._sorted(use.view, *use.sorting)
            if fix is not None:
                return fix
        if not is_builtin(self.file, "list", path):
            return None
        views = [use.view]
        if isinstance(use.node, ast.BinOp) and not use.name:
            views = [
                side
                for side in (use.node.left, use.node.right)
                if isinstance(side, ast.Call) and side.func.__class__ is ast.Attribute
            ]
        edits = []
        for view in views:
            start, end = self.file.ast_span(view)
            space = " " if self.file.text[start - 1 : start].isalnum() else ""
            edits += [
                self.file.edit(start, start, f"{space}list("),
                self.file.edit(end, end, ")"),
            ]
        # What is no dictionary may hand out a list of its own, to be changed.
        is_copied = not use.is_known and not use.name and use.attribute in CHANGING_METHODS
        return self.fix("unsafe" if is_copied else "safe", "Make a list of the view", edits)

    def _iterated(self, use: ListUse, path: Sequence[ast.AST]) -> Fix | None:
        """Ask for an iterator of a view that `next` is given."""
        if not is_builtin(self.file, "iter", path):
            return None
        start, end = self.file.ast_span(use.used)
        edits = [self.file.edit(start, start, "iter("), self.file.edit(end, end, ")")]
        return self.fix("safe", "Make an iterator of the view", edits)

    def _sorted(self, view: ast.Call, assigned: ast.Assign, sort: ast.Call) -> Fix | None:
        """Put `sorted` in the place of a view, and of the call of `sort` behind it."""
        start, end = self.file.ast_span(view)
        behind, last = self.file.ast_span(sort)
        text = self.file.text
        if end != self.file.ast_span(assigned)[1] or text[end:behind].strip():
            return None
        arguments = text[self.file.ast_span(sort.func)[1] : last].strip()[1:-1].strip()
        rest = f", {arguments})" if arguments else ")"
        if "#" in rest or ";" in text[end:behind]:
            return None
        edits = [self.file.edit(start, start, "sorted("), self.file.edit(end, last, rest)]
        return self.fix("safe", "Make a sorted list of the view", edits)
