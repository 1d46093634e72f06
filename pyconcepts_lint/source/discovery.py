"""Which files a run looks at.

Below a directory these are the `.py`, `.pyi` and `.ipynb` files that neither the settings nor a
.gitignore leave out; a file that is named itself is always meant. .gitignore files count from
the top of the repository (where there is none: of the project) down, with the repository's
.git/info/exclude; what a user ignores in all repositories does not, for a finding must not
depend on who looks. Symbolic links to directories are not followed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence

from ..base.cells import NOTEBOOK
from ..base.regular import read_regular
from ..base.settings import PROJECT_MARKERS, Settings
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from .ignored import IgnorePattern

SUFFIXES = (".py", ".pyi", NOTEBOOK)

_MARKERS = frozenset(PROJECT_MARKERS)


class PathError(Exception):
    """A path that was asked for and doesn't exist."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: no such file or directory"


def discover(
    paths: Sequence[str],
    *,
    settings_for: Callable[[str], Settings],
    warn: Callable[[str], object] | None = None,
    visit: Callable[[str], object] | None = None,
) -> list[str]:
    """The absolute paths of the files meant by `paths`, sorted, each file once.

    `settings_for` gives the settings for a path. A path that is named is taken whatever
    excludes or ignores it, except by `exclude` and `extend_exclude` under `force_exclude`;
    excludes and .gitignore files hold below it. `warn` is given a sentence for every
    directory that can't be read, `visit` every directory that was looked into. A file that has several names through symbolic links comes
    once, by its real name where that is among them; a link out of the directory that was
    named is left out. Raises PathError for the first path that doesn't exist.
    """
    found: dict[str, str] = {}
    for path in map(os.path.abspath, paths):
        if not os.path.exists(path):
            raise PathError(path)
        settings = settings_for(path)
        if settings.force_exclude and settings.excludes_below(path):
            continue
        real = os.path.realpath(path)
        if not os.path.isdir(path):
            found.setdefault(real, path)
            continue
        links = []
        for file, is_link in _walk(path, settings, settings_for, warn, visit):
            if is_link:
                links.append(file)
            else:
                found[real + file[len(path) :]] = file
        for file in links:
            target = os.path.realpath(file)
            if target.startswith(os.path.join(real, "")):
                found.setdefault(target, file)
    return sorted(set(found.values()))


def python_files(
    root: str,
    settings: Settings,
    root_of: Callable[[str], tuple[str | None, str | None]],
    warn: Callable[[str], object] | None = None,
    visit: Callable[[str], object] | None = None,
) -> list[str]:
    """The absolute paths of a project's own files, sorted, by the rules of `discover`.

    Files of a project further down, with a root of its own (`Configuration.root_of` finds it), are left out; a file that is a
    symbolic link is in, for Python imports it by that name, too.
    """

    def own(directory: str) -> Settings | None:
        return settings if root_of(directory)[0] in (root, None) else None

    return sorted(file for file, _ in _walk(root, settings, own, warn, visit))


def _walk(
    top: str,
    settings: Settings,
    enter: Callable[[str], Settings | None],
    warn: Callable[[str], object] | None,
    visit: Callable[[str], object] | None,
) -> Iterator[tuple[str, bool]]:
    """The files below `top`, each with whether it is a symbolic link.

    `enter` is asked for the settings of each directory that may be the root of a project, and
    gives None for one to keep out of.
    """
    ignores = _Ignores.above(top, settings) if settings.respect_gitignore else _Ignores()
    stack = [(top, settings, ignores)]
    while stack:
        directory, settings, ignores = stack.pop()
        if visit is not None:
            visit(directory)
        try:
            with os.scandir(directory) as scan:
                entries = list(scan)
        except FileNotFoundError:
            continue
        except OSError as error:
            if warn is not None:
                warn(f"{directory}: cannot read the directory: {error.strerror or error}")
            continue
        if entries and not os.access(directory, os.X_OK):
            if warn is not None:
                warn(f"{directory}: cannot enter the directory: {os.strerror(errno.EACCES)}")
            continue
        names = {entry.name for entry in entries}
        if directory != top and not _MARKERS.isdisjoint(names):
            entered = enter(directory)
            if entered is None:
                continue
            settings = entered
        if settings.respect_gitignore:
            ignores = ignores.within(directory, names)
        for entry in entries:
            is_directory = _holds(entry.is_dir, follow_symlinks=False)
            if not is_directory and not entry.name.endswith(SUFFIXES):
                continue
            path = entry.path
            if settings.excludes(path) or (
                settings.respect_gitignore and ignores.ignores(path, is_directory)
            ):
                continue
            if is_directory:
                stack.append((path, settings, ignores))
            elif _holds(entry.is_file, otherwise=True):
                yield path, entry.is_symlink()


