"""Fixes: all of one or none, as many as don't collide, and never a file lost or broken."""

from __future__ import annotations

import ast
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.base.finding import Edit, Finding, Fix, collide
from pyconcepts_lint.base.report import FileResult, Report
from pyconcepts_lint.plugins import registry
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.running.fixer import apply, plan, resolve_conversion_fixes
from pyconcepts_lint.running.scheduler import Scheduler
from pyconcepts_lint.source.text import Source
from pyconcepts_lint.testing import lint_paths as run

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"

OLD = "def f(d):\n    for k in d.iterkeys():\n        print(k)\n"
NEW = OLD.replace("iterkeys", "keys")


def edit(start: int, end: int, text: str, path: str = "a.py") -> Edit:
    return Edit(path, 1, start + 1, 1, end + 1, text)


def finding(*edits: Edit, applicability: Any = "safe", together: int = 0) -> Finding:
    fix = Fix(applicability, "change", edits, together=together)
    return Finding("XYZ001", "change", "message", "a.py", 1, 1, 1, 1, fix)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ((0, 2), (2, 4), False),
        ((0, 3), (2, 4), True),
        ((1, 1), (1, 1), True),
        ((1, 1), (1, 3), False),
        ((3, 3), (1, 3), False),
        ((2, 2), (1, 3), True),
        ((1, 1), (2, 2), False),
        ((0, 5), (1, 2), True),
    ],
)
def test_edits_collide_where_their_order_would_matter(
    one: tuple[int, int], other: tuple[int, int], answer: bool
) -> None:
    assert collide(edit(*one, "x"), edit(*other, "y")) is answer
    assert collide(edit(*other, "y"), edit(*one, "x")) is answer


def test_a_fix_is_made_whole_or_not_at_all() -> None:
    first = finding(edit(0, 2, "A"))
    second = finding(edit(4, 5, "B"), edit(1, 3, "C"))
    third = finding(edit(4, 5, "D"))
    chosen = plan([first, second, third], unsafe=False)
    assert chosen.findings == [first, third]
    assert chosen.edits["a.py"] == [edit(0, 2, "A"), edit(4, 5, "D")]


def test_an_edit_that_two_fixes_share_is_made_once() -> None:
    added = edit(0, 0, "import x\n")._replace(shared=True)
    chosen = plan([finding(added, edit(3, 4, "1")), finding(added, edit(6, 7, "2"))], unsafe=False)
    assert len(chosen.findings) == 2
    assert chosen.edits["a.py"].count(added) == 1


def test_equal_insertions_that_are_not_shared_are_two() -> None:
    pairs = [
        finding(edit(0, 0, "vars("), edit(1, 10, ")")),
        finding(edit(0, 0, "vars("), edit(20, 29, ")")),
    ]
    chosen = plan(pairs, unsafe=False)
    assert chosen.findings == pairs[:1]
    assert len(chosen.edits["a.py"]) == 2
    # Only one of the two shares its own.
    shared = edit(0, 0, "vars(")._replace(shared=True)
    assert plan([pairs[0], finding(shared)], unsafe=False).findings == pairs[:1]
    # In one fix, or in those that belong together, both are made.
    twice = finding(edit(0, 0, "("), edit(0, 0, "("), edit(4, 4, "))"))
    assert plan([twice], unsafe=False).edits["a.py"] == [*twice.fix.edits]  # type: ignore[union-attr]
    group = [finding(edit(0, 0, "("), edit(n, n, ")"), together=2) for n in (4, 8)]
    chosen = plan(group, unsafe=False)
    assert chosen.findings == group
    source = Source.from_text("abcd.efg\n", "a.py")
    assert apply(source, chosen.edits["a.py"]) == "((abcd).efg)\n"


def test_what_one_fix_inserts_at_one_place_comes_in_its_order() -> None:
    source = Source.from_text("abc\n", "a.py")
    for texts in ("x", "y"), ("y", "x"):
        (only,) = plan([finding(*(edit(1, 1, text) for text in texts))], unsafe=False).units
        chosen = plan(only, unsafe=False)
        assert apply(source, chosen.edits["a.py"]) == f"a{''.join(texts)}bc\n"


def test_a_fix_whose_own_edits_overlap_is_named() -> None:
    odd = finding(edit(0, 3, "x"), edit(2, 4, "y"))
    other = finding(edit(0, 1, "z"))
    chosen = plan([odd, other], unsafe=False)
    assert (chosen.findings, chosen.impossible) == ([other], [(odd,)])


