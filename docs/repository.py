"""Write the repository's address, which pyproject.toml has, wherever pages and files need it.

    python docs/repository.py [--check]

With `--check` nothing is written; the exit code is 1 where another address stands somewhere.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from current import write_or_check

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = PROJECT["name"]
ADDRESS = PROJECT["urls"]["Repository"]


def files() -> list[Path]:
    """The files in which the address stands, or may stand."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CITATION.cff"]
    found += [ROOT / "pyproject.toml"]
    found += sorted((ROOT / "docs").glob("*.md"))
    return found


def with_address(text: str) -> str:
    """The text with the project's own address in place of any other of the same repository."""
    owner = ADDRESS.removesuffix(f"/{NAME}").rpartition("/")[2]
    uses = rf"(?P<before>uses: )[\w-]+/{re.escape(NAME)}@"
    text = re.sub(uses, rf"\g<before>{owner}/{NAME}@", text)
    return re.sub(rf"https://github\.com/[\w-]+/{re.escape(NAME)}(?![\w-])", ADDRESS, text)


if __name__ == "__main__":
    sys.exit(
        write_or_check({path: with_address(path.read_text(encoding="utf-8")) for path in files()})
    )
