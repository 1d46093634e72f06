"""One file or one rule may fail, never the run: what fails is named, and the rest is looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.index import collect
from pyconcepts_lint.testing import lint_paths as run

GOOD = "class A:\n    n = 0\n\n    def f(self):\n        self.n += 1\n"

RULES = '''
from __future__ import annotations

import os
import sys

from pyconcepts_lint import Claim, Range, Rule


class Bad(Rule):
    """A rule that misbehaves."""

    code = "BAD101"
    name = "bad"

{body}
'''
SAYS = "def claims(self, file): yield Claim(Range(2, 5, 2, 6), 'x'"  # of the name `n`
MISBEHAVIOUR = {
    "__init__ raises": "def __init__(self, file): raise ValueError('no')",
    "__init__ forgets its base": "def __init__(self, file): pass",
    "__init__ exits": "def __init__(self, file): sys.exit(0)",
    "claims raises": "def claims(self, file): raise ValueError('no')",
    "claims exits as if all were well": "def claims(self, file): sys.exit(0)",
    "claims exits with words": "def claims(self, file): sys.exit('bye')",
    "claims raises what no Exception is": "def claims(self, file): raise BaseException('no')",
    "claims calls itself": "def claims(self, file): self.claims(file)",
    "claims gives nothing": "def claims(self, file): return None",
    "claims gives no claims": "def claims(self, file): return ['a', 1]",
    "claims gives a tuple": "def claims(self, file): return [(Range(1, 1, 1, 2), 'x')]",
    "claims exits on the way": (
        "def claims(self, file):\n    yield Claim(Range(1, 1, 1, 2), 'x')\n    sys.exit(0)"
    ),
    "a fix raises": f"{SAYS}, self._fix)\ndef _fix(self, node): raise KeyError(node)",
    "a fix exits": f"{SAYS}, self._fix)\ndef _fix(self, node): sys.exit(0)",
    "a fix calls itself": f"{SAYS}, self._fix)\ndef _fix(self, node): self._fix(node)",
    "a fix without a node": f"{SAYS}, lambda node: None, in_source=True)",
    "a fix that is none": f"{SAYS}, 7)",
    "review exits": "def review(self, findings, ran): sys.exit(0)",
    "review calls itself": "def review(self, findings, ran): self.review(findings, ran)",
    "review gives no claims": "def review(self, findings, ran): return ['a']",
    "a message that is no str": "def claims(self, file): yield Claim(Range(1, 1, 1, 2), 7)",
    "a place that is no Range": "def claims(self, file): yield Claim(('a', 1, 1, 2), 'x')",
    "a place without an end": "def claims(self, file): yield Claim((1, 1), 'x')",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nfail-on = 'note'\n")
    (root / "good.py").write_text(GOOD)
    return root


def environment(directory: Path, body: str) -> dict[str, str]:
    """That of a process in which a package with one rule is installed."""
    site = directory / "site"
    info = site / "bad_rules-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bad-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pyconcepts_lint.rules]\nbad = bad_rules\n")
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (site / "bad_rules.py").write_text(RULES.format(body=lines))
    return {**os.environ, "PYTHONPATH": str(site), "XDG_CACHE_HOME": str(directory / "cache")}


def command(
    root: Path, *arguments: str, module: str = "pyconcepts_lint", **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def use(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Run a rule with this body beside the others."""
    from pyconcepts_lint.plugins import registry

    names: dict[str, Any] = {"__name__": "bad_rules"}
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    exec(RULES.format(body=lines), names)
    found = {**registry.listed(), "BAD101": names["Bad"]}
    monkeypatch.setattr(registry, "listed", lambda: found)


