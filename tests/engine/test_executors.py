"""The work can be done by any executor of `concurrent.futures`, with the same findings."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.testing import lint_paths as run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "base.py").write_text("class Base:\n    size = 0\n")
    for number in range(30):
        (tmp_path / f"module{number}.py").write_text(
            "from base import Base\n\n\nclass Derived(Base):\n"
            f"    def grow(self):\n        self.size += {number}\n\n\n"
            "def show(d):\n    for key in d.iterkeys():\n        print(key)\n"
        )
    return tmp_path


def findings(root: Path, executor: Executor | None = None, jobs: int = 1) -> list[Finding]:
    report = run([str(root)], overrides={"no_cache": True}, executor=executor, jobs=jobs)
    assert report.errors == []
    return report.findings


@contextmanager
def dask_cluster() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, distributed.Client(cluster) as client:
        yield client.get_executor()


def spawned() -> Executor:
    # What it is given has to be sent: nothing is inherited as by a fork.
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


@pytest.mark.parametrize(
    "make",
    [lambda: ThreadPoolExecutor(4), spawned, dask_cluster],
    ids=["threads", "spawned processes", "a dask cluster"],
)
def test_an_executor_gives_the_same_findings(
    root: Path, make: Callable[[], AbstractContextManager[Executor]]
) -> None:
    expected = findings(root)
    assert len(expected) == 60
    with make() as executor:
        assert findings(root, executor) == expected


def test_the_pool_of_our_own_can_be_spawned(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and Windows."""
    expected = findings(root)
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("pyconcepts_lint.running.scheduler.SMALL_WORK", 0)
    context = multiprocessing.get_context("spawn")
    monkeypatch.setattr(multiprocessing, "get_context", lambda _method=None: context)
    assert findings(root, jobs=2) == expected
