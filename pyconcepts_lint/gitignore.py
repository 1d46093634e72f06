"""The patterns of .gitignore files, with the meaning that gitignore(5) gives them.

They are asked about every file and directory of a project in every run, so they are sorted
into sets of names and a few regular expressions when they are read.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

_DIRECTORY = "\0"
"""What stands at the end of a directory's path when it is compared: no path contains it."""

_TRAILING_SPACES = re.compile(r"(?<!\\) +\Z")
_PLAIN = re.compile(r"[^*?\[\\/]+")
_SPECIAL = re.compile(r"[*?\[\\]")
_TOKEN = re.compile(
    r"""
    (?P<stars>\*+)
    | (?P<any>\?)
    | (?P<set>\[[!^]?+(?:\](?:-(?:\\.|[^\]\\]))?)?+
        (?:\[:[a-z]+:\]|(?:\\.|[^\]\\])(?:-(?:\\.|[^\]\\]))?)*+\])
    | \\?(?P<literal>[^\\])
    | \\(?P<backslash>\\)
    """,
    re.VERBOSE | re.DOTALL,
)
_MEMBER = re.compile(r"\[:(?P<kind>[a-z]+):\]|\\?(?P<first>.)(?:-\\?(?P<last>[^\]]))?", re.DOTALL)
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t-\\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class _Line(NamedTuple):
    ignores: bool
    only_directories: bool
    is_path: bool
    pattern: str


class _Group(NamedTuple):
    """Lines that follow each other and say the same: to ignore, or not to ignore."""

    ignores: bool
    names: frozenset[str]
    directory_names: frozenset[str]
    name: re.Pattern[str] | None
    path: re.Pattern[str] | None


class GitIgnore:
    """What one .gitignore file says about the entries of its directory and those below it.

    It is right about an entry only where no directory above that entry is ignored: git does
    not look into those.
    """

    __slots__ = ("_groups",)

    def __init__(self, data: bytes) -> None:
        # git compares bytes (`?` is one of them), hence characters that stand for bytes.
        text = data.removeprefix(codecs.BOM_UTF8).decode("latin-1")
        lines = [line for line in map(_parsed, text.split("\n")) if line is not None]
        # The last line that matches decides.
        lines.reverse()
        self._groups = [
            _group(ignores, list(group))
            for ignores, group in groupby(lines, lambda line: line.ignores)
        ]

    def __bool__(self) -> bool:
        return bool(self._groups)

    def ignores(self, path: str, is_directory: bool) -> bool | None:
        """Is the entry ignored? None where no line matches it.

        `path` is relative to the directory of the .gitignore file, with forward slashes.
        """
        if not path.isascii():
            path = os.fsencode(path).decode("latin-1")
        name = path[path.rfind("/") + 1 :]
        end = _DIRECTORY if is_directory else ""
        for group in self._groups:
            if (
                name in group.names
                or (is_directory and name in group.directory_names)
                or (group.name is not None and group.name.fullmatch(name + end))
                or (group.path is not None and group.path.fullmatch(path + end))
            ):
                return group.ignores
        return None


def _parsed(line: str) -> _Line | None:
    line = _TRAILING_SPACES.sub("", line.removesuffix("\r"))
    if line.startswith("#"):
        return None
    ignores = not line.startswith("!")
    pattern = line if ignores else line[1:]
    only_directories = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    is_path = "/" in pattern
    pattern = pattern.removeprefix("/")
    if not pattern:
        return None
    return _Line(ignores, only_directories, is_path, pattern)


def _group(ignores: bool, lines: list[_Line]) -> _Group:
    names: set[str] = set()
    directory_names: set[str] = set()
    expressions: dict[bool, list[str]] = {False: [], True: []}
    for line in lines:
        if not line.is_path and _PLAIN.fullmatch(line.pattern):
            (directory_names if line.only_directories else names).add(line.pattern)
            continue
        expression = _translated(line.pattern, line.is_path)
        if expression is not None:
            end = _DIRECTORY if line.only_directories else f"{_DIRECTORY}?"
            expressions[line.is_path].append(expression + end)
    return _Group(
        ignores,
        frozenset(names),
        frozenset(directory_names),
        _any_of(expressions[False]),
        _any_of(expressions[True]),
    )


def _any_of(expressions: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(expressions)
    return re.compile(joined, re.DOTALL) if joined else None


def _translated(pattern: str, is_path: bool) -> str | None:
    """A regular expression for a pattern; None for one that nothing matches."""
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None or (token["literal"] == "[" and token[0] == "["):
            return None
        start, position = token.span()
        if token["stars"]:
            # Two stars are more than one only where they stand alone between slashes; git sets
            # the plain text that a pattern starts with aside before it looks for the first.
            before = pattern[start - 1] == "/" or not _SPECIAL.search(pattern, 0, start)
            after = pattern[position : position + 1]
            if not is_path or len(token[0]) < 2 or not before or after not in ("", "/"):
                parts.append("[^/\0]*")
            elif after:
                parts.append("(?:[^\0]*/)?")
                position += 1
            else:
                parts.append("[^\0]+")
        elif token["any"]:
            parts.append("[^/\0]")
        elif token["set"]:
            expression = _set(token["set"])
            if expression is None:
                return None
            parts.append(expression)
        else:
            parts.append(re.escape(token["literal"] or token["backslash"]))
    return "".join(parts)


def _set(text: str) -> str | None:
    negated = text[1] in "!^"
    members = []
    for member in _MEMBER.finditer(text, 1 + negated, len(text) - 1):
        kind, first, last = member.group("kind", "first", "last")
        if kind is not None:
            if kind not in _CLASSES:
                return None
            members.append(_CLASSES[kind])
        elif last is None or last < first:
            # git compares with the start of a range before it looks at the end.
            members.append(re.escape(first))
        else:
            members.append(f"{re.escape(first)}-{re.escape(last)}")
    return f"(?![/\0])[{'^' if negated else ''}{''.join(members)}]"
