"""What an expression may evaluate to, followed further than `values` does.

`possible` asks which assignments of a local variable reach a use, what defaults and callers give
parameters, what the items of displays and of lists in variables are, and what functions of other
modules return. What it can't follow stays open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from itertools import chain

from ..base.answer import Answer, answer
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index import tables
from ..index.attributes import are_related
from ..index.conditions import in_python3, truth
from ..index.facts import Access, BindingKind
from ..index.model import ClassModel, Module, SourceClass, Value
from ..rule_api.file import FileContext
from ..source.ast_nodes import child_nodes, walk
from ..source.control_flow import Analysis, Edge, Graph, Step, effects, solve
from ..source.python3 import parsed_or_none
from ..source.scopes import How, Scope, ScopeKind
from .values import (
    NOTHING,
    OPEN,
    Asked,
    Function,
    FunctionNode,
    Instance,
    PossibleValues,
    Reader,
    ValueInference,
    class_of_first_parameter,
    joined,
)

if TYPE_CHECKING:
    from ..index.model import Index

_REFLECTING = frozenset({"locals", "vars", "dir", "eval", "exec", "globals"})
_DISPLAYS = (ast.Tuple, ast.List, ast.Set)
_GENERATING = (ast.ListComp, ast.SetComp, ast.GeneratorExp)
# Built-in functions that leave a list or dictionary as it is, and keep no reference to it.
_LOOKING = frozenset(
    {
        *("all", "any", "bool", "dict", "enumerate", "frozenset", "iter", "len", "list", "max"),
        *("min", "print", "repr", "reversed", "set", "sorted", "str", "sum", "tuple", "zip"),
    }
)
_COPYING = frozenset({"iter", "list", "reversed", "set", "sorted", "tuple"})
"""Those that give something with the same items."""
# Methods of lists, sets, deques and dictionaries that put nothing into them.
_NOT_PUTTING = frozenset(
    {
        *("clear", "copy", "count", "discard", "get", "index", "items", "keys", "pop", "popitem"),
        *("popleft", "remove", "reverse", "rotate", "sort", "values"),
    }
)
_PUTTING = {"add": 0, "append": 0, "appendleft": 0, "insert": 1, "setdefault": 1}
"""Methods that put one thing into them, and which argument that is."""
_MOST_WRITERS = 8
_TESTS = (ast.If, ast.While, ast.IfExp, ast.Assert, ast.UnaryOp, ast.Compare, ast.FormattedValue)


def possible(file: FileContext, ask: Callable[[ast.expr], ast.expr | None]) -> list[Asked]:
    """As `values.origins`, but followed further.

    - A local variable is what the assignments give it that reach the use
      (`source.control_flow` tells which).
    - A parameter of a local function is also what its default is and what calls pass for it. It is
      nothing else, and so not open, if the function's name is only used to call it. If all uses of a
      module's function in the project are calls, and it is known what these pass, a parameter is
      that or its default: open, for code outside the project may call it, but not unknown.
    - The variable of a loop or comprehension over a display is one of the display's items, and so is
      what a subscript gives. That goes for a variable, too, that is bound once, to a display or
      comprehension, and of which the uses tell what else is put into it.
    - A call of a function of another module of the project is what that returns.
    """
    followed = file.cached(_followed_here)
    answers: list[Asked] = []
    for node, scope in () if followed is None else followed.reader.expressions:
        expression = ask(node)
        if followed is not None and expression is not None:
            origin = followed.of(expression, scope)
            answers.append(Asked(node, OPEN if origin == NOTHING else origin))
    return answers


def classes_of(origin: PossibleValues) -> list[ClassModel]:
    """The classes of which something surely is an instance, as far as annotations and the calls in
    the project can be trusted; none where it may be anything else."""
    if origin.is_unknown or origin.is_unresolved:
        return []
    found = [item.model for item in origin.objects if isinstance(item, Instance)]
    return sorted(found, key=lambda m: m.key) if len(found) == len(origin.objects) else []


class Write(NamedTuple):
    """An assignment to an attribute of what surely is an instance of some classes, or a deletion,
    otherwise than in a method through its own instance."""

    node: ast.Attribute
    kind: Access
    models: tuple[ClassModel, ...]


def instance_writes(file: FileContext, names: Collection[str]) -> Iterator[Write]:
    """What a file assigns to attributes of these names, of instances that are known."""
    own = {
        (access.line, access.column)
        for model in (file.module.classes if file.module is not None else ())
        for access in model.facts.accesses
    }

    def ask(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
            return None
        if node.attr not in names or file.ast_place(node.lineno, node.col_offset) in own:
            return None
        return node.value

    for node, origin in possible(file, ask):
        models = classes_of(origin)
        node_here = file.placed(node) if models else None
        if isinstance(node_here, ast.Attribute):
            kind = Access.DELETE if isinstance(node_here.ctx, ast.Del) else Access.SET
            if any(isinstance(around, ast.AugAssign) for around in file.ast_around(node_here)[:1]):
                kind = Access.AUGMENT
            yield Write(node_here, kind, (*models,))


class MethodCall(NamedTuple):
    """A call of an attribute of something, in some module."""

    module: Module
    node: ast.Call
    receiver: PossibleValues


def method_calls(model: SourceClass, name: str) -> list[MethodCall]:
    """The calls of attributes of a name in the module of a class, and in those that have the class
    under some name."""
    modules: dict[Module, _Followed | None] = {}
    found: list[MethodCall] = []
    for module in (model.module, *_users(model.module, model.name)[:_MOST_WRITERS]):
        known = modules[module] if module in modules else _followed_in(module, modules)
        for node, scope in () if known is None else known.reader.expressions:
            func = node.func if isinstance(node, ast.Call) else None
            if known is not None and isinstance(func, ast.Attribute) and func.attr == name:
                assert isinstance(node, ast.Call)
                found.append(MethodCall(module, node, known.of(func.value, scope)))
    _close(modules)
    return found


def classes_written_to(project: Index, name: str) -> set[ClassModel]:
    """The classes to which code outside of their methods assigns an attribute of a name, as
    variables and parameters tell."""
    found: set[ClassModel] = set()
    for module in project.row(tables.external_writers, name):
        for receiver in _receivers_of_writes(module, name) or ():
            found.update(item for item in receiver.objects if isinstance(item, ClassModel))
    return found


def is_written_to_others(model: ClassModel, name: str) -> bool:
    """Is what code outside of methods assigns an attribute of a name surely no instance of a class,
    or of one above or below it, nor such a class?"""
    project = model.project
    modules = {
        *project.row(tables.external_writers, name),
        *(
            user
            for user, _, context in project.row(tables.uses, name)
            if context is not Access.READ
        ),
    }
    if len(modules) > _MOST_WRITERS:
        return False
    for module in modules:
        receivers = _receivers_of_writes(module, name)
        if receivers is None:
            return False
        for receiver in receivers:
            if receiver.is_unknown or receiver.may_be_own:
                return False
            if not receiver.objects and not receiver.is_unresolved:
                return False
            for item in receiver.objects:
                other = item.model if isinstance(item, Instance) else item
                if not isinstance(other, (ClassModel, Module)):
                    return False
                if isinstance(other, ClassModel) and are_related(model, other):
                    return False
    return True


def _receivers_of_writes(module: Module, name: str) -> list[PossibleValues] | None:
    """What it may be to which a module, outside of methods of its class, assigns an attribute."""
    followed = _followed_in(module, {})
    if followed is None:
        return None
    found: list[PossibleValues] = []
    for node, scope in followed.reader.expressions:
        receiver = _written_to(node, name)
        is_own = isinstance(receiver, ast.Name) and class_of_first_parameter(receiver.id, scope)
        if receiver is not None and not is_own:
            found.append(followed.of(receiver, scope))
    followed.close()
    return found


def _written_to(node: ast.expr, name: str) -> ast.expr | None:
    """The object of which an expression assigns or deletes an attribute, if that has the name."""
    match node:
        case ast.Attribute(value=receiver, attr=attribute, ctx=ast.Store() | ast.Del()):
            private = attribute.startswith("__") and name.endswith(attribute)
            return receiver if attribute == name or private else None
        case ast.Call(
            func=ast.Name("setattr" | "delattr"),
            args=[receiver, ast.Constant(value=attribute), *_],
        ):
            return receiver if attribute == name else None
    return None


def reaching_values(
    file: FileContext, ask: Callable[[ast.Name], bool]
) -> dict[ast.Name, list[ast.expr | None]]:
    """The values that a local variable may have at a use of it, as its function assigns them; None
    for any other.

    Uses in functions are looked at, of names that nothing outside of the function binds.
    """
    found: dict[ast.Name, list[ast.expr | None]] = {}
    if file.tree is None:
        return found
    reader = Reader(file.tree, lambda node: node)
    bodies: dict[Scope, _Body] = {}
    for node, _, scope in reader.asked:
        if not isinstance(node, ast.Name) or not ask(node):
            continue
        is_function = isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef))
        bound = scope.bound.get(node.id, ())
        if (
            is_function
            and scope.find(node.id) is scope
            and all(each.scope is None for each in bound)
        ):
            if scope not in bodies:
                bodies[scope] = _Body(scope.node)
            binders = bodies[scope].reaching(node) or ()
            found[node] = [
                _value_assigned(each, node.id)
                for each in sorted(binders, key=lambda each: getattr(each, "lineno", 0))
            ]
    reader.close()
    return found


def _value_assigned(binder: ast.AST, name: str) -> ast.expr | None:
    """What a statement assigns to a name as it stands: no part of it, and no item."""
    if isinstance(binder, ast.AnnAssign):
        return binder.value
    if not isinstance(binder, ast.Assign):
        return None
    names = (target.id for target in binder.targets if isinstance(target, ast.Name))
    return binder.value if name in names else None


class _UseReader(Reader):
    """The scopes of a file, and where it uses names."""

    is_shared = False  # by all that ask about the file at hand, which closes it

    def __init__(self, tree: ast.Module) -> None:
        self.unwrapped: dict[ast.AST, str] = {}  # `x` of `enumerate(x)`, and the name of that
        self.expressions: list[tuple[ast.expr, Scope]] = []
        super().__init__(tree, lambda node: node)
        self.tree = tree

    def note_expressions(self, expressions: list[tuple[ast.expr, Scope]]) -> None:
        self.expressions = expressions

    @cached_property
    def places(self) -> dict[ast.expr, Scope]:
        return dict(self.expressions)

    @cached_property
    def _names(self) -> dict[str, list[tuple[ast.Name, Scope]]]:
        """Where names are read."""
        found: dict[str, list[tuple[ast.Name, Scope]]] = {}
        for node, scope in self.expressions:
            if node.__class__ is ast.Name and node.ctx.__class__ is ast.Load:
                name: str = node.id
                if name in found:
                    found[name].append((node, scope))
                else:
                    found[name] = [(node, scope)]
        return found

    def uses(self, name: str, owner: Scope) -> list[ast.Name]:
        """Where the variable of a scope is read."""
        return [node for node, scope in self._names.get(name, ()) if scope.find(name) is owner]

    @property
    def reflects(self) -> bool:
        return not _REFLECTING.isdisjoint(self._names)

    @cached_property
    def calls(self) -> dict[ast.expr, tuple[ast.Call, Scope]]:
        """The calls, and where they stand, by what is called."""
        return {
            node.func: (node, scope)
            for node, scope in self.expressions
            if isinstance(node, ast.Call)
        }

    @cached_property
    def direct(self) -> set[ast.expr]:
        """What loops go over whose target is one name, and what is assigned to several names."""
        found: set[ast.expr] = set()
        for part in walk(self.tree):
            kind = part.__class__
            if kind is ast.For or kind is ast.comprehension:
                if part.target.__class__ is ast.Name:  # type: ignore[attr-defined]
                    found.add(part.iter)  # type: ignore[attr-defined]
            elif kind is ast.Assign and all(map(_is_flat, part.targets)):  # type: ignore[attr-defined]
                found.add(part.value)  # type: ignore[attr-defined]
        return found

    def _target(self, target: ast.expr, how: How, node: ast.expr, scope: Scope) -> None:
        """As in any reader, but seeing through `enumerate(x)`, `zip(x, y)` and `d.items()`."""
        if (
            how is not How.ELEMENT
            or not isinstance(target, ast.Tuple)
            or not isinstance(node, ast.Call)
        ):
            return super()._target(target, how, node, scope)
        inner: list[ast.expr] = []
        match node.func, node.args:
            case ast.Name("enumerate"), [items, *_]:
                inner = [node, items]
            case ast.Name("zip"), items:
                inner = items
            case ast.Attribute(value=mapping, attr="items"), []:
                inner, how = [node, mapping], How.ITEM_VALUE
        if len(inner) != len(target.elts) or any(isinstance(i, ast.Starred) for i in inner):
            return super()._target(target, How.ELEMENT, node, scope)
        for part, items in zip(target.elts, inner, strict=True):
            if items is node:
                super()._target(part, How.ELEMENT, node, scope)
            else:
                if isinstance(node.func, ast.Name):
                    self.unwrapped[items] = node.func.id
                super()._target(
                    part, how if isinstance(part, ast.Name) else How.ELEMENT, items, scope
                )
        return None

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in walk(self.tree) for child in child_nodes(node)}


def _is_flat(target: ast.expr) -> bool:
    """Is it a tuple or list of names?"""
    return isinstance(target, (ast.Tuple, ast.List)) and all(
        isinstance(part, ast.Name) for part in target.elts
    )


class _Followed(ValueInference):
    reader: _UseReader

    def __init__(
        self, module: Module, reader: _UseReader, modules: dict[Module, _Followed | None]
    ) -> None:
        super().__init__(module, reader)
        self._bodies: dict[Scope, _Body] = {}
        self._modules = modules
        modules[module] = self

    def close(self) -> None:
        _close(self._modules)
        self._modules.clear()

    def _of(self, node: ast.AST, scope: Scope) -> PossibleValues:
        found = self._reaching(node, scope) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            found = self._items(node.value, scope)
            if found == OPEN:
                found = self._values(node.value, scope)
            if found == OPEN:
                found = None
        return super()._of(node, scope) if found is None else found

    def _reaching(self, name: ast.Name, scope: Scope) -> PossibleValues | None:
        """What the assignments are that reach a use in the function that has the variable; None
        where that isn't known."""
        bound = scope.bound.get(name.id, ())
        is_function = isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef))
        is_own = is_function and scope.find(name.id) is scope
        if not is_own or len(bound) < 2 or (name.id, scope) in self.reader.augmented:
            return None
        if any(each.scope is not None for each in bound):
            return None  # `nonlocal`
        if scope not in self._bodies:
            self._bodies[scope] = _Body(scope.node)
        body = self._bodies[scope]
        binders = [body.binder(name.id, each.node) for each in bound]
        reaching = body.reaching(name)
        if reaching is None or None in binders or not reaching <= {*binders}:
            return None
        return joined(
            self._bound(each.how, each.node, scope)
            for binder, each in zip(binders, bound, strict=True)
            if binder in reaching
        )

    def _bound(self, how: How, node: ast.AST, scope: Scope) -> PossibleValues:
        if how in (How.ELEMENT, How.ITEM_VALUE) and isinstance(node, ast.expr):
            wrapper = self.reader.unwrapped.get(node, "")
            if wrapper and scope.find(wrapper) is not None:
                return OPEN
            if how is How.ITEM_VALUE:
                return self._values(node, scope)
            if wrapper or node in self.reader.direct:
                items = self._items(node, scope)
                return super()._bound(how, node, scope) if items == OPEN else items
        return super()._bound(how, node, scope)

    # What is in lists and dictionaries

    def _items(self, node: ast.expr, scope: Scope) -> PossibleValues:
        """What the items of a list, or of what is like one, may be; OPEN where that isn't known."""
        return self._once(("items", node, scope), lambda: self._items_of(node, scope))

    def _items_of(self, node: ast.expr, scope: Scope) -> PossibleValues:
        match node:
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return joined(
                    self._items(item.value, scope)
                    if isinstance(item, ast.Starred)
                    else self.of(item, scope)
                    for item in items
                )
            case ast.ListComp(elt=item) | ast.SetComp(elt=item) | ast.GeneratorExp(elt=item):
                return self.of(item, self.reader.of[node])
            case ast.Name():
                return self._in_variable(node, scope, self._items)
            case ast.Call(func=ast.Name(name), args=[items]) if name in _COPYING:
                return OPEN if scope.find(name) is not None else self._items(items, scope)
            case ast.Call(func=ast.Attribute(value=mapping, attr="values"), args=[]):
                return self._values(mapping, scope)
            case ast.Subscript(value=items, slice=ast.Slice()):
                return self._items(items, scope)
        return OPEN

    def _values(self, node: ast.expr, scope: Scope) -> PossibleValues:
        """What the values in a dictionary may be; OPEN where that isn't known."""
        return self._once(("values", node, scope), lambda: self._values_of(node, scope))

    def _values_of(self, node: ast.expr, scope: Scope) -> PossibleValues:
        match node:
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return joined(self.of(value, scope) for value in values)
            case ast.DictComp(value=value):
                return self.of(value, self.reader.of[node])
            case ast.Name():
                return self._in_variable(node, scope, self._values)
        return OPEN

    def _in_variable(
        self,
        name: ast.Name,
        scope: Scope,
        inside: Callable[[ast.expr, Scope], PossibleValues],
    ) -> PossibleValues:
        """What is in the one object that a variable stands for, as all of its uses tell."""
        owner = scope.find(name.id)
        if (
            owner is None
            or owner.kind is ScopeKind.CLASS
            or (name.id, owner) in self.reader.augmented
        ):
            return OPEN
        bound = [each for each in owner.bound[name.id] if each.how is not How.ANNOTATION]
        if len(bound) != 1 or bound[0].how not in (How.VALUE, How.ANNOTATED_VALUE):
            return OPEN
        _, value, at = bound[0]
        is_display = isinstance(value, (*_DISPLAYS, *_GENERATING, ast.Dict, ast.DictComp))
        if at is not None or not (is_display or isinstance(value, ast.Call)):
            return OPEN
        if owner.kind is ScopeKind.MODULE and _users(self.module, name.id):
            return OPEN
        assert isinstance(value, ast.expr)
        found = inside(value, owner)
        for use in self.reader.uses(name.id, owner):
            put = self._put_by(use)
            if put is None:
                return OPEN
            found |= joined(self.of(each, self.reader.places.get(each, owner)) for each in put)
        return found

    def _put_by(self, use: ast.Name) -> list[ast.expr] | None:
        """What a use of a variable puts into the list or dictionary there; None where it may be
        anything."""
        parents = self.reader.parents
        parent = parents[use]
        around = parents.get(parent)
        match parent:
            case ast.Subscript(value=value, ctx=context) if value is use:
                if isinstance(context, ast.Store):
                    is_plain = isinstance(around, ast.Assign) and parent in around.targets
                    if not is_plain or isinstance(parent.slice, ast.Slice):
                        return None
                    assert isinstance(around, ast.Assign)
                    return [around.value]
                return []  # a slice is a new list
            case ast.Attribute(attr=method):
                if not isinstance(around, ast.Call) or around.func is not parent:
                    return None
                if method in _PUTTING:
                    number = _PUTTING[method]
                    return around.args[number : number + 1] or None
                return [] if method in _NOT_PUTTING else None
            case ast.Call(func=ast.Name(name), args=arguments) if use in arguments:
                is_builtin = name in _LOOKING and self.reader.places[parent].find(name) is None
                return [] if is_builtin else None
            case ast.For(iter=value) | ast.comprehension(iter=value) if value is use:
                return []
            case ast.Starred():
                return []
            case ast.Assign(targets=targets) if all(map(_is_flat, targets)):
                return []
        return [] if isinstance(parent, _TESTS) else None

    def _parameter(self, node: ast.AST, how: How, scope: Scope) -> PossibleValues:
        found = super()._parameter(node, how, scope)
        function = scope.node
        if found != OPEN or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return found
        assert isinstance(node, ast.arg)
        assert scope.parent is not None
        default = _default(function, node)
        default_origin = NOTHING if default is None else self.of(default, scope.parent)
        calls = self._calls(function, scope.parent)
        if scope.parent.kind is ScopeKind.MODULE:
            everywhere = self._passed_everywhere(function, node, calls, default_origin)
            return found if everywhere is None else everywhere
        if not calls:
            return found | default_origin
        passed: list[PossibleValues] = []
        for call, at in calls:
            argument = _argument(function, node, call)
            if argument is None and default is None:
                return found | default_origin
            passed.append(default_origin if argument is None else self.of(argument, at))
        is_local = scope.parent.kind is ScopeKind.FUNCTION and not self.reader.reflects
        return joined(passed) if is_local else joined([*passed, found, default_origin])

    def _passed_everywhere(
        self,
        function: FunctionNode,
        parameter: ast.arg,
        calls: list[tuple[ast.Call, Scope]],
        default: PossibleValues,
    ) -> PossibleValues | None:
        """What the calls of a module's function in the project pass for a parameter; None where it
        isn't certain that these are all, or there is none."""
        if not calls and (function.decorator_list or self._is_used(function)):
            return None
        has_default = _default(function, parameter) is not None
        found, is_called = default, False
        # Each of them may have to parse a module: an unknown one ends it.
        for each in chain(((self, *call) for call in calls), self._calls_elsewhere(function)):
            if each is None or found.is_unknown or found.is_unresolved:
                return None
            followed, call, at = each
            argument = _argument(function, parameter, call)
            if argument is None and not has_default:
                return None
            is_called = True
            if argument is not None:
                found |= followed.of(argument, at)
        is_known = is_called and not found.is_unknown and not found.is_unresolved
        return found._replace(is_open=True) if is_known else None

    def _is_used(self, function: FunctionNode) -> bool:
        uses = self.reader.uses(function.name, self.reader.module)
        return bool(uses) or len(self.reader.module.bound.get(function.name, ())) != 1

    def _calls_elsewhere(
        self, function: FunctionNode
    ) -> Iterator[tuple[_Followed, ast.Call, Scope] | None]:
        """The calls of a function of this module in other modules; None where they do anything
        else with it."""
        for module in _users(self.module, function.name):
            followed = self._followed(module)
            if followed is None:
                yield None
                return
            for node, scope in followed.reader.expressions:
                if not _may_mean(node, function.name, module):
                    continue
                meant = followed.of(node, scope).objects
                if not any(
                    isinstance(item, Value)
                    and item.module is self.module
                    and item.binding.line == function.lineno
                    for item in meant
                ):
                    continue
                call, at = followed.reader.calls.get(node, (None, scope))
                if call is None or len(meant) > 1 or not _is_plain(call):
                    yield None
                    return
                yield followed, call, at

    def _calls(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, owner: Scope
    ) -> list[tuple[ast.Call, Scope]]:
        """The calls of a function; none where its name is used otherwise."""
        bound = owner.bound.get(function.name, [])
        if len(bound) != 1 or function.decorator_list or owner.kind is ScopeKind.CLASS:
            return []
        uses = self.reader.uses(function.name, owner)
        calls = [self.reader.calls[use] for use in uses if use in self.reader.calls]
        is_plain = all(_is_plain(call) for call, _ in calls)
        return calls if len(calls) == len(uses) and is_plain else []

    def _made_by(self, callee: PossibleValues) -> PossibleValues:
        found = super()._made_by(callee)
        functions = {item for item in callee.objects if isinstance(item, Value)}
        results = [self._result_elsewhere(item) for item in functions]
        if not results or None in results:
            return found
        others = super()._made_by(callee._replace(objects=callee.objects - functions))
        return joined([others, *(result for result in results if result is not None)])

    def returned_by(self, node: FunctionNode) -> PossibleValues:
        """As for any file; callers in other modules may have passed a function of theirs."""
        for followed in self._modules.values() if node not in self.reader.of else ():
            if followed is not None and node in followed.reader.of:
                return followed.returned_by(node)
        return super().returned_by(node)

    def _followed(self, module: Module) -> _Followed | None:
        """The answers for another module; None where it can't be read."""
        if module not in self._modules:
            self._modules[module] = _followed_in(module, self._modules)
        return self._modules[module]

    def _result_elsewhere(self, item: Value) -> PossibleValues | None:
        """What a function of another module returns."""
        if item.binding.kind is not BindingKind.FUNCTION or item.module is self.module:
            return None
        known = self._followed(item.module)
        place = item.binding.line, item.binding.name
        node = None if known is None else known.reader.functions.get(place)
        if known is None or node is None:
            return None
        result = known.returned_by(node)
        is_of_here = any(isinstance(part, Function) for part in result.objects)
        return None if is_of_here else result


