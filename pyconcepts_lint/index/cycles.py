"""Imports that fail because the module which they ask is still running.

A module is in `sys.modules` from the moment it starts, and has only the names that the lines
above have bound (https://docs.python.org/3/reference/import.html#loading). So what comes of a
cycle depends on the module that is imported first. Here that is played through: each module of
a cycle is imported into a simulated fresh interpreter, its packages before it, and the import
statements are followed from top to bottom.

Only what surely happens is followed. A statement under a condition or in a `try` may run or not:
what it could load counts as loaded by something else, and where it might fail itself, nothing is
said of what comes after it. The first statement in a `try` surely runs; where it fails with an
error that may be caught there, that goes no further.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Sequence

from ..base.answer import Answer
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.ast_nodes import COMPREHENSIONS
from ..source.python3 import parsed_or_none
from .facts import CATCHES, CONDITIONAL, IMPORT_KINDS, IN_FUNCTION, Binding, BindingKind, Import
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .layout import Found, FoundKind
from .loading import EVERY_MODULE_HAS, loading_of
from .model import Module
from .tracking import kept, table

if TYPE_CHECKING:
    from typing import Any

    from .model import Index

Place = tuple[int, int]

_MAXIMUM_STEPS = 200_000
"""Budget of simulated module executions; cycles beyond it are not reported."""
_RUNNING, _DONE, _MAYBE = range(3)


class Link(NamedTuple):
    """A module, and the 1-based line of its import statement that loads the next one."""

    dotted: str
    path: str
    line: int


class Failure(NamedTuple):
    """An import, or a use of a module's attribute, that fails at import time.

    The place is that of the statement or of the expression, 1-based, the end exclusive.
    `wanted` is the name that isn't bound yet, `owner` the module that hasn't bound it (dotted),
    `bound_line` the line where it will be, 0 for a submodule. `is_use`: it is an attribute of
    the module that fails, with an AttributeError. `chain` are the modules that are running, the
    one that was imported first at the start; the last imports the module at hand. It is empty
    where that one imports itself. `owner_path` is the file of `owner`.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    wanted: str
    owner: str
    bound_line: int
    is_use: bool
    chain: tuple[Link, ...]
    owner_path: str = ""


class _Step(NamedTuple):
    """An import statement at import time, as far as it concerns the project.

    `chains` are the files that are loaded for each dotted name, packages first; `names` are
    what a `from` statement asks of the last of them. `aliases` are the names that the module
    gets for modules, with their files.
    """

    statement: Import
    chains: tuple[tuple[str, ...], ...]
    target: Found | None
    aliases: tuple[tuple[str, str], ...]


class _Use(NamedTuple):
    """An attribute reference that runs at import time: `a.b.c` as its parts.

    `is_sure` is False where a condition may keep it from being run, or an error be caught.
    """

    parts: tuple[str, ...]
    line: int
    column: int
    end_line: int
    end_column: int
    is_sure: bool = True


class _Failed(Exception):
    """The import that is played through has raised an exception."""


class _Caught(_Failed):
    """It has, and a `try` around an import on the way may catch it: the name of the error."""


def failures(project: Index, path: str) -> Sequence[Failure]:
    """What fails in a file while modules import each other."""
    return project.row(failing_imports, path)


def _thawed(_: Index, row: Any) -> dict[str, tuple[Failure, ...]]:
    from .codec import decode

    return {
        path: tuple([decode(Failure, each) for each in failures]) for path, failures in row.items()
    }


@kept(lambda failures: failures, _thawed)
@table
def failing_imports(project: Index) -> dict[str, tuple[Failure, ...]]:
    """The failures in every file, each for one way in which it comes about."""
    return _Simulation(project).failures()


