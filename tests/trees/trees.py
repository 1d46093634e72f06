"""Random package trees: what may stand in the modules of a project, and in which directories.

A tree is a dictionary of texts by path. Its modules import each other in all ways there are, and
its functions use what was imported; nothing else is imported, so that Python can be asked of
every module what comes of it. The same seed always makes the same tree.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

Tree = dict[str, str]

TOPS = ("pk", "qq", "util")
NAMES = ("a", "b", "c", "d", "json", "names", "pk", "util")
# What modules define, beside names like those of the modules.
VALUES = ("N", "bump", "count")


class Made(NamedTuple):
    """A module of a tree: its dotted name, its file, and whether it is a package's own."""

    dotted: str
    path: str
    is_package: bool

    @property
    def package(self) -> str:
        return self.dotted if self.is_package else self.dotted.rpartition(".")[0]


def tree(seed: int) -> Tree:
    """The files of one project."""
    return _Maker(random.Random(seed)).make()


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.modules: list[Made] = []
        self.count = 0

    def make(self) -> Tree:
        tops = self.chance.sample(TOPS, self.chance.choice((1, 1, 2)))
        for top in tops:
            self._directory(top, top, 0)
        for name in self.chance.sample(
            ("main", "other", "start"), self.chance.choice((0, 1, 1, 2))
        ):
            self.modules.append(Made(name, f"{name}.py", False))
        return {module.path: self._text(module) for module in self.modules}

    def _directory(self, directory: str, dotted: str, depth: int) -> None:
        if self.chance.random() < 0.8:
            self.modules.append(Made(dotted, f"{directory}/__init__.py", True))
        names = self.chance.sample(NAMES, self.chance.choice((1, 2, 2, 3)))
        for number, name in enumerate(names):
            if depth < 2 and self.chance.random() < (0.45, 0.25)[depth]:
                self._directory(f"{directory}/{name}", f"{dotted}.{name}", depth + 1)
            elif number or not depth:
                self.modules.append(Made(f"{dotted}.{name}", f"{directory}/{name}.py", False))
            else:
                self.modules.append(Made(f"{dotted}.{name}", f"{directory}/{name}.py", False))

    # What stands in a module

    def _text(self, module: Made) -> str:
        body: list[str] = []
        uses: list[str] = []
        is_init = module.is_package
        for _ in range(self.chance.choice((0, 0, 1, 1, 2) if is_init else (0, 1, 1, 2, 2, 3))):
            statement, used = self._import(module)
            statement, in_function = self._wrapped(statement, used)
            body.append(statement)
            if not in_function:
                uses += used
        own = [f'N = "{module.dotted}"']
        if self.chance.random() < 0.8:
            own += ["count = 0", "def bump():\n    global count\n    count += 1\n    return count"]
        if self.chance.random() < 0.15:
            value = self.chance.choice(("N", '"text"', "[N]"))
            own.append(f"{self.chance.choice(NAMES)} = {value}")
        if self.chance.random() < 0.1:
            own.append(f"class {self.chance.choice(NAMES)}:\n    N = 7")
        if self.chance.random() < 0.07:
            exported = self.chance.sample(("N", "bump", *NAMES), 2)
            own.insert(
                1, f"__all__ = {exported[: self.chance.choice((1, 1, 2))]!r}".replace("'", '"')
            )
        # At the top, so that a cycle finds it, or not.
        place = 0 if self.chance.random() < 0.75 else self.chance.randrange(len(body) + 1)
        body[place:place] = own
        for use in dict.fromkeys(uses):
            self.count += 1
            if self.chance.random() < 0.08:
                body.append(f"V{self.count} = {use}")
            else:
                body.append(f"def use{self.count}():\n    return {use}")
        return "\n".join(body) + "\n"

    def _wrapped(self, statement: str, uses: list[str]) -> tuple[str, bool]:
        lines = [line for line in statement.split("\n") if line]
        block = "\n".join(f"    {line}" for line in lines)
        kind = self.chance.random()
        if kind < 0.7 or "*" in statement:
            return statement, False
        if kind < 0.82 and uses:
            self.count += 1
            return f"def use{self.count}():\n{block}\n    return {self.chance.choice(uses)}", True
        if kind < 0.88:
            return f"if True:\n{block}", False
        if kind < 0.95:
            other = self.chance.choice(("pass", "N = None"))
            error = self.chance.choice(("ImportError", "(ImportError, AttributeError)"))
            return f"try:\n{block}\nexcept {error}:\n    {other}", False
        return f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n{block}", False

    def _import(self, module: Made) -> tuple[str, list[str]]:
        """An import statement, and expressions that use what it binds, or what it doesn't."""
        chance = self.chance
        target = chance.choice(self.modules)
        if target.dotted == module.dotted and chance.random() < 0.7:
            target = chance.choice(self.modules)
        dotted, name = target.dotted, chance.choice(("N", "N", "N", "bump", "count"))
        if chance.random() < 0.05:
            name = chance.choice((*NAMES, "missing"))
        self.count += 1
        alias = f"x{self.count}"
        call = f"{name}()" if name == "bump" else name
        top = dotted.partition(".")[0]
        parent, _, leaf = dotted.rpartition(".")
        below = chance.choice(
            [m.dotted for m in self.modules if f"{m.dotted}.".startswith(f"{top}.")]
        )
        relative = self._relative(module, dotted)
        relative_parent = self._relative(module, parent) if parent else None
        ways: list[tuple[str, list[str]]] = [
            (f"import {dotted}", [f"{dotted}.{call}", f"{below}.N"]),
            (f"import {dotted}", [f"{dotted}.{call}"]),
            (f"import {dotted} as {alias}", [f"{alias}.{call}"]),
            (f"from {dotted} import {name}", [call]),
            (f"from {dotted} import {name} as {alias}", [call.replace(name, alias)]),
            (f"from {dotted} import {name} as {leaf or top}", [leaf or top]),
            (f"import {top}", [f"{below}.N", f"{dotted}.{call}"]),
            (f"from {dotted} import *", ["N", "bump()", f"{chance.choice(NAMES)}.N"]),
            (f"from {dotted} import {name}", [call, f"{dotted}.N", f"{below}.N"]),
            (f"{alias} = __import__({dotted!r})", [f"{alias}.N"]),
            (f"import {leaf or top}", [f"{leaf or top}.{call}"]),
        ]
        if parent:
            ways += 2 * [
                (f"from {parent} import {leaf}", [f"{leaf}.{call}"]),
                (f"from {parent} import {leaf}", [f"{leaf}.{call}", f"{below}.N"]),
                (f"from {parent} import {leaf} as {alias}", [f"{alias}.{call}"]),
            ]
        if relative is not None:
            ways += 3 * [
                (f"from {relative} import {name}", [call]),
                (f"from {relative} import {name}, count", [call, "count"]),
            ]
            ways += 2 * [(f"from {relative} import *", ["N", f"{chance.choice(NAMES)}.N"])]
        if relative_parent is not None:
            ways += 4 * [(f"from {relative_parent} import {leaf}", [f"{leaf}.{call}"])]
            ways.append((f"from {relative_parent} import {leaf} as {alias}", [f"{alias}.{call}"]))
        return chance.choice(ways)

    @staticmethod
    def _relative(module: Made, dotted: str) -> str | None:
        """A dotted name as the module can write it with dots."""
        here = module.package.split(".") if module.package else []
        parts = dotted.split(".")
        if not here or here[0] != parts[0]:
            return None
        shared = 0
        while shared < min(len(here), len(parts)) and here[shared] == parts[shared]:
            shared += 1
        return "." * (len(here) - shared + 1) + ".".join(parts[shared:])


# Making a tree smaller


def statements(text: str) -> list[str]:
    """The top-level statements of a module; what belongs to a `try` stays together."""
    return [part for part in re.split(r"\n(?=\S)(?!except)", text.rstrip("\n")) if part]


def smallest(files: Tree, still: Callable[[Tree], bool]) -> Tree:
    """What is left of a tree when nothing more can be taken out of it: a file, a statement."""
    smaller = True
    while smaller:
        smaller = False
        for path in list(files):
            without = {other: text for other, text in files.items() if other != path}
            if without and still(without):
                files, smaller = without, True
                continue
            parts = statements(files[path])
            for number in reversed(range(len(parts))):
                rest = parts[:number] + parts[number + 1 :]
                shorter = {**files, path: "".join(f"{part}\n" for part in rest)}
                if still(shorter):
                    files, parts, smaller = shorter, rest, True
    return files


def shown(files: Tree) -> str:
    return "\n".join(f"# {path}\n{text}" for path, text in files.items())
