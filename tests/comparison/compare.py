"""Give the examples of our rules, and mistakes that other tools find, to all of these tools.

    python tests/comparison/compare.py [--work DIR] [--jobs N] [CODE ...]

Each tool gets a virtual environment of its own, and each example a directory of its own. What was
found and decided goes to docs/comparison.json, and what follows from that to docs/comparison.md.
With codes, only these examples are measured, and the rest of the data stays. Findings that nobody
has decided about yet (verdicts.toml) are listed, and nothing is written. `--page` measures
nothing and writes the page anew.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import comparison_page
import verdicts
from measured import PYTHON2, Example, Kept, digest, measure, ours, own_examples, peer_examples
from peer_tools import TOOLS, Finding, Installed, ToolError

DATA = Path(__file__).parents[2] / "docs" / "comparison.json"
PARTS = ("rules", "peers", "python2")
PAGE = DATA.with_suffix(".md")


def main() -> int:
    options = _options()
    data = json.loads(DATA.read_text(encoding="utf-8")) if DATA.is_file() else {}
    if not options.page:
        with tempfile.TemporaryDirectory(prefix="pyconcepts-comparison-") as scratch:
            work = options.work or Path(scratch)
            work.mkdir(parents=True, exist_ok=True)
            try:
                measured, unread = _measured(options, work.resolve())
            except ToolError as error:
                print(error, file=sys.stderr)
                return 2
        if unread:
            print("Decide about these in verdicts.toml:", *unread, sep="\n", file=sys.stderr)
            return 1
        for part in PARTS:
            if options.subjects:
                measured[part] = {**data.get(part, {}), **measured[part]}
            measured[part] = {name: measured[part][name] for name in _current(part, measured)}
        data = measured
        DATA.write_text(as_text(data), encoding="utf-8")
    PAGE.write_text(comparison_page.page(data), encoding="utf-8")
    return 0


def _current(part: str, data: Mapping[str, Any]) -> list[str]:
    """The subjects that there still are, in their order."""
    names = dict.fromkeys(each.subject for each in own_examples())
    if part == "peers":
        names = dict.fromkeys(each.name for each in peer_examples())
    elif part == "python2":
        return list(data[part])
    return [name for name in names if name in data[part]]


def as_text(data: object) -> str:
    """The data file: JSON with one line for each list, so that differences can be read."""
    lines = json.dumps(data, indent=1, ensure_ascii=False).splitlines()
    text: list[str] = []
    depth = 0
    for line in lines:
        stripped = line.strip()
        if depth:
            text[-1] += stripped + (" " if stripped.endswith(",") else "")
        else:
            text.append(line)
        depth += stripped.endswith("[") - (depth > 0 and stripped.startswith("]"))
    return "\n".join(line.rstrip() for line in text) + "\n"


def _measured(options: argparse.Namespace, work: Path) -> tuple[dict[str, Any], list[str]]:
    """The data, and the findings that nobody has decided about, as lines. Raises ToolError."""
    peers = {each.name: each for each in peer_examples()}
    python2 = Example("python2-source", "bad", {"main.py": PYTHON2})
    examples = [*own_examples(), *(each.example for each in peers.values()), python2]
    if options.subjects:
        examples = [each for each in examples if each.subject in options.subjects]
    installed = [Installed(tool, work / "environments") for tool in TOOLS]
    said = measure(installed, examples, Kept(work), options.jobs)
    said["ours"] = [ours(each, work) for each in examples]
    decisions = verdicts.load()
    data: dict[str, Any] = {
        "python": platform.python_version(),
        "counts": {each.tool.name: each.rules() for each in installed if each.tool.listing},
        "versions": {each.tool.name: each.versions() for each in installed},
        **{part: {} for part in PARTS},
    }
    unread: list[str] = []
    for subject, group in groupby(range(len(examples)), lambda index: examples[index].subject):
        indexes = list(group)
        own = [examples[index] for index in indexes]
        by_tool = {name: _by_kind(own, [all_[i] for i in indexes]) for name, all_ in said.items()}
        part = "python2" if subject == python2.subject else PARTS[subject in peers]
        for tool, finding in (
            [] if part == "peers" else verdicts.unread(decisions, subject, by_tool)
        ):
            unread.append(f'{subject}: "{tool} {finding.code}: {finding.path}: {finding.message}"')
        rows = {
            name: verdicts.verdict(decisions, subject, name, bad, good)
            for name, (bad, good) in by_tool.items()
        }
        data[part][subject] = {
            "digest": digest(own),
            "tools": {name: row for name, row in rows.items() if row},
        }
    return data, unread


def _by_kind(
    examples: Sequence[Example], found: Sequence[Sequence[Finding]]
) -> tuple[list[Finding], list[Finding]]:
    """What was said of the bad examples, and of the good ones."""

    def of(kind: str) -> Iterator[Finding]:
        for example, findings in zip(examples, found, strict=True):
            if example.kind == kind:
                yield from findings

    return list(of("bad")), list(of("good"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("subjects", nargs="*", metavar="CODE", help="only these examples")
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="keep environments and findings here"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="%(default)s at a time")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
