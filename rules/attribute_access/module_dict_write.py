from __future__ import annotations

import ast
import keyword
import unicodedata
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import caught_by, path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._dictionaries import (
    ModuleItem,
    dictionary_of,
    module_items,
)
from pyconcepts_lint.rules.attribute_access._source import is_tried, replace_expression

# What a module has from its type, not from its dictionary.
_DESCRIPTORS = frozenset({"__annotations__", "__class__", "__dict__"})


class ModuleDictWrite(Rule):
    """Writing into a module's `__dict__` is a roundabout way to assign its attribute.

    ## What it finds

    `module.__dict__["x"] = value` and `vars(module)["x"] = value`, in any form of assignment,
    also augmented, and `del`, with a name that is written down, where `module` is an imported
    module of the project or of the standard library. Modules that may put another object in
    their own place, through `sys.modules`, are left alone.

    ## Why

    A module's global variables are the items of its `__dict__`, and its attributes are looked up
    there: `module.x = 10` *is* `module.__dict__["x"] = 10`. The first says what it does, and is
    found by a search for `module.x`.

    ## Bad

    ```python
    # settings.py
    tax_rate = 0.19
    ```

    ```python
    # main.py
    import settings

    settings.__dict__["tax_rate"] = 0.07
    print(settings.tax_rate)
    ```

    ```output
    0.07
    ```

    ## Good

    ```python
    # settings.py
    tax_rate = 0.19
    ```

    ```python
    # main.py
    import settings

    settings.tax_rate = 0.07
    print(settings.__dict__["tax_rate"])
    ```

    ```output
    0.07
    ```

    ## Fix

    Says `module.x`. It is safe, except for a `del` or an augmented assignment of a name that the
    module isn't seen to bind (without it the errors differ), and an augmented assignment where the
    module has a `__getattr__`, which answers for attributes but not for items: there it is unsafe. There is none
    where the name
    can't be written as an attribute (it is no identifier, a keyword, or would be mangled in a
    class), where a `del` or an augmented assignment stands in a `try` (the errors differ), and
    where a comment would get lost.

    ## When to ignore it

    Where many names are written in the same way, and this one is to look like the others.

    ## See also

    - [Modules, in the data model](https://docs.python.org/3/reference/datamodel.html#modules)
    - [`vars`](https://docs.python.org/3/library/functions.html#vars)
    """

    code = "PCL602"
    name = "module-dict-write"
    severity = "note"
    reads_stubs = False
    words = ("__dict__", "vars")

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for item in file.cached(module_items).values():
            place = file.ast_range(item.node)
            path = path_in(file, place)
            receiver = dictionary_of(item.node.value)
            is_call = isinstance(item.node.value, ast.Call)
            if receiver is None or (is_call and not is_builtin(file, "vars", path)):
                continue
            module = file.ast_quote(receiver)
            is_deleted = isinstance(item.node.ctx, ast.Del)
            if _is_said_by_name(item.key, path):
                other = f"`{module}.{item.key}` says the same"
            else:
                other = f"as `{'delattr' if is_deleted else 'setattr'}` with `{module}` would"
            yield Claim(
                place,
                f"`{file.ast_quote(item.node)}` {'deletes' if is_deleted else 'assigns'} an "
                f"attribute of the module by way of its dictionary: {other}",
                self._fix(path, receiver, item),
            )

    def _fix(self, path: Sequence[ast.AST], receiver: ast.expr, item: ModuleItem) -> Fix | None:
        key, node = item.key, item.node
        if (
            not _is_said_by_name(key, path)
            or not dotted_name(receiver)
            or "#" in self.file.ast_text(node)
        ):
            return None
        applicability: Applicability = "safe"
        augmented = isinstance(path[-2], ast.AugAssign)
        if augmented or isinstance(node.ctx, ast.Del):
            if is_tried(path) or caught_by(path, "KeyError"):
                return None
            # Where the module lacks the name, this is a KeyError, and would be an AttributeError.
            bindings = item.module.bindings if isinstance(item.module, Module) else {}
            if key not in bindings or (augmented and "__getattr__" in bindings):
                applicability = "unsafe"
        text = f"{self.file.ast_text(receiver)}.{key}"
        edits = [replace_expression(self.file, node, text)]
        return self.fix(applicability, f"Use `{dotted_name(receiver)}.{key}`", edits)


def _is_said_by_name(key: str, path: Sequence[ast.AST]) -> bool:
    """Is `module.key` the item of the module's dictionary, where the path leads to?"""
    inside = next((node.name for node in reversed(path) if isinstance(node, ast.ClassDef)), "")
    return (
        key.isidentifier()
        and not keyword.iskeyword(key)
        and unicodedata.normalize("NFKC", key) == key
        and not (inside and mangled(key, inside) != key)
        and key not in _DESCRIPTORS
    )