class _Simulation:
    def __init__(self, project: Index) -> None:
        self.project = project
        self.loading = loading_of(project)
        self._chains: dict[tuple[str, str, str, bool], list[Found]] = {}
        self._outside: set[tuple[str, str, str]] = set()
        self._texts: dict[str, str | None] = {}
        self._used_at: dict[str, tuple[str, ...]] = {}
        self.modules = {module.path: module for module in project.modules()}
        self.steps = {path: self._steps(module) for path, module in self.modules.items()}
        self.found: dict[tuple[str, Place], Failure] = {}
        self.cycle: frozenset[str] = frozenset()
        # Modules whose import may fail when it is the first one.
        self.doomed: set[str] = set()
        self.state: dict[str, int] = {}
        self.at: dict[str, Place] = {}
        self.running: list[str] = []
        self.loaded: list[str] = []
        self.trying = 0
        # The flags of the imports that are running and stand first in a `try`.
        self.catching: list[int] = []
        self._first_in_try: dict[str, frozenset[int]] = {}
        self.budget = _MAXIMUM_STEPS
        self._uses: dict[str, tuple[_Use, ...]] = {}

    def failures(self) -> dict[str, tuple[Failure, ...]]:
        graph = {path: self._reached_from(path) for path in self.modules}
        for component in components(graph):
            if any(other in self.doomed for path in component for other in graph[path]):
                self.doomed.update(component)
            if len(component) > 1 or component[0] in graph[component[0]]:
                self.cycle = frozenset(component)
                self._play(component)
        by_file: dict[str, list[Failure]] = {}
        for (path, _), failure in sorted(self.found.items()):
            by_file.setdefault(path, []).append(failure)
        return {path: tuple(failures) for path, failures in by_file.items()}

    # What there is

    def _steps(self, module: Module) -> tuple[_Step, ...]:
        return tuple(
            step
            for statement in module.facts.imports
            if not statement.flags & (IN_FUNCTION | ONLY_FOR_TYPES)
            and (step := self._step(module, statement)) is not None
        )

    def _step(self, module: Module, statement: Import) -> _Step | None:
        chains: list[tuple[str, ...]] = []
        aliases: list[tuple[str, str]] = []
        target: Found | None = None
        if not statement.is_from:
            for name, alias in statement.names:
                absolute = module.absolute(name)
                chain = [] if absolute is None else self._chain(module, absolute, False)
                if chain:
                    chains.append(tuple(found.path for found in chain))
                    if alias and absolute is not None and len(chain) == absolute.count(".") + 1:
                        aliases.append((alias, chain[-1].path))
                    elif not alias and module.absolute(name) == name:
                        aliases.append((name.partition(".")[0], chain[0].path))
        else:
            dots = "." * statement.level
            absolute = module.absolute(dots + statement.module)
            chain = [] if absolute is None else self._chain(module, absolute, bool(dots))
            if chain and absolute is not None:
                chains.append(tuple(found.path for found in chain))
                if len(chain) == absolute.count(".") + 1:
                    target = chain[-1]
                for name, alias in statement.names:
                    found = self._submodule(target, name)
                    if found is not None:
                        aliases.append((alias or name, found.path))
        return _Step(statement, tuple(chains), target, tuple(aliases)) if chains else None

    def _chain(self, module: Module, absolute: str, is_relative: bool) -> list[Found]:
        """The project's modules that a dotted name loads, in order."""
        own = module.name
        beside = "" if own.regular else os.path.dirname(module.path)
        # Most imports are of what isn't the project's: one look at each name will do.
        top = (own.root, beside, absolute.partition(".")[0])
        if not is_relative and top in self._outside:
            return []
        key = (own.root, beside, absolute, is_relative)
        known = self._chains.get(key)
        if known is None:
            reached = list(self.loading.chain(module, absolute, is_relative=is_relative))
            if not is_relative and reached and reached[0][1] is None:
                self._outside.add(top)
            known = self._chains[key] = [
                found for _, found in reached if found is not None and not found.is_compiled
            ]
        return known

    def _submodule(self, package: Found | None, name: str) -> Found | None:
        if package is None or not package.holds_modules or name == "*":
            return None
        directory = package.path
        if package.is_package:
            directory = os.path.dirname(directory)
        found = self.project.layout.find_below(directory, [name])
        return found if found is not None and found.is_file else None

    def _submodule_of(self, path: str, name: str) -> Found | None:
        is_package = self.modules[path].name.is_package
        return self._submodule(Found(FoundKind.PACKAGE, path), name) if is_package else None

    def _reached_from(self, path: str) -> list[str]:
        """What importing a module may load, its packages included."""
        reached = dict.fromkeys(self.loading.packages_above(path))
        for step in self.steps[path]:
            for chain in step.chains:
                reached.update(dict.fromkeys(chain))
            for name, _ in step.statement.names:
                found = self._submodule(step.target, name)
                if found is not None:
                    reached[found.path] = None
        if not any(self._names_itself(path, step) for step in self.steps[path]):
            reached.pop(path, None)
        return [other for other in reached if other in self.modules]

    @staticmethod
    def _names_itself(path: str, step: _Step) -> bool:
        if any(file == path for _, file in step.aliases):
            return True
        if step.statement.is_from:
            return step.target is not None and step.target.path == path
        return any(chain[-1] == path for chain in step.chains)

    # One cycle

    def _play(self, cycle: Iterable[str]) -> None:
        """Import each module of a cycle first."""
        entries = sorted(
            (path for path in cycle if self._is_importable(path)),
            key=lambda path: (self.modules[path].name.dotted.count("."), path),
        )
        begun: dict[str, dict[str, int] | None] = {}
        for entry in entries:
            if self.budget <= 0:
                return
            self._reset()
            packages = [path for path in self.loading.packages_above(entry) if path in self.cycle]
            if packages:
                # They are run first, for all of their modules alike.
                outermost = packages[0]
                if outermost not in begun:
                    begun[outermost] = self._begin(outermost)
                after = begun[outermost]
                if after is None:
                    self.doomed.add(entry)
                    continue  # importing the package fails already
                self.state = dict(after)
            try:
                for path in (*packages, entry):
                    self._load(path)
            except (_Failed, RecursionError):
                self.doomed.add(entry)

    def _reset(self) -> None:
        self.state, self.at, self.running, self.loaded, self.trying = {}, {}, [], [], 0
        self.catching = []

    def _begin(self, path: str) -> dict[str, int] | None:
        self._reset()
        try:
            self._load(path)
        except (_Failed, RecursionError):
            return None
        return dict(self.state)

    def _is_importable(self, path: str) -> bool:
        dotted = self.modules[path].name.dotted
        return all(part.isidentifier() for part in dotted.split(".")) and not dotted.endswith(
            "__main__"
        )

    def _load(self, path: str) -> None:
        """Import a module that may have been loaded already."""
        if path not in self.cycle and path in self.doomed:
            raise _Failed
        if path not in self.cycle or path in self.state:
            return
        self.budget -= 1
        if self.budget <= 0:
            raise _Failed
        self.state[path] = _RUNNING
        self.running.append(path)
        self.loaded.append(path)
        watched: dict[str, tuple[str, bool]] = {}
        uses: list[_Use] = []
        for step in self.steps[path]:
            place = (step.statement.line, step.statement.column)
            uses = self._check(path, uses, watched, place)
            self.at[path] = place
            is_sure = not step.statement.flags & CONDITIONAL
            if is_sure:
                self._run(path, step)
            elif step.statement.line in self._firsts_in_tries(path):
                self._run_in_try(path, step)
            else:
                self._try(path, step)
            if any(self.state.get(file) == _RUNNING for file in self._named_by(step)):
                for alias, target in step.aliases:
                    if self._is_only_imported(path, alias) and self._may_use(path, alias):
                        if not watched:
                            uses = [use for use in self._uses_in(path) if use[1:3] > place]
                        watched[alias] = (target, is_sure)
        self._check(path, uses, watched, (1 << 30, 0))
        self.running.pop()
        self.state[path] = _DONE

    @staticmethod
    def _named_by(step: _Step) -> Iterator[str]:
        """The files of what a statement binds names to."""
        for chain in step.chains:
            yield from chain
        for _, target in step.aliases:
            yield target

    def _try(self, path: str, step: _Step) -> None:
        """Run a statement that may be left out: what it loads may be loaded by then or not. Where it
        fails, nothing is known from there on."""
        known = len(self.loaded)
        self.trying += 1
        self._run(path, step)
        self.trying -= 1
        for other in self.loaded[known:]:
            self.state[other] = _MAYBE

    def _firsts_in_tries(self, path: str) -> frozenset[int]:
        """The lines of the statements that stand first in a `try` of the module's own block."""
        if path not in self._first_in_try:
            tree = parsed_or_none(self._text(path))
            self._first_in_try[path] = frozenset(
                node.body[0].lineno
                for node in ([] if tree is None else tree.body)
                if isinstance(node, (ast.Try, ast.TryStar))
            )
        return self._first_in_try[path]

    def _run_in_try(self, path: str, step: _Step) -> None:
        """Run a statement that stands first in a `try`."""
        known, depth = len(self.loaded), len(self.running)
        self.catching.append(step.statement.flags)
        try:
            self._run(path, step)
        except _Caught as caught:
            if not step.statement.flags & CATCHES[str(caught)]:
                raise
            del self.running[depth:]
            for other in self.loaded[known:]:
                self.state[other] = _MAYBE
        finally:
            self.catching.pop()

    def _run(self, path: str, step: _Step) -> None:
        statement = step.statement
        for chain in step.chains:
            for file in chain:
                self._load(file)
        target = step.target
        if not statement.is_from or target is None:
            return
        for name, _ in statement.names:
            if name == "*":
                continue
            submodule = self._submodule(target, name)
            if submodule is not None:
                # What the package lacks is looked for as a submodule, running ones included.
                if not self._binds(target.path, name):
                    self._load(submodule.path)
            elif not self._has(target.path, name):
                use = _Use((), *statement[4:8])
                self._fail(path, target.path, name, use, is_use=False)
            elif not self._surely_has(target.path, name):
                raise _Failed

    # Names

    def _binds(self, path: str, name: str) -> bool:
        """Has a statement of a module bound the name by now?"""
        module = self.modules.get(path)
        if module is None:
            return False
        end = self.at.get(path, (0, 0)) if self.state.get(path) == _RUNNING else (1 << 30, 0)
        return any(_is_bound_at(binding, end) for binding in module.bindings.get(name, ()))

    def _has(self, path: str, name: str) -> bool:
        """May a module have the name by now?"""
        if path not in self.modules or self.state.get(path) != _RUNNING:
            return True
        if name in EVERY_MODULE_HAS or name.startswith("__"):
            return True
        module, at = self.modules[path], self.at.get(path, (0, 0))
        namespace = self.loading.namespace(path)
        if namespace is None or namespace.is_open:
            return True
        if self._binds(path, name):
            return True
        submodule = self._submodule_of(path, name)
        if submodule is not None:
            return self.state.get(submodule.path) in (_DONE, _MAYBE)
        return any(
            self._may_star(module, statement, name) for statement in self._stars_above(module, at)
        )

    def _surely_has(self, path: str, name: str) -> bool:
        """Has a module that may have the name by now surely got it?"""
        if path not in self.modules or self.state.get(path) != _RUNNING:
            return True
        if name in EVERY_MODULE_HAS or name.startswith("__"):
            return True
        module, at = self.modules[path], self.at.get(path, (0, 0))
        return any(
            binding.kind is not BindingKind.GLOBAL
            and not binding.flags & CONDITIONAL
            and _is_bound_at(binding, at)
            for binding in module.bindings.get(name, ())
        ) or any(
            self._may_star(module, statement, name, surely=True)
            for statement in self._stars_above(module, at)
        )

    @staticmethod
    def _stars_above(module: Module, at: Place) -> Iterator[Import]:
        for statement in module.facts.imports:
            if statement.names[0][0] == "*" and (statement.line, statement.column) < at:
                yield statement

    def _may_star(
        self, module: Module, statement: Import, name: str, *, surely: bool = False
    ) -> bool:
        dots = "." * statement.level
        absolute = module.absolute(dots + statement.module)
        chain = [] if absolute is None else self._chain(module, absolute, bool(dots))
        if absolute is None or len(chain) != absolute.count(".") + 1:
            return not surely
        has = self.loading.has(chain[-1], name)
        return has is Answer.YES if surely else has is not Answer.NO

    def _is_only_imported(self, path: str, name: str) -> bool:
        """Do only import statements bind the name in a module?"""
        bindings = self.modules[path].bindings.get(name, ())
        return all(binding.kind in IMPORT_KINDS for binding in bindings)

    def _fail(self, path: str, owner: str, name: str, at: _Use, *, is_use: bool) -> None:
        """Note a failure, if nothing may give the name to the module in another way."""
        module = self.modules[owner]
        lines = [
            b.line for b in module.bindings.get(name, ()) if b.kind is not BindingKind.ANNOTATION
        ]
        # A module that asks itself doesn't bind the name by asking.
        later = [n for n in lines if owner != path or not at.line <= n <= at.end_line]
        # What another module lacks is for other rules to say; nothing says it of one that asks itself.
        is_own = owner == path and not module.name.is_package
        is_own = is_own and self._names_itself_surely(module)
        is_known = later or is_own or self._submodule_of(owner, name) is not None
        if not is_known or any(map(self._imports_dynamically, self.state)):
            raise _Failed
        if self.trying or not at.is_sure or self.loading.may_be_given(owner, name):
            raise _Failed
        error = "AttributeError" if is_use else "ImportError"
        if any(flags & CATCHES[error] for flags in self.catching):
            raise _Caught(error)
        chain = tuple(
            Link(self.modules[file].name.dotted, file, self.at[file][0])
            for file in self.running[:-1]
        )
        failure = Failure(
            at.line,
            at.column,
            at.end_line,
            at.end_column,
            name,
            module.name.dotted,
            later[0] if later else 0,
            is_use,
            chain,
            owner,
        )
        key = (path, (at.line, at.column))
        known = self.found.get(key)
        if known is None or len(known.chain) > len(chain):
            self.found[key] = failure
        raise _Failed

    def _names_itself_surely(self, module: Module) -> bool:
        names = (
            name
            for statement in module.facts.imports
            for name in (statement.module, *(each for each, _ in statement.names))
            if not statement.level
        )
        is_relative = any(statement.level for statement in module.facts.imports)
        return is_relative or any(self.loading.imports_itself(module, name) for name in names)

    def _imports_dynamically(self, path: str) -> bool:
        """May a module load others that no import statement names?"""
        text = self._text(path)
        return text is None or any(word in text for word in LOADS_OTHERS)

    # Attributes

    def _check(
        self, path: str, uses: list[_Use], watched: dict[str, tuple[str, bool]], before: Place
    ) -> list[_Use]:
        """Evaluate the uses that stand before a place; gives those that are left."""
        if not watched:
            return uses
        left: list[_Use] = []
        for use in uses:
            if (use.line, use.column) >= before:
                left.append(use)
            elif use.parts[0] in watched:
                self.at[path] = (use.line, use.column)
                target, is_sure = watched[use.parts[0]]
                self._evaluate(path, use._replace(is_sure=use.is_sure and is_sure), target)
        return left

    def _evaluate(self, path: str, use: _Use, owner: str) -> None:
        for name in use.parts[1:]:
            module = self.modules.get(owner)
            if module is None:
                return
            submodule = self._submodule_of(owner, name)
            if submodule is not None and name not in module.bindings:
                # It is bound in its package when it has run.
                if self.state.get(submodule.path) == _RUNNING:
                    self._fail(path, owner, name, use, is_use=True)
                owner = submodule.path
                continue
            if not self._has(owner, name):
                self._fail(path, owner, name, use, is_use=True)
            if not self._surely_has(owner, name):
                raise _Failed
            return

    def _may_use(self, path: str, alias: str) -> bool:
        """May the module use an attribute of what it calls `alias` outside of its functions?

        Parsing it again takes as long as everything else here."""
        if path not in self._used_at:
            self._used_at[path] = self._text_at_import(path)
        dotted = f"{alias}."
        return any(dotted in line for line in self._used_at[path])

    def _text_at_import(self, path: str) -> tuple[str, ...]:
        """The lines of a module that aren't in the body of a function, as far as the index knows."""
        module = self.modules[path]
        text = self._text(path)
        lines = _LINE_END.split(text or "")
        functions = {b.line for b in module.facts.bindings if b.kind is BindingKind.FUNCTION}
        inside: set[int] = set()
        for first, last in module.facts.statements:
            if lines and first in functions:
                inside.update(range(first + 1, last + 1))
        for model in module.facts.classes:
            for method in model.methods:
                inside.update(range(method.line + 1, method.end_line + 1))
        return tuple(line for number, line in enumerate(lines, 1) if number not in inside)

    def _text(self, path: str) -> str | None:
        if path not in self._texts:
            self._texts[path] = self.project.text(self.modules[path])
        return self._texts[path]

    def _uses_in(self, path: str) -> tuple[_Use, ...]:
        if path not in self._uses:
            self._uses[path] = ()
            text = self._text(path)
            tree = parsed_or_none(text)
            if text is not None and tree is not None:
                lines = _LINE_END.split(text)
                uses = (_in_characters(use, lines) for use in _uses_at_import(tree.body))
                self._uses[path] = tuple(sorted(uses, key=lambda use: use[1:3]))
        return self._uses[path]


