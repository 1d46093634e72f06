"""Real files are typed again, character by character: what is known at the end is what a cold start
finds, and half a line makes no difference to other files."""

from __future__ import annotations

import os
import random
import re
import shutil
import sysconfig
from pathlib import Path

import pytest

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.server.options import Options
from pyconcepts_lint.server.projects import Projects

PACKAGES = ("json", "wsgiref", "html", "dbm")
_STATEMENT = re.compile(r"^[ ]*(?:def|class|import|from|return|self\.|\w+ = ).*\n", re.MULTILINE)
BASE = "class Base:\n    __slots__ = ('a',)\n\n\ndef helper(x):\n    return x\n"
USER = """\
from base import Base


class Sub(Base):
    __slots__ = ()

    def __init__(self):
        self.b = 2
"""


def never(message: str) -> None:
    raise AssertionError(message)


def started(root: Path, texts: dict[str, str]) -> Projects:
    """All that is known of a project in which some files are open."""
    projects = Projects(Options({"no_cache": True}).configure, [str(root)], True, never)
    projects.reload()
    for path, text in texts.items():
        projects.open(path, text)
    finish(projects)
    return projects


def finish(projects: Projects) -> None:
    while projects.piece() is not None:
        pass
    projects.settle()


def found(projects: Projects) -> dict[str, list[Finding]]:
    return {
        path: projects.findings(path)
        for path in (*projects.files, *projects.texts)
        if projects.findings(path)
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in PACKAGES:
        source = Path(sysconfig.get_path("stdlib"), name)
        shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "base.py").write_text(BASE)
    (root / "user.py").write_text(USER)
    (root / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nselect = ["PCL"]\n')
    return root


def keystrokes(text: str, chance: random.Random) -> list[str]:
    """A statement of a text taken away and typed again, sometimes otherwise."""
    places = list(_STATEMENT.finditer(text))
    if not places:
        return [f"{text}x = {text.count('x')}\n"]
    one = chance.choice(places)
    new = one[0]
    if chance.random() < 0.5:
        words = re.findall(r"\w+", new)
        new = re.sub(rf"\b{chance.choice(words)}\b", chance.choice(words) + "_", new)
    step = chance.choice([1, 2, 3, 7])
    return [
        text[: one.start()] + new[:end] + text[one.end() :]
        for end in (*range(0, len(new), step), len(new))
    ]


def is_python(text: str) -> bool:
    try:
        compile(text, "typed", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def replay(root: Path, seed: int, edits: int, every: int) -> None:
    """Type, look at the open file after each edit, and now and then compare with a cold start."""
    chance = random.Random(seed)
    paths = sorted(str(path) for path in root.rglob("*.py"))
    texts = {
        path: Path(path).read_text(encoding="utf-8")
        for path in (*chance.sample(paths, 3), str(root / "base.py"))
    }
    good = texts.copy()
    projects = started(root, texts)
    done = 0
    while done < edits:
        path = chance.choice(list(texts))
        for text in keystrokes(texts[path], chance):
            texts[path] = text
            projects.change(path, text)
            projects.fresh(path)
            if is_python(text):
                good[path] = text
            done += 1
            if chance.random() < 0.1:
                finish(projects)
            if done % every == 0:
                break
        if done % every == 0 or done >= edits:
            for each, text in list(texts.items()):
                if not is_python(text):
                    # A cold start knows nothing of the last text that could be read.
                    texts[each] = good[each]
                    projects.change(each, good[each])
            finish(projects)
            cold = found(started(root, texts))
            assert found(projects) == cold, f"seed {seed}, {done} edits, {path}"


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_typed_ends_as_a_cold_start_begins(root: Path, seed: int) -> None:
    replay(root, seed, 50, 25)


@pytest.mark.corpus
@pytest.mark.parametrize("seed", range(100, 120))
def test_two_thousand_edits_end_as_cold_starts_begin(root: Path, seed: int) -> None:
    replay(root, seed, 100, 20)


def test_other_files_see_the_last_text_that_could_be_read(root: Path) -> None:
    base, user = str(root / "base.py"), str(root / "user.py")
    projects = started(root, {base: BASE, user: USER})
    before = projects.findings(user)
    assert [each.code for each in before] == ["PCL606"]
    text = BASE.replace("def helper(x):", "def helper(x, y=(1, {2: [3]})):")
    start = BASE.index("def helper")
    for end in range(start, len(text)):
        projects.change(base, text[:end])
        finish(projects)
        assert projects.findings(user) == before, text[:end]


def test_only_what_rests_on_a_change_is_looked_at(root: Path) -> None:
    base = str(root / "base.py")
    projects = started(root, {base: BASE})
    projects.change(base, BASE + "\n\ndef other():\n    pass\n")
    finish(projects)
    projects.change(base, BASE + "\n\ndef other():\n    return 1\n")
    assert projects.piece() == base
    assert projects.piece() == ""
    asked = 0
    while projects.piece() is not None:
        asked += 1
    assert asked < len(projects.files) / 2
    projects.change(base, BASE.replace("'a'", "'a', 'b'"))
    finish(projects)
    assert projects.findings(str(root / "user.py")) == []
    assert os.path.isfile(base)
