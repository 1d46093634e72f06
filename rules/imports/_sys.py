"""`sys.modules` and `sys.path`, under whatever name a file knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import libcst as cst

from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.names import is_local
from pyconcepts_lint.tree import dotted


def lines_with_attribute(
    file: LintedFile, attribute: str, wanted: Callable[[int], bool] | None = None
) -> Iterable[int]:
    """The lines on which `sys.attribute` may be used, by whatever name, and that are wanted."""
    if file.module is None or attribute not in file.text:
        return ()
    names = {attribute}
    imports = False
    for statement in file.module.facts.imports:
        if _is_of_sys(statement):
            imports = True
            names.update(alias for name, alias in statement.names if name == attribute and alias)
    return file.lines_with(names, wanted) if imports else ()


def is_sys_attribute(
    file: LintedFile, node: cst.BaseExpression, attribute: str, path: Sequence[cst.CSTNode]
) -> bool:
    """Is an expression `sys.attribute`?

    Args:
        file: the file at hand.
        node: the expression.
        attribute: `modules` or `path`.
        path: the nodes around it, the outermost first.
    """
    module = file.module
    name = dotted(node)
    root = name.partition(".")[0]
    if module is None or not name:
        return False
    if is_local(file, root, path):
        # A parameter of that name would be one of another function than the import.
        return name == f"sys.{attribute}" and any(
            statement.flags and _is_of_sys(statement) for statement in module.facts.imports
        )
    bindings = module.bindings.get(root, ())
    is_imported = bool(bindings) and all(b.kind in ("import", "from") for b in bindings)
    return is_imported and module.qualified(name) == f"sys.{attribute}"


def _is_of_sys(statement: Import) -> bool:
    if statement.statement == "from":
        return statement.module == "sys" and not statement.level
    return any(name == "sys" for name, _ in statement.names)


def function_around(path: Sequence[cst.CSTNode]) -> cst.FunctionDef | cst.Lambda | None:
    """The innermost function around the last node of a path."""
    for node in reversed(path[:-1]):
        if isinstance(node, (cst.FunctionDef, cst.Lambda)):
            return node
    return None


def quoted(file: LintedFile, node: cst.CSTNode, otherwise: str) -> str:
    """The text of a node for a message, or what stands for it where that is long."""
    text = file.text_of(node)
    return text if len(text) <= 60 and "\n" not in text else otherwise
