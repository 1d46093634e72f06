from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.related import bound_on_instance, method_statement
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import may_be_set_by_computed_name
from pyconcepts_lint.index.collect import dotted_name, mangled
from pyconcepts_lint.index.conditions import evaluate
from pyconcepts_lint.index.facts import Access, BindingKind, MethodKind, Receiver
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._functions import callee
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, child_nodes, first_line, walk
from pyconcepts_lint.source.python3 import parse_python3, parsed_or_none

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Pass, *_FUNCTIONS)
# By these an `__init__` may run another one, or give the instance any attribute.
_MAY_DO_ANYTHING = frozenset({"super", "setattr", "vars", "locals", "exec", "eval", "globals"})
_HOOKS = ("__getattribute__", "__new__", "__setstate__")


class BaseInitNotRun(Rule):
    """An `__init__` that doesn't run the base's leaves out the attributes that only that one makes.

    ## What it finds

    A class whose `__init__` runs no `__init__` of a base, where a method that the class has reads
    an attribute that only a base's `__init__` binds. The method comes to the place in each call of
    it, as far as its own tests and loops go. The base may be the standard library's; `Thread.start`
    without `Thread.__init__` raises RuntimeError.

    Silent where anything else in the project binds the attribute: a class body, another method, an
    assignment from outside; where the `__init__` passes the instance on, where a subclass has an
    `__init__` of its own, where a `__getattr__` may answer for the name or a `__new__` takes part, where a module that knows
    the class or a base calls `setattr` with a computed name, and where a base class isn't known.

    ## Why

    Making an instance calls one `__init__`: the first on the MRO. What the classes behind it do in
    theirs happens only where that one calls them. Their methods are inherited all the same, and
    don't find the attributes that they count on.

    ## Bad

    ```python
    class Account:
        def __init__(self):
            self.bookings = []

        def book(self, amount):
            self.bookings.append(amount)


    class Savings(Account):
        def __init__(self, rate):
            self.rate = rate


    Savings(2).book(100)
    ```

    ```output
    AttributeError: 'Savings' object has no attribute 'bookings'
    ```

    ## Good

    ```python
    class Account:
        def __init__(self):
            self.bookings = []

        def book(self, amount):
            self.bookings.append(amount)


    class Savings(Account):
        def __init__(self, rate):
            super().__init__()
            self.rate = rate


    savings = Savings(2)
    savings.book(100)
    print(savings.bookings)
    ```

    ```output
    [100]
    ```

    ## Fix

    Calls `super().__init__(…)` first, with parameters that have the names of the base's. It is
    unsafe, for the base's `__init__` may do more than to bind attributes. There is none where the
    base's takes what this one doesn't.

    ## When to ignore it

    Where the methods that need the attribute are never called on instances of this class.

    ## See also

    - [`object.__init__`](https://docs.python.org/3/reference/datamodel.html#object.__init__)
    - [`super`](https://docs.python.org/3/library/functions.html#super)
    - [Inheritance](https://docs.python.org/3/tutorial/classes.html#inheritance)
    """

    code = "PCL411"
    name = "base-init-not-run"
    severity = "error"
    reads_stubs = False
    words = ("__init__",)
    facts = ("derived_classes",)
    silences = {
        "`__init__` runs the base's": "runs-base",
        "the class binds the attribute itself": "bound-itself",
        "a class has an attribute of that name": "class-attribute",
        "nothing reads the attribute": "never-read",
        "a `__getattr__` may answer for the name": "own-getattr",
        "the `__init__` passes the instance on": "passes-on",
        "a subclass has an `__init__` of its own": "subclass-init",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            thread = _thread(model)
            if thread is not None:
                yield from self._of_thread(file, model, thread)
                continue
            missing = _missing(model)
            init = _own_init(file, model) if missing else None
            if init is None or not missing or _may_run_more(init, model):
                continue
            read = _first_read(file, model, missing)
            if read is not None and not may_be_set_by_computed_name(model):
                base = missing[read.attribute]
                message = (
                    f"`{model.name}.__init__` doesn't run `{base.name}.__init__`, which alone "
                    f"binds `{read.attribute}`; `{read.owner.name}.{read.method}` reads it: "
                    "AttributeError there"
                )
                line, column = file.ast_place(init.lineno, init.col_offset)
                where = file.definition_range(line, column)
                related = (
                    *bound_on_instance(base, read.attribute, "__init__"),
                    *method_statement(read.owner, read.method, f"`{read.method}` reads it"),
                )
                yield Claim(where, message, self._fix(model, base, init), related=related)

    def _of_thread(
        self, file: FileContext, model: SourceClass, thread: SourceClass
    ) -> Iterator[Claim]:
        init = _own_init(file, model) if _is_known(model) else None
        if init is None or _may_run_more(init, model):
            return
        message = (
            f"`{model.name}.__init__` doesn't run `Thread.__init__`, without which `start` raises "
            "RuntimeError"
        )
        line, column = file.ast_place(init.lineno, init.col_offset)
        where = file.definition_range(line, column)
        yield Claim(where, message, self._fix(model, thread, init))

    def _fix(self, model: SourceClass, base: SourceClass, init: ast.FunctionDef) -> Fix | None:
        called = callee(model, "__init__", through_class=False, behind=model)
        if called is None or called.owner is not base:
            return None
        parameters = called.parameters
        own = [arg.arg for arg in (*init.args.posonlyargs, *init.args.args, *init.args.kwonlyargs)][
            1:
        ]
        required = parameters.positional[1 : parameters.required]
        if any(name not in own for name in (*required, *parameters.required_keywords)):
            return None
        optional = [*parameters.positional[parameters.required :], *parameters.keyword_only]
        passed = [*required, *(f"{name}={name}" for name in optional if name in own)]
        place = _start_of_body(self.file, init)
        if place is None:
            return None
        line, indent = place
        text = f"super().__init__({', '.join(passed)})"
        edit = self.file.insert(line, 1, f"{indent}{text}{self.file.code.newline}")
        return self.fix("unsafe", f"Call `{text}`", [edit], python3=True)


def _start_of_body(file: FileContext, init: ast.FunctionDef) -> tuple[int, str] | None:
    """The line before which a first statement can stand, and its indentation."""
    has_docstring = ast.get_docstring(init, clean=False) is not None
    first = init.body[1] if has_docstring and len(init.body) > 1 else init.body[0]
    line = first_line(first)
    before = file.code.line(line)[: file.ast_place(first.lineno, first.col_offset)[1] - 1]
    if line != first.lineno or before.strip(" \t\f") or file.code.line(line - 1).endswith("\\"):
        return None
    while file.code.line(line - 1).startswith(f"{before}#"):
        line -= 1
    return line, before


# What is missing


def _thread(model: SourceClass) -> SourceClass | None:
    """The standard library's `Thread`, where the class surely has its `start`.

    `Thread.start` asks itself for what the class has, and the `__init__` sets to True: see
    https://docs.python.org/3/library/threading.html#threading.Thread.
    """
    if "__init__" not in model.bound_names:
        return None
    found = next((base for base in model.mro or () if base.full_name == "threading.Thread"), None)
    started = None if found is None else model.lookup("start")
    is_its_own = started is not None and started.owner is found
    return found if is_its_own and isinstance(found, SourceClass) else None


def _missing(model: SourceClass) -> dict[str, SourceClass]:
    """The attributes that only an `__init__` of a base binds which instances of the class don't
    run, by the name; with that base."""
    if "__init__" not in model.bound_names or model.mro is None or not model.facts.bases:
        return {}
    found: dict[str, SourceClass] = {}
    for base in model.mro[1:]:
        if isinstance(base, SourceClass) and (base.is_project_class or base.is_standard):
            for access in base.facts.accesses:
                if access.method == "__init__" and access.kind is Access.SET:
                    found.setdefault(access.attribute, base)
    if not found or not _is_known(model):
        return {}
    return {
        name: base
        for name, base in found.items()
        if not _may_be_bound(model, name) and not _may_be_given(model, name)
    }


def _is_known(model: SourceClass) -> bool:
    """Is an instance of the class surely made by its `__init__` alone, and has it no attributes
    but those that are written down?"""
    project = model.project
    below = project.subclasses(model)
    if tables.may_be_made_from(model) or any("__init__" in b.bound_names for b in below):
        return False
    if any(
        base.has_source and name in base.bound_names for base in model.mro or () for name in _HOOKS
    ):
        return False
    if any(
        project.resolve(module, receiver) in (*(model.mro or ()), *below)
        for module, receiver, context in project.row(tables.uses, "")
        if receiver and context is not Access.READ
    ):
        return False
    return all(
        base.plain_metaclass and base.is_as_written and not base.facts.dynamic_instances
        for base in (*(model.mro or ()), *below)
        if isinstance(base, SourceClass)
    )


def _may_be_given(model: SourceClass, name: str) -> bool:
    """May a `__getattr__` answer for the attribute? It doesn't where it surely raises
    AttributeError for that name."""
    hooks = [base for base in model.mro or () if "__getattr__" in base.bound_names]
    if not hooks:
        return False
    owner = hooks[0]
    if (
        not isinstance(owner, SourceClass)
        or owner.attributes["__getattr__"].kind is not AttributeKind.FUNCTION
    ):
        return True
    text = owner.project.text(owner.module)
    tree = None if text is None else parsed_or_none(text)
    line = owner.attributes["__getattr__"].line
    function = next(
        (
            node
            for node in ([] if tree is None else walk(tree))
            if isinstance(node, ast.FunctionDef) and node.lineno == line
        ),
        None,
    )
    if function is None or len(function.args.args) != 2:
        return True
    return not _refuses(function.body, {function.args.args[1].arg: name})


def _refuses(body: list[ast.stmt], names: dict[str, str]) -> bool:
    """Does a function surely raise AttributeError, given the values of its variables? Only tests of
    these are followed."""
    for statement in body:
        if isinstance(statement, ast.Raise):
            return "AttributeError" in ast.unparse(statement)
        if isinstance(statement, ast.If):
            try:
                chosen = statement.body if evaluate(statement.test, names) else statement.orelse
            except (LookupError, TypeError, ValueError):
                return False
            if chosen and isinstance(chosen[-1], (ast.Raise, ast.Return)):
                return _refuses(chosen, names)
            if chosen:
                return False
        elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            return False
    return False


def _may_be_bound(model: SourceClass, name: str) -> bool:
    """May something else than the `__init__`s of bases bind the attribute?"""
    attribute = model.lookup(name)
    if attribute is not None and attribute.kind is not AttributeKind.SLOT:
        return True
    project = model.project
    if project.has(tables.external_attribute_writes, name):
        return True
    if any(context is not Access.READ for _, _, context in project.row(tables.uses, name)):
        return True
    behind = (model.mro or ())[1:]
    return any(
        access.attribute == name
        and access.kind is Access.SET
        and not (
            access.method == "__init__" and access.receiver is Receiver.INSTANCE and each in behind
        )
        for each in (*(model.mro or ()), *project.subclasses(model))
        if isinstance(each, SourceClass)
        for access in each.facts.accesses
    ) or any(name in below.bound_names for below in project.subclasses(model))


def _own_init(file: FileContext, model: SourceClass) -> ast.FunctionDef | None:
    """The one plain `__init__` in the class's body."""
    bindings = [binding for binding in model.facts.body if binding.name == "__init__"]
    if len(bindings) != 1 or bindings[0].kind is not BindingKind.FUNCTION or bindings[0].decorators:
        return None
    if bindings[0].flags:
        return None
    return file.ast_at(bindings[0].line, bindings[0].column, ast.FunctionDef)


def _may_run_more(init: ast.FunctionDef, model: SourceClass) -> bool:
    """May the `__init__` run another, or show the instance to other code that binds attributes?"""
    parameters = [*init.args.posonlyargs, *init.args.args]
    if not parameters or any(isinstance(statement, ast.Raise) for statement in init.body):
        return True
    first = parameters[0].arg
    names = attributes = 0
    for node in walk(*init.body):
        if isinstance(node, ast.Name):
            names += node.id == first
            if node.id in _MAY_DO_ANYTHING or (
                node.id == first and not isinstance(node.ctx, ast.Load)
            ):
                return True
        elif isinstance(node, ast.Attribute):
            attributes += isinstance(node.value, ast.Name) and node.value.id == first
            if node.attr in ("__init__", "__dict__", "__class__", "__setattr__"):
                return True
    if names > attributes:
        return True
    project = model.project
    if any(
        project.resolve(module, receiver) in (model.mro or ())
        for module, receiver, _ in project.row(tables.uses, "__init__")
        if receiver
    ):
        return True
    return any(map(_calls_init_elsewhere, filter(_has_source, model.mro or ())))


def _has_source(model: ClassModel) -> bool:
    return isinstance(model, SourceClass)


def _calls_init_elsewhere(model: ClassModel) -> bool:
    """Does a method of a class, but for `__init__`, name an `__init__`?"""
    assert isinstance(model, SourceClass)
    text = model.project.text(model.module)
    if text is None:
        return True
    lines = text.splitlines()
    inits = [method for method in model.facts.methods if method.name == "__init__"]
    named = "__init__" if model.is_project_class else "__init__(self"  # no word of an error
    return any(
        named in lines[number - 1] or "self.__init__(" in lines[number - 1]
        for number in range(model.facts.line, min(model.facts.end_line, len(lines)) + 1)
        if not any(init.line <= number <= init.end_line for init in inits)
    )


# Where it is read


_SUPER = "super"


class _Read(NamedTuple):
    owner: SourceClass
    method: str
    attribute: str


def _first_read(
    file: FileContext, model: SourceClass, missing: dict[str, SourceClass]
) -> _Read | None:
    """A method of the class that surely reads one of the attributes."""
    for owner in model.mro or ():
        if not isinstance(owner, SourceClass) or not (owner.is_project_class or owner.is_standard):
            continue
        for method in owner.facts.methods:
            if method.name.startswith("_") and not owner.is_project_class:
                continue
            attribute = model.lookup(method.name)
            if attribute is not None and attribute.owner is owner:
                for read in _reads(file, model, owner, method.name):
                    if read.attribute in missing:
                        return read
    return None


def _reads(file: FileContext, model: SourceClass, owner: SourceClass, name: str) -> Iterator[_Read]:
    """What a call of a method that a class has from `owner` surely reads, there or in the next one
    of its name that it calls by `super()`."""
    methods = [method for method in owner.facts.methods if method.name == name]
    attribute = owner.attributes.get(name)
    if len(methods) != 1 or methods[0].kind is not MethodKind.INSTANCE or attribute is None:
        return
    function = file.cached(_Functions).of(owner.module).get((methods[0].line, name))
    if function is None or attribute.kind not in (AttributeKind.FUNCTION, AttributeKind.PROPERTY):
        return
    mro = model.mro or ()
    for read in _surely_read(function, owner.name):
        if read != _SUPER:
            yield _Read(owner, name, read)
            continue
        behind = mro[mro.index(owner) + 1 :]
        following = next((each for each in behind if name in each.bound_names), None)
        if not isinstance(following, SourceClass) or not following.is_project_class:
            return
        yield from _reads(file, model, following, name)


class _Functions:
    """The function statements of modules, by line and name, looked for once in each."""

    def __init__(self, file: FileContext) -> None:
        self._file = file
        self._known: dict[
            Module, dict[tuple[int, str], ast.FunctionDef | ast.AsyncFunctionDef]
        ] = {}

    def of(self, module: Module) -> dict[tuple[int, str], ast.FunctionDef | ast.AsyncFunctionDef]:
        if module not in self._known:
            text = self._file.project.text(module)
            tree = self._file.tree if module is self._file.module else None
            if tree is None and text is not None:
                tree = parse_python3(text)
            nodes = [] if tree is None else walk(tree)
            self._known[module] = {
                (node.lineno, node.name): node for node in nodes if isinstance(node, _FUNCTIONS)
            }
        return self._known[module]


def _surely_read(function: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Iterator[str]:
    """The attributes of its instance that each call of a method reads before anything else may
    have kept it from it, in order; `super` where it calls the next method of its name."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    if not parameters:
        return
    first = parameters[0].arg
    for statement in function.body:
        for node in _evaluated(statement):
            if (
                isinstance(node, ast.Name)
                and node.id == first
                and not isinstance(node.ctx, ast.Load)
            ):
                return
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == first
                and not isinstance(node.ctx, ast.Store)
            ):
                yield mangled(node.attr, owner)
            elif isinstance(node, ast.AugAssign):
                target = node.target
                if isinstance(target, ast.Attribute) and dotted_name(target.value) == first:
                    yield mangled(target.attr, owner)
            elif _calls_next(node, function.name):
                yield _SUPER
            elif isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
                return
        if not isinstance(statement, _SIMPLE):
            return


def _calls_next(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Name("super"), args=[], keywords=[]), attr=attribute
            )
        ):
            return attribute == name
    return False


def _evaluated(statement: ast.stmt) -> Iterator[ast.AST]:
    """What is surely evaluated where a statement is: of a compound one its header."""
    parts: Sequence[ast.AST]
    if isinstance(statement, (ast.If, ast.While, ast.Assert)):
        parts = [statement.test]
    elif isinstance(statement, (ast.For, ast.AsyncFor)):
        parts = [statement.iter]
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        parts = [statement.items[0].context_expr]
    elif isinstance(statement, ast.Match):
        parts = [statement.subject]
    elif isinstance(statement, (*_SCOPES, ast.Try, ast.TryStar)):
        parts = []
    else:
        parts = [statement]
    waiting = list(parts)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _surely_below(node)[::-1]


def _surely_below(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, _SCOPES):
        return []
    if isinstance(node, COMPREHENSIONS):
        return [node.generators[0].iter]
    if isinstance(node, ast.IfExp):
        return [node.test]
    if isinstance(node, ast.BoolOp):
        return node.values[:1]  # type: ignore[return-value]
    if isinstance(node, ast.Compare):
        return [node.left, node.comparators[0]]
    return child_nodes(node)
