"""What findings rest on, kept the other way round: from each input to those who rest on it.

Beside the findings of a project the cache has the *head*: the state of the project in which all of
them held, and for each kind of inputs (see `index.tracking`) who rests on each: files, and answers
that rest on inputs themselves. After a change of some files, their old facts and their new ones tell
which inputs are something else; only who rests on these is looked at. Facts of other files
aren't even loaded for that.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..base.digests import stat_of
from ..base.typed import TYPE_CHECKING
from ..index.changes import LISTING, ROOTS, different_rows, is_answer, is_of_disk, touched
from ..index.tracking import FORMS, ROW_TABLES, WHOLE, as_tuple

if TYPE_CHECKING:
    from typing import Any

    from ..base.report import FileResult
    from ..index.facts import ModuleFacts
    from ..index.tracking import Input
    from ..workspace.workspace import Workspace
    from .database import Cache

MOST_CHANGED = 50
"""Files that may have changed: where more have, the state is made anew."""
_DECLARING = ("pyproject.toml", "setup.cfg", "setup.py")


class Verdict:
    """What is to be looked at again.

    `stale` are files of which an input surely is something else, `doubtful` the inputs of others of
    which only asking tells.
    """

    def __init__(self) -> None:
        self.stale: set[str] = set()
        self.doubtful: dict[str, set[Input]] = {}


class Dependents:
    """Who rests on what in one project.

    Args:
        workspace: the project.
        cache: where it is kept.
        key: tells apart what is kept of different settings.
    """

    def __init__(self, workspace: Workspace, cache: Cache, key: str) -> None:
        self.workspace = workspace
        self.cache = cache
        self.key = key
        self._rests: dict[str, dict[str, list[int]]] = {}
        self._answers: dict[str, dict[str, str]] = {}
        self._changed_kinds: set[str] = set()
        self._changed_answers: set[str] = set()
        self._doubtful_nodes: dict[Input, int] = {}
        self._fresh: dict[str, dict[str, dict[str, list[Any]]]] = {}
        head = _head(cache.get("head", [key]).get(key))
        self.is_kept = head is not None
        head = head or _Head()
        self.files = head.files
        self.serials = head.serials
        self._others = head.others
        self._paths = head.paths
        self._nodes = head.nodes
        self._asked = head.asked
        self._unknown = set(head.unknown)
        self._kinds = set(head.kinds)
        self._numbers = {path: number for number, path in enumerate(self._paths)}
        self._node_numbers = {node: -1 - number for number, node in enumerate(self._nodes)}

    @property
    def keys(self) -> list[str]:
        """The keys of the rows that are kept."""
        return [f"{self.key}-{name}" for name in {*self._kinds, *ROW_TABLES, *FORMS}]

    # What is to be looked at again

    def is_usable(self, digests: Mapping[str, str | None]) -> bool:
        """Has the project the same files as in the head, and few of them other contents?"""
        if not self.is_kept or self.files.keys() != set(self.workspace.files):
            return False
        return (
            len(self.changed(digests)) <= MOST_CHANGED
            and self._others == self._other_states()
            and not any(os.path.basename(path) in _DECLARING for path in self.changed(digests))
        )

    def changed(self, digests: Mapping[str, str | None]) -> list[str]:
        """The files that have other contents than in the head."""
        return [path for path, content in self.files.items() if digests.get(path) != content]

    def _other_states(self) -> dict[str, list[int] | None]:
        """The states of files that aren't Python but are read."""
        root = self.workspace.settings.root
        paths = {*self.workspace.declaring_files, *(os.path.join(root, n) for n in _DECLARING)}
        paths.difference_update(self.workspace.files)
        return {path: list(stat) if (stat := stat_of(path)) else None for path in sorted(paths)}

    def verdict(self, old: Mapping[str, ModuleFacts]) -> Verdict | None:
        """What the changes of files touch, whose old facts are given; None where that isn't told."""
        leaves: set[Input] = set()
        for path, before in old.items():
            after = self.workspace.facts(path)
            if after is None:
                return None
            leaves.update(touched(path, before, after))
            leaves.update(self._different_rows(path, before, after))
        has_other_names = (ROOTS, "") in leaves
        leaves.discard((ROOTS, ""))
        for kind, known in self._asked.items():
            if kind == ROOTS and not has_other_names:
                continue
            for of, was in known.items():
                if self.workspace.answer(kind, of) != was:
                    if kind in (ROOTS, LISTING):
                        return None  # modules lie elsewhere
                    leaves.add((kind, of))
        return self._reached(leaves)

    def _different_rows(self, path: str, old: ModuleFacts, new: ModuleFacts) -> Iterator[Input]:
        """The rows of tables in which a file has something else than before."""
        for name, rows in different_rows(self.workspace.project, path, old, new).items():
            yield name, WHOLE
            for key, now in rows.items():
                self._fresh.setdefault(name, {}).setdefault(key, {})[path] = now
                yield name, key

    def _reached(self, leaves: set[Input]) -> Verdict:
        verdict = Verdict()
        self._load({kind for kind, _ in leaves})
        waiting: list[int] = list(self._unknown)
        seen = set(waiting)
        for kind, of in leaves:
            for number in self._rests[kind].get(of, ()):
                if number >= 0:
                    verdict.stale.add(self._paths[number])
                elif number not in seen:
                    seen.add(number)
                    waiting.append(number)
        while waiting:
            number = waiting.pop()
            kind, of = node = self._nodes[-1 - number]
            self._doubtful_nodes[node] = number
            self._load({kind})
            rests = self._rests[kind]
            for key in rests if of == WHOLE else (of, WHOLE):
                for other in rests.get(key, ()):
                    if other < 0:
                        if other not in seen:
                            seen.add(other)
                            waiting.append(other)
                    elif key != WHOLE:
                        verdict.doubtful.setdefault(self._paths[other], set()).add((kind, key))
        return verdict

    def _load(self, kinds: Collection[str]) -> None:
        missing = {f"{self.key}-{kind}": kind for kind in kinds if kind not in self._rests}
        if not missing:
            return
        rows = self.cache.get("rests", missing) if self.is_kept else {}
        for key, kind in missing.items():
            row = rows.get(key)
            self._rests[kind] = row if isinstance(row, dict) else {}

    # Tables

    def rows(self, name: str) -> Mapping[str, Sequence[tuple[str, Any]]] | None:
        """The rows of a table as they are now, after a verdict; None where they aren't kept."""
        key = f"{self.key}-{name}"
        row = self.cache.get("table", [key]).get(key)
        if not isinstance(row, dict):
            return None
        rows = Rows(self._paths, row)
        for of, fresh in self._fresh.get(name, {}).items():
            rows.replace(of, fresh)
        return rows

    def answer(self, name: str) -> Any:
        """What a table of the whole project was, if that is kept and no change touches it."""
        node = (name, WHOLE)
        number = self._node_numbers.get(node)
        if number is None or number in self._unknown or node in self._doubtful_nodes:
            return None
        key = f"{self.key}-{name}"
        return self.cache.get("table", [key]).get(key)

    def _save_tables(self, names: Iterable[str], frozen: Mapping[str, object]) -> None:
        numbers, project = self._numbers, self.workspace.project
        for name in names:
            rows = project.rows_of(name)
            row = {
                key: [part for path, plain in rows[key] for part in (numbers[path], plain)]
                for key in rows
            }
            self.cache.put("table", f"{self.key}-{name}", row)
        for name, table in frozen.items():
            self.cache.put("table", f"{self.key}-{name}", table)

    # What is kept

    def begin(self) -> None:
        """Forget what was kept: all findings of the project are about to be added."""
        self.is_kept = False
        self._rests.clear()
        self._answers.clear()
        self._changed_answers.clear()
        self._changed_kinds.clear()
        self._doubtful_nodes.clear()
        self._paths, self._nodes = list(self.workspace.files), []
        self.files, self.serials, self._asked = {}, {}, {}
        self._unknown = set()
        self._numbers = {path: number for number, path in enumerate(self._paths)}
        self._node_numbers = {}

    def add(self, result: FileResult, serial: str, known: Iterable[Input] = ()) -> None:
        """Take the findings of a file.

        Args:
            result: them, with what they rest on.
            serial: tells them apart from others of the same file.
            known: what those before rested on.
        """
        self.serials[result.path] = serial
        for kind, of, answer in result.inputs:
            if is_answer(kind):
                self._take_answer(kind, of, answer)
        before = set(known)
        new = [(kind, of) for kind, of, _ in result.inputs if (kind, of) not in before]
        self._load({kind for kind, _ in new})
        number = self._numbers[result.path]
        for kind, of in new:
            self._note(kind, of, number)

    def _take_answer(self, kind: str, of: str, answer: str) -> None:
        answers = self._answers_of(kind)
        if answers.get(of) != answer:
            answers[of] = answer
            self._changed_answers.add(kind)

    def _answers_of(self, kind: str) -> dict[str, str]:
        """What the answers of a kind were, by what they are of."""
        answers = self._answers.get(kind)
        if answers is None:
            key = f"{self.key}-{kind}"
            row = self.cache.get("answers", [key]).get(key) if self.is_kept else None
            answers = self._answers[kind] = row if isinstance(row, dict) else {}
        return answers

    def still_holds(self, answer: Input) -> bool | None:
        """Is an answer what it was? None where that isn't known."""
        kind, of = answer
        was = self._answers_of(kind).get(of)
        return None if was is None else self.workspace.answer(kind, of) == was

    def _note(self, kind: str, of: str, number: int) -> None:
        rests = self._rests[kind].setdefault(of, [])
        if not self.is_kept or number not in rests:
            rests.append(number)
            self._changed_kinds.add(kind)

    def conclude(
        self,
        digests: Mapping[str, str | None],
        rests_on: Mapping[Input, Collection[Input]],
        frozen: Mapping[str, object],
    ) -> None:
        """Put it all into the cache: every finding of the project holds in the state that it has
        now.

        Args:
            digests: the contents of the files.
            rests_on: what the answers that were found out rest on.
            frozen: tables of the whole project that were made, in plain form.
        """
        for node, number in self._doubtful_nodes.items():
            self._add_answer(number, rests_on.get(node))
        self._add_answers(rests_on)
        self._kinds |= self._changed_kinds
        self._save_tables(self._fresh if self.is_kept else ROW_TABLES, frozen)
        self._fresh = {}
        self.files = {path: digests.get(path) for path in self.workspace.files}
        asked = self._asked
        for kind in filter(is_of_disk, self._rests):
            asked.setdefault(kind, {}).update(dict.fromkeys(self._rests[kind], ""))
        asked.setdefault(LISTING, {}).update(dict.fromkeys(self.workspace.directories, ""))
        asked.setdefault(ROOTS, {})[""] = ""
        for kind, known in asked.items():
            for of in known:
                known[of] = self.workspace.answer(kind, of)
        head = {
            "files": self.files,
            "serials": self.serials,
            "others": self._other_states(),
            "paths": self._paths,
            "nodes": self._nodes,
            "asked": asked,
            "unknown": sorted(self._unknown),
            "kinds": sorted(self._kinds),
        }
        self.cache.put("head", self.key, head)
        for kind in self._changed_kinds:
            self.cache.put("rests", f"{self.key}-{kind}", self._rests[kind])
        for kind in self._changed_answers:
            self.cache.put("answers", f"{self.key}-{kind}", self._answers[kind])
        self._changed_kinds.clear()
        self._changed_answers.clear()
        self.is_kept = True

    def _add_answers(self, rests_on: Mapping[Input, Collection[Input]]) -> None:
        """Note what the answers rest on that are rested on."""
        waiting = [
            (kind, of)
            for kind in self._changed_kinds
            if is_answer(kind)
            for of in self._rests[kind]
        ]
        seen = set(self._node_numbers)
        while waiting:
            kind, of = waiting.pop()
            node = (kind, of) if (kind, of) in rests_on else (kind, WHOLE)
            if node in seen:
                continue
            seen.add(node)
            number = self._node_numbers[node] = -1 - len(self._nodes)
            self._nodes.append(node)
            inputs = rests_on.get(node)
            self._add_answer(number, inputs)
            waiting += [each for each in inputs or () if is_answer(each[0])]

    def _add_answer(self, number: int, inputs: Collection[Input] | None) -> None:
        """Note what an answer rests on; None where that isn't known."""
        if inputs is None:
            self._unknown.add(number)
            return
        self._unknown.discard(number)
        self._load({kind for kind, _ in inputs})
        for kind, of in inputs:
            self._note(kind, of, number)


