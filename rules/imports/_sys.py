"""`sys.modules` and `sys.path`, under whatever name a file knows them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.index.facts import Import, statements_at
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.cst_nodes import dotted

# What may stand around the dots of a dotted name.
_BLANK = r"(?>(?:\s++|#[^\r\n]*+|\\(?:\r\n?|\n))*)"
_DOT = rf"{_BLANK}(?>(?:\){_BLANK})*)\.{_BLANK}"


def names_of(file: LintedFile, attribute: str) -> frozenset[str]:
    """The dotted names by which a file may know `sys.attribute`; none where it surely doesn't."""
    names: set[str] = set()
    if file.module is None or attribute not in file.text:
        return frozenset()
    for statement in file.module.facts.imports:
        if _is_of_sys(statement):
            names.add(f"sys.{attribute}")
            for name, alias in statement.names:
                if statement.statement == "from" and name == attribute:
                    names.add(alias or name)
                elif statement.statement == "import" and name == "sys" and alias:
                    names.add(f"{alias}.{attribute}")
    return frozenset(names)


def lines_with_names(file: LintedFile, names: Iterable[str]) -> list[int]:
    """The lines on which one of the dotted names seems to start."""
    written = "|".join(_DOT.join(map(re.escape, name.split("."))) for name in sorted(names))
    found = re.finditer(rf"(?:{written})\b", file.text) if written else ()
    return sorted({file.code.position(match.start())[0] for match in found})


def lines_that_matter(
    file: LintedFile, lines: Sequence[int], matters: Callable[[ast.AST], bool]
) -> Iterable[int]:
    """Those of the lines (sorted) in whose top-level statements there are nodes that matter."""
    facts = file.module.facts if file.module is not None else None
    for first, last in statements_at(facts.statements, lines) if facts is not None else ():
        inside = lines[bisect_left(lines, first) : bisect_right(lines, last)]
        if any(map(matters, walk(*file.outlines_at(inside)))):
            yield from inside


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
