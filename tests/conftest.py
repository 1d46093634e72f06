"""What the tests of all rooms share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint import testing


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., testing.Project]:
    """`project({path: text})` or `project(text)`, with settings as keyword arguments."""
    count = 0

    def make(files: Mapping[str, str | bytes] | str, **options: Any) -> testing.Project:
        nonlocal count
        count += 1
        return testing.Project(tmp_path / f"project{count}", files, **options)

    return make


@pytest.fixture
def python2() -> str:
    """A Python 2.7 that runs; without one the test is skipped."""
    path = testing.python2()
    if path is None:
        pytest.skip("there is no python2.7 to ask")
    return path
