"""Facts of installed files are kept once for all projects that share an environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from test_stale import SETS, SETS_NOT, age

from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.caching import library as kept
from pyconcepts_lint.running.run import run

MAIN = "from lib import Base\n\n\nclass Basket(Base):\n    items = []\n\n"
MAIN += "    def add(self, item):\n        self.items.append(item)\n"


class Worlds:
    """Two projects that share an environment, and which installed files are read for them."""

    def __init__(self, root: Path, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.env = env
        self.lib = env / "lib/python3.11/site-packages/lib.py"
        self.read: list[str] = []
        self.roots = [root / name for name in ("one", "two")]
        for each in self.roots:
            each.mkdir()
            (each / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nselect = ['PCL104']\n")
            (each / "main.py").write_text(MAIN)
            (each / "more.py").write_text(MAIN)
        original = kept.read_installed
        monkeypatch.setenv("VIRTUAL_ENV", str(env))
        monkeypatch.setattr(
            kept, "read_installed", lambda path: (self.read.append(path), original(path))[1]
        )
        age(root)

    def findings(self, number: int, **options: object) -> int:
        kept.library.cache_clear()  # as another process
        request = RunRequest((str(self.roots[number]),), jobs=1)
        return len(run(request, Configuration(options)).findings)


@pytest.fixture
def worlds(tmp_path: Path, environment, monkeypatch: pytest.MonkeyPatch) -> Worlds:
    return Worlds(tmp_path, environment({"lib.py": SETS}), monkeypatch)


def test_an_installed_file_is_read_once_for_all_projects(worlds: Worlds, user_cache: Path) -> None:
    assert worlds.findings(0) == 0
    assert worlds.read == [str(worlds.lib)]
    assert worlds.findings(1) == 0
    assert worlds.read == [str(worlds.lib)]
    assert sorted(path.name for path in user_cache.iterdir())[-1].endswith(".sqlite3")


def test_an_installed_file_that_has_changed_is_read_again(worlds: Worlds) -> None:
    assert worlds.findings(0) == 0
    worlds.lib.write_text(SETS_NOT)
    age(worlds.env)
    assert worlds.findings(0) == worlds.findings(1) == 2
    assert len(worlds.read) == 2


def test_a_file_that_cannot_be_read_is_tried_once(worlds: Worlds) -> None:
    worlds.lib.write_text("print 'Python 2'\n")
    age(worlds.env)
    assert worlds.findings(0) == worlds.findings(1) == 2
    assert len(worlds.read) == 1


def test_without_a_cache_nothing_is_kept(worlds: Worlds, user_cache: Path) -> None:
    assert worlds.findings(0, no_cache=True) == 0
    assert not user_cache.exists()


@pytest.mark.parametrize("damage", ["no database", "", "directory", "rows"])
def test_a_damaged_library_costs_time_only(worlds: Worlds, user_cache: Path, damage: str) -> None:
    assert worlds.findings(0) == 0
    [file] = user_cache.glob("*.sqlite3")
    if damage == "directory":
        file.unlink()
        file.mkdir()
    elif damage == "rows":
        cache = kept.Cache(str(user_cache))
        for row in ([], [list(os.stat(worlds.lib))[:4], {}], 7, {"a": 1}):
            cache.put(kept.KIND, f"{worlds.lib}-{kept.own_key()}", row)
            cache.save()
            assert worlds.findings(1) == 0
    else:
        file.write_text(damage)
    assert worlds.findings(1) == 0


def test_a_home_that_cannot_be_written_is_no_error(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none" if sys.platform == "linux" else "/")
    assert worlds.findings(0) == 0
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert worlds.findings(1) == 0


def test_a_library_that_has_grown_too_large_starts_anew(
    worlds: Worlds, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worlds.findings(0) == 0
    cache = kept.Cache(str(user_cache))
    cache.put(kept.KIND, "of an environment that is gone", 1)
    cache.save()
    monkeypatch.setattr(kept, "LARGEST_LIBRARY", 10)
    worlds.lib.write_text(SETS_NOT)
    age(worlds.env)
    assert worlds.findings(0) == 2
    of_lib = f"{worlds.lib}-{kept.own_key()}"
    found = kept.Cache(str(user_cache)).get(kept.KIND, [of_lib, "of an environment that is gone"])
    assert [*found] == [of_lib]
