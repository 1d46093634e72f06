"""The corpus comes as pinned, and none of its code is run on the way."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import download
import pytest


def sdist(path: Path, files: dict[str, str]) -> str:
    """Write a source distribution and return its hash."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return download.sha256_of(path)


def zipped(path: Path, files: dict[str, str]) -> str:
    """As `sdist`, in the other format that there is."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return download.sha256_of(path)


@pytest.fixture
def only_local_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory where pip looks for packages, and nowhere else."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", shelf.as_uri())  # it ends at a blank
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return shelf


def test_every_pinned_package_is_complete_and_named_once() -> None:
    packages = download.packages()
    assert len({package.label for package in packages}) == len(packages)
    for package in packages:
        assert package.kind in {"old", "new"}
        assert re.search(rf"-{package.version}\.(tar\.(gz|bz2)|zip)\Z", package.file)
        assert re.fullmatch("[0-9a-f]{64}", package.sha256)


def test_a_setup_py_is_never_run(tmp_path: Path, only_local_files: Path) -> None:
    trace = tmp_path / "setup-py-was-run"
    digest = sdist(
        only_local_files / "Old.Thing-1.0.tar.gz",
        {
            "Old.Thing-1.0/PKG-INFO": "Metadata-Version: 1.0\nName: Old.Thing\nVersion: 1.0\n",
            "Old.Thing-1.0/setup.py": f"open({str(trace)!r}, 'w')\nprint 'Python 2'\n",
            "Old.Thing-1.0/thing/__init__.py": "",
        },
    )
    package = download.Package("Old.Thing", "1.0", "old", "Old.Thing-1.0.tar.gz", digest)
    source = download.unpacked(package, tmp_path / "cache")
    assert sorted(path.name for path in source.iterdir()) == ["PKG-INFO", "setup.py", "thing"]
    assert not trace.exists()


def test_a_package_that_the_index_lacks_is_unavailable(
    tmp_path: Path, only_local_files: Path
) -> None:
    package = download.Package("no-such-thing", "1.0", "new", "no_such_thing-1.0.tar.gz", "0" * 64)
    with pytest.raises(download.Unavailable, match=r"no-such-thing-1\.0.*No matching"):
        download.unpacked(package, tmp_path)


def test_another_file_than_the_pinned_one_is_refused_and_not_kept(tmp_path: Path) -> None:
    archive = tmp_path / "downloads" / "thing-1.0.tar.gz"
    archive.parent.mkdir()
    sdist(archive, {"thing-1.0/thing.py": "x = 1\n"})
    package = download.Package("thing", "1.0", "new", archive.name, "0" * 64)
    with pytest.raises(download.Unavailable, match="not the pinned 0000"):
        download.unpacked(package, tmp_path)
    assert not archive.exists()
    assert not (tmp_path / "unpacked").exists()


@pytest.mark.parametrize(("write", "suffix"), [(sdist, "tar.gz"), (zipped, "zip")])
def test_an_archive_writes_nothing_outside_its_directory(
    tmp_path: Path, write: Callable[[Path, dict[str, str]], str], suffix: str
) -> None:
    archive = tmp_path / "downloads" / f"thing-1.0.{suffix}"
    archive.parent.mkdir()
    files = {"thing-1.0/../../escaped.py": "", "/etc/absolute.py": "", "thing-1.0/thing.py": ""}
    package = download.Package("thing", "1.0", "new", archive.name, write(archive, files))
    source = download.unpacked(package, tmp_path / ".")
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.py")}
    assert Path("unpacked/thing-1.0/thing.py") in written
    assert all(path.is_relative_to("unpacked/thing-1.0") for path in written)
    assert source == tmp_path / "unpacked" / "thing-1.0"
