"""The directory in which a user's programs keep what they can find out again."""

from __future__ import annotations

import os
import sys


def user_cache_directory() -> str:
    """The directory for this tool, which need not be there yet.

    Raises FileNotFoundError where there is none: without a home it would be in the working
    directory, which may belong to another user.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not os.path.isabs(base):
        raise FileNotFoundError(base)
    return os.path.join(base, "pyconcepts-lint")
