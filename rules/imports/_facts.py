"""What is noted of each file for the rules about imports."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Collection, Iterator
from itertools import pairwise

from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import dotted_name
from pyconcepts_lint.index.extractor import Line, extractor
from pyconcepts_lint.source.ast_nodes import walk

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex

IMPORT_ATTRIBUTES = ("__package__", "__path__", "__name__", "__spec__", "__loader__")
_BUILTINS = frozenset(dir(builtins))
_PYTHON = lazy_pattern(r"(?:.*/)?python[\d.]*")
_COMMAND = lazy_pattern(r"(?:^|[\s/])python[\d.]* +([\w.-]+(?:/[\w.-]+)+\.py)(?=\s|$)")
_FILE_TO_RUN = lazy_pattern(r"""(?:["']|python[\d.]* +)[\w.-]+/[\w./-]*\.py(?!\w)""")


class Unbound(NamedTuple):
    """A name with which a module is imported, in `import x as y` or `from x import y`, that the
    code uses and no statement of it binds."""

    name: str


@extractor(Unbound, words=("import",))
def unbound(index: FileIndex) -> Iterator[Unbound]:
    names: set[str] = set()
    for statement in index.imports:
        if statement.is_from:
            names.add(statement.module.partition(".")[0])
        else:
            names |= {name.partition(".")[0] for name, alias in statement.names if alias}
    names &= index.module.reads
    if names:
        names -= index.module.names | {binding.name for binding in index.bindings} | _BUILTINS
        yield from map(Unbound, sorted(names))


@extractor(Line, words=("from",))
def relative_imports(index: FileIndex) -> Iterator[Line]:
    return (Line(statement.line) for statement in index.imports if statement.level)


@extractor(Line, words=IMPORT_ATTRIBUTES)
def import_attributes(index: FileIndex) -> Iterator[Line]:
    """Where a module binds one of the attributes that imports give it."""
    return (Line(found.line) for found in index.bindings if found.name in IMPORT_ATTRIBUTES)


@extractor(Line, words=("import",))
def standard_packages(index: FileIndex) -> Iterator[Line]:
    """The imports that may be of a package of the standard library, or from one, where the code
    reads attributes of what it has by a name."""
    if not index.uses and not index.taken:
        return
    from pyconcepts_lint.index.standard import PACKAGES

    for statement in index.imports:
        for name, _ in statement.names:
            dotted = f"{statement.module}.{name}" if statement.module else name
            if dotted in PACKAGES or dotted.partition(".")[0] in PACKAGES:
                yield Line(statement.line)


class DefaultRead(NamedTuple):
    """A read that `ModuleFacts.attribute_uses` leaves out, for a default may be taken there, of a
    receiver that starts with an imported name."""

    receiver: str
    attribute: str


@extractor(DefaultRead, words=("import",))
def default_reads(index: FileIndex) -> Iterator[DefaultRead]:
    return (DefaultRead(*read) for read in sorted(index.taken))


@extractor(Line, words=("*",))
def star_imports(index: FileIndex) -> Iterator[Line]:
    return (Line(each.line) for each in index.imports if each.names[:1] == (("*", ""),))


class ImportedName(NamedTuple):
    """A dotted name that starts with what an import of the module binds."""

    name: str


@extractor(ImportedName, words=("import",), nodes=(ast.Call,))
def names_of_modules(index: FileIndex) -> Iterator[ImportedName]:
    """Names that are called, and may be those of modules by what binds them; and the names with
    dots of imported modules.

    What starts with a capital letter in a module that is called like a standard one is taken for
    no module: the library has none there.
    """
    modules = {
        ".".join(name.split(".")[:count])
        for statement in index.imports
        if not statement.is_from
        for name, alias in statement.names
        for count in ([0] if alias else range(1, name.count(".") + 2))
    }
    given: set[str] = set()
    hidden: set[str] = set()
    for statement in index.imports:
        root = statement.module.partition(".")[0]
        is_standard = not statement.level and root in sys.stdlib_module_names
        for name, alias in statement.names:
            if not statement.is_from:
                given.update([alias] if alias else ())
                if "." in name:
                    hidden.add(alias or name)
            elif not (is_standard and name[:1].isupper()):
                given.add(alias or name)
    asked = (given | modules) - {""}
    found = {
        name
        for call, _ in index.calls_of({name.rpartition(".")[2] for name in asked})
        if (name := dotted_name(call.func)) in asked
    }
    yield from map(ImportedName, sorted(found | hidden))


class RunFile(NamedTuple):
    """The path, with a folder, of a file that a module may run as a script."""

    path: str


def _may_run_files(text: str) -> bool:
    is_run = "executable" in text or "run_path" in text or "python" in text
    return is_run and "/" in text and ".py" in text and _FILE_TO_RUN.search(text) is not None


@extractor(RunFile, words=("subprocess", "os.system", "run_path"), may_have=_may_run_files)
def run_files(index: FileIndex) -> Iterator[RunFile]:
    """What follows Python in a command (`[sys.executable, "shop/cart.py"]`, `"python shop/cart.py"`)
    and what `run_path` is given."""
    for node in walk(index.tree):
        written: list[ast.expr] = []
        if isinstance(node, ast.List | ast.Tuple):
            written = [two for one, two in pairwise(node.elts) if _is_python(one)]
        elif isinstance(node, ast.Call) and dotted_name(node.func).endswith("run_path"):
            written = node.args[:1]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from map(RunFile, _COMMAND.findall(node.value) if ".py" in node.value else ())
        for part in written:
            value = part.value if isinstance(part, ast.Constant) else None
            if isinstance(value, str) and "/" in value and value.endswith(".py"):
                yield RunFile(value)


def _is_python(node: ast.expr) -> bool:
    """Is it what a command starts with that runs Python?"""
    value = node.value if isinstance(node, ast.Constant) else None
    return dotted_name(node).endswith("executable") or (
        isinstance(value, str) and _PYTHON.fullmatch(value) is not None
    )


class AskedName(NamedTuple):
    """A name that the file asks a module of the standard library for, which isn't there."""

    name: str


@extractor(AskedName, words=("import",))
def gone_names(index: FileIndex) -> Iterator[AskedName]:
    """What was there once."""
    from pyconcepts_lint.rules.imports._gone import GONE, MODULES

    return map(AskedName, _asked_names(index, GONE, MODULES))


_MAY_BE_MISPLACED = lazy_pattern(
    r"(?:import|from|,)\s+(?:datetime|os|sys|time|socket|logging|itertools|functools|collections"
    r"|typing|math|subprocess|inspect|operator)\b"
)


def _may_be_misplaced(text: str) -> bool:
    return _MAY_BE_MISPLACED.search(text) is not None


@extractor(AskedName, words=("import",), may_have=_may_be_misplaced)
def misplaced_names(index: FileIndex) -> Iterator[AskedName]:
    """What is elsewhere."""
    from pyconcepts_lint.rules.imports._gone import ELSEWHERE, ELSEWHERE_MODULES

    return map(AskedName, _asked_names(index, ELSEWHERE, ELSEWHERE_MODULES))


def _asked_names(
    index: FileIndex, table: Collection[tuple[str, str]], modules: Collection[str]
) -> list[str]:
    known: dict[str, str] = {}  # modules by what the file calls them
    found: set[str] = set()
    for statement in index.imports:
        for name, alias in statement.names:
            dotted = f"{statement.module}.{name}" if statement.module else name
            if dotted in modules and not statement.level:
                known[alias or (name if statement.module else dotted)] = dotted
            top = name.partition(".")[0]
            if not statement.module and not alias and top in modules:
                known[top] = top
            if (statement.module, name) in table:
                found.add(name)
    if known:
        for receiver, attribute in (*(use[:2] for use in index.uses), *index.taken):
            if receiver in known and (known[receiver], attribute) in table:
                found.add(attribute)
    return sorted(found)