def test_unsafe_fixes_are_made_when_asked_for() -> None:
    unsafe = finding(edit(0, 1, "x"), applicability="unsafe")
    assert plan([unsafe], unsafe=False).findings == []
    assert plan([unsafe], unsafe=True).findings == [unsafe]


def test_fixes_that_belong_together_are_made_together() -> None:
    pair = [finding(edit(0, 1, "x"), together=2), finding(edit(2, 3, "y"), together=2)]
    assert plan(pair, unsafe=False).findings == pair
    assert plan(pair[:1], unsafe=False).findings == []
    other = finding(edit(0, 1, "z"))
    assert plan([other, *pair], unsafe=False).findings == pair


def test_fixes_that_write_python3_come_with_those_that_make_the_file_python3() -> None:
    pair = [finding(edit(0, 1, "x"), together=2), finding(edit(2, 3, "y"), together=2)]
    header = finding(edit(5, 5, "m"))
    assert header.fix is not None
    header = header._replace(fix=header.fix._replace(python3=True))
    assert resolve_conversion_fixes([header, *pair]) == [header, *pair]
    assert plan([header, *pair], unsafe=False).findings == [*pair, header]
    # One of them is not there: suppressed, or not selected.
    for others in (pair[:1], []):
        assert resolve_conversion_fixes([header, *others]) == [header._replace(fix=None), *others]
        assert plan([header, *others], unsafe=True).findings == []
    unsafe = finding(edit(2, 3, "y"), together=2, applicability="unsafe")
    (found, *_) = resolve_conversion_fixes([header, pair[0], unsafe])
    assert found.fix is not None
    assert found.fix.applicability == "unsafe"
    # They collide with each other.
    clash = [finding(edit(0, 2, "x"), together=2), finding(edit(1, 3, "y"), together=2)]
    assert plan([header, *clash], unsafe=False).findings == []


def test_edits_at_one_place_keep_their_order() -> None:
    source = Source.from_text("abc\n", "a.py")
    assert apply(source, [edit(1, 2, "B"), edit(1, 1, "(")]) == "a(Bc\n"
    assert apply(source, [edit(2, 2, ")"), edit(1, 2, "B")]) == "aB)c\n"
    with pytest.raises(ValueError, match="overlap"):
        apply(source, [edit(0, 2, "x"), edit(1, 3, "y")])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    return tmp_path


def fixed(root: Path, **options: Any) -> Report:
    overrides = {"no_cache": True, "select": options.pop("select", ("PCL701",))}
    return run([str(root)], fix=True, jobs=1, overrides=overrides, **options)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: ("# coding: latin-1\n# é\n" + text).encode("latin-1"),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("    ", "\t").encode(),
        lambda text: ("\x0c\n" + text + "\n\n\n").encode(),
    ],
    ids=["a BOM", "CRLF", "latin-1", "no last line end", "tabs", "form feed and blank lines"],
)
def test_nothing_but_the_fixed_place_changes(root: Path, encode: Callable[[str], bytes]) -> None:
    file = root / "a.py"
    file.write_bytes(encode(OLD))
    file.chmod(0o640)
    assert fixed(root).errors == []
    assert file.read_bytes() == encode(NEW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


class Breaks(Rule):
    """A rule whose fix breaks the file."""

    code = "XYZ901"
    name = "breaks"

    def claims(self, file: FileContext) -> Iterator[Claim]:
        fix = self.fix("safe", "break", [file.insert(1, 1, "(((\n")])
        yield Claim(Range(1, 1, 1, 2), "this will break", fix)


class Raises(Rule):
    """A rule that raises."""

    code = "XYZ902"
    name = "raises"

    def claims(self, file: FileContext) -> Iterator[Claim]:
        raise KeyError("oops")


def names_in(file: FileContext) -> Iterator[ast.Name]:
    assert file.tree is not None
    return (node for node in ast.walk(file.tree) if isinstance(node, ast.Name))


class RaisesOnTheWay(Rule):
    """A rule that raises after it has said something."""

    code = "XYZ903"
    name = "raises-on-the-way"

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in names_in(file):
            yield Claim(file.ast_range(node), "a name")
            raise ValueError("oops")


class Names(Rule):
    """A rule that counts names."""

    code = "XYZ904"
    name = "names"

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in names_in(file):
            yield Claim(file.ast_range(node), "a name")


def use(monkeypatch: pytest.MonkeyPatch, *rules: type[Rule]) -> None:
    found = {rule.code: rule for rule in rules}
    monkeypatch.setattr(registry, "rules", lambda: found)
    monkeypatch.setattr(registry, "listed", lambda: found)


def test_a_fix_that_would_break_a_file_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Breaks)
    (root / "a.py").write_text("x = 1\n")
    (root / "b.py").write_text("y = 1\n")
    report = fixed(root, select=("XYZ",))
    assert (root / "a.py").read_text() == "x = 1\n"
    assert [error.split(": ", 1)[1] for error in report.errors] == [
        "not fixed (XYZ901): the result would not parse"
    ] * 2
    assert len(report.findings) == 2
    assert report.fixed == []


