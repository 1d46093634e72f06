"""What loads modules otherwise than by their full names, and what that says of a module's name.

A module that is loaded by its path, or by a name that starts at its own folder, gets another
`__package__` than its folder says. Facts tell who does so, as far as one file shows; `Names` puts
the files of a project together.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from ..source.ast_nodes import walk
from .extractor import Extractor
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .facts import Import, Loader, ModuleFacts

if TYPE_CHECKING:
    from typing import Any

    from .binder import FileIndex
    from .project import Module, Project

# A file that has none of these words has no loader.
_WORDS = (
    *("spec_from_file_location", "FileLoader", "load_source", "load_module", "run_path"),
    *("execfile", "exec(", "import_module", "__import__", "find_module", "find_spec"),
    *("sys.path", "syspath", "addsitedir", "from sys import"),
)
_BY_PATH = {  # what loads a file, and where its arguments are the name and the path
    "spec_from_file_location": (0, 1),
    "SourceFileLoader": (0, 1),
    "SourcelessFileLoader": (0, 1),
    "load_source": (0, 1),
    "run_path": (None, 0),
    "execfile": (None, 0),
}
_CHANGES = frozenset({"insert", "append", "extend", "syspath_prepend"})
_TELLING = frozenset(
    {
        *(*_BY_PATH, *_CHANGES, "load_module", "find_module", "find_spec", "import_module"),
        *("__import__", "FileFinder", "exec", "addsitedir"),
    }
)
_PATH_KEYWORDS = ("location", "path", "pathname", "path_name", "filename", "file")
_NAME_KEYWORDS = ("name", "fullname", "module_name")
_SAME_PATH = frozenset(
    {
        *("abspath", "realpath", "normpath", "expanduser", "expandvars", "normcase", "fspath"),
        *("str", "Path", "PurePath", "PosixPath", "sorted", "list", "tuple", "set", "reversed"),
        *("iter", "fsdecode", "unicode", "resource_filename"),
    }
)
_SAME_PATH_METHODS = frozenset({"resolve", "absolute", "as_posix", "expanduser", "rstrip", "strip"})
_LISTINGS = frozenset({"listdir", "scandir", "walk", "iterdir", "glob", "rglob", "iglob"})
_OPENS = frozenset({"open", "read_text", "read_bytes"})
_HERE = "<>"
_TEMPORARY = "/<temporary>"
_TEMPORARY_NAMES = frozenset({"tmp_path", "tmpdir", "tmp_path_factory", "tmpdir_factory"})
_MAKE_TEMPORARY = frozenset(
    {"mkdtemp", "TemporaryDirectory", "NamedTemporaryFile", "mkstemp", "gettempdir", "mktemp"}
)
_ANYTHING = "*"
_RELATIVE = ("", ".", "@", "%")  # with what names start that are none from the top
_MOST_WAYS = 8  # in which a name is assigned, and to which depth it is followed


# What one file says


def loaders_of(index: FileIndex) -> Iterator[Loader]:
    """What loads modules in a file: see `facts.Loader`."""
    calls = [call for call in index.nodes_of(ast.Call) if _tells(call)]
    changes = [
        node.value
        for node in index.nodes_of(ast.Assign, ast.AugAssign)
        if any(_is_search_path(_whole(target)) for target in _targets(node))
    ]
    if calls or changes:  # or what names are need not be known
        yield from _Reader(index).read(calls, changes)


class _Reader:
    """Finds the loaders of a file, and what their arguments may be.

    Names are followed through the assignments of the whole file, whatever their scopes: at worst
    that finds more than there is.
    """

    def __init__(self, index: FileIndex) -> None:
        self.loaders: set[Loader] = set()
        self._index = index
        self._values: dict[str, list[ast.expr | None]] = {}  # None: no expression says
        self._modules: dict[str, str] = {}  # what imports bind
        self._note_bindings()
        self._functions: dict[str, list[ast.arguments]] = {}
        self._is_test = False
        self._note_functions()
        for name, functions in self._functions.items():
            for arguments in functions:
                self._bind_parameters(name, arguments)

    def read(self, calls: Iterable[ast.Call], changes: Iterable[ast.expr]) -> set[Loader]:
        """The loaders that some calls and some values for `sys.path` show."""
        for call in calls:
            self._read(call)
        for value in changes:
            self._search(value)
        return self.loaders

    def _note_bindings(self) -> None:
        """What the file binds names to."""
        nodes_of = self._index.nodes_of
        for assignment in nodes_of(ast.Assign):
            for target in assignment.targets:
                self._bind(target, assignment.value)
        for single in nodes_of(ast.AnnAssign, ast.NamedExpr):
            if single.value is not None:
                self._bind(single.target, single.value)
        for augmented in nodes_of(ast.AugAssign):
            self._bind(augmented.target, None)
        for loop in nodes_of(ast.For, ast.AsyncFor):
            self._bind(loop.target, loop.iter)
        for comprehension in nodes_of(*_COMPREHENSIONS):
            for generator in comprehension.generators:
                self._bind(generator.target, generator.iter)
        for block in nodes_of(ast.With, ast.AsyncWith):
            for item in block.items:
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, item.context_expr)
        for statement in nodes_of(ast.Import, ast.ImportFrom):
            self._bind_modules(statement)
        for guarded in nodes_of(ast.Try, ast.TryStar):
            for handler in guarded.handlers:
                self._values.setdefault(handler.name or "", []).append(None)
        for match in nodes_of(ast.Match):
            for part in walk(*(case.pattern for case in match.cases)):
                if isinstance(part, ast.MatchAs | ast.MatchStar):
                    self._values.setdefault(part.name or "", []).append(None)

    def _note_functions(self) -> None:
        for function in self._index.nodes_of(ast.FunctionDef, ast.AsyncFunctionDef):
            if function.decorator_list:
                self._bind_unknown(function.args)
            else:
                self._functions.setdefault(function.name, []).append(function.args)
            self._is_test |= function.name.startswith("test")
        for anonymous in self._index.nodes_of(ast.Lambda):
            self._bind_unknown(anonymous.args)

    @cached_property
    def _calls(self) -> dict[str, list[ast.Call]]:
        """The calls of plain names."""
        found: dict[str, list[ast.Call]] = {}
        for call in self._index.nodes_of(ast.Call):
            if isinstance(call.func, ast.Name):
                found.setdefault(call.func.id, []).append(call)
        return found

    @cached_property
    def _mentions(self) -> dict[str, int]:
        """How often names stand in the file."""
        found: dict[str, int] = {}
        for node in walk(self._index.tree):
            if node.__class__ is ast.Name:
                found[node.id] = found.get(node.id, 0) + 1
        return found

    @cached_property
    def _lists(self) -> list[ast.Call]:
        calls = self._index.nodes_of(ast.Call)
        return [call for call in calls if _called(call) in ("iter_modules", "walk_packages")]

    @cached_property
    def _finds_files(self) -> bool:
        calls = self._index.nodes_of(ast.Call)
        return any(_called(call) == "find_module" and len(call.args) > 1 for call in calls)

    def _bind(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                # What `os.walk` and its like give is below what they are given.
                is_listing = isinstance(value, ast.Call) and _called(value) in _LISTINGS
                self._bind(part, value if is_listing else None)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, None)
        elif isinstance(target, ast.Attribute):
            self._values.setdefault(f".{target.attr}", []).append(value)

    def _bind_modules(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                bound = alias.asname or alias.name.partition(".")[0]
                self._modules[bound] = alias.name if alias.asname else bound
            else:
                source = "." * node.level + (node.module or "")
                joint = "" if source.endswith(".") else "."
                self._modules[alias.asname or alias.name] = f"{source}{joint}{alias.name}"

    def _bind_unknown(self, arguments: ast.arguments) -> None:
        for name in _parameters(arguments):
            self._values.setdefault(name, []).append(None)

    def _bind_parameters(self, function: str, arguments: ast.arguments) -> None:
        """A parameter is what the function's calls pass, where the file has them all: it is a
        private function, or the file is one of tests."""
        calls = self._calls.get(function, [])
        may_be_seen = calls and (function.startswith("_") or self._is_test)
        if not may_be_seen or len(calls) != self._mentions.get(function, 0):
            self._bind_unknown(arguments)
            return
        positional = [part.arg for part in (*arguments.posonlyargs, *arguments.args)]
        values: dict[str, list[ast.expr | None]] = {name: [] for name in _parameters(arguments)}
        for name, default in _defaults(arguments):
            values[name].append(default)
        for call in calls:
            given: dict[str | None, ast.expr] = {word.arg: word.value for word in call.keywords}
            if None in given or any(isinstance(part, ast.Starred) for part in call.args):
                self._bind_unknown(arguments)
            for name in values:
                if name in given:
                    values[name].append(given[name])
                elif name in positional[: len(call.args)]:
                    values[name].append(call.args[positional.index(name)])
        for name, found in values.items():
            self._values.setdefault(name, []).extend(found or [None])

    # Calls

    def _read(self, call: ast.Call) -> None:
        called = _called(call)
        if called in _BY_PATH:
            self._load(call, *_BY_PATH[called])
        elif called == "load_module":
            # `imp.load_module(name, *imp.find_module(name, [folder]))`; a loader's own method takes
            # a name alone.
            is_of_imp = len(call.args) > 2 or any(isinstance(a, ast.Starred) for a in call.args)
            if is_of_imp and not self._finds_files:
                self._add("path", [_ANYTHING], [_ANYTHING])
        elif called == "find_module" or called == "find_spec":
            self._find(call)
        elif called == "import_module" or called == "__import__":
            self._import(call)
        elif called == "FileFinder" and call.args:
            self._add("path", self._below(call.args[0]), [_ANYTHING])
        elif called == "exec":
            self._execute(call)
        elif called == "addsitedir" and call.args:
            self._search(call.args[0])
        elif called in _CHANGES and call.args:
            self._search(call.args[-1])

    def _load(self, call: ast.Call, name: int | None, path: int) -> None:
        where = _argument(call, path, _PATH_KEYWORDS)
        if where is None and any(word.arg == "loader" for word in call.keywords):
            return  # the loader is what has the path
        names = [_ANYTHING]
        if name is not None:
            given = _argument(call, name, _NAME_KEYWORDS)
            names = [_ANYTHING] if given is None else self._dotted(given)
        self._add("path", [_ANYTHING] if where is None else self._paths(where), names)

    def _find(self, call: ast.Call) -> None:
        """A finder that is asked for a module: by `imp.find_module(name, path)`, or one that
        `pkgutil.iter_modules` gave together with the module's name."""
        receiver = getattr(call.func, "value", None)
        owner = _dotted_name(receiver) if receiver is not None else ""
        if len(call.args) > 1 and owner.rpartition(".")[2] != "util":
            self._add("path", self._below(call.args[1]), self._dotted(call.args[0]))
            return
        if receiver is None or owner.rpartition(".")[2] in ("util", "importlib"):
            return  # by the full name
        for listing in self._lists:
            if len(listing.args) > 1 or any(word.arg == "prefix" for word in listing.keywords):
                continue
            where = _argument(listing, 0, ("path",))
            self._add("path", [_ANYTHING] if where is None else self._below(where), [_ANYTHING])

    def _import(self, call: ast.Call) -> None:
        given = _argument(call, 0, ("name",))
        if given is None:
            return
        package = _argument(call, 1, ("package",)) if _called(call) == "import_module" else None
        for name in self._dotted(given):
            if name.startswith(".") and package is not None and not _is_own_package(package):
                base = self._dotted(package)
                name = base[0] + name if len(base) == 1 and "*" not in base[0] else _ANYTHING
            self.loaders.add(Loader("name", "", name))

    def _execute(self, call: ast.Call) -> None:
        """`exec(open(path).read())` and its like."""
        waiting: list[tuple[ast.AST, int]] = [(part, 0) for part in call.args[:1]]
        while waiting:
            node, depth = waiting.pop()
            for part in walk(node):
                if isinstance(part, ast.Call) and _called(part) in _OPENS:
                    receiver = getattr(part.func, "value", None)
                    is_method = receiver is not None and not isinstance(receiver, ast.Name)
                    place = part.args[0] if part.args and not is_method else receiver
                    if _called(part) != "open":
                        place = receiver
                    if place is not None:
                        self._add("path", self._paths(place), [_ANYTHING])
                elif isinstance(part, ast.Name) and depth < 2:
                    values = self._values.get(part.id, ())
                    if len(values) <= _MOST_WAYS:
                        waiting += [(value, depth + 1) for value in values if value is not None]

    def _search(self, value: ast.expr) -> None:
        self._add("search", self._below(value, whole=True), [""])

    def _add(self, kind: str, places: Iterable[str], names: Iterable[str]) -> None:
        names = tuple(names)
        for place in places:
            for name in names:
                self.loaders.add(Loader(kind, place, name))

    # What an expression may be

    def _below(self, node: ast.expr, *, whole: bool = False) -> list[str]:
        """What lies in a folder, or in a list of folders; with `whole` the folders themselves."""
        if isinstance(node, ast.List | ast.Tuple):
            parts: list[ast.expr] = node.elts
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and whole:
            left, right = self._below(node.left, whole=True), self._below(node.right, whole=True)
            if isinstance(node.left, ast.List) or isinstance(node.right, ast.List):
                return [*left, *right]
            parts = [node]
        elif _is_search_path(_whole(node)):
            return []
        else:
            parts = [node]
        found = [path for part in parts for path in self._paths(part)]
        return found if whole else [_joined(path, _ANYTHING) for path in found]

    def _paths(self, node: ast.expr, depth: int = 0) -> list[str]:
        """The paths that an expression may be: see `Loader.place`."""
        found = self._path(node, depth)
        return found if 0 < len(found) <= _MOST_WAYS else [_ANYTHING]

    def _path(self, node: ast.expr, depth: int) -> list[str]:
        if depth > _MOST_WAYS:
            return [_ANYTHING]
        deeper = depth + 1
        if isinstance(node, ast.Constant):
            return [node.value.replace("\\", "/")] if isinstance(node.value, str) else [_ANYTHING]
        if isinstance(node, ast.Name):
            if node.id == "__file__":
                return [f"{_HERE}/<file>"]
            if node.id == "__path__":
                return [_HERE]
            if node.id in _TEMPORARY_NAMES:
                return [_TEMPORARY]
            return self._followed(node.id, self._paths, deeper)
        if isinstance(node, ast.JoinedStr):
            texts = [self._text(part, deeper) for part in node.values]
            return ["".join(texts)]
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Div):
                return _products(self._paths(node.left, deeper), self._paths(node.right, deeper))
            if isinstance(node.op, ast.Add):
                left = self._paths(node.left, deeper)
                return [a + b for a in left for b in self._paths(node.right, deeper)]
            if isinstance(node.op, ast.Mod):
                return self._formatted(node.left)
        if isinstance(node, ast.IfExp):
            return [*self._paths(node.body, deeper), *self._paths(node.orelse, deeper)]
        if isinstance(node, ast.BoolOp):
            return [path for part in node.values for path in self._paths(part, deeper)]
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return [path for part in node.elts for path in self._paths(part, deeper)]
        if isinstance(node, ast.Attribute):
            return self._path_attribute(node, deeper)
        if isinstance(node, ast.Subscript):
            return self._path_item(node, deeper)
        if isinstance(node, ast.Call):
            return self._path_call(node, deeper)
        return [_ANYTHING]

    def _path_attribute(self, node: ast.Attribute, depth: int) -> list[str]:
        if node.attr in ("__file__", "__path__") and isinstance(node.value, ast.Name):
            of = self._modules.get(node.value.id)
            if of is None:
                return [_ANYTHING]
            return [f"<{of}>/<file>" if node.attr == "__file__" else f"<{of}>"]
        if node.attr == "parent":
            return [_parent(path) for path in self._paths(node.value, depth)]
        if node.attr == "path":  # of an entry that `os.scandir` gave
            return self._paths(node.value, depth)
        if node.attr == "pardir":
            return [".."]
        if node.attr == "curdir":
            return ["."]
        if node.attr in ("name", "stem"):
            return [_ANYTHING]
        return self._followed(f".{node.attr}", self._paths, depth)

    def _path_item(self, node: ast.Subscript, depth: int) -> list[str]:
        value, key = node.value, node.slice
        is_path = isinstance(value, ast.Attribute) and value.attr == "__path__"
        if is_path or (isinstance(value, ast.Name) and value.id == "__path__"):
            return self._paths(value, depth)
        number = getattr(key, "value", None)
        if isinstance(value, ast.Attribute) and value.attr == "parents":
            if not isinstance(number, int) or not 0 <= number < _MOST_WAYS:
                return [_ANYTHING]
            paths = self._paths(value.value, depth)
            for _ in range(number + 1):
                paths = [_parent(path) for path in paths]
            return paths
        if isinstance(value, ast.Call) and _called(value) == "split" and number == 0:
            return [_parent(path) for part in value.args[:1] for path in self._paths(part, depth)]
        return [_ANYTHING]

    def _path_call(self, node: ast.Call, depth: int) -> list[str]:
        called = _called(node)
        receiver = getattr(node.func, "value", None)
        first = node.args[0] if node.args else None
        if called == "dirname" and first is not None:
            return [_parent(path) for path in self._paths(first, depth)]
        if called in ("join", "joinpath") and not isinstance(receiver, ast.Constant):
            parts = list(node.args)
            if called == "joinpath" and receiver is not None:
                parts.insert(0, receiver)
            found = [""]
            for part in parts:
                found = _products(found, self._paths(part, depth))
            return found
        if called in ("getcwd", "cwd"):
            return ["."]
        if called in _LISTINGS:
            place = receiver if called in ("iterdir", "rglob") or not node.args else first
            if called == "glob" and receiver is not None and _dotted_name(receiver) != "glob":
                place = receiver
            if place is None:
                return [_ANYTHING]
            paths = self._paths(place, depth)
            if called in ("glob", "iglob") and place is first:
                return [f"{re.split('[*?[]', path)[0]}*" for path in paths]
            return [_joined(path, _ANYTHING) for path in paths]
        if called in _SAME_PATH and first is not None:
            found = self._paths(first, depth)
            for part in node.args[1:] if called in ("Path", "PurePath") else ():
                found = _products(found, self._paths(part, depth))
            return found
        if called in _SAME_PATH_METHODS and receiver is not None:
            return self._paths(receiver, depth)
        if called in ("with_name", "with_suffix") and receiver is not None:
            return [_joined(_parent(path), _ANYTHING) for path in self._paths(receiver, depth)]
        if called == "format" and receiver is not None:
            return self._formatted(receiver)
        return [_TEMPORARY if called in _MAKE_TEMPORARY else _ANYTHING]

    @staticmethod
    def _formatted(template: ast.expr) -> list[str]:
        """A template with anything where its fields are."""
        if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
            return [_ANYTHING]
        return [_FIELD.sub(_ANYTHING, template.value)]

    def _text(self, node: ast.expr, depth: int) -> str:
        """A part of an f-string."""
        if isinstance(node, ast.FormattedValue):
            paths = self._paths(node.value, depth)
            return paths[0] if len(paths) == 1 else _ANYTHING
        return str(getattr(node, "value", _ANYTHING))

    def _followed(self, name: str, read: Any, depth: int) -> list[str]:
        values = self._values.get(name)
        if not values or len(values) > _MOST_WAYS or None in values:
            return [_ANYTHING]
        return [found for value in values for found in read(value, depth)]

    def _dotted(self, node: ast.expr, depth: int = 0) -> list[str]:
        """The module names that an expression may be: see `Loader.name`."""
        if depth > _MOST_WAYS:
            return [_ANYTHING]
        deeper = depth + 1
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else [_ANYTHING]
        if isinstance(node, ast.Name):
            if node.id == "__package__":
                return ["%"]
            if node.id == "__name__":
                return ["@"]
            return self._followed(node.id, self._dotted, deeper)
        if isinstance(node, ast.JoinedStr):
            texts: list[str] = []
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    found = self._dotted(part.value, deeper)
                    texts.append(found[0] if len(found) == 1 else _ANYTHING)
                else:
                    texts.append(str(getattr(part, "value", _ANYTHING)))
            return [_name("".join(texts))]
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Add):
                left = self._dotted(node.left, deeper)
                return [_name(a + b) for a in left for b in self._dotted(node.right, deeper)]
            if isinstance(node.op, ast.Mod):
                return [_name(found) for found in self._formatted(node.left)]
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return [name for part in node.elts for name in self._dotted(part, deeper)]
        if isinstance(node, ast.Attribute):
            if node.attr == "__name__" and isinstance(node.value, ast.Name):
                return [self._modules.get(node.value.id, _ANYTHING)]
            return self._followed(f".{node.attr}", self._dotted, deeper)
        if isinstance(node, ast.Call):
            called = _called(node)
            receiver = getattr(node.func, "value", None)
            if called == "format" and receiver is not None:
                return [_name(found) for found in self._formatted(receiver)]
            if called == "join" and isinstance(receiver, ast.Constant) and node.args:
                parts = getattr(node.args[0], "elts", None)
                if receiver.value == "." and parts:
                    ways = [self._dotted(part, deeper) for part in parts]
                    return [_name(".".join(w[0] if len(w) == 1 else _ANYTHING for w in ways))]
            if called in ("str", "sorted", "list", "tuple") and node.args:
                return self._dotted(node.args[0], deeper)
        return [_ANYTHING]


