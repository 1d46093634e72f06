"""What the tests of several formats share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from odd_project import OddProject, made


@pytest.fixture(scope="package")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddProject]:
    """A project with about everything that is odd for a report; the current directory is in it."""
    with made(tmp_path_factory.mktemp("odd")) as project:
        yield project
