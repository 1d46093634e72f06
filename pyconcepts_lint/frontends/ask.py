"""`--fix --ask`: each fix is shown, and made only where that is answered by yes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from ..base.cells import file_of
from ..base.finding import Finding
from ..base.fingerprints import fingerprints
from ..base.neutral import ask
from ..base.typed import TYPE_CHECKING
from ..reporters import Style, full
from ..reporters.cells import placed

if TYPE_CHECKING:
    from typing import TextIO

Answers = Callable[[str], str | None]
"""Shows a question, and gives what is typed; None at the end of the input."""

HELP = """\
y  yes, make it
n  no (and so does Enter)
a  yes, and all that follow; unsafe ones only if this one is unsafe
f  as a, for this file
q  no, and none that follows; those answered by yes are made
1  the first of the other fixes that are shown, 2 the second, and so on"""


class Asker:
    """Asks about fixes, and remembers the answers from pass to pass.

    Args:
        style: how fixes are shown.
        out: where.
        answer: shows a question and gives the answer.
    """

    def __init__(self, style: Style, out: TextIO, answer: Answers) -> None:
        self._style = style
        self._out = out
        self._answer = answer
        self._decided: dict[str, int | None] = {}
        self._yes: set[str] = set()  # files; "" for all
        self._yes_to_unsafe: set[str] = set()
        self._has_quit = False

    def __call__(self, findings: Sequence[Finding], contents: Mapping[str, bytes]) -> list[Finding]:
        """The findings whose fixes are to be made, with the fix that was chosen for each.

        Args:
            findings: what was found.
            contents: what files contain instead of what is on disk.
        """
        style = self._style._replace(contents=contents)
        known_by = fingerprints(findings, style.text, style.directory)
        questions: dict[str, list[Finding]] = {}
        for finding, fingerprint in zip(findings, known_by, strict=True):
            fix = finding.fix
            if fix is not None and fix.edits:
                # What is made together is asked about together.
                key = f"{finding.path}\0{finding.code}" if fix.together else fingerprint
                questions.setdefault(key, []).append(finding)
        chosen: list[Finding] = []
        for key, asked in questions.items():
            if key not in self._decided:
                self._decided[key] = self._decision(asked, style)
            number = self._decided[key]
            if number is not None:
                chosen += (_with_fix(finding, number) for finding in asked)
        return chosen

    def _decision(self, asked: Sequence[Finding], style: Style) -> int | None:
        """Which fix of some findings is to be made: 0 for their own, else one of the others."""
        finding, is_safe = asked[0], all(each.fix and each.fix.is_safe for each in asked)
        agreed = self._yes if is_safe else self._yes_to_unsafe
        if not agreed.isdisjoint(("", finding.path)):
            return 0
        if self._has_quit:
            return None
        asked = placed(asked, style.source)
        finding = asked[0]
        full.write(asked, self._out, style)
        others = finding.fix.alternatives if finding.fix and len(asked) == 1 else ()
        for number, other in enumerate(others, 1):
            full.write_fix(other, finding.path, f"{number}: ", self._out, style)
        fixes = f"these {len(asked)} fixes" if len(asked) > 1 else "this fix"
        numbers = "".join(f",{number}" for number in range(1, len(others) + 1))
        while True:
            typed = self._answer(f"Make {fixes}? [y,n,a,f,q{numbers},?]")
            answer = "q" if typed is None else typed.strip().lower() or "n"
            if answer in ("y", "yes", "a", "all", "f", "file"):
                if answer[0] in "af":
                    scope = "" if answer[0] == "a" else file_of(finding.path)
                    self._yes.add(scope)
                    if not is_safe:
                        self._yes_to_unsafe.add(scope)
                return 0
            if answer in ("n", "no"):
                return None
            if answer in ("q", "quit"):
                self._has_quit = True
                return None
            if answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(others):
                return int(answer)
            self._out.write(f"{HELP}\n")


def typed_on_terminal(question: str) -> str | None:
    """What is typed behind a question; None at the end of the input."""
    ask(question)
    return sys.stdin.readline() or None


def _with_fix(finding: Finding, number: int) -> Finding:
    """A finding whose fix is its own, or one of the others."""
    if not number or finding.fix is None or number > len(finding.fix.alternatives):
        return finding
    return finding._replace(fix=finding.fix.alternatives[number - 1])