_FIELD = lazy_pattern(r"%(?:\(\w+\))?[-+ #0]*[\d.*]*[sdir]|\{[^{}]*\}")


def _tells(call: ast.Call) -> bool:
    called = _called(call)
    if called not in _TELLING:
        return False
    if called not in _CHANGES or called == "syspath_prepend":
        return True
    receiver = getattr(call.func, "value", None)
    return receiver is not None and _is_search_path(receiver)


def _called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    func = call.func
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def _dotted_name(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def _argument(call: ast.Call, number: int, keywords: Sequence[str]) -> ast.expr | None:
    if number < len(call.args):
        part = call.args[number]
        return None if isinstance(part, ast.Starred) else part
    return next((word.value for word in call.keywords if word.arg in keywords), None)


def _targets(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _whole(node: ast.expr) -> ast.expr:
    """What a subscript is of: `sys.path[0:0]` changes `sys.path`."""
    return node.value if isinstance(node, ast.Subscript) else node


def _is_search_path(node: ast.expr) -> bool:
    return _dotted_name(node) in ("sys.path", "_sys.path")


def _is_own_package(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("__package__", "__name__")


def _name(text: str) -> str:
    """A module name of which the end is open from the first part on that isn't written down."""
    head, star, _ = text.partition("*")
    return head + star


def _joined(one: str, other: str) -> str:
    """As `os.path.join`, with `*` for what isn't known."""
    if not one or other[:1] in ("/", "<"):
        return other
    return f"{one.rstrip('/')}/{other}"


def _products(ones: Sequence[str], others: Sequence[str]) -> list[str]:
    return [_joined(one, other) for one in ones for other in others]


def _parent(path: str) -> str:
    """As `os.path.dirname`, of what may not be known."""
    head, _, tail = path.rpartition("/")
    if "*" in tail:
        return f"{head}*"
    if tail in (".", "..", "") or (not head and tail[:1] == "<"):
        return f"{path}/.." if path else ".."
    return head or ("/" if path[:1] == "/" else ".")


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (part.arg for part in named)
    yield from (part.arg for part in (arguments.vararg, arguments.kwarg) if part is not None)


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = (*arguments.posonlyargs, *arguments.args)
    first = len(positional) - len(arguments.defaults)
    for part, value in zip(positional[first:], arguments.defaults, strict=True):
        yield part.arg, value
    for part, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield part.arg, default


# The tables

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOADERS = Extractor(
    "loaders",
    loaders_of,
    words=_WORDS,
    nodes=(
        *(ast.Call, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor),
        *(ast.With, ast.AsyncWith, ast.Import, ast.ImportFrom, ast.Try, ast.Match, ast.Lambda),
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.TryStar, *_COMPREHENSIONS),
    ),
)

# What loads or runs a file by its path; and what does so with any string.
_LOADS_FILES = (
    "spec_from_file_location",
    "SourceFileLoader",
    "load_source",
    "run_path",
    "execfile",
)
_RUNS_CODE = lazy_pattern(r"\bexec\s*\(")
_FILE_NAME = lazy_pattern(r"[\w./\\-]*\w\.py")


def _may_load_files(text: str) -> bool:
    # Looking for fixed words costs next to nothing, a pattern of them much.
    if any(word in text for word in _LOADS_FILES):
        return True
    names_a_file = '.py"' in text or ".py'" in text
    return names_a_file and "exec" in text and _RUNS_CODE.search(text) is not None


def _loaded_files(index: FileIndex) -> Iterator[str]:
    """See `ModuleFacts.loads`."""
    loads = any(word in index.text for word in _LOADS_FILES)
    for node in walk(index.tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and (
            _FILE_NAME.fullmatch(value) or (loads and value.isidentifier())
        ):
            yield value


LOADED_FILES = Extractor("loads", _loaded_files, may_have=_may_load_files)


# What the files of a project say together

PLAIN = "plain"
PROVEN = "proven"
OPEN = "open"
HIDDEN = "hidden"


class _Place:
    """The files that a loader may load.

    `is_one`: it names one file; `is_any`: nothing is known of what it loads; `is_search`: it only
    puts the `folder` ("" where that has a `*`) on `sys.path`; `has_computed_imports`: modules of
    whatever names are imported then.
    """

    def __init__(self, pattern: str, *, is_search: bool = False) -> None:
        self.is_search = is_search
        self.folder = pattern if is_search and "*" not in pattern else ""
        pattern = f"{pattern}/*" if is_search else pattern
        text = re.sub(r"\*[*/]*(?=\*)", "", pattern)  # one star is as good as many
        self.is_any = not text.removesuffix(".py").strip("*/")
        self.is_one = "*" not in text.removeprefix("*")
        self.has_computed_imports = False
        parts = text.split("*")
        self._head, self._last = parts[0], parts[-1]
        self._between = parts[1:-1]
        self._is_whole = len(parts) == 1

    def holds(self, path: str) -> bool:
        if self._is_whole:
            return path == self._head
        if not path.startswith(self._head) or not path.endswith(self._last):
            return False
        start, end = len(self._head), len(path) - len(self._last)
        for part in self._between:
            found = path.find(part, start, end)
            if found < 0:
                return False
            start = found + len(part)
        return start <= end


class Names:
    """Which modules of a project are known by the names that their folders give them.

    What imports them by these names proves it, be it `import_module` with the folder's name; so
    does a relative import in a module of which it is proven, and what the project's build files
    declare. Tests prove it of tests only: they import what the program loads by its path.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._modules = {module.path: module for module in project.modules()}
        self._spelled: set[str] = set()
        self._by_tests: set[str] = set()
        self._folders: set[str] = set()  # packages of which all modules are imported by name
        self._places: list[_Place] = []
        self._relative: dict[str, list[Module]] = {}  # who imports relatively, by its name
        self._waiting: list[Module] = []  # those of them of which the name turned out to be sure
        self._read_loaders()
        self._read_imports()
        packaged = [module for module in self._modules.values() if "." in module.name.dotted]
        self._places = [p for p in self._places if any(self._may_load(p, m) for m in packaged)]

    def standing(self, path: str) -> str:
        """How sure it is that a module is known by the name that its folder gives it.

        Returns:
            PLAIN: nothing in the project loads modules otherwise; PROVEN: something does, and
            this one is imported by its name, and nothing shows that it is loaded in another way;
            OPEN: it may be known by another name, too; HIDDEN: nothing imports it by its name,
            and it may be loaded without.
        """
        from .packages import is_migration

        module = self._modules.get(path)
        if module is None:
            return PLAIN
        if os.path.splitext(os.path.basename(path))[0].count("."):
            return HIDDEN  # `menu.gpr.py`: no import finds it
        is_named = self._is_named(module)
        if self._is_alone(module):
            return OPEN if is_named and not is_migration(module) else HIDDEN
        readers = [place for place in self._places if self._may_load(place, module)]
        if not readers:
            if is_named or all(place.is_one for place in self._places):
                return PROVEN if self._places else PLAIN
            return OPEN
        if not is_named:
            return OPEN if _is_collected(module) else HIDDEN
        if any(self._is_aimed_at(place, module) for place in readers):
            return OPEN
        # A loader of which no folder is known has its modules where something has to load them.
        return OPEN if os.path.dirname(path) in self._plugin_folders else PROVEN

    def _is_alone(self, module: Module) -> bool:
        from .packages import is_loaded_alone

        return is_loaded_alone(module) and not any(
            statement.level and not statement.flags for statement in module.facts.imports
        )

    @cached_property
    def _plugin_folders(self) -> frozenset[str]:
        """The folders with modules that nothing imports by their names."""
        return frozenset(
            os.path.dirname(path)
            for path, module in self._modules.items()
            if self._is_plugin(module)
        )

    def _is_plugin(self, module: Module) -> bool:
        from .packages import is_run_alone

        return not (
            module.name.is_package
            or module.is_test
            or self._is_named(module)
            or is_run_alone(module)
        )

    # Who loads what

    def _may_load(self, place: _Place, module: Module) -> bool:
        if not place.holds(module.path):
            return False
        if not place.is_search or self._is_imported_from(place, module):
            return True
        return place.has_computed_imports and bool(self._short_names(place, module))

    def _is_aimed_at(self, place: _Place, module: Module) -> bool:
        """Is it the module's very folder that a loader names?"""
        if place.is_any:
            return False
        if not place.folder or self._is_imported_from(place, module):
            return True
        return os.path.dirname(module.path) == place.folder

    def _is_imported_from(self, place: _Place, module: Module) -> bool:
        """Does an import statement name the module as it is found from a folder on `sys.path`?"""
        names = self._short_names(place, module) if place.is_search else frozenset()
        return not names.isdisjoint(self._spelled) or not names.isdisjoint(self._by_tests)

    @staticmethod
    def _short_names(place: _Place, module: Module) -> frozenset[str]:
        """The names, other than its own, by which a module is found from a folder on `sys.path`."""
        dotted = module.name.dotted
        parts = dotted.split(".")
        if not place.folder:
            return frozenset(".".join(parts[number:]) for number in range(1, len(parts)))
        below = module.path.removeprefix(place.folder).strip(os.sep).partition(".")[0]
        name = below.removesuffix(f"{os.sep}__init__").replace(os.sep, ".")
        return frozenset({name} - {dotted})

    def _read_loaders(self) -> None:
        computed: set[str] = set()
        searched: list[tuple[str, _Place]] = []
        for module in self._modules.values():
            for loader in module.facts.loaders:
                name = self._absolute(module, loader.name)
                if loader.kind == "name":
                    if not self._note_name(module, name):
                        computed.add(module.path)
                elif loader.kind == "path":
                    if self._is_package(name.rpartition(".")[0], module):
                        self._note_name(module, name)
                    else:
                        self._places += map(_Place, self._pattern(module, loader.place))
                else:
                    patterns = self._pattern(module, loader.place)
                    searched += (
                        (module.path, _Place(pattern, is_search=True)) for pattern in patterns
                    )
        self._places += [_Place(pattern) for pattern in _declared_folders(self.project.root)]
        by_program = any(self._is_of_program(path) for path in computed)
        for path, place in searched:
            is_of_program = self._is_of_program(path)
            has_computed_imports = path in computed or (by_program and is_of_program)
            # Where neither the folder nor what is imported is known, nothing is.
            if not place.is_any or has_computed_imports:
                place.has_computed_imports = has_computed_imports
                self._places.append(place)

    def _is_of_program(self, path: str) -> bool:
        from .packages import is_run_alone

        module = self._modules[path]
        return not module.is_test and not is_run_alone(module)

    @staticmethod
    def _absolute(module: Module, name: str) -> str:
        """An absolute module name, with `*` from where on it isn't known; `*` for a wrong one."""
        if name[:1] == "@":
            return module.name.dotted + name[1:]
        if name[:1] == "%":
            return module.name.package + name[1:]
        if name[:1] != ".":
            return name
        stripped = name.lstrip(".")
        base = module.absolute("." * (len(name) - len(stripped)))
        if base is None:
            return _ANYTHING
        return f"{base}.{stripped}" if stripped else base

    def _note_name(self, module: Module, name: str) -> bool:
        """Note what a computed import proves; False for one that may import anything."""
        head, star, _ = name.partition("*")
        if not star:
            self._spell(module, name)
            return True
        folder = head.rpartition(".")[0]
        if not folder:
            return False
        if not module.is_test:
            self._folders.add(folder)
            self._spell(module, folder)
        return True

    def _is_package(self, dotted: str, importer: Module) -> bool:
        """Is it the name of a package of the project?"""
        if not dotted or "*" in dotted:
            return False
        found = self.project.layout.find(dotted, importer.path)
        return found is not None and found.kind in ("package", "namespace")

    def _pattern(self, module: Module, place: str) -> Iterator[str]:
        """A place as a pattern of absolute paths; nothing for one that is not in the project."""
        text = re.sub(r"\*+", "*", place)
        if text[:1] == "<":
            of, _, rest = text[1:].partition(">")
            directory = os.path.dirname(module.path)
            if of:
                absolute = module.absolute(of)
                found = absolute and self.project.layout.find(absolute, module.path)
                if not found:
                    return
                directory = found.path if found.kind == "namespace" else os.path.dirname(found.path)
            text = directory + rest
        elif text[:1] not in ("/", "*"):
            # Below the working directory, whichever that is.
            parts = [part for part in text.split("/") if part not in (".", "..", "")]
            if not parts or parts[0] == "~":
                return
            text = "*/" + "/".join(parts)
        if "*/.." in text:
            text = _ANYTHING
        head, star, rest = text.partition("*")
        head = _normalized(head)
        root = self.project.root or ""
        if head.startswith(root) or root.startswith(head):
            yield head + star + rest

    # What is imported by its name

    def _is_named(self, module: Module) -> bool:
        dotted = module.name.dotted
        if dotted in self._spelled or dotted.rpartition(".")[0] in self._folders:
            return True
        return module.is_test and dotted in self._by_tests

    def _spell(self, module: Module | None, dotted: str) -> None:
        """Note a name by which something is imported, and the packages on the way."""
        known = self._by_tests if module is not None and module.is_test else self._spelled
        while dotted and dotted not in known:
            known.add(dotted)
            self._waiting += self._relative.pop(dotted, ())
            dotted = dotted.rpartition(".")[0]

    def _read_imports(self) -> None:
        for module in self._modules.values():
            has_relative = False
            for statement in module.facts.imports:
                if statement.flags & ONLY_FOR_TYPES:
                    continue
                if statement.level:
                    has_relative = True
                else:
                    self._spell_all(module, statement, statement.module)
            if has_relative:
                if self._is_known(module):
                    self._waiting.append(module)
                else:
                    self._relative.setdefault(module.name.dotted, []).append(module)
        for name in declared_names(self.project.root):
            self._spell(None, name)
        for name in self._spelled & self._relative.keys():
            self._waiting += self._relative.pop(name)
        while self._waiting:
            module = self._waiting.pop()
            for statement in module.facts.imports:
                if statement.level and not statement.flags & ONLY_FOR_TYPES:
                    base = module.absolute("." * statement.level + statement.module)
                    if base is not None:
                        self._spell_all(module, statement, base)

    def _is_known(self, module: Module) -> bool:
        """Is a module's name sure, so that its relative imports tell those of others?"""
        name = module.name
        if name.is_package and name.root == os.path.dirname(os.path.dirname(module.path)):
            return True  # a topmost package is what programs import
        if os.path.basename(module.path) == "__main__.py" or name.dotted in self._spelled:
            return True
        return not any(place.holds(module.path) for place in self._places)

    def _spell_all(self, module: Module, statement: Import, base: str) -> None:
        if statement.statement == "import":
            for name, _ in statement.names:
                self._spell(module, name)
            return
        self._spell(module, base)
        for name, _ in statement.names:
            if name != "*":
                self._spell(module, f"{base}.{name}")


def spelled_names(facts: ModuleFacts) -> Iterator[str]:
    """The names that the absolute imports of a file spell: see `Project._spelled`."""
    for statement in facts.imports:
        if statement.level:
            continue
        if statement.module:
            yield statement.module
        for name, _ in statement.names:
            if name != "*":
                yield f"{statement.module}.{name}" if statement.module else name
    for loader in facts.loaders:
        name = loader.name.partition("*")[0]
        if loader.kind == "name" and name[:1] not in _RELATIVE and "." in name:
            yield f"{name.rpartition('.')[0]}.*" if "*" in loader.name else name


def _normalized(head: str) -> str:
    """A path up to what isn't known, without its dots."""
    if "/." not in head:
        return head
    return os.path.normpath(head) + ("/" if head.endswith("/") else "")


def _is_collected(module: Module) -> bool:
    """Does a test runner import it, by the name that its folder gives it?"""
    from .packages import TEST_MODULE

    return bool(TEST_MODULE.fullmatch(os.path.basename(module.path)))


_DOTTED = lazy_pattern(r"(?<!\w)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_FOLDERS = lazy_pattern(
    r"""^[ \t]*["']?[\w-]*(?:addon|dag|extension|plugin)s?[-_]?(?:dir|directorie|folder|path)s?["']?"""
    r"""[ \t]*[=:](.*(?:\n[ \t]+.*)*)""",
    re.MULTILINE,
)
_PATH = lazy_pattern(r"[\w.-]+(?:/[\w.-]+)*")


def _declarations(root: str | None, names: Iterable[str]) -> Iterator[str]:
    """The texts of files in a project's root."""
    for name in names if root is not None else ():
        try:
            with open(os.path.join(root or "", name), encoding="utf-8-sig") as file:
                yield file.read()
        except (OSError, ValueError):
            continue


def declared_names(root: str | None) -> Iterator[str]:
    """The dotted names in which a project's build files declare entry points, and others."""
    for text in _declarations(root, ("pyproject.toml", "setup.cfg", "setup.py")):
        yield from _DOTTED.findall(text)


def _declared_folders(root: str | None) -> Iterator[str]:
    """The files in folders of plugins that a project's settings name, as patterns."""
    for text in _declarations(root, ("pyproject.toml", "setup.cfg", "tox.ini")):
        for values in _FOLDERS.findall(text):
            for value in _PATH.findall(values):
                folder = os.path.normpath(os.path.join(root or "", value))
                if folder != root and os.path.isdir(folder):
                    yield f"{folder}/*"
