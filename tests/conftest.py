"""What the tests of all rooms share."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint import testing
from pyconcepts_lint.index.names import STANDARD_LIBRARY
from pyconcepts_lint.source.text import Source
from pyconcepts_lint.workspace import workspace


def pytest_configure(config: pytest.Config) -> None:
    """Let the many processes that tests start share what Python compiles of this project.

    Where Python is told to keep no bytecode, each of them would compile all of it again. It is kept
    in a directory of its own then, which goes when the tests are done.
    """
    if os.environ.get("PYTHONDONTWRITEBYTECODE") and "PYTHONPYCACHEPREFIX" not in os.environ:
        directory = tempfile.TemporaryDirectory(prefix="bytecode")
        environment = pytest.MonkeyPatch()
        environment.setenv("PYTHONDONTWRITEBYTECODE", "")
        environment.setenv("PYTHONPYCACHEPREFIX", directory.name)
        config.add_cleanup(directory.cleanup)
        config.add_cleanup(environment.undo)


def pytest_collection_finish() -> None:
    """Leave what the collected tests consist of alone: the linter collects garbage as it fixes."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n auto` a process gets one file after another: what its tests share is made once.

    The files that go through all rules are long and share nothing: they are given away by function.
    """
    if config.option.dist != "load":
        return None  # another way was asked for
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            by_function = nodeid.startswith("tests/rules/test_")
            return nodeid.partition("[" if by_function else "::")[0]

    config.option.loadscopereorder = False  # a file of few tests may well be a long one
    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def standard_library_is_read_once() -> Iterator[None]:
    """What thousands of small projects import from the standard library is indexed once."""
    read_source = workspace.read_source
    known: dict[tuple[object, ...], workspace.Reading] = {}

    def read_once(source: Source, tables: Iterable[Any] = ()) -> workspace.Reading:
        if not source.path.startswith(STANDARD_LIBRARY + os.sep):
            return read_source(source, tables)
        key = (source.path, source.data, *tables)
        if key not in known:
            known[key] = read_source(source, tables)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "read_source", read_once)
        yield


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
