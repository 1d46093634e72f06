"""Check that a tag, the package's version and the changelog agree.

    python .ci/version.py v1.2.3 [--changes]

With `--changes`, print what the changelog says of that version.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def changes(version: str, changelog: str) -> str:
    """The section of one version in a changelog, without its heading.

    Raises:
        SystemExit: there is none, or its heading has no date.
    """
    heading = re.search(
        rf"^## \[{re.escape(version)}\](?P<rest>.*)$", changelog, flags=re.MULTILINE
    )
    if heading is None:
        raise SystemExit(f"CHANGELOG.md has no section [{version}]")
    if not re.fullmatch(r" - \d{4}-\d\d-\d\d", heading["rest"]):
        raise SystemExit(f"CHANGELOG.md: the section [{version}] has no date")
    return re.split(r"^## ", changelog[heading.end() :], flags=re.MULTILINE)[0].strip()


def main(arguments: list[str]) -> None:
    tag = next((word for word in arguments if not word.startswith("-")), "")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    if tag != f"v{version}":
        raise SystemExit(f"the tag is {tag!r}, and pyproject.toml says version {version}")
    said = changes(version, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if "--changes" in arguments:
        print(said)


if __name__ == "__main__":
    main(sys.argv[1:])
