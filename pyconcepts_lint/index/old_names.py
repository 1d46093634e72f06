"""The names of attributes that only Python 2 gave, where a file has them for things of its own.

`d.has_key(k)` is Python 2, unless the project itself has something called `has_key`: a field of a
named tuple, a keyword that becomes an attribute, an option of the command line, a function of a
module. What only asks for Python 2's attribute (`hasattr(d, "has_key")`, a branch on the version,
`d.has_key(k)` itself) is none of that.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from ..source.ast_nodes import SCOPES, child_nodes, lines_with, walk, walk_at
from .extractor import extractor, has_any

if TYPE_CHECKING:
    from .binder import FileIndex

_WITHOUT_ARGUMENTS = frozenset(
    {"iteritems", "iterkeys", "itervalues", "viewitems", "viewkeys", "viewvalues"}
)
_WITH_ONE = frozenset({"has_key"})
_READ = frozenset(
    {
        *("im_func", "im_self", "im_class", "func_name", "func_code", "func_defaults"),
        *("func_globals", "func_closure", "func_dict", "func_doc"),
    }
)
OLD_NAMES = _WITHOUT_ARGUMENTS | _WITH_ONE | _READ
# Parts of them, of which few texts have one.
_STEMS = (
    *("im_", "im-", "func_", "func-", "has_key", "has-key"),
    *("iteri", "iterk", "iterv", "viewi", "viewk", "viewv"),
)
_SPELLINGS = (*OLD_NAMES, *(name.replace("_", "-") for name in OLD_NAMES if "_" in name))

NAME = "name"
"""How a file has a name: it names a field, a keyword, an option or something of a module."""
STORE = "store"
"""It is assigned on some object."""

# Calls that ask for an attribute by a string and give it no meaning of their own.
_ASKING = frozenset({"hasattr", "getattr", "delattr", "methodcaller", "attrgetter"})
_MAKER = lazy_pattern(r"tuple|class|enum|record|struct|slots|fields", re.IGNORECASE)
_VERSION = lazy_pattern(
    r"version_info|hexversion|sys\.version|python_version|(?:\b|_|is)py(?:thon)?_?[23]",
    re.IGNORECASE,
)
_SEPARATOR = lazy_pattern(r"[\s,]+")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOKED_AT = frozenset(
    {
        *(ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.JoinedStr, ast.IfExp),
        *(ast.List, ast.Tuple, ast.Set, ast.Dict),
        *(ast.Expr, ast.Assign, ast.AnnAssign, ast.If, ast.FunctionDef, ast.AsyncFunctionDef),
    }
)


def _may_have(text: str) -> bool:
    """Does the text have such a name otherwise than in reading or calling `x.name`?"""
    if not has_any(text, _STEMS):
        return False
    return any(_is_elsewhere(text, spelling) for spelling in _SPELLINGS if spelling in text)


@extractor(tuple, nodes=_FUNCTIONS, may_have=_may_have)
def own_names(index: FileIndex) -> Iterator[tuple[str, str]]:
    """Python 2's names that a file has for things of its own, each with how it has it."""
    text = index.text
    near = walk_at(lines_with(text, _SPELLINGS), *index.tree.body)
    nodes = [node for node in near if node.__class__ in _LOOKED_AT]
    passed_over = set(_only_asked(nodes, asks_version=_VERSION.search(text) is not None))
    nodes = [node for node in nodes if node not in passed_over]
    functions = _functions(nodes)
    lists = set(_lists_of_words(nodes))
    for node in nodes:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                for name in _spelled(node.value, as_list=node in lists):
                    yield name, NAME
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                name = keyword.arg or ""
                if name in OLD_NAMES and name not in functions.get(_last_name(node.func), ()):
                    yield name, NAME
    for name in _bound_in_module(index.tree.body, set(near) - passed_over):
        yield name, NAME
    for name in _stored(nodes, {node.name for node in index.nodes_of(*_FUNCTIONS)}):
        yield name, STORE


def _is_elsewhere(text: str, spelling: str) -> bool:
    place = text.find(spelling)
    while place >= 0:
        end = place + len(spelling)
        before, after = text[place - 1 : place], text[end : end + 1]
        is_read = before == "." and (
            after == "("
            or (after in " .:)],[\r\n" and "=" not in text[end : text.find("\n", end) + 1 or None])
        )
        if not is_read and not _is_in_word(before) and not _is_in_word(after):
            return True
        place = text.find(spelling, end)
    return False


