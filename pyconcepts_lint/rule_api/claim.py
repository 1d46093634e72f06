"""What a rule claims of a place, before the engine has asked whether the place ever runs."""

from __future__ import annotations

from collections.abc import Callable

from ..base.finding import Fix, Severity
from ..base.typed import TYPE_CHECKING, NamedTuple
from .file import Range

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    MakeFix: TypeAlias = "Callable[[Any], Fix | None]"

DEAD = ("type checking", "python 2", "platform", "constant", "unreachable")
"""The kinds of code that never runs: under `if TYPE_CHECKING`; in a branch for Python 2; in one for
a platform that has no Python 3; under a test that is constant; behind a statement that leaves its
block."""


class RelatedPlace(NamedTuple):
    """Another place that a claim speaks of, and what is there.

    `where` is a range of the file's `code`, or of the file at the absolute `path` where there is
    one. What is known of a place may be its line only: `line_range` makes a range of that.
    """

    message: str
    where: Range
    path: str = ""


def line_range(line: int) -> Range:
    """The place of a whole line, of which no columns are known."""
    return Range(line, 1, line, 1)


class Claim(NamedTuple):
    """A true sentence about a range of a file's `code`, with the names involved.

    `raises` are the built-in exceptions that the code raises there, by name (None for those of the
    rule): the engine drops the claim where one of them is handled or expected.

    `fix` is the answer, or a function that makes it of the libcst node that stands at the range;
    `node` names the classes of that node (`("Call",)`), the outermost one is taken.

    `in_source`: the range, and the edits of the fix, are places in `source`, the file as it is on
    disk. Such a claim speaks of the text, and is reported whether or not the place runs.

    `severity` is that of the rule, where it is None: the circumstances of a place may lower it.

    `related` are the other places that the message speaks of, or that make it true.

    `thing` names what the claim is about, where other places of the file may say the same of it:
    an attribute, a name. Claims of a rule with one thing and one fix are reported as one finding.
    """

    where: Range
    message: str
    fix: Fix | MakeFix | None = None
    raises: tuple[str, ...] | None = None
    node: tuple[str, ...] = ()
    in_source: bool = False
    severity: Severity | None = None
    related: tuple[RelatedPlace, ...] = ()
    thing: str = ""