def _followed_here(file: FileContext) -> _Followed | None:
    """The answers for a file, which all rules share."""
    if file.tree is None or file.module is None:
        return None
    followed = _Followed(file.module, file.cached(_reader_of), {})
    file.when_done(followed.close)
    return followed


def _reader_of(file: FileContext) -> _UseReader:
    """The scopes of a file: read once for all that asks for its values."""
    assert file.tree is not None
    reader = _UseReader(file.tree)
    reader.is_shared = True
    file.when_done(reader.close)
    return reader


def _close(modules: dict[Module, _Followed | None]) -> None:
    """Let go of the trees of modules that were read to be followed."""
    for followed in modules.values():
        if followed is not None and not followed.reader.is_shared:
            followed.reader.close()


def _followed_in(module: Module, modules: dict[Module, _Followed | None]) -> _Followed | None:
    """The answers for a module of the project, which know of those for others; None where it can't
    be read."""
    tree = parsed_or_none(module.project.text(module))
    return None if tree is None else _Followed(module, _UseReader(tree), modules)


def _is_plain(call: ast.Call) -> bool:
    """Does a call pass nothing by `*` or `**`?"""
    return all(keyword.arg for keyword in call.keywords) and not any(
        isinstance(argument, ast.Starred) for argument in call.args
    )


