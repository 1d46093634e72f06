from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.attribute_access._dictionaries import ModuleItem, module_items
from pyconcepts_lint.rules.attribute_access._source import (
    is_tried,
    only_argument,
    replace_expression,
)

from pyconcepts_lint import guards
from pyconcepts_lint.finding import Applicability, Fix
from pyconcepts_lint.index.collect import mangled
from pyconcepts_lint.index.project import Module
from pyconcepts_lint.names import is_builtin
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.tree import dotted

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
    found by whoever searches for `module.x`.

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
    reads_stubs = False
    words = ("__dict__", "vars")

    def lines(self) -> Iterable[int]:
        return {line for line, _ in self.file.share(module_items)}

    def visit_Subscript(self, node: cst.Subscript) -> None:
        items = self.file.share(module_items)
        item = items.get(self.file.place(node)) if items else None
        if item is None:
            return
        receiver: cst.BaseExpression | None = None
        path = [*self.ancestors, node]
        if isinstance(node.value, cst.Attribute):
            receiver = node.value.value
        elif isinstance(node.value, cst.Call) and is_builtin(self.file, "vars", path):
            receiver = only_argument(node.value)
        if receiver is None:
            return
        module = dotted(receiver) or self.file.text_of(receiver)
        written = self.file.text_of(node)
        verb = "deletes" if _is_deleted(path) else "assigns"
        other = (
            f"`{module}.{item.key}` says the same"
            if _is_said_by_name(item.key, path)
            else f"as `setattr` with `{module}` would"
            if verb == "assigns"
            else f"as `delattr` with `{module}` would"
        )
        self.report(
            node,
            f"`{written}` {verb} an attribute of the module by way of its dictionary: {other}",
            self._fix(node, path, receiver, item),
        )

    def _fix(
        self,
        node: cst.Subscript,
        path: list[cst.CSTNode],
        receiver: cst.BaseExpression,
        item: ModuleItem,
    ) -> Fix | None:
        key = item.key
        if (
            not _is_said_by_name(key, path)
            or not dotted(receiver)
            or "#" in self.file.text_of(node)
        ):
            return None
        applicability: Applicability = "safe"
        augmented = isinstance(self.ancestors[-1], cst.AugAssign)
        if augmented or _is_deleted(path):
            if is_tried(path) or guards.caught_by(path, "KeyError"):
                return None
            # Where the module lacks the name, this is a KeyError, and would be an AttributeError.
            bindings = item.module.bindings if isinstance(item.module, Module) else {}
            if key not in bindings or (augmented and "__getattr__" in bindings):
                applicability = "unsafe"
        text = f"{self.file.text_of(receiver)}.{key}"
        edits = [replace_expression(self.file, node, text)]
        return self.fix(applicability, f"Use `{dotted(receiver)}.{key}`", edits)


def _is_said_by_name(key: str, path: list[cst.CSTNode]) -> bool:
    """Is `module.key` the item of the module's dictionary, where the path leads to?"""
    inside = next((p.name.value for p in reversed(path) if isinstance(p, cst.ClassDef)), "")
    return (
        key.isidentifier()
        and not keyword.iskeyword(key)
        and unicodedata.normalize("NFKC", key) == key
        and not (inside and mangled(key, inside) != key)
        and key not in _DESCRIPTORS
    )


def _is_deleted(path: list[cst.CSTNode]) -> bool:
    return any(isinstance(node, cst.Del) for node in path)
