"""An editor for the tests: pytest-lsp's client, and a server in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import pytest_lsp
from lsprotocol import types

MARKER = {"pyproject.toml": "[tool.pyconcepts-lint]\n"}
BASE = "class Base:\n    __slots__ = ('a',)\n"
PATIENCE = 60
"""Seconds after which a test no longer waits: a busy machine is slow."""


class Editor:
    """An editor with a folder open."""

    def __init__(self, client: Any, root: Path) -> None:
        self.client = client
        self.root = root
        self.versions: dict[str, int] = {}
        self.capabilities: Any = None

    async def start(
        self,
        kind: str = "neovim@v0.9.1",
        *,
        folders: tuple[str, ...] = (".",),
        options: object = None,
        change: Callable[[types.ClientCapabilities], None] = lambda _: None,
    ) -> Editor:
        capabilities = pytest_lsp.client_capabilities(kind)
        await self.client.start_io(sys.executable, "-m", "pyconcepts_lint", "server")
        change(capabilities)
        paths = [(self.root / folder).resolve() for folder in folders]
        answer = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities,
                root_uri=paths[0].as_uri() if paths else None,
                workspace_folders=[types.WorkspaceFolder(p.as_uri(), p.name) for p in paths],
                initialization_options=options,
            )
        )
        self.capabilities = answer.capabilities
        return self

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        """Open a file: with what is on disk, or a text that isn't saved."""
        if text is None:
            text = (self.root / name).read_bytes().decode()
        self.versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), "python", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, text: str) -> int:
        """Replace the text of an open file; gives the new version."""
        return self.edit(name, types.TextDocumentContentChangeWholeDocument(text))

    def edit(self, name: str, *changes: Any) -> int:
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(document, list(changes))
        )
        return self.versions[name]

    def close(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def save(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def tell(self, *names: str) -> None:
        """Tell the server that files on disk have changed."""
        events = [types.FileEvent(self.uri(name), types.FileChangeType.Changed) for name in names]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    def shown(self, name: str) -> list[types.Diagnostic]:
        return list(self.client.diagnostics.get(self.uri(name), ()))

    def codes(self, name: str) -> list[str]:
        return [str(each.code) for each in self.shown(name)]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something to hold."""
        waited = 0.0
        while not holds():
            assert waited < PATIENCE, f"shown: {self.client.diagnostics}"
            await asyncio.sleep(0.02)
            waited += 0.02

    async def actions(
        self, name: str, line: int, character: int, only: list[str] | None = None
    ) -> list[types.CodeAction]:
        """What is offered at a place (from 0)."""
        place = types.Position(line, character)
        here = [each for each in self.shown(name) if each.range.start <= place <= each.range.end]
        answer = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri(name)),
                types.Range(place, place),
                types.CodeActionContext(here, only),
            )
        )
        return list(answer or ())

    async def hover(self, name: str, line: int, character: int) -> str:
        answer = await self.client.text_document_hover_async(
            types.HoverParams(
                types.TextDocumentIdentifier(self.uri(name)), types.Position(line, character)
            )
        )
        return "" if answer is None else answer.contents.value

    async def pull(self, name: str, before: str | None = None) -> Any:
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(self.uri(name)), previous_result_id=before
            )
        )


@pytest_asyncio.fixture
async def editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Awaitable[Editor]]]:
    """Starts an editor in which a project of some files is open."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    started: list[Editor] = []

    async def start(files: Mapping[str, str], kind: str = "neovim@v0.9.1", **more: Any) -> Editor:
        root = tmp_path / "project"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        made = Editor(pytest_lsp.make_test_lsp_client(), root)
        started.append(made)
        return await made.start(kind, **more)

    yield start
    for each in started:
        if each.capabilities is not None:
            await each.client.shutdown_session()
            await each.client.stop()


def applied(text: str, edits: list[Any]) -> str:
    """A text of characters of the Basic Multilingual Plane after the edits of an editor."""
    lines = text.splitlines(keepends=True)

    def offset(place: types.Position) -> int:
        return sum(map(len, lines[: place.line])) + place.character

    for edit in sorted(edits, key=lambda each: each.range.start, reverse=True):
        start, end = offset(edit.range.start), offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


def edits_of(action: types.CodeAction, uri: str) -> list[Any]:
    """What an action changes in a file."""
    edit = action.edit
    assert edit is not None
    if edit.changes is not None:
        return list(edit.changes.get(uri, ()))
    return [
        each
        for change in edit.document_changes or ()
        if isinstance(change, types.TextDocumentEdit) and change.text_document.uri == uri
        for each in change.edits
    ]
