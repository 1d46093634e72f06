"""`--add-noqa`: a `# noqa: CODE` for what there is to report, where it is looked for.

A comment suppresses the findings of the lines that belong together with its own (see
`suppression`): it is put behind the last of these, or into the comment that stands there. What
a program means never changes: where the end of a line is in a string, or the line is one that
the system reads, nothing is written and the finding stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..base.digests import digest_of
from ..base.finding import Edit, Finding
from ..base.typed import NamedTuple
from ..plugins.registry import codes_by_name
from ..source.noqa import Noqa, Suppressions, tokenized, translated
from ..source.text import Source, SourceError
from ..source.writing import FileChanged, write_atomically

NEVER = {
    "PCL901": "a file that can't be parsed is not annotated",
    "PCL905": "a comment that suppresses nothing needs no other one: --fix takes it out",
}
"""Codes that are not annotated, and why."""


class Annotated(NamedTuple):
    """What was done for the findings of some files.

    `refused` are those that are left, each with the reason; `errors` are what kept files from
    being written, whose findings are left, too.
    """

    done: list[Finding]
    refused: list[tuple[Finding, str]]
    files: int
    errors: list[str]


def annotate_files(findings: Iterable[Finding], contents: Mapping[str, str]) -> Annotated:
    """Write a `# noqa` for each of the findings into its file.

    Args:
        findings: what was found.
        contents: by path the digests of what it was found in; a file that holds something else
            by now is left as it is.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    result = Annotated([], [], 0, [])
    for path, own in sorted(by_path.items()):
        refused = [(finding, NEVER[finding.code]) for finding in own if finding.code in NEVER]
        wanted = [finding for finding in own if finding.code not in NEVER]
        if wanted:
            try:
                source = Source.read(path)
                if digest_of(path, source.data) != contents.get(path):
                    raise FileChanged(path)
                text, more = annotate(source, wanted)
                if text != source.text:
                    write_atomically(path, source.encode(text), source.data)
                    result = result._replace(files=result.files + 1)
                refused += more
            except (SourceError, OSError) as error:
                result.errors.append(f"{path}: {_not_written(error)}")
                refused += [(finding, "the file was not written") for finding in wanted]
        left = {finding for finding, _ in refused}
        result.done.extend(finding for finding in own if finding not in left)
        result.refused.extend(sorted(refused, key=lambda item: item[0].sort_key))
    return result


def _not_written(error: SourceError | OSError) -> str:
    if isinstance(error, FileChanged):
        return str(error.strerror)
    reason = error.message if isinstance(error, SourceError) else error.strerror
    return f"not annotated: {reason or error}"


def annotate(source: Source, findings: Sequence[Finding]) -> tuple[str, list[tuple[Finding, str]]]:
    """The text of a file with a `# noqa` for each of its findings.

    With it come the findings for which there is no place, each with the reason.
    """
    from ..running.fixer import apply

    lines = translated(source)
    groups, _ = tokenized(lines)
    places = _places(lines) if groups else None
    suppressions = Suppressions(source, codes_by_name)
    directives = {n: each for each in suppressions.directives for n in each.lines}
    group_of = {n: group for group in groups for n in group}
    wanted: dict[range, list[Finding]] = {}
    for finding in findings:
        group = group_of.get(finding.line, range(finding.line, finding.line + 1))
        wanted.setdefault(group, []).append(finding)
    edits: list[Edit] = []
    refused: list[tuple[Finding, str]] = []
    for group, own in sorted(wanted.items(), key=lambda item: item[0].start):
        codes = sorted({finding.code for finding in own})
        line = group.stop - 1
        edit = _edit(source, line, codes, directives.get(group.start))
        if isinstance(edit, str):
            reason = edit
        elif not (
            line in places
            if places is not None
            else _means_the_same(source.text, apply(source, [edit]))
        ):
            reason = "no comment can stand where its line ends"
        else:
            edits.append(edit)
            continue
        refused += [(finding, reason) for finding in own]
    return apply(source, edits), refused


def _edit(source: Source, line: int, codes: list[str], directive: Noqa | None) -> Edit | str:
    """What adds codes behind a line or to a directive; or why nothing can."""
    if directive is not None:
        if not directive.codes:
            return "a `# noqa` holds for it already"
        if not directive.in_comment:
            return "a `# noqa` in the text of a string holds for it"
        last = directive.codes[-1]
        place = (last.line, last.end_column)
        return Edit(source.path, *place, *place, ", " + ", ".join(codes))
    text = source.line(line)
    if source.notebook is not None and not source.notebook.may_edit((line, 1), (line, 2)):
        return "its line is one that only IPython reads"
    if line == 1 and text.startswith("#!"):
        return "the system reads its line, which starts with #!"
    if not source.text:
        return Edit(source.path, 1, 1, 1, 1, f"# noqa: {', '.join(codes)}\n")
    if line > source.line_count:
        return "it stands behind the last line"
    code = text.rstrip(" \t")
    comment = f"{'  ' if code.strip() else ''}# noqa: {', '.join(codes)}"
    return Edit(source.path, line, len(code) + 1, line, len(text) + 1, comment)


def _places(lines: Sequence[str]) -> frozenset[int]:
    """The lines behind which a comment is nothing but a comment.

    In a replacement field of an f-string it is an error before Python 3.12, and with `=` it is
    part of the string.
    """
    import tokenize

    starts = {getattr(tokenize, name, -1) for name in ("FSTRING_START", "TSTRING_START")}
    ends = {getattr(tokenize, name, -1) for name in ("FSTRING_END", "TSTRING_END")}
    depth = 0
    places = set()
    for kind, _, (line, _), _, _ in tokenize.generate_tokens(iter(lines).__next__):
        depth += (kind in starts) - (kind in ends)
        if kind in (tokenize.NL, tokenize.NEWLINE) and not depth:
            places.add(line)
    return frozenset(places)


def _means_the_same(before: str, after: str) -> bool:
    """Do two texts make the same tree? For those that Python's own tokenizer can't take apart."""
    import ast

    from ..parsing import syntax

    trees = []
    with syntax.deep_recursion():
        for text in (before, after):
            parsed = syntax.parse(text)
            if parsed.tree is None:
                return False
            trees.append(ast.dump(parsed.tree))
    return trees[0] == trees[1]
