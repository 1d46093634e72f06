"""The picture in the README shows what the command prints today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]


def test_the_picture_of_the_terminal_is_current() -> None:
    command = [sys.executable, str(ROOT / "docs" / "picture.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr


def test_the_picture_loads_nothing_from_elsewhere() -> None:
    path = ROOT / "docs" / "_static" / "terminal.svg"
    for node in ElementTree.parse(path).iter():
        for name, value in node.attrib.items():
            assert "//" not in value, (node.tag, name)
        assert "//" not in (node.text or "")
