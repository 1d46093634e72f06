"""Compares what PCL101-103 say of real code with what CPython does there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live_questions import answers_of
from sites import ClassBody, Site, Sites, read

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.plugins.registry import rules, tables
from pyconcepts_lint.running.check_file import lint_file
from pyconcepts_lint.workspace.workspace import Workspaces

CODES = ("PCL101", "PCL102", "PCL103")
CLAIM = re.compile(r"(?:it hides the [a-z -]+|reads|changes the \w+) `(\w+)\.(\w+)`")
PLAIN_KINDS = {"value", "function", "staticmethod", "classmethod", "class"}
# Class decorators that give back the class, and leave attribute access alone.
HARMLESS = re.compile(r"\b(total_ordering|final|runtime_checkable|unique|skip|skipIf|skipUnless)\b")


@dataclass
class Outcome:
    """What came of a comparison.

    `confirmed` claims were tried out on a live instance, and so; `refuted` ones were not so;
    of `unreachable` ones no live class could be found. `expected` counts the assignments that
    hide a class attribute by CPython's word and are told of, or no exemption; `missed` are the ones among
    them that the linter is silent about. `exempt` are those that it may be silent about, by the
    reason for that.
    """

    confirmed: int = 0
    refuted: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    expected: int = 0
    missed: list[str] = field(default_factory=list)
    exempt: dict[str, list[str]] = field(default_factory=dict)


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
    workspaces = Workspaces(
        Configuration({"no_cache": True, "respect_gitignore": False}), tables=tables()
    )
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
    answers: dict[str, dict[str, Any]] = answers_of(
        Path(__file__).with_name("live.py"), scratch, task
    )
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
    if live["method"] != "instance" or not live["owner"]:
        return  # no instance, or nothing to hide
    if finding is not None:
        outcome.expected += 1
        return
    place = f"{module}:{site.line}: {site.qualname}.{site.method}: {site.attribute}"
    place = f"{place} of {live['owner module']}:{live['owner']}"
    reason = _exemption(module, site, live, sources, known)
    if reason:
        outcome.exempt.setdefault(reason, []).append(place)
    else:
        outcome.expected += 1
        outcome.missed.append(place)


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


def _exemption(
    module: str,
    site: Site,
    live: dict[str, Any],
    sources: Mapping[str, Sites],
    known: set[str],
) -> str:
    """Why the linter may be silent, by the catalogue and by what CPython says, or ""."""
    owner_module, name = live["owner module"], site.attribute
    if live["kind"] not in PLAIN_KINDS:
        return f"a {live['kind']}"
    if owner_module not in sources:
        return "an attribute of a class of another project"
    if live["hooks"]:
        return "a class with hooks for attribute access"
    if live["fields"]:
        return "a class with fields"
    if live["metaclass"] not in ("type", "ABCMeta"):
        return "a metaclass"
    if live["bound"] is not True:
        return "not bound on a bare instance"
    if live["taken over below"]:
        return "a subclass takes over"
    tops = {part.partition(".")[0] for part in known}
    bodies = []
    for entry in live["mro"]:
        base_module, _, qualname = entry.partition(":")
        if base_module.partition(".")[0] not in tops:
            return "a base from another project"
        if base_module not in sources:
            continue
        body = sources[base_module].bodies.get(qualname)
        if body is None:
            return "a base without a class statement"
        bodies.append(body)
        if unknown := [d for d in body.decorators if not HARMLESS.search(d)]:
            return f"a class decorated by {unknown[0].partition('(')[0]}"
        if body.fills_itself:
            return "a class body that fills its namespace by itself"
        if any(_is_made(sources[base_module], base) for base in body.bases):
            return "a base that a call makes"
    if any(b.annotation and b.name == name for body in bodies for b in body.bound):
        return "an annotated default"
    owner = sources[owner_module].bodies[live["owner"]]
    if _has_hooks_below(live["mro"][0].partition(":")[2], sources):
        return "a subclass takes over"
    if any(body.qualname in source.passed for body in bodies for source in sources.values()):
        return "a class that is passed to a function"
    odd = _odd_binding(owner, sources, live, name, tops)
    return odd or ("" if site.kind == "set" else _augmentation(bodies, owner, name, sources))


def _has_hooks_below(qualname: str, sources: Mapping[str, Sites]) -> bool:
    """Does a class that seems to be below one, imported or not, bind `__setattr__`?"""
    below = {qualname.rpartition(".")[2]}
    classes = [body for source in sources.values() for body in source.bodies.values()]
    known = 0
    while known < len(below):
        known = len(below)
        below.update(
            body.qualname.rpartition(".")[2]
            for body in classes
            if any(base.rpartition(".")[2] in below for base in body.bases)
        )
    return any(
        body.qualname.rpartition(".")[2] in below
        and any(b.name == "__setattr__" for b in body.bound)
        for body in classes
    )


def _is_made(source: Sites, base: str) -> bool:
    made = ("call", "name", "other")
    return "(" in base or any(v.startswith(made) for v in source.names.get(base, ()))


def _odd_binding(
    owner: ClassBody, sources: Mapping[str, Sites], live: dict[str, Any], name: str, tops: set[str]
) -> str:
    bound = [b for b in owner.bound if b.name == name]
    if not bound:
        return "an attribute that the class body doesn't bind"
    if any(b.conditional for b in bound):
        return "bound under a condition"
    for entry in live["made of"]:
        module, _, qualname = entry.partition(":")
        if module.partition(".")[0] not in tops:
            return "an object of another project"
        made_of = sources[module].bodies.get(qualname) if module in sources else None
        if made_of is not None and made_of.decorators:
            return "an object of a decorated class"
    for b in bound:
        values = {b.value}
        what, _, of = b.value.partition(" ")
        if what == "name":
            names = sources[live["owner module"]].names
            values = {v for v in names.get(of, {"class"}) if not v.startswith("import")}
        for value in values:
            what, _, called = value.partition(" ")
            if what == "call" and live["type"] != called:
                return "made by a function"
            if what not in ("literal", "def", "class", "call"):
                return f"bound to: {value}"
    return ""


def _augmentation(
    bodies: list[ClassBody], owner: ClassBody, name: str, sources: Mapping[str, Sites]
) -> str:
    if any(name in source.stored for source in sources.values()):
        return "augmented, and bound elsewhere, too"
    if any(body.fills_instances for body in bodies):
        return "augmented, in a class that fills its instances by itself"
    if any(b.name == name and b.value == "literal None" for b in owner.bound):
        return "None, augmented"
    return ""
