"""What is measured: every tool, on what, with which command."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path, PurePath
from typing import NamedTuple

from corpora import Corpus
from environments import Environment, Unavailable
from measuring import Case

HERE = Path(__file__).parent
CLEAN = '''\
"""What a customer has chosen so far."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

RATES = {"books": Decimal("0.07"), "games": Decimal("0.19")}


class Basket:
    """Articles with their prices, by name."""

    currency = "EUR"

    def __init__(self, prices: dict[str, Decimal]) -> None:
        self.prices = dict(prices)
        self.closed = False

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.prices))

    def add(self, name: str, price: Decimal) -> None:
        if self.closed:
            raise ValueError(f"{name} comes too late")
        self.prices[name] = price

    def total(self) -> Decimal:
        return sum(self.prices.values(), Decimal(0))


def gross(basket: Basket, kind: str) -> str:
    total = basket.total() * (1 + RATES[kind])
    return f"{total:.2f} {basket.currency}"
'''
# As above, but for what each of them does to the class.
WITH_FINDINGS = CLEAN.replace("        self.closed = False\n", "        self.currency = 'USD'\n")
WITH_FINDINGS += '''

class Counter:
    """How many baskets there were."""

    count = 0

    def increment(self) -> None:
        self.count += 1
'''

# What is done before each run


def _nothing(directory: Path, corpus: Corpus) -> None:
    pass


def _forget(directory: Path, corpus: Corpus) -> None:
    shutil.rmtree(directory / ".pyconcepts_cache", ignore_errors=True)


def _change_one(directory: Path, corpus: Corpus) -> None:
    _change(directory / corpus.middle())


def _change_base(directory: Path, corpus: Corpus) -> None:
    _change(directory / corpus.most_imported())


def _change_one_copy(directory: Path, corpus: Corpus) -> None:
    _change(directory / "copy1" / corpus.middle())


_numbers = count(1)


def _change(path: Path) -> None:
    number = next(_numbers)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(f"\n\ndef added_{number}():\n    return {number}\n")


# On what


def _whole(corpus: Corpus) -> Corpus:
    return corpus


def _part(corpus: Corpus) -> Corpus:
    return corpus.part()


def _copies(number: int) -> Callable[[Corpus], Corpus]:
    return lambda corpus: corpus.copies(number)


def _small(corpus: Corpus) -> Corpus:
    files = {"clean.py": CLEAN, "findings.py": WITH_FINDINGS}
    return Corpus("small files", {PurePath(name): files[name].encode() for name in files})


class Kind(NamedTuple):
    """A case before it is laid out."""

    key: str
    what: str
    environment: str
    """`ours`, `plain` or `peers`."""
    command: str
    on: Callable[[Corpus], Corpus] = _whole
    codes: Collection[int] = (0, 1)
    quick: bool = False
    warm_up: bool = False
    before: Callable[[Path, Corpus], None] = _nothing
    stdin: str = ""


# What flake8 says with its three plugins, and ruff in their place.
_FLAKE8 = "flake8 --isolated --select=F,B,I25,INP ."
_RUFF = (
    "ruff check --isolated --output-format=concise"
    f" --target-version=py3{sys.version_info[1]} --select=F,B,TID25,INP"
)
_PLUGIN = "flake8 --isolated --select=E9,F,PCL ."
_ALL = "pyconcepts-lint --select ALL"
# pylint's exit code is a sum of what it found; 32 is wrong usage.
_PYLINT_CODES = range(32)
_PYLINT = "pylint --rcfile= --persistent=n --recursive=y --jobs=0 ."

KINDS = (
    Kind("parse", "`ast.parse` of every file, one process", "ours", "python floor.py ."),
    Kind("cold", "pyconcepts-lint, cold", "ours", f"{_ALL} .", before=_forget),
    Kind(
        "default",
        "pyconcepts-lint, rules that are on by default, no cache",
        "ours",
        "pyconcepts-lint --no-cache .",
    ),
    Kind(
        "cold-one",
        "pyconcepts-lint, cold, one process",
        "ours",
        f"{_ALL} --jobs 1 .",
        before=_forget,
    ),
    Kind("warm", "pyconcepts-lint, warm", "ours", f"{_ALL} .", quick=True, warm_up=True),
    Kind(
        "changed",
        "pyconcepts-lint, one file changed",
        "ours",
        f"{_ALL} .",
        warm_up=True,
        before=_change_one,
    ),
    Kind(
        "changed-base",
        "pyconcepts-lint, the file that most import changed",
        "ours",
        f"{_ALL} .",
        warm_up=True,
        before=_change_base,
    ),
    Kind(
        "once", "pyconcepts-lint, cold, one copy", "ours", f"{_ALL} .", _copies(1), before=_forget
    ),
    Kind("twice", "pyconcepts-lint, cold, two", "ours", f"{_ALL} .", _copies(2), before=_forget),
    Kind("four", "pyconcepts-lint, cold, four", "ours", f"{_ALL} .", _copies(4), before=_forget),
    Kind(
        "warm-four",
        "pyconcepts-lint, warm, four copies",
        "ours",
        f"{_ALL} .",
        _copies(4),
        warm_up=True,
    ),
    Kind(
        "changed-four",
        "pyconcepts-lint, one file of four copies changed",
        "ours",
        f"{_ALL} .",
        _copies(4),
        warm_up=True,
        before=_change_one_copy,
    ),
    Kind(
        "stdin",
        "pyconcepts-lint, standard input, in two copies",
        "ours",
        f"{_ALL} --stdin-filename added.py -",
        _copies(2),
        quick=True,
        warm_up=True,
        stdin=WITH_FINDINGS * 2,
    ),
    Kind(
        "one-file",
        "pyconcepts-lint, the file that was changed, in two copies",
        "ours",
        f"{_ALL} {{one}}",
        _copies(2),
        quick=True,
        warm_up=True,
        before=_change_one_copy,
    ),
    Kind("start", "`python -c pass`", "ours", "python -c pass", _small, quick=True),
    Kind(
        "clean",
        "pyconcepts-lint, a small clean file",
        "ours",
        "pyconcepts-lint --no-cache clean.py",
        _small,
        codes=(0,),
        quick=True,
    ),
    Kind(
        "findings",
        "pyconcepts-lint, a small file with findings",
        "ours",
        "pyconcepts-lint --no-cache findings.py",
        _small,
        quick=True,  # they are notes, which don't fail a run
    ),
    Kind("ruff", "ruff without its cache", "peers", f"{_RUFF} --no-cache .", quick=True),
    Kind(
        "ruff-warm",
        "ruff, warm",
        "peers",
        f"{_RUFF} --cache-dir=.ruff_cache .",
        quick=True,
        warm_up=True,
    ),
    Kind("flake8", "flake8 without plugins", "plain", _PLUGIN),
    Kind("flake8-plugin", "flake8 with pyconcepts-lint, warm", "ours", _PLUGIN, warm_up=True),
    Kind("flake8-peers", "flake8 with bugbear, tidy-imports, no-pep420", "peers", _FLAKE8),
    Kind("part", "pyconcepts-lint, cold, the part", "ours", f"{_ALL} .", _part, before=_forget),
    Kind("pylint", "pylint, the part", "peers", _PYLINT, _part, codes=_PYLINT_CODES),
    Kind("fixit", "Fixit, the part", "peers", "fixit --quiet lint .", _part),
)
OURS = tuple(
    kind.key for kind in KINDS if kind.environment == "ours" and kind.key != "flake8-plugin"
)
"""The keys of those that need nothing but pyconcepts-lint."""


def lay_out(
    wanted: Collection[str],
    corpus: Corpus,
    scratch: Path,
    environments: Mapping[str, Environment],
) -> Iterator[Case]:
    """Make the cases, each in a directory of its own, so that none finds another's cache.

    Args:
        wanted: the keys of the cases.
        corpus: what all tools look at.
        scratch: where the directories are made.
        environments: the environments of the kinds, by name.
    """
    for kind in KINDS:
        if kind.key not in wanted:
            continue
        directory = scratch / kind.key
        kind.on(corpus).write(directory)
        one = PurePath("copy1") / corpus.middle()
        name, *arguments = (part.replace("{one}", str(one)) for part in kind.command.split())
        case = Case(
            key=kind.key,
            what=kind.what,
            shown=" ".join([name, *arguments]),
            command=[name, *arguments],
            directory=directory,
            codes=kind.codes,
            quick=kind.quick,
            warm_up=kind.warm_up,
            before=partial(kind.before, directory, corpus),
            stdin=kind.stdin,
        )
        try:
            program = environments[kind.environment].program(name)
            case.command = [
                program,
                *(str(HERE / each) if each == "floor.py" else each for each in arguments),
            ]
        except Unavailable as reason:
            case.problem = str(reason)
        yield case
