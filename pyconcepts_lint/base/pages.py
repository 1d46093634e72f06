"""The pages that rules carry as docstrings: their sections, and the programs in them.

A page is Markdown: a summary line, then sections under `##` headings. The fenced blocks of a
section that say `python` or `python2` are the files of a program; a first line that is only a
comment with a path (`# shop/cart.py`) names the file, else it is `main.py`. The last of them is
the one that is run. An `output` block says what the program prints, and where it ends in an
exception also the last line of the traceback; the next `python` block starts another program.
"""

from __future__ import annotations

import posixpath
import re

from .typed import NamedTuple

_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1 *$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"# (\S+\.pyi?)[ \t]*(?:\n|\Z)")
_ADDED_BY_SOME = re.compile(
    r"\. Did you mean.*|\. Did you forget.*"
    r"| \(consider renaming .*| and no __dict__ for setting new attributes.*"
)


class Program(NamedTuple):
    """An example.

    `language` is `python` or `python2`; `files` are texts by path, with forward slashes;
    `main` is the path of the one that is run. `output` is what must come out; None where the
    page doesn't say, and the program then has to end without an exception.
    """

    language: str
    files: dict[str, str]
    main: str
    output: str | None

    @property
    def arguments(self) -> tuple[str, ...]:
        """What to call Python with, in the directory of the files: `-m` for a package's module."""
        directory = posixpath.dirname(self.main)
        if directory and f"{directory}/__init__.py" in self.files:
            module = self.main.removesuffix(".py").replace("/", ".")
            return ("-m", module.removesuffix(".__init__").removesuffix(".__main__"))
        return (self.main,)

    def is_confirmed(self, return_code: int, stdout: str, stderr: str) -> bool:
        """Does a run do what the page says?

        What only some Pythons put behind a message ("Did you mean …") doesn't count.
        """
        lines = stdout.splitlines()
        if return_code:
            lines += stderr.splitlines()[-1:]
        if self.output is None:
            return return_code == 0
        expected = self.output.splitlines()
        if return_code and lines and expected:
            lines[-1] = _ADDED_BY_SOME.sub("", lines[-1])
            expected[-1] = _ADDED_BY_SOME.sub("", expected[-1])
        return lines == expected


class Page(NamedTuple):
    """A page: the summary line, what stands before the first heading, the sections by title."""

    summary: str
    introduction: str
    sections: dict[str, str]

    def programs(self, title: str) -> list[Program]:
        """The programs of a section; none where there is no such section."""
        return programs(self.sections.get(title, ""))


def parse(text: str) -> Page:
    """Take a page apart. `text` is a docstring without its indentation (`Rule.page()`)."""
    spans = [match.span() for match in _FENCE.finditer(text)]
    sections: dict[str, str] = {}
    end = len(text)
    for match in reversed(list(_HEADING.finditer(text))):
        if not any(start <= match.start() < stop for start, stop in spans):
            sections[match[1]] = text[match.end() : end].strip()
            end = match.start()
    summary, _, introduction = text[:end].partition("\n")
    return Page(summary.strip(), introduction.strip(), dict(reversed(sections.items())))


def programs(section: str) -> list[Program]:
    """The programs in a piece of Markdown, in their order."""
    found: list[Program] = []
    finished = True
    for match in _FENCE.finditer(section):
        language, text = match[2].strip(), match[3]
        if language in ("python", "python2"):
            named = _PATH.match(text)
            path = named[1] if named else "main.py"
            if finished or path in found[-1].files or found[-1].language != language:
                found.append(Program(language, {}, path, None))
            found[-1].files[path] = text
            found[-1] = found[-1]._replace(main=path)
            finished = False
        elif language == "output" and found and not finished:
            found[-1] = found[-1]._replace(output=text)
            finished = True
    return found
