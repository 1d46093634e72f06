"""The page of the comparison, from the data that was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from measured import PYTHON2, PYTHON2_MISTAKES, peer_examples
from peer_tools import BASEDPYRIGHT_ONLY, TOOLS

from pyconcepts_lint.plugins.concepts import concepts
from pyconcepts_lint.plugins.registry import rules

Row = Mapping[str, Mapping[str, list[Any]]]
"""What was found of one mistake: by tool, as `verdicts.verdict` returns it."""

CONCEPTS = {
    concept.number: concept.title
    for concept in concepts()
    if concept.rules[0].__module__.startswith("pyconcepts_lint.rules.")
}
TYPE_CHECKERS = ("mypy", "pyright", "ty")


def page(data: Mapping[str, Any]) -> str:
    """The whole page, in Markdown."""
    found: dict[str, Row] = {code: row["tools"] for code, row in data["rules"].items()}
    peers: dict[str, Row] = {name: row["tools"] for name, row in data["peers"].items()}
    return PAGE.format(
        rules=len(found),
        peers=len(peers),
        totals=_totals(found),
        by_concept=_by_concept(found),
        **_sums(found),
        **_peer_sums(peers),
        tables="\n\n".join(_concept(concept, found) for concept in CONCEPTS),
        against=_against(found),
        counts=_counts(data),
        python2_source=PYTHON2,
        python2=_python2(data["python2"]["python2-source"]["tools"]),
        nearby="\n\n".join(_nearby(concept, peers) for concept in CONCEPTS),
        versions=_versions(data),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[object]], *, numbers: bool = False) -> str:
    titles = list(head)
    rule = ["---", *(["---:" if numbers else "---"] * (len(titles) - 1))]
    lines = [titles, rule, *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdict(row: Row, tool: str) -> str:
    """One of says, near and silent."""
    said = row.get(tool, {})
    return "says" if "says" in said else "near" if "near" in said else "silent"


def _totals(found: Mapping[str, Row]) -> str:
    lines = []
    for tool in TOOLS:
        verdicts = [verdict(row, tool.name) for row in found.values()]
        named = [row[tool.name] for row in found.values() if verdict(row, tool.name) == "says"]
        lines.append(
            [
                tool.title,
                *(verdicts.count(each) for each in ("says", "near", "silent")),
                sum(any(fix for *_, fix in said["says"]) for said in named),
                sum("good" in said for said in named),
            ]
        )
    head = ("tool", "names it", "points near it", "silent", "fix", "good, too")
    return _table(head, lines, numbers=True)


def _by_concept(found: Mapping[str, Row]) -> str:
    lines = []
    for concept, title in CONCEPTS.items():
        rows = [row for code, row in found.items() if _concept_of(code) == concept]
        named = {
            tool.name: sum(verdict(row, tool.name) == "says" for row in rows) for tool in TOOLS
        }
        counts = sorted({count for count in named.values() if count}, reverse=True)
        shown = [
            f"{', '.join(tool.title for tool in TOOLS if named[tool.name] == count)}: {count}"
            for count in counts
        ]
        anyone = sum(any(verdict(row, tool.name) == "says" for tool in TOOLS) for row in rows)
        lines.append([title, len(rows), anyone, "; ".join(shown)])
    return _table(("concept", "mistakes", "named by any tool", "by which tool how many"), lines)


def _sums(found: Mapping[str, Row]) -> dict[str, int]:
    def named(tools: Iterable[str]) -> int:
        names = list(tools)
        return sum(any(verdict(row, tool) == "says" for tool in names) for row in found.values())

    everyone = [tool.name for tool in TOOLS]
    anything = sum(
        any(verdict(row, tool) != "silent" for tool in everyone) for row in found.values()
    )
    return {
        "named": named(everyone),
        "near": anything - named(everyone),
        "silent": len(found) - anything,
        "linters": named(tool for tool in everyone if tool not in TYPE_CHECKERS),
        "checkers": named(TYPE_CHECKERS),
    }


def _peer_sums(peers: Mapping[str, Row]) -> dict[str, int]:
    ours = [verdict(row, "ours") for row in peers.values()]
    return {
        "peers_named": sum(
            any(verdict(row, tool.name) == "says" for tool in TOOLS) for row in peers.values()
        ),
        "ours_named": ours.count("says"),
        "ours_silent": ours.count("silent"),
    }


def _concept_of(code: str) -> str:
    return f"{code.removeprefix('PCL')[0]}xx"


def _concept(concept: str, found: Mapping[str, Row]) -> str:
    lines = []
    for code, row in found.items():
        if _concept_of(code) == concept:
            shown = f"{code} {rules()[code].name}"
            lines.append([shown, _cell(row, "says"), _cell(row, "near")])
    table = _table(("rule", "names the mistake", "points near it"), lines)
    return f"### {CONCEPTS[concept]}\n\n{table}"


def _nearby(concept: str, peers: Mapping[str, Row]) -> str:
    lines = []
    for each in peer_examples():
        if each.concept == concept and each.name in peers:
            row = peers[each.name]
            said = row.get("ours", {})
            codes = _codes("ours", said.get("says", [])) or _codes("ours", said.get("near", []))
            if codes and "says" not in said:
                codes += " (near it)"
            lines.append([each.sentence, _cell(row, "says"), codes or "no"])
    table = _table(("mistake", "named by", "pyconcepts-lint"), lines)
    return f"### Near: {CONCEPTS[concept]}\n\n{table}"


def _cell(row: Row, kind: str) -> str:
    """The tools whose verdict is `kind`, with their codes."""
    shown = []
    for tool in TOOLS:
        if verdict(row, tool.name) == kind:
            said = row[tool.name]
            text = f"{tool.title} {_codes(tool.name, said[kind])}"
            notes = []
            if any(fix for *_, fix in said[kind]):
                notes.append("fix")
            codes = {code for _, _, code, _ in said[kind]}
            if codes & set(said.get("good", ())):
                notes.append("also at the good example")
            if tool.name == "pyright" and codes <= BASEDPYRIGHT_ONLY:
                notes.append("basedpyright only")
            shown.append(text + (f" ({', '.join(notes)})" if notes else ""))
    return "; ".join(shown) or ("none" if kind == "says" else "")


def _codes(tool: str, places: Iterable[list[Any]]) -> str:
    codes = dict.fromkeys(code for _, _, code, _ in places)
    if tool == "pyupgrade":
        return "rewrites it"
    return ", ".join(f"`{code}`" for code in codes)


def _against(found: Mapping[str, Row]) -> str:
    lines = []
    for code, row in found.items():
        objecting = [
            f"{tool.title} " + ", ".join(f"`{each}`" for each in row[tool.name]["against"])
            for tool in TOOLS
            if "against" in row.get(tool.name, {})
        ]
        if objecting:
            lines.append([f"{code} {rules()[code].name}", "; ".join(objecting)])
    return _table(("rule", "objects to the good example"), lines)


def _python2(row: Row) -> str:
    lines = []
    for name, title in [*((tool.name, tool.title) for tool in TOOLS), ("ours", "pyconcepts-lint")]:
        said = row.get(name, {})
        lines_named = {line for _, line, *_ in said.get("says", ())}
        named = [what for line, what in PYTHON2_MISTAKES.items() if line in lines_named]
        lines.append([title, ", ".join(named) or "none", "yes" if "near" in said else "no"])
    return _table(("tool", "names of the four", "says that it is not Python 3"), lines)


def _counts(data: Mapping[str, Any]) -> str:
    counts = data["counts"]
    return f"ruff has {counts['ruff']} rules, pylint {counts['pylint']} messages."


def _versions(data: Mapping[str, Any]) -> str:
    lines = [f"With Python {data['python']}:", ""]
    for tool in TOOLS:
        versions = data["versions"][tool.name]
        shown = ", ".join(f"{name} {version}" for name, version in versions.items())
        lines.append(f"- {tool.title} ({shown}): `{' '.join(tool.command)}`")
    return "\n".join(lines)


PAGE = """\
# Compared with other tools

