"""The page of what was measured, in Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from cases import OURS
from corpora import LEFT_OUT, PYTHON, Corpus
from environments import Environment
from measuring import Case, Sample


class Goal(NamedTuple):
    """A ratio of wall times that is to be reached."""

    what: str
    case: str
    against: str
    reach: float
    aim: float


GOALS = (
    Goal("cold, all rules, against `ast.parse` of the same files", "cold", "parse", 2, 1),
    Goal("cold against flake8 with its plugins", "cold", "flake8-peers", 1 / 8, 1 / 15),
    Goal("cold against Fixit, both on the part", "part", "fixit", 1 / 50, 1 / 100),
    Goal("warm against ruff, warm", "warm", "ruff-warm", 1.5, 1),
    Goal("one small clean file, no cache, against `python -c pass`", "clean", "start", 4, 3),
    Goal("flake8 with the plugin against flake8 without", "flake8-plugin", "flake8", 1.15, 1.05),
    Goal("four times the corpus against once", "four", "once", 4.2, 4),
    Goal("one file of median size changed, against warm", "changed", "warm", 3, 2),
    Goal("the file that most import changed, against warm", "changed-base", "warm", 5, 3),
    Goal("one file of four copies changed, against these, warm", "changed-four", "warm-four", 3, 2),
    Goal("standard input, in two copies, against `python -c pass`", "stdin", "start", 12, 8),
    Goal("one changed file, in two copies, against `python -c pass`", "one-file", "start", 12, 8),
)
_SEVERAL = ("twice", "four", "warm-four", "changed-four", "stdin", "one-file")
"""Those that look at several copies of the corpus."""
REACH_MEMORY, AIM_MEMORY = 300e6, 150e6
PEERS = (
    *("ruff", "flake8", "flake8-bugbear", "flake8-tidy-imports", "flake8-no-pep420"),
    *("pylint", "fixit"),
)


def page(
    cases: Sequence[Case],
    corpus: Corpus,
    rounds: int,
    quick_turns: int,
    environments: Mapping[str, Environment],
    load: float,
) -> str:
    """The whole page.

    Args:
        cases: what was measured, or could not be.
        corpus: on what.
        rounds, quick_turns: how often.
        environments: those of the cases, by name.
        load: how busy the machine was before: processes that ran or wanted to, on average.
    """
    return PAGE.format(
        rounds=f"{rounds} round{'s' * (rounds != 1)}",
        turns=f"{quick_turns} turn{'s' * (quick_turns != 1)}",
        goals=_goals({case.key: case for case in cases}),
        measured=_measured(cases),
        commands=_table(("what", "command"), [(case.what, f"`{case.shown}`") for case in cases]),
        corpus=f"{corpus.name}; {corpus}",
        part=f"{corpus.part().name}; {corpus.part()}",
        left_out=", ".join(f"`{name}`" for name in LEFT_OUT),
        one=corpus.middle().as_posix(),
        base=corpus.most_imported().as_posix(),
        machine=_machine(load),
        versions=_versions(environments),
    )


def _goals(cases: Mapping[str, Case]) -> str:
    rows = []
    for goal in GOALS:
        # As people say it: 1.15, but 1/8.
        say = _fraction if goal.reach < 0.5 else _number
        targets = (f"≤ {say(goal.reach)}", f"≤ {say(goal.aim)}")
        if not (_samples(cases, goal.case) and _samples(cases, goal.against)):
            rows.append((goal.what, *targets, "not measured", "-", "-"))
            continue
        turns = list(_turns(_samples(cases, goal.case), _samples(cases, goal.against)))
        ratios = [one.wall / other.wall for one, other in turns]
        middle, ends = median(ratios), f"{say(min(ratios))} to {say(max(ratios))}"
        # A process of some milliseconds may have taken no measurable CPU time.
        cpu = median(one.cpu / max(other.cpu, 1e-4) for one, other in turns)
        verdict = _verdict(middle, goal.reach, goal.aim)
        rows.append((goal.what, *targets, f"{say(middle)} ({ends})", say(cpu), verdict))
    targets = (f"≤ {_megabytes(REACH_MEMORY)}", f"≤ {_megabytes(AIM_MEMORY)}")
    once = [_peak(cases, key) for key in (*OURS, "flake8-plugin") if key not in _SEVERAL]
    measured, verdict = "not measured", "-"
    if any(once):
        measured = _megabytes(max(once))
        verdict = _verdict(max(once), REACH_MEMORY, AIM_MEMORY)
        if _peak(cases, "four"):
            measured += f" ({_megabytes(_peak(cases, 'four'))} with the corpus four times)"
    rows.append(("peak memory of any process", *targets, measured, "-", verdict))
    return _table(("what", "reach", "aim", "measured", "in CPU time", "so it is"), rows)


def _turns(one: Sequence[Sample], other: Sequence[Sample]) -> Iterator[tuple[Sample, Sample]]:
    """What to compare: of a case with several turns in a round, the middle one goes with the only
    one of the other case."""
    rounds = min(len(one), len(other))
    yield from zip(_middles(one, rounds), _middles(other, rounds), strict=True)


def _middles(samples: Sequence[Sample], rounds: int) -> list[Sample]:
    size = len(samples) // rounds
    groups = (sorted(samples[n * size : (n + 1) * size]) for n in range(rounds))
    return [group[len(group) // 2] for group in groups]


def _samples(cases: Mapping[str, Case], key: str) -> list[Sample]:
    case = cases.get(key)
    return [] if case is None or case.problem is not None else case.samples


def _peak(cases: Mapping[str, Case], key: str) -> float:
    return max((sample.memory for sample in _samples(cases, key)), default=0)


def _verdict(measured: float, reach: float, aim: float) -> str:
    if measured <= aim:
        return "aim reached"
    return "reached" if measured <= reach else "**missed**"


def _measured(cases: Sequence[Case]) -> str:
    rows = []
    for case in cases:
        if case.problem is not None or not case.samples:
            problem = case.problem or "no round was run"
            rows.append((case.what, f"not measured: {problem}", "-", "-", "-"))
            continue
        samples = case.samples
        rows.append(
            (
                case.what,
                _seconds([sample.wall for sample in samples]),
                _seconds([sample.cpu for sample in samples]),
                _megabytes(max(sample.memory for sample in samples)),
                str(round(median(sample.lines for sample in samples))),
            )
        )
    return _table(("what", "wall, s", "CPU, s", "peak memory", "lines of output"), rows)


def _seconds(values: Sequence[float]) -> str:
    middle = median(values)
    digits = 3 if middle < 1 else 2 if middle < 10 else 1
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return f"{middle:.{digits}f} ({low} to {high})"


def _number(ratio: float) -> str:
    return f"{ratio:.3g}"


def _fraction(ratio: float) -> str:
    return f"1/{1 / ratio:.3g}"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:.0f} MB"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def _machine(load: float) -> str:
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    processors = "1 processor" if count == 1 else f"{count} processors"
    return f"{PYTHON} on {platform.system()} ({platform.machine()}), {processors}, load average {load:.1f} before"


def _versions(environments: Mapping[str, Environment]) -> str:
    ours = environments["ours"]
    known = [(name, ours.version(name)) for name in ("pyconcepts-lint", "libcst")]
    known += [(name, environments["peers"].version(name)) for name in PEERS]
    return ", ".join(f"{name} {version}" for name, version in known if version)


PAGE = """\
<!-- Written by tests/benchmarks/run.py: run it again instead of editing this page. -->

