"""What a rule is: the interface that built-in and third-party rules share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from ..base.finding import Applicability, Edit, Finding, Fix, Severity
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, ClassVar

    from ..base.settings import OptionValue
    from ..index.project import Project
    from .claim import Claim
    from .file import FileContext


class Rule:
    """A rule: one class in one file, whose docstring is its documentation page.

    The engine makes one instance for each file, and asks it for `claims`; when all rules have been
    asked, it asks for `review`.
    """

    code: ClassVar[str]
    """`PCL` and three digits; for rules from elsewhere, one to three other capital letters."""
    name: ClassVar[str]
    """The rule's name in words-with-hyphens."""
    on: ClassVar[bool] = True
    """Is it on by default?"""
    severity: ClassVar[Severity] = "warning"
    """`error` where what runs the code raises, `warning` where it does something else than it says,
    `note` where it could be said better. A claim may have another one."""
    unnecessary: ClassVar[bool] = False
    """Does it report only code that can go? Editors show that faded."""
    words: ClassVar[tuple[str, ...]] = ()
    """The rule can say something only where one of these stands in the text."""
    facts: ClassVar[tuple[str, ...]] = ()
    """The rule can say something only of a file that has one of these facts: tables that extractors
    make, fields of `ModuleFacts`, questions of `index.questions`."""
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
    silences: ClassVar[Mapping[str, str]] = {}
    """When it says nothing of what looks like its subject: the reason, and the name of the program
    that shows it (`tests/silences/programs.txt`). docs/silences.md is made of them."""
    options: ClassVar[Mapping[str, OptionValue]] = {}
    """What a project can set in `[tool.pyconcepts-lint.rules.CODE]`: names-with-hyphens, and the
    defaults, which also say of what type the values have to be."""

    def __init__(self, file: FileContext) -> None:
        self.file = file

    def claims(self, file: FileContext) -> Iterable[Claim]:
        """What the rule claims of a file, in any order.

        The engine asks of every claim whether its place runs and whether its error is handled, and
        reports the rest.
        """
        return ()

    def review(self, findings: Sequence[Finding], ran: Collection[str]) -> Iterable[Claim]:
        """What there is to say of the other rules' findings.

        Args:
            findings: what all rules have found in the file, `# noqa` or not.
            ran: the codes of the rules that have looked at the whole file.
        """
        return ()

    @classmethod
    def overview(cls, projects: Sequence[Project]) -> str:
        """What there is to say of whole projects in which the rule has many notes: a clause that
        follows their number. "" for nothing."""
        return ""

    def option(self, name: str) -> Any:
        """The value of one of `options`: what the project has set, or the default."""
        return self.file.settings.rule_options(self.code).get(name, self.options[name])

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
