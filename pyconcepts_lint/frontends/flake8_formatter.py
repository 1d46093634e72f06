"""A flake8 formatter that also says what there is to say of files which flake8 can't parse.

flake8 runs no plugin on a file that `ast.parse` refuses (see `flake8_plugin`); all that it does
with such a file is to give its own E999 to the formatter. So this is the one place where flake8's
plugin interface leaves room to report on Python 2 source: `flake8 --format pyconcepts-lint`.
"""

from __future__ import annotations

import os
from functools import cached_property

from flake8.formatting.default import Default
from flake8.style_guide import StyleGuideManager

from ..base.typed import TYPE_CHECKING
from .flake8_plugin import Plugin

if TYPE_CHECKING:
    from flake8.violation import Violation

    from ..source.text import Source


class Formatter(Default):  # type: ignore[misc]
    """flake8's default format; behind a file's E999 come the findings of this linter.

    They obey flake8's options for codes and files, and `# noqa`. Where E999 itself is ignored, the
    formatter doesn't hear of the file.
    """

    def after_init(self) -> None:
        # The default formatter takes its own name for a format.
        self._told: set[str] = set()

    def handle(self, error: Violation) -> None:
        super().handle(error)
        if error.code in ("E999", "E902") and error.filename not in self._told:
            self._told.add(error.filename)
            self._tell(error.filename)

    def _tell(self, filename: str) -> None:
        from ..source.noqa import Suppressions
        from ..source.text import SourceError

        session = Plugin.session()
        is_stdin = filename == self.options.stdin_display_name
        if not is_stdin and not os.path.isfile(filename):
            return
        try:
            source: Source | None = session.read(filename)
        except SourceError:
            source = None
        suppressions = None
        if source is not None and not self.options.disable_noqa:
            suppressions = Suppressions(source)
        for line, column, text in session.lint(filename, ()):
            code, _, message = text.partition(" ")
            if suppressions is not None and suppressions.suppresses(line, code):
                continue
            shown = "" if source is None else source.line(line) + "\n"
            self._guides.handle_error(code, filename, line, column - 1, message, shown)

    @cached_property
    def _guides(self) -> StyleGuideManager:
        """What decides which codes of which files are reported."""
        return StyleGuideManager(self.options, self)