# Benchmarks

How long pyconcepts-lint takes, beside the tools that people run today. One command makes this page
anew; it installs the other tools from PyPI in an environment of their own and removes all it made:

```sh
python tests/benchmarks/run.py --write docs/benchmarks.md
```

Seconds say as much about the machine as about the tool. Ratios of what ran in turns on the same
machine carry further.

## Ratios

Each is the median, over all turns, of the ratio of two wall times of the same turn, with the
least and the greatest. The same of CPU times stands beside it: it hardly depends on what else the
machine had to do, but counts what ran on several processors at once as if one had done it.

{goals}

## Measurements

{rounds}; in each, every command below had its turn after the one above it, and those that take
well under a second had {turns}. Times are medians, with the least and the greatest. CPU time
is user and system time of all processes of a command, peak memory the resident set of its largest
process in any turn. Lines of output tell that the tools did look at something; what they look for
differs.

{measured}

- *Cold*: the cache is removed before each run. *Warm*: two unmeasured runs went before the first
  turn. *Changed*: warm, then a function is added to one file before each run: to `{one}`, the
  file of median size, and to `{base}`, which more files import than any other.
- *Copies*: packages beside each other in one project, each with the whole corpus in it.
- *Standard input* is a new file of about 90 lines in the project's root; *the changed file* is the only
  path of its command, as where a hook looks at what is committed. Both find the cache of a run before.
- pyconcepts-lint runs all its rules, also those that are off by default, except on the small file,
  where it runs the default ones. That file has 30 to 40 lines: a class, its methods, a function.
- flake8 with and without pyconcepts-lint is the same version in two environments. Neither has
  another plugin, and both are asked for pyflakes' and the plugin's codes only, so that printing
  style findings doesn't dilute the difference; pycodestyle runs all the same.
- ruff is asked for the rules that it has of pyflakes and the three flake8 plugins.
- pylint and Fixit run with their default rules, on all processors.

## Commands

Run in the directory of the corpus (`floor.py` lies in `tests/benchmarks/`).

{commands}

## Corpus

- All of it: {corpus}.
- The part: {part}.

These are the files that end in `.py` and that `ast.parse` reads, outside directories whose names
start with a dot or are one of these:

{left_out}.

Tests may be wrong on purpose, and some tools pass over some of the other directories without being
told to. Every command has a copy of its own, in a directory that imports start from.

## Machine and versions

- {machine}
- {versions}
"""
