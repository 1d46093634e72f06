"""A project with about everything that is odd for a report, and its reports."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from pyconcepts_lint.__main__ import main

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"

WIDE = """\
class Zähler(Grund):
    def __init__(self):
        '日本 \U0001f40d'; super(
            Zähler, self
        ).__init__()
"""
OLD = "for key in {}.iteritems():\r\n    print('<script>alert(1)</script> & \x1b[31m')\r\n"
ODD = {
    "a b#c%41d.py": WIDE,
    "größe 日本.py": OLD,
    "[x](1) {0}.py": OLD,
    "<script>alert(1)</script>/&\"'.py": OLD,
    "-.py": OLD,
}
if os.name != "nt":
    ODD["new\nline.py"] = OLD
    ODD["tab\tesc\x1b.py"] = OLD


class OddProject(NamedTuple):
    """The directory `root` has the sample and odd files; `outside` lies elsewhere."""

    root: Path
    outside: Path
    write: Callable[..., str]
    """`write(format, *arguments)` gives the text of a report on all that."""


@contextmanager
def made(top: Path) -> Iterator[OddProject]:
    """The project, made below `top` and entered."""
    root = top / "pro ject#%é"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns(".pyconcepts_cache"))
    for name, text in ODD.items():
        path = root / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(text.encode())
    outside = top / "else where" / "out.py"
    outside.parent.mkdir()
    outside.write_bytes(OLD.encode())
    before = os.getcwd()
    os.chdir(root)

    def write(name: str, *arguments: str) -> str:
        report = top / "report"
        code = main(
            [
                *("-q", "--no-cache", "--jobs", "1"),
                *("--output-format", name, "--output-file", str(report)),
                *(arguments or (".", str(outside))),
            ]
        )
        assert code in (0, 1, 2)
        return report.read_bytes().decode()

    with pytest.MonkeyPatch.context() as patch:
        for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
            patch.delenv(name, raising=False)
        yield OddProject(root, outside, write)
    os.chdir(before)
