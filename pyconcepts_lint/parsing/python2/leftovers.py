"""Python 2 in a text that Python 3 parses, and `import .x`, which no Python parses."""

from __future__ import annotations

import ast
import re
from itertools import groupby

from fissix.pgen2 import token as kinds

from ...source.ast_nodes import SCOPES, child_nodes, own_nodes, walk
from .lexer import Token, scan
from .reading import Places, bound_names, translate
from .translation import Construct, TextEdit

_STANDARD_STREAMS = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})


def python3_traps(text: str, tree: ast.Module) -> list[Construct]:
    """Statements that are Python 2's `print` and, for Python 3, expressions.

    `tree` is what `ast.parse` makes of the text. Nothing is found where the module, or a
    function around, binds `print` or has an `import *`: it may be another object then.
    """
    if "print" not in text:
        return []
    found = [
        (node, message)
        for node in walk(tree)
        if isinstance(node, ast.Expr) and (message := _trap(node.value))
    ]
    if not found or _binds_print(tree):
        return []
    functions = [node for node in walk(tree) if isinstance(node, SCOPES)]
    for function in functions:
        if _binds_print(function):
            inside = {*walk(function)}
            found = [(node, message) for node, message in found if node not in inside]
    place = Places(text)
    is_function = _has_print_function(tree)
    traps = []
    for node, message in found:
        start, end = place.start(node), place.end(node)
        if text.startswith("print", start):
            # Where `print` is a function for Python 2, too, to name it has always done nothing.
            is_kept = is_function and isinstance(node.value, ast.Name)
            edits, safe = (None, True) if is_kept else _print_edits(text, start, end)
            fix_message = "Call `print()`" if edits else ""
            traps.append(
                Construct("print-statement", message, start, end, fix_message, edits, safe)
            )
    return sorted(traps, key=lambda trap: trap.start)


def _has_print_function(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "print_function" for alias in node.names)
        for node in tree.body
    )


def _binds_print(scope: ast.AST) -> bool:
    """May a module, a function or a class bind `print`, itself or for the module?"""
    if isinstance(scope, ast.Module):
        # `builtins.print = …` may stand anywhere.
        others = [node for node in walk(scope) if isinstance(node, (ast.Global, ast.Attribute))]
        nodes = [*own_nodes(*scope.body), *others]
    else:
        nodes = own_nodes(*child_nodes(scope))
    return any(
        ("print" in bound_names(node) and not isinstance(node, ast.keyword))
        or (isinstance(node, ast.alias) and node.name == "*")
        for node in nodes
    )


def _trap(value: ast.expr) -> str | None:
    """What Python 3 does with an expression that is Python 2's `print` statement."""
    if isinstance(value, ast.Name) and value.id == "print":
        return "`print` by itself does nothing: it names the function and doesn't call it"
    is_tuple = isinstance(value, ast.Tuple) and bool(value.elts)
    shift = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
    match shift:
        case ast.BinOp(left=ast.Name(id="print"), op=ast.RShift(), right=stream):
            shown = ast.unparse(stream)
            # What is no file may know how to be shifted by.
            if is_tuple or shown in _STANDARD_STREAMS:
                return f"`print >>{shown}` shifts the function `print`: TypeError"
    return None


def _print_edits(text: str, start: int, end: int) -> tuple[tuple[TextEdit, ...] | None, bool]:
    """The edits of a statement from one offset to another, and whether they are safe."""
    statement = text[start:end]
    translation = translate(statement)
    if translation is None or not translation.constructs:
        return None, True
    first = translation.constructs[0]
    if first.kind != "print-statement" or not first.edits:
        return None, True
    edits = tuple((start + begin, start + stop, new) for begin, stop, new in first.edits)
    return edits, first.safe


def import_dot(text: str) -> list[Construct]:
    """Each `import` statement with a leading dot, in a text that need not be readable.

    There is a fix where what it would import, and by which name, is clear.
    """
    constructs = []
    statement: list[Token] = []
    for token in [*scan(text), Token(kinds.NEWLINE, "", len(text), len(text))]:
        if token.kind in (kinds.NEWLINE, kinds.SEMI, kinds.COLON):
            if construct := _import_dot(statement):
                constructs.append(construct)
            statement = []
        else:
            statement.append(token)
    return constructs


def _import_dot(statement: list[Token]) -> Construct | None:
    if not statement or statement[0].text != "import":
        return None
    modules = _imported_modules([token.text for token in statement[1:]])
    if modules is None or not any(module.startswith(".") for module, _ in modules):
        return None
    start, end = statement[0].start, statement[-1].end
    shown = ", ".join(f"{module} as {alias}" if alias else module for module, alias in modules)
    written = _from_import(modules)
    message = f"`import {shown}` can't be: names in an `import` statement have no leading dots"
    if written is None:
        message += "; a relative import is written `from . import name`"
        return Construct("import-dot", message, start, end, "", None, True)
    message += f"; a relative import is written `{written}`"
    return Construct(
        "import-dot", message, start, end, f"Write `{written}`", ((start, end, written),), True
    )


def _imported_modules(texts: list[str]) -> list[tuple[str, str]] | None:
    """The modules, with their dots, and the names that they are given."""
    modules = []
    for is_comma, group in groupby(texts, lambda text: text == ","):
        parts = list(group)
        if is_comma:
            continue
        alias = ""
        if len(parts) > 2 and parts[-2] == "as":
            *parts, _, alias = parts
        module = "".join(parts)
        if not re.fullmatch(r"\.*\w+(\.\w+)*", module):
            return None
        modules.append((module, alias))
    return modules


def _from_import(modules: list[tuple[str, str]]) -> str | None:
    """The `from` statement that binds the same names; None where `import` would bind another."""
    packages = set()
    names = []
    for module, alias in modules:
        dots, path = re.fullmatch(r"(\.*)(.*)", module).groups()  # type: ignore[union-attr]
        parent, _, name = path.rpartition(".")
        if not dots or (parent and not alias):
            return None
        packages.add(dots + parent)
        names.append(f"{name} as {alias}" if alias and alias != name else name)
    return f"from {packages.pop()} import {', '.join(names)}" if len(packages) == 1 else None
