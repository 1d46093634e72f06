"""A repository may carry a cache that its author has made: it costs time, and nothing else."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pyconcepts_lint.caching import database as cache_module
from pyconcepts_lint.caching.database import Cache

BAD = "class Cart:\n    items = []\n\n    def add(self, item):\n        self.items.append(item)\n"
NAME = f"v{cache_module.LAYOUT}-cache.sqlite3"
OURS = {".gitignore", "CACHEDIR.TAG", NAME}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names and links are other ones there")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "home" / "work" / "project"
    root.mkdir(parents=True)
    (root / "cart.py").write_text(BAD)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    return root


def lint(
    root: Path, *arguments: str, code: str = "PCL104", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """A run with the cache, that has to say what it has to say, whatever the cache is."""
    done = subprocess.run(
        [sys.executable, "-m", "pyconcepts_lint", f"--select={code}", *arguments, "."],
        cwd=root,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=100,
        check=False,
    )
    assert (done.returncode, code.encode() in done.stdout) == (1, True), done.stderr
    assert b"error" not in done.stderr
    return done


def files(top: Path) -> set[str]:
    return {str(path.relative_to(top)) for path in top.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize(
    "name", [NAME, f"{NAME}-journal", f"{NAME}-wal", f"{NAME}-shm", ".gitignore", "CACHEDIR.TAG"]
)
@pytest.mark.parametrize("is_there", [False, True])
def test_no_link_in_the_directory_is_followed(root: Path, name: str, is_there: bool) -> None:
    (root / "x\nssh-ed25519 AAAA attacker\n.py").write_text(BAD)
    target = root.parent.parent / "authorized_keys"
    if is_there:
        target.write_text("mine\n")
    directory = root / ".pyconcepts_cache"
    directory.mkdir()
    (directory / name).symlink_to("../../../authorized_keys")
    before = files(root.parent)
    for _ in range(2):
        lint(root)
    assert target.exists() is is_there
    assert not is_there or target.read_text() == "mine\n"
    assert (directory / name).is_symlink()
    assert files(root.parent) - before <= {f"project/.pyconcepts_cache/{name}" for name in OURS}


@pytest.mark.parametrize("setting", ["", ".pyconcepts_cache/inner", "../project/.pyconcepts_cache"])
def test_no_linked_directory_is_followed(root: Path, setting: str) -> None:
    away = root.parent.parent / "away"
    away.mkdir()
    (root / ".pyconcepts_cache").symlink_to(away)
    if setting:
        text = f'[tool.pyconcepts-lint]\ncache-dir = "{setting}"\n'
        (root / "pyproject.toml").write_text(text)
    for _ in range(2):
        lint(root)
    assert list(away.iterdir()) == []


def test_a_database_that_has_another_name_too_is_not_used(root: Path) -> None:
    directory = root / ".pyconcepts_cache"
    directory.mkdir()
    (root.parent / "other").write_bytes(b"")
    os.link(root.parent / "other", directory / NAME)
    lint(root)
    assert (root.parent / "other").read_bytes() == b""


@pytest.mark.parametrize("name", ["a%41b", "b%2fsub", "c%00d", "d?mode=memory", "e#f", "g h", "é"])
def test_the_cache_of_a_directory_lies_in_it_whatever_it_is_called(root: Path, name: str) -> None:
    odd = root.parent / name
    root.rename(odd)
    before = files(root.parent)
    for _ in range(2):
        lint(odd)
    assert {path.name for path in (odd / ".pyconcepts_cache").iterdir()} == OURS
    assert files(root.parent) - before == {f"{name}/.pyconcepts_cache/{each}" for each in OURS}


def test_a_percent_sign_in_the_settings_means_itself(root: Path) -> None:
    (root / "pyproject.toml").write_text(
        '[tool.pyconcepts-lint]\ncache-dir = "../../authorized_keys%00"\n'
    )
    lint(root)
    assert not (root.parent.parent / "authorized_keys").exists()
    assert {path.name for path in (root.parent.parent / "authorized_keys%00").iterdir()} == OURS


@pytest.mark.parametrize("place", [".", "sub"])
def test_a_directory_with_files_gets_no_ignore_files(root: Path, place: str) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "more.py").write_text(BAD)
    (root / "pyproject.toml").write_text(f'[tool.pyconcepts-lint]\ncache-dir = "{place}"\n')
    before = files(root)
    for _ in range(2):
        assert lint(root).stdout.count(b"PCL104") == 2
    assert files(root) - before == {os.path.normpath(f"{place}/{NAME}")}


def test_names_of_files_put_no_line_of_their_own_into_the_database(root: Path) -> None:
    (root / "x\nssh-ed25519 AAAA attacker@evil\n.py").write_text(BAD)
    lint(root)
    data = (root / ".pyconcepts_cache" / NAME).read_bytes()
    assert b"attacker" in data  # in the paths of the findings, with escapes
    assert b"\nssh-ed25519" not in data


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_names_that_are_not_text_are_kept_as_well(root: Path, locale: str) -> None:
    top = os.path.join(os.fsencode(root.parent), b"\xe9")
    os.rename(root, top)
    with open(os.path.join(top, b"\xff.py"), "w") as file:
        file.write(BAD)
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for _ in range(3):
        assert lint(Path(os.fsdecode(top)), **environment).stdout.count(b"PCL104") == 2
    assert os.path.exists(os.path.join(top, b".pyconcepts_cache", NAME.encode()))


def _trigger(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TRIGGER evil AFTER INSERT ON rows BEGIN INSERT INTO rows "
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT 'k', x, x, x FROM n; END"
    )


def _view(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE rows")
    connection.execute(
        "CREATE VIEW rows AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT 'file' AS kind, '' AS key, x AS sum, x AS data FROM n"
    )


def _generated(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE rows")
    connection.execute(
        "CREATE TABLE rows (kind TEXT, key TEXT, sum BLOB, x INT, "
        "data TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL)"
    )


def _index(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE INDEX evil ON rows (length(hex(zeroblob(40000))))")


def _write_ahead(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")


def _many_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for number in range(2000):
        connection.execute(f"CREATE TABLE t{number} (x)")
    connection.execute("COMMIT")


def _other_rows(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT kind, key FROM rows").fetchall()
    cache = Cache(os.path.dirname(connection.execute("PRAGMA database_list").fetchone()[2]))
    connection.close()
    odd = [[1, "x"], [[], "x"], [["a", 1, 2, 3], "x"], [{}, []], "é", {"findings": [[1] * 9]}]
    for number, (kind, key) in enumerate(rows):
        cache.put(kind, key, odd[number % len(odd)])
    cache.save()


@pytest.mark.parametrize(
    "change", [_trigger, _view, _generated, _index, _write_ahead, _many_tables, _other_rows]
)
def test_a_crafted_database_is_made_anew(
    root: Path, change: Callable[[sqlite3.Connection], None]
) -> None:
    lint(root)
    file = root / ".pyconcepts_cache" / NAME
    connection = sqlite3.connect(file, isolation_level=None)
    change(connection)
    connection.close()
    for extra in file.parent.glob(f"{NAME}-*"):
        extra.unlink()
    started = time.monotonic()
    (root / "cart.py").write_text(BAD + "\n")  # so that there is something to write
    for _ in range(2):
        lint(root)
    assert time.monotonic() - started < 30
    with sqlite3.connect(file) as connection:
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        assert [row[:2] for row in schema] == [("table", "rows")]
        assert "GENERATED" not in schema[0][2]
        assert connection.execute("SELECT count(*) FROM rows WHERE kind = 'run'").fetchone()[0]


def test_a_journal_that_names_another_file_is_never_given_to_sqlite(root: Path) -> None:
    """SQLite deletes the "super-journal" that a journal names, wherever that lies."""
    lint(root)
    victim = root.parent / "victim"
    victim.write_text("precious\n")
    file = root / ".pyconcepts_cache" / NAME
    pages = file.stat().st_size // 4096
    name = os.fsencode(victim)
    number = sum(byte if byte < 128 else byte - 256 for byte in name) & 0xFFFFFFFF
    header = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + (0).to_bytes(4, "big") + bytes(4)
    header += pages.to_bytes(4, "big") + (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    journal = header.ljust(512, b"\0")
    lock_page = 0x40000000 // 4096 + 1
    journal += lock_page.to_bytes(4, "big") + name + len(name).to_bytes(4, "big")
    journal += number.to_bytes(4, "big") + header[:8]
    Path(f"{file}-journal").write_bytes(journal)
    for _ in range(2):
        lint(root)
    assert victim.read_text() == "precious\n"


@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
def test_a_fifo_is_not_waited_for(root: Path, suffix: str) -> None:
    directory = root / ".pyconcepts_cache"
    directory.mkdir()
    os.mkfifo(directory / (NAME + suffix))
    lint(root)


def test_a_database_that_takes_too_long_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "PATIENCE", -1)
    directory = tmp_path / "cache"
    cache = Cache(str(directory))
    for number in range(1000):
        cache.put("kind", str(number), number)
    cache.save()
    assert not (directory / NAME).exists()
    monkeypatch.setattr(cache_module, "PATIENCE", 20)
    cache = Cache(str(directory))
    cache.put("kind", "a", 1)
    cache.save()
    assert Cache(str(directory)).get("kind", ["a", "b"]) == {"a": 1}


def test_rows_that_are_larger_than_their_file_are_refused(tmp_path: Path) -> None:
    """The pages of a row may be shared by others: a small file could fill the memory."""
    directory = tmp_path / "cache"
    cache = Cache(str(directory))
    for number in range(9):
        cache.put("kind", str(number), "x" * 20_000)
    cache.save()
    data = (directory / NAME).read_bytes()
    assert len(Cache(str(directory)).get("kind", map(str, range(9)))) == 9
    # The database's head counts pages: SQLite takes a file that has lost some for a damaged one.
    (directory / NAME).write_bytes(data[: len(data) // 2])
    cache = Cache(str(directory))
    assert len(cache.get("kind", map(str, range(9)))) < 9
    cache.put("kind", "a", 1)
    cache.save()
    assert Cache(str(directory)).get("kind", ["a"]) == {"a": 1}


def test_a_full_disk_leaves_no_half_of_the_ignore_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "cache"
    real = open

    class Full:
        def __init__(self, file: object) -> None:
            self.file = file

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *of: object) -> None:
            self.file.close()  # type: ignore[attr-defined]

        def write(self, text: str) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(path: str, *rest: object, **options: object) -> object:
        file = real(path, *rest, **options)  # type: ignore[call-overload]
        return Full(file) if path.endswith(".gitignore") else file

    monkeypatch.setattr(cache_module, "open", opened, raising=False)
    cache = Cache(str(directory))
    cache.put("kind", "a", 1)
    cache.save()
    assert not directory.exists()
    monkeypatch.undo()
    cache = Cache(str(directory))
    cache.put("kind", "a", 1)
    cache.save()
    assert {path.name for path in directory.iterdir()} == OURS
    assert (directory / ".gitignore").read_text() == "*\n"
