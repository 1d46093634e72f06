"""The flake8 plugin: what the runner says of a file, under flake8's own options.

flake8 decides which files are looked at, which codes are reported, and what `# noqa` and
`per-file-ignores` take away; `[tool.pyconcepts-lint]` says what flake8 has no word for (`src`,
`relative-import-levels`, `namespace-packages`, `field-classes`, `rules`, and with `exclude` and its
kin which files the index is made of), and which `baseline` holds the findings that are left for
later.

What flake8 can't do: it reads every file with `ast.parse` first, and where that fails it reports
its own E999 and runs no plugin (`FileChecker.run_checks` in flake8/checker.py). So nothing is
said here about source that only Python 2 or a newer Python reads, nor about what no Python reads;
`flake8_formatter` does what flake8 allows for them. flake8 doesn't tell plugins of its `--isolated`
either.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from ..base.neutral import neutral, tell
from ..base.report import UNREADABLE
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from typing import Any, ClassVar

    from ..adopting.baseline import Baselines
    from ..base.finding import Finding
    from ..base.report import FileResult
    from ..base.settings import Settings
    from ..caching.results import Store
    from ..plugins.registry import Listed
    from ..source.text import Source
    from ..workspace.workspace import Workspace, Workspaces

_OF_FLAKE8 = ("E", "F", "W", "C9")
"""How the codes start that flake8 itself comes with."""
_LEAST_CODE = 4
Violation = tuple[int, int, str, type]
"""flake8's form of a finding: 1-based line, 0-based column, code and message, plugin."""


class Plugin:
    """One file, as flake8 hands it over.

    Args:
        tree: what `ast.parse` made of the file; a plugin that asks for it is run on files.
        filename: as flake8 shows it; for standard input what `--stdin-display-name` says.
        lines: the lines of the file, as flake8 has read them.
    """

    _session: ClassVar[Session]

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self.tree = tree
        self.filename = filename
        self.lines = lines

    @classmethod
    def add_options(cls, manager: Any) -> None:
        """Called by flake8 first: have the codes of rules from other packages reported by default,
        as those are that start with the name of this plugin's entry point."""
        from ..plugins.registry import listed

        prefixes = {code.rstrip("0123456789") for code in listed()}
        manager.extend_default_select(sorted(prefixes - {"PCL"}))

    @classmethod
    def parse_options(cls, manager: Any, options: argparse.Namespace, files: list[str]) -> None:
        """Called by flake8 once in a process, before any file (in the one it forks from, or in
        each that it spawns); several times where a program uses flake8 as a library."""
        cls._session = Session(options)
        cls._session.prepare()

    @classmethod
    def session(cls) -> Session:
        """That of this process."""
        return cls._session

    def run(self) -> Iterator[Violation]:
        """The findings. Raises ExecutionError as `Session.prepare` does."""
        if self._session.is_known(self.tree):
            return
        for line, column, message in self._session.lint(self.filename, self.lines):
            yield line, column - 1, message, type(self)


