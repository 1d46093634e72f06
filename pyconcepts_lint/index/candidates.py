"""Which of several statements a name of a module gets its value from.

Branches on the interpreter count as the one that is linted with runs them, where the project
supports it. In `try`/`except ImportError` those count that run where what is found is there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from ..base.answer import Answer, all_of
from ..base.typed import TYPE_CHECKING
from . import tables
from .conditions import INTERPRETERS
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .facts import Binding, BindingKind, Block, BlockKind, Import
from .model import Module
from .tracking import question

if TYPE_CHECKING:
    from .model import Index

_PLATFORMS = frozenset(platform for _, platform in INTERPRETERS)
_DEFINITIONS = frozenset({BindingKind.CLASS, BindingKind.FUNCTION})
_MANY = 300  # modules that one loads: so many are no small helpers
_NO_VALUES = frozenset({BindingKind.ANNOTATION, BindingKind.AUGMENT})


def candidates(module: Module, name: str, place: tuple[int, int] | None = None) -> list[Binding]:
    """The bindings that may have given a name its value, in the order of the source: at the end
    of the module, or where a statement at a place of its top level runs.

    More than one where that can't be told; none where no statement binds it there.
    """
    bindings = module.bindings.get(name, [])
    if len(bindings) < 2 and place is None:
        return bindings
    lines = [binding.line for binding in bindings] + ([] if place is None else [place[0]])
    blocks = _blocks(module, lines)
    found = [
        binding
        for binding in bindings
        if binding.kind not in _NO_VALUES
        and (
            place is None
            or binding.kind is BindingKind.GLOBAL
            or (binding.line, binding.column) < place
        )
        and all(block.possible for block in _around(blocks, binding.line))
    ]
    at_run_time = [binding for binding in found if not binding.flags & ONLY_FOR_TYPES]
    found = at_run_time or found
    around = list(_around(blocks, place[0])) if place is not None else []
    for number in range(len(found) - 1, 0, -1):
        binding = found[number]
        conditions = [block for block in _around(blocks, binding.line) if not block.sure]
        # What a name is rebound to may hold for the lines below only, but for a definition.
        is_last = binding.kind in _DEFINITIONS if place is None else True
        if (
            is_last
            and binding.kind is not BindingKind.GLOBAL
            and all(block in around for block in conditions)
        ):
            return [
                *(earlier for earlier in found[:number] if earlier.kind is BindingKind.GLOBAL),
                *found[number:],
            ]
    return found


def _around(blocks: Iterable[Block], line: int) -> Iterator[Block]:
    return (block for block in blocks if block.first_line <= line <= block.last_line)


def _blocks(module: Module, lines: Sequence[int]) -> list[Block]:
    """The blocks around some lines of a module, and those of the same statements, `possible` and
    `sure` in this interpreter: 1 or 0."""
    project = module.project
    known: dict[int, Answer] = {}
    found: list[Block] = []
    bit = 0
    around = {block.statement for line in lines for block in _around(module.facts.blocks, line)}
    for block in module.facts.blocks:
        if block.statement not in around:
            continue
        bit = bit or _this_interpreter(project)
        possible, sure = bool(block.possible & bit), bool(block.sure & bit)
        if block.kind is BlockKind.TRY:
            succeeds = known[block.statement] = _succeeds(module, block)
            sure = succeeds is Answer.YES
        elif block.kind in (BlockKind.HANDLER, BlockKind.ELSE):
            outcome = known[block.statement]
            is_run = outcome if block.kind is BlockKind.ELSE else outcome.opposite
            possible, sure = is_run is not Answer.NO, is_run is Answer.YES
        if block.kind is BlockKind.TRY and known[block.statement] is Answer.NO:
            possible = False
        found.append(block._replace(possible=int(possible), sure=int(sure)))
    return found


def _this_interpreter(project: Index) -> int:
    """The bit of the running interpreter, or of the oldest that the project supports."""
    minors = [minor for minor, _ in INTERPRETERS]
    minor = max(sys.version_info.minor, tables.lowest_minor(project), minors[0])
    platform = sys.platform if sys.platform in _PLATFORMS else "linux"
    return 1 << INTERPRETERS.index((min(minor, minors[-1]), platform))


def _succeeds(module: Module, block: Block) -> Answer:
    """Does each import of a block find what it names?"""
    return all_of(
        module.project.finds(module, statement)
        for statement in module.facts.imports
        if block.first_line <= statement.line <= block.last_line
    )


@question
def loads(project: Index, path: str) -> bool:
    """Do all modules exist that a module of the project imports by all means, and those that these
    do?"""
    first = project.module(path)
    seen: Sequence[Module] = [] if first is None else [first]
    waiting = list(seen)
    known = {path}
    while waiting and len(known) < _MANY:
        module = waiting.pop()
        for statement in module.facts.imports:
            if statement.flags:
                continue
            for dotted in imported_modules(module, statement):
                origin = project.imported(module, dotted)
                if origin is None:
                    return False
                if isinstance(origin, Module) and origin.in_project and origin.path not in known:
                    known.add(origin.path)
                    waiting.append(origin)
    return first is not None and not waiting


def imported_modules(module: Module, statement: Import) -> Iterator[str]:
    """The absolute names of the modules that an import statement names."""
    if statement.is_from:
        absolute = module.absolute("." * statement.level + statement.module)
        if absolute is not None:
            yield absolute
    else:
        yield from (module.absolute(name) or name for name, _ in statement.names)
