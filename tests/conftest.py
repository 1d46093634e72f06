"""What the tests of all rooms share."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import os
import py_compile
import sys
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint import testing
from pyconcepts_lint.base.variables import VARIABLES
from pyconcepts_lint.index.names import STANDARD_LIBRARY
from pyconcepts_lint.running import check_file
from pyconcepts_lint.source.text import Source
from pyconcepts_lint.workspace import workspace

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """With `-n`, compile this project once for the many processes that its tests start.

    Where Python is told to keep no bytecode, each of them would compile it again. What is made here
    goes when the tests are done.
    """
    if not sys.dont_write_bytecode or not config.getoption("numprocesses", None):
        return
    for path in (*ROOT.glob("pyconcepts_lint/**/*.py"), *ROOT.glob("rules/**/*.py")):
        compiled = Path(importlib.util.cache_from_source(str(path)))
        if not compiled.exists():
            with contextlib.suppress(OSError, py_compile.PyCompileError):
                py_compile.compile(str(path), doraise=True)
                config.add_cleanup(partial(_remove, compiled))


def _remove(compiled: Path) -> None:
    with contextlib.suppress(OSError):
        compiled.unlink()
        compiled.parent.rmdir()


@pytest.fixture(scope="module", autouse=True)
def only_new_objects_are_garbage() -> None:
    """Keep what there is out of the collector's way: the linter collects garbage as it fixes."""
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

    def read_once(
        source: Source, tables: Iterable[Any] = (), keep: Any = None
    ) -> workspace.Reading:
        if not source.path.startswith(STANDARD_LIBRARY + os.sep):
            return read_source(source, tables, keep)
        key = (source.path, source.data, *tables)
        if key not in known:
            known[key] = read_source(source, tables)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "read_source", read_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def programs_run_in_a_plain_environment(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Small programs are run by the same Python without what is installed for the tests.

    It starts in less than half the time, and thousands of them are run.
    """
    directory = tmp_path_factory.mktemp("plain")
    venv.create(directory, symlinks=os.name != "nt")
    found = [path for path in directory.glob("*/python*") if path.stem == "python"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "PYTHON", str(found[0]))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_environment_is_active() -> Iterator[None]:
    """What is installed where the tests run is no matter of the projects that they make."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in VARIABLES:
            patch.delenv(variable, raising=False)
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


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that rules were run on."""
    names: list[str] = []
    original = check_file.lint_file

    def noting(workspace: Any, path: str, *rest: Any, **options: Any) -> Any:
        names.append(os.path.basename(path))
        return original(workspace, path, *rest, **options)

    monkeypatch.setattr(check_file, "lint_file", noting)
    return names
