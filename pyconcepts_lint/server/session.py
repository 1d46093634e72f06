"""A server and its editor: messages in and out. What is known is asked of the worker alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, BinaryIO, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from ..base.digests import digest
from ..base.errors import Error, __version__
from ..base.typed import NamedTuple
from . import actions, diagnostics, hover
from .options import SECTION, Options
from .positions import UTF16, Place, Text
from .projects import Projects
from .worker import Worker

T = TypeVar("T")

POLLING = 2.0
"""Seconds from one look at the disk to the next, where the editor doesn't watch it."""
WATCHED = (
    "**/*.py",
    "**/*.pyi",
    "**/pyproject.toml",
    "**/.gitignore",
    "**/setup.py",
    "**/setup.cfg",
)


class Document(NamedTuple):
    """An open file, as the editor has it."""

    uri: str
    version: int
    text: Text


class Session:
    """One connection.

    Args:
        options: what the command line says.
    """

    def __init__(self, options: Options) -> None:
        self._given = options
        self._options = options
        self.server = LanguageServer(
            SECTION, __version__, types.TextDocumentSyncKind.Incremental, max_workers=2
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._worker = Worker(self._piece, self._rest, self._failed)
        self._documents: dict[str, Document] = {}  # of the loop
        self._folders: dict[str, None] = {}
        self._encoding: str = UTF16
        self._pulls = False
        self._refreshes = False
        self._configures = False
        self._watches = False
        self._waiting: list[asyncio.Event] = []  # pulls of the whole project
        self._is_started = False
        # Of the worker:
        self._projects: Projects | None = None
        self._editor: actions.Editor | None = None
        self._seen: dict[str, Document] = {}
        self._published: dict[str, str] = {}
        self._of_settings: set[str] = set()
        self._register()

    def run(self, stdin: BinaryIO, stdout: BinaryIO) -> int:
        """Speak until the editor ends it; gives the exit code."""
        self.server.start_io(stdin, stdout)
        self._worker.end()
        return 0 if getattr(self.server.protocol, "_shutdown", False) else 1

    def _register(self) -> None:
        fm = self.server.protocol.fm
        for name in (
            types.TEXT_DOCUMENT_DID_OPEN,
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.TEXT_DOCUMENT_DID_CLOSE,
        ):
            # pygls ends lines at form feeds, too, where neither Python nor an editor does.
            fm.builtin_features.pop(name, None)
        self._feature(types.INITIALIZE, self._initialize)
        self._feature(types.INITIALIZED, self._initialized)
        self._feature(types.TEXT_DOCUMENT_DID_OPEN, self._opened)
        self._feature(types.TEXT_DOCUMENT_DID_CHANGE, self._changed)
        self._feature(types.TEXT_DOCUMENT_DID_SAVE, self._saved)
        self._feature(types.TEXT_DOCUMENT_DID_CLOSE, self._closed)
        self._feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, lambda _: self._look())
        self._feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self._folders_changed)
        self._feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION, self._configuration_changed)
        self._feature(types.SHUTDOWN, lambda *_: self._worker.end())
        self._feature(
            types.TEXT_DOCUMENT_CODE_ACTION,
            self._code_actions,
            types.CodeActionOptions(
                [
                    types.CodeActionKind(kind) if kind == "quickfix" else kind
                    for kind in actions.KINDS
                ],
                resolve_provider=True,
            ),
        )
        self._feature(types.CODE_ACTION_RESOLVE, self._resolve)
        self._feature(types.TEXT_DOCUMENT_HOVER, self._hover)
        self._feature(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            self._pull,
            types.DiagnosticOptions(True, True, identifier=SECTION),
        )
        self._feature(types.WORKSPACE_DIAGNOSTIC, self._pull_all)

    def _feature(self, name: str, handle: Callable[..., Any], options: Any = None) -> None:
        if asyncio.iscoroutinefunction(handle):

            async def waits(params: Any = None) -> Any:
                return await handle(params)

            self.server.feature(name, options)(waits)
        else:

            def answers(params: Any = None) -> Any:
                return handle(params)

            self.server.feature(name, options)(answers)

    # The start

    def _initialize(self, params: types.InitializeParams) -> None:
        self._loop = asyncio.get_running_loop()
        capabilities = params.capabilities
        document, workspace = capabilities.text_document, capabilities.workspace
        self._pulls = bool(document and document.diagnostic)
        self._refreshes = bool(
            workspace and workspace.diagnostics and workspace.diagnostics.refresh_support
        )
        self._configures = bool(workspace and workspace.configuration)
        watched = workspace.did_change_watched_files if workspace else None
        self._watches = bool(watched and watched.dynamic_registration)
        self._encoding = str(getattr(self.server.workspace.position_encoding, "value", UTF16))
        for folder in params.workspace_folders or ():
            self._add_folder(folder.uri)
        if params.workspace_folders is None and params.root_uri:
            self._add_folder(params.root_uri)
        try:
            self._options = self._given.given(params.initialization_options)
        except Error as error:
            self._show(f"initializationOptions: {error}")
        self._editor = actions.Editor(capabilities, self._text_of, self._uri_of, self._version_of)

    def _add_folder(self, uri: str) -> None:
        path = to_fs_path(uri)
        if path:
            self._folders[os.path.normpath(path)] = None

    async def _initialized(self, _: object) -> None:
        self._start()
        if self._watches:
            patterns = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
            await self._registered(
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(patterns),
            )
        else:
            self._poll_later()
        if self._configures:
            await self._ask_for_configuration()

    async def _registered(self, method: str, options: object) -> None:
        registration = types.Registration(f"{SECTION}-{method}", method, options)
        try:
            await self.server.client_register_capability_async(
                types.RegistrationParams([registration])
            )
        except Exception:  # an editor that has promised more than it does
            self._poll_later()

    def _poll(self) -> None:
        self._look()
        self._poll_later()

    def _poll_later(self) -> None:
        assert self._loop is not None
        self._loop.call_later(POLLING, self._poll)

    async def _ask_for_configuration(self) -> None:
        item = types.ConfigurationItem(section=SECTION)
        try:
            said = await self.server.workspace_configuration_async(
                types.ConfigurationParams([item])
            )
        except Exception:
            return
        if said and said[0]:
            self._take_options(said[0])

    def _start(self) -> None:
        if self._is_started:
            return
        self._is_started = True
        self._do(self._load)
        self._worker.start()

    # What the editor says: in the loop's thread

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        path = _path_of(document.uri)
        if path is None:
            return
        self._documents[path] = Document(
            document.uri, document.version, Text(document.text, self._encoding)
        )
        self._start()
        self._do(lambda projects: self._take(projects, path))

    def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        path = _path_of(params.text_document.uri)
        document = None if path is None else self._documents.get(path)
        if path is None or document is None:
            return
        text = document.text
        for change in params.content_changes:
            where = getattr(change, "range", None)
            if where is None:
                text = Text(change.text, self._encoding)
            else:
                new = text.replaced(_place(where.start), _place(where.end), change.text)
                text = Text(new, self._encoding)
        version = params.text_document.version
        self._documents[path] = Document(document.uri, version, text)
        self._do(lambda projects: self._take(projects, path))

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        path = _path_of(params.text_document.uri)

        def save(projects: Projects) -> None:
            if path is not None:
                projects.save(path)
            self._look_at_disk(projects)

        self._do(save)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        path = _path_of(params.text_document.uri)
        if path is None or self._documents.pop(path, None) is None:
            return

        def close(projects: Projects) -> None:
            document = self._seen.pop(path, None)
            projects.close(path)
            if document is not None and path not in projects.files and not self._pulls:
                self._send(path, document.uri, [], None)

        self._do(close)

    def _folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            self._folders.pop(os.path.normpath(to_fs_path(folder.uri) or ""), None)
        for folder in params.event.added:
            self._add_folder(folder.uri)
        folders = tuple(self._folders)

        def change(projects: Projects) -> None:
            projects.folders = folders
            self._reload(projects)

        self._do(change)

    async def _configuration_changed(self, params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            self._take_options(params.settings)
        elif self._configures:
            await self._ask_for_configuration()

    def _take_options(self, said: object) -> None:
        try:
            options = self._given.given(said)
        except Error as error:
            self._show(f"settings of the editor: {error}")
            return
        if options == self._options:
            return
        self._options = options
        self._do(self._load)

    def _look(self) -> None:
        self._do(self._look_at_disk)

    def _look_at_disk(self, projects: Projects) -> None:
        if projects.look():
            self._say_problems(projects)
            self._clear_others(projects)

    # Requests

    async def _code_actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        path = _path_of(params.text_document.uri)
        if path is None:
            return []
        place = _place(params.range.start), _place(params.range.end)
        only = params.context.only
        kinds = None if only is None else [getattr(each, "value", each) for each in only]

        def find(projects: Projects) -> list[types.CodeAction]:
            if path not in self._seen or not projects.is_ready(path) or self._editor is None:
                return []
            known = params.context.diagnostics
            return actions.actions(projects, self._editor, path, place, kinds, known)

        return await self._ask(find) or []

    async def _resolve(self, action: types.CodeAction) -> types.CodeAction:
        data = action.data
        if action.edit is not None or not isinstance(data, dict):
            return action

        def edit(projects: Projects) -> types.WorkspaceEdit | None:
            path = str(data.get("path"))
            document = self._seen.get(path)
            if document is None or self._editor is None:
                return None
            return actions.all_fixes(projects, self._editor, path, bool(data.get("unsafe")))

        action.edit = await self._ask(edit)
        return action

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        path = _path_of(params.text_document.uri)
        if path is None:
            return None

        def find(projects: Projects) -> str:
            document = self._seen.get(path)
            if document is None:
                return ""
            line, column = document.text.from_place(_place(params.position))
            lines = document.text.lines
            text = lines[line - 1] if line <= len(lines) else ""
            return hover.hover(projects, path, line, column, text)

        said = await self._ask(find)
        if not said:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said))

    async def _pull(self, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        path = _path_of(params.text_document.uri)

        def find(projects: Projects) -> list[types.Diagnostic]:
            if path is None:
                return []
            while not projects.is_ready(path):
                projects.piece()
            projects.fresh(path)
            return self._diagnostics(projects, path)

        found = await self._ask(find) or []
        name = _name_of(found)
        if name == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(name)
        return types.RelatedFullDocumentDiagnosticReport(found, result_id=name)

    async def _pull_all(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        before = {each.uri: each.value for each in params.previous_result_ids}
        while True:
            changed = asyncio.Event()
            self._waiting.append(changed)
            items = await self._ask(lambda projects: self._all_reports(projects, before))
            if items or not before:
                self._waiting.remove(changed)
                return types.WorkspaceDiagnosticReport(items or [])
            # Nothing is new: the answer waits until something is.
            try:
                await changed.wait()
            finally:
                if changed in self._waiting:
                    self._waiting.remove(changed)

    def _all_reports(
        self, projects: Projects, before: dict[str, str]
    ) -> list[types.WorkspaceDocumentDiagnosticReport]:
        items: list[types.WorkspaceDocumentDiagnosticReport] = []
        for path in dict.fromkeys((*projects.files, *projects.texts)):
            found = self._diagnostics(projects, path)
            uri = self._uri_of(path)
            name = _name_of(found)
            if before.get(uri, _name_of([])) != name:
                document = self._seen.get(path)
                version = None if document is None else document.version
                items.append(
                    types.WorkspaceFullDocumentDiagnosticReport(uri, found, version, result_id=name)
                )
        return items

    # The worker

    def _do(self, job: Callable[[Projects], None]) -> None:
        def run() -> None:
            if self._projects is None:
                self._make_projects()
            if self._projects is not None:
                job(self._projects)

        self._worker.do(run)

    async def _ask(self, question: Callable[[Projects], T]) -> T | None:
        """Ask something of the worker, behind what it was told before."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def work(projects: Projects) -> None:
            if answer.cancelled():
                return
            try:
                found = question(projects)
            except Exception as error:
                loop.call_soon_threadsafe(_fail, answer, error)
            else:
                loop.call_soon_threadsafe(_give, answer, found)

        self._do(work)
        return await answer

    def _make_projects(self) -> None:
        options = self._options
        self._projects = Projects(
            options.configure, tuple(self._folders), options.scope == "project", self._show
        )

    def _load(self, projects: Projects) -> None:
        """Start, or start again with other options."""
        options = self._options
        projects.is_whole = options.scope == "project"
        projects.configure = options.configure
        projects.folders = tuple(self._folders)
        self._reload(projects)

    def _reload(self, projects: Projects) -> None:
        projects.reload()
        self._say_problems(projects)
        self._clear_others(projects)

    def _take(self, projects: Projects, path: str) -> None:
        """Take the text that a file has by now; those that came between don't count."""
        document = self._documents.get(path)
        if document is None or self._seen.get(path) is document:
            return
        is_new = path not in self._seen
        self._seen[path] = document
        if is_new:
            projects.open(path, document.text.text)
        else:
            projects.change(path, document.text.text)

    def _piece(self) -> bool:
        projects = self._projects
        path = None if projects is None else projects.piece()
        if path is None or projects is None:
            return False
        if path:
            self._tell(projects, path)
        return True

    def _rest(self) -> None:
        if self._projects is not None:
            self._projects.settle()

    def _tell(self, projects: Projects, path: str) -> None:
        """Tell the editor of what is known of a file now."""
        if self._pulls:
            # An open file is pulled when it is changed; of the others the editor is told.
            self._call(self._something_changed)
            return
        self._send(
            path,
            self._uri_of(path),
            self._diagnostics(projects, path),
            self._version_of(path),
        )

    def _something_changed(self) -> None:
        for event in self._waiting:
            event.set()

    def _diagnostics(self, projects: Projects, path: str) -> list[types.Diagnostic]:
        text = self._text_of(path)
        if text is None:
            return []
        found = projects.findings(path)
        return diagnostics.diagnostics(found, text, self._text_of, self._uri_of)

    def _send(
        self, path: str, uri: str, found: list[types.Diagnostic], version: int | None
    ) -> None:
        name = f"{version} {_name_of(found)}"
        if not found and path not in self._published and version is None:
            return
        if self._published.get(path) == name:
            return
        if found or version is not None:
            self._published[path] = name
        else:
            self._published.pop(path, None)
        params = types.PublishDiagnosticsParams(uri, found, version)
        self._call(lambda: self.server.text_document_publish_diagnostics(params))

    def _clear_others(self, projects: Projects) -> None:
        """Take back what was said of files that aren't looked at any longer."""
        left = {*projects.files, *projects.texts, *self._of_settings}
        for path in [each for each in self._published if each not in left]:
            self._send(path, self._uri_of(path), [], None)

    def _say_problems(self, projects: Projects) -> None:
        """Show settings that can't be used in their file."""
        by_path: dict[str, list[types.Diagnostic]] = {path: [] for path in self._of_settings}
        for error in projects.problems:
            if error.path is None:
                self._show(str(error))
            else:
                by_path.setdefault(error.path, []).append(diagnostics.of_settings(error))
        for path, found in by_path.items():
            self._send(path, self._uri_of(path), found, None)
            if found and path not in self._of_settings:
                self._show(f"The settings can't be used: {path}: {found[0].message}")
        self._of_settings = {path for path, found in by_path.items() if found}

    # The editor, as the worker sees it

    def _text_of(self, path: str) -> Text | None:
        document = self._seen.get(path)
        if document is not None:
            return document.text
        text = None if self._projects is None else self._projects.text_of(path)
        return None if text is None else Text(text, self._encoding)

    def _uri_of(self, path: str) -> str:
        document = self._seen.get(path)
        return document.uri if document is not None else from_fs_path(path) or ""

    def _version_of(self, path: str) -> int | None:
        document = self._seen.get(path)
        return None if document is None else document.version

    def _call(self, call: Callable[[], Any]) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(call)

    def _show(self, message: str) -> None:
        params = types.ShowMessageParams(types.MessageType.Error, f"{SECTION}: {message}")
        self._call(lambda: self.server.window_show_message(params))

    def _failed(self, error: Exception) -> None:
        self._show(f"internal error: {error!r}")


def _path_of(uri: str) -> str | None:
    """The file of an address; None where it isn't one of Python source."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return os.path.normpath(path) if path else None


def _place(position: types.Position) -> Place:
    return Place(position.line, position.character)


def _name_of(found: Iterable[types.Diagnostic]) -> str:
    return digest(repr(list(found)))


def _give(answer: asyncio.Future[T], found: T) -> None:
    if not answer.done():
        answer.set_result(found)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
