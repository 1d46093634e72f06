"""`--since` shows what is in changed lines, by the word of a real git."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconcepts_lint.__main__ import main
from pyconcepts_lint.adopting.since import Since, SinceError, _carried
from pyconcepts_lint.base.finding import Finding

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

KEY = "d.has_key({})\n"
Run = Callable[..., SimpleNamespace]


def git(directory: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=directory,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def commit(directory: Path, message: str = "change") -> None:
    git(directory, "add", "-A")
    git(directory, "commit", "-qm", message, "--allow-empty")


def repository(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    git(directory, "init", "-q", "-b", "main")
    return directory


@pytest.fixture(autouse=True)
def identity(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path_factory.mktemp("home") / "config"
    config.write_text("[user]\nname = A\nemail = a@b.c\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "project")
    monkeypatch.chdir(root)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    (root / "a.py").write_text("d = {}\n" + "".join(map(KEY.format, range(5))))
    commit(root, "first")
    return root


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> SimpleNamespace:
        code = main(list(arguments))
        out, err = capfd.readouterr()
        places = [":".join(line.split(":")[:2]) for line in out.splitlines()]
        return SimpleNamespace(code=code, out=out, err=err, places=places)

    return call


def write(root: Path, *lines: str, name: str = "a.py") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("".join(("d = {}\n", *lines)))


def keys(*names: object) -> list[str]:
    return [KEY.format(name) for name in names]


def test_only_changed_lines_count(run: Run, root: Path) -> None:
    done = run("--since", "HEAD")
    assert (done.code, done.places) == (0, [])
    said = "Nothing to report in 1 file. Left out: 5 in lines that have not changed.\n"
    assert done.err == said
    write(root, "# moved\n", *keys(0, "'new'", 1, 2, "'changed'"), "\n")
    assert run("--since", "HEAD").places == ["a.py:4", "a.py:7"]
    commit(root)
    assert run("--since", "HEAD").places == []
    assert run("--since", "HEAD~1").places == ["a.py:4", "a.py:7"]
    assert run("--since", "HEAD~1", "--statistics").out.startswith("2  PCL704")


def test_what_others_have_done_meanwhile_is_no_change(run: Run, root: Path) -> None:
    git(root, "switch", "-qc", "mine")
    write(root, *keys(0, 1, 2, 3, "'mine'"))
    commit(root)
    git(root, "switch", "-q", "main")
    write(root, *keys("'theirs'", 1, 2, 3, 4))
    commit(root)
    git(root, "switch", "-q", "mine")
    assert run("--since", "main").places == ["a.py:6"]


def test_staged_untracked_and_renamed_files(run: Run, root: Path) -> None:
    (root / ".gitignore").write_text("ignored.py\n")
    write(root, *keys(1), name="staged.py")
    git(root, "add", "staged.py")
    write(root, *keys(1), name="new dir/größe.py")
    write(root, *keys(1), name="ignored.py")
    git(root, "mv", "a.py", "b.py")
    write(root, *keys(0, 1, 2, 3, 4, 5), name="b.py")
    done = run("--since", "HEAD", ".", "ignored.py")
    assert done.places == ["b.py:7", "new dir/größe.py:2", "staged.py:2"]


@pytest.mark.parametrize(
    "name", ["with blank.py", "größe\t.py", 'q"u\\o.py', "tab\t.py", "line\nend.py", "-x.py"]
)
def test_odd_names(run: Run, root: Path, name: str) -> None:
    write(root, *keys(0, 1), name=name)
    commit(root)
    write(root, *keys(0, 1, 2), name=name)
    found = Since("HEAD", [str(root)])._lines_on_disk(str(root / name))
    assert found == {4}
    assert run("--since", "HEAD").out.count("PCL704") == 1


def test_the_users_own_settings_of_git_do_not_matter(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, *keys("'x'", 1, "'y'", 3, 4))
    (root / ".gitattributes").write_text("*.py diff=odd\n")
    for name, value in {
        "diff.external": "false",
        "diff.odd.textconv": "rev",
        "diff.odd.command": "false",
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.interHunkContext": "9",
        "diff.context": "9",
        "diff.renames": "false",
        "color.ui": "always",
        "core.pager": "false",
        "core.quotePath": "false",
    }.items():
        git(root, "config", name, value)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("GIT_PAGER", "false")
    assert run("--since", "HEAD").places == ["a.py:2", "a.py:4"]


def test_lines_that_look_like_a_patch(run: Run, root: Path) -> None:
    text = "x = '''\n-- a/a.py\n++ b/other.py\n@ -1 +1,9 @@\n@@ -1 +1,9 @@\n'''\n"
    (root / "a.py").write_text("d = {}\n" + text + "".join(keys(0, 1, 2, 3, 4)))
    assert run("--since", "HEAD").places == []
    (root / "a.py").write_text("d = {}\n" + text + "".join(keys(0, 1, 2, 3, 4, 5)))
    assert run("--since", "HEAD").places == ["a.py:13"]


def test_any_line_of_a_finding_counts(root: Path) -> None:
    write(root, "1\n", "2\n", "3\n", "4\n")
    commit(root)
    write(root, "1\n", "2\n", "changed\n", "4\n")
    since = Since("HEAD", [str(root)])

    def counts(line: int, end_line: int, end_column: int) -> bool:
        place = (line, 1, end_line, end_column)
        return bool(since.new([Finding("PCL1", "n", "m", str(root / "a.py"), *place)], {}))

    assert counts(4, 4, 5)
    assert counts(2, 4, 2)
    assert counts(4, 5, 1)
    assert not counts(2, 4, 1)
    assert not counts(2, 3, 9)
    assert not counts(5, 5, 2)


def test_lone_carriage_returns_end_lines_here_and_not_in_git(run: Run, root: Path) -> None:
    old = "d = {}\r\n\r# c\rd.has_key(0)\nd.has_key(1)\n"
    (root / "a.py").write_bytes(old.encode())
    commit(root)
    (root / "a.py").write_bytes((old + "d.has_key(2)\n").encode())
    assert run("--since", "HEAD").places == ["a.py:6"]


def test_from_below_in_worktrees_and_hooks(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, *keys(0), name="sub/b.py")
    monkeypatch.chdir(root / "sub")
    assert run("--since", "HEAD").places == ["b.py:2"]
    assert run("--since", "HEAD", "../a.py").places == []
    git(root, "worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")
    monkeypatch.chdir(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(root / ".git" / "no-index"))
    write(tmp_path / "other", *keys(0, 1, 2, 3, "'x'"))
    assert run("--since", "main").places == ["a.py:6"]


def test_submodules_are_compared_with_their_own_commit(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = repository(tmp_path / "library")
    write(library, *keys(0, 1))
    commit(library)
    git(root, "submodule", "--quiet", "add", str(library), "lib")
    commit(root)
    write(root / "lib", *keys(0, 1, 2))
    commit(root / "lib")
    write(root / "lib", *keys(0, 1, 2), name="new.py")
    assert run("--since", "HEAD").places == ["lib/a.py:4", *(f"lib/new.py:{n}" for n in (2, 3, 4))]
    # Before, there was no such submodule.
    assert len(run("--since", "HEAD~1").places) == 6
    monkeypatch.chdir(root / "lib")
    assert run("--since", "HEAD", ".").places == [f"new.py:{n}" for n in (2, 3, 4)]


def test_a_repository_inside_that_git_does_not_know_is_new(run: Run, root: Path) -> None:
    inner = repository(root / "inner")
    write(inner, *keys(0))
    commit(inner)
    assert run("--since", "HEAD").places == ["inner/a.py:2"]


def test_only_changed_lines_are_fixed(run: Run, root: Path) -> None:
    write(root, *keys(0, 1, "'new'", 3, 4))
    assert run("--since", "HEAD", "--diff").out.count("\n+d") == 0
    assert run("--since", "HEAD", "--fix").code == 0
    fixed = ["d.has_key(0)\n", "d.has_key(1)\n", "'new' in d\n", "d.has_key(3)\n", "d.has_key(4)\n"]
    assert (root / "a.py").read_text() == "d = {}\n" + "".join(fixed)


def test_it_goes_with_the_other_ways(run: Run, root: Path) -> None:
    write(root, *keys(0, 1, 2, 3, "'old'"))
    run("--update-baseline", "--baseline", "b.jsonl")
    write(root, *keys(0, 1, 2, "'new'", "'old'"))
    done = run("--baseline", "b.jsonl", "--since", "HEAD")
    assert done.places == ["a.py:5"]
    assert done.err.endswith("Left out: 4 in the baseline.\n")
    done = run("--since", "HEAD", "--add-noqa")
    assert "for 2 findings" in done.err
    assert (root / "a.py").read_text().count("noqa") == 2


def test_the_whole_project_is_read(run: Run, root: Path) -> None:
    write(root, "class Base:\n    total = 0\n", name="base.py")
    commit(root)
    text = "from base import Base\n\n\nclass C(Base):\n    def f(self):\n        self.total += 1\n"
    (root / "c.py").write_text(text)
    assert run("--since", "HEAD").places == ["c.py:6"]


def test_standard_input_is_compared_with_the_commit(root: Path) -> None:
    write(root, *keys(0, 1, 2, 3, "'saved'"))
    text = "d = {}\n" + "".join(keys("'typed'", 0, 1, 2, 3, "'saved'"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pyconcepts_lint", "--since", "HEAD"),
            *("--stdin-filename", "a.py", "-q", "-"),
        ],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["2", "7"], done


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("--output=x", "'--output=x' is no revision"),
        ("", "'' is no revision"),
        ("nowhere", "project has no revision nowhere"),
        ("HEAD:a.py", "project has no revision HEAD:a.py"),
        ("main..HEAD", "project has no revision main..HEAD"),
    ],
)
def test_what_is_no_revision_is_an_error(run: Run, root: Path, revision: str, said: str) -> None:
    done = run(f"--since={revision}")
    assert done.code == 2
    assert done.err.startswith("pyconcepts-lint: error: --since: ")
    assert done.err.endswith(said + "\n")
    assert not (root / "x").exists()


def test_where_git_has_no_answer(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(root, "switch", "-q", "--orphan", "alone")
    write(root, *keys(0))
    commit(root)
    assert "main and HEAD have no commit in common" in run("--since", "main").err
    write(tmp_path / "plain", *keys(0))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    said = run("--since", "HEAD", str(tmp_path / "plain")).err
    assert said.endswith(f"{tmp_path / 'plain'} is not in a git repository\n")
    empty = repository(tmp_path / "empty")
    with pytest.raises(SinceError, match="has no revision HEAD"):
        Since("HEAD", [str(empty)])
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(shallow))
    with pytest.raises(SinceError, match="history is cut off"):
        Since("HEAD~1", [str(shallow)])
    (empty / ".git" / "HEAD").write_text("odd\n")
    with pytest.raises(SinceError, match="git fails in"):
        Since("HEAD", [str(empty)])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SinceError, match="there is no git to ask"):
        Since("HEAD", [str(root)])


def test_links_lead_to_what_git_knows(run: Run, root: Path) -> None:
    if not hasattr(os, "symlink"):
        pytest.skip("no links")
    os.symlink("a.py", root / "link.py")
    commit(root)
    write(root, *keys(0, 1, 2, 3, "'x'"))
    assert run("--since", "HEAD", "link.py").places == ["link.py:6"]


text_lines = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=12)


@given(text_lines, text_lines, st.frozensets(st.integers(1, 12)))
def test_changed_lines_stay_changed_when_more_changes(
    before: list[str], after: list[str], changed: frozenset[int]
) -> None:
    carried = _carried(changed, "".join(before), "".join(after))
    assert all(1 <= n <= len(after) for n in carried)
    unchanged = [n for n in range(1, len(after) + 1) if n not in carried]
    rest = iter(line for n, line in enumerate(before, 1) if n not in changed)
    assert all(any(line == after[n - 1] for line in rest) for n in unchanged)
    if before == after:
        assert carried == {n for n in changed if n <= len(before)}


SPY = "#!/bin/sh\necho \"$0 $*\" >> '{log}'\ncat\n"

HOSTILE_CONFIG = """
[core]
    fsmonitor = {spy} fsmonitor
    hooksPath = {hooks}
    pager = {spy} pager
    sshCommand = {spy} ssh
    gitProxy = {spy} proxy
    askPass = {spy}
    editor = {spy} editor
    alternateRefsCommand = {spy} refs