# What imports modules without an import statement, or puts others in their place.
LOADS_OTHERS = (
    "import_module",
    "__import__",
    "sys.modules",
    "lazy",
    "walk_packages",
    "iter_modules",
)


_LINE_END = re.compile(r"\r\n?|\n")


def _in_characters(use: _Use, lines: list[str]) -> _Use:
    """A use with columns in characters, from one with columns in bytes."""
    start, end = (
        len(lines[line - 1].encode("utf-8", "replace")[: column - 1].decode("utf-8", "replace")) + 1
        for line, column in ((use.line, use.column), (use.end_line, use.end_column))
    )
    return use._replace(column=start, end_column=end)


def _is_bound_at(binding: Binding, at: Place) -> bool:
    if binding.kind is BindingKind.ANNOTATION:
        return False
    return binding.kind is BindingKind.GLOBAL or (binding.line, binding.column) < at


def components(graph: dict[str, list[str]]) -> list[list[str]]:
    """The strongly connected components, those first that others lead to (Tarjan's algorithm,
    without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in number:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, others = work[-1]
            for other in others:
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    component: list[str] = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                        on_stack.discard(component[-1])
                    found.append(sorted(component))
    return found


def _uses_at_import(body: Iterable[ast.stmt], *, is_sure: bool = True) -> Iterator[_Use]:
    """The attribute references that run when the statements of a module do."""
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            defaults = (*statement.args.defaults, *filter(None, statement.args.kw_defaults))
            yield from _uses(*statement.decorator_list, *defaults, is_sure=is_sure)
        elif isinstance(statement, ast.ClassDef):
            header = (*statement.bases, *(keyword.value for keyword in statement.keywords))
            yield from _uses(*statement.decorator_list, *header, is_sure=is_sure)
            yield from _uses_at_import(statement.body, is_sure=is_sure)
        elif isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)):
            if statement.value is not None:
                yield from _uses(statement.value, is_sure=is_sure)
        else:
            # Of a compound statement, that its parts run is certain only of the first expression.
            for number, (_, value) in enumerate(ast.iter_fields(statement)):
                parts = value if isinstance(value, list) else [value]
                inner = [part for part in parts if isinstance(part, ast.stmt)]
                others = [part for part in parts if isinstance(part, ast.expr)]
                sure = is_sure and not number and isinstance(statement, ast.If)
                yield from _uses(*others, is_sure=sure)
                yield from _uses_at_import(inner, is_sure=False)
                for part in parts:
                    if isinstance(part, (ast.ExceptHandler, ast.match_case)):
                        yield from _uses_at_import(part.body, is_sure=False)


def _uses(*expressions: ast.expr, is_sure: bool) -> Iterator[_Use]:
    waiting: list[tuple[ast.AST, bool]] = [(expression, is_sure) for expression in expressions]
    while waiting:
        node, sure = waiting.pop()
        if isinstance(node, ast.Attribute):
            parts: list[str] = []
            inner: ast.expr = node
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name):
                yield _Use(
                    (inner.id, *reversed(parts)),
                    node.lineno,
                    node.col_offset + 1,
                    node.end_lineno or node.lineno,
                    (node.end_col_offset or 0) + 1,
                    sure,
                )
                continue
        if isinstance(node, (ast.BoolOp, ast.IfExp)):
            first = node.values[0] if isinstance(node, ast.BoolOp) else node.test
            waiting += ((part, sure and part is first) for part in ast.iter_child_nodes(node))
        elif not isinstance(node, ast.Lambda):
            is_later = isinstance(node, COMPREHENSIONS)
            waiting += ((part, sure and not is_later) for part in ast.iter_child_nodes(node))
