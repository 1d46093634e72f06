"""What a server knows of the projects that an editor has open.

A piece of work is never more than one file: it is read, or looked at, or asked whether what was
found in it still holds. The files that are open go first, the one that was changed last before all.

Text that no Python can read is looked at by itself. The project keeps the last text that could be
read in its place, so that a line which is being typed changes nothing in other files.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from ..adopting.baseline import Baselines
from ..adopting.selection import FindingFilter
from ..base.digests import Stat, digest
from ..base.errors import Error
from ..base.finding import Finding
from ..base.report import FileResult
from ..base.request import RunRequest
from ..base.settings import Configuration, Settings, SettingsError
from ..base.things import one_for_each_thing
from ..base.typed import TYPE_CHECKING
from ..caching.results import settings_key
from ..index.carrying import whole_kinds
from ..index.names import STANDARD_LIBRARY
from ..plugins.registry import check_codes, tables
from ..running.scheduler import Scheduler, lint_files, quiet_garbage_collector
from ..source.discovery import PathError, discover, is_git_ignored
from ..source.text import Source, SourceError
from ..workspace.workspace import Kept, Reading, Workspace, Workspaces, read_source
from .disk import Disk, settings_around

if TYPE_CHECKING:
    from ..index.tracking import Input

FILES_AT_ONCE = 100
"""So many files take as long together as one that is looked at, if the cache knows of them."""
ROOM_FOR_TREES = 200_000
"""Characters of the files of which trees are kept until they are looked at: there are few."""


class Projects:
    """The projects.

    Args:
        configure: makes the configuration anew; its files may be wrong while they are edited.
        folders: those that the editor has open.
        is_whole: look at the files of the folders that aren't open, too.
        tell: is told, once each, what goes wrong in this tool.

    Attributes:
        texts: the text of each open file.
        problems: settings that can't be used; the last good ones stay in force.
    """

    def __init__(
        self,
        configure: Callable[[], Configuration],
        folders: Iterable[str],
        is_whole: bool,
        tell: Callable[[str], None],
    ) -> None:
        self.configure = configure
        self.folders = tuple(folders)
        self.is_whole = is_whole
        self._tell = tell
        self._said: set[str] = set()
        self.texts: dict[str, str] = {}
        self.problems: list[SettingsError] = []
        self.files: tuple[str, ...] = ()
        self.results: dict[str, FileResult] = {}
        self._kept = Kept(ROOM_FOR_TREES)
        self._generation = 0
        self._checked: dict[str, int] = {}
        self._todo: deque[str] = deque()
        self._known: deque[str] = deque()  # files of which the cache may know something
        self._unread: deque[str] = deque()
        self._news: deque[str] = deque()  # files of which something is known, but not told yet
        self._recent: dict[str, None] = {}  # open files, the one that was changed last at the end
        self._contents: dict[str, str] = {}  # what the project has of open files: digests
        self._half_typed: dict[str, Workspace] = {}
        self._sifted = 0  # the generation in which all that is of it or newer was right
        self._reached: set[Input] = set()  # what may be something else since
        self._touched: set[str] = set()  # files whose text isn't what was looked at
        self._only_disk = True
        self._new_results: list[FileResult] = []
        self._is_loaded = False
        self._inputs: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        self._disk: Disk | None = None
        self._settings_read: dict[str, Stat | None] = {}
        self._set_up(Workspaces(configure(), {}, False, tables(), self._kept), ())

    def _set_up(self, workspaces: Workspaces, files: Sequence[str]) -> None:
        self.workspaces = workspaces
        self.work = Scheduler(workspaces, RunRequest((), jobs=1))
        self.files = tuple(files)
        self._filter = FindingFilter(Baselines(workspaces.configuration), None)
        self._only_disk = True
        self._is_loaded = False
        self._known.clear()
        self._disk = None

    # What the editor says

    def reload(self) -> None:
        """Read the settings and look into the directories anew; what was found is kept, and
        looked at again where need be. Settings that can't be used change nothing."""
        self._settings_read = settings_around((*self.folders, *map(os.path.dirname, self.texts)))
        workspaces = Workspaces(self.configure(), {}, False, tables(), self._kept)
        problems: dict[str, SettingsError] = {}
        files: dict[str, None] = {}
        for folder in self.folders if self.is_whole else ():
            try:
                found = discover(
                    [folder], settings_for=workspaces.settings, visit=workspaces.visited.add
                )
            except SettingsError as error:
                problems[str(error)] = error
            except (PathError, OSError):
                continue
            else:
                files.update(dict.fromkeys(found))
        for path in (*files, *self.texts):
            try:
                workspaces.of(path)
            except SettingsError as error:
                problems[str(error)] = error
        for workspace in workspaces:
            try:
                check_codes(workspace.settings)
            except SettingsError as error:
                problems[str(error)] = error
        self.problems = list(problems.values())
        if problems and (self.files or self.results):
            self._watch()
            return
        before = {path: self._key_of(path) for path in self.results}
        self._set_up(workspaces, [] if problems else [*files])
        for path in list(self.results):
            if (path not in files and path not in self.texts) or before[path] != self._key_of(path):
                self._drop(path)
        self._contents.clear()
        for path, text in self.texts.items():
            self._take(path, text)
        self._touch()

    def _key_of(self, path: str) -> str:
        settings = self.settings(path)
        return "" if settings is None else settings_key(settings)

    def open(self, path: str, text: str) -> None:
        self.texts[path] = text
        self._take(path, text)
        if self._disk is not None:
            self._disk.add(path)
        self._put_first(path)

    def change(self, path: str, text: str) -> None:
        if path in self.texts:
            self.texts[path] = text
            self._take(path, text)
            self._put_first(path)

    def save(self, path: str) -> None:
        """What can be read at all counts for other files from now on."""
        text = self.texts.get(path)
        if text is not None and path in self._half_typed:
            self._take(path, text, is_saved=True)
            self._put_first(path)

    def close(self, path: str) -> None:
        """Take what is on disk for a file again."""
        if self.texts.pop(path, None) is None:
            return
        self._recent.pop(path, None)
        self._half_typed.pop(path, None)
        self._contents.pop(path, None)
        workspace = self.workspace(path)
        self._drop(path)
        if workspace is not None and path in workspace.contents:
            self.work.restore([path])
            self._touched.add(path)
            self._touch()
        elif path in self.files:
            self._todo.appendleft(path)

    def look(self) -> bool:
        """Take what has changed on disk; have settings or directories changed?"""
        if self._disk is None:
            # What has been read by now may be older than the change.
            self.reload()
            return True
        files, is_structure = self._disk.look()
        if is_structure:
            for path in files - self.texts.keys():
                self._drop(path)
            self.reload()
            return True
        changed = [path for path in files if path not in self._contents_given()]
        if not changed:
            return False
        for path in changed:
            self._drop(path)
        self.work.restore(changed)
        self._touched.update(changed)
        for path in self.texts.keys() & set(changed):
            self._contents.pop(path, None)
            self._take(path, self.texts[path])
        self._touch()
        return False

    def _contents_given(self) -> Collection[str]:
        return self.workspaces.contents

    def _take(self, path: str, text: str, is_saved: bool = False) -> None:
        """Take the text of an open file."""
        workspace = self.workspace(path)
        if workspace is None:
            return
        data = _encoded(text, path)
        content = digest(data)
        if path not in self._contents:
            try:
                source = Source.read(path)
            except SourceError:
                source = None
            if source is not None:
                self._contents[path] = digest(source.data)
                if source.text == text.removeprefix("\ufeff"):
                    content = self._contents[path]
        if content == self._contents.get(path):
            if self._half_typed.pop(path, None) is not None:
                self._drop(path)
            self._news.append(path)
            return
        self._drop(path)
        reading = self._reading(workspace, path, data)
        if self._is_half_typed(workspace, path, reading, is_saved):
            self._half_typed[path] = Workspace(
                workspace.settings, [path], (), {path: data}, workspace.tables, self._kept
            )
            return
        self._half_typed.pop(path, None)
        self._contents[path] = content
        self._only_disk = False
        reached = self.work.change_one(path, data)
        self._touched.add(path)
        self._touch(reached)

    def _reading(self, workspace: Workspace, path: str, data: bytes) -> Reading:
        """What reading a text gives: kept, so that it is read once."""
        content = digest(data)
        reading = self._kept.readings.get(content)
        if reading is None:
            try:
                source = Source.from_bytes(data, path)
            except SourceError:
                return Reading(None, None, None, content)
            with quiet_garbage_collector():
                keep = partial(self._kept.keep, content)
                reading = read_source(source, workspace.tables, keep)
            self._kept.readings[content] = reading
        return reading

    def _is_half_typed(
        self, workspace: Workspace, path: str, reading: Reading, is_saved: bool
    ) -> bool:
        """Is a text one of which other files should see nothing yet?

        It is where it can't be read, and where it has been Python 3 and is read as Python 2:
        `print` and a name is how a call of it starts.
        """
        facts = reading.facts
        if facts is None:
            return True
        if facts.is_python3 or is_saved:
            return False
        before = workspace.facts(path)
        return before is not None and before.is_python3

    # What is known

    def workspace(self, path: str) -> Workspace | None:
        """The project of a file; None where its settings can't be used."""
        try:
            return self.workspaces.of(path)
        except SettingsError as error:
            if all(str(each) != str(error) for each in self.problems):
                self.problems.append(error)
            return None

    def settings(self, path: str) -> Settings | None:
        try:
            return self.workspaces.settings(path)
        except SettingsError:
            return None

    def as_seen(self, path: str) -> Workspace | None:
        """The workspace in which a file has the text that the editor shows."""
        return self._half_typed.get(path) or self.workspace(path)

    def is_half_typed(self, path: str) -> bool:
        return path in self._half_typed

    def is_asked_about(self, path: str) -> bool:
        """Is an open file one that is looked at? Those that the settings or git leave out, and those
        of other people's packages, aren't."""
        if path in self.files:
            return True
        settings = self.settings(path)
        if settings is None or settings.excludes_below(path):
            return False
        if f"{os.sep}site-packages{os.sep}" in path or path.startswith(STANDARD_LIBRARY + os.sep):
            return any(path.startswith(each + os.sep) for each in self.folders)
        return not settings.respect_gitignore or not is_git_ignored(path, settings.root)

    def text_of(self, path: str) -> str | None:
        """What a file says: in the editor, or else on disk."""
        if path in self.texts:
            return self.texts[path]
        try:
            source = Source.read(path)
        except SourceError:
            return None
        return source.text

    def is_ready(self, path: str) -> bool:
        """Has the project been read, so that an answer takes one file's work?"""
        return self._is_loaded and not self._unread and not self._known

    def findings(self, path: str) -> list[Finding]:
        """What there is to report of a file, as far as it is known."""
        result = self.results.get(path)
        if result is None or not result.findings:
            return []
        found: Sequence[Finding] = result.findings
        try:
            found = self._filter(found, self.given)
        except Error as error:
            self._say(str(error))
        return one_for_each_thing(found)

    @property
    def given(self) -> dict[str, bytes]:
        """What files contain instead of what is on disk."""
        given = dict(self.workspaces.contents)
        for workspace in self._half_typed.values():
            given.update(workspace.contents)
        return given

    def counting(self, findings: Sequence[Finding], contents: Mapping[str, bytes]) -> list[Finding]:
        """Those of some findings that aren't in a baseline."""
        return self._filter(findings, contents)

    # The work

    def piece(self) -> str | None:
        """Do one piece of work: the file of which something else may be known now, "" for none;
        None where there is nothing left to do."""
        if not self._is_loaded:
            self._load()
            return ""
        while self._news:
            path = self._news.popleft()
            if self.is_fresh(path):
                return path
        if self._disk is None:
            self._watch()
            return ""
        if self._known:
            count = min(len(self._known), FILES_AT_ONCE)
            self._take_known([self._known.popleft() for _ in range(count)])
            return ""
        while self._unread:
            path = self._unread.popleft()
            workspace = self.workspace(path)
            if workspace is not None and not workspace.knows(path):
                with quiet_garbage_collector():
                    workspace.facts(path)
                return ""
        while self._todo:
            if self._reached and self._todo[0] not in self._recent:
                self._sift()
                return ""
            path = self._todo.popleft()
            if self._checked.get(path) != self._generation or path not in self.results:
                return path if self._refresh(path) else ""
        return None

    def fresh(self, path: str) -> FileResult | None:
        """What is found in a file as it is now. None where it is not looked at."""
        if not self._is_loaded:
            self._load()
        if self._checked.get(path) != self._generation or path not in self.results:
            self._refresh(path)
        return self.results.get(path)

    def is_fresh(self, path: str) -> bool:
        return self._checked.get(path) == self._generation and path in self.results

    @property
    def version(self) -> int:
        """A number that grows with each change."""
        return self._generation

    def settle(self) -> None:
        """There is nothing to do: forget what isn't needed, and keep for the next start what is
        true of what is on disk."""
        contents = {each for workspace in self.workspaces for each in workspace.digests}
        self._kept.retain(contents)
        if self._only_disk and self._new_results:
            self.work.keep(self._new_results)
        self._new_results = []

    def _load(self) -> None:
        """Take what the cache has of the projects, that of open files first, and note what is left
        to read."""
        self._is_loaded = True
        given = self._contents_given()
        own = dict.fromkeys((*reversed(self._recent), *self.files))
        paths = [
            path
            for path in own
            if path not in given and path not in self._half_typed and self.workspace(path)
        ]
        first = [path for path in paths if path in self.texts]
        self._known = deque(path for path in paths if path not in self.texts)
        self._take_known(first)
        self._unread = deque(
            path
            for workspace in self.workspaces
            for path in workspace.files
            if not workspace.knows(path)
        )
        self._fill_todo()

    def _take_known(self, paths: Sequence[str]) -> None:
        """Take what the cache has of some files."""
        for path, result in self.work.known(paths).items():
            if path not in self.results:
                self._keep(result)
                if self._only_disk:
                    self._checked[path] = self._generation
                    if result.findings or path in self.texts:
                        self._news.append(path)
        self.work.release()

    def _watch(self) -> None:
        directories = {*self.workspaces.visited, *self.folders, *map(os.path.dirname, self.texts)}
        others: set[str] = set()
        for workspace in self.workspaces:
            directories |= workspace.directories
            others.update(workspace.declaring_files)
        others |= self.workspaces.configuration.extended
        if self.workspaces.configuration.file is not None:
            others.add(self.workspaces.configuration.file)
        self._disk = Disk((*self.files, *self.texts), directories, others, self._settings_read)
        self._settings_read = {}

    def _touch(self, reached: set[Input] | None = None) -> None:
        """Something has changed: what was found has to be asked for again.

        Args:
            reached: the inputs that may be something else now; None where any may.
        """
        self._generation += 1
        for result in self.results.values():
            if not self._touched.isdisjoint(result.contents):
                self._checked[result.path] = -1
        self._touched.clear()
        if reached is None:
            self._sifted, self._reached = self._generation, set()
        else:
            self._reached |= reached
        self._fill_todo()

    def _sift(self) -> None:
        """Take those of the results for good that rest on nothing that has changed."""
        reached, kinds = self._reached, whole_kinds(self._reached)
        for path, result in self.results.items():
            if (
                self._sifted <= self._checked.get(path, -1) < self._generation
                and path not in self._half_typed
                and not self._may_be_touched(result, reached, kinds)
            ):
                self._checked[path] = self._generation
        self._sifted, self._reached = self._generation, set()
        self._todo = deque(path for path in self._todo if not self.is_fresh(path))

    def _may_be_touched(
        self, result: FileResult, reached: Collection[Input], kinds: Collection[str]
    ) -> bool:
        workspace = self.workspace(result.path)
        if workspace is None:
            return True
        return any(
            (kind, of) in reached or kind in kinds or not workspace.tells(kind, of)
            for kind, of, _ in result.inputs
        )

    def _fill_todo(self) -> None:
        first = list(reversed(self._recent))
        among = set(first)
        self._todo = deque((*first, *(path for path in self.files if path not in among)))

    def _put_first(self, path: str) -> None:
        self._recent.pop(path, None)
        self._recent[path] = None
        self._todo.appendleft(path)

    def _drop(self, path: str) -> None:
        self.results.pop(path, None)
        self._checked.pop(path, None)

    def _refresh(self, path: str) -> bool:
        """Bring what is known of a file up to date; is something else known now?"""
        result = self.results.get(path)
        if result is not None and path not in self._half_typed:
            # What its fixes change may be another file.
            touched = [] if self._checked.get(path) != -1 else [*result.contents]
            if not self.work.stale([result], touched):
                self._checked[path] = self._generation
                return False
        if path in self.texts and not self.is_asked_about(path):
            return False
        workspace = self.as_seen(path)
        if workspace is None or (path not in self.texts and not os.path.isfile(path)):
            return result is not None
        if result is None and self._only_disk:
            known = self.work.known([path], check=True)
            if path in known:
                self._note(known[path])
                return True
        with quiet_garbage_collector():
            (found,) = lint_files(workspace, True, [path], True)
        if self._only_disk:
            self._new_results.append(found)
        self._note(found)
        return True

    def _note(self, result: FileResult) -> None:
        self._keep(result)
        self._checked[result.path] = self._generation
        for _, message in result.errors:
            self._say(f"{result.path}: {message}", message)
        for path, fault in result.faults.items():
            self._say(f"{path}: {fault}")

    def _keep(self, result: FileResult) -> None:
        """Keep what was found. Many files rest on the same: that is kept once for all."""
        shared = self._inputs
        result.inputs = [
            shared.setdefault((kind, of, answer), (kind, of, answer))
            for kind, of, answer in result.inputs
        ]
        self.results[result.path] = result

    def _say(self, message: str, key: str = "") -> None:
        if (key or message) not in self._said:
            self._said.add(key or message)
            self._tell(message)


def _encoded(text: str, path: str) -> bytes:
    """The bytes of a file that says a text."""
    try:
        return Source.from_text(text, path).data
    except SourceError:
        return text.encode("utf-8", "surrogatepass")  # what is wrong is found when it is read