class Renames(Rule):
    """A rule whose fixes rename `x…`: to what a name says where it is `x_to_…`."""

    code = "XYZ905"
    name = "renames"

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in names_in(file):
            name = node.id
            if not name.startswith("x"):
                continue
            new = {"x_to_keyword": "class", "x_to_itself": name}.get(name, name[1:])
            edits = [file.edit(*file.ast_span(node), new)]
            if name == "x_to_overlap":
                edits.append(file.edit(*file.ast_span(node), "x" + new))
            if name == "x_to_elsewhere":
                other = os.path.join(os.path.dirname(file.path), "b.py")
                edits.append(Edit(other, 1, 1, 1, 2, "class"))
            fix = self.fix("safe", "rename", edits)
            yield Claim(file.ast_range(node), f"the name {name}", fix)


def test_a_fix_that_cannot_be_made_takes_no_other_with_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Renames)
    names = [f"xname{n}" for n in range(30)]
    for place in (3, 17, 29):
        names[place] = "x_to_keyword"
    (root / "a.py").write_text("".join(f"{name} = {n}\n" for n, name in enumerate(names)))
    report = fixed(root, select=("XYZ",))
    assert (root / "a.py").read_text() == "".join(
        f"{name if '_' in name else name[1:]} = {n}\n" for n, name in enumerate(names)
    )
    assert report.errors == [f"{root / 'a.py'}: not fixed (XYZ905): the result would not parse"]
    assert [finding.line for finding in report.findings] == [4, 18, 30]
    assert len(report.fixed) == 27


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ("x_to_overlap", "a.py", "its edits overlap"),
        ("x_to_itself", "a.py", "it changes nothing"),
        ("x_to_elsewhere", "b.py", "the result would not parse"),
    ],
)
def test_whatever_is_wrong_with_a_fix_is_said_and_the_finding_stays(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, path: str, reason: str
) -> None:
    use(monkeypatch, Renames)
    (root / "a.py").write_text(f"xone = 1\n{name} = 2\nxtwo = 3\n")
    (root / "b.py").write_text("y = xthree\n")
    report = fixed(root, select=("XYZ",))
    assert (root / "a.py").read_text() == f"one = 1\n{name} = 2\ntwo = 3\n"
    assert (root / "b.py").read_text() == "y = three\n"
    assert report.errors == [f"{root / path}: not fixed (XYZ905): {reason}"]
    assert [finding.message for finding in report.findings] == [f"the name {name}"]


def test_nested_fixes_that_insert_the_same_at_one_place_are_made(root: Path) -> None:
    file = root / "a.py"
    file.write_text("def f(a, b, d):\n    d.has_key(b)\n    return a.__dict__[b].__dict__\n")
    report = fixed(root, select=("PCL601", "PCL704"), unsafe_fixes=True)
    assert (report.errors, report.findings) == ([], [])
    assert file.read_text().endswith("return vars(vars(a)[b])\n")


def test_a_rule_that_raises_is_named_and_the_others_go_on(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Raises, RaisesOnTheWay, Names)
    (root / "a.py").write_text("x = y\nz = 1\n")
    report = run([str(root)], jobs=1, overrides={"no_cache": True, "select": ("XYZ",)})
    assert [(f.code, f.line, f.column) for f in report.findings] == [
        ("XYZ904", 1, 1),
        ("XYZ904", 1, 5),
        ("XYZ904", 2, 1),
    ]
    first, second = sorted(report.errors, key=lambda error: "XYZ903" in error)
    assert "a.py" in first
    assert "XYZ902" in first
    assert "oops" in first
    assert "XYZ903" in second


