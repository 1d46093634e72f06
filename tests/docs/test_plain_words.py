"""Code, comments, pages and messages say who or what acts, in plain technical English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VAGUE = re.compile(
    r"\b(?:somebody|nobody|whoever|anybody)\b|what is over|has something for|have it said", re.I
)
FILES = sorted(
    path
    for pattern in ("*.md", "pyconcepts_lint/**/*.py", "rules/**/*.py", "docs/*.md")
    for path in ROOT.glob(pattern)
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_people_are_not_the_subject_of_sentences_about_code(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if VAGUE.search(line)] == []
