"""The concepts behind the rules: a package of rules is one, and its docstring is its page.

The first line of the docstring is the concept's title; what follows is Markdown of the same kind as
in rules' pages, with programs and their outputs (see `pages`).
"""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache

from ..base.typed import NamedTuple
from ..rule_api.rule import Rule
from .registry import rules


class Concept(NamedTuple):
    """What some rules are about.

    `number` is how their codes begin: `1xx` for PCL101, PCL102 …, `SHOP1xx` for SHOP101. `name` is
    the package's in words-with-hyphens. `page` is what stands below the title, Markdown, and empty
    where the package has no docstring. `rules` are in the order of their codes.
    """

    number: str
    name: str
    title: str
    page: str
    rules: tuple[type[Rule], ...]


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts, other packages' too, in the order of their first rules' codes."""
    members: dict[str, list[type[Rule]]] = {}
    for rule in rules().values():
        members.setdefault(_home(rule), []).append(rule)
    return tuple(_concept(home, found) for home, found in members.items())


def concept_of(rule: type[Rule]) -> Concept:
    """The concept that one of `registry.rules` belongs to."""
    return next(concept for concept in concepts() if rule in concept.rules)


def _home(rule: type[Rule]) -> str:
    """The package that a rule lies in; its module, where that is in none."""
    return sys.modules[rule.__module__].__package__ or rule.__module__


def _concept(home: str, members: list[type[Rule]]) -> Concept:
    name = home.rpartition(".")[2].replace("_", "-")
    title, _, page = (inspect.getdoc(sys.modules[home]) or "").partition("\n")
    title = title.removesuffix(".") or name.replace("-", " ").capitalize()
    return Concept(number_of(members[0].code), name, title, page.strip(), tuple(members))


def number_of(code: str) -> str:
    """How a concept's codes begin, with an x for each digit that differs: `1xx` for PCL103."""
    letters, digits = re.fullmatch(r"(\D*)(.*)", code, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{letters.removeprefix('PCL')}{digits[:1]}{'x' * (len(digits) - 1)}"