def _is_in_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _only_asked(nodes: Iterable[ast.AST], *, asks_version: bool) -> Iterator[ast.AST]:
    """The nodes that only ask for Python 2's attributes, or speak of them."""
    for node in nodes:
        if isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Constant):
                yield node.value
        elif isinstance(node, ast.Call):
            if _last_name(node.func) in _ASKING:
                yield from node.args
        elif isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Subscript):
            if isinstance(node.ctx, ast.Load):
                yield node.slice
        elif isinstance(node, (ast.If, ast.IfExp)):
            if asks_version and _VERSION.search(ast.unparse(node.test)):
                yield from walk(node)
        elif isinstance(node, ast.Assign) and "__all__" in map(_last_name, node.targets):
            yield from walk(node.value)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _functions(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """The functions that a file defines, and their parameters: what is passed by their names
    becomes no attribute by that."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, _FUNCTIONS):
            args = node.args
            names = (each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs))
            found.setdefault(node.name, set()).update(names)
    return found


def _lists_of_words(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What may be a list of fields in one string: `"kind func_name"`."""
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            if node.value is not None:
                yield node.value
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            yield from child_nodes(node)
            for child in child_nodes(node):
                if isinstance(child, ast.Constant):
                    yield child
        elif isinstance(node, ast.Attribute):
            if node.attr == "split":
                yield node.value
        elif isinstance(node, ast.Call) and _MAKER.search(_last_name(node.func)):
            yield from node.args
            yield from (keyword.value for keyword in node.keywords)


def _spelled(text: str, *, as_list: bool) -> Iterator[str]:
    """Python 2's names that a string is: alone, as an option, behind a path, in a list."""
    if not has_any(text, _STEMS):
        return
    words = _SEPARATOR.split(text.strip())
    if len(words) > 1 and not (as_list and all(word.isidentifier() for word in words)):
        return
    for word in words:
        name = word.lstrip("-").partition("=")[0].replace("-", "_").rpartition(".")[2]
        if name in OLD_NAMES:
            yield name


def _bound_in_module(body: Iterable[ast.stmt], looked_at: set[ast.AST]) -> Iterator[str]:
    """What a module has under such a name that could be used as Python 2's attribute is."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if node not in looked_at:
            continue
        if isinstance(node, _FUNCTIONS):
            if _takes(node.name, node.args):
                yield node.name
        elif isinstance(node, ast.ClassDef):
            if node.name in OLD_NAMES:
                yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and _gives(target.id, node.value):
                    yield target.id
        if isinstance(node, (ast.stmt, ast.ExceptHandler)) and not isinstance(node, SCOPES):
            waiting += child_nodes(node)


def _gives(name: str, value: ast.expr | None) -> bool:
    """Is a module's variable one of those names, and no function of Python 2's dictionaries?"""
    if name not in OLD_NAMES or value is None:
        return False
    if isinstance(value, ast.Lambda):
        return _takes(name, value.args)
    called = _last_name(value.func) if isinstance(value, ast.Call) else _last_name(value)
    return called not in (*_ASKING, *OLD_NAMES, "items", "keys", "values", "__contains__")


def _takes(name: str, args: ast.arguments) -> bool:
    """Can a function of that name be called as Python 2's method of it is?"""
    if name in _READ:
        return True
    if name not in OLD_NAMES or any(default is None for default in args.kw_defaults):
        return False
    given = int(name in _WITH_ONE)
    most = len(args.posonlyargs) + len(args.args)
    return most - len(args.defaults) <= given and (most >= given or args.vararg is not None)


def _stored(nodes: Iterable[ast.AST], functions: set[str]) -> Iterator[str]:
    """What is assigned on objects that aren't functions: `wrapper.func_name = f.func_name` in
    Python 2 names a function."""
    copies: set[ast.AST] = set()
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == node.value.attr:
                    copies.add(target)
    for node in nodes:
        if (
            isinstance(node, ast.Attribute)
            and node.attr in OLD_NAMES
            and isinstance(node.ctx, ast.Store)
            and node not in copies
            and not (isinstance(node.value, ast.Name) and node.value.id in functions)
        ):
            yield node.attr
