from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter

from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import instances_bind, rebinds
from pyconcepts_lint.index.collect import dotted_name, mangled
from pyconcepts_lint.index.facts import IN_FUNCTION, BindingKind, Method, MethodKind, ValueKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import (
    Attribute,
    ClassModel,
    LiveClass,
    Module,
    SourceClass,
    Symbol,
)
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._facts import CallShape, call_shapes
from pyconcepts_lint.rules.methods._functions import (
    Callee,
    callee,
    finds_class_attributes,
    is_as_written,
    is_standard,
    makes_special_methods,
    may_be_patched,
)
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.signatures import (
    Arguments,
    Parameters,
    arguments_of,
    read_parameters,
)

# What follows values is imported where it is needed: most files have calls that could be refused
# by what they look like, and none of something that would.
if TYPE_CHECKING:
    from pyconcepts_lint.analysis.super_calls import Context, Place
    from pyconcepts_lint.analysis.values import Asked, PossibleValues
    from pyconcepts_lint.index.model import Index

_SUPER_ATTRIBUTE = lazy_pattern(r"super\s*\([^()]*\)\s*\.")
# Their `__new__` takes whatever it is given; so do those of exceptions, but for some.
_LENIENT = (object, dict, list, set)
_CHOOSY_EXCEPTIONS = (OSError, MemoryError, BaseExceptionGroup)
_OBJECTS_OWN = {
    "__init__": "object.__init__() takes exactly one argument (the instance to initialize)",
    "__new__": "object.__new__() takes exactly one argument (the type to instantiate)",
}


