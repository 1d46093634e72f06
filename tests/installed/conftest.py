"""Small environments that look as `venv` and `pip` make them, without any Python in them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pyconcepts_lint.caching.library import library

Environment = Callable[..., Path]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """`environment({path: text})`: the directory of an environment with these installed files."""

    def make(
        files: Mapping[str, str],
        where: Path | str = "env",
        *,
        library: str = "lib/python3.11/site-packages",
        says: str = "version = 3.11.9\n",
    ) -> Path:
        directory = tmp_path / where
        packages = directory / library
        packages.mkdir(parents=True, exist_ok=True)
        (directory / "pyvenv.cfg").write_text(says)
        for name, text in files.items():
            path = packages / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return directory

    return make


@pytest.fixture(autouse=True)
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory for what is kept of installed files, for each test its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    library.cache_clear()
    yield tmp_path / "cache" / "pyconcepts-lint" / "installed"
    library.cache_clear()
