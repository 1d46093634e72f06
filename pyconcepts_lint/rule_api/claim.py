"""What a rule claims of a place, before the engine has asked whether the place ever runs."""

from __future__ import annotations

from collections.abc import Callable

from ..base.finding import Fix
from ..base.typed import TYPE_CHECKING, NamedTuple
from .file import Range

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    MakeFix: TypeAlias = "Callable[[Any], Fix | None]"

DEAD = ("type checking", "python 2", "platform", "constant", "unreachable")
"""The kinds of code that never runs: under `if TYPE_CHECKING`; in a branch for Python 2; in one for
a platform that has no Python 3; under a test that is constant; behind a statement that leaves its
block."""


class Claim(NamedTuple):
    """A true sentence about a range of a file's `code`, with the names involved.

    `raises` are the built-in exceptions that the code raises there, by name (None for those of the
    rule): the engine drops the claim where one of them is handled or expected.

    `fix` is the answer, or a function that makes it of the libcst node that stands at the range;
    `node` names the classes of that node (`("Call",)`), the outermost one is taken.

    `in_source`: the range, and the edits of the fix, are places in `source`, the file as it is on
    disk. Such a claim speaks of the text, and is reported whether or not the place runs.
    """

    where: Range
    message: str
    fix: Fix | MakeFix | None = None
    raises: tuple[str, ...] | None = None
    node: tuple[str, ...] = ()
    in_source: bool = False