def test_findings_do_not_depend_on_which_paths_are_named(root: Path) -> None:
    package = root / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text("class Base:\n    size = 1\n")
    (package / "derived.py").write_text(
        "from package.base import Base\n\n\nclass D(Base):\n    def f(self):\n        self.size = 2\n"
    )
    (root / "user.py").write_text("from package.base import Base\n\nBase.size = 3\n")
    options: dict[str, Any] = {"jobs": 1, "overrides": {"no_cache": True}}
    whole = run([str(root)], **options).findings
    assert {finding.code for finding in whole} == {"PCL101", "PCL202"}
    single = [
        finding
        for path in sorted(root.rglob("*.py"))
        for finding in run([str(path)], **options).findings
    ]
    assert single == whole


def test_what_rests_on_a_fixed_file_is_looked_at_again_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "pyproject.toml": "[tool.pyconcepts-lint]\n",
        "base.py": "class Base(object):\n    size = 0\n",
        "below.py": "from base import Base\n\n\nclass Below(Base):\n    def shrink(self):\n        self.size = 1\n",
        "alone.py": "class Alone:\n    size = 0\n\n    def grow(self):\n        self.size = 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    passes: list[list[str]] = []
    lint = Scheduler.lint

    def watched(self: Scheduler, paths: Sequence[str]) -> dict[str, FileResult]:
        passes.append([os.path.basename(path) for path in paths])
        return lint(self, paths)

    reasons: list[tuple[str, object]] = []
    stale = Scheduler.stale

    def explained(
        self: Scheduler, results: Iterable[FileResult], changed: Collection[str]
    ) -> list[str]:
        results = list(results)
        for result in results:
            name = os.path.basename(result.path)
            workspace = self.workspaces.of(result.path)
            reasons.extend((name, fault) for fault in (result.errors, result.faults) if fault)
            reasons.extend(
                (name, (kind, of, workspace.project.answer(kind, of)))
                for kind, of, answer in result.inputs
                if workspace.answer(kind, of) != answer
            )
        return stale(self, results, changed)

    monkeypatch.setattr(Scheduler, "lint", watched)
    monkeypatch.setattr(Scheduler, "stale", explained)
    report = run(
        [str(tmp_path)],
        overrides={"select": ["PCL102", "PCL903"], "no_cache": True},
        fix=True,
    )
    assert report.errors == []
    expected = [["alone.py", "base.py", "below.py"], ["below.py", "base.py"]]
    assert passes == expected, f"what is looked at again, and why: {reasons}"


def test_fixing_gives_what_looking_at_all_files_in_each_pass_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = []
    for name in ("some", "all"):
        if name == "all":
            monkeypatch.setattr(
                Scheduler,
                "stale",
                lambda self, results, changed: [result.path for result in results],
            )
        root = tmp_path / name / "sample"
        shutil.copytree(SAMPLE, root)
        report = run(
            [str(root)],
            overrides={"select": ["PCL"], "no_cache": True},
            fix=True,
            unsafe_fixes=True,
        )
        texts = {
            str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.py"))
        }
        left = [
            finding._replace(
                path=os.path.relpath(finding.path, root),
                fix=None,
                related=tuple(
                    other._replace(path=os.path.relpath(other.path, root))
                    for other in finding.related
                ),
                thing=finding.thing.replace(str(root), ""),
            )
            for finding in report.findings
        ]
        outcomes.append((texts, left, len(report.fixed)))
    assert outcomes[0][2] > 20
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("each", [5, 1000])
def test_what_files_leave_behind_is_cleared_away_while_the_collector_is_off(
    root: Path, monkeypatch: pytest.MonkeyPatch, each: int
) -> None:
    class Cycle(Rule):
        code = "XYZ906"
        name = "cycle"
        alive = 0
        most = 0

        def claims(self, file: FileContext) -> Iterator[Claim]:
            self.itself = self
            Cycle.alive += 1
            Cycle.most = max(Cycle.most, Cycle.alive)
            return iter(())

        def __del__(self) -> None:
            Cycle.alive -= 1

    use(monkeypatch, Cycle)
    monkeypatch.setattr("pyconcepts_lint.running.scheduler.FILES_PER_COLLECTION", each)
    for number in range(30):
        (root / f"m{number}.py").write_text(f"x = {number}\n")
    run([str(root)], jobs=1, overrides={"no_cache": True, "select": ("XYZ",)})
    assert (Cycle.most <= 6) is (each == 5)