def _may_mean(node: ast.expr, name: str, module: Module) -> bool:
    """May an expression, by its last name, be a function that is called `name` elsewhere?"""
    if isinstance(node, ast.Attribute):
        return node.attr == name
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return False
    targets = (binding.target for binding in module.bindings.get(node.id, ()))
    return node.id == name or any(target.endswith(f":{name}") for target in targets)


def _users(module: Module, name: str) -> list[Module]:
    """The other modules that have a name of a module under whatever name, or use it as an
    attribute of that module."""
    project = module.project
    meant = project.resolve(module, name)
    found: dict[Module, None] = {}
    waiting = [name]
    for each in waiting:
        for user, alias in project.row(tables.imported_names, each):
            # An import in a function binds no name of its module.
            if project.resolve(user, alias) in (meant, None):
                found[user] = None
                waiting += () if alias in waiting else (alias,)
        for user, receiver, _ in project.row(tables.uses, each):
            owner = project.resolve(user, receiver)
            if owner is module or (
                isinstance(owner, Module) and project.attribute_of(owner, each) == meant
            ):
                found[user] = None
    for user, _ in project.row(tables.imported_names, "*"):
        if any(project.resolve(user, each) == meant for each in waiting):
            found[user] = None
    found.pop(module, None)
    return list(found)


