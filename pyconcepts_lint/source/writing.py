"""Files are written wholly or not at all, and only where they hold what was looked at."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress

from ..base.lazy import lazy_pattern
from ..base.regular import LARGEST_SOURCE, read_regular

ANYTHING = b"\0anything"
"""What a file may hold that is replaced whatever it holds: no source file holds this."""
CHANGED = "has changed while it was looked at; left as it is"
LEFT_BEHIND = 1.0
"""Seconds after which a temporary file that no process has locked was left behind."""

_PREFIX, _SUFFIX = ".pyconcepts-", ".tmp"
_TEMPORARY = lazy_pattern(r"\.pyconcepts-[0-9a-f]{16}\.tmp")


class FileChanged(OSError):
    """A file isn't what was looked at: it holds something else, is gone, or is there by now."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EBUSY, CHANGED, path)


def write_atomically(path: str, data: bytes, before: bytes | None = ANYTHING) -> None:
    """Put `data` in the file at `path`, wholly or not at all.

    Args:
        path: the file.
        data: what it is to hold.
        before: what it has to hold until now; None where it must not be there.

    An existing file keeps its mode, and its owner where the system allows that; a symbolic
    link stays, the file it leads to is replaced. Another hard link to the file keeps the old
    contents. Raises FileChanged for a file that isn't as `before` says, and OSError with a reason
    in `strerror` for one that is not a regular one, is write-protected, or can't be written.
    Nothing is left behind then.
    """
    target = os.path.realpath(path)
    found = _writable(path, target, before)
    directory = os.path.dirname(target)
    temporary = os.path.join(directory, f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}")
    try:
        _fill(temporary, data, found)
        if before is None:
            _put_new(temporary, target, data)
        else:
            # As late as can be: from here to the end of the replacement, a change gets lost.
            if before is not ANYTHING and not holds(target, before):
                raise FileChanged(path)
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def check_writable(path: str) -> None:
    """Raises the OSError that `write_atomically` would surely raise, without writing anything."""
    target = os.path.realpath(path)
    _writable(path, target, ANYTHING)
    if not os.access(os.path.dirname(target), os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "its directory is write-protected", path)


def holds(path: str, data: bytes | None) -> bool:
    """Is this what a file holds now? None stands for a file that isn't there."""
    if data is None:
        return not os.path.lexists(path)
    try:
        return read_regular(path, LARGEST_SOURCE) == data
    except OSError:
        return False


def clear_left_behind(directories: Iterable[str]) -> None:
    """Remove from directories what a process left there that was killed while it wrote.

    A file that another process is just writing is locked, or too young.
    """
    for directory in directories:
        try:
            names = os.listdir(directory)
        except OSError:
            continue
        for name in names:
            if name.startswith(_PREFIX) and _TEMPORARY.fullmatch(name):
                with suppress(OSError):
                    _remove_left_behind(os.path.join(directory, name))


def _remove_left_behind(path: str) -> None:
    found = os.lstat(path)
    is_own = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
    if not (stat.S_ISREG(found.st_mode) and is_own and time.time() - found.st_mtime > LEFT_BEHIND):
        return
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        is_free = _lock(descriptor)
    finally:
        os.close(descriptor)
    if is_free:
        os.unlink(path)


def _writable(path: str, target: str, before: bytes | None) -> os.stat_result | None:
    """What a file is that may be written; None where there is none. Raises OSError."""
    if before is None:
        if os.path.lexists(path):
            raise FileChanged(path)
        return None
    try:
        found = os.stat(target)
    except FileNotFoundError:
        if before is not ANYTHING:
            raise FileChanged(path) from None
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is write-protected", path)
    return found


def _fill(temporary: str, data: bytes, found: os.stat_result | None) -> None:
    """Write a temporary file, to take the place of a file that is there or of none."""
    # What others may not read must not lie open before the mode is set; a new file gets
    # what the process's umask leaves of 0o666, as from open().
    mode = 0o666 if found is None else 0o600
    descriptor = _unnamed(os.path.dirname(temporary), mode)
    if descriptor is not None:
        with open(descriptor, "wb") as file, suppress(OSError):
            _write(file.fileno(), data, f"/proc/self/fd/{descriptor}", found)
            # os.link passes on that a link is to be followed only along with a descriptor.
            os.link(
                f"/proc/self/fd/{descriptor}",
                temporary,
                src_dir_fd=descriptor,
                follow_symlinks=True,
            )
            return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, mode)
    with open(descriptor, "wb") as file:
        _lock(descriptor)
        _write(file.fileno(), data, temporary, found)


def _unnamed(directory: str, mode: int) -> int | None:
    """A file without a name, which is gone when this process is killed; None if that can't be had.

    It is for Linux, and not for all of its file systems.
    """
    if not hasattr(os, "O_TMPFILE") or os.link not in os.supports_dir_fd:
        return None
    try:
        descriptor = os.open(directory, os.O_WRONLY | os.O_TMPFILE, mode)
    except OSError:
        return None
    if os.path.exists(f"/proc/self/fd/{descriptor}"):
        return descriptor
    os.close(descriptor)
    return None


def _write(descriptor: int, data: bytes, path: str, found: os.stat_result | None) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    if found is not None:
        _keep_owner_and_mode(descriptor, path, found)
    os.fsync(descriptor)


def _keep_owner_and_mode(descriptor: int, path: str, found: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        # The owner first: changing it takes set-uid and set-gid bits away.
        with suppress(OSError):
            os.fchown(descriptor, found.st_uid, found.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode))
    else:
        os.chmod(path, stat.S_IMODE(found.st_mode))


def _put_new(temporary: str, target: str, data: bytes) -> None:
    """Give a temporary file a name that must not be taken."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise FileChanged(target) from None
    except (OSError, AttributeError, NotImplementedError):
        pass  # a file system without hard links
    else:
        os.unlink(temporary)
        return
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        raise FileChanged(target) from None
    os.unlink(temporary)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
    except BaseException:
        with suppress(OSError):
            os.unlink(target)
        raise


def _lock(descriptor: int) -> bool:
    """Lock an open file for as long as it is open; False where another process has done so."""
    try:
        import fcntl
    except ImportError:  # Windows, which removes no file that is open
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True
