from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.plugins.registry import codes_by_name, faults, known_prefix, listed
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.source.noqa import Block, Noqa, NoqaCode, Suppressions

_PREFIX = "PCL"
_LINES_OF_A_DECLARATION = 2
_TOOL = "pyconcepts-lint:"
_WORD_IN_NOQA = re.compile(r"# noqa:\s?[^\n]*[a-z]-[a-z]", re.IGNORECASE)
_OURS = re.compile(rf"{_PREFIX}\d+", re.IGNORECASE)


class UnusedNoqa(Rule):
    """A code in a `# noqa` comment that suppresses nothing hides what may be said there later.

    ## What it finds

    Codes and names of this tool's rules, or the start of some codes, in `# noqa: PCL…` and
    `# pyconcepts-lint: disable=PCL…` comments that suppress no finding in the lines they stand for,
    though the rules have looked there; and codes that start with `PCL` and that no rule has. Codes
    are compared in capitals: `pcl101` is none. A word in the place of a name that no rule has
    (`# noqa: dict-haskey`) makes a bare `# noqa` of the comment, which suppresses everything: it is
    reported where nothing but such words stands there.

    A bare `# noqa` is never reported, nor are codes of other tools, nor one of a rule that didn't
    run: it is off, not selected, or can't read the file. So `--select PCL905` alone finds only
    codes and names that no rule has. Nothing is said in files that a `# flake8: noqa` takes out, nor
    of what looks like such a comment within a string. The rule is the same under flake8, with the
    rules that flake8's options select; flake8 itself doesn't know the names, and takes
    `# noqa: dict-has-key` for a bare `# noqa`.

    ## Why

    A `# noqa` says: this has been seen, and is right. When the code has changed, the comment is
    left behind, and says so of whatever will stand there next.

    ## Bad

    ```python
    class Counter:
        count = 0

        def increment(self):
            Counter.count += 1  # noqa: PCL1003


    Counter().increment()
    print(Counter.count)
    ```

    ```output
    1
    ```

    ## Good

    ```python
    class Counter:
        count = 0

        def increment(self):
            Counter.count += 1


    Counter().increment()
    print(Counter.count)
    ```

    ```output
    1
    ```

    ## Fix

    Takes the code out; the whole `noqa` where no other code is left, and the comment with it where
    nothing else stands in it. An empty line is left where another comment would come to declare the
    encoding. It is safe: the program doesn't see comments. There is none for a word that is no name,
    nor for `# pyconcepts-lint: disable=…`, whose `enable=` stands elsewhere.

    ## When to ignore it

    Where the comment is for another version of Python or of this tool.

    ## See also

    - [PEP 8 on comments that contradict the code](https://peps.python.org/pep-0008/#comments)
    - [flake8 on `# noqa`](https://flake8.pycqa.org/en/latest/user/violations.html#in-line-ignoring-errors)
    """

    code = "PCL905"
    name = "unused-noqa"
    unnecessary = True
    severity = "note"
    words = (_PREFIX, _PREFIX.lower(), "noqa:", "NOQA:", "NoQA:", "pyconcepts-lint:")
    needs_index = False

    def review(self, findings: Sequence[Finding], ran: Collection[str]) -> Iterator[Claim]:
        text = self.file.source.text
        if not any(word in text for word in self.words):
            return
        is_said = any(word in text for word in (_PREFIX, _PREFIX.lower(), _TOOL))
        if not is_said and _WORD_IN_NOQA.search(text) is None:
            return
        suppressions = Suppressions(self.file.source, codes_by_name)
        if suppressions.whole_file:
            return
        for directive in suppressions.directives:
            if directive.in_comment:
                yield from self._claims_on(directive, findings, ran)
                yield from self._claims_on_words(directive)
        for block in suppressions.blocks:
            yield from self._claims_on_block(block, findings, ran)

    def _claims_on(
        self, directive: Noqa, findings: Sequence[Finding], ran: Collection[str]
    ) -> Iterator[Claim]:
        here = {finding.code for finding in findings if finding.line in directive.lines}
        unused = {
            written: message
            for written in directive.codes
            if (message := self._objection(written, here, ran))
        }
        is_on_one_line = {written.line for written in directive.codes} == {directive.line}
        for number, written in enumerate(directive.codes):
            if written in unused:
                place = Range(written.line, written.column, written.line, written.end_column)
                fix = self._fix(directive, number, unused) if is_on_one_line else None
                yield Claim(place, unused[written], fix, in_source=True)

    def _claims_on_words(self, directive: Noqa) -> Iterator[Claim]:
        if faults():
            return  # it may be the name of a rule that can't be used now
        bare = "" if directive.codes else ", so this suppresses everything here as `# noqa` does"
        for word in directive.unknown:
            message = f"`{word.code}` is no rule's name{bare}{_hint(word.code)}"
            place = Range(word.line, word.column, word.line, word.end_column)
            yield Claim(place, message, in_source=True)

    def _claims_on_block(
        self, block: Block, findings: Sequence[Finding], ran: Collection[str]
    ) -> Iterator[Claim]:
        here = {finding.code for finding in findings if finding.line in block.lines}
        if not block.codes:
            kind = "disable" if block.disables else "enable"
            place = Range(block.line, block.column, block.line, block.end_column)
            message = f"this does nothing: it takes codes, as in `{kind}=PCL103`"
            yield Claim(place, message, in_source=True)
        for written in block.codes:
            message = self._objection(written, here, ran if block.disables else ())
            if message:
                place = Range(written.line, written.column, written.line, written.end_column)
                yield Claim(place, message, in_source=True)

    def _objection(self, written: NoqaCode, here: Collection[str], ran: Collection[str]) -> str:
        """What is wrong with a code or a name; "" for nothing."""
        code, name = written.means, written.code
        if code == name and "-" in name:
            return "" if faults() else f"`{name}` is no rule's name{_hint(name)}"
        if code != name and code in ran and code not in here and code != self.code:
            return f"`{name}` suppresses nothing: {code} finds nothing here"
        if not _OURS.fullmatch(code) or self.code.startswith(code):
            return ""
        meant = [known for known in listed() if known.startswith(code)]
        if not meant:
            if faults():
                return ""  # it may be a rule's that can't be used now
            hint = f"; did you mean {code.upper()}?" if known_prefix(code.upper()) else ""
            return f"`{code}` suppresses nothing: no rule has that code{hint}"
        if not all(known in ran for known in meant) or any(each.startswith(code) for each in here):
            return ""
        if len(meant) == 1:
            return f"`{code}` suppresses nothing: {listed()[meant[0]].name} finds nothing here"
        return f"`{code}` suppresses nothing: no rule with such a code finds anything here"

    def _is_above_declaration(self, line: int) -> bool:
        """Would a comment come to declare the file's encoding, if this line were not there?

        It does in the first two lines.
        """
        source = self.file.source
        below = range(line + 1, min(_LINES_OF_A_DECLARATION + 1, source.line_count) + 1)
        return any("coding" in source.line(number) for number in below)

    def _fix(self, directive: Noqa, number: int, unused: Collection[NoqaCode]) -> Fix:
        """Take one of a directive's codes out; all of them stand on one line."""
        written = directive.codes[number]
        line = self.file.source.line(written.line)
        if len(unused) == len(directive.codes):
            start, end = _without_directive(line, directive)
            title = "Take the `noqa` out"
            is_alone = not start and end == len(line) and written.line < self.file.source.line_count
            if is_alone and not self._is_above_declaration(written.line):
                place = (written.line, 1, written.line + 1, 1)
                return self.fix("safe", title, [Edit(self.file.path, *place, "")])
        else:
            if number:
                start, end = directive.codes[number - 1].end_column - 1, written.end_column - 1
            else:
                start, end = written.column - 1, directive.codes[1].column - 1
            title = f"Take {written.code} out"
        return self.fix(
            "safe",
            title,
            [Edit(self.file.path, written.line, start + 1, written.line, end + 1, "")],
        )


def _hint(word: str) -> str:
    """Which name was meant by a word that is none."""
    near = get_close_matches(word.lower(), codes_by_name(), 1)
    return f"; did you mean {near[0]}?" if near else ""


def _without_directive(line: str, directive: Noqa) -> tuple[int, int]:
    """What to take out of a line for a directive to be gone: 0-based offsets, the end exclusive.

    What else the comment says stays a comment.
    """
    start, end = directive.column - 1, directive.codes[-1].end_column - 1
    rest = line[end:].strip()
    if not rest or rest.startswith("#"):
        before = line[:start].rstrip()
        if rest:
            # The next part of the comment takes the place.
            return start, len(line) - len(line[end:].lstrip())
        return len(before), len(line)
    # A reason stands behind the codes.
    return start + 2, len(line) - len(line[end:].lstrip(" \t,:;-"))
