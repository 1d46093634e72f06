"""Programs of programs.txt, written otherwise by chance: no safe fix of any rule may break one.

What a mutation makes is judged by CPython alone. A program that ran has to do the same after all
safe fixes; one that failed has to come at least as far.
"""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable

import pytest
from test_safe_fixes import PROGRAMS, Make, Program, outcome

Files = dict[str, str]
Mutation = Callable[[Files, random.Random], Files]

SOURCES = [
    program
    for program in PROGRAMS
    if "python2" not in program.kind and "__file__" not in program.files["main.py"]
]
BUILT_INS = ("list", "object", "sorted", "staticmethod", "super", "type", "vars", "__import__")


def in_function(files: Files, chance: random.Random) -> Files:
    """The main program as a function."""
    main = files["main.py"]
    if "import *" in main or "global " in main or "nonlocal " in main or '"""' in main:
        return files
    body = textwrap.indent(main, "    ")
    return {**files, "main.py": f"def started():\n{body}\nstarted()\n"}


def in_block(files: Files, chance: random.Random) -> Files:
    main = files["main.py"]
    if '"""' in main or "from __future__" in main:
        return files
    head = chance.choice(["if True:", "with open(__file__):", "for _ in range(1):", "while 1:"])
    tail = "    break\n" if head == "while 1:" else ""
    return {**files, "main.py": f"{head}\n{textwrap.indent(main, '    ')}{tail}"}


def with_built_in(files: Files, chance: random.Random) -> Files:
    """A built-in under its own name, or another one in its place."""
    name = chance.choice(BUILT_INS)
    value = chance.choice([name, "None", f"[{name}][0]"])
    return _before(files, f"{name} = {value}\n")


def with_built_in_replaced(files: Files, chance: random.Random) -> Files:
    name = chance.choice(BUILT_INS[:-1])
    return _before(files, f"import builtins\nbuiltins.{name} = builtins.{name}\n")


def with_name(files: Files, chance: random.Random) -> Files:
    """One more variable, of a name that a fix may want."""
    name = chance.choice(["importlib", "json", "owner", "shop", "six", "Shape", "Square", "k"])
    return _before(files, f"{name} = 'mine'\n")


def printing_names(files: Files, chance: random.Random) -> Files:
    """Classes whose own names are printed, in their order."""
    more = (
        "\nfor _name, _value in sorted(globals().items()):\n"
        "    if isinstance(_value, type) and _value.__module__ == __name__:\n"
        "        print(_name, [key for key in _value.__dict__ if key[:1] != '_'])\n"
    )
    return {**files, "main.py": files["main.py"] + more}


def expecting_failure(files: Files, chance: random.Random) -> Files:
    """The main program in another module, whose failure is caught."""
    if "main" in files["main.py"] or "__file__" in files["main.py"]:
        return files
    main = "try:\n    import program\nexcept Exception as error:\n    print('failed')\n"
    return {**files, "program.py": files["main.py"], "main.py": main}


def with_comments(files: Files, chance: random.Random) -> Files:
    def commented(line: str) -> str:
        plain = line.strip() and not any(sign in line for sign in ("\\", "#", '"""', "'''"))
        return f"{line}  # {line.strip()[:9]}" if plain and chance.random() < 0.4 else line

    if any('"""' in text for text in files.values()):
        return files
    return {path: "\n".join(map(commented, text.split("\n"))) for path, text in files.items()}


def with_semicolons(files: Files, chance: random.Random) -> Files:
    def ended(line: str) -> str:
        is_simple = line.startswith(("print(", "import ", "class ")) and "#" not in line
        if not is_simple or line.endswith((":", ",", "(")):
            return line
        return f"{line};" if not line.startswith("class ") or ": " in line else line

    return {path: "\n".join(map(ended, text.split("\n"))) for path, text in files.items()}


def with_tabs(files: Files, chance: random.Random) -> Files:
    return {
        path: text.replace("    ", "\t") if '"""' not in text else text
        for path, text in files.items()
    }


def with_windows_line_ends(files: Files, chance: random.Random) -> Files:
    return {path: text.replace("\n", "\r\n") for path, text in files.items()}


def with_form_feeds(files: Files, chance: random.Random) -> Files:
    return {path: text.replace("\nclass ", "\n\f\nclass ") for path, text in files.items()}


def with_docstring(files: Files, chance: random.Random) -> Files:
    head = chance.choice(
        ["'Doc.'\n", "# -*- coding: utf-8 -*-\n", "#!/usr/bin/env python\n'Doc.'\n"]
    )
    return {path: head + text for path, text in files.items()}


MUTATIONS: list[Mutation] = [
    in_function,
    in_block,
    with_built_in,
    with_built_in_replaced,
    with_name,
    printing_names,
    expecting_failure,
    with_comments,
    with_semicolons,
    with_tabs,
    with_form_feeds,
    with_docstring,
    with_windows_line_ends,
]


def _before(files: Files, line: str) -> Files:
    main = files["main.py"]
    return files if "from __future__" in main else {**files, "main.py": line + main}


def check(project: Make, number: int) -> bool:
    """Does a program survive its fixes? Returns whether there was something to fix."""
    chance = random.Random(number)
    program = chance.choice(SOURCES)
    files = program.files
    for mutation in sorted(chance.sample(MUTATIONS, chance.choice([1, 2, 3])), key=MUTATIONS.index):
        files = mutation(files, chance)
    small = project({path: text.encode() for path, text in files.items()})
    mutated = Program("PCL", program.kind, program.about, files)
    before = outcome(mutated, small)
    texts = small.texts()
    fixed = small.fix("PCL")
    if fixed == texts:
        return False
    after = outcome(mutated, small)
    told = f"{number}: {program.code} {program.about}\n{before}\n{after}\n{files}\n{fixed}"
    if before.returncode == 0 and "failed\n" not in before.output:
        assert after == before, told
    else:
        assert after.output.startswith(before.output.replace("failed\n", "")), told
    return True


def test_no_safe_fix_breaks_a_program_that_is_written_otherwise(project: Make) -> None:
    assert sum(check(project, number) for number in range(36)) >= 10


@pytest.mark.corpus
@pytest.mark.parametrize("start", range(100, 3100, 100))
def test_no_safe_fix_breaks_one_of_many(project: Make, start: int) -> None:
    # About a third of them have something to fix, in each hundred some more or fewer (the standard
    # deviation is near five): far fewer would mean that the mutations hide what is to be found.
    assert sum(check(project, number) for number in range(start, start + 100)) >= 18
