"""Write the repository's address, which pyproject.toml has, wherever pages and files need it.

    python docs/repository.py [--check]

With `--check` nothing is written; the exit code is 1 where another address stands somewhere.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = PROJECT["name"]
ADDRESS = PROJECT["urls"]["Repository"]


def files() -> list[Path]:
    """The files in which the address stands, or may stand."""
    found = [ROOT / "README.md", ROOT / "CITATION.cff", ROOT / "pyproject.toml"]
    found += sorted((ROOT / "docs").glob("*.md"))
    return found


def with_address(text: str) -> str:
    """The text with the project's own address in place of any other of the same repository."""
    owner = ADDRESS.removesuffix(f"/{NAME}").rpartition("/")[2]
    uses = rf"(?P<before>uses: )[\w-]+/{re.escape(NAME)}@"
    text = re.sub(uses, rf"\g<before>{owner}/{NAME}@", text)
    return re.sub(rf"https://github\.com/[\w-]+/{re.escape(NAME)}(?![\w-])", ADDRESS, text)


def main() -> int:
    is_current = True
    for path in files():
        text = path.read_text(encoding="utf-8")
        current = with_address(text)
        if current == text:
            continue
        is_current = False
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT)}: another address; run {__file__}", file=sys.stderr)
        else:
            path.write_text(current, encoding="utf-8")
    return 1 if "--check" in sys.argv[1:] and not is_current else 0


if __name__ == "__main__":
    sys.exit(main())
