"""Writes `pyconcepts_lint/index/standard.py`: what importing standard-library modules loads.

    python tests/index/make_standard.py python3.11 python3.12 python3.13

Each module is imported by itself, in a fresh interpreter of each version, without site start-up
(`-I -S`): what site imports differs from installation to installation.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "pyconcepts_lint" / "index" / "standard.py"

# Importing these does something, or they belong to somebody else.
LEFT_OUT = {
    *(
        "__phello__",
        "_pyrepl",
        "_aix_support",
        "_osx_support",
        "antigravity",
        "encodings",
        "ensurepip",
    ),
    *("idlelib", "lib2to3", "pydoc_data", "site", "test", "this", "turtledemo", "venv"),
}
# Nothing else may be imported here.
ASK = """
import sys
try:
    __import__(sys.argv[1])
except BaseException as error:
    print(None)
    raise SystemExit
print([
    name for name in sys.modules
    if "." in name and name.rpartition(".")[2] in vars(sys.modules.get(name.rpartition(".")[0], sys))
])
"""
LIST = """
import json, pkgutil, os, sys
found, packages, lazy = [], [], []
def look(directory, prefix):
    for module in pkgutil.iter_modules([directory]):
        name = prefix + module.name
        if module.name in ("__main__", "test", "tests", "site-packages") or name in LEFT_OUT:
            continue
        if name.startswith("_") and not module.ispkg and not prefix:
            continue
        found.append(name)
        if module.ispkg:
            packages.append(name)
            path = os.path.join(directory, module.name)
            with open(os.path.join(path, "__init__.py"), encoding="utf-8") as file:
                if "\\ndef __getattr__" in file.read():
                    lazy.append(name)
            look(path, name + ".")
look(os.path.dirname(os.__file__), "")
print(json.dumps([found, packages, lazy]))
"""
VERSIONS = ("3.11", "3.12", "3.13")
HEAD = '''"""What importing the modules of the standard library loads, in Python {versions}.

Made by `tests/index/make_standard.py`; don't edit. A module counts as loading what it loads in
any of these versions, on Linux, by itself, in an interpreter that has run no site start-up.
"""

from __future__ import annotations

from functools import cache

'''
TAIL = '''

@cache
def loads(name: str) -> frozenset[str]:
    """The submodules that importing a module loads, its packages' and itself included, by their
    dotted names; those of packages with a `__getattr__`, and private ones, are left out."""
    found: set[str] = set()
    parts = name.split(".")
    waiting = [".".join(parts[: number + 1]) for number in range(len(parts))]
    seen = set(waiting)
    while waiting:
        current = waiting.pop()
        if current in SUBMODULES:
            found.add(current)
        for other in _LOADS.get(current, "").split():
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return frozenset(found)
'''


def run(python: str, program: str, *arguments: str) -> str:
    return subprocess.run(
        [python, "-I", "-S", "-W", "ignore", "-c", program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.splitlines()[-1]


def modules(python: str) -> tuple[list[str], list[str], list[str]]:
    """All modules of an interpreter's library, its packages, and those with a `__getattr__`."""
    found, packages, lazy = json.loads(run(python, f"LEFT_OUT = {LEFT_OUT!r}\n{LIST}"))
    return found, packages, lazy


def loaded(python: str, module: str) -> set[str] | None:
    """The dotted names that are loaded, and attributes of their packages, once a module is;
    None where it can't be imported."""
    answer = ast.literal_eval(run(python, ASK, module))
    return None if answer is None else {name for name in answer if is_of_interest(name)}


def bound(python: str, package: str) -> set[str]:
    """The names that a package binds which aren't its modules, as dotted names."""
    program = (
        "import sys; __import__(sys.argv[1]); p = sys.modules[sys.argv[1]]; print(list(vars(p)))"
    )
    try:
        names = ast.literal_eval(run(python, program, package))
    except subprocess.CalledProcessError:
        return set()
    return {f"{package}.{name}" for name in names}


def is_of_interest(name: str) -> bool:
    return not any(part.startswith("_") for part in name.split(".")) and not name.startswith(
        "encodings."
    )


def table(pythons: list[str]) -> tuple[dict[str, set[str]], set[str], set[str], set[str]]:
    """What each module loads; packages whose submodules can be spoken of; submodules; and the
    modules that could be imported nowhere."""
    loads: dict[str, set[str]] = {}
    packages: set[str] = set()
    lazy: set[str] = set()
    failed: set[str] = set()
    for python in pythons:
        found, own_packages, own_lazy = modules(python)
        packages.update(own_packages)
        lazy.update(own_lazy)
        for name in found:
            answer = loaded(python, name)
            if answer is None:
                failed.add(name)
            else:
                loads.setdefault(name, set()).update(answer)
    failed -= loads.keys()
    known = {name for name in packages - lazy if is_of_interest("." + name)}
    submodules = {n for n in loads if n.rpartition(".")[0] in known and is_of_interest(n)}
    for python in pythons:
        for package in known:
            submodules -= bound(python, package) - loads.get(package, set())
    kept = {name: {n for n in loads[name] if n in submodules} for name in loads}
    return kept, known, submodules, failed


def reduced(loads: dict[str, set[str]]) -> dict[str, list[str]]:
    """The same by as few names as possible: a module loads what the modules named load, too."""
    rank = {name: n for n, name in enumerate(sorted(loads, key=lambda n: (len(loads[n]), n)))}
    short: dict[str, list[str]] = {}
    for name, its in loads.items():
        if not is_of_interest(name):
            continue
        left = its - {name}
        chosen: list[str] = []
        sources = (
            o
            for o in filter(is_of_interest, loads)
            if rank[o] < rank[name] and loads[o] and loads[o] <= its
        )
        for other in sorted(sources, key=lambda o: (-len(loads[o]), o)):
            if loads[other] & left:
                chosen.append(other)
                left -= loads[other]
        chosen += sorted(left)
        if chosen:
            short[name] = sorted(chosen)
    return short


def main() -> None:
    pythons = sys.argv[1:] or [sys.executable]
    loads, packages, submodules, failed = table(pythons)
    versions = [run(p, "import sys; print('%d.%d' % sys.version_info[:2])") for p in pythons]
    with_submodules = {name.rpartition(".")[0] for name in submodules} & packages
    lines = [HEAD.format(versions=", ".join(versions))]

    def written(name: str, words: set[str], what: str) -> None:
        lines.append(f"{name} = frozenset(\n    (")
        lines.extend(f'        "{line} "' for line in wrapped(sorted(words)))
        lines.append(f'    ).split()\n)\n"""{what}"""')

    written("PACKAGES", with_submodules, "Packages without a `__getattr__`.")
    written("SUBMODULES", submodules, "Their submodules.")
    written("UNKNOWN", failed, "Modules that couldn't be imported to see what they load.")
    lines.append("_LOADS = {")
    for name, others in sorted(reduced(loads).items()):
        rows = wrapped(others)
        if len(rows) == 1 and len(name) + len(rows[0]) < 88:
            lines.append(f'    "{name}": "{rows[0]}",')
        else:
            lines.append(f'    "{name}": (')
            lines.extend(f'        "{row} "' for row in rows)
            lines.append("    ),")
    lines.append("}")
    TARGET.write_text("\n".join(lines) + "\n" + TAIL, encoding="utf-8")


def wrapped(words: list[str]) -> list[str]:
    rows = [""]
    for word in words:
        if rows[-1] and len(rows[-1]) + len(word) > 84:
            rows.append("")
        rows[-1] += " " + word if rows[-1] else word
    return rows


if __name__ == "__main__":
    main()
