"""The patterns of .gitignore files: pathspec reads them, here they are made to take no time.

pathspec's regular expressions try each star again and again, and some patterns take for ever. They
are written anew as `fnmatch` writes its own: what stands between two stars is taken at the first
place where it fits, for the second star takes what is left. The same goes for `**`.

A pattern matches a path itself only, and not what is in a directory that it matches, for discovery
walks from directory to directory, and the last pattern that matches a path decides.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

try:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern
except ImportError:  # before 1.0
    from pathspec.patterns.gitwildmatch import GitWildMatchPattern as GitIgnoreSpecPattern

_LONGEST = 4096
"""No path is longer."""
_MOST = 6
"""As many stars may be in an expression that isn't understood."""

# The parts of pathspec's expressions
_ENDS = (
    (re.compile(r"\(\?:\(\?P<\w+>/\)(?:\|\$\)|\.\*\)\?\$)\Z"), r"/?\Z"),
    (re.compile(r"\(\?P<\w+>/\)(?:\.\*\$)?\Z"), r"/\Z"),
    (re.compile(r"/(?:\.\*\$)?\Z"), r"/(?!\Z)"),
)
_GAP = "(?:.+/)?"
_GAP_BEFORE_SLASH = "(?:/.+)?/"
_PART = re.compile(r"\[\^?\]?[^\]]*+\][*+]?|\\.|[^\\()\[\]{}*+?.|^$]", re.DOTALL)
_ONE, _ANY, _SOME = "[^/]", "[^/]*", "[^/]+"


class IgnorePattern(GitIgnoreSpecPattern):
    """A pattern of a .gitignore file, for paths relative to its directory; those of directories
    end with a slash."""

    @classmethod
    def pattern_to_regex(cls, pattern: str) -> tuple[str | None, bool | None]:  # type: ignore[override]
        expression, include = super().pattern_to_regex(pattern)
        written = None if expression is None else without_backtracking(expression)
        return written, None if written is None else include


def read_patterns(data: bytes) -> Sequence[IgnorePattern]:
    """The patterns in a file, the last one first: the first that matches decides."""
    text = data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of `[[` in expressions
        for line in text.split("\n"):
            if len(line) > _LONGEST:
                continue
            try:
                pattern = IgnorePattern(line)
            except (ValueError, re.error):  # git passes over what it can't read, too
                continue
            if pattern.include is not None:
                found.append(pattern)
    return found[::-1]


def without_backtracking(expression: str) -> str | None:
    """An expression of pathspec that matches the same, and takes no star twice.

    One whose form isn't known stays as it is; None, if it might take long.
    """
    for form, end in _ENDS:
        if found := form.search(expression):
            head = expression[: found.start()]
            chains = head.removeprefix("^").replace(_GAP_BEFORE_SLASH, "/" + _GAP).split(_GAP)
            written = [_chain(chain) for chain in chains]
            if None not in written:
                first, *others = map(str, written)
                between = "".join(f"(?>(?:[^/]++/)*?{chain})" for chain in others[:-1])
                last = "".join(f"(?:[^/]++/)*?{chain}" for chain in others[-1:])
                start = "^" if head.startswith("^") else ""
                return f"(?s){start}{first}{between}{last}{end}"
            break
    stars = expression.count("*") + expression.count("+")
    return expression if stars <= _MOST else None


def _chain(text: str) -> str | None:
    """The expression for names with slashes between them; None, if it has another form."""
    parts = _PART.findall(text)
    if sum(map(len, parts)) != len(text):
        return None
    names: list[list[str]] = [[]]
    for part in parts:
        if part == "/":
            names.append([])
        else:
            names[-1].append(part)
    return "/".join(map(_name, names))


def _name(parts: list[str]) -> str:
    pieces = [""]
    for part in parts:
        if part in (_ANY, _SOME):
            pieces[-1] += _ONE if part == _SOME else ""
            pieces.append("")
        else:
            pieces[-1] += f"(?!/){part}" if part[0] == "[" and part != _ONE else part
    first, *others = pieces
    if not others:
        return first
    between = "".join(f"(?>[^/]*?{piece})" for piece in others[:-1] if piece)
    return rf"(?>{first}{between}[^/]*{others[-1]}(?=/|\Z))"
