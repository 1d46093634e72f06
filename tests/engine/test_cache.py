"""The cache saves time and never changes what is said."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from time_stamps import age

from pyconcepts_lint.base.report import Report
from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.caching.database import Cache
from pyconcepts_lint.running import run_cache
from pyconcepts_lint.workspace.workspace import Workspace

START = (
    "import sys; from pyconcepts_lint.running import run_cache as warm\n"
    "from pyconcepts_lint.base.request import RunRequest\n"
    "from pyconcepts_lint.base.settings import Configuration\n"
)
FILES = {
    "pyproject.toml": "[tool.pyconcepts-lint]\n",
    "base.py": "class Base:\n    size = 1\n",
    "derived.py": (
        "from base import Base\n\n\nclass Derived(Base):\n"
        "    def grow(self):\n        self.size = 2\n"
    ),
    "alone.py": "class Alone:\n    rate = 1\n\n    def set(self):\n        self.rate = 2\n",
    "user.py": "import alone\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    age(tmp_path)
    return tmp_path


def run(root: Path, **options: Any) -> Report:
    overrides = options.pop("overrides", None)
    request = RunRequest((str(root),), **{"jobs": 1, **options})
    return run_cache.run(request, Configuration(overrides))


def said(root: Path, **options: Any) -> list[tuple[str, str, int]]:
    return [(os.path.basename(f.path), f.code, f.line) for f in run(root, **options).findings]


def without_cache(root: Path) -> list[tuple[str, str, int]]:
    return said(root, overrides={"no_cache": True})


def test_nothing_is_looked_at_twice(root: Path, looked_at: list[str]) -> None:
    first = said(root)
    assert first == [("alone.py", "PCL102", 5), ("derived.py", "PCL102", 6)]
    assert sorted(looked_at) == ["alone.py", "base.py", "derived.py", "user.py"]
    looked_at.clear()
    for _ in range(3):
        assert said(root) == first
    assert looked_at == []


def test_the_second_run_already_is_a_warm_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making the cache's own directory is no change of the project."""
    first = said(root)
    monkeypatch.setattr("pyconcepts_lint.running.run.run", None)
    assert said(root) == first


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that facts were collected from."""
    names: list[str] = []
    original = Workspace._collected

    def noting(workspace: Workspace, path: str) -> Any:
        names.append(os.path.basename(path))
        return original(workspace, path)

    monkeypatch.setattr(Workspace, "_collected", noting)
    return names


def test_standard_input_reads_no_other_file_again(root: Path, read: list[str]) -> None:
    said(root)
    read.clear()
    text = FILES["derived.py"].replace("size", "length")
    for name in ("derived.py", "new.py"):
        for data, found in ((text, []), (FILES["derived.py"], [(name, "PCL102", 6)])):
            report = run_cache.run(
                RunRequest(("-",), stdin=data.encode(), stdin_filename=str(root / name), jobs=1),
                Configuration(),
            )
            assert [(os.path.basename(f.path), f.code, f.line) for f in report.findings] == found
    assert read == []


def test_standard_input_leaves_what_is_kept_of_files_alone(root: Path) -> None:
    first = said(root)
    request = RunRequest(("-",), stdin=b"class Base:\n    pass\n", jobs=1)
    request = request._replace(stdin_filename=str(root / "base.py"))
    assert run_cache.run(request, Configuration()).findings == []
    assert said(root) == first == without_cache(root)


def test_findings_come_back_whole(root: Path) -> None:
    first = run(root)
    age(root)
    for _ in range(2):
        again = run(root)
        assert again.findings == first.findings
        assert all(finding.fix for finding in again.findings)
        assert again.files == first.files


@pytest.mark.parametrize(
    ("name", "text", "again"),
    [
        ("alone.py", FILES["alone.py"] + "\nx = 1\n", {"alone.py"}),
        ("base.py", "# moved\n" + FILES["base.py"], {"base.py", "derived.py"}),
        ("base.py", "class Base:\n    pass\n", {"base.py", "derived.py"}),
        ("user.py", "from alone import Alone\n\nprint(Alone.rate)\n", {"user.py", "alone.py"}),
        ("user.py", "def f(thing):\n    thing.rate = 3\n", {"user.py"}),
    ],
    ids=[
        "itself",
        "a base moves",
        "a base loses it",
        "a use elsewhere",
        "a store elsewhere",
    ],
)
def test_a_change_wakes_what_rests_on_it(
    root: Path, looked_at: list[str], name: str, text: str, again: set[str]
) -> None:
    said(root)
    looked_at.clear()
    (root / name).write_text(text)
    assert said(root) == without_cache(root)
    assert set(looked_at[: -len(FILES) + 1]) == again


def test_a_function_that_nobody_asks_for_wakes_no_importer(
    root: Path, looked_at: list[str]
) -> None:
    user = "import base\n\n\nclass More(base.Base):\n    def grow(self):\n        self.size = 2\n"
    (root / "user.py").write_text(user)
    said(root)
    looked_at.clear()
    (root / "base.py").write_text(FILES["base.py"] + "\n\ndef more():\n    return 1\n")
    assert said(root) == without_cache(root)
    assert "user.py" not in looked_at[: -len(FILES) + 1]


def test_a_store_elsewhere_wakes_an_augmented_assignment(root: Path) -> None:
    counter = "class Counter:\n    n = 0\n\n    def tick(self):\n        self.n += 1\n"
    (root / "alone.py").write_text(counter)
    assert ("alone.py", "PCL103", 5) in said(root)
    (root / "user.py").write_text("def reset(counter):\n    counter.n = 0\n")
    assert ("alone.py", "PCL103", 5) not in said(root)
    assert said(root) == without_cache(root)


@pytest.mark.parametrize(
    "use",
    [
        "from alone import Slotted\n\nWithDict = type('WithDict', (Slotted,), {})\n",
        "from alone import Slotted\n\ngive_property(Slotted, 'x')\n",
    ],
)
def test_a_class_that_gets_room_elsewhere_wakes_what_lacked_it(root: Path, use: str) -> None:
    slotted = "class Slotted:\n    __slots__ = ()\n\n    def m(self):\n        self.x = 1\n"
    (root / "alone.py").write_text(slotted)
    assert ("alone.py", "PCL606", 5) in said(root)
    (root / "user.py").write_text(use)
    assert ("alone.py", "PCL606", 5) not in said(root)
    assert said(root) == without_cache(root)


def test_a_call_in_another_module_wakes_what_is_said_of_it(root: Path) -> None:
    (root / "base.py").write_text("class Base:\n    f = lambda a: a\n")
    use = "from base import Base\n\n\nclass Derived(Base):\n    def g(self):\n        self.f(%s)\n"
    (root / "derived.py").write_text(use % 1)
    assert ("base.py", "PCL405", 2) in said(root)
    (root / "derived.py").write_text(use % "")  # its facts are what they were
    assert ("base.py", "PCL405", 2) not in said(root)
    assert said(root) == without_cache(root)


def test_an_init_file_that_comes_or_goes_is_seen(root: Path) -> None:
    package = root / "package"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "inner" / "module.py").write_text("x = 1\n")
    age(root)
    for _ in range(3):
        assert said(root) == without_cache(root)
    (package / "inner" / "__init__.py").write_text("")
    for _ in range(2):
        assert said(root) == without_cache(root)
    (package / "inner" / "__init__.py").unlink()
    for _ in range(2):
        assert said(root) == without_cache(root)


def test_a_new_a_deleted_and_a_renamed_file_are_seen(root: Path) -> None:
    said(root)
    (root / "more.py").write_text(FILES["alone.py"])
    assert said(root) == without_cache(root)
    (root / "more.py").rename(root / "other.py")
    assert said(root) == without_cache(root)
    (root / "other.py").unlink()
    assert said(root) == without_cache(root)
    (root / "base.py").unlink()
    assert said(root) == without_cache(root) == [("alone.py", "PCL102", 5)]


def test_a_file_changed_within_a_clock_tick_is_seen(root: Path) -> None:
    file = root / "alone.py"
    for value in range(5):
        file.write_text(f"class Alone:\n    rate = {value}\n")
        assert said(root) == [("derived.py", "PCL102", 6)]
        file.write_text(FILES["alone.py"])
        assert ("alone.py", "PCL102", 5) in said(root)


def test_settings_are_part_of_the_key(root: Path) -> None:
    first = said(root)
    age(root)
    said(root)
    (root / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nignore = ["PCL102"]\n')
    assert said(root) == []
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    assert said(root) == first
    assert said(root, overrides={"select": ("PCL101",)}) == []
    assert said(root) == first


def test_a_dependency_that_is_declared_or_given_up_is_seen(root: Path) -> None:
    package = root / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "prices.py").write_text("APPLE = 3\n")
    (package / "basket.py").write_text("from prices import APPLE\n")
    (package / "shop.py").write_text("from .basket import APPLE\n")
    found = ("basket.py", "PCL203", 1)
    for path, text in (
        ("requirements.txt", "prices\n"),
        ("setup.py", "setup(install_requires=['prices'])\n"),
        ("requirements.txt", "prices>=1\n"),
    ):
        if text == "prices>=1\n":
            (root / path).write_text("other\n")
        age(root)
        for _ in range(3):
            assert found in said(root)
        (root / path).write_text(text)
        for _ in range(3):
            assert found not in said(root)
        assert said(root) == without_cache(root)
        (root / path).unlink()


def test_gitignore_is_part_of_the_key(root: Path) -> None:
    said(root)
    age(root)
    said(root)
    (root / ".gitignore").write_text("alone.py\n")
    assert said(root) == [("derived.py", "PCL102", 6)]
    age(root)
    assert said(root) == [("derived.py", "PCL102", 6)]
    (root / ".gitignore").unlink()
    assert (
        said(root)
        == without_cache(root)
        == [
            ("alone.py", "PCL102", 5),
            ("derived.py", "PCL102", 6),
        ]
    )


def database(root: Path) -> Path:
    (found,) = (root / ".pyconcepts_cache").glob("*.sqlite3")
    return found


def _garbage(root: Path) -> None:
    database(root).write_bytes(b"this is not a database" * 500)


def _truncated(root: Path) -> None:
    data = database(root).read_bytes()
    database(root).write_bytes(data[: len(data) // 2])


def _other_values(root: Path) -> None:
    with sqlite3.connect(database(root)) as connection:
        connection.execute("UPDATE rows SET data = '[]'")


def _forged_values(root: Path) -> None:
    """Rows with a right checksum that say something else than they should."""
    cache = Cache(str(root / ".pyconcepts_cache"))
    with sqlite3.connect(database(root)) as connection:
        rows = connection.execute("SELECT kind, key FROM rows").fetchall()
    for number, (kind, key) in enumerate(rows):
        cache.put(kind, key, [[], {}, None, 7, "x", {"content": 1}, [[[]]]][number % 7])
    cache.save()


def _empty(root: Path) -> None:
    database(root).write_bytes(b"")


def _other_table(root: Path) -> None:
    with sqlite3.connect(database(root)) as connection:
        connection.execute("DROP TABLE rows")
        connection.execute("CREATE TABLE rows (a, b)")


def _directory(root: Path) -> None:
    database(root).unlink()
    (root / ".pyconcepts_cache" / "v2-cache.sqlite3").mkdir()


@pytest.mark.parametrize(
    "damage",
    [_garbage, _truncated, _other_values, _forged_values, _empty, _other_table, _directory],
)
def test_a_damaged_cache_costs_time_only(root: Path, damage: Callable[[Path], None]) -> None:
    first = said(root)
    damage(root)
    for _ in range(3):
        assert said(root) == first


def test_a_cache_file_instead_of_a_directory_costs_time_only(root: Path) -> None:
    (root / ".pyconcepts_cache").write_text("")
    assert said(root) == said(root) == without_cache(root)


def test_a_locked_cache_is_not_waited_for_long(root: Path) -> None:
    first = said(root)
    connection = sqlite3.connect(database(root), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    assert said(root) == first
    assert time.monotonic() - started < 9
    connection.close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_costs_time_only(root: Path) -> None:
    first = said(root)
    database(root).chmod(0o444)
    (root / ".pyconcepts_cache").chmod(0o555)
    (root / "user.py").write_text("import base\n")
    assert said(root) == first
    (root / ".pyconcepts_cache").chmod(0o755)


def test_nothing_is_written_without_a_project_or_when_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(FILES["alone.py"])
    run(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    run(tmp_path, overrides={"no_cache": True})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py", "pyproject.toml"]


def test_the_directory_is_tagged_and_kept_out_of_git(root: Path) -> None:
    said(root)
    directory = root / ".pyconcepts_cache"
    assert (directory / ".gitignore").read_text() == "*\n"
    tag = (directory / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_fix_is_never_taken_from_the_cache(root: Path) -> None:
    said(root)
    cache = Cache(str(root / ".pyconcepts_cache"))
    with sqlite3.connect(database(root)) as connection:
        rows = connection.execute("SELECT kind, key, data FROM rows").fetchall()
    for kind, key, data in rows:
        if kind == "result" and '"PCL102"' in data:
            row = json.loads(data)
            finding = row["findings"][0]
            evil = [str(root / "evil.py"), 1, 1, 1, 1, "boo"]
            finding[-1] = ["safe", "trust me", [evil], []]
            cache.put(kind, key, row)
    cache.save()
    run(root, fix=True)
    assert not (root / "evil.py").exists()


def test_eight_runs_at_once_agree(root: Path) -> None:
    code = (
        f"{START}report = warm.run(RunRequest(tuple(sys.argv[1:]), jobs=1), Configuration())\n"
        "assert not report.errors\n"
        "print([(f.code, f.line) for f in report.findings])"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    outputs = {process.communicate(timeout=120)[0] for process in runs}
    assert [process.returncode for process in runs] == [0] * 8
    assert outputs == {"[('PCL102', 5), ('PCL102', 6)]\n"}


def test_a_warm_run_imports_neither_libcst_nor_rules_nor_the_index(root: Path) -> None:
    said(root)
    age(root)
    said(root)
    code = (
        f"{START}report = warm.run(RunRequest(tuple(sys.argv[1:])), Configuration())\n"
        "assert len(report.findings) == 2\n"
        "heavy = ('libcst', 'ast', 'rich', 'fissix', 'multiprocessing', 'pyconcepts_lint.rules',"
        " 'pyconcepts_lint.index', 'dataclasses', 'inspect', 'pathspec')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, str(root)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
