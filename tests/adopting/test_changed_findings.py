"""`--since REV --changed-findings`: what a change brings about, also where it changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyconcepts_lint.__main__ import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

Run = Callable[..., SimpleNamespace]
OLD = "d = {}\nd.has_key(1)\n"


def git(directory: Path, *arguments: str) -> None:
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


def commit(directory: Path) -> None:
    git(directory, "add", "-A")
    git(directory, "commit", "-qm", "change", "--allow-empty")


@pytest.fixture(autouse=True)
def identity(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path_factory.mktemp("home") / "config"
    config.write_text("[user]\nname = A\nemail = a@b.c\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    monkeypatch.chdir(root)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "tax.py").write_text("rate = 0.19\n")
    (root / "shop" / "cart.py").write_text(f"from .tax import rate\n\nprint(rate)\n{OLD}")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str, revision: str = "HEAD") -> SimpleNamespace:
        code = main(["--since", revision, "--changed-findings", *arguments])
        out, err = capfd.readouterr()
        places = [":".join(line.split(":")[:2]) for line in out.splitlines()]
        return SimpleNamespace(code=code, out=out, err=err, places=places)

    return call


def test_what_a_change_breaks_elsewhere_is_reported(run: Run, root: Path) -> None:
    assert (run().code, run().places) == (0, [])
    (root / "shop" / "tax.py").write_text("tax_rate = 0.19\n")
    done = run()
    assert (done.code, done.places) == (1, ["shop/cart.py:1"])
    assert "Left out: 1 that the revision has, too." in done.err
    assert main(["--since", "HEAD"]) == 0  # no line with a finding has changed


def test_a_finding_more_of_a_kind_is_new(run: Run, root: Path) -> None:
    cart = root / "shop" / "cart.py"
    cart.write_text(cart.read_text().replace("print", "d = {}\nd.has_key(1)\nprint"))
    assert len(run().places) == 1
    cart.write_text("\n\n" + cart.read_text().replace("d = {}\nd.has_key(1)\n", "", 1))
    assert run().places == []  # moved lines are known


def test_a_renamed_file_is_known_by_its_old_name(run: Run, root: Path) -> None:
    (root / "shop" / "cart.py").rename(root / "shop" / "basket.py")
    git(root, "add", "-A")
    assert run().places == []


def test_files_that_git_does_not_know_are_new(run: Run, root: Path) -> None:
    (root / "new.py").write_text(OLD)
    assert run().places == ["new.py:2"]


def test_a_branch_is_compared_where_it_begins(run: Run, root: Path) -> None:
    git(root, "checkout", "-qb", "topic")
    (root / "shop" / "tax.py").write_text("tax_rate = 0.19\n")
    commit(root)
    git(root, "checkout", "-q", "main")
    (root / "shop" / "cart.py").write_text("print('other')\n")
    commit(root)
    git(root, "checkout", "-q", "topic")
    assert run(revision="main").places == ["shop/cart.py:1"]


def test_todays_settings_count_for_both(run: Run, root: Path) -> None:
    (root / "pyproject.toml").write_text(
        "[tool.pyconcepts-lint]\nno-cache = true\nselect = ['PCL704']\n"
    )
    assert run().places == []
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nselect = ['PCL70']\nselct = 1\n")
    assert run().code == 2
    git(root, "add", "-A")
    commit(root)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    assert run().places == []


def test_only_what_is_named_is_looked_at(run: Run, root: Path) -> None:
    (root / "shop" / "tax.py").write_text(OLD)
    assert run("shop/tax.py").places == ["shop/tax.py:2"]
    assert run("shop/cart.py").places == ["shop/cart.py:1"]


def test_only_what_is_new_is_fixed(run: Run, root: Path) -> None:
    (root / "new.py").write_text(OLD)
    before = (root / "shop" / "cart.py").read_text()
    assert run("--fix").code == 0
    assert (root / "new.py").read_text() == "d = {}\n1 in d\n"
    assert (root / "shop" / "cart.py").read_text() == before


def test_a_submodule_is_compared_with_the_commit_that_was_recorded(
    run: Run, root: Path, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "old.py").write_text(OLD)
    git(library, "init", "-q", "-b", "main")
    commit(library)
    git(root, "submodule", "add", "-q", str(library), "lib")
    commit(root)
    assert run().places == []
    (root / "lib" / "old.py").write_text(f"{OLD}d.iteritems()\n")
    assert run().places == ["lib/old.py:3"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_followed_where_they_stay_within(run: Run, root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(OLD)
    (root / "same.py").symlink_to("shop/tax.py")
    (root / "far.py").symlink_to("../outside.py")
    commit(root)
    (root / "x.py").write_text("")
    done = run()
    assert done.code in (0, 1)
    assert "shop" not in done.out


def test_nothing_is_left_in_the_temporary_directory(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (root / "new.py").write_text(OLD)
    assert run().code == 1
    assert list(scratch.iterdir()) == []


def test_it_needs_a_revision(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--changed-findings"]) == 2
    assert "--changed-findings goes with --since" in capfd.readouterr().err
    assert main(["--since", "nothing", "--changed-findings"]) == 2
    assert "has no revision nothing" in capfd.readouterr().err


def test_the_settings_of_git_run_nothing(run: Run, root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for key in ("core.fsmonitor", "filter.x.smudge", "filter.x.clean", "diff.external"):
        git(root, "config", key, f"touch {mark}; cat")
    (root / ".gitattributes").write_text("*.py filter=x diff=x\n")
    (root / "shop" / "tax.py").write_text("tax_rate = 0.19\n")
    assert run().places == ["shop/cart.py:1"]
    assert not mark.exists()
