"""`sys.modules` and `sys.path`, under whatever name a file knows them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import IMPORT_KINDS, Import
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk

LOADED_AT_START = frozenset({"abc", "codecs", "encodings", "io", "os", "site", "stat"})
"""The standard library's modules that are loaded before the first line of any program runs."""
# What may stand around the dots of a dotted name.
_BLANK = r"(?>(?:\s++|#[^\r\n]*+|\\(?:\r\n?|\n))*)"
_DOT = rf"{_BLANK}(?>(?:\){_BLANK})*)\.{_BLANK}"


def uses_of(file: FileContext, attribute: str) -> Iterator[list[ast.AST]]:
    """The expressions that are `sys.attribute`: the nodes around each, the outermost first, and
    itself as the last."""
    from pyconcepts_lint.analysis.context import path_in

    names = _names_of(file, attribute)
    for node in walk(*file.statements_at(_lines_with(file, names))):
        if isinstance(node, (ast.Name, ast.Attribute)) and dotted_name(node) in names:
            path = path_in(file, file.ast_range(node)) if file.stands_there(node) else []
            if _is_sys_attribute(file, dotted_name(node), attribute, path):
                yield path


def _names_of(file: FileContext, attribute: str) -> frozenset[str]:
    """The dotted names by which a file may know `sys.attribute`; none where it surely doesn't."""
    names: set[str] = set()
    if file.module is None or attribute not in file.text:
        return frozenset()
    for statement in file.module.facts.imports:
        if _is_of_sys(statement):
            names.add(f"sys.{attribute}")
            for name, alias in statement.names:
                if statement.is_from and name == attribute:
                    names.add(alias or name)
                elif not statement.is_from and name == "sys" and alias:
                    names.add(f"{alias}.{attribute}")
    return frozenset(names)


def _lines_with(file: FileContext, names: Collection[str]) -> list[int]:
    """The lines on which one of the dotted names seems to start."""
    written = "|".join(_DOT.join(map(re.escape, name.split("."))) for name in sorted(names))
    found = re.finditer(rf"(?:{written})\b", file.text) if written else ()
    return sorted({file.code.position(match.start())[0] for match in found})


def _is_sys_attribute(
    file: FileContext, name: str, attribute: str, path: Sequence[ast.AST]
) -> bool:
    """Is a name `sys.attribute` at the end of a path?"""
    from pyconcepts_lint.analysis.names import is_local

    module = file.module
    if module is None or not path or dotted_name(path[-1]) != name:
        return False
    root = name.partition(".")[0]
    if is_local(file, root, path):
        # A parameter of that name would be one of another function than the import.
        return name == f"sys.{attribute}" and any(
            statement.flags and _is_of_sys(statement) for statement in module.facts.imports
        )
    bindings = module.bindings.get(root, ())
    is_imported = bool(bindings) and all(b.kind in IMPORT_KINDS for b in bindings)
    return is_imported and module.qualified(name) == f"sys.{attribute}"


def _is_of_sys(statement: Import) -> bool:
    if statement.is_from:
        return statement.module == "sys" and not statement.level
    return any(name == "sys" for name, _ in statement.names)
