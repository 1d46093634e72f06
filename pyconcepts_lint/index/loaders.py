"""What loads modules otherwise than by their full names, and what that says of a module's name.

A module that is loaded by its path, or by a name that starts at its own folder, gets another
`__package__` than its folder says. Facts tell who does so, as far as one file shows; `Names` puts
the files of a project together.
"""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from ..source.ast_nodes import COMPREHENSIONS, lines_with, walk, walk_at
from .extractor import extractor, has_any
from .facts import Loader, LoaderKind, ModuleFacts

if TYPE_CHECKING:
    from typing import Any

    from .binder import FileIndex

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
ANYTHING = "*"
_RELATIVE = ("", ".", "@", "%")  # with what names start that are none from the top
_MOST_WAYS = 8  # in which a name is assigned, and to which depth it is followed


@extractor(
    Loader,
    words=_WORDS,
    nodes=(
        *(ast.Call, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor),
        *(ast.With, ast.AsyncWith, ast.Import, ast.ImportFrom, ast.Try, ast.Match, ast.Lambda),
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.TryStar, *COMPREHENSIONS),
    ),
)
def loaders(index: FileIndex) -> Iterator[Loader]:
    """What loads modules in a file: see `facts.Loader`."""
    calls = [call for call, _ in index.calls_of(_TELLING) if _tells(call)]
    changes = []
    if "sys.path" in index.text:
        changes = [
            node.value
            for node in index.nodes_of(ast.Assign, ast.AugAssign)
            for target in _targets(node)
            if target.__class__ is not ast.Name and _is_search_path(_whole(target))
        ]
    if calls or changes:  # or what names are need not be known
        yield from _Reader(index).read(calls, changes)


# What loads or runs a file by its path; and what does so with any string.
_LOADS_FILES = (
    "spec_from_file_location",
    "SourceFileLoader",
    "load_source",
    "run_path",
    "execfile",
)
_FILE_ENDS = ('.py"', ".py'")
_RUNS_CODE = lazy_pattern(r"exec(?<!\wexec)\s*\(")
_FILE_NAME = lazy_pattern(r"[\w./\\-]*\w\.py")


def _may_load_files(text: str) -> bool:
    # Looking for fixed words costs next to nothing, a pattern of them much.
    if has_any(text, _LOADS_FILES):
        return True
    return has_any(text, _FILE_ENDS) and "exec" in text and _RUNS_CODE.search(text) is not None