class Session:
    """What one process keeps from file to file: the rules to run, and each project's index."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self._tree: ast.AST | None = None
        self._stores: dict[int, Store | None] = {}
        self._known: dict[str, FileResult] = {}
        self._saving: set[Store] = set()
        self._checked: set[Settings] = set()

    def prepare(self) -> None:
        """Find out once, before flake8 starts its processes, what all of them need: what is
        known of the projects from earlier runs, and the facts of the files that have changed.

        Raises flake8's ExecutionError, which flake8 prints without a traceback, for settings that
        can't be used. One that is raised in a process of flake8's makes it
        terminate the others, and `multiprocessing.Pool.terminate` may then wait for ever for a
        lock that one of them held.
        """
        import gc
        import multiprocessing

        from ..plugins.registry import faults

        if multiprocessing.parent_process() is not None:
            return  # one of flake8's processes, started without a fork
        for entry_point, fault in sorted(faults().items()):
            # Reported in a file as well, but flake8 may not parse it, or be told to skip it.
            tell(f"pyconcepts-lint: {entry_point}: {fault}")
        named = self.options.filenames or [os.curdir]
        if "-" in named:
            return
        with _said_by_flake8():
            if not self.rules:
                return
            for directory in set(map(os.path.dirname, self._files)):
                self._check(self.workspaces.settings(directory))
            for path in map(os.path.abspath, named):
                is_directory = os.path.isdir(path)
                inside = os.path.join(path, "any.py") if is_directory else path
                workspace = self.workspaces.of(inside)
                if workspace.settings.baseline is not None:
                    self.baselines.of(inside)
                store = self._store(workspace)
                if store is not None:
                    self._known.update(store.results(workspace.files, check=False))
                if is_directory:
                    self._index(workspace, store)
        # What is here stays until the process ends: no collector need look at it again, nor
        # write to the memory that the processes share.
        gc.freeze()

    @cached_property
    def _files(self) -> set[str]:
        """Those that flake8 is going to look at."""
        from flake8.discover_files import expand_paths

        options = self.options
        files = expand_paths(
            paths=options.filenames,
            stdin_display_name=options.stdin_display_name,
            filename_patterns=options.filename,
            exclude=(*options.exclude, *options.extend_exclude),
        )
        return {os.path.abspath(file) for file in files}

    def _check(self, settings: Settings) -> None:
        from ..plugins.registry import check_options

        if settings not in self._checked:
            check_options(settings)
            self._checked.add(settings)

    def _index(self, workspace: Workspace, store: Store | None) -> None:
        """Read the facts of a project whose files are going to be looked at."""
        from ..base.request import RunRequest
        from ..running.scheduler import Scheduler, is_large, quiet_garbage_collector

        missing = [path for path in workspace.files if not workspace.knows(path)]
        jobs = self.options.jobs
        request = RunRequest((), jobs=None if jobs.is_auto else jobs.n_jobs)
        work = Scheduler(self.workspaces, request)
        if work.jobs > 1 and is_large(missing):
            with quiet_garbage_collector():
                work.index([(workspace, missing)])
            if store is not None:
                store.save()

    def _store(self, workspace: Workspace) -> Store | None:
        """What is kept of a project's files, and their facts given to the workspace."""
        if id(workspace) not in self._stores:
            from ..base.digests import digest
            from ..caching.library import library
            from ..caching.results import Store, cache_of

            cache = cache_of(workspace.settings)
            if not workspace.settings.no_cache:
                workspace.use(library())
            store = None
            if cache is not None:
                codes = sorted(rule.code for rule in self.rules)
                store = Store(workspace, cache, f"flake8 {digest(repr(codes))}")
                store.load(workspace.files)
            self._stores[id(workspace)] = store
        return self._stores[id(workspace)]

    def is_known(self, tree: ast.AST) -> bool:
        """Was this asked of the same tree just before? flake8 runs a plugin once for every entry
        point, and a rule package may have one for this plugin."""
        known = self._tree is tree
        self._tree = tree
        return known

    def lint(self, filename: str, lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Line and column (1-based) and text of what there is to say of a file."""
        from ..plugins.registry import faults

        with _said_by_flake8():
            path = os.path.abspath(filename)
            packages = faults()
            if packages and self._speaks_of_the_run(path):
                for entry_point, fault in sorted(packages.items()):
                    yield 1, 1, neutral(f"{self._code_of_faults} {entry_point}: {fault}")
            if not self.rules:
                return
            result = self._result(path, lines)
            findings = self._without_known(path, result.findings)
        for note in result.skipped:
            tell(note)
        for finding in self._in_file(path, findings):
            yield finding.line, finding.column, neutral(f"{finding.code} {finding.message}")
        for code, message in result.errors:
            yield 1, 1, neutral(f"{code or self._code_of_faults} {message}")
        for of, fault in result.faults.items():
            if of in packages:
                continue
            where = "" if of == path else f"{of}: "
            yield 1, 1, neutral(f"{self._code_of_faults} {where}{fault}")

    def _in_file(self, path: str, findings: Sequence[Finding]) -> Sequence[Finding]:
        """The findings with the lines of the file, which are not those of a notebook's cells."""
        from ..base.cells import NOTEBOOK
        from ..source.text import SourceError

        if not path.endswith(NOTEBOOK) or not findings:
            return findings
        from ..reporters.cells import IN_JSON, placed

        try:
            source = self.read(path)
        except SourceError:
            return findings
        return placed(findings, {path: source}.get, next(iter(IN_JSON)))

    def read(self, filename: str) -> Source:
        """A file as it is looked at. Raises SourceError."""
        path = os.path.abspath(filename)
        return self.workspaces.of(path).read(path)

    @cached_property
    def rules(self) -> list[Listed]:
        """The rules whose codes flake8 could report.

        flake8 takes all codes of a plugin as selected by default, so it is told apart here
        whether one that is off by default was asked for, by any prefix of its code.
        """
        from flake8.style_guide import Decision, DecisionEngine

        from ..plugins.registry import listed

        options = self.options
        asked_for = (*(options.select or ()), *(options.extend_select or ()))
        decision_for = DecisionEngine(options).decision_for
        return [
            rule
            for code, rule in listed().items()
            if (rule.on or code.startswith(asked_for)) and decision_for(code) is Decision.Selected
        ]

    @property
    def _code_of_faults(self) -> str:
        """flake8 shows nothing that has no code which it reports: that of files which can't be
        read, or else any; where no rule's is reported, one that may be of a package that can't be
        used."""
        codes = [rule.code for rule in self.rules]
        if codes:
            return UNREADABLE[0] if UNREADABLE[0] in codes else codes[0]
        chosen = (*(self.options.select or ()), *(self.options.extend_select or ()))
        asked_for: list[str] = [code for code in chosen if not code.startswith(_OF_FLAKE8)]
        code = (asked_for or [UNREADABLE[0]])[0]
        return code.ljust(_LEAST_CODE, "0")

    def _speaks_of_the_run(self, path: str) -> bool:
        """Is it this file where what is no file's is said? flake8 reports nothing without a file.

        It is one, whichever of flake8's processes looks at it.
        """
        files = self._files
        return path not in files or path == min(files)

    @cached_property
    def workspaces(self) -> Workspaces:
        from flake8.utils import is_using_stdin, stdin_get_value

        from ..base.settings import Configuration
        from ..plugins.registry import tables
        from ..workspace.workspace import Workspaces

        contents = {}
        if is_using_stdin(self.options.filenames):
            path = os.path.abspath(self.options.stdin_display_name)
            contents[path] = _data(stdin_get_value(), path)
        return Workspaces(Configuration(is_inside=True), contents, tables=tables())

    @cached_property
    def baselines(self) -> Baselines:
        from ..adopting.baseline import Baselines
        from ..base.settings import Configuration

        return Baselines(Configuration())

    def _result(self, path: str, lines: Sequence[str]) -> FileResult:
        from ..running.check_file import lint_file
        from ..running.scheduler import note_answers, quiet_garbage_collector

        with quiet_garbage_collector():
            workspace = self.workspaces.of(path)
            self._check(workspace.settings)
            if path not in workspace.contents and not os.path.isfile(path):
                # It has gone since flake8 read it, or never was a file.
                workspace.change({path: _data("".join(lines), path)})
            store = self._store(workspace) if workspace.owns(path) else None
            if store is not None:
                known = self._known.get(path) or store.results([path]).get(path)
                if known is not None and store.is_unchanged(path):
                    return known
            result = lint_file(workspace, path, self.rules, noqa=False)
            if store is not None:
                if not workspace.contents:
                    note_answers(workspace, result)
                    store.keep(result)
                self._save_at_end(store)
            return result

    def _without_known(self, path: str, findings: list[Finding]) -> list[Finding]:
        """Those findings of a file that no baseline holds.

        What a `# noqa` suppresses is in none, and flake8 may be told to show it all the same.
        """
        if not findings or self.workspaces.settings(path).baseline is None:
            return findings
        from ..source.noqa import Suppressions
        from ..source.text import SourceError

        workspace = self.workspaces.of(path)
        counting = findings
        try:
            suppressions = Suppressions(workspace.read(path))
        except SourceError:
            pass
        else:
            counting = [
                each for each in findings if not suppressions.suppresses(each.line, each.code)
            ]
        known = self.baselines.known(counting, workspace.contents)
        return [finding for finding in findings if finding not in known]

    def _save_at_end(self, store: Store) -> None:
        """Have what is new written when this process ends: flake8's own ones end in their turn."""
        from multiprocessing.util import Finalize

        if store not in self._saving:
            self._saving.add(store)
            Finalize(None, store.save, exitpriority=1)
            Finalize(None, store.workspace.save_installed, exitpriority=1)


@contextmanager
def _said_by_flake8() -> Iterator[None]:
    """What is wrong with settings, as what flake8 prints of a plugin."""
    from flake8.exceptions import ExecutionError

    from ..base.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        raise ExecutionError(neutral(f"pyconcepts-lint: {error}")) from None


def _data(text: str, path: str) -> bytes:
    """The bytes of a file that says `text`, as good as they can be known."""
    from ..source.text import Source, SourceError

    try:
        return Source.from_text(text, path).data
    except SourceError:
        # What it says of its encoding is wrong; reading it again finds that out.
        return text.encode("utf-8", "surrogatepass")