Which of the mistakes that pyconcepts-lint knows does another tool tell you about? We gave the bad
and the good example of each of our {rules} rules to ten tools, and to ours {peers} mistakes that
they find. Everything here is counted from [comparison.json](comparison.json), which one command
measures anew.

Read the figures for what they are: **the {rules} examples are those of our own rules**, so
pyconcepts-lint names all of them, and that says nothing. They say how much of this you have
already with the tool you use. The [part after that](#what-others-do-better) is about what the others
do better, and [how it was counted](#how-it-was-counted) is at the end.

## What other tools say of our examples

Of {rules} mistakes, {named} are named by at least one of these tools ({linters} by a linter,
{checkers} by a type checker, some by both), {near} more have a finding near them, and {silent} get none from any of them.

{totals}

- *names it*: a finding is about this mistake, in whatever words.
- *points near it*: a finding is at the place, but about a symptom, or because the tool bans
  everything of the kind (each `del`, each `dir()`), or it wants something else changed there.
- *silent*: nothing, or nothing that has to do with it.
- *fix*: of those that it names, how many it can also fix by itself.
- *good, too*: of those that it names, how many it also reports at the good example: the finding
  doesn't tell the one from the other.

{by_concept}

"flake8" is flake8 with its plugins, "wemake" is wemake-python-styleguide, and "pyright" is run as
basedpyright; all are [listed below](#how-it-was-counted). The linters are ruff, pylint, flake8,
wemake, Fixit, pyupgrade and refurb. The last three set out to modernise code or to host rules of
your own, so few of these mistakes are theirs to find.

## What others do better

- **Types.** mypy, pyright and ty know what your annotations say, and what the stubs of libraries
  say. In annotated code they see wrong attributes, arguments and values everywhere, where
  pyconcepts-lint, which guesses no types, is silent. Our examples have hardly any annotations;
  code that has them shows these tools at their best.
- **Installed packages.** pylint and the type checkers read the libraries that you import.
  pyconcepts-lint reads your project and knows the standard library; whatever comes from elsewhere
  it takes as unknown.
- **Breadth.** {counts}
  pyconcepts-lint has {rules}. Unused names, formatting, security, tests, dates, string formatting,
  naming: none of that is here, and you want most of it. pyconcepts-lint is made to run beside one
  of these tools.
- **Speed.** ruff is a compiled program that needs no other file to judge one. Without a cache,
  all of its rules take it a fraction of the time that pyconcepts-lint takes for its few
  ([what was measured](benchmarks.md)), and it is a single program to install.
- **Fixes.** ruff and pyupgrade rewrite hundreds of other old forms safely. Where they fix one of
  our mistakes, the tables below say so.
- **Editors.** pyright and ty are language servers, ruff and Fixit have one, and pylint has
  extensions for most editors: findings appear while you type.
- **Stubs.** flake8-pyi, ruff and the type checkers look after `.pyi` files.
- **Age and company.** These tools have been run on a great deal of code for years. Their rules have
  met more odd code than ours, there are answers to most questions, and plugins for most wishes.
- **Choice.** wemake and pylint have opinions on style and complexity. Who wants
  every shadowed class attribute reported, and not only those that go wrong, is better served by
  wemake's WPS601; who wants every import cycle, by pylint's `cyclic-import`.

## Mistakes that others find

{peers} mistakes that lie near our concepts. The other tools name {peers_named} of them,
pyconcepts-lint names {ours_named} and is silent at {ours_silent}.

{nearby}

## Rule by rule

Tools that a row doesn't name are silent there.

{tables}

### Where a tool wants the opposite

{against}

wemake wants no relative imports at all. pylint takes each comparison of a method for a forgotten
call, and what is stored on an instance for something that can't be called.

## Python 2 source

A file that only Python 2 can parse, with four mistakes in it beside the old `print`:

```python2
{python2_source}```

{python2}

"names" means a finding at that line about that mistake. pyconcepts-lint translates the file and
carries findings and fixes back. For the old syntax itself, `2to3` and its successors do what none
of these tools sets out to do.

## How it was counted

Each example is put into a directory of its own, as the page of the rule has it. Each tool runs
there with all of its rules on, preview and optional ones as well, and default settings. A finding
that the bad example has and the good one hasn't as often is a candidate; each was read, and the
decisions are in `tests/comparison/verdicts.toml`. They are judgements: where one seems wrong to
you, change it there, and the page follows. A tool that can't tell a mistake from its repair still
counts as naming it; the last column of the totals counts these.

One example stands for each rule. A tool may find other forms of the same mistake and miss this
one, or the other way round; some such forms are among the mistakes that others find.

pyright is measured through basedpyright, which brings its own Node.js. What only basedpyright
reports says so. Of a syntax error, every tool that stops at it in its own words is said to name it,
also where the syntax is that of Python 2.

{versions}

To measure all of it again, in a clone with pyconcepts-lint installed:

```sh
python tests/comparison/compare.py --work /tmp/comparison
```

It installs the tools into `/tmp/comparison`, takes about half an hour the first time, and
writes this page. With codes of rules behind it, it measures only these.
"""