@extractor(str, may_have=_may_load_files)
def loads(index: FileIndex) -> Iterator[str]:
    """See `ModuleFacts.loads`."""
    any_string = any(word in index.text for word in _LOADS_FILES)
    body = index.tree.body
    nodes = walk(*body) if any_string else walk_at(lines_with(index.text, _FILE_ENDS), *body)
    for node in nodes:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and (
            _FILE_NAME.fullmatch(value) or (any_string and value.isidentifier())
        ):
            yield value


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
        for comprehension in nodes_of(*COMPREHENSIONS):
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
        for name, calls in self._index.calls.items():
            plain = [call for _, call, _ in calls if isinstance(call.func, ast.Name)]
            if plain:
                found[name] = plain
        return found

    @cached_property
    def _mentions(self) -> dict[str, int]:
        """How often the names of functions whose calls may be followed stand in the file."""
        called = self._functions.keys() & self._calls.keys()
        asked = {name for name in called if name.startswith("_") or self._is_test}
        lines = lines_with(self._index.text, asked)
        nodes = walk_at(lines, *self._index.tree.body)
        return Counter(node.id for node in nodes if isinstance(node, ast.Name))

    @cached_property
    def _lists(self) -> list[ast.Call]:
        return [call for call, _ in self._index.calls_of(("iter_modules", "walk_packages"))]

    @cached_property
    def _finds_files(self) -> bool:
        return any(len(call.args) > 1 for call, _ in self._index.calls_of(("find_module",)))

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
                self._add(LoaderKind.PATH, [ANYTHING], [ANYTHING])
        elif called == "find_module" or called == "find_spec":
            self._find(call)
        elif called == "import_module" or called == "__import__":
            self._import(call)
        elif called == "FileFinder" and call.args:
            self._add(LoaderKind.PATH, self._below(call.args[0]), [ANYTHING])
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
        names = [ANYTHING]
        if name is not None:
            given = _argument(call, name, _NAME_KEYWORDS)
            names = [ANYTHING] if given is None else self._dotted(given)
        self._add(LoaderKind.PATH, [ANYTHING] if where is None else self._paths(where), names)

    def _find(self, call: ast.Call) -> None:
        """A finder that is asked for a module: by `imp.find_module(name, path)`, or one that
        `pkgutil.iter_modules` gave together with the module's name."""
        receiver = getattr(call.func, "value", None)
        owner = _dotted_name(receiver) if receiver is not None else ""
        if len(call.args) > 1 and owner.rpartition(".")[2] != "util":
            self._add(LoaderKind.PATH, self._below(call.args[1]), self._dotted(call.args[0]))
            return
        if receiver is None or owner.rpartition(".")[2] in ("util", "importlib"):
            return  # by the full name
        for listing in self._lists:
            if len(listing.args) > 1 or any(word.arg == "prefix" for word in listing.keywords):
                continue
            where = _argument(listing, 0, ("path",))
            self._add(
                LoaderKind.PATH, [ANYTHING] if where is None else self._below(where), [ANYTHING]
            )

    def _import(self, call: ast.Call) -> None:
        given = _argument(call, 0, ("name",))
        if given is None:
            return
        package = _argument(call, 1, ("package",)) if _called(call) == "import_module" else None
        for name in self._dotted(given):
            if name.startswith(".") and package is not None and not _is_own_package(package):
                base = self._dotted(package)
                name = base[0] + name if len(base) == 1 and "*" not in base[0] else ANYTHING
            self.loaders.add(Loader(LoaderKind.NAME, "", name))

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
                        self._add(LoaderKind.PATH, self._paths(place), [ANYTHING])
                elif isinstance(part, ast.Name) and depth < 2:
                    values = self._values.get(part.id, ())
                    if len(values) <= _MOST_WAYS:
                        waiting += [(value, depth + 1) for value in values if value is not None]

    def _search(self, value: ast.expr) -> None:
        self._add(LoaderKind.SEARCH, self._below(value, whole=True), [""])

    def _add(self, kind: LoaderKind, places: Iterable[str], names: Iterable[str]) -> None:
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
        return found if whole else [_joined(path, ANYTHING) for path in found]

    def _paths(self, node: ast.expr, depth: int = 0) -> list[str]:
        """The paths that an expression may be: see `Loader.place`."""
        found = self._path(node, depth)
        return found if 0 < len(found) <= _MOST_WAYS else [ANYTHING]

    def _path(self, node: ast.expr, depth: int) -> list[str]:
        if depth > _MOST_WAYS:
            return [ANYTHING]
        deeper = depth + 1
        if isinstance(node, ast.Constant):
            return [node.value.replace("\\", "/")] if isinstance(node.value, str) else [ANYTHING]
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
        return [ANYTHING]

    def _path_attribute(self, node: ast.Attribute, depth: int) -> list[str]:
        if node.attr in ("__file__", "__path__") and isinstance(node.value, ast.Name):
            of = self._modules.get(node.value.id)
            if of is None:
                return [ANYTHING]
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
            return [ANYTHING]
        return self._followed(f".{node.attr}", self._paths, depth)

    def _path_item(self, node: ast.Subscript, depth: int) -> list[str]:
        value, key = node.value, node.slice
        is_path = isinstance(value, ast.Attribute) and value.attr == "__path__"
        if is_path or (isinstance(value, ast.Name) and value.id == "__path__"):
            return self._paths(value, depth)
        number = getattr(key, "value", None)
        if isinstance(value, ast.Attribute) and value.attr == "parents":
            if not isinstance(number, int) or not 0 <= number < _MOST_WAYS:
                return [ANYTHING]
            paths = self._paths(value.value, depth)
            for _ in range(number + 1):
                paths = [_parent(path) for path in paths]
            return paths
        if isinstance(value, ast.Call) and _called(value) == "split" and number == 0:
            return [_parent(path) for part in value.args[:1] for path in self._paths(part, depth)]
        return [ANYTHING]

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
                return [ANYTHING]
            paths = self._paths(place, depth)
            if called in ("glob", "iglob") and place is first:
                return [f"{re.split('[*?[]', path)[0]}*" for path in paths]
            return [_joined(path, ANYTHING) for path in paths]
        if called in _SAME_PATH and first is not None:
            found = self._paths(first, depth)
            for part in node.args[1:] if called in ("Path", "PurePath") else ():
                found = _products(found, self._paths(part, depth))
            return found
        if called in _SAME_PATH_METHODS and receiver is not None:
            return self._paths(receiver, depth)
        if called in ("with_name", "with_suffix") and receiver is not None:
            return [_joined(_parent(path), ANYTHING) for path in self._paths(receiver, depth)]
        if called == "format" and receiver is not None:
            return self._formatted(receiver)
        return [_TEMPORARY if called in _MAKE_TEMPORARY else ANYTHING]

    @staticmethod
    def _formatted(template: ast.expr) -> list[str]:
        """A template with anything where its fields are."""
        if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
            return [ANYTHING]
        return [_FIELD.sub(ANYTHING, template.value)]

    def _text(self, node: ast.expr, depth: int) -> str:
        """A part of an f-string."""
        if isinstance(node, ast.FormattedValue):
            paths = self._paths(node.value, depth)
            return paths[0] if len(paths) == 1 else ANYTHING
        return str(getattr(node, "value", ANYTHING))

    def _followed(self, name: str, read: Any, depth: int) -> list[str]:
        values = self._values.get(name)
        if not values or len(values) > _MOST_WAYS or None in values:
            return [ANYTHING]
        return [found for value in values for found in read(value, depth)]

    def _dotted(self, node: ast.expr, depth: int = 0) -> list[str]:
        """The module names that an expression may be: see `Loader.name`."""
        if depth > _MOST_WAYS:
            return [ANYTHING]
        deeper = depth + 1
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else [ANYTHING]
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
                    texts.append(found[0] if len(found) == 1 else ANYTHING)
                else:
                    texts.append(str(getattr(part, "value", ANYTHING)))
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
                return [self._modules.get(node.value.id, ANYTHING)]
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
                    return [_name(".".join(w[0] if len(w) == 1 else ANYTHING for w in ways))]
            if called in ("str", "sorted", "list", "tuple") and node.args:
                return self._dotted(node.args[0], deeper)
        return [ANYTHING]


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


# The names that imports and build files spell

_DOTTED = lazy_pattern(r"(?<!\w)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


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
        if loader.kind is LoaderKind.NAME and name[:1] not in _RELATIVE and "." in name:
            yield f"{name.rpartition('.')[0]}.*" if "*" in loader.name else name


def declared_names(root: str | None) -> Iterator[str]:
    """The dotted names in which a project's build files declare entry points, and others."""
    for text in declarations(root, ("pyproject.toml", "setup.cfg", "setup.py")):
        yield from _DOTTED.findall(text)


def declarations(root: str | None, names: Iterable[str]) -> Iterator[str]:
    """The texts of files in a project's root."""
    for name in names if root is not None else ():
        try:
            with open(os.path.join(root or "", name), encoding="utf-8-sig") as file:
                yield file.read()
        except (OSError, ValueError):
            continue
