"""What an editor offers to do about findings: fixes, fixes of a whole file, `# noqa` comments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from lsprotocol import types

from ..adopting.add_noqa import NEVER, annotate
from ..base.finding import Edit, Finding, Fix
from ..base.report import FileResult, Report
from ..base.request import RunRequest
from ..running.fixer import plan
from ..running.fixing import Fixing, applied
from ..running.scheduler import Scheduler
from ..source.text import Source, SourceError
from .diagnostics import SOURCE, TextOf, UriOf, range_of
from .positions import Place, Text
from .projects import Projects

QUICK_FIX = "quickfix"
FIX_ALL = f"source.fixAll.{SOURCE}"
FIX_ALL_UNSAFE = f"source.fixAllUnsafe.{SOURCE}"
KINDS = (QUICK_FIX, FIX_ALL, FIX_ALL_UNSAFE)

Edits = dict[str, list[Edit]]


class Editor:
    """What the editor is able to do, and what it calls files.

    Args:
        capabilities: what it says of itself.
        text_of: gives the text of a file, as it has it.
        uri_of: gives the address of a file.
        version_of: gives the version of an open file, None of another one.
    """

    def __init__(
        self,
        capabilities: types.ClientCapabilities,
        text_of: TextOf,
        uri_of: UriOf,
        version_of: Any,
    ) -> None:
        workspace = capabilities.workspace
        edit = None if workspace is None else workspace.workspace_edit
        operations = (edit and edit.resource_operations) or ()
        self.takes_versions = bool(edit and edit.document_changes)
        self.creates_files = self.takes_versions and "create" in operations
        document = capabilities.text_document
        action = None if document is None else document.code_action
        resolved = action and action.resolve_support
        self.resolves = bool(resolved and "edit" in resolved.properties)
        self.text_of = text_of
        self.uri_of = uri_of
        self.version_of = version_of

    def workspace_edit(self, edits: Edits) -> types.WorkspaceEdit | None:
        """Edits of files; None where the editor can't make them."""
        changes: list[Any] = []
        plain: dict[str, list[types.TextEdit]] = {}
        for path, own in edits.items():
            uri, text = self.uri_of(path), self.text_of(path)
            if text is None:
                if os.path.lexists(path) or not self.creates_files:
                    return None
                changes.append(types.CreateFile(uri))
                text = Text("")
            made = [types.TextEdit(range_of(text, *each[1:5]), each.new_text) for each in own]
            plain[uri] = made
            document = types.OptionalVersionedTextDocumentIdentifier(uri, self.version_of(path))
            changes.append(types.TextDocumentEdit(document, list(made)))
        if self.takes_versions:
            return types.WorkspaceEdit(document_changes=changes)
        return types.WorkspaceEdit(changes=plain)


def is_wanted(kind: str, only: Iterable[str] | None) -> bool:
    """Is a kind of action among those that were asked for?"""
    return only is None or any(f"{kind}.".startswith(f"{each}.") for each in only)


def actions(
    projects: Projects,
    editor: Editor,
    path: str,
    place: tuple[Place, Place],
    only: Sequence[str] | None,
    known: Sequence[types.Diagnostic],
) -> list[types.CodeAction]:
    """What there is to do about a range of a file.

    Args:
        projects: what is known.
        editor: who asks.
        path: the file.
        place: the range.
        only: the kinds of actions that are asked for; None for all but those of whole files.
        known: the diagnostics there, as the editor has them.
    """
    text = editor.text_of(path)
    if text is None or projects.fresh(path) is None:
        return []
    found: list[types.CodeAction] = []
    findings = projects.findings(path)
    if is_wanted(QUICK_FIX, only):
        source = _source(projects, path)
        if source is not None:
            chosen = [each for each in findings if _touches(range_of(text, *each[4:8]), place)]
            found += _quick_fixes(editor, source, findings, chosen, known)
    for kind, unsafe in ((FIX_ALL, False), (FIX_ALL_UNSAFE, True)):
        # Looking for all fixes takes long, and editors ask at each move of the cursor.
        if is_wanted(kind, only) and (editor.resolves or only is not None):
            found += _of_file(projects, editor, path, findings, kind, unsafe)
    return found


def _of_file(
    projects: Projects,
    editor: Editor,
    path: str,
    findings: Sequence[Finding],
    kind: str,
    unsafe: bool,
) -> Iterator[types.CodeAction]:
    fixes = [each.fix for each in findings if each.fix is not None]
    if not any(fix.is_safe is not unsafe for fix in fixes):
        return
    title = "Make all fixes of this file, unsafe ones too" if unsafe else "Make all safe fixes"
    action = types.CodeAction(f"{title} ({SOURCE})", kind)
    action.data = {"path": path, "unsafe": unsafe, "version": editor.version_of(path)}
    if not editor.resolves:
        action.edit = all_fixes(projects, editor, path, unsafe)
        if action.edit is None:
            return
    yield action


def all_fixes(
    projects: Projects, editor: Editor, path: str, unsafe: bool
) -> types.WorkspaceEdit | None:
    """The edit that makes all fixes of a file, pass after pass, that change nothing elsewhere."""
    text, result = projects.text_of(path), projects.fresh(path)
    if text is None or result is None or projects.is_half_typed(path):
        return None
    fixed = _fixed(projects, path, result, unsafe)
    if fixed is None:
        return None
    return editor.workspace_edit({path: difference(path, text, fixed)})