[pager]
    diff = {spy} pager.diff
    config = {spy} pager.config
[diff]
    external = {spy} external
[diff "evil"]
    command = {spy} command
    textconv = {spy} textconv
[filter "evil"]
    clean = {spy} clean
    smudge = {spy} smudge
    required = true
[filter "evil.two"]
    process = {spy} process
    clean = {spy} clean
[alias]
    diff = !{spy} alias
    rev-parse = !{spy} alias
    merge-base = !{spy} alias
[credential]
    helper = !{spy} credential
[gpg]
    program = {spy} gpg
[log]
    showSignature = true
[protocol]
    allow = always
[include]
    path = more
"""
INCLUDED = """
[filter "more"]
    clean = {spy} included
    required = true
"""


def quoted(path: Path) -> str:
    """A path as it is written in a command, in git's configuration."""
    return shlex.quote(str(path)).replace('"', '\\"')


@pytest.fixture
def spied(root: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A program that writes down its calls, and that file."""
    log = tmp_path / "log"
    spy = tmp_path / "spy"
    spy.write_text(SPY.format(log=log))
    spy.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for directory in (hooks, root / ".git" / "hooks"):
        directory.mkdir(exist_ok=True)
        for name in ("post-index-change", "post-checkout", "reference-transaction", "pre-commit"):
            (directory / name).write_text(SPY.format(log=log))
            (directory / name).chmod(0o755)
    return spy, log


@pytest.mark.skipif(os.name == "nt", reason="the spy is a shell script")
def test_nothing_that_the_repository_names_is_run(
    run: Run, root: Path, spied: tuple[Path, Path]
) -> None:
    spy, log = spied
    (root / ".gitattributes").write_text(
        "*.py filter=evil diff=evil\nb.py filter=evil.two\nc.py filter=more\n"
    )
    for name in ("b.py", "c.py"):
        write(root, *keys(0), name=name)
    commit(root, "with attributes")
    log.unlink(missing_ok=True)
    words = {"spy": quoted(spy), "hooks": spy.parent / "hooks"}
    with (root / ".git" / "config").open("a") as config:
        config.write(HOSTILE_CONFIG.format(**words))
    (root / ".git" / "more").write_text(INCLUDED.format(**words))
    for name in ("a.py", "b.py", "c.py"):
        write(root, *keys(0, 1), name=name)
    write(root, *keys(0), name="new.py")
    subprocess.run(["git", "diff", "--stat"], cwd=root, capture_output=True, check=False)
    assert log.read_text()  # git itself does run them
    log.unlink()
    done = run("--since", "HEAD")
    assert "error:" not in done.err
    assert done.places == ["b.py:3", "c.py:3", "new.py:2"]
    assert not log.exists(), log.read_text()


@pytest.mark.skipif(os.name == "nt", reason="the spy is a shell script")
@pytest.mark.parametrize("url", ["ssh://host/x", "ext::{spy} ext", "{root}"])
def test_what_a_partial_clone_lacks_is_not_fetched(
    run: Run, root: Path, spied: tuple[Path, Path], url: str
) -> None:
    spy, log = spied
    write(root, *keys(0, 1))
    commit(root)
    blob = git(root, "rev-parse", "HEAD~1:a.py").strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    log.unlink(missing_ok=True)
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url.format(spy=spy, root=root),
        "remote.origin.uploadpack": f"{spy} uploadpack",
        "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
        "core.sshCommand": f"{spy} ssh",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
    }.items():
        git(root, "config", key, value)
    log.unlink(missing_ok=True)
    done = run("--since", "HEAD~1")
    assert done.code == 2
    assert "a partial clone has to have the revision's files" in done.err
    assert not log.exists(), log.read_text()


def test_a_filter_of_the_users_own_settings_is_run(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git takes for unchanged by it stays unchanged, whatever the repository says."""
    git(root, "config", "--global", "filter.own.clean", "sed 's/[.]/./'")
    (root / ".gitattributes").write_text("*.py filter=own\n")
    git(root, "config", "filter.own.clean", "sed d")
    assert run("--since", "HEAD").places == []


def test_a_filter_that_no_option_can_name_is_an_error(run: Run, root: Path) -> None:
    with (root / ".git" / "config").open("a") as config:
        config.write('[filter "a=b"]\n    clean = false\n')
    assert "a filter with an odd name: filter.a=b.clean" in run("--since", "HEAD").err
