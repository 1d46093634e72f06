from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.analysis.values import Function, Instance, PossibleValues, origins
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.facts import BindingKind, Receiver
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, SourceClass, Value
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import line_for_imports
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._calls import Use, uses_around
from pyconcepts_lint.rules.methods._facts import stored_functions
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.signatures import Parameters, parameters_of, read_parameters


class FunctionOnInstance(Rule):
    """A function stored on an instance is not bound: nothing passes the instance to it.

    ## What it finds

    A function whose first parameter is `self` put into an attribute of an instance:
    `obj.run = run`, `self.run = lambda self: …`, `setattr(obj, "run", run)`. Not where the
    attribute is called with an argument for `self`, or passed on uncalled, in this module or in
    one that holds a base or a subclass of the object's class; and not where that class may do
    something else on assignment. Names that start with two underscores are left alone.

    ## Why

    Functions bind when they are found in the *class* of an object. One that is found in the
    object's own dictionary is handed out as it is, like any other value: `obj.run()` calls
    `run()`, and `self` is missing. `types.MethodType(run, obj)` is the bound method that can be
    stored there.

    ## Bad

    ```python
    class Customer:
        name = "Ada"


    def polite(self):
        return "Dear Ms " + self.name


    ada = Customer()
    ada.salutation = polite
    print(ada.salutation())
    ```

    ```output
    TypeError: polite() missing 1 required positional argument: 'self'
    ```

    ## Good

    ```python
    import types


    class Customer:
        name = "Ada"


    def polite(self):
        return "Dear Ms " + self.name


    ada = Customer()
    ada.salutation = types.MethodType(polite, ada)
    print(ada.salutation())
    ```

    ```output
    Dear Ms Ada
    ```

    ## Fix

    Binds the function to the object, `types.MethodType(run, obj)`, and imports `types` where the
    module doesn't. It is unsafe: other code may pass the object by itself. There is none where
    the name `types` is taken.

    ## When to ignore it

    Where other modules call the attribute with the object as an argument.

    ## See also

    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [Functions and methods](https://docs.python.org/3/howto/descriptor.html#functions-and-methods)
    - [types.MethodType](https://docs.python.org/3/library/types.html#types.MethodType)
    """

    code = "PCL407"
    name = "function-on-instance"
    reads_stubs = False
    facts = ("stored_functions",)
    silences = {
        "the first parameter isn't called `self`": "no-self",
        "it is bound before it is stored": "bound",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for store, seen in _unbound(file):
            receiver = file.ast_quote(store.receiver)
            is_named = isinstance(store.value, ast.Name)
            function = f"`{file.ast_text(store.value)}`" if is_named else "the lambda"
            yield Claim(
                file.ast_range(store.place),
                f"{function} is stored on the instance, where functions are not bound: "
                f"`{receiver}.{store.attribute}(…)` doesn't pass `{receiver}` for `self`{seen}",
                self._fix(file, store),
            )

    def _fix(self, file: FileContext, store: _Store) -> Fix | None:
        imported = _import_types(file, store)
        if imported is None:
            return None
        start, end = file.ast_span(store.value)
        receiver = file.ast_text(store.receiver)
        edits = [
            *imported,
            file.edit(start, start, "types.MethodType("),
            file.edit(end, end, f", {receiver})"),
        ]
        return self.fix("unsafe", f"Bind the function to `{receiver}`", edits)


def _import_types(file: FileContext, store: _Store) -> list[Edit] | None:
    """What makes `types` the module of that name; None where it means something else."""
    module = file.module
    if module is None or is_local(file, "types", path_in(file, file.ast_range(store.place))):
        return None
    bindings = module.bindings.get("types", ())
    if bindings:
        is_module = all(b.kind is BindingKind.IMPORT and b.target == "types" for b in bindings)
        return [] if is_module and not bindings[0].flags else None
    if file.project.has_unknown_star(module):
        return None
    line = line_for_imports(file)
    if line is None:
        return None
    return [file.insert(line, 1, f"import types{file.code.newline}", shared=True)]


class _Store(NamedTuple):
    """That `value` is put into `attribute` of `receiver`; `place` is the target, or the call."""

    place: ast.Attribute | ast.Call
    receiver: ast.expr
    attribute: str
    value: ast.expr


def _unbound(file: FileContext) -> Iterator[tuple[_Store, str]]:
    """What a file puts where it will not be bound, and what a call of it comes to."""
    lines = set(_lines_to_look_at(file))
    if not lines or file.tree is None:
        return
    stores = {store.place: store for store in _stores(file.tree) if store.value.lineno in lines}
    values = {store.value: store for store in stores.values()}

    def ask(node: ast.expr) -> ast.expr | None:
        if node in values:
            return node
        store = stores.get(node)  # type: ignore[call-overload]
        return None if store is None else store.receiver

    known = dict(origins(file, ask))
    found: list[tuple[_Store, Parameters, PossibleValues]] = []
    for store in stores.values():
        parameters = _parameters(store.value, known)
        receiver = known.get(store.place)
        if parameters is None or parameters.first != "self" or receiver is None:
            continue
        if _is_plain_instance(file, store, receiver):
            found.append((store, parameters, receiver))
    if not found:
        return
    uses = uses_around(
        file,
        [model for store, _, receiver in found for model in _models(file, store, receiver)],
        {store.attribute for store, _, _ in found},
    )
    for store, parameters, receiver in found:
        seen = _seen(file, store, parameters, receiver, uses)
        if seen is not None:
            yield store, seen


def _lines_to_look_at(file: FileContext) -> Iterator[int]:
    """Where a function with a `self` may be put into an attribute."""
    module = file.module
    for name, line in stored_functions.of(module.facts) if module is not None else ():
        if module is not None and any(
            b.kind is BindingKind.FROM for b in module.bindings.get(name, ())
        ):
            function = file.project.resolve(module, name)
            if not isinstance(function, Value) or function.binding.target[:4] != "self":
                continue
        yield line


def _stores(tree: ast.Module) -> Iterator[_Store]:
    """What is put into attributes."""
    for node in walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _pairs(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _pairs(node.target, node.value)
        elif isinstance(node, ast.Call) and _is_setattr(node):
            receiver, name, value = node.args
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield _Store(node, receiver, name.value, value)


def _is_setattr(node: ast.Call) -> bool:
    is_named = isinstance(node.func, ast.Name) and node.func.id == "setattr"
    return is_named and len(node.args) == 3 and not node.keywords


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[_Store]:
    if isinstance(target, ast.Attribute):
        yield _Store(target, target.value, target.attr, value)
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        parts = (*target.elts, *value.elts)
        if len(target.elts) == len(value.elts) and not any(
            isinstance(part, ast.Starred) for part in parts
        ):
            for one, other in zip(target.elts, value.elts, strict=True):
                yield from _pairs(one, other)


def _parameters(value: ast.expr, known: dict[ast.expr, PossibleValues]) -> Parameters | None:
    """What the function takes that is stored; None where it isn't surely a plain one."""
    if isinstance(value, ast.Lambda):
        return parameters_of(value)
    origin = known.get(value)
    if origin is None or origin.is_open or origin.is_unresolved or len(origin.objects) != 1:
        return None
    (function,) = origin.objects
    if isinstance(function, Function):
        return None if function.node.decorator_list else parameters_of(function.node)
    if isinstance(function, Value) and function.binding.kind is BindingKind.FUNCTION:
        return None if function.binding.decorators else read_parameters(function.binding.target)
    return None


def _is_plain_instance(file: FileContext, store: _Store, receiver: PossibleValues) -> bool:
    """Does the assignment surely put the function where it is not bound?"""
    models = _models(file, store, receiver)
    below = [sub for model in models for sub in file.project.subclasses(model)]
    return bool(models) and all(leaves_alone(model, store.attribute) for model in (*models, *below))


def _models(file: FileContext, store: _Store, receiver: PossibleValues) -> list[ClassModel]:
    """The classes that the object is surely an instance of one of; none where it may be
    something else."""
    if receiver.is_open or receiver.is_unresolved:
        own = _class_of_self(file, store)
        return [] if own is None else [own]
    models = [item.model for item in receiver.objects if isinstance(item, Instance)]
    return models if len(models) == len(receiver.objects) else []


def _class_of_self(file: FileContext, store: _Store) -> SourceClass | None:
    """The class in whose method the assignment is made on the method's own instance."""
    place = file.ast_place(store.place.lineno, store.place.col_offset)
    for model in file.module.classes if file.module is not None else ():
        for access in model.facts.accesses:
            if (access.line, access.column) == place and access.receiver is Receiver.INSTANCE:
                return model
    return None


def leaves_alone(model: ClassModel, name: str) -> bool:
    """Is assigning the attribute left to the instance itself?"""
    if not isinstance(model, SourceClass) or not model.plain:
        return False
    attribute = model.lookup(name)
    return attribute is None or attribute.kind in (
        AttributeKind.FUNCTION,
        AttributeKind.STATIC,
        AttributeKind.VALUE,
        AttributeKind.CLASS,
    )


def _seen(
    file: FileContext,
    store: _Store,
    parameters: Parameters,
    receiver: PossibleValues,
    uses: Iterable[Use],
) -> str | None:
    """What the file's calls of the attribute come to; None where it may be used rightly."""
    failing: list[tuple[str, int, str]] = []
    for use in uses:
        if use.node.attr != store.attribute or not _may_be_same(use.receiver, receiver):
            continue
        if use.called_with is None:
            return None
        refusal = parameters.refusal(use.called_with)
        if not refusal:
            return None
        is_same = _are_same(use.receiver, _models(file, store, receiver))
        if is_same and parameters.refusal(use.called_with.after_instance) == "":
            elsewhere = "" if use.module is file.module else use.module.file_name
            failing.append((elsewhere, use.node.lineno, refusal))
    if not failing:
        return ""
    elsewhere, line, refusal = min(failing)
    of_module = f" of {elsewhere}" if elsewhere else ""
    return f"; line {line}{of_module}: TypeError: {refusal}"


def _may_be_same(one: PossibleValues, other: PossibleValues) -> bool:
    """May two expressions be the same object?"""
    if one.is_open or one.is_unresolved or other.is_open or other.is_unresolved:
        return True
    return any(
        isinstance(first, Instance)
        and isinstance(second, Instance)
        and (first.model.is_subclass_of(second.model) or second.model.is_subclass_of(first.model))
        for first in one.objects
        for second in other.objects
    )


def _are_same(one: PossibleValues, models: Iterable[ClassModel]) -> bool:
    """Is an expression an instance of one of the classes, of one below it, or the `self` of a
    class above it?"""
    kinds = [item.model for item in one.objects if isinstance(item, Instance)]
    return (
        len(kinds) == len(one.objects) > 0
        and not one.is_unknown
        and not one.is_unresolved
        and all(
            any(kind.is_subclass_of(model) or model.is_subclass_of(kind) for model in models)
            for kind in kinds
        )
    )
