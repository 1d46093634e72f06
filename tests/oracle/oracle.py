"""Compares what PCL101-103 say of real code with what CPython does there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sites import ClassBody, Site, Sites, read

from pyconcepts_lint.engine import lint_file
from pyconcepts_lint.finding import Finding
from pyconcepts_lint.registry import rules
from pyconcepts_lint.workspace import Workspaces

CODES = ("PCL101", "PCL102", "PCL103")
CLAIM = re.compile(r"(?:it hides the [a-z -]+|reads|changes the \w+) `(\w+)\.(\w+)`")
PLAIN_KINDS = {"value", "function", "staticmethod", "classmethod", "class"}
LITERAL_TYPES = re.compile("NoneType|bool|int|float|complex|str|bytes|tuple|list|dict|set")


@dataclass
class Outcome:
    """What came of a comparison.

    `confirmed` claims were tried out on a live instance, and so; `refuted` ones were not so;
    of `unreachable` ones no live class could be found. `expected` counts the assignments that
    hide a class attribute by CPython's word and are no exemption; `missed` are the ones among
    them that the linter is silent about.
    """

    confirmed: int = 0
    refuted: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    expected: int = 0
    missed: list[str] = field(default_factory=list)


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def compare(
    root: Path,
    files: Iterable[Path],
    scratch: Path,
    *,
    path: Iterable[str] = (),
    prelude: str = "",
    standard: Iterable[str] = (),
) -> Outcome:
    """Lint a project, and ask its live classes.

    Args:
        root: the project; it gets a `pyproject.toml`.
        files: the project's files that are looked at.
        scratch: a directory for questions and answers.
        path: what to put in front of `sys.path` to import the modules.
        prelude: a program to run before anything is imported.
        standard: names of further modules whose classes may be in an MRO.
    """
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    modules = {module_name(file, root): file for file in sorted(files)}
    sources = {
        name: read(file.read_bytes().decode("utf-8", "replace")) for name, file in modules.items()
    }
    findings = {(f.path, f.line, f.column): f for f in _lint(modules.values())}
    answers = _ask(modules, sources, scratch, list(path), prelude)
    outcome = Outcome()
    known = {*modules, *standard, *sys.stdlib_module_names}
    for name, file in modules.items():
        for number, site in enumerate(sources[name].sites):
            finding = findings.pop((str(file), site.line, site.column), None)
            _judge(outcome, name, site, finding, answers.get(f"{name}:{number}"), sources, known)
    outcome.refuted += [f"no assignment there: {_line(f)}" for f in findings.values()]
    return outcome


def _lint(files: Iterable[Path]) -> Iterator[Finding]:
    """What the rules say, `# noqa` or not."""
    workspaces = Workspaces({"no_cache": True, "respect_gitignore": False})
    chosen = [rules()[code] for code in CODES]
    for file in files:
        result = lint_file(workspaces.of(str(file)), str(file), chosen, noqa=False)
        assert not result.errors, result.errors
        yield from result.findings


def _ask(
    modules: Mapping[str, Path],
    sources: Mapping[str, Sites],
    scratch: Path,
    path: list[str],
    prelude: str,
) -> dict[str, dict[str, Any]]:
    questions = {
        name: [
            (f"{name}:{number}", s.qualname, s.method, s.first_line, s.def_line, s.attribute)
            for number, s in enumerate(sources[name].sites)
            if not s.in_function
        ]
        for name in modules
    }
    task = {"path": path, "prelude": prelude, "modules": {k: v for k, v in questions.items() if v}}
    asked, answered = scratch / "questions.json", scratch / "answers.json"
    asked.write_text(json.dumps(task), encoding="utf-8")
    answered.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("live.py")), str(asked), str(answered)],
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert answered.exists(), done.stderr[-3000:]
    answers: dict[str, dict[str, Any]] = json.loads(answered.read_text(encoding="utf-8"))
    return answers


def _line(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}:{finding.column}: {finding.code} {finding.message}"


def _judge(
    outcome: Outcome,
    module: str,
    site: Site,
    finding: Finding | None,
    live: dict[str, Any] | None,
    sources: Mapping[str, Sites],
    known: set[str],
) -> None:
    if live is None or live["method"] == "wrapped":
        if finding is not None:
            outcome.unreachable.append(_line(finding))
        return
    refutation = "" if finding is None else _refutation(finding, live)
    if finding is not None and refutation:
        outcome.refuted.append(f"{refutation}: {_line(finding)}")
    elif finding is not None:
        outcome.confirmed += 1
    if site.kind == "set" and _is_expected(module, site, live, sources, known):
        outcome.expected += 1
        if finding is None:
            place = f"{module}:{site.line}: {site.qualname}.{site.method}: {site.attribute}"
            outcome.missed.append(f"{place} of {live['owner module']}:{live['owner']}")


def _refutation(finding: Finding, live: dict[str, Any]) -> str:
    """Why a claim isn't so, or ""."""
    claim = CLAIM.search(finding.message)
    if claim is None:
        return "not a sentence that can be checked"
    if live["method"] != "instance":
        return f"a {live['method']} method"
    if not live["owner"]:
        return "no class attribute"
    if live["owner"].rpartition(".")[2] != claim[1]:
        return f"the attribute is {live['owner']}'s"
    if live["kind"] not in PLAIN_KINDS:
        return f"a {live['kind']}"
    if live["bound"] is False:
        return "not bound on the instance"
    if live["bound"] is not True and (
        live["hooks"] or live["metaclass"] not in ("type", "ABCMeta")
    ):
        return "may not be bound on the instance"
    return ""


def _is_expected(
    module: str,
    site: Site,
    live: dict[str, Any],
    sources: Mapping[str, Sites],
    known: set[str],
) -> bool:
    """Must the linter speak of it, by the catalogue and by what CPython says?"""
    if live["method"] != "instance" or live.get("kind") not in PLAIN_KINDS:
        return False
    if live["bound"] is not True or live["hooks"] or live["fields"]:
        return False
    if live["metaclass"] not in ("type", "ABCMeta") or live["taken over below"]:
        return False
    bodies = []
    for entry in live["mro"]:
        name, _, qualname = entry.partition(":")
        if name.partition(".")[0] not in {part.partition(".")[0] for part in known}:
            return False
        if name in sources:
            body = sources[name].bodies.get(qualname)
            if body is None or body.decorated:
                return False
            bodies.append(body)
    if live["owner module"] not in sources:
        return False
    if any(b.annotation and b.name == site.attribute for body in bodies for b in body.bound):
        return False
    owner = sources[live["owner module"]].bodies[live["owner"]]
    return _is_plainly_bound(owner, site.attribute, live)


def _is_plainly_bound(owner: ClassBody, name: str, live: dict[str, Any]) -> bool:
    bound = [b for b in owner.bound if b.name == name]
    if not bound or any(b.conditional for b in bound):
        return False
    for b in bound:
        what, _, callee = b.value.partition(" ")
        if what in ("literal", "def", "class"):
            continue
        if what == "call" and live["type"] == callee:
            continue
        if what == "name" and (LITERAL_TYPES.fullmatch(live["type"]) or live["kind"] == "class"):
            continue
        return False
    return True