class Rows(Mapping[str, "Sequence[tuple[str, Any]]"]):
    """The rows of a table as the cache has them, made as they are asked for.

    Args:
        paths: the files, of which rows have the numbers.
        rows: by keys the numbers of files, each with what it has there.
    """

    def __init__(self, paths: Sequence[str], rows: dict[str, list[Any]]) -> None:
        self._paths = paths
        self._rows = rows
        self._replaced: dict[str, list[tuple[str, Any]]] = {}

    def replace(self, key: str, fresh: Mapping[str, Iterable[Any]]) -> None:
        """Take what some files have under a key now."""
        numbers = {path: number for number, path in enumerate(self._paths)}
        row = [each for each in self._made(key) if each[0] not in fresh]
        row += [(path, plain) for path, found in fresh.items() for plain in found]
        self._replaced[key] = sorted(row, key=lambda each: numbers[each[0]])
        self._rows.pop(key, None)
        if row:
            self._rows[key] = []

    def _made(self, key: str) -> list[tuple[str, Any]]:
        row = self._rows.get(key, [])
        paths = self._paths
        return [(paths[n], as_tuple(plain)) for n, plain in zip(row[::2], row[1::2], strict=True)]

    def __getitem__(self, key: str) -> Sequence[tuple[str, Any]]:
        if key not in self._rows:
            raise KeyError(key)
        replaced = self._replaced.get(key)
        return self._made(key) if replaced is None else replaced

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class _Head:
    def __init__(self) -> None:
        self.files: dict[str, str | None] = {}
        self.serials: dict[str, str] = {}
        self.others: dict[str, list[int] | None] = {}
        self.paths: list[str] = []
        self.nodes: list[Input] = []
        self.asked: dict[str, dict[str, str]] = {}
        self.unknown: list[int] = []
        self.kinds: list[str] = []


def _head(row: Any) -> _Head | None:
    """What the cache has; None for what isn't that."""
    head = _Head()
    try:
        for name, known in vars(head).items():
            value = row[name]
            if not isinstance(value, type(known)):
                return None
            setattr(head, name, value)
        head.nodes = [(str(kind), str(of)) for kind, of in head.nodes]
    except (KeyError, TypeError, ValueError):
        return None
    return head
