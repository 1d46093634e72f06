"""Measure pyconcepts-lint and the tools that people run today, turn by turn.

    python tests/benchmarks/run.py [--rounds N] [--corpus DIR] [--only CASE ...] [--write PAGE]

Nothing is asserted about time; docs/benchmarks.md says what is measured and how.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import cases
import corpora
import tables
from environments import Environment, copy_of_checkout, pinned
from measuring import measure


def main() -> int:
    options = _options()
    if not hasattr(os, "wait4"):
        print("What a command took can be measured on Unix only.", file=sys.stderr)
        return 2
    try:
        corpus = corpora.load(options.corpus)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{corpus.name}; {corpus}", file=sys.stderr)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="pyconcepts-benchmark-") as name:
        scratch = Path(name).resolve()
        environments = _environments(scratch, installed=options.installed)
        home, projects = scratch / "home", scratch / "projects"
        home.mkdir()
        projects.mkdir()
        planned = list(cases.lay_out(options.only, corpus, projects, environments))
        # Nobody's settings, nobody's caches.
        variables = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}
        measure(planned, options.rounds, options.quick_turns, variables, home)
        page = tables.page(planned, corpus, options.rounds, options.quick_turns, environments, load)
    if options.write is None:
        print(page, end="")
    else:
        options.write.write_text(page, encoding="utf-8")
    return 0


def _environments(scratch: Path, *, installed: bool) -> dict[str, Environment]:
    peers = pinned()
    flake8 = [requirement for requirement in peers if requirement.startswith("flake8==")]
    if installed:
        ours = Environment(None, [])
    else:
        checkout = copy_of_checkout(scratch / "checkout")
        ours = Environment(scratch / "ours", [str(checkout), *flake8])
    return {
        "ours": ours,
        "plain": Environment(scratch / "plain", flake8),
        "peers": Environment(scratch / "peers", peers),
    }


def _options() -> argparse.Namespace:
    keys = [kind.key for kind in cases.KINDS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=_positive, default=5, metavar="N", help="%(default)s")
    parser.add_argument(
        "--quick-turns",
        type=_positive,
        default=5,
        metavar="N",
        help="turns of the short commands in each round (%(default)s)",
    )
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="instead of the standard library"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[*keys, "ours"],
        default=keys,
        metavar="CASE",
        help=f"only these of {', '.join(keys)}; ours: all that need no other tool",
    )
    parser.add_argument(
        "--installed",
        action="store_true",
        help="pyconcepts-lint as installed beside this Python, not from the checkout",
    )
    parser.add_argument("--write", type=Path, metavar="PAGE", help="instead of standard output")
    options = parser.parse_args()
    if "ours" in options.only:
        options.only = [*options.only, *cases.OURS]
    return options


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