_Binders = frozenset[ast.AST]


def _in_python3(test: ast.expr) -> Answer:
    try:
        return in_python3(test)
    except (LookupError, TypeError, ValueError):
        return Answer.UNKNOWN


class _Reaching(Analysis[_Binders]):
    """Which nodes may have bound a variable last."""

    def __init__(self, name: str) -> None:
        self._name = name

    def join(self, one: _Binders, other: _Binders) -> _Binders:
        return one | other

    def take(self, edge: Edge, state: _Binders) -> _Binders | None:
        if not isinstance(edge.decider, ast.expr):
            return state
        wrong = answer(not edge.outcome)
        return None if truth(edge.decider, _in_python3) is wrong else state

    def run(self, step: Step, state: _Binders) -> _Binders:
        for name, node in effects(step):
            if name == self._name:
                state = frozenset() if isinstance(node, ast.Delete) else frozenset({node})
        return state


class _Body:
    """The body of a function, and what binds its variables."""

    def __init__(self, function: ast.AST) -> None:
        assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        self._function = function
        self._graph = Graph(function.body)
        self._before: dict[str, dict[Step, _Binders]] = {}

    @cached_property
    def _steps(self) -> list[Step]:
        return [step for block in self._graph.order for step in block.steps]

    @cached_property
    def _holders(self) -> dict[ast.AST, Step]:
        """The steps in which names are used."""
        return {
            node: step
            for step in self._steps
            for node in walk(*step.parts)
            if isinstance(node, ast.Name)
        }

    @cached_property
    def _walrus(self) -> set[str]:
        nodes = walk(*self._function.body)
        return {node.target.id for node in nodes if isinstance(node, ast.NamedExpr)}

    @cached_property
    def _by_value(self) -> dict[tuple[str, ast.AST], ast.AST]:
        """By names and the values that they get, what binds them."""
        return {
            (effect.name, value): effect.node
            for step in self._steps
            for effect in effects(step)
            if effect.name
            for value in _values(effect.node)
        }

    def binder(self, name: str, value: ast.AST) -> ast.AST | None:
        """What binds a name to a value; a parameter binds itself."""
        if isinstance(value, ast.arg):
            return value
        return self._by_value.get((name, value))

    def reaching(self, use: ast.Name) -> _Binders | None:
        """What may have bound a variable when it is used; None where that isn't known."""
        step = self._holders.get(use)
        if step is None or use.id in self._walrus:
            return None
        if use.id not in self._before:
            self._before[use.id] = self._solved(use.id)
        return self._before[use.id].get(step)

    def _solved(self, name: str) -> dict[Step, _Binders]:
        args = self._function.args
        every = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        start = frozenset(arg for arg in every if arg is not None and arg.arg == name)
        analysis = _Reaching(name)
        before: dict[Step, _Binders] = {}
        for block, state in solve(self._graph, analysis, start).items():
            for step in block.steps:
                before[step] = before.get(step, frozenset()) | state
                state = analysis.run(step, state)
        return before


