"""Notebooks of a real package: each is read, kept to the byte, and fixed in its cells only."""

from __future__ import annotations

import difflib
import json
import shutil
from pathlib import Path
from typing import Any

import download
import pytest

from pyconcepts_lint.source.text import Source
from pyconcepts_lint.testing import lint_paths as run

pytestmark = pytest.mark.corpus

PACKAGE = download.Package(
    "ipyparallel",
    "5.2.0",
    "new",
    "ipyparallel-5.2.0.zip",
    "69050a571ef7d9ee74699f363b300d8f8b2873d916d04ccf83d69217f28cdbd1",
)
"""Thirteen notebooks with magics, outputs, and some Python 2."""
OLD = "rmt.ipynb"
PRINT = '    print "Running with", num_per_engine, "per engine."'


@pytest.fixture
def notebooks(tmp_path: Path) -> list[Path]:
    """Copies of the package's notebooks; skips the test where they can't be had."""
    try:
        root = download.unpacked(PACKAGE)
    except download.Unavailable as reason:
        pytest.skip(str(reason))
    copies = []
    for number, path in enumerate(sorted(root.rglob("*.ipynb"))):
        copy = tmp_path / str(number) / path.name
        copy.parent.mkdir()
        copies.append(Path(shutil.copy(path, copy)))
    assert len(copies) == 13
    return copies


def without_sources(raw: bytes) -> Any:
    content = json.loads(raw)
    for cell in content["cells"]:
        del cell["source"]
    return content


def test_each_notebook_is_read_and_kept(notebooks: list[Path]) -> None:
    for path in notebooks:
        source = Source.read(str(path))
        assert source.notebook is not None
        assert source.text
        assert source.encode(source.text) == path.read_bytes()
    assert run([str(path) for path in notebooks], {"select": ["PCL901"]}, jobs=1).findings == []


def test_a_fix_shows_in_the_cells_only(notebooks: list[Path]) -> None:
    nbformat: Any = pytest.importorskip("nbformat")
    before = {path: path.read_bytes() for path in notebooks}
    report = run([str(path) for path in notebooks], {"select": ["PCL"]}, jobs=1, fix=True)
    assert report.errors == []
    changed = [path for path in notebooks if path.read_bytes() != before[path]]
    assert OLD in {path.name for path in changed}
    for path in changed:
        after = path.read_bytes()
        assert without_sources(after) == without_sources(before[path])
        nbformat.validate(nbformat.reads(after.decode(), as_version=4))
        assert len(after.splitlines()) == len(before[path].splitlines())
    (old,) = [path for path in changed if path.name == OLD]
    one, other = (data.decode().splitlines() for data in (before[old], old.read_bytes()))
    diff = [
        line
        for line in difflib.unified_diff(one, other, n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    escaped = PRINT.replace('"', '\\"')
    assert diff[0] == f'-    "{escaped}\\n",'
    new = escaped.replace("print ", "print(") + ")"
    assert diff[1] == f'+    "{new}\\n",'
