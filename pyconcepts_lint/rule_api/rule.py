"""What a rule is: the interface that built-in and third-party rules share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from ..base.finding import Applicability, Edit, Finding, Fix
from ..base.typed import TYPE_CHECKING
from .claim import Claim
from .file import LintedFile, Range

if TYPE_CHECKING:
    from typing import Any, ClassVar

    from ..base.settings import OptionValue
    from ..source import cst


class Rule:
    """A rule: one class in one file, whose docstring is its documentation page.

    The engine makes one instance for each file. It calls `check` once; then, if the class has
    `visit_…` or `leave_…` methods (named after libcst's node classes), it walks the top-level
    statements that touch one of `lines`; then it calls `finish`. A rule speaks by `report`.

    A rule must not depend on more than those statements being walked, nor on methods in them that
    hold none of `lines`: they are left out. The findings have to be the same when everything is
    walked. What lies outside the node at hand is asked of `self.file`, `self.file.module` and
    `self.file.project`.
    """

    code: ClassVar[str]
    """`PCL` and three digits; for rules from elsewhere, one to three other capital letters."""
    name: ClassVar[str]
    """The rule's name in words-with-hyphens."""
    on: ClassVar[bool] = True
    """Is it on by default?"""
    words: ClassVar[tuple[str, ...]] = ()
    """The rule can say something only where one of these stands in the text."""
    needs: ClassVar[tuple[str, ...]] = ()
    """The rule can say something only of a file that has one of these: `("captures",)`, a field of
    `ModuleFacts` that isn't empty, `("classes.events.kind=delete",)`. See `needs.py`."""
    needs_index: ClassVar[bool] = True
    """Skip files that only a newer Python can read: they have no facts."""
    reads_broken_files: ClassVar[bool] = False
    """Look at files, too, that no Python can read."""
    reads_stubs: ClassVar[bool] = True
    """Look at `.pyi` files, too. Not for rules that say what happens at run time: stubs never run."""
    raises: ClassVar[tuple[str, ...]] = ()
    """The built-in exceptions that the rule's claims are about, by name. The engine drops a claim
    where one of them is handled, or expected by a test."""
    dead_code: ClassVar[Mapping[str, str]] = {}
    """Kinds of code that never runs (see `claim.DEAD`) of which the rule speaks all the same,
    each with the reason. In any other the engine drops its claims."""
    options: ClassVar[Mapping[str, OptionValue]] = {}
    """What a project can set in `[tool.pyconcepts-lint.rules.CODE]`: names-with-hyphens, and the
    defaults, which also say of what type the values have to be."""

    def __init__(self, file: LintedFile) -> None:
        self.file = file
        self.claimed: list[Claim] = []
        self.findings: list[Finding] = []
        self.has_failed = False  # set by the engine when a method has raised

    def lines(self) -> Iterable[int] | None:
        """The 1-based lines on which the rule could report something; None for any line.

        The gate asks this, so it must be cheap, and must leave out no line that the walk would
        report. Unless a rule knows better, these are the lines that hold one of its `words`.
        """
        return self.file.lines_with(self.words) if self.words else None

    def statements(self) -> Iterable[tuple[int, int]]:
        """Statements, by first and last line, that the walk may see without what is around them.

        For a rule that knows from the index where it will report, and needs only the statement
        itself: parsing a statement is much cheaper than parsing the class it stands in. These
        come beside `lines`; `ancestors` then starts at the statement.
        """
        return ()

    def check(self) -> None:
        """Look at the file as a whole, without a tree."""

    def finish(self) -> None:
        """Called when all statements have been walked."""

    def review(self, findings: Sequence[Finding], ran: Collection[str]) -> None:
        """Called last, for what there is to say of the other rules' findings.

        Args:
            findings: what all rules have found in the file, `# noqa` or not.
            ran: the codes of the rules that have looked at the whole file.
        """

    def claims(self, file: LintedFile) -> Iterable[Claim]:
        """What the rule claims of a file, in any order.

        The engine calls this once for each file, asks for every claim whether its place runs and
        whether its error is handled, and reports the rest.
        """
        return ()

    def report(
        self,
        where: cst.CSTNode | Range,
        message: str,
        fix: Fix | None = None,
        raises: tuple[str, ...] | None = None,
    ) -> None:
        """Claim something of a place.

        Args:
            where: a node of the statement at hand, or a range of the file.
            message: a true sentence about this code, with the names involved.
            fix: what would answer it.
            raises: the exceptions that the message is about, where they are not the rule's.
        """
        place = where if isinstance(where, Range) else self.file.range(where)
        if not isinstance(message, str):
            raise TypeError(f"the message is {message!r:.60}, not a str")
        self.claimed.append(Claim(place, message, fix, raises))

    def say(self, claim: Claim, fix: Fix | None) -> None:
        """Make a finding of a claim that holds: for the engine."""
        file, message = self.file, claim.message
        if file.translation is not None:
            message = file.translation.spelled(message)
        self.report_in_source(file.original_range(claim.where), message, file.original_fix(fix))

    def report_in_source(self, where: Range, message: str, fix: Fix | None = None) -> None:
        """As `report`, with places in the file as it is on disk."""
        # Told here, it is told of this rule; any other code that looks at it would just fail.
        if not isinstance(message, str):
            raise TypeError(f"the message is {message!r:.60}, not a str")
        if len(where) != 4 or not all(isinstance(number, int) for number in where):
            raise TypeError(f"the place is {where!r:.60}, not a Range of int")
        self.findings.append(Finding(self.code, self.name, message, self.file.path, *where, fix))

    def option(self, name: str) -> Any:
        """The value of one of `options`: what the project has set, or the default."""
        return self.file.settings.rule_options(self.code).get(name, self.options[name])

    @property
    def ancestors(self) -> list[cst.CSTNode]:
        """During the walk: the nodes around the one at hand, the outermost first."""
        return self.file.ancestors

    @staticmethod
    def fix(
        applicability: Applicability,
        message: str,
        edits: Iterable[Edit],
        alternatives: Iterable[Fix] = (),
        *,
        python3: bool = False,
    ) -> Fix:
        """A fix to report.

        Args:
            applicability: does it surely keep, or restore, the meaning?
            message: what it does.
            edits: its edits, in `self.file.code`.
            alternatives: other ways out, for editors to offer.
            python3: does it write what Python 2 refuses, or means something else by? Of Python 2
                source it is then made only together with the fixes of its syntax.
        """
        return Fix(applicability, message, tuple(edits), tuple(alternatives), python3=python3)

    @classmethod
    def load(cls) -> type[Rule]:
        """The class itself: see `registry.Listed`."""
        return cls

    @classmethod
    @cache
    def visits(cls) -> bool:
        """Does the rule look at nodes at all?"""
        return any(name.startswith(("visit_", "leave_")) for name in dir(cls))

    @classmethod
    @cache
    def reviews(cls) -> bool:
        """Does the rule look at what the others found?"""
        return cls.review is not Rule.review

    @classmethod
    def page(cls) -> str:
        """The rule's documentation as Markdown: its docstring."""
        import inspect

        return inspect.getdoc(cls) or ""

    @classmethod
    def summary(cls) -> str:
        """The first line of its page."""
        return cls.page().partition("\n")[0]
