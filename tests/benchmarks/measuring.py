"""Running the cases turn by turn, and what each took."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

METER = Path(__file__).with_name("meter.py")
LIMIT = 1200
"""Seconds after which a command is stopped."""


class Sample(NamedTuple):
    """What one run took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of all processes."""
    memory: int
    """Bytes, of the largest process."""
    lines: int
    """Lines of output."""


@dataclass
class Case:
    """A command to be measured."""

    key: str
    """As in `--only`."""
    what: str
    """As in the tables."""
    shown: str
    """The command as one would type it."""
    command: Sequence[str]
    directory: Path
    """Where it is run."""
    codes: Collection[int]
    """With which exit codes it has done its work."""
    quick: bool = False
    """So short that it takes several turns in a round."""
    warm_up: bool = False
    """Is it run before the first round, so that it finds what it keeps between runs?"""
    before: Callable[[], None] = lambda: None
    """What is done before each run, unmeasured."""
    stdin: str = ""
    """What it reads from standard input."""
    samples: list[Sample] = field(default_factory=list)
    problem: str | None = None
    """Why it could not be measured."""


def measure(
    cases: Sequence[Case],
    rounds: int,
    quick_turns: int,
    environment: Mapping[str, str],
    scratch: Path,
) -> None:
    """Let all cases take turns; one that fails is left out from then on.

    Args:
        cases: they get their samples.
        rounds: how often each has its turn.
        quick_turns: how many turns the quick ones have in each round.
        environment: the environment variables of the commands.
        scratch: a directory for what they print.
    """
    for case in cases:
        if case.warm_up:
            _take(case, environment, scratch, warm_up=True)
    # A cache that goes by time stamps trusts none that is as new as the run itself: only a
    # second run, a moment later, leaves what a project in use has.
    time.sleep(1)
    for case in cases:
        if case.warm_up:
            _take(case, environment, scratch, warm_up=True)
    time.sleep(1)
    for number in range(1, rounds + 1):
        for case in cases:
            if not case.quick:
                _take(case, environment, scratch)
        for _ in range(quick_turns):
            for case in cases:
                if case.quick:
                    _take(case, environment, scratch)
        print(f"round {number} of {rounds} done", file=sys.stderr)


def _take(
    case: Case, environment: Mapping[str, str], scratch: Path, *, warm_up: bool = False
) -> None:
    if case.problem is not None:
        return
    case.before()
    names = ("result", "output", "errors", "input")
    result, output, errors, given = (scratch / name for name in names)
    given.write_text(case.stdin, encoding="utf-8")
    result.unlink(missing_ok=True)
    errors.write_bytes(b"")
    meter = [sys.executable, "-I", "-S", str(METER), *map(str, (result, output, errors, given))]
    with subprocess.Popen(
        [*meter, *case.command],
        cwd=case.directory,
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(LIMIT)
        except BaseException as error:
            # The tool and its processes are in the session that the meter leads.
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            case.problem = f"stopped after {LIMIT} s"
            return
    try:
        wall, cpu, memory, code = map(float, result.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        case.problem = "could not be started"
        return
    said, complained = (
        path.read_text(encoding="utf-8", errors="replace") for path in (output, errors)
    )
    if int(code) not in case.codes or (code and _has_crashed(said, complained)):
        words = (complained.strip() or said.strip() or "it says nothing").splitlines()
        reason = words[-1].replace(os.path.realpath(scratch.parent), "…")
        case.problem = f"exit code {int(code)}: {reason[:200]}"
    elif not warm_up:
        case.samples.append(Sample(wall, cpu, int(memory), said.count("\n")))
    if not case.quick:
        print(f"  {case.key}: {case.problem or f'{wall:.2f} s'}", file=sys.stderr)


def _has_crashed(said: str, complained: str) -> bool:
    """Is an exit code that could mean findings one that doesn't?

    A tool that dies at once would look fast: flake8's exit code is 1 also where a plugin can't
    be loaded or fails.
    """
    return (
        not said.strip()
        or "Traceback (most recent call last)" in complained
        or "critical error during execution" in said
    )