def _values(binder: ast.AST) -> Iterator[ast.AST]:
    """The nodes that `Scope.bound` has for what a node binds."""
    match binder:
        case ast.Assign(value=value):
            waiting: list[ast.AST] = [value]
            for part in waiting:
                yield part
                waiting += part.elts if isinstance(part, (ast.Tuple, ast.List)) else ()
        case ast.AnnAssign(annotation=annotation, value=ast.expr() as value):
            yield from (annotation, value)
        case ast.For(iter=value) | ast.AsyncFor(iter=value) | ast.withitem(context_expr=value):
            yield value
        case _:
            yield binder


def _default(
    function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg
) -> ast.expr | None:
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    with_default = positional[len(positional) - len(args.defaults) :]
    pairs = [*zip(with_default, args.defaults, strict=True)]
    pairs += [
        (arg, default)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if default is not None
    ]
    return next((default for arg, default in pairs if arg is parameter), None)


def _argument(
    function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg, call: ast.Call
) -> ast.expr | None:
    """What a call without `*` and `**` passes for a parameter."""
    positional = [*function.args.posonlyargs, *function.args.args]
    if parameter in positional[: len(call.args)]:
        return call.args[positional.index(parameter)]
    found = (keyword.value for keyword in call.keywords if keyword.arg == parameter.arg)
    return next(found, None)
