"""Time stamps, for tests of what is kept until a file changes."""

from __future__ import annotations

import time
from pathlib import Path

from pyconcepts_lint.base.digests import stat_of
from pyconcepts_lint.caching.results import SETTLED


def age(root: Path) -> None:
    """Wait until a change of any file below would show in its time stamps."""
    newest = max(
        (stat[1] for path in (root, *root.rglob("*")) if (stat := stat_of(str(path)))), default=0
    )
    time.sleep(max((newest + SETTLED - time.time_ns()) / 1e9 + 0.01, 0))
