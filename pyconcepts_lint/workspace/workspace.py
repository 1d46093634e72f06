"""The projects that a run touches, and what is known of their files."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from ..base.digests import digest, digest_of
from ..base.regular import LARGEST_SOURCE, read_regular
from ..base.settings import Configuration, Settings
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index import tables
from ..index.collect import collect
from ..index.facts import ModuleFacts
from ..index.installed import LARGEST_INSTALLED, NOTHING, Installed
from ..index.project import Project
from ..index.tracking import WHOLE, plain
from ..parsing import syntax
from ..rule_api.faults import TOO_DEEP, FileFault, described, has_levels
from ..rule_api.file import FileContext
from ..source.ast_nodes import child_nodes
from ..source.discovery import SUFFIXES, python_files
from ..source.python3 import parse_python3
from ..source.text import Source, SourceError
from .environment import NONE, Environment, environment_of

if TYPE_CHECKING:
    import ast
    from typing import Any, Protocol

    from ..base.finding import Finding
    from ..index.extractor import Table
    from ..index.tracking import Input, Tracker

    Fetch = Callable[[Iterable[str]], Mapping[str, tuple[Any, Any]]]

    class Library(Protocol):
        """What is kept of installed files."""

        def read(self, path: str) -> ModuleFacts | None: ...
        def save(self) -> None: ...


FETCHED_SINGLY = 40
"""Files whose facts are fetched from the cache one by one; then all are fetched."""
_ROOM_FOR_TREES = 2_000_000
"""The characters of the files of which trees are kept, all together."""


def _nothing(paths: Iterable[str]) -> Mapping[str, tuple[Any, Any]]:
    return {}


class Kept:
    """What reading files gave, for all workspaces of a run that have the same tables.

    `readings` has it by the digest of a file's content: each workspace reads what its own files
    import. Some trees are kept, too, until their files are opened: not more than a few, for a tree
    takes much more room than its text.

    Args:
        room: the characters of the files of which trees are kept, all together.
    """

    def __init__(self, room: int = _ROOM_FOR_TREES) -> None:
        self.readings: dict[str, Reading] = {}
        self._trees: dict[str, tuple[ast.Module, int]] = {}
        self._room = room
        self._environments: dict[tuple[str, str | None], Environment] = {}
        self._installed: dict[str, ModuleFacts | None] = {}
        self.library: Library | None = None

    def keep(self, content: str, text: str, tree: ast.Module) -> None:
        size = len(text)
        if size <= self._room and content not in self._trees:
            self._room -= size
            self._trees[content] = (tree, size)

    def environment(self, settings: Settings) -> Environment:
        """The environment of a project."""
        key = (settings.root, settings.python)
        if key not in self._environments:
            self._environments[key] = environment_of(settings)
        return self._environments[key]

    def installed(self, path: str) -> ModuleFacts | None:
        """The facts of an installed file; None for one that isn't plain Python 3."""
        if path not in self._installed:
            read = read_installed if self.library is None else self.library.read
            self._installed[path] = read(path)
        return self._installed[path]

    def take(self, content: str) -> ast.Module | None:
        """The tree of a file, which isn't kept any longer."""
        tree, size = self._trees.pop(content, (None, 0))
        self._room += size
        return tree

    def retain(self, contents: Collection[str]) -> None:
        """Forget what isn't one of some contents, by their digests."""
        self.readings = {each: self.readings[each] for each in self.readings if each in contents}
        for content in [each for each in self._trees if each not in contents]:
            self.take(content)