def _fixed(projects: Projects, path: str, result: FileResult, unsafe: bool) -> str | None:
    work = Scheduler(projects.workspaces, RunRequest((), fix=True, jobs=1))
    before = projects.workspaces.contents.get(path)
    report = Report()
    try:
        data = work.bytes_of(path)
        if data is None:
            return None
        work.change({path: data})
        fixing = Fixing(
            work, {path: result}, report, unsafe, {path}, projects.counting, write=False
        )
        fixing.make()
        if path not in report.changed:
            return None
        return Source.from_bytes(report.changed[path][1], path).text
    except (OSError, SourceError):
        return None
    finally:
        if before is None:
            work.restore([path])
        else:
            work.change({path: before})


def _quick_fixes(
    editor: Editor,
    source: Source,
    findings: Sequence[Finding],
    chosen: Sequence[Finding],
    known: Sequence[types.Diagnostic],
) -> Iterator[types.CodeAction]:
    offered: set[str] = set()
    for finding in chosen:
        diagnostics = [each for each in known if _is_about(each, finding, editor)]
        fixes = () if finding.fix is None else (finding.fix, *finding.fix.alternatives)
        for number, fix in enumerate(fixes):
            edit = _edit_of(editor, source, finding, fix, findings)
            if edit is not None:
                title = _title(fix)
                action = types.CodeAction(title, QUICK_FIX, diagnostics or None, edit=edit)
                action.is_preferred = (fix.is_safe and number == 0) or None
                yield action
    for finding in chosen:
        if finding.code not in offered:
            offered.add(finding.code)
            yield from _of_rule(editor, source, finding, findings)
    for finding in chosen:
        edit = _comment(editor, source, finding)
        if edit is not None:
            diagnostics = [each for each in known if _is_about(each, finding, editor)]
            title = f"Ignore {finding.code} on this line with a noqa comment"
            yield types.CodeAction(title, QUICK_FIX, diagnostics or None, edit=edit)


def _title(fix: Fix) -> str:
    message = fix.message[:1].upper() + fix.message[1:]
    return message if fix.is_safe else f"{message} (unsafe)"


def _edit_of(
    editor: Editor, source: Source, finding: Finding, fix: Fix, findings: Sequence[Finding]
) -> types.WorkspaceEdit | None:
    """The edit that makes a fix, with those that it is right only together with."""
    if not fix.edits:
        return None
    if fix.together or fix.python3:
        own = [
            each
            for each in findings
            if each.fix is not None and (each.code == finding.code or each.fix.together)
        ]
    else:
        own = [finding._replace(fix=fix)]
    return _planned(editor, source, own, unsafe=True)


def _of_rule(
    editor: Editor, source: Source, finding: Finding, findings: Sequence[Finding]
) -> Iterator[types.CodeAction]:
    """All fixes of one rule in a file: the safe ones, or where there are none the unsafe ones."""
    same = [each for each in findings if each.code == finding.code and each.fix is not None]
    if len(same) < 2:
        return
    unsafe = not any(each.fix is not None and each.fix.is_safe for each in same)
    edit = _planned(editor, source, same, unsafe)
    if edit is not None:
        title = f"Fix all {finding.code} ({finding.name}) in this file"
        yield types.CodeAction(f"{title} (unsafe)" if unsafe else title, QUICK_FIX, edit=edit)


def _planned(
    editor: Editor, source: Source, findings: Sequence[Finding], unsafe: bool
) -> types.WorkspaceEdit | None:
    """The edit that makes the fixes of some findings, as many as don't collide."""
    chosen = plan(findings, unsafe)
    if not chosen.edits:
        return None
    own = [unit for unit in chosen.units if any(_changes(each, source.path) for each in unit)]
    if own and isinstance(applied(source, own), str):
        return None  # what comes of it would not parse
    return editor.workspace_edit(chosen.edits)


def _changes(finding: Finding, path: str) -> bool:
    return finding.fix is not None and any(edit.path == path for edit in finding.fix.edits)


def _comment(editor: Editor, source: Source, finding: Finding) -> types.WorkspaceEdit | None:
    if finding.code in NEVER:
        return None
    text, refused = annotate(source, [finding])
    if refused or text == source.text:
        return None
    return editor.workspace_edit({source.path: difference(source.path, source.text, text)})


def _source(projects: Projects, path: str) -> Source | None:
    text = projects.text_of(path)
    if text is None:
        return None
    try:
        return Source.from_text(text, path)
    except SourceError:
        return None


def difference(path: str, before: str, after: str) -> list[Edit]:
    """The edits of whole lines that make one text of another."""
    old = Text(before.removeprefix("\ufeff")).lines
    new = Text(after.removeprefix("\ufeff")).lines
    edits = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            text = "".join(new[new_start:new_end])
            edits.append(Edit(path, start + 1, 1, *_line_start(old, end), text))
    return edits


def _line_start(lines: Sequence[str], number: int) -> tuple[int, int]:
    """Where the line behind so many lines starts; the end of the last one where it has no end."""
    if number == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        return number, len(lines[-1]) + 1
    return number + 1, 1


def _touches(own: types.Range, place: tuple[Place, Place]) -> bool:
    start, end = (own.start.line, own.start.character), (own.end.line, own.end.character)
    return start <= place[1] and place[0] <= end


def _is_about(known: types.Diagnostic, finding: Finding, editor: Editor) -> bool:
    if known.code != finding.code or known.source != SOURCE:
        return False
    text = editor.text_of(finding.path)
    return text is not None and known.range == range_of(text, *finding[4:8])
