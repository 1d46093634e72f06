"""What is known of a project is taken over when one file gets other contents.

The rows that the file has in tables are put in the place of those that it had. Answers and tables are
taken over where nothing that they rest on has changed, and where they are plain data: what refers
to modules and classes refers to those of the project as it was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import islice

from ..base.typed import TYPE_CHECKING
from .changes import ROOTS, different_rows, touched
from .tracking import ROW_TABLES, WHOLE, name_of, table_name

if TYPE_CHECKING:
    from typing import Any

    from .facts import ModuleFacts
    from .project import Project
    from .tracking import Input


def carry(
    old: Project, new: Project, path: str, before: ModuleFacts, after: ModuleFacts
) -> set[Input] | None:
    """Take over what is known, and leave nothing of the old project.

    Args:
        old: the project as it was.
        new: the same with other contents of one file, of which nothing has been asked.
        path: the file.
        before, after: what the file said, and what it says now.

    Returns the inputs that may be something else now, answers that rest on others included; None
    where nothing was taken over, for modules may lie elsewhere.
    """
    leaves = set(touched(path, before, after))
    if (ROOTS, "") in leaves:
        return None
    changed = different_rows(old, path, before, after)
    for name, rows in changed.items():
        leaves.update((name, key) for key in (*rows, WHOLE))
    # Of what was taken from the cache, nothing is known of what it rests on.
    leaves |= {(table_name(table), WHOLE) for table in old._tables} - old.rests_on.keys()
    reached = reach(leaves, old.rests_on)
    _carry_rows(old, new, path, changed)
    _carry_answers(old, new, reached)
    new.layout = old.layout
    new.layout._spelled = new._spelled
    _dismantle(old)
    return reached


def _carry_rows(
    old: Project,
    new: Project,
    path: str,
    changed: Mapping[str, Mapping[str, Sequence[Any]]],
) -> None:
    order = {each: number for number, each in enumerate(new.files)}
    for name, table in ROW_TABLES.items():
        known = old._rows.get(table)
        if known is None:
            continue
        found = new._rows[table] = known if isinstance(known, dict) else dict(known)
        for key, now in changed.get(name, {}).items():
            row = [each for each in found.get(key, ()) if each[0] != path]
            at = bisect_right(row, order[path], key=lambda each: order[each[0]])
            row[at:at] = [(path, plain) for plain in now]
            if row:
                found[key] = row
            else:
                found.pop(key, None)


def _carry_answers(old: Project, new: Project, reached: set[Input]) -> None:
    answers, tables, rests_on = old._answers, old._tables, old.rests_on
    new.carried_questions = questions = old.carried_questions
    # Those before have been looked at when they were taken over.
    for asked in list(islice(answers, old.carried, None)):
        questions[name_of(asked[0])] = asked[0]
        if not is_plain(answers[asked]):
            del answers[asked]
    for name, of in reached:
        rests_on.pop((name, of), None)
        question = questions.get(name)
        if question is not None:
            answers.pop((question, of), None)
            if not of:
                answers.pop((question,), None)
    for table in list(tables):
        node = (table_name(table), WHOLE)
        is_known = node in old.carried_tables  # it was plain then
        if node in reached or not (is_known or is_plain(tables[table])):
            del tables[table]
    new._answers, new._tables, new.rests_on = answers, tables, rests_on
    new.carried, new._told = len(answers), len(rests_on)
    new.carried_tables = {(table_name(table), WHOLE) for table in tables}


def reach(touched: set[Input], rests_on: Mapping[Input, frozenset[Input]]) -> set[Input]:
    """Some inputs and the answers that rest on them, over others or not."""
    reached = new = set(touched)
    left = dict(rests_on)
    while new:
        kinds = whole_kinds(new)
        found = {
            node
            for node, inputs in left.items()
            if not new.isdisjoint(inputs) or (kinds and any(kind in kinds for kind, _ in inputs))
        }
        for node in found:
            del left[node]
        new = found - reached
        reached = reached | new
    return reached


def whole_kinds(inputs: Iterable[Input]) -> set[str]:
    """The tables of which any row may be another one: those that aren't made module by module."""
    return {kind for kind, of in inputs if of == WHOLE and kind not in ROW_TABLES}


def is_plain(value: object) -> bool:
    """Is a value made of strings, numbers and such, without objects of the index?"""
    if value is None or isinstance(value, (str, int, Enum)):
        return True
    if isinstance(value, (tuple, list, set, frozenset)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    return False


def _dismantle(project: Project) -> None:
    """Undo the circles in a project, so that its memory is free at once."""
    for module in project._modules.values():
        if module is not None:
            for model in vars(module).get("_classes", ()):
                vars(model).clear()
            vars(module).clear()
    for live in project._live.values():
        vars(live).clear()
    vars(project).clear()
