"""Random package trees under CPython, before and after the safe fixes of all rules.

No module that could be imported may fail afterwards, none of its functions may answer differently,
and every import error that is claimed has to come.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from trees import Tree, shown, smallest, tree

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.testing import lint_paths as run

LIVE = Path(__file__).parent / "live_trees.py"
ERRORS = {
    "PCL204": {"ImportError"},
    "PCL205": {"ImportError", "ModuleNotFoundError"},
    "PCL209": {"ImportError", "AttributeError"},
    "PCL215": {"NameError"},
    "PCL206": {"AttributeError"},
}
LONGEST_SEARCH = 60
"""Seconds in which a tree that fails is made smaller."""
IS_FULL = os.environ.get("PYCONCEPTS_LINT_CORPUS") == "full"
STARTS = range(0, 2000, 100) if IS_FULL else range(200, 300, 100)
Outcomes = dict[str, dict[str, Any]]
"""What comes of each module of a tree, by its path."""


class Tried(NamedTuple):
    """A tree, what was found in it, and what its modules do before and after `--fix`."""

    files: Tree
    findings: list[Finding]
    before: Outcomes
    fixed: Tree
    after: Outcomes


def dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def write(root: Path, files: Tree) -> None:
    for path, text in {**files, "pyproject.toml": ""}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def ask(trees: list[tuple[Path, Tree]]) -> list[Outcomes]:
    questions = [(str(root), [dotted(path) for path in files]) for root, files in trees]
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(LIVE)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        dict(zip(files, answers, strict=True))
        for (_, files), answers in zip(trees, json.loads(done.stdout), strict=True)
    ]


def try_trees(trees: list[Tree], directory: Path) -> list[Tried]:
    """Lint and fix some trees, and import their modules before and after."""
    roots = [directory / str(number) for number in range(len(trees))]
    for root, files in zip(roots, trees, strict=True):
        root.mkdir()
        write(root, files)
    before = ask(list(zip(roots, trees, strict=True)))
    findings: list[list[Finding]] = []
    overrides = {"no_cache": True, "select": ("PCL",)}
    for root in roots:
        report = run([str(root)], overrides=overrides, jobs=1)
        assert report.errors == []
        findings.append([f._replace(path=os.path.relpath(f.path, root)) for f in report.findings])
        report = run([str(root)], overrides=overrides, jobs=1, fix=True)
        assert report.errors == []
    fixed = [
        {path: (root / path).read_text(encoding="utf-8") for path in files}
        for root, files in zip(roots, trees, strict=True)
    ]
    after = ask(list(zip(roots, trees, strict=True)))
    return [Tried(*parts) for parts in zip(trees, findings, before, fixed, after, strict=True)]


def wrongs(tried: Tried) -> list[str]:
    """What went wrong with a tree."""
    return [*_harm(tried), *_false_claims(tried)]


def _harm(tried: Tried) -> list[str]:
    found = []
    for path, before in tried.before.items():
        after = tried.after[path]
        if before["failed"]:
            continue
        if after["failed"]:
            found.append(f"harm: {path} fails: {after['failed']['message']}")
            continue
        for name, answer in before["answers"].items():
            if "gives" in answer and after["answers"].get(name) != answer:
                found.append(f"harm: {path} {name}: {answer}, then {after['answers'].get(name)}")
    return found


def _false_claims(tried: Tried) -> list[str]:
    claimed: dict[tuple[str, int], list[Finding]] = {}
    for finding in tried.findings:
        if finding.code in ERRORS:
            claimed.setdefault((finding.path, finding.line), []).append(finding)
    found = []
    for (path, line), findings in claimed.items():
        for finding in findings:
            if finding.message.startswith("`__all__` lists"):
                if not _fails_by_star(tried, finding):
                    found.append(f"false: {path}:{line} {finding.code} {finding.message}")
                continue
            entry = path
            if finding.code == "PCL209":
                first = finding.message.split("`")[1]
                entry = next((other for other in tried.files if dotted(other) == first), "")
            if not entry or not _comes(finding, tried.before[entry], claimed):
                found.append(f"false: {path}:{line} {finding.code} {finding.message}")
    return found


def _fails_by_star(tried: Tried, finding: Finding) -> bool:
    """Has the module not the name that is listed, which `from module import *` asks it for, or does
    it fail already?"""
    if tried.before[finding.path]["failed"]:
        return True
    name = finding.message.split("`")[3]
    with tempfile.TemporaryDirectory() as place:
        for path, text in tried.files.items():
            file = Path(place, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        module = dotted(finding.path)
        statement = f"import importlib; importlib.import_module({module!r}).{name}"
        done = subprocess.run(
            [sys.executable, "-c", statement],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
    return "AttributeError" in done.stderr and f"'{name}'" in done.stderr


def _errors(finding: Finding) -> set[str]:
    """What may come of the line: a name that only `__all__` lists is a missing attribute."""
    is_listed = finding.code == "PCL205" and finding.message.endswith("this raises AttributeError")
    return {"AttributeError"} if is_listed else ERRORS[finding.code]


def _comes(
    finding: Finding, outcome: dict[str, Any], claimed: dict[tuple[str, int], list[Finding]]
) -> bool:
    """Does what is claimed come, or does something else keep it from being reached?"""
    if outcome["failed"]:
        error = outcome["failed"]
        *_, last = error["places"]
        if last == [finding.path, finding.line]:
            return error["raises"] in _errors(finding)
        # Another name that a module lacks as long as it runs is what PCL209 should have named.
        is_cycle = "partially initialized" in error["message"]
        return finding.code != "PCL209" or not is_cycle or tuple(last) in claimed
    for error in outcome["answers"].values():
        if "raises" in error:
            path, line = error["places"][0]
            if [finding.path, finding.line] in error["places"]:
                # Where that isn't the last of them, the import fails for another reason.
                is_last = error["places"][-1] == [finding.path, finding.line]
                return not is_last or error["raises"] in _errors(finding)
            # The two lines of a function: the import in it fails before the use.
            if path == finding.path and line == finding.line - 1 and finding.code != "PCL209":
                return True
    return False


# The tests


def check(seeds: range) -> Counter[str]:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        all_tried = try_trees([tree(seed) for seed in seeds], Path(scratch))
        for seed, tried in zip(seeds, all_tried, strict=True):
            counts["trees"] += 1
            counts["modules"] += len(tried.files)
            counts["modules that work"] += sum(not o["failed"] for o in tried.before.values())
            counts["modules that work afterwards"] += sum(
                not o["failed"] for o in tried.after.values()
            )
            counts["trees that are changed"] += tried.fixed != tried.files
            counts["claims"] += sum(f.code in ERRORS for f in tried.findings)
            wrong = wrongs(tried)
            if wrong:
                pytest.fail(report(seed, tried.files, wrong[0]))
    return counts


def first_wrong(files: Tree) -> tuple[list[str], Tried]:
    directory = Path(tempfile.mkdtemp())
    try:
        (tried,) = try_trees([files], directory)
        return wrongs(tried), tried
    finally:
        shutil.rmtree(directory)


def report(seed: int, files: Tree, wrong: str) -> str:
    """The smallest tree in which the same kind of thing goes wrong."""
    kind, code = wrong.split()[0], wrong.split()[2]
    end = time.monotonic() + LONGEST_SEARCH

    def still(smaller: Tree) -> bool:
        found, _ = first_wrong(smaller) if time.monotonic() < end else ([], None)
        return any(
            one.startswith(kind) and (kind == "harm:" or code in one.split()) for one in found
        )

    small = smallest(files, still)
    found, tried = first_wrong(small)
    changed = {path: text for path, text in tried.fixed.items() if small.get(path) != text}
    return "\n".join(
        [f"seed {seed}", *found, "", shown(small), "fixed:", shown(changed)]
        + [f"{f.path}:{f.line} {f.code} {f.message}" for f in tried.findings]
    )


def test_a_tree_is_made_smaller_until_nothing_more_can_go() -> None:
    files = {"a.py": "x = 1\ntry:\n    y = 2\nexcept E:\n    pass\n", "b.py": "z = 3\n"}
    small = smallest(files, lambda files: "y = 2" in files.get("a.py", ""))
    assert small == {"a.py": "try:\n    y = 2\nexcept E:\n    pass\n"}


def test_harm_and_false_claims_are_noticed(tmp_path: Path) -> None:
    files = {"a.py": "N = 1\ndef use1():\n    return N\n", "b.py": "from a import M\n"}
    (tried,) = try_trees([files], tmp_path)
    assert wrongs(tried) == []
    assert [finding.code for finding in tried.findings] == ["PCL205"]
    failing = {"a.py": tried.before["b.py"]}
    assert len(wrongs(tried._replace(after={**tried.after, **failing}))) == 1
    working = {"b.py": tried.before["a.py"]}
    assert len(wrongs(tried._replace(before={**tried.before, **working}))) == 2


def test_no_random_tree_is_harmed_and_no_claim_about_one_is_false() -> None:
    counts = check(range(100, 160))
    assert counts["modules that work"] > 200
    assert counts["trees that are changed"] > 20
    assert counts["claims"] > 15


@pytest.mark.corpus
@pytest.mark.parametrize("start", STARTS)
def test_no_other_random_tree_is_harmed(start: int) -> None:
    print(check(range(start, start + 100)))
