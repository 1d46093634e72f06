"""What earlier runs found out, kept beside the project in one SQLite database.

Nothing in it is executed or unpickled: a repository may carry a hostile cache. Where it is
missing, damaged, locked or can't be written, a run takes longer and says the same. Rows are
JSON with a checksum; a row that doesn't match its own is no row.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from .typed import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from typing import Any

DIRECTORY = ".pyconcepts_cache"
FILE = "cache.sqlite3"
LAYOUT = 1
"""The version of the tables; another one gets a new file."""
KEPT_RUNS = 50
"""How many whole runs (as told apart by paths and settings) are remembered."""

_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This directory holds the cache of pyconcepts-lint; it can be deleted at any time.
# See https://bford.info/cachedir/ for what this file means.
"""
_TABLES = """
CREATE TABLE IF NOT EXISTS rows (
    kind TEXT NOT NULL, key TEXT NOT NULL, sum BLOB NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""

Stat = tuple[int, int, int, int]


def digest(data: bytes | str) -> str:
    """A short name for some contents."""
    from hashlib import blake2b

    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=16).hexdigest()


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


class Cache:
    """The database of one cache directory.

    Args:
        directory: where it lies; made when first written to.

    No method raises for what is wrong with the cache.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.file = os.path.join(directory, f"v{LAYOUT}-{FILE}")
        self._new: dict[tuple[str, str], str] = {}
        self._unusable = False

    @contextmanager
    def _connection(self, *, write: bool) -> Iterator[sqlite3.Connection | None]:
        import sqlite3

        if not write and not os.path.isfile(self.file):
            yield None
            return
        mode = "rwc" if write else "ro"
        path = self.file.replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(
            f"file:{path}?mode={mode}", uri=True, timeout=5 if write else 1, isolation_level=None
        )
        try:
            connection.execute("PRAGMA synchronous = OFF")
            yield connection
        finally:
            connection.close()

    def get(self, kind: str, keys: Iterable[str]) -> dict[str, Any]:
        """The values of some keys, those that there are."""
        wanted = list(keys)
        found: dict[str, Any] = {}
        if not wanted or self._unusable:
            return found
        import json
        import sqlite3

        try:
            with self._connection(write=False) as connection:
                if connection is None:
                    return found
                if len(wanted) == 1:
                    rows = connection.execute(
                        "SELECT key, sum, data FROM rows WHERE kind = ? AND key = ?",
                        (kind, wanted[0]),
                    )
                else:
                    rows = connection.execute(
                        "SELECT key, sum, data FROM rows WHERE kind = ? "
                        "AND key IN (SELECT value FROM json_each(?))",
                        (kind, json.dumps(wanted)),
                    )
                for key, checksum, data in rows:
                    if isinstance(data, str) and checksum == _checksum(kind, key, data):
                        found[key] = json.loads(data)
        except sqlite3.OperationalError:
            self._unusable = True  # locked, most likely: waiting once is enough
        except (sqlite3.Error, OSError, ValueError, RecursionError):
            pass
        return found

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a value; written by `save`."""
        import json

        self._new[kind, key] = json.dumps(value, separators=(",", ":"), ensure_ascii=True)

    def save(self, used: Mapping[str, Sequence[str]] | None = None) -> None:
        """Write what is new, in one transaction.

        Args:
            used: of these kinds, every other key is forgotten once there are many.
        """
        if not self._new or self._unusable:
            return
        import sqlite3

        try:
            self._make_directory()
            with self._connection(write=True) as connection:
                assert connection is not None
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_TABLES)
                connection.executemany(
                    "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)",
                    (
                        (kind, key, _checksum(kind, key, data), data)
                        for (kind, key), data in self._new.items()
                    ),
                )
                for kind, keys in (used or {}).items():
                    self._prune(connection, kind, keys)
                connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                self._remove()  # damaged: the next run makes a new one
        except OSError:
            pass
        self._new.clear()

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
        os.makedirs(self.directory, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            path = os.path.join(self.directory, name)
            if not os.path.exists(path):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

    def _remove(self) -> None:
        for suffix in ("", "-journal"):
            with suppress(OSError):
                os.remove(self.file + suffix)


def _checksum(kind: str, key: str, data: str) -> bytes:
    from hashlib import blake2b

    text = f"{kind}\0{key}\0{data}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
