"""What the scripts of this directory have in common: they keep files current.

With `--check` nothing is written; the exit code is 1 where a file isn't current.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def write_or_check(texts: Mapping[Path, str]) -> int:
    """Write the files whose text is another one, or say which these are.

    Args:
        texts: what the files should hold.

    Returns:
        The exit code.
    """
    changed = {
        path: text
        for path, text in texts.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    is_check = "--check" in sys.argv[1:]
    for path, text in changed.items():
        if is_check:
            print(f"{path.name} is not current; run {sys.argv[0]}", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if is_check and changed else 0