class ArgumentsRefused(Rule):
    """A method or class of the project is called with arguments that it can't take.

    ## What it finds

    Calls with too many, too few, unknown or repeated arguments:

    - of a class of the project, where its `__init__` (or its `__new__`) is known;
    - of a method, static method or class method through the class, through what surely is an
      instance of it, or through `super()`;
    - of `object.__new__` in a `__new__` that hands on its `*args`, where the `__init__` needs an
      argument: `object.__new__` takes none but the class, once a class has a `__new__` of its own;
    - of a method through `self` and `cls`, where none of the subclasses in the project has one that
      takes them.

    A function without its instance, called through the class, is the matter of
    [PCL402](call-without-instance.md); an instance that `super()` passes a second time that of
    [PCL409](super-misused.md); a method without a parameter that of
    [PCL401](method-without-self.md), one that is assigned in the class body that of
    [PCL405](function-becomes-method.md). Silent where the call has `*args` or `**kwargs`, where a decorator,
    a metaclass or an assignment may have put something else in the method's place, where the method
    is abstract, and where a base class isn't known. Classes made by `@dataclass`, `NamedTuple` and
    their like are not looked at.

    ## Why

    A call binds its arguments to the parameters before the function runs; what doesn't fit raises
    TypeError. A method that is looked up on an instance, and a class method, gets one argument
    more than the call shows: the instance, or the class.

    ## Bad

    ```python
    class Basket:
        def __init__(self):
            self.items = []

        def add(item):
            self.items.append(item)


    Basket().add("apple")
    ```

    ```output
    TypeError: Basket.add() takes 1 positional argument but 2 were given
    ```

    ## Good

    ```python
    class Basket:
        def __init__(self):
            self.items = []

        def add(self, item):
            self.items.append(item)


    basket = Basket()
    basket.add("apple")
    print(basket.items)
    ```

    ```output
    ['apple']
    ```

    ## Fix

    `object.__new__` is passed the class only; unsafe, for a subclass outside the project may have
    another base whose `__new__` takes the rest. Of other calls there is none: whether the call is
    wrong or the definition can't be seen.

    ## When to ignore it

    Where a subclass outside the project takes the arguments, and only its instances come there.

    ## See also

    - [Calls](https://docs.python.org/3/reference/expressions.html#calls)
    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [`object.__init__`](https://docs.python.org/3/reference/datamodel.html#object.__init__)
    """

    code = "PCL410"
    name = "arguments-refused"
    severity = "error"
    reads_stubs = False
    facts = ("call_shapes",)
    raises = ("TypeError",)
    silences = {
        "what is called takes any arguments": "takes-any",
        "the call hands on arguments that aren't written down": "star-arguments",
        "something assigns another one to the class": "rebound",
        "a base isn't known: it may have a `__new__`, or a metaclass that takes the call": "unknown-base",
        "a decorator may have made something else of it": "decorated",
        "the module runs text in its own namespace, which may bind another class or method": "exec",
        "it can take the arguments": "fits",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None:
            return
        yield from _handed_to_object(file)
        signatures = _Signatures(file.project, file.module)
        shapes = call_shapes.of(file.module.facts)
        if any(map(signatures.may_be_refused_by_super, shapes)):
            yield from _through_super(file)
        refused_shapes = list(filter(signatures.may_refuse, shapes))
        if not refused_shapes or file.tree is None:  # in this order: few files are parsed for it
            return
        calls = _Calls(file.module, file.tree, signatures, refused_shapes)
        for own in calls.own:
            refused = _through_first_parameter(file, own)
            if refused.text:
                yield _claim(file, own.call, refused)
        for asked in _origins(file, calls.others):
            call = calls.others[asked.node]
            found = _through_origin(file, call, asked.origin)
            if found is not None:
                yield _claim(file, call, found)


def _has_refusing(
    model: SourceClass, written: str, arguments: Arguments, ways: Collection[bool]
) -> bool:
    """Has a class a function that can't take some arguments? For `ways` see `_refuses`."""
    name = mangled(written, model.name)
    attribute = model.lookup(name)
    if attribute is None or not isinstance(attribute.owner, SourceClass):
        return False
    functions = (
        (read_parameters(binding.target), _kind_of(name, binding.decorators))
        for binding in attribute.owner.facts.body
        if binding.name == name and binding.kind is BindingKind.FUNCTION
    )
    return _refuses(functions, arguments, ways)


def _refuses(
    functions: Iterable[tuple[Parameters, AttributeKind]],
    arguments: Arguments,
    ways: Collection[bool],
) -> bool:
    """Can't some of the functions, by what they are in their class, take the arguments?

    Args:
        functions: what each takes, and what it is in its class.
        arguments: what is passed.
        ways: whether they are called through the class, or an instance, or may be either.
    """
    after_instance = arguments.after_instance
    return any(
        parameters.refusal(
            arguments
            if kind is AttributeKind.STATIC or (kind is AttributeKind.FUNCTION and through_class)
            else after_instance
        )
        for parameters, kind in functions
        for through_class in ways
    )


class _Refused(NamedTuple):
    """What a TypeError says that a call raises, and of which function; "" for none."""

    text: str
    called: str = ""
    parameters: Parameters | None = None
    attribute: Attribute | None = None


_ACCEPTED = _Refused("")


def _claim(file: FileContext, call: ast.Call, refused: _Refused) -> Claim:
    call_text = f"{file.ast_quote(call.func)}(…)"
    taken = ""
    if refused.parameters is not None:
        taken = f" calls `{refused.called}({refused.parameters.shown})`"
    related = () if refused.attribute is None else definition(refused.attribute, "it is called")
    message = f"`{call_text}`{taken}; TypeError: {refused.text}"
    return Claim(file.ast_range(call), message, related=related)


def _refused(found: Callee, arguments: Arguments) -> _Refused:
    attribute = found.attribute
    if attribute.is_abstract or any(map(_wraps, attribute.decorators)) or not _is_definition(found):
        return _ACCEPTED
    refusal = found.refusal(arguments)
    if not refusal:
        return _ACCEPTED
    return _Refused(f"{found.name}() {refusal}", found.name, found.parameters, attribute)


def _wraps(decorator: str) -> bool:
    return "wraps" in decorator


def _is_definition(found: Callee) -> bool:
    """Is it a `def` in the class body that has a place for its instance? What is assigned there is
    the matter of PCL405, a method without a parameter that of PCL401."""
    attribute, parameters = found.attribute, found.parameters
    is_assigned = attribute.value in (ValueKind.LAMBDA, ValueKind.NAME)
    return not is_assigned and (
        attribute.kind is AttributeKind.STATIC or parameters.takes_positional
    )


# Which calls may be meant


class _Own(NamedTuple):
    """A call of an attribute of the first parameter of a method."""

    call: ast.Call
    model: SourceClass
    method: Method
    function: ast.FunctionDef | ast.AsyncFunctionDef


class _Calls:
    """The calls of a file that have to be looked at closely: those of some shapes, where something
    in the project has the name that is called, and can't take the arguments.

    `others` are by what is called.
    """

    def __init__(
        self,
        module: Module,
        tree: ast.Module,
        signatures: _Signatures,
        shapes: Collection[CallShape],
    ) -> None:
        self.own: list[_Own] = []
        self.others: dict[ast.expr, ast.Call] = {}
        self._module = module
        self._signatures = signatures
        nodes = walk(tree)
        names = {shape.name for shape in shapes}
        wanted = {(shape.name, shape.positional, shape.keywords) for shape in shapes}
        calls = [
            node
            for node in nodes
            if node.__class__ is ast.Call
            and (name := _last_name(node.func)) in names
            and (name, *arguments_of(node)[:2]) in wanted
        ]
        self._nodes = nodes
        self._methods = sorted(
            (
                (method.line, method.end_line, number, method)
                for number, model in enumerate(module.classes)
                for method in model.facts.methods
            ),
            key=itemgetter(0, 1, 2),
        )
        self._lines = [line for line, *_ in self._methods]
        self._firsts = {method.first_parameter for *_, method in self._methods}
        for call in calls:
            self._look_at(call)

    @cached_property
    def _functions(self) -> dict[int, ast.FunctionDef | ast.AsyncFunctionDef]:
        return {
            node.lineno: node
            for node in self._nodes
            if node.__class__ is ast.FunctionDef or node.__class__ is ast.AsyncFunctionDef
        }

    @cached_property
    def _made(self) -> set[str]:
        """The names that are assigned a class, or what a call of one may make."""
        return {
            target.id
            for node in self._nodes
            if node.__class__ is ast.Assign and self._may_be_made(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def _may_be_made(self, value: ast.expr) -> bool:
        if isinstance(value, ast.Name):
            return self._signatures.is_class(value.id)
        return isinstance(value, ast.Call) and self._signatures.may_make(dotted_name(value.func))

    def _look_at(self, call: ast.Call) -> None:
        func = call.func
        if isinstance(func, ast.Name):
            if self._signatures.may_class_refuse(func.id, arguments_of(call)):
                self.others[func] = call
        elif isinstance(func, ast.Attribute):
            receiver = func.value
            if isinstance(receiver, ast.Name) and receiver.id in self._firsts:
                own = self._method_around(call, receiver.id)
                if own is not None:
                    name = mangled(func.attr, own.model.name)
                    if self._is_refused(
                        call, name, through_class=own.method.kind is MethodKind.CLASS
                    ):
                        self.own.append(own)
                    return
            if (
                func.attr[:1].isupper() or self._may_refuse(call, receiver, func.attr)
            ) and self._may_be_known(receiver, func.attr):
                self.others[func] = call

    def _may_be_known(self, receiver: ast.expr, attribute: str) -> bool:
        if isinstance(receiver, ast.Name) and receiver.id in self._made:
            return True
        is_call = isinstance(receiver, ast.Call)
        name = dotted_name(receiver.func if isinstance(receiver, ast.Call) else receiver)
        return self._signatures.may_be_known(f"{name}()" if is_call else name, attribute)

    def _may_refuse(self, call: ast.Call, receiver: ast.expr, name: str) -> bool:
        is_local = isinstance(receiver, ast.Name) and receiver.id not in self._module.bindings
        if isinstance(receiver, ast.Call):
            ways = [False]
        elif is_local:
            ways = [False, True]
        else:
            is_class = dotted_name(receiver).rpartition(".")[2][:1].isupper()
            ways = [True] if is_class else [False, True]
        return any(self._is_refused(call, name, through_class=way) for way in ways)

    def _is_refused(self, call: ast.Call, name: str, *, through_class: bool) -> bool:
        arguments = arguments_of(call)
        return not arguments.is_open and _refuses(
            self._signatures.of(name), arguments, {through_class}
        )

    def _method_around(self, call: ast.Call, first: str) -> _Own | None:
        """The innermost method that holds a call, if `first` is its first parameter."""
        number = bisect_right(self._lines, call.lineno) - 1
        while number >= 0 and self._methods[number][1] < call.lineno:
            number -= 1
        if number < 0:
            return None
        _, _, model, method = self._methods[number]
        function = self._functions.get(method.line)
        if method.first_parameter != first or function is None:
            return None
        return _Own(call, self._module.classes[model], method, function)


def _last_name(called: ast.expr) -> str:
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else ""


class _Signatures:
    """What the functions of a name take that the project's classes have; kept once asked for."""

    def __init__(self, project: Index, module: Module) -> None:
        self._project = project
        self._module = module
        self._known: dict[str, frozenset[tuple[Parameters, AttributeKind]]] = {}
        self._classes: dict[str, tuple[SourceClass, ...]] = {}
        self._constructors: dict[SourceClass, tuple[Parameters, ...]] = {}
        self._own_classes: dict[str, list[SourceClass]] = {}
        for model in module.classes:
            self._own_classes.setdefault(model.name, []).append(model)
        self._bound_in_functions = {
            *(each.name for each in module.facts.classes if each.in_function),
            *(
                alias or name
                for statement in module.facts.imports
                if statement.flags & IN_FUNCTION
                for name, alias in statement.names
            ),
        }

    def of(self, name: str) -> frozenset[tuple[Parameters, AttributeKind]]:
        """What such functions take, and what they are in their classes."""
        if name not in self._known:
            self._known[name] = frozenset(
                (read_parameters(line), _kind_of(name, decorators))
                for line, decorators in self._project.row(tables.methods_taken, name)
            )
        return self._known[name]

    def may_refuse(self, shape: CallShape) -> bool:
        """Has something in the project the name that a call has, and can't take what it passes?"""
        arguments = Arguments(shape.positional, shape.keywords)
        if shape.receiver == "super()":
            return False  # see `_through_super`
        if shape.owner >= 0:
            model = self._module.classes[shape.owner]
            ways = {False} if shape.receiver == "self" else {False, True}
            return _refuses(
                self.of(mangled(shape.name, model.name)), arguments, ways
            ) and _has_refusing(model, shape.name, arguments, ways)
        if not shape.receiver:
            return self.may_class_refuse(shape.name, arguments)
        if not self.may_be_known(shape.receiver, shape.name):
            return False
        name = shape.receiver.removesuffix("()")
        if shape.name[:1].isupper() and name == shape.receiver:
            called = self._project.resolve(self._module, f"{name}.{shape.name}")
            if isinstance(called, SourceClass) and self._refuses((called,), arguments):
                return True
        ways = {False} if name != shape.receiver else {False, True}
        if not _refuses(self.of(shape.name), arguments, ways):
            return False  # before anything is resolved
        symbol: Symbol | None = None
        if name.partition(".")[0] not in self._bound_in_functions:
            symbol = self._project.resolve(self._module, name)
        if isinstance(symbol, SourceClass):
            return _has_refusing(symbol, shape.name, arguments, {name == shape.receiver})
        return symbol is None

    def may_be_refused_by_super(self, shape: CallShape) -> bool:
        """May it be a call through `super()` that something refuses?"""
        if shape.receiver != "super()":
            return False
        is_private = shape.name[:2] == "__" and shape.name[-2:] != "__"
        arguments = Arguments(shape.positional, shape.keywords)
        return (
            is_private
            or shape.name in _OBJECTS_OWN
            or _refuses(self.of(shape.name), arguments, {False, True})
        )

    def may_be_known(self, receiver: str, attribute: str) -> bool:
        """May a receiver be a class, an instance that a call of one has made, or a module with a
        class?

        Args:
            receiver: a dotted name, with `()` behind it where it is called.
            attribute: what is called of it.
        """
        name = receiver.removesuffix("()")
        if name != receiver:
            return self.may_make(name)
        root, dot, _ = name.partition(".")
        has_class = attribute[:1].isupper()
        if not dot:
            return self._may_lead_to_class(name, is_module=has_class)
        has_class = has_class or name.rpartition(".")[2][:1].isupper()
        return has_class and self._may_lead_to_class(root, is_module=True)

    def may_make(self, name: str) -> bool:
        """May a call of what has a dotted name make an instance of a class of the project?"""
        root, dot, _ = name.partition(".")
        if not dot:
            return self.is_class(name)
        is_class = name.rpartition(".")[2][:1].isupper()
        return is_class and self._may_lead_to_class(root, is_module=True)

    def _may_lead_to_class(self, name: str, *, is_module: bool) -> bool:
        """May a name of the module be a class of the project, or else a module of it?"""
        return any(
            binding.kind is BindingKind.CLASS
            or (
                (
                    binding.kind is BindingKind.FROM
                    or (is_module and binding.kind is BindingKind.IMPORT)
                )
                and not is_standard(self._module, binding.imported.module)
            )
            for binding in self._module.bindings.get(name, ())
        )

    def may_class_refuse(self, name: str, arguments: Arguments) -> bool:
        """May a call of a class of that name, by what binds it here, fail?"""
        return self.is_class(name) and self._refuses(self._classes[name], arguments)

    def _refuses(self, models: Iterable[SourceClass], arguments: Arguments) -> bool:
        return not arguments.is_open and any(
            parameters.refusal(arguments.after_instance)
            for model in models
            for parameters in self._taken(model)
        )

    def _taken(self, model: SourceClass) -> tuple[Parameters, ...]:
        """What the function takes that a call of a class runs; () where that isn't known."""
        if model not in self._constructors:
            found = _constructor(model)
            self._constructors[model] = () if found is None else _parameters_of(*found)
        return self._constructors[model]

    def is_class(self, name: str) -> bool:
        """May the name be that of a class of the project, by what binds it here?"""
        if name not in self._classes:
            self._classes[name] = self._classes_named(name)
        return bool(self._classes[name])

    def _classes_named(self, name: str) -> tuple[SourceClass, ...]:
        own = tuple(self._own_classes.get(name, ()))
        imported = [b for b in self._module.bindings.get(name, ()) if b.kind is BindingKind.FROM]
        if not imported or all(
            is_standard(self._module, each.imported.module) for each in imported
        ):
            return own
        model = self._project.resolve(self._module, name)
        if isinstance(model, SourceClass) and model.is_project_class:
            return (*own, model)
        return own


def _kind_of(name: str, decorators: Sequence[str]) -> AttributeKind:
    """What a function becomes in its class, as far as its decorators are known by name."""
    if name == "__new__" or any("staticmethod" in each for each in decorators):
        return AttributeKind.STATIC
    is_implicit = name in ("__init_subclass__", "__class_getitem__")
    is_decorated = any("classmethod" in each for each in decorators)
    return AttributeKind.CLASS_METHOD if is_decorated or is_implicit else AttributeKind.FUNCTION


# Through `self` and `cls`


def _through_first_parameter(file: FileContext, own: _Own) -> _Refused:
    """What becomes of `self.m(…)` or `cls.m(…)` in a method."""
    call, model, method, function = own
    assert isinstance(call.func, ast.Attribute)
    if method.kind not in (MethodKind.INSTANCE, MethodKind.CLASS) or "mixin" in model.name.lower():
        return _ACCEPTED
    from pyconcepts_lint.analysis.names import is_bound_again

    if is_bound_again(function, method.first_parameter):
        return _ACCEPTED
    name = mangled(call.func.attr, model.name)
    through_class = method.kind is MethodKind.CLASS
    return _of_any(file, model, name, arguments_of(call), through_class=through_class)


def _of_any(
    file: FileContext,
    model: SourceClass,
    name: str,
    arguments: Arguments,
    *,
    through_class: bool,
    behind: SourceClass | None = None,
) -> _Refused:
    """What becomes of a call through an instance of a class or of any of its subclasses."""
    first = _of_method(model, name, arguments, through_class=through_class, behind=behind)
    if not first.text:  # most are: the rest takes longer to find out
        return _ACCEPTED
    if may_be_patched(file, name) or tables.may_be_made_from(model):
        return _ACCEPTED
    if not through_class and not _finds(model, name):
        return _ACCEPTED
    is_refused_below = all(
        _of_method(each, name, arguments, through_class=through_class, behind=behind).text
        for each in model.project.subclasses(model)
    )
    return first if is_refused_below else _ACCEPTED


def _finds(model: SourceClass, name: str) -> bool:
    """Does the name surely mean the class's method on an instance?"""
    return finds_class_attributes(model) and instances_bind(model, name) is Answer.NO


def _of_method(
    model: ClassModel,
    name: str,
    arguments: Arguments,
    *,
    through_class: bool,
    behind: SourceClass | None = None,
) -> _Refused:
    found = callee(model, name, through_class=through_class, behind=behind)
    if found is None or not found.owner.is_project_class:
        return _ACCEPTED
    return _refused(found, arguments)


# Through what an expression surely is


def _origins(file: FileContext, wanted: Mapping[ast.expr, ast.Call]) -> Sequence[Asked]:
    """What the functions that are called are, or the receivers of those that are attributes."""

    def ask(node: ast.expr) -> ast.expr | None:
        if node not in wanted:
            return None
        return node.value if isinstance(node, ast.Attribute) else node

    if not wanted:
        return ()
    from pyconcepts_lint.analysis.values import origins

    return origins(file, ask)


def _through_origin(file: FileContext, call: ast.Call, origin: PossibleValues) -> _Refused | None:
    func, arguments = call.func, arguments_of(call)
    if origin.is_open or origin.is_unresolved or len(origin.objects) != 1:
        return None
    from pyconcepts_lint.analysis.values import Instance

    assert file.module is not None
    (found,) = origin.objects
    refused: _Refused | None = None
    if isinstance(func, ast.Name):
        if isinstance(found, SourceClass) and not _is_rebound_global(file, func):
            refused = _of_class(file, found, arguments)
    elif isinstance(func, ast.Attribute):
        if isinstance(found, Instance) and _is_plain(file, func.value):
            model = found.model
            if isinstance(model, SourceClass) and not _may_change_class(file):
                name = func.attr
                if _finds(model, name) and not may_be_patched(file, name):
                    refused = _of_method(model, name, arguments, through_class=False)
        elif isinstance(found, SourceClass):
            refused = _through_class(file, found, call)
        elif not isinstance(found, Instance):
            symbol = file.project.resolve(file.module, dotted_name(func) or "?")
            if isinstance(symbol, SourceClass):
                refused = _of_class(file, symbol, arguments)
    return refused if refused is not None and refused.text else None


def _is_plain(file: FileContext, receiver: ast.expr) -> bool:
    """Is it a name that only this file binds, or a call of a class?"""
    if isinstance(receiver, ast.Name):
        return not _is_rebound_global(file, receiver)
    return isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name)


def _is_rebound_global(file: FileContext, name: ast.Name) -> bool:
    """May other code give the module another object by that name?"""
    assert file.module is not None
    return name.id in file.module.bindings and (
        file.module.facts.dynamic_namespace
        or file.project.has(tables.rebound_names, name.id)
        or may_be_patched(file, name.id)
    )


def _may_change_class(file: FileContext) -> bool:
    """Is the class of some object changed in the project?"""
    return tables.is_bound(file.project, "__class__")


def _through_class(file: FileContext, model: SourceClass, call: ast.Call) -> _Refused | None:
    assert isinstance(call.func, ast.Attribute)
    name, arguments = call.func.attr, arguments_of(call)
    if may_be_patched(file, name) or not _has_plain_metaclass(model):
        return None
    refused = _of_method(model, name, arguments, through_class=True)
    attribute = model.lookup(name)
    if (
        attribute is None
        or attribute.kind is not AttributeKind.FUNCTION
        or "missing" not in refused.text
    ):
        return refused
    first = call.args[0] if call.args else None
    is_own = isinstance(first, ast.Name) and first.id == "self"
    place = file.ast_place(call.func.lineno, call.func.col_offset)
    is_of_402 = any(
        (each.line, each.column) == place
        for each in (file.module.facts.class_calls if file.module is not None else ())
    )
    return refused if is_own or not is_of_402 or "keyword-only" in refused.text else None


def _has_plain_metaclass(model: ClassModel) -> bool:
    return model.mro is not None and all(base.plain_metaclass for base in model.mro)


# Classes


def _of_class(file: FileContext, model: SourceClass, arguments: Arguments) -> _Refused | None:
    """What becomes of a call of a class; None where that can't be known."""
    found = _constructor(model)
    if found is None or model.is_field_class:
        return None
    owner, name = found
    if name == "__new__":
        called = callee(model, name, through_class=True)
        refused = None if called is None else _refused(called, arguments.after_instance)
    elif isinstance(owner, SourceClass):
        refused = _of_method(model, name, arguments, through_class=False)
    else:
        refused = _of_nothing(model, arguments)
    if refused is None or not refused.text:
        return refused
    if may_be_patched(file, "__init__") or may_be_patched(file, model.name) or _is_abstract(model):
        return None
    return refused


def _of_nothing(model: SourceClass, arguments: Arguments) -> _Refused | None:
    """What becomes of a call of a class that has no `__init__` and no `__new__` of its own."""
    if not arguments.positional and not arguments.keywords:
        return _ACCEPTED
    if not all(map(is_as_written, model.mro or ())) or any(
        rebinds(model, name) is not Answer.NO for name in ("__init__", "__new__")
    ):
        return None
    return _Refused(f"{model.name}() takes no arguments")


def _constructor(model: SourceClass) -> tuple[ClassModel, str] | None:
    """The class on its MRO whose `__init__` or `__new__` takes what a call of a class passes, and
    which of them that is; None where that isn't known, or they take whatever they are given."""
    if not model.is_project_class or not _has_plain_metaclass(model):
        return None
    mro = model.mro or ()
    new = next(base for base in mro if "__new__" in base.bound_names)
    if isinstance(new, SourceClass):
        return (new, "__new__") if new.is_project_class else None
    if not isinstance(new, LiveClass) or not _is_lenient(new.live):
        return None
    init = next(base for base in mro if "__init__" in base.bound_names)
    is_objects = isinstance(init, LiveClass) and init.live is new.live is object
    return (init, "__init__") if isinstance(init, SourceClass) or is_objects else None


def _parameters_of(owner: ClassModel, name: str) -> tuple[Parameters, ...]:
    """What the functions of a name in a class take, or nothing for `object`."""
    if not isinstance(owner, SourceClass):
        return (Parameters(("self",), 0, 1),)
    return tuple(
        read_parameters(binding.target)
        for binding in owner.facts.body
        if binding.name == name and binding.kind is BindingKind.FUNCTION
    )


def _is_lenient(live: type) -> bool:
    if issubclass(live, BaseException):
        return not issubclass(live, _CHOOSY_EXCEPTIONS)
    return live in _LENIENT


def _is_abstract(model: SourceClass) -> bool:
    """May there be no instances of it?"""
    return any(
        found.is_abstract
        for name in model.names_on_mro
        if (found := model.lookup(name)) is not None
    )


# Through super()


def _through_super(file: FileContext) -> Iterator[Claim]:
    places: set[Place] = set()
    for match in _SUPER_ATTRIBUTE.finditer(file.text):
        if not file.literals.hold(match.start()):
            places.add(file.code.position(match.start()))
    if not places:
        return
    from pyconcepts_lint.analysis.super_calls import uses_at

    for use in uses_at(file, places).values():
        call = _call_of(use.node, use.context)
        if call is not None and use.context.model is not None:
            refused = _found_by_super(file, use.context, use.context.model, use.node, call)
            if refused.text:
                yield _claim(file, call, refused)


def _call_of(node: ast.Call | ast.Attribute, context: Context) -> ast.Call | None:
    """The call of what is looked up on `super()`."""
    if not isinstance(node, ast.Call) or len(context.path) < 3:
        return None
    attribute, call = context.path[-2], context.path[-3]
    if not isinstance(attribute, ast.Attribute) or attribute.value is not node:
        return None
    return call if isinstance(call, ast.Call) and call.func is attribute else None


def _found_by_super(
    file: FileContext,
    context: Context,
    model: SourceClass,
    node: ast.Call | ast.Attribute,
    call: ast.Call,
) -> _Refused:
    assert isinstance(node, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    arguments, instance = arguments_of(call), context.instance_name()
    if arguments.is_open or not instance or "mixin" in model.name.lower():
        return _ACCEPTED
    if node.args and not (
        len(node.args) == 2
        and context.means_class(dotted_name(node.args[0]))
        and isinstance(node.args[1], ast.Name)
        and node.args[1].id == instance
    ):
        return _ACCEPTED
    method = context.method
    kinds = [each.kind for each in model.facts.methods if method and each.line == method.lineno]
    if (
        kinds not in ([MethodKind.INSTANCE], [MethodKind.CLASS])
        or not model.is_returned_by_decorators
    ):
        return _ACCEPTED
    name = mangled(call.func.attr, model.name)
    first = call.args[0] if call.args else None
    is_twice = isinstance(first, ast.Name) and first.id == instance
    if name in _OBJECTS_OWN and _is_objects_behind(model, name):
        is_told = is_twice and name == "__init__" and len(call.args) == 1 and not call.keywords
        return _ACCEPTED if is_told else _of_object(model, name, arguments)
    through_class = kinds == [MethodKind.CLASS]
    refused = _of_any(file, model, name, arguments, through_class=through_class, behind=model)
    if refused.text and is_twice:
        less = arguments._replace(positional=arguments.positional - 1)
        found = callee(model, name, through_class=through_class, behind=model)
        if found is not None and found.is_bound and found.refusal(less) == "":
            return _ACCEPTED  # PCL409 says that it is passed twice
    return refused


def _handed_to_object(file: FileContext) -> Iterator[Claim]:
    """Where a `__new__` hands all that the class is called with to `object.__new__`, which takes
    none of it, and the `__init__` needs some."""
    assert file.module is not None
    for model in file.module.classes if "__new__(" in file.text else ():
        needed = _needed_by_init(model) if "__new__" in model.bound_names else ""
        if (
            not needed
            or not _is_objects_behind(model, "__new__")
            or tables.may_be_made_from(model)
            or not _has_plain_metaclass(model)
        ):
            continue
        for call in _handing_on(file, model):
            text = (
                f"`{file.ast_quote(call.func)}(…)` hands on what `{model.name}(…)` is called with, "
                f"and `__init__` needs `{needed}`; TypeError: {_OBJECTS_OWN['__new__']}"
            )
            edit = file.edit(file.ast_span(call.args[0])[1], file.ast_span(call)[1] - 1, "")
            fix = Rule.fix("unsafe", "Pass the class only", [edit])
            yield Claim(file.ast_range(call), text, fix)


def _needed_by_init(model: SourceClass) -> str:
    """A parameter for which each call of the class has to pass something by position or name; ""
    where there is none, or a subclass may be called otherwise."""
    found = callee(model, "__init__", through_class=False)
    if (
        found is None
        or not found.owner.is_project_class
        or found.parameters.required < 2
        or any("__init__" in below.bound_names for below in model.project.subclasses(model))
    ):
        return ""
    return found.parameters.positional[1]


def _handing_on(file: FileContext, model: SourceClass) -> Iterator[ast.Call]:
    """The calls of `object.__new__` in the `__new__` of a class that pass all that it is called
    with, where it gets all by `*` and `**` but the class."""
    for binding in model.facts.body:
        function = file.function_at(binding.line, binding.column)
        if binding.name != "__new__" or function is None:
            continue
        passed = _all_passed_on(function.args)
        for node in walk(*function.body) if passed else ():
            if (
                isinstance(node, ast.Call)
                and _is_new_of_object(node.func)
                and ", ".join(map(ast.unparse, (*node.args, *node.keywords))) == passed
            ):
                yield node


def _all_passed_on(parameters: ast.arguments) -> str:
    """How a call hands on what a function gets: `cls, *args, **kwargs`; "" for other functions."""
    given = [arg.arg for arg in (*parameters.posonlyargs, *parameters.args)]
    if len(given) != 1 or parameters.kwonlyargs or parameters.vararg is None:
        return ""
    named = [f"**{parameters.kwarg.arg}"] if parameters.kwarg is not None else []
    return ", ".join([*given, f"*{parameters.vararg.arg}", *named])


def _is_new_of_object(called: ast.expr) -> bool:
    """Is it `object.__new__`, or a `super().__new__` that may be that?"""
    match called:
        case ast.Attribute(
            value=ast.Name("object") | ast.Call(func=ast.Name("super")), attr="__new__"
        ):
            return True
    return False


def _is_objects_behind(model: SourceClass, name: str) -> bool:
    """Is what follows a class on its MRO, and on those of its subclasses, `object`'s own?"""

    def is_objects(each: SourceClass) -> bool:
        owner = _owner_behind(each, model, name)
        return owner is not None and owner.full_name == "builtins.object"

    return is_objects(model) and all(map(is_objects, model.project.subclasses(model)))


def _owner_behind(model: SourceClass, behind: SourceClass, name: str) -> ClassModel | None:
    mro = model.mro
    if mro is None or behind not in mro:
        return None
    above = mro[mro.index(behind) + 1 :]
    owner = next((base for base in above if name in base.bound_names), None)
    return None if owner is None or makes_special_methods(model, owner) else owner


def _of_object(model: SourceClass, name: str, arguments: Arguments) -> _Refused:
    """What becomes of a call of `object`'s own `__init__` or `__new__` in an override of it."""
    if name not in model.bound_names or tables.may_be_made_from(model):
        return _ACCEPTED
    expected = 1 if name == "__new__" else 0
    if arguments.positional <= expected and not arguments.keywords:
        return _ACCEPTED
    return _Refused(_OBJECTS_OWN[name])
