"""Reading files of a project, which may be hostile: only regular ones, of a sane size.

A FIFO would be waited for without end, and a device may never come to its end.
"""

from __future__ import annotations

import errno
import os
import stat

LARGEST = 64 * 1024 * 1024
"""Bytes that a file of settings, patterns or requirements may have."""
LARGEST_SOURCE = 256 * 1024 * 1024
"""Bytes that a file of source may have."""

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


def read_regular(path: str, largest: int = LARGEST, *, follow: bool = True) -> bytes:
    """What a regular file holds.

    Args:
        path: the file.
        largest: how many bytes it may have.
        follow: may it be a symbolic link?

    Raises OSError, with a reason in `strerror`, for all else.
    """
    try:
        # Even to open a device may do something.
        _check(os.stat(path, follow_symlinks=follow), path, largest)
    except ValueError as error:  # a NUL, or what the system's encoding lacks
        raise OSError(errno.EINVAL, str(error), path) from None
    descriptor = os.open(path, _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    try:
        size = _check(os.fstat(descriptor), path, largest)
        # The size may be another by now; the system's own files (/proc) say that they have none.
        parts = [os.read(descriptor, size + 1)]
        length = len(parts[0])
        while parts[-1]:
            if length > largest:
                raise _too_large(path)
            parts.append(os.read(descriptor, 65536))
            length += len(parts[-1])
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _check(found: os.stat_result, path: str, largest: int) -> int:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    if found.st_size > largest:
        raise _too_large(path)
    return found.st_size


def _too_large(path: str) -> OSError:
    return OSError(errno.EFBIG, "it is too large", path)