class Workspace:
    """One project with its settings, as a run sees it.

    Args:
        settings: the project's settings.
        files: the files of the project.
        directories: the directories that were looked into for them.
        contents: what files contain instead of what is on disk (fixes not written yet, an
            editor's buffer, standard input), by path.
        tables: what extractors note of each file for the rules.
        kept: what reading files gave, shared with other workspaces.
    """

    def __init__(
        self,
        settings: Settings,
        files: Sequence[str],
        directories: Iterable[str] = (),
        contents: Mapping[str, bytes] | None = None,
        tables: Sequence[Table] = (),
        kept: Kept | None = None,
    ) -> None:
        self.settings = settings
        self.tables = tables
        self._kept = Kept() if kept is None else kept
        self.files = tuple(files)
        self.directories = frozenset(directories)
        self.contents = dict(contents or {})
        self._own = frozenset((*self.files, *self.contents))
        self._facts: dict[str, ModuleFacts | None] = {}
        self._known: dict[str, tuple[Any, Any]] = {}  # from the cache, not decoded yet
        self._stored: set[str] = set()  # what the cache has, not fetched yet
        self._fetch: Fetch = _nothing
        self._fetched = 0
        self._not_python3: dict[str, syntax.Parsed] = {}
        self._newer: dict[str, ModuleFacts | None] = {}
        self.faults: dict[str, str] = {}  # files that the index couldn't be made of, and why
        self._digests: dict[str, str] = {}  # of the contents that facts were made from
        self._answers: dict[tuple[str, str], str] = {}
        self.environment = self._kept.environment(settings)
        self.project = self._new_project()

    @property
    def _installed(self) -> Installed:
        """Where installed modules lie; nowhere for the installed modules themselves."""
        installed = self.environment.installed
        prefixes = installed.prefixes()
        is_linted = bool(prefixes) and any(path.startswith(prefixes) for path in self._own)
        return NOTHING if is_linted else installed

    def use(self, library: Library | None) -> None:
        """Take what is kept of installed files."""
        self._kept.library = library

    def save_installed(self) -> None:
        """Keep what was read of installed files."""
        if self._kept.library is not None:
            self._kept.library.save()

    def _new_project(self, tracker: Tracker | None = None) -> Project:
        settings = self.settings
        return Project(
            settings.root,
            self.files,
            self.facts,
            src=settings.src,
            field_classes=settings.field_classes,
            namespace_packages=settings.namespace_packages,
            extra_files=self.contents,
            text=self.text,
            tracker=tracker,
            target_minor=settings.target_minor,
            installed=self._installed,
        )

    def read(self, path: str) -> Source:
        """Raises SourceError."""
        data = self.contents.get(path)
        return Source.read(path) if data is None else Source.from_bytes(data, path)

    def undecoded(self, path: str) -> Source | None:
        """A file that can't be decoded, as flake8 looks at one: as Latin-1, which all bytes are.

        None where there is nothing to read.
        """
        data = self.contents.get(path)
        if data is None:
            try:
                data = read_regular(path, LARGEST_SOURCE)
            except OSError:
                return None
        return Source(path, data, data.decode("latin-1"), "latin-1", False)

    def facts(self, path: str) -> ModuleFacts | None:
        """The facts of a file; None where it can't be read."""
        if path not in self._facts and not self._is_in_cache(path):
            self._facts[path] = self._collected(path)
        not_python3 = self._not_python3.get(path)
        is_newer = not_python3 is not None and self._is_for_newer(not_python3)
        return self._newer_facts(path) if is_newer else self._facts[path]

    def _newer_facts(self, path: str) -> ModuleFacts | None:
        """The facts of a file that Python 2 reads, too, as Python 3.14 does."""
        if path not in self._newer:
            self._newer[path] = None
            try:
                text = self.read(path).text
                with syntax.deep_recursion():
                    self._newer[path] = collect(parse_python3(text), text, tables=self.tables)
            except (SourceError, SyntaxError, ValueError, MemoryError, RecursionError):
                pass  # there are no facts then
        return self._newer[path]

    def _is_for_newer(self, parsed: syntax.Parsed) -> bool:
        """Is what Python 2 reads meant for a newer Python, by what the project says?"""
        translation = parsed.translation
        if translation is None or any(c.kind != "except-comma" for c in translation.constructs):
            return False
        from ..parsing.python2.unbracketed import SINCE, may_be_newer

        return tables.lowest_minor(self.project) >= SINCE and may_be_newer(translation)

    def text(self, path: str) -> str | None:
        """The Python 3 text of a file, a translation if need be; None where there is none."""
        facts = self.facts(path)
        if facts is None:
            return None
        try:
            source = self.read(path)
        except SourceError:
            return None
        if path not in self._own and self.project.layout.is_installed(path):
            return source.text
        if self._digests.get(path) != digest_of(source.path, source.data):
            return None  # it has changed since its facts were made
        if facts.is_python3 and source.notebook is None:
            return source.text
        return (self._not_python3.get(path) or syntax.parse_source(source)).text

    def _is_in_cache(self, path: str) -> bool:
        """Take the facts of a file from the cache; False where it hasn't got them.

        They are fetched one by one as long as few are asked for.
        """
        if path in self._stored:
            self._fetched += 1
            if self._fetched > FETCHED_SINGLY:
                self.fetch_all()
            else:
                self._stored.discard(path)
                self._known.update(self._fetch([path]))
        return path in self._known and self._decode(path)

    def fetch_all(self) -> None:
        """Fetch from the cache what is known of all files."""
        stored = sorted(self._stored)
        self._stored.clear()
        if stored:
            self._known.update(self._fetch(stored))

    def _decode(self, path: str) -> bool:
        """Make facts of what the cache has; False where it isn't what it should be."""
        from ..index.codec import decode
        from .not_python3 import decode_not_python3

        facts, not_python3 = self._known.pop(path)
        content = self._digests[path]
        if content not in self._kept.readings:
            try:
                reading = Reading(
                    None if facts is None else decode(ModuleFacts, facts),
                    None if not_python3 is None else decode_not_python3(not_python3),
                    content=content,
                )
            except Exception:
                return False  # a row that nothing here has made
            self._kept.readings[content] = reading
        self.add(path, self._kept.readings[content])
        return True

    def _collected(self, path: str) -> ModuleFacts | None:
        if path not in self._own and self.project.layout.is_installed(path):
            return self._kept.installed(path)
        try:
            source = self.read(path)
        except SourceError:
            return None
        content = digest_of(source.path, source.data)
        reading = self._kept.readings.get(content)
        if reading is None:
            keep = partial(self._kept.keep, content) if path in self._own else None
            reading = self._kept.readings[content] = read_source(source, self.tables, keep)
        self.add(path, reading)
        return reading.facts

    def __getstate__(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        # The project is made again where it is needed: its models refer to each other.
        self.fetch_all()
        return (
            (
                *(self.settings, self.files, self.directories, self.contents, self.tables),
                self.environment,
            ),
            (self._facts, self._known, self._not_python3, self.faults, self._digests),
        )

    def __setstate__(self, state: tuple[tuple[Any, ...], tuple[Any, ...]]) -> None:
        self.settings, self.files, self.directories, self.contents, self.tables = state[0][:5]
        self.environment = state[0][5]
        self._facts, self._known, self._not_python3, self.faults, self._digests = state[1]
        self._answers = {}
        self._newer = {}
        self._stored, self._fetch, self._fetched = set(), _nothing, 0
        self._kept = Kept()
        self._own = frozenset((*self.files, *self.contents))
        self.project = self._new_project()

    def owns(self, path: str) -> bool:
        """Is the file one of the project's?"""
        return path in self._own

    @property
    def declaring_files(self) -> list[str]:
        """The files that may say what the project depends on."""
        from ..index.dependencies import declaring_files

        return [] if self.project.root is None else list(declaring_files(self.project.root))

    def knows(self, path: str) -> bool:
        """Are the facts of a file there already?"""
        return path in self._facts or path in self._known or path in self._stored

    def add_stored(self, contents: Mapping[str, str], fetch: Fetch) -> None:
        """Take it that the cache has what reading some files gave.

        Args:
            contents: the digests of the files' contents.
            fetch: gives what the cache has of files.
        """
        self._stored.update(contents)
        self._digests.update(contents)
        self._fetch = fetch

    @property
    def digests(self) -> Collection[str]:
        """Those of the contents that facts were made from."""
        return self._digests.values()

    def reading(self, path: str) -> Reading | None:
        """What reading a file gave; None for one that hasn't been read."""
        if path not in self._facts:
            return None
        return Reading(
            self._facts[path],
            self._not_python3.get(path),
            self.faults.get(path),
            self._digests.get(path, ""),
        )

    def answer(self, kind: str, of: str) -> str:
        """The digest of what an input is now: see `index.tracking`."""
        found = self._answers.get((kind, of))
        if found is None:
            import json

            answer = self.project.answer(kind, of)
            found = digest(json.dumps(answer, separators=(",", ":"), default=plain))
            self._answers[kind, of] = found
        return found

    def gives_still(self, answers: Iterable[tuple[str, str, str]]) -> bool:
        """Is each input what it was? See `answer`."""
        known, ask = self._answers, self.answer
        return all((known.get((kind, of)) or ask(kind, of)) == was for kind, of, was in answers)

    def add(self, path: str, reading: Reading) -> None:
        """Take what reading a file gave somewhere else."""
        self._facts[path] = reading.facts
        if reading.content:
            self._digests[path] = reading.content
        if reading.not_python3 is not None:
            self._not_python3[path] = reading.not_python3
        if reading.fault is not None:
            self.faults[path] = reading.fault

    def change(self, contents: Mapping[str, bytes]) -> None:
        """Take other contents for some files; what is known of the rest is kept."""
        new = [path for path in contents if path not in self.files and path.endswith(SUFFIXES)]
        self.contents.update(contents)
        self.files = tuple(sorted({*self.files, *new}))
        self.forget(contents)

    def change_one(self, path: str, data: bytes) -> set[Input] | None:
        """Take other contents for one file, and keep what is known of all that doesn't rest on it.

        Returns the inputs (see `index.tracking`) that may be something else now; None where that
        isn't told, and everything may.
        """
        before = self.facts(path) if path in self.files else None
        old = self.project
        answers, self._answers = self._answers, {}
        self.change({path: data})
        after = self.facts(path)
        if before is None or after is None or not (before.is_python3 and after.is_python3):
            return None
        if path in self.declaring_files:
            return None
        from ..index.carrying import carry, whole_kinds

        reached = carry(old, self.project, path, before, after)
        if reached is None:
            return None
        kinds = whole_kinds(reached)
        gone = [each for each in answers if each[0] in kinds] if kinds else []
        for each in (*reached, *gone):
            answers.pop(each, None)
        self._answers = answers
        return reached

    def tells(self, kind: str, of: str) -> bool:
        """Is it known on which others an input rests, if it does on any?"""
        from ..index.changes import is_answer

        known = self.project.rests_on
        return (kind, of) in known or (kind, WHOLE) in known or not is_answer(kind)

    def restore(self, paths: Iterable[str]) -> None:
        """Take what is on disk for some files again; one that isn't there is none of the project."""
        gone = set()
        for path in paths:
            if self.contents.pop(path, None) is not None and not os.path.isfile(path):
                gone.add(path)
        self.files = tuple(path for path in self.files if path not in gone)
        self.forget(paths)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget what is known of some files, for they have other contents now."""
        self._own = frozenset((*self.files, *self.contents))
        for path in paths:
            self._facts.pop(path, None)
            self._known.pop(path, None)
            self._stored.discard(path)
            self._not_python3.pop(path, None)
            self._newer.pop(path, None)
            self.faults.pop(path, None)
            self._digests.pop(path, None)
        self._answers.clear()
        # A file may be looked at just now: what that rests on goes on being noted.
        self.project = self._new_project(self.project.tracker)

    def contents_of(self, source: Source, findings: Iterable[Finding]) -> dict[str, str]:
        """The digests of what findings of a file were made from: of its content, and of the
        contents of the other files that their fixes change, "" for one that isn't there."""
        found = {source.path: digest_of(source.path, source.data)}
        for finding in findings:
            for edit in finding.fix.edits if finding.fix is not None else ():
                if edit.path not in found:
                    found[edit.path] = self._content_of(edit.path)
        return found

    def _content_of(self, path: str) -> str:
        known = self._digests.get(path)
        if known is None:
            source = self.undecoded(path)
            known = "" if source is None else digest_of(source.path, source.data)
        return known

    def open(self, path: str) -> FileContext:
        """Raises SourceError for a file that can't be read as text, and FileFault for one of which
        this tool fails to make an index."""
        source = self.read(path)
        content = digest_of(source.path, source.data)
        if self.knows(path) and self._digests.get(path) != content:
            self.forget([path])  # it has changed since its facts were made
        if not self.knows(path) and content in self._kept.readings:
            self.add(path, self._kept.readings[content])
        if path in self.faults:
            raise FileFault(self.faults[path])
        facts = self.facts(path) if self.knows(path) else None
        if facts is not None and facts.is_python3 and source.notebook is None:
            module, tree = self.project.module(path), self._kept.take(content)
            return FileContext(source, source, module, self.project, self.settings, tree=tree)
        parsed = self._not_python3.get(path) or syntax.parse_source(source)
        if path not in self._facts:
            reading = read(parsed, self.tables)._replace(content=content)
            self._kept.readings[content] = reading
            self.add(path, reading)
            if path in self.faults:
                raise FileFault(self.faults[path])
        if self._is_for_newer(parsed):
            if self.facts(path) is not None:
                module = self.project.module(path)
                return FileContext(source, source, module, self.project, self.settings)
            parsed = syntax.Parsed(source.text, None, None, None, True)
        code = source if parsed.text == source.text else source.with_text(parsed.text)
        return FileContext(
            source,
            code,
            None if parsed.newer or self._facts[path] is None else self.project.module(path),
            self.project,
            self.settings,
            tree=parsed.tree,
            translation=parsed.translation,
            problems=() if parsed.problem is None else (parsed.problem, *parsed.further),
            newer=parsed.newer,
        )


class Reading(NamedTuple):
    """What reading a file gave: its facts, and for what isn't Python 3 also how it reads.

    `odd` has no tree: it is kept, because it takes long to find out. `fault` is what went wrong
    in this tool, of which there are no facts. `content` is the digest of what the file contained.
    """

    facts: ModuleFacts | None
    not_python3: syntax.Parsed | None
    fault: str | None = None
    content: str = ""


def read_source(
    source: Source,
    tables: Iterable[Table] = (),
    keep: Callable[[str, ast.Module], None] | None = None,
) -> Reading:
    """What reading a file gives.

    Args:
        source: the file.
        tables: what to note for rules.
        keep: is given the text and the tree of Python 3 source.
    """
    content = digest_of(source.path, source.data)
    try:
        parsed = syntax.parse_source(source)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Reading(None, None, _fault(error), content)
    if keep is not None and parsed.tree is not None and parsed.translation is None:
        keep(parsed.text, parsed.tree)
    return read(parsed, tables)._replace(content=content)


def read(parsed: syntax.Parsed, tables: Iterable[Table] = ()) -> Reading:
    not_python3 = None
    if parsed.tree is None or parsed.translation is not None:
        not_python3 = parsed._replace(tree=None)
    if parsed.tree is None:
        return Reading(None, not_python3)
    try:
        with syntax.deep_recursion():
            is_python3 = parsed.translation is None
            facts = collect(parsed.tree, parsed.text, is_python3=is_python3, tables=tables)
    except KeyboardInterrupt:
        raise
    except RecursionError as error:
        is_deep = has_levels(parsed.tree, child_nodes)
        return Reading(None, not_python3, TOO_DEEP if is_deep else _fault(error))
    except BaseException as error:
        return Reading(None, not_python3, _fault(error))
    return Reading(facts, not_python3)


def read_installed(path: str) -> ModuleFacts | None:
    """The facts of an installed file; None for one that can't be read, isn't Python 3, or is larger
    than what is written by hand."""
    try:
        source = Source.from_bytes(read_regular(path, LARGEST_INSTALLED), path)
        with syntax.deep_recursion():
            return collect(parse_python3(source.text), source.text, is_python3=True, tables=())
    except KeyboardInterrupt:
        raise
    except BaseException:  # whatever an installed file is, the project's own are looked at
        return None


def _fault(error: BaseException) -> str:
    return f"internal error while it was indexed: {described(error)}"


class Workspaces:
    """Which workspace a file belongs to, made as they are needed.

    Args:
        configuration: where their settings come from.
        contents: what files contain instead of what is on disk, by absolute path.
        alone: each file is a project of its own: nothing that lies around it is read.
        tables: what extractors note of each file for the rules (see `registry.tables`).
        kept: what reading files gave before, for the same tables.

    `visited` are the directories that were looked into.
    """

    def __init__(
        self,
        configuration: Configuration | None = None,
        contents: Mapping[str, bytes] | None = None,
        alone: bool = False,
        tables: Sequence[Table] = (),
        kept: Kept | None = None,
    ) -> None:
        self.alone = alone
        self.tables = tables
        self.configuration = configuration or Configuration()
        self.contents = dict(contents or {})
        self.visited: set[str] = set()
        self._by_base: dict[tuple[str, str | None], Workspace] = {}
        self._kept = Kept() if kept is None else kept
        self._tops: dict[str, str] = {}

    def settings(self, path: str) -> Settings:
        """The settings for a file or directory. Raises SettingsError."""
        if not self.alone:
            return self.configuration.for_path(path)
        given = self.configuration
        isolated = given.isolated or given.file is None
        own = Configuration(given.overrides, given.file, isolated, given.code_of)
        settings = own.for_path(path)
        return settings._replace(root=os.path.dirname(path), python=settings.python or NONE)

    def of(self, path: str) -> Workspace:
        """The workspace of a file, by its absolute path. Raises SettingsError.

        That is its project's; a file that is there but not the project's own (git ignores it,
        the settings exclude it) is looked at with what lies around it.
        """
        directory = os.path.dirname(path)
        if self.alone:
            if (path, None) not in self._by_base:
                contents = {path: self.contents[path]}
                settings = self.settings(path)
                workspace = Workspace(settings, [path], (), contents, self.tables, self._kept)
                self._by_base[path, None] = workspace
            return self._by_base[path, None]
        if self.configuration.root_of(path)[0] is not None:
            settings = self.settings(path)
            workspace = self._workspace(settings.root, settings, True)
            if workspace.owns(path) or not os.path.exists(path):
                return workspace
        base = self._tops.get(directory)
        if base is None:
            base = self._tops[directory] = _top_directory(directory)
        return self._workspace(base, self.settings(path), False)

    def _workspace(self, base: str, settings: Settings, is_root: bool) -> Workspace:
        key = (base, settings.config_file)
        workspace = self._by_base.get(key)
        if workspace is None:
            directories: set[str] = set()
            files = self._files_below(base, settings, is_root, directories.add)
            self.visited |= directories
            contents = {
                path: data
                for path, data in self.contents.items()
                if os.path.dirname(path).startswith(base)
            }
            workspace = Workspace(settings, files, directories, contents, self.tables, self._kept)
            self._by_base[key] = workspace
        return workspace

    def _files_below(
        self, base: str, settings: Settings, is_root: bool, visit: Callable[[str], None]
    ) -> list[str]:
        if is_root or os.path.isfile(os.path.join(base, "__init__.py")):
            return python_files(base, settings, self.configuration.root_of, visit=visit)
        # A directory that nothing marks as a project may be anything, a home directory too: what
        # lies in it directly can be imported from its files, what lies deeper is read if it is.
        visit(base)
        try:
            names = sorted(os.listdir(base))
        except OSError:
            return []
        paths = (os.path.join(base, name) for name in names if name.endswith(SUFFIXES))
        return [path for path in paths if os.path.isfile(path)]

    def __iter__(self) -> Iterator[Workspace]:
        return iter(self._by_base.values())


def _top_directory(directory: str) -> str:
    """For files of no project: the topmost regular package around, or the directory itself."""
    top = directory
    current = directory
    while True:
        if os.path.isfile(os.path.join(current, "__init__.py")):
            top = current
        parent = os.path.dirname(current)
        if parent == current:
            return top
        current = parent
