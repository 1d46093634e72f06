"""What tells two contents, or two states of a file, apart."""

from __future__ import annotations

import os

Stat = tuple[int, int, int, int]


def digest(data: bytes | str) -> str:
    """A short name for some contents."""
    try:
        # As hashlib does, which loads OpenSSL first.
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    given = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return blake2b(given, digest_size=16).hexdigest()


def digest_of(path: str, data: bytes) -> str:
    """A short name for the contents of a file, and for what they are read as."""
    # The JSON of a notebook may be Python source as well.
    return digest(data) + ("-notebook" if path.endswith(".ipynb") else "")


def stat_of(path: str) -> Stat | None:
    """What tells, without reading, that a file or directory has not been changed.

    The change time is set by the kernel at every write; who sets the modification time back
    doesn't escape it.
    """
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