@pytest.mark.parametrize("body", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_a_rule_that_misbehaves_is_named_and_the_rest_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    use(monkeypatch, body)
    report = run([str(root)], jobs=1, overrides={"no_cache": True})
    assert [(finding.code, finding.line) for finding in report.findings] == [("PCL103", 5)]
    (error,) = report.errors
    assert error.startswith(f"{root / 'good.py'}: internal error in BAD101 (bad): ")


def test_ctrl_c_in_a_rule_is_no_fault(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("claims(self, file)", "__init__(self, file)", "review(self, findings, ran)"):
        use(monkeypatch, f"def {place}: raise KeyboardInterrupt")
        with pytest.raises(KeyboardInterrupt):
            run([str(root)], jobs=1, overrides={"no_cache": True})


def test_its_distribution_is_named_and_the_exit_code_is_that_of_an_error(
    root: Path, tmp_path: Path
) -> None:
    env = environment(tmp_path, "def claims(self, file): sys.exit(0)")
    for _ in range(2):  # the second time from the cache, as far as that goes
        done = command(root, env=env)
        assert done.returncode == 2
        assert "good.py:5:" in done.stdout
        assert "Traceback" not in done.stderr
        (line,) = (line for line in done.stderr.splitlines() if "error" in line)
        assert "good.py: internal error in BAD101 (bad of bad-rules): SystemExit: 0" in line


@pytest.mark.parametrize("body", ["def claims(self, file): sys.exit(0)"])
def test_under_flake8_it_is_one_clear_report(root: Path, tmp_path: Path, body: str) -> None:
    env = environment(tmp_path, body)
    (root / "other.py").write_text("x = 1\n")
    for jobs in ("1", "2"):
        done = command(root, "--jobs", jobs, "--select", "PCL,BAD", ".", module="flake8", env=env)
        lines = done.stdout.splitlines()
        assert sum("BAD101 internal error in BAD101" in line for line in lines) == 2
        assert any(line.startswith("./good.py:5:") for line in lines)
        assert "Traceback" not in done.stderr


def test_deep_source_is_no_fault_of_a_rule(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
def claims(self, file):
    self._down(file.tree, 0)
    return ()
def _down(self, node, depth):
    import ast
    if depth > 300:
        raise RecursionError("as Python 3.12 raises it where C code calls itself")
    for child in ast.iter_child_nodes(node):
        self._down(child, depth + 1)
"""
    use(monkeypatch, body)
    (root / "deep.py").write_text("x = " + "-" * 400 + "1\n")
    report = run([str(root)], jobs=1, overrides={"no_cache": True})
    assert report.errors == []
    assert report.notes == [f"{root / 'deep.py'}: too deeply nested for BAD101 to look at"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_cannot_be_indexed_is_named_and_the_rest_is_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """Whichever file is asked for, if what it imports is not understood."""

    def fail(self: object, node: object) -> None:
        raise AssertionError("not this statement")

    monkeypatch.setattr(collect._Collector, "delete", fail)
    monkeypatch.setattr("pyconcepts_lint.running.scheduler.SMALL_WORK", 0)
    (root / "odd.py").write_text("x = 1\ndel x\n")
    (root / "user.py").write_text(
        f"import odd\n{GOOD}class B(odd.Base):\n    m = 1\nB.m = B().m = 2\n"
    )
    for named in (root, root / "user.py", root / "odd.py"):
        for _ in range(2):
            report = run([str(named)], jobs=jobs)
            (error,) = report.errors
            assert error.startswith(f"{root / 'odd.py'}: internal error while it was indexed: ")
            assert "AssertionError: not this statement" in error
    assert [(os.path.basename(f.path), f.line) for f in run([str(root)]).findings] == [
        ("good.py", 5),
        ("user.py", 6),
    ]


def test_a_file_whose_reading_fails_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyconcepts_lint.parsing import python2

    def fail(text: str) -> None:
        raise KeyError("no")

    monkeypatch.setattr(python2, "translate", fail)
    (root / "old.py").write_text("print 'x'\n")
    report = run([str(root)], jobs=1, overrides={"no_cache": True})
    (error,) = report.errors
    assert error.startswith(f"{root / 'old.py'}: internal error while it was indexed: KeyError")
    assert [os.path.basename(finding.path) for finding in report.findings] == ["good.py"]


UNREADABLE = {
    "a syntax error": b"x = = 1\n",
    "bytes that are not UTF-8": b"x = '\xe9'\n",
    "a NUL byte": b"x = 1\0\n",
    "an unknown encoding": b"# coding: klingon\n",
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said_whatever_is_selected(root: Path, data: bytes) -> None:
    from pyconcepts_lint import lint

    (root / "odd.py").write_bytes(data)
    for codes in ("PCL1", "PCL201", "PCL905"):
        for _ in range(2):
            said = lint(root, select=[codes], ignore=["PCL103"]).findings
            assert [finding.code for finding in said] == ["PCL901"]
    done = command(root, "--select", "PCL103", "odd.py")
    assert done.returncode == 1
    assert done.stdout.startswith("odd.py:")
    assert " PCL901 " in done.stdout


def test_where_the_code_is_ignored_it_is_a_note(root: Path) -> None:
    (root / "odd.py").write_bytes(b"x = = 1\n")
    for arguments in (["--ignore", "PCL901"], ["--per-file-ignores", "odd.py:PCL9"]):
        done = command(root, *arguments, "odd.py")
        assert done.returncode == 0
        assert done.stdout == ""
        assert "note: " in done.stderr
        assert "odd.py:1: SyntaxError: invalid syntax" in done.stderr


def test_what_cannot_be_read_is_not_fixed_where_its_code_is_not_selected(
    project: Callable[..., Any],
) -> None:
    shop = project("import .sibling\n")
    assert shop.fix("PCL1") == {"main.py": "import .sibling\n"}
    assert shop.fix("PCL9") == {"main.py": "from . import sibling\n"}


def test_links_that_lead_nowhere_take_nothing_else_with_them(root: Path) -> None:
    (root / "circle.py").symlink_to("circle.py")
    (root / "circle").symlink_to("circle")
    (root / "long.py").symlink_to("x" * 300)
    (root / "dangling.py").symlink_to("nothing.py")
    report = run([str(root)], jobs=1, overrides={"no_cache": True})
    assert report.errors == []
    assert [(os.path.basename(f.path), f.code) for f in report.findings] == [
        ("circle.py", "PCL901"),
        ("good.py", "PCL103"),
        ("long.py", "PCL901"),
    ]
    named = run([str(root / "circle.py"), str(root / "good.py")], jobs=1)
    assert len(named.errors) == 1
    assert [f.code for f in named.findings] == ["PCL103"]


def test_a_link_in_a_circle_hides_no_module_beside_it(project: Callable[..., Any]) -> None:
    shop = project({"main.py": "import zoo\n\nzoo.gone\nfrom zoo import gone\n", "zoo.py": ""})
    (shop.root / "a").symlink_to("a")
    assert shop.places("PCL205") == [("main.py", 4, 1)]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root enters everything")
def test_directories_without_permission_are_a_line_each(root: Path) -> None:
    for name, mode in (("listed", 0o444), ("closed", 0)):
        directory = root / name
        directory.mkdir()
        (directory / "pyproject.toml").write_text("[project]\n")
        (directory / "a.py").write_text(GOOD)
        directory.chmod(mode)
    (root / "link.py").symlink_to("closed/a.py")
    try:
        done = command(root)
        named = command(root, "listed", "closed", "good.py")
    finally:
        (root / "listed").chmod(0o755)
        (root / "closed").chmod(0o755)
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["PCL103", "PCL901"]
    for each in (done, named):
        assert each.returncode == 2
        said = sorted(line for line in each.stderr.splitlines() if "Permission" in line)
        assert said == [
            f"pyconcepts-lint: {root}/closed: cannot read the directory: Permission denied",
            f"pyconcepts-lint: {root}/listed: cannot enter the directory: Permission denied",
        ]
    assert "good.py:5:" in named.stdout


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_a_name_that_is_no_utf_8_is_a_name(root: Path, locale: str) -> None:
    directory = os.fsencode(root) + b"/\xff"
    os.mkdir(directory)
    with open(directory + b"/\xe9.py", "w", encoding="utf-8") as file:
        file.write(GOOD)
    env = {**os.environ, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for _ in range(2):
        done = command(root, env=env)
        assert done.returncode == 1, done.stderr
        assert len(done.stdout.splitlines()) == 2
        assert "error" not in done.stderr


@pytest.mark.parametrize("home", ["/dev/null", "~"])
def test_python_2_needs_no_home(root: Path, home: str) -> None:
    """fissix keeps its grammar below the home directory, and has to be told where there is none."""
    (root / "old.py").write_text("print 'x'\n")
    env = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    done = command(root, "--no-cache", "old.py", env={**env, "HOME": home})
    assert done.returncode == 1
    assert done.stdout.startswith("old.py:1:1: PCL902 ")
    assert not (root / "~").exists()
