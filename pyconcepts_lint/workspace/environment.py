"""Where a project's installed packages lie: the environment, and why it is that one.

Nothing of it is run. Directories are listed, and what says where modules lie is read as text:
`pyvenv.cfg`, the paths in `.pth` files, the tables of editable installs.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable, Iterator

from ..base.lazy import lazy_pattern
from ..base.regular import read_regular
from ..base.settings import Settings
from ..base.typed import NamedTuple
from ..base.variables import VARIABLES
from ..index.installed import NOTHING, Installed
from ..source.python3 import parsed_or_none

NONE = "none"
"""What `python` says where no installed package is to be read."""
MOST_PLACES = 200
"""How many directories the `.pth` files of an environment may name."""
LARGEST_TEXT = 1_000_000
"""Bytes of a file that says where modules lie."""

_BESIDE = (".venv", "venv")
_LIBRARY = lazy_pattern(r"(?:python|pypy)(\d+)(?:\.(\d+))?t?")
_INTERPRETER = lazy_pattern(r"(?:python|pypy)(\d+)\.(\d+)")
_VERSION = lazy_pattern(r"(\d+)\.(\d+)")
_DISTRIBUTION = lazy_pattern(r"(.+?)(?:-([^-]+))?(?:-py\d.*)?\.(?:dist-info|egg-info)$")
_NOT_OF_THE_PROJECT = frozenset({"pip", "python", "setuptools", "wheel"})


class Environment(NamedTuple):
    """An environment, or that there is none.

    `directory` is "" for none, `why` says how it was chosen, `version` is that of its Python
    ("3.11", "" where that isn't told). `watched` are the files and directories that tell whether
    it is another one now. `problems` are sentences for the notes of a run.
    """

    directory: str = ""
    why: str = "there is none beside the project, and none is active"
    version: str = ""
    installed: Installed = NOTHING
    watched: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class _Library(NamedTuple):
    """A directory of installed packages, and the Python that it is for."""

    path: str
    version: tuple[int, int]


def environment_of(settings: Settings) -> Environment:
    """The environment of a project."""
    root = settings.root
    if settings.python is not None:
        return _given(settings.python, root)
    watched = []
    for variable in VARIABLES[:2]:
        directory = os.environ.get(variable)
        if directory and os.path.isabs(directory):
            watched.append(os.path.join(directory, "pyvenv.cfg"))
            found = _made(directory, variable, root)
            is_ours = _is_same(directory, sys.prefix)
            if found is not None and not (is_ours and _is_only_ours(root, found)):
                return found
    for name in _BESIDE if settings.is_project else ():
        directory = os.path.join(root, name)
        watched.append(os.path.join(directory, "pyvenv.cfg"))
        found = _made(directory, f"`{name}` beside the project", root)
        if found is not None:
            return found._replace(watched=(*watched, *found.watched))
    if settings.is_inside and settings.is_project:
        found = _made(sys.prefix, "it runs this tool, and has what the project depends on", root)
        if found is not None and _has_requirements(root, found.installed):
            return found._replace(watched=(*watched, *found.watched))
    return Environment(watched=tuple(watched))


def _given(python: str, root: str) -> Environment:
    """The environment that `python` names."""
    if python == NONE:
        return Environment(why=f'`python` is "{NONE}"')
    path = os.path.expanduser(python)
    if os.sep not in path and not os.path.exists(os.path.join(root, path)):
        import shutil  # which imports much

        path = shutil.which(path) or path
    path = os.path.normpath(os.path.join(root, path))
    why = f"`python` is {python}"
    prefixes = [path]
    if not os.path.isdir(path):
        prefixes = [
            os.path.dirname(os.path.dirname(each)) for each in (path, os.path.realpath(path))
        ]
    problem = "there is no such file or directory"
    if os.path.exists(path):
        problem = "it is neither an environment nor the Python of one"
        for prefix in dict.fromkeys(prefixes):
            found = _made(prefix, why, root, named=os.path.basename(path))
            if found is not None:
                return found
            if any(library.version[0] == 2 for library in _libraries(prefix)):
                problem = "it is an environment of Python 2"
    said = f"`python`: {path}: {problem}; no installed packages are read"
    return Environment(why=said, watched=(path, *prefixes), problems=(said,))


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _is_only_ours(root: str, found: Environment) -> bool:
    """Is an active environment in which this tool itself runs none of the project's?

    pre-commit makes such a one for each of its hooks.
    """
    if "PRE_COMMIT" in os.environ:
        return not _has_requirements(root, found.installed)
    return bool(_wanted(root)) and not _has_requirements(root, found.installed)


def _wanted(root: str) -> frozenset[str]:
    from ..index.dependencies import requirements

    return requirements(root) - _NOT_OF_THE_PROJECT


def _has_requirements(root: str, installed: Installed) -> bool:
    """Is most of what a project declares to depend on installed?"""
    wanted = _wanted(root)
    if not wanted:
        return False
    there = {name for place in installed.places for name in distributions(place)}
    return 2 * len(wanted & there) > len(wanted)


def distributions(place: str) -> dict[str, str]:
    """The versions of the distributions in a directory, by their normalized names."""
    found: dict[str, str] = {}
    for name in _names(place):
        match = _DISTRIBUTION.match(name)
        if match is not None:
            found[normalized(match[1])] = match[2] or ""
    return found


def normalized(name: str) -> str:
    return name.replace("-", "_").replace(".", "_").lower()


def _names(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _text(path: str) -> str:
    """A small file of an environment; "" for one that can't be read."""
    try:
        return read_regular(path, LARGEST_TEXT).decode("utf-8-sig", "replace")
    except OSError:
        return ""


# What lies in an environment


def _made(prefix: str, why: str, root: str, named: str = "") -> Environment | None:
    """The environment in a directory; None where there is none of Python 3."""
    prefix = os.path.normpath(prefix)
    says = _says(os.path.join(prefix, "pyvenv.cfg"))
    library = _chosen(prefix, says, named)
    if library is None:
        return None
    places = [library.path]
    if says.get("include-system-site-packages", "").lower() == "true" and "home" in says:
        base = os.path.dirname(os.path.normpath(says["home"]))
        beside = [each for each in _libraries(base) if each.version == library.version]
        places += (each.path for each in beside)
    problems: list[str] = []
    search_path = _with_paths(places, prefix, root, problems)
    version = "" if library.version == (0, 0) else "{}.{}".format(*library.version)
    installed = Installed(search_path, tuple(_mapped(places, root)))
    watched = (os.path.join(prefix, "pyvenv.cfg"), *places, *_settings_of_paths(places))
    return Environment(prefix, why, version, installed, watched, tuple(problems))


def _says(path: str) -> dict[str, str]:
    """What `pyvenv.cfg` says."""
    pairs = (line.partition("=") for line in _text(path).splitlines() if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _libraries(prefix: str) -> Iterator[_Library]:
    """The directories of installed packages below the prefix of an interpreter."""
    for name in ("lib", "lib64"):
        directory = os.path.join(prefix, name)
        for each in _names(directory):
            match = _LIBRARY.fullmatch(each)
            if match is None:
                continue
            for packages in ("site-packages", "dist-packages"):
                path = os.path.join(directory, each, packages)
                if os.path.isdir(path):
                    yield _Library(path, (int(match[1]), int(match[2] or 0)))
    for parts in (("Lib", "site-packages"), ("site-packages",)):  # Windows, and old PyPy
        path = os.path.join(prefix, *parts)
        if os.path.isdir(path) and not os.path.isdir(os.path.join(prefix, "lib", "python3")):
            yield _Library(path, (0, 0))


def _chosen(prefix: str, says: dict[str, str], named: str) -> _Library | None:
    """The directory of the Python that an environment has; one may have been there before."""
    found = [each for each in _libraries(prefix) if each.version[0] != 2]
    if os.path.basename(prefix) in ("site-packages", "dist-packages") and not found:
        match = _LIBRARY.fullmatch(os.path.basename(os.path.dirname(prefix)))
        version = (0, 0) if match is None else (int(match[1]), int(match[2] or 0))
        found = [_Library(prefix, version)] if version[0] != 2 and os.path.isdir(prefix) else []
    said = _VERSION.match(says.get("version_info", "") or says.get("version", ""))
    by_name = _INTERPRETER.match(named)
    for match in (by_name, said):
        if match is not None:
            wanted = (int(match[1]), int(match[2]))
            same = [each for each in found if each.version == wanted]
            if same:
                return same[0]
    running = [each for each in found if each.version == sys.version_info[:2]]
    return running[0] if running else max(found, key=lambda each: each.version, default=None)


def _path_files(places: Iterable[str]) -> Iterator[str]:
    for place in places:
        for name in _names(place):
            if name.endswith(".pth") and not name.startswith("."):
                yield os.path.join(place, name)


def _settings_of_paths(places: Iterable[str]) -> Iterator[str]:
    """The files that say where further modules lie."""
    yield from _path_files(places)
    yield from _finders(places)


def _with_paths(places: list[str], prefix: str, root: str, problems: list[str]) -> tuple[str, ...]:
    """The places with the directories that their `.pth` files name, which `site` puts behind them.

    A line that starts with `import` is code, which is left alone.
    """
    found = dict.fromkeys(places)
    for path in _path_files(places):
        for line in _text(path).splitlines():
            line = line.strip()
            if not line or line.startswith(("#", "import ", "import\t")) or "\0" in line:
                continue
            named = os.path.normpath(os.path.join(os.path.dirname(path), line))
            if named in found or not os.path.isdir(named) or _is_own(named, prefix, root):
                continue
            if len(found) >= MOST_PLACES:
                problems.append(
                    f"{prefix}: its .pth files name more than {MOST_PLACES} directories; the rest "
                    "of them are not searched for packages"
                )
                return tuple(found)
            found[named] = None
    return tuple(found)


def _is_own(path: str, prefix: str, root: str) -> bool:
    """Is it a directory of the project itself, or one that holds it?"""
    inside = (path + os.sep).startswith(root.rstrip(os.sep) + os.sep)
    around = (root + os.sep).startswith(path.rstrip(os.sep) + os.sep)
    is_of_environment = bool(prefix) and path.startswith(prefix + os.sep)
    return around or (inside and not is_of_environment)


def _finders(places: Iterable[str]) -> Iterator[str]:
    """The modules by which editable installs find packages that lie elsewhere."""
    for place in places:
        for name in _names(place):
            if name.endswith(".py") and name.startswith(("__editable__", "_editable_impl_")):
                yield os.path.join(place, name)


def _mapped(places: Iterable[str], root: str) -> Iterator[tuple[str, str]]:
    for finder in _finders(places):
        for name, path in _mappings(_text(finder)):
            path = os.path.normpath(path)
            if os.path.basename(path) in ("__init__.py", "__init__.pyi"):
                path = os.path.dirname(path)
            is_there = os.path.isdir(path) or (path.endswith(".py") and os.path.isfile(path))
            directory = os.path.dirname(path) if path.endswith(".py") else path
            if name.isidentifier() and is_there and not _is_own(directory, "", root):
                yield name, path


def _mappings(text: str) -> Iterator[tuple[str, str]]:
    """The names and paths that the finder of an editable install knows: setuptools' table, and the
    calls that the `editables` package writes."""
    tree = parsed_or_none(text)
    for node in [] if tree is None else tree.body:
        match node:
            case (
                ast.AnnAssign(target=ast.Name("MAPPING"), value=ast.Dict(keys=keys, values=values))
                | ast.Assign(
                    targets=[ast.Name("MAPPING")], value=ast.Dict(keys=keys, values=values)
                )
            ):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
                        yield str(key.value), str(value.value)
            case ast.Expr(
                ast.Call(
                    func=ast.Attribute(attr="map_module"),
                    args=[ast.Constant(str(name)), ast.Constant(str(path))],
                )
            ):
                yield name, path
