"""What earlier runs found out, kept beside the project in one SQLite database.

A repository may carry a hostile cache. Nothing in it is executed or unpickled, no link in it is
followed, and SQLite is given no database but one that looks as this module makes it: a plain file
with one table, without journal. Where it is missing, damaged, odd, locked or can't be written, a
run takes longer and says the same. Rows are JSON with a checksum; a row that doesn't match its
own is no row. Their keys hold when each file of the tool was installed, to the nanosecond, which
the author of a repository doesn't know.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from ..base.digests import digest
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from typing import Any

DIRECTORY = ".pyconcepts_cache"
FILE = "cache.sqlite3"
LAYOUT = 2
"""The version of the tables; another one gets a new file."""
KEPT_RUNS = 50
"""How many whole runs (as told apart by paths and settings) are remembered."""
LARGEST = 2**30
"""Bytes that a database may have."""
LARGEST_ROW = 2**27
"""Bytes that a row may have."""
PATIENCE = 20
"""Seconds of computing that SQLite may need for what it is asked at once."""

_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This directory holds the cache of pyconcepts-lint; it can be deleted at any time.
# See https://bford.info/cachedir/ for what this file means.
"""
_IGNORE_FILES = (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n"))
_TABLE = """CREATE TABLE rows (
    kind TEXT NOT NULL, key TEXT NOT NULL, sum BLOB NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID"""
_SCHEMA = [("table", "rows", "rows", _TABLE)]
# Of other processes that look at the same database: SQLite would read, make and delete them.
_BESIDE = ("-journal", "-wal", "-shm")


class _OddError(Exception):
    """A cache that is not to be touched: it is not as this module makes it."""


class _DamagedError(Exception):
    """A database that is to be made anew."""


class Cache:
    """The database of one cache directory.

    Args:
        directory: where it lies; made when first written to.
        root: the project's directory. Below it, no directory on the way may be a symbolic link.

    No method raises for what is wrong with the cache.
    """

    def __init__(self, directory: str, root: str | None = None) -> None:
        self.directory = os.path.normpath(directory)
        self.root = root
        self.file = os.path.join(self.directory, f"v{LAYOUT}-{FILE}")
        self._new: dict[tuple[str, str], str] = {}
        self._unusable = False
        self._damaged = False
        self._reader: tuple[int, sqlite3.Connection] | None = None  # and the process's id

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the database, which reading has left open."""
        reader, self._reader = self._reader, None
        if reader is not None and reader[0] == os.getpid():
            reader[1].close()

    def get(self, kind: str, keys: Iterable[str]) -> dict[str, Any]:
        """The values of some keys, those that there are."""
        wanted = {_written(key): key for key in keys}
        found: dict[str, Any] = {}
        if not wanted or self._unusable or self._damaged:
            return found
        import json

        texts = {}
        with self._guarded(), self._connection(write=False) as connection:
            if connection is None:
                return found
            room = os.path.getsize(self.file)
            if len(wanted) == 1:
                rows = connection.execute(
                    "SELECT key, sum, data FROM rows WHERE kind = ? AND key = ?", (kind, *wanted)
                )
            else:
                rows = connection.execute(
                    "SELECT key, sum, data FROM rows WHERE kind = ? "
                    "AND key IN (SELECT value FROM json_each(?))",
                    (kind, json.dumps(list(wanted))),
                )
            for key, checksum, data in rows:
                # Rows that share their pages would fill the memory from a small file.
                room -= sum(len(value) for value in (checksum, data) if hasattr(value, "__len__"))
                if room < 0:
                    raise _DamagedError
                if isinstance(data, str) and checksum == _checksum(kind, key, data):
                    texts[wanted[key]] = data
        for key in list(texts):
            with suppress(ValueError, RecursionError):
                found[key] = json.loads(texts.pop(key))
        return found

    def present(self, kind: str, keys: Iterable[str]) -> set[str]:
        """Those of some keys that have a value, be it a damaged one."""
        wanted = {_written(key): key for key in keys}
        found: set[str] = set()
        if not wanted or self._unusable or self._damaged:
            return found
        import json

        with self._guarded(), self._connection(write=False) as connection:
            if connection is not None:
                rows = connection.execute(
                    "SELECT key FROM rows WHERE kind = ? "
                    "AND key IN (SELECT value FROM json_each(?))",
                    (kind, json.dumps(list(wanted))),
                )
                found.update(wanted[key] for (key,) in rows if key in wanted)
        return found

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a value; written by `save`."""
        import json

        data = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
        if len(data) < LARGEST_ROW:
            self._new[kind, _written(key)] = data

    def limit(self, size: int) -> None:
        """Forget all that is kept if it takes more room than this."""
        with suppress(OSError):
            if os.lstat(self.file).st_size > size:
                self._remove()

    def save(self, used: Mapping[str, Sequence[str]] | None = None) -> None:
        """Write what is new, in one transaction.

        Args:
            used: of these kinds, every other key is forgotten once there are many.
        """
        if not self._new or self._unusable:
            return
        with self._guarded():
            self._make_directory()
            if self._damaged:
                self._remove()
            self._make_file()
            with self._connection(write=True) as connection:
                assert connection is not None
                connection.execute("BEGIN IMMEDIATE")
                if not _schema(connection):
                    connection.execute(_TABLE)
                connection.executemany(
                    "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)",
                    (
                        (kind, key, _checksum(kind, key, data), data)
                        for (kind, key), data in self._new.items()
                    ),
                )
                for kind, keys in (used or {}).items():
                    self._prune(connection, kind, [_written(key) for key in keys])
                connection.execute("COMMIT")
        if self._damaged:
            self._remove()  # the next run makes a new one
        self._new.clear()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Take note of what is wrong with the cache instead of raising it."""
        import sqlite3

        try:
            yield
        except (sqlite3.OperationalError, OSError, ValueError, _OddError) as error:
            if str(error) == "interrupted":
                self._damaged = True  # see PATIENCE
            else:
                self._unusable = True  # locked, most likely: waiting once is enough
        except (sqlite3.Error, _DamagedError):
            self._damaged = True

    @contextmanager
    def _connection(self, *, write: bool) -> Iterator[sqlite3.Connection | None]:
        import sqlite3

        if write:
            self.close()
        elif self._reader is not None and self._reader[0] == os.getpid():
            _limit(self._reader[1])
            yield self._reader[1]
            return
        size = self._size()
        if not write and not size:
            yield None
            return
        connection = sqlite3.connect(
            f"{_uri(self.file)}?mode={'rw' if write else 'ro'}",
            uri=True,
            timeout=5 if write else 1,
            isolation_level=None,
        )
        try:
            _protect(connection)
            if _schema(connection) != _SCHEMA and not (write and not size):
                raise _DamagedError
            if not write:
                self._reader = (os.getpid(), connection)
            yield connection
        except BaseException:
            self._reader = None
            raise
        finally:
            if self._reader is None or self._reader[1] is not connection:
                connection.close()

    def _size(self) -> int | None:
        """How large the database is; None where there is none.

        Raises _OddError, _DamagedError or OSError where SQLite is not to be asked.
        """
        self._check_directories()
        for suffix in _BESIDE:
            if os.path.lexists(self.file + suffix):
                raise _OddError
        try:
            found = os.lstat(self.file)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise _OddError
        if found.st_size > LARGEST:
            raise _DamagedError
        if found.st_size:
            with open(self.file, "rb", opener=_open_no_link) as file:
                header = file.read(100)
            # The two bytes tell of a write-ahead log: SQLite would make further files.
            if header[:16] != b"SQLite format 3\0" or header[18:20] != b"\1\1":
                raise _DamagedError
        return found.st_size

    def _check_directories(self) -> None:
        """Raises _OddError where a symbolic link below the root is on the way."""
        if self.root is None:
            return
        directory = self.directory
        while directory.startswith(os.path.join(self.root, "")):
            if os.path.islink(directory):
                raise _OddError
            directory = os.path.dirname(directory)

    @staticmethod
    def _prune(connection: sqlite3.Connection, kind: str, keys: Sequence[str]) -> None:
        import json

        (count,) = connection.execute(
            "SELECT count(*) FROM rows WHERE kind = ?", (kind,)
        ).fetchone()
        if count > 2 * len(keys) + KEPT_RUNS:
            connection.execute(
                "DELETE FROM rows WHERE kind = ? AND key NOT IN (SELECT value FROM json_each(?))",
                (kind, json.dumps(list(keys))),
            )

    def _make_directory(self) -> None:
        """Make the directory, with the files that keep it out of git and of backups.

        They are written only where there was nothing before: what a directory holds may be
        another's. Raises OSError or _OddError.
        """
        self._check_directories()
        if os.path.isdir(self.directory) and os.listdir(self.directory):
            return
        os.makedirs(self.directory, exist_ok=True)
        made = []
        try:
            for name, text in _IGNORE_FILES:
                path = os.path.join(self.directory, name)
                try:
                    file = open(path, "x", encoding="utf-8", opener=_open_no_link)  # noqa: SIM115
                except FileExistsError:
                    continue  # of a run that started at the same time
                made.append(path)
                with file:
                    file.write(text)
        except OSError:
            # Half of it would stay for ever.
            with suppress(OSError):
                for path in made:
                    os.remove(path)
                os.rmdir(self.directory)
            raise

    def _make_file(self) -> None:
        with suppress(FileExistsError), open(self.file, "xb", opener=_open_no_link):
            pass

    def _remove(self) -> None:
        """Take the database away; of a link, that would be the link itself."""
        self.close()
        with suppress(OSError):
            os.remove(self.file)
            self._damaged = False


def _protect(connection: sqlite3.Connection) -> None:
    """Let a hostile database neither run anything, nor fill the memory, nor take for ever."""
    import sqlite3

    _limit(connection)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_ROW)
    connection.text_factory = lambda data: data.decode("ascii", "replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")


def _limit(connection: sqlite3.Connection) -> None:
    """Give what SQLite is asked next the time that it may take."""
    import time

    started = time.thread_time()
    connection.set_progress_handler(lambda: time.thread_time() - started > PATIENCE, 1_000)


def _schema(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """What the database has of tables, views, indices and triggers; of many only two."""
    statement = "SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 2"
    return connection.execute(statement).fetchall()


def _uri(path: str) -> str:
    """A file's URI: no byte of its name means anything but itself."""
    path = os.path.abspath(path).replace(os.sep, "/")
    quoted = "".join(
        chr(byte) if (chr(byte).isalnum() and byte < 128) or byte in b"/._-~:" else f"%{byte:02x}"
        for byte in os.fsencode(path)
    )
    return f"file://{quoted}" if quoted.startswith("/") else f"file:///{quoted}"


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _written(key: str) -> str:
    """A key as it is kept: no name of a file may put a line of its own into the database."""
    return key if key.isascii() and key.isprintable() else digest(key)


def _checksum(kind: str, key: str, data: str) -> bytes:
    from hashlib import blake2b

    text = f"{kind}\0{key}\0{data}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
