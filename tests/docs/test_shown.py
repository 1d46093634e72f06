"""What the pages show is what comes out when their commands and programs run."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

import shown


@pytest.mark.parametrize("page", shown.PAGES)
def test_outputs_are_the_real_ones(page: str, tmp_path: Path) -> None:
    shown.start(page, tmp_path)
    text = (shown.DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert shown.carried_out(page, tmp_path) == text
