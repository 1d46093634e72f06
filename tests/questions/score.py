"""How many of the programs the linter names, and how many its fixes repair, by concept.

    python tests/questions/score.py [FILE]
    python tests/questions/score.py --update

Without a file these are the programs of this directory. With `--update`, `open.txt` is written
anew; what it says of the kinds stays.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from programs import OPEN, Library, Program, collection, is_named, open_programs, read

HEAD = """\
# Programs that the linter doesn't name, or doesn't repair, today: id | what is missing | the kind.
# Written by `python tests/questions/score.py --update`, but for the kinds.
"""


def main(arguments: Sequence[str]) -> None:
    groups = collection()
    paths = [Path(argument) for argument in arguments if not argument.startswith("-")]
    if paths:
        groups = {path.stem: read(path) for path in paths}
    programs = [program for group in groups.values() for program in group]
    with tempfile.TemporaryDirectory() as directory:
        library = Library(Path(directory).resolve(), programs)
        codes = library.named()
        library.fix()
        named = {p.id for p in programs if is_named(p, codes[p.id])}
        repaired = {p.id for p in programs if p.fix != "none" and library.is_repaired(p)}
    if "--update" in arguments:
        update(programs, named, repaired)
    print(
        f"{'concept':<20} {'programs':>8} {'claimed':>8} {'named':>6} {'fixable':>8} {'repaired':>9}"
    )
    for name, group in [*groups.items(), ("all", programs)]:
        numbers = score(group, named, repaired)
        print("{:<20} {:>8} {:>8} {:>6} {:>8} {:>9}".format(name, *numbers))


def score(programs: Sequence[Program], named: set[str], repaired: set[str]) -> tuple[int, ...]:
    """How many programs, how many that a rule claims, how many of these named; how many that a
    fix is to repair, how many repaired."""
    claimed = {program.id for program in programs if program.code != "-"}
    fixable = {program.id for program in programs if program.fix != "none"}
    return len(programs), len(claimed), len(claimed & named), len(fixable), len(fixable & repaired)


def update(programs: Sequence[Program], named: set[str], repaired: set[str]) -> None:
    kinds = open_programs()
    lines = []
    for program in programs:
        missing = [] if program.id in named or program.code == "-" else ["named"]
        if program.fix != "none" and program.id not in repaired:
            missing.append("fixed")
        if missing:
            _, kind = kinds.get(program.id, (set(), program.concept))
            lines.append(f"{program.id} | {', '.join(missing)} | {kind}\n")
    OPEN.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
