"""Small environments that look as `venv` and `pip` make them, without any Python in them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

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
