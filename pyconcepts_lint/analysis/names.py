"""What a name means at a place of a file: Python's own symbol tables, and class names."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import itemgetter

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from ..index import tables
from ..index.binder import mangled
from ..index.facts import statements_at
from ..source.ast_nodes import walk

if TYPE_CHECKING:
    import symtable
    from collections.abc import Sequence
    from typing import TypeAlias

    from ..index.model import SourceClass
    from ..rule_api.file import FileContext

    Path: TypeAlias = "Sequence[ast.AST]"


def symbols(file: FileContext) -> symtable.SymbolTable | None:
    """The compiler's symbol table of a file's code.

    None where there is none: the compiler refuses some of what parses, such as a name that is
    both a parameter and global.
    """
    return _compiled(file.text, file.path)


def _compiled(text: str, path: str) -> symtable.SymbolTable | None:
    import symtable

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return symtable.symtable(text, path, "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _functions(file: FileContext, line: int) -> list[tuple[int, symtable.SymbolTable]] | None:
    """The symbol tables of the functions (lambdas and comprehensions, too) in the top-level
    statement that holds a line, by first line; None where the compiler makes none.

    Those of the whole file would say the same, and take as long as parsing it.
    """
    statements = () if file.module is None else file.module.facts.statements
    for first, last in statements_at(statements, [line]):
        return file.cached(_Statements).of(first, last)
    return file.cached(_all_functions)


class _Statements:
    """The tables of single top-level statements, each made when first asked for."""

    def __init__(self, file: FileContext) -> None:
        self._file = file
        self._known: dict[int, list[tuple[int, symtable.SymbolTable]] | None] = {}

    def of(self, first: int, last: int) -> list[tuple[int, symtable.SymbolTable]] | None:
        if first not in self._known:
            # Empty lines before it keep the places right.
            text = "\n" * (first - 1) + self._file.text_of_lines(first, last)
            table = _compiled(text, self._file.path)
            self._known[first] = None if table is None else _functions_below(table)
        return self._known[first]


def _all_functions(file: FileContext) -> list[tuple[int, symtable.SymbolTable]] | None:
    top_level = file.cached(symbols)
    return None if top_level is None else _functions_below(top_level)


def _functions_below(table: symtable.SymbolTable) -> list[tuple[int, symtable.SymbolTable]]:
    waiting = [table]
    found: list[tuple[int, symtable.SymbolTable]] = []
    while waiting:
        table = waiting.pop()
        if table.get_type() == "function":
            found.append((table.get_lineno(), table))
        waiting.extend(table.get_children())
    return sorted(found, key=itemgetter(0))


def enclosing_functions(
    file: FileContext, line: int, top: int
) -> Iterator[symtable.SymbolTable] | None:
    """The symbol tables of all functions (lambdas and comprehensions, too) that may hold a line.

    These are the ones of the same top-level statement that start between the lines `top` and
    `line`: more than the ones around the place, never fewer. None where the compiler makes none.
    """
    functions = _functions(file, line)
    if functions is None:
        return None
    first = bisect_left(functions, top, key=itemgetter(0))
    last = bisect_right(functions, line, key=itemgetter(0))
    return (table for _, table in functions[first:last])


def tables_around(file: FileContext, name: str, line: int) -> list[symtable.SymbolTable] | None:
    """The symbol tables around that of a function, from the module's on, and its own as the last.

    Args:
        file: the file at hand.
        name: the function's name.
        line: the 1-based line of its `def`.

    None where the compiler makes no tables, or more than one function would be meant.
    """
    found = file.cached(_functions_by_place).get((name, line), [])
    return found[0] if len(found) == 1 else None


def _functions_by_place(
    file: FileContext,
) -> dict[tuple[str, int], list[list[symtable.SymbolTable]]]:
    """By name and line, the tables of functions as the last of those around them."""
    top_level = file.cached(symbols)
    waiting = [] if top_level is None else [[top_level]]
    found: dict[tuple[str, int], list[list[symtable.SymbolTable]]] = {}
    while waiting:
        path = waiting.pop()
        table = path[-1]
        if table.get_type() == "function":
            found.setdefault((table.get_name(), table.get_lineno()), []).append(path)
        waiting += ([*path, child] for child in table.get_children())
    return found


def _bound_below(file: FileContext) -> dict[tuple[str, int], bool]:
    """What `_may_be_bound_below` has answered; filled as it is asked for."""
    return {}


def _may_be_bound_below(file: FileContext, name: str, top: int) -> bool:
    """May a statement below the line `top` bind the name, by what the text looks like?

    Symbol tables take as long as parsing the file. `name.x`, `name(…)` and `super(name, …)` bind
    nothing, except behind `import`, `def` and `class`; nor does the name in a statement such as
    `return`.
    """
    text = file.text
    place = text.find(name, file.code.offset(top, 1))
    while place >= 0:
        end = place + len(name)
        before, after = text[place - 1 : place], text[end : end + 1]
        is_part = before.isalnum() or before in ("_", ".") or after.isalnum() or after == "_"
        if not is_part and not text.endswith("super(", 0, place):
            number, column = file.code.position(place)
            line = file.code.line(number)
            words = line[: column - 1].split()
            if number == top and words[-1:] == ["class"]:
                may_bind = False  # the class around the place, which is no function
            elif after in (".", "("):
                may_bind = not _BINDERS.isdisjoint(words[-1:] + words[:1])
            else:
                is_read = words[:1] != [] and words[0] in _READERS
                may_bind = not is_read or _BINDS.search(line) is not None
            if may_bind and not file.literals.hold(place):
                return True
        place = text.find(name, end)
    return False


# Statements without targets, and what binds a name in an expression.
_READERS = frozenset({"assert", "elif", "if", "raise", "return", "while"})
_BINDS = lazy_pattern(r":=|\blambda\b|\bfor\b|\bas\b|;|:\s*\S|\\$|\($|,$|\[$")
_BINDERS = frozenset({"import", "from", "def", "class", "async"})


def is_bound_locally(file: FileContext, name: str, line: int, top: int) -> bool:
    """May a function between the lines `top` and `line` have a local variable `name`?"""
    known = file.cached(_bound_below)
    if (name, top) not in known:
        known[name, top] = _may_be_bound_below(file, name, top)
    if not known[name, top]:
        return False
    functions = enclosing_functions(file, line, top)
    return functions is None or any(_binds(table, name) for table in functions)


def _binds(table: symtable.SymbolTable, name: str) -> bool:
    return name in table.get_identifiers() and table.lookup(name).is_local()


_STAR_IMPORT = lazy_pattern(r"import[ \t\f\\\r\n]*\*")


def may_be_bound_around(file: FileContext, name: str, line: int) -> bool:
    """May the top-level statement around a line bind the name? None does without saying it.

    In Python 2 a function may have `from x import *`; names are the same that NFKC makes the same
    (PEP 3131).
    """
    statements = () if file.module is None else file.module.facts.statements
    for lines in statements_at(statements, [line]):
        text = file.text_of_lines(*lines)
        return name in text or not text.isascii() or _STAR_IMPORT.search(text) is not None
    return True


_FUNCTIONS = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    *(ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp),
)


def is_local(file: FileContext, name: str, path: Path) -> bool:
    """Is `name` (maybe) bound in a function, or directly in the class, around a place?

    Args:
        file: the file at hand.
        name: a name that the code at the place uses.
        path: the nodes around the place, the outermost first.
    """
    scopes = [node for node in path if isinstance(node, (*_FUNCTIONS, ast.ClassDef))]
    if not scopes or not may_be_bound_around(file, name, scopes[0].lineno):
        return False
    lines = {node.lineno for node in scopes if not isinstance(node, ast.ClassDef)}
    if lines:
        tables = _functions(file, min(lines))
        if tables is None or any(line in lines and _binds(table, name) for line, table in tables):
            return True
    innermost = scopes[-1]
    if file.module is None or not isinstance(innermost, ast.ClassDef):
        return False
    model = file.module.class_at(*file.ast_place(innermost.lineno, innermost.col_offset))
    return model is not None and name in model.bound_names


def is_builtin(file: FileContext, name: str, path: Path) -> bool:
    """Does `name` surely mean the built-in at the place that `path` leads to?"""
    module = file.module
    if module is None or file.project.may_bind(module, name):
        return False
    return not is_local(file, name, path)


def is_replaced(file: FileContext, name: str) -> bool:
    """Does the project assign a built-in `name` on `builtins`, or on the file's own module?

    What a fix writes would meet that, where the code has not used the name so far.
    """
    project = file.project
    return any(
        context[:4] != "read"
        and (
            module.qualified(receiver).rpartition(".")[2] in ("builtins", "__builtin__")
            or project.resolve(module, receiver) is file.module
        )
        for module, receiver, context in project.row(tables.uses, name)
        if receiver
    )


def reachable_name(
    file: FileContext, model: SourceClass, line: int, inside: SourceClass
) -> str | None:
    """A dotted name under which the functions of `inside` reach the class `model`.

    Args:
        file: the file at hand.
        model: the class to be named.
        line: the line where the name is to stand, in a method of `inside`.
        inside: the class whose method it is.

    Returns None where no name of the module surely means the class there.
    """
    module = file.module
    if module is None:
        return None
    project = file.project
    facts = inside.facts
    candidates: list[str] = []
    if model.module is module:
        if model.facts.in_function:
            # A class in a function is a local variable there, and free in its own methods.
            name = model.name
            if model is not inside or model.facts.parent >= 0 or mangled(name, name) != name:
                return None
            return None if is_bound_locally(file, name, line, facts.line) else name
        candidates.append(model.qualname)
    else:
        candidates.extend(base for base in facts.bases if base and not base.startswith("#"))
        candidates.extend(
            name
            for name, bindings in module.bindings.items()
            if len(bindings) == 1 and bindings[0].kind == "from" and not bindings[0].flags
        )
    for candidate in candidates:
        parts = candidate.split(".")
        if any(mangled(part, inside.name) != part for part in parts):
            continue
        if project.resolve(module, candidate) is not model:
            continue
        if not is_bound_locally(file, parts[0], line, facts.line if not facts.in_function else 1):
            return candidate
    return None


def is_bound_again(function: ast.AST, name: str) -> bool:
    """Is the name of a parameter bound anywhere else in its function?"""
    bound = 0
    for node in walk(function):
        if isinstance(node, ast.Name):
            bound += node.id == name and not isinstance(node.ctx, ast.Load)
        elif not isinstance(node, (ast.Attribute, ast.keyword)):
            # `except … as name`, `import … as name`, parameters, patterns, `def` and so on.
            bound += sum(value == name for value in node.__dict__.values() if type(value) is str)
    return bound > 1
