"""What is noted of each file for the rules about metaclasses."""

from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index.extractor import Line, extractor

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex


@extractor(Line, words=("class",))
def derived_classes(index: FileIndex) -> Iterator[Line]:
    """The class statements with bases."""
    return (Line(facts.line) for facts in index.classes if facts.bases)


@extractor(Line, words=("class",))
def class_headers(index: FileIndex) -> Iterator[Line]:
    """The class statements with anything in their brackets."""
    return (
        Line(facts.line)
        for facts in index.classes
        if facts.bases or facts.keywords or facts.metaclass is not None
    )