def _holds(question: Callable[..., bool], *, otherwise: bool = False, **options: bool) -> bool:
    """The answer to a question about a directory's entry; `otherwise` where there is none.

    A link may lead in a circle, to a name that is too long, or to a place that may not be read: it is taken
    for a file, and reading that says what is wrong.
    """
    try:
        return question(**options)
    except OSError:
        return otherwise


def is_git_ignored(path: str, root: str) -> bool:
    """Does git leave out a file (which need not be there), or a directory that holds it?

    Args:
        path: the file, absolute.
        root: the directory whose .gitignore files count, where there is no repository.
    """
    directory = _repository(os.path.dirname(path)) or root
    return any(
        ignores.ignores(each, each != path) for each, ignores in _Ignores.down(directory, path)
    )


class _Ignores:
    """The .gitignore files that hold in a directory, the outermost first."""

    __slots__ = ("_files",)

    def __init__(self, files: tuple[tuple[str, Sequence[IgnorePattern]], ...] = ()) -> None:
        self._files = files

    @classmethod
    def above(cls, top: str, settings: Settings) -> _Ignores:
        """Those of the directories above `top`; none where they ignore it, for it was named."""
        ignores = cls()
        for directory, ignores in cls.down(_repository(top) or settings.root, top):
            if ignores.ignores(directory, True):
                return cls()
        return ignores

    @classmethod
    def down(cls, directory: str, path: str) -> Iterator[tuple[str, _Ignores]]:
        """The paths from below a directory down to one in it, each with those that hold there."""
        ignores = cls()
        if not path.startswith(os.path.join(directory, "")):
            return
        for name in path[len(directory) :].strip(os.sep).split(os.sep):
            names = {each for each in (".git", ".gitignore") if _exists(directory, each)}
            ignores = ignores.within(directory, names)
            directory = os.path.join(directory, name)
            yield directory, ignores

    def within(self, directory: str, names: set[str]) -> _Ignores:
        """What holds in a directory further down, which has entries with these names."""
        files = self._files
        if ".git" in names:
            exclude = _patterns(_info_exclude(os.path.join(directory, ".git")), follow=True)
            files = () if exclude is None else ((directory, exclude),)
        if ".gitignore" in names:
            patterns = _patterns(os.path.join(directory, ".gitignore"), follow=False)
            if patterns is not None:
                files = (*files, (directory, patterns))
        return self if files == self._files else _Ignores(files)

    def ignores(self, path: str, is_directory: bool) -> bool:
        for directory, patterns in reversed(self._files):
            relative = path[len(directory) :].lstrip(os.sep).replace(os.sep, "/")
            for pattern in patterns:
                if pattern.match_file(relative + "/" if is_directory else relative) is not None:
                    return bool(pattern.include)
        return False


def _exists(directory: str, name: str) -> bool:
    return os.path.exists(os.path.join(directory, name))


def _repository(directory: str) -> str | None:
    while not _exists(directory, ".git"):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def _info_exclude(git: str) -> str:
    """The path of info/exclude for a `.git`, which is a file in worktrees and submodules."""
    if os.path.isfile(git):
        pointer = _first_line(git).removeprefix("gitdir:").strip()
        git = os.path.join(os.path.dirname(git), pointer)
        git = os.path.join(git, _first_line(os.path.join(git, "commondir")))
    return os.path.join(git, "info", "exclude")


def _first_line(file: str) -> str:
    try:
        text = read_regular(file).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
    return text.partition("\n")[0].rstrip("\r")


def _patterns(file: str, *, follow: bool) -> Sequence[IgnorePattern] | None:
    """What a file in the format of .gitignore says; None where it says nothing.

    `follow`: may it be a symbolic link? git follows none to a .gitignore.
    """
    try:
        data = read_regular(file, follow=follow)
    except OSError:
        return None
    if all(line.isspace() or line[:1] in (b"", b"#") for line in data.split(b"\n")):
        return None
    # Its import takes longer than the rest of a discovery without any such file.
    from .ignored import read_patterns

    return read_patterns(data) or None
