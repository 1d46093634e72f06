"""What is measured: examples of mistakes, given to every tool."""

from __future__ import annotations

import hashlib
import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from peer_tools import Files, Finding, Installed, lay_out

from pyconcepts_lint.base import pages
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.testing import lint_paths as run

PYTHON2 = """\
class Register(type):
    pass


class Customer:
    __metaclass__ = Register
    rate = 2

    def price(self, amount):
        return amount * rate


ages = {"Ada": 36}
for name, age in ages.iteritems():
    print "%s is %d" % (name, age)
if ages.has_key("Ada"):
    print "known"
"""
PYTHON2_MISTAKES = {6: "`__metaclass__`", 10: "`rate`", 14: "`iteritems`", 16: "`has_key`"}
"""What is wrong in PYTHON2 beside its being Python 2, by line."""
PEER_EXAMPLES = Path(__file__).with_name("peer_examples.md")


class Example(NamedTuple):
    """Files that hold a mistake or, where `kind` is "good", the same without it.

    `subject` is the code of one of our rules, or the name of one of the peers' examples.
    """

    subject: str
    kind: str
    files: Files


def own_examples() -> Iterator[Example]:
    """The bad and good examples on the pages of the rules, as they stand there."""
    for code, rule in rules().items():
        if not rule.__module__.startswith("pyconcepts_lint.rules."):
            continue
        page = pages.parse(rule.page())
        for kind in ("bad", "good"):
            for program in page.programs(kind.capitalize()):
                yield Example(code, kind, program.files)


class Peers(NamedTuple):
    """A mistake that other tools find: its name, the concept that it is near, and a sentence."""

    name: str
    concept: str
    sentence: str
    example: Example


def peer_examples() -> Iterator[Peers]:
    """The examples of peer_examples.md."""
    page = pages.parse(PEER_EXAMPLES.read_text(encoding="utf-8"))
    for name, section in page.sections.items():
        concept, _, sentence = section.partition("\n")[0].partition(": ")
        (program,) = pages.programs(section)
        yield Peers(name, concept, sentence, Example(name, "bad", program.files))


def digest(examples: Iterable[Example]) -> str:
    """What changes when one of the examples does."""
    text = json.dumps([[each.kind, dict(each.files)] for each in examples])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Kept:
    """What tools said, kept in a directory, so that nothing is run twice.

    Args:
        directory: an existing directory.
    """

    def __init__(self, directory: Path) -> None:
        self._results = directory / "results"
        self._results.mkdir(exist_ok=True)
        self._runs = Path(tempfile.mkdtemp(prefix="runs-", dir=directory))
        self._number = itertools.count()

    def said(self, installed: Installed, example: Example) -> list[Finding]:
        """Run a tool on an example, unless that has been done. Raises ToolError."""
        tool = installed.tool
        asked = (tool.requirements, tool.command, sorted(tool.settings.items()), tool.fixer)
        key = repr((asked, sorted(example.files.items())))
        name = f"{tool.name}-{hashlib.sha256(key.encode()).hexdigest()[:24]}"
        result = self._results / f"{name}.json"
        if not result.is_file():
            found = installed.run(example.files, self._runs / str(next(self._number)))
            result.write_text(json.dumps(found), encoding="utf-8")
        return [Finding(*each) for each in json.loads(result.read_text(encoding="utf-8"))]


def measure(
    installed: Sequence[Installed], examples: Sequence[Example], kept: Kept, jobs: int
) -> dict[str, list[list[Finding]]]:
    """What each tool, by its name, says of each example. Raises ToolError."""
    with ThreadPoolExecutor(jobs) as pool:
        return {
            each.tool.name: list(pool.map(partial(kept.said, each), examples)) for each in installed
        }


def ours(example: Example, directory: Path) -> list[Finding]:
    """What pyconcepts-lint says of an example, with all rules on."""
    with tempfile.TemporaryDirectory(dir=directory) as name:
        root = Path(name) / "project"
        lay_out({**example.files, "pyproject.toml": ""}, root)
        report = run([str(root)], overrides={"no_cache": True, "select": ("PCL",)}, jobs=1)
        return [
            Finding(
                Path(found.path).relative_to(root).as_posix(),
                found.line,
                found.code,
                found.message,
                found.fix.applicability if found.fix else "",
            )
            for found in report.findings
        ]
