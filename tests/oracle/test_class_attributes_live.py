"""PCL101-103 against CPython: what they claim of real classes is tried out on live instances.

No claim may be false; of what they should claim, hardly anything may be missing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import pytest
from oracle import Outcome, compare

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
SOME_OF_IT = (
    *("argparse.py", "bdb.py", "cmd.py", "concurrent", "email", "ftplib.py", "http", "logging"),
    *("mailbox.py", "optparse.py", "smtplib.py", "socketserver.py", "tarfile.py", "threading.py"),
    *("tkinter", "unittest", "urllib", "wsgiref", "xml", "zipfile.py"),
)
# `abc` and its kin exist twice, in C and in Python; importing some others does something.
LEFT_OUT = {"_py_abc.py", "abc.py", "antigravity.py", "this.py", "__main__.py"}
DIRECTORIES_LEFT_OUT = {
    *("ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages"),
    *("test", "tests", "idle_test", "turtledemo", "__pycache__"),
}
PACKAGES = (
    *("attrs==26.1.0", "click==8.5.1", "Django==5.2.19", "requests==2.34.2"),
    *("rich==15.0.0", "SQLAlchemy==2.1.9", "werkzeug==3.1.9"),
    *("celery==5.7.0", "docutils==0.23", "tornado==6.6.1"),
)
DJANGO = """
import django
from django.conf import settings

names = "admin auth contenttypes sessions messages staticfiles sites flatpages redirects humanize"
settings.configure(INSTALLED_APPS=["django.contrib." + name for name in names.split()])
django.setup()
"""


def copy(files: Iterable[Path], source: Path, root: Path) -> list[Path]:
    copies = []
    for file in files:
        target = root / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
        copies.append(target)
    return copies


def modules(top: Path) -> list[Path]:
    """The importable files of a directory, or the file itself."""
    return [
        file
        for file in ([top] if top.is_file() else sorted(top.rglob("*.py")))
        if file.name not in LEFT_OUT
        and not DIRECTORIES_LEFT_OUT.intersection(file.relative_to(top.parent).parts)
    ]


def check(outcome: Outcome, at_least: int) -> None:
    assert outcome.refuted == []
    assert outcome.confirmed >= at_least
    assert outcome.expected >= at_least
    allowed = -(-outcome.expected // 100)
    assert len(outcome.missed) <= allowed, "\n".join(outcome.missed)


def test_claims_about_some_of_the_standard_library_are_true(tmp_path: Path) -> None:
    root = tmp_path / "lib"
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    check(compare(root, copy(files, STANDARD_LIBRARY, root), tmp_path), 100)


@pytest.mark.corpus
def test_claims_about_the_whole_standard_library_are_true(tmp_path: Path) -> None:
    root = tmp_path / "lib"
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    files = [file for top in tops for file in modules(top)]
    check(compare(root, copy(files, STANDARD_LIBRARY, root), tmp_path), 200)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that pip has installed the packages into."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"]
    done = subprocess.run(
        [*command, "--target", str(target), *PACKAGES],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"pip can't install them: {done.stderr[-500:]}")
    return target


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("packages", "prelude", "at_least"),
    [
        (("attr", "attrs", "click", "requests", "rich", "urllib3", "werkzeug"), "", 5),
        (("billiard", "celery", "docutils", "kombu", "tornado", "vine"), "", 300),
        (("sqlalchemy",), "", 70),
        (("django",), DJANGO, 100),
    ],
    ids=["small", "large", "sqlalchemy", "django"],
)
def test_claims_about_installed_packages_are_true(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str, at_least: int
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    outcome = compare(installed, files, tmp_path, path=[str(installed)], prelude=prelude)
    check(outcome, at_least)
