"""Bring the real packages of `packages.toml` into a cache outside the tree, unpacked.

    python tests/corpus/download.py [--cache DIR] [NAME ...]

Everything comes through pip as it is configured, so an index, a proxy or a certificate that
pip knows is used here too. Nothing of a package is ever run: see `STAND_IN_BACKEND`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

PINNED = Path(__file__).with_name("packages.toml")

# `pip download` asks an sdist for its metadata even where no dependency is wanted, which runs
# the package's setup.py: Python 2 code, for half of ours, and its authors' in any case. PEP 517
# leaves that question to a build backend; this one answers with what was asked for.
STAND_IN_BACKEND = """
import os
import sys
from pathlib import Path


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    name, version = os.environ["ASKED_FOR"].split("==")
    dist_info = Path(metadata_directory, f"{name.replace('-', '_')}-{version}.dist-info")
    dist_info.mkdir()
    text = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
    (dist_info / "METADATA").write_text(text, encoding="utf-8")
    return dist_info.name


# What pip asks for by default, where a project names no backend, is an attribute of setuptools'.
__legacy__ = sys.modules[__name__]
"""
# The backends that the pinned packages name.
BACKENDS = (
    "setuptools.build_meta",
    "hatchling.build",
    "flit_core.buildapi",
    "poetry.core.masonry.api",
)


class Package(NamedTuple):
    """One pinned source distribution."""

    name: str
    version: str
    kind: str
    """`old` (Python 2) or `new`."""
    file: str
    sha256: str

    @property
    def label(self) -> str:
        return f"{self.name}-{self.version}"


class Unavailable(Exception):
    """A package that can't be had here; the text says why."""


def packages() -> tuple[Package, ...]:
    """All of the pinned list, in its order."""
    rows = tomllib.loads(PINNED.read_text(encoding="utf-8"))["package"]
    return tuple(Package(**row) for row in rows)


def default_cache() -> Path:
    """Where the packages are kept between runs (`XDG_CACHE_HOME` is respected)."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches, "pyconcepts-lint", "corpus")


def unpacked(package: Package, cache: Path | None = None) -> Path:
    """The directory that holds the package's source, which is fetched if need be.

    Raises `Unavailable` when it can't be downloaded, or isn't the pinned file.
    """
    cache = cache or default_cache()
    target = cache / "unpacked" / package.label
    if not target.is_dir():
        archive = cache / "downloads" / package.file
        if not archive.is_file():
            _download(package, archive)
        found = sha256_of(archive)
        if found != package.sha256:
            archive.unlink()
            raise Unavailable(f"{package.file} has sha256 {found}, not the pinned {package.sha256}")
        _unpack(archive, target)
    return target


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(package: Package, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    # Beside its final place, so that the move at the end is one step.
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".pip-") as scratch:
        backends = Path(scratch, "backends")
        for name in BACKENDS:
            module = backends.joinpath(*name.split(".")).with_suffix(".py")
            module.parent.mkdir(parents=True)
            # Regular packages, or an installed backend would win over this one.
            for package_directory in module.relative_to(backends).parents[:-1]:
                (backends / package_directory / "__init__.py").touch()
            module.write_text(STAND_IN_BACKEND, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--retries", "2"]
        command += ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--dest", scratch]
        asked_for = f"{package.name}=={package.version}"
        command += [asked_for]
        # pip takes the option from here where it still has it and ignores it where it is gone.
        environment = {**os.environ, "PYTHONPATH": str(backends), "PIP_USE_PEP517": "1"}
        environment["ASKED_FOR"] = asked_for
        try:
            run = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=600, check=False
            )
        except subprocess.TimeoutExpired:
            raise Unavailable(f"pip did not get {package.label} within ten minutes") from None
        got = Path(scratch, package.file)
        if not got.is_file():
            words = [line for line in run.stderr.splitlines() if "WARNING" not in line]
            raise Unavailable(
                f"pip can't get {package.label}: {' '.join(words[-3:]) or 'it says nothing'}"
            )
        got.replace(archive)


def _unpack(archive: Path, target: Path) -> None:
    """Regular files only, without the sdist's own top directory; all of them, or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpack-"))
    try:
        for name, content in _members(archive):
            parts = PurePosixPath(name).parts[1:]
            if not parts or ".." in parts:
                continue
            path = scratch.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)
        scratch.chmod(0o755)
        scratch.rename(target)
    except FileExistsError:
        pass  # Another run was faster, with the same file.
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The regular files of an archive."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                if not name.endswith("/"):
                    with packed.open(name) as content:
                        yield name, content
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("name", nargs="*", help="only these, as NAME or NAME-VERSION")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="%(default)s")
    options = parser.parse_args()
    pinned = packages()
    unknown = set(options.name).difference(*({package.name, package.label} for package in pinned))
    if unknown:
        parser.error(f"not in {PINNED.name}: {', '.join(sorted(unknown))}")
    failed = 0
    for package in pinned:
        if options.name and not {package.name, package.label} & set(options.name):
            continue
        try:
            print(unpacked(package, options.cache))
        except Unavailable as reason:
            print(reason, file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
