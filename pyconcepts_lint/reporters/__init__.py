"""The forms in which findings are written; each in a file of its own, imported when asked for."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping, Sequence

from ..base.cells import InCell, InJson, file_of
from ..base.finding import Finding
from ..base.settings import OUTPUT_FORMATS
from ..base.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import TextIO

    from ..source.text import Source
    from .folding import Folded

FORMATS = OUTPUT_FORMATS
"""The names of the formats; each is a module of this package with a function `write`."""

FOR_PEOPLE = frozenset({"full", "concise", "github", "grouped", "pylint", "azure"})
"""Formats that people read where they are written: a summary is said after them."""


FOLDING = frozenset({"full", "html"})
"""Formats that tell of many notes of one rule in one paragraph, and show the worst files first."""


LOOKS = {"error": "bold red", "warning": "bold yellow", "note": "bold blue"}
"""How the code and the severity of a finding look on a terminal."""


class Style(NamedTuple):
    """What a report has to know besides the findings.

    `width` is in terminal columns; `directory` is what paths are relative to. `contents` are
    the files, by path, that hold something else than what is on disk: standard input, fixes
    that are not written. `errors` are what went wrong in the tool itself, `notes` what else it
    says on standard error. `links` says whether the terminal can follow links.
    `folded` is what is said of notes that are too many to be shown.
    """

    width: int = 80
    color: bool = False
    directory: str = ""
    contents: Mapping[str, bytes] = {}
    errors: Sequence[str] = ()
    notes: Sequence[str] = ()
    links: bool = False
    folded: Sequence[Folded] = ()

    def from_top(self, variable: str) -> Style:
        """The style with paths relative to the checkout, which a CI service names in `variable`.

        Where there is no such environment variable, they stay relative to `directory`.
        """
        top = os.environ.get(variable)
        return self._replace(directory=os.path.realpath(top)) if top else self

    def path(self, path: str) -> str:
        """A path relative to the directory where it lies below it, with forward slashes."""
        if isinstance(path, InCell):
            return InCell(self.path(path.file), path.cell)
        inside = self.directory and path.startswith(self.directory.rstrip(os.sep) + os.sep)
        shown = os.path.relpath(path, self.directory) if inside else path
        return shown.replace(os.sep, "/")

    def linked(self, look: str, url: str | None) -> str:
        """A look of text in rich's words, with a link where there can be one."""
        return f"{look} link {url}" if url and self.links and self.color else look

    def to_file(self, look: str, path: str) -> str:
        """A look of text that leads to a file."""
        if not self.links:
            return look
        from urllib.parse import quote

        return self.linked(look, "file://" + quote(os.fsencode(file_of(path))))

    def to_page(self, look: str, code: str) -> str:
        """A look of text that leads to the page of a rule, where that is on the web."""
        if not self.links:
            return look
        from ..plugins.site import url_of

        return self.linked(look, url_of(code))

    def said(self, text: str) -> str:
        """What the tool says of itself, with paths below the directory relative to it."""
        directory = self.directory.rstrip(os.sep)
        return text.replace(directory + os.sep, "") if directory else text

    def source(self, path: str) -> Source | None:
        """A file, or a cell, as it was looked at; None where it isn't there or can't be read."""
        from ..source.text import Source, SourceError

        file = file_of(path)
        try:
            if file in self.contents:
                source = Source.from_bytes(self.contents[file], file)
            else:
                source = Source.read(file)
        except SourceError:
            return None
        if isinstance(path, InCell):
            return source.of_cell(path)
        return source.of_json() if isinstance(path, InJson) else source

    def text(self, path: str) -> str | None:
        """What a file says; None as for `source`."""
        source = self.source(path)
        return None if source is None else source.text


if TYPE_CHECKING:
    Writer = Callable[[Sequence[Finding], TextIO, Style], None]


def writer(name: str) -> Writer:
    """The function that writes findings in a format: `write(findings, out, style)`.

    `name` is one of FORMATS.
    """
    module = importlib.import_module(f"{__name__}.{name}")
    found: Writer = module.write
    return found
