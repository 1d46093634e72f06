from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_bound_again, method_at
from pyconcepts_lint.analysis.values import Instance, PossibleValues, origins
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import Method, MethodKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import is_shown
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._facts import compared, identities
from pyconcepts_lint.rules.methods._functions import (
    makes_bound_method,
    may_be_patched,
)
from pyconcepts_lint.source.ast_nodes import child_nodes, walk
from pyconcepts_lint.source.quoting import quoted

_OPERATOR = re.compile(r"\bis\b(?:[\s\\]+not\b)?")


class BoundMethodIdentity(Rule):
    """A method looked up on an instance is a new object each time, never identical to another.

    ## What it finds

    `is` and `is not` between a method that is looked up on an instance and anything but a literal
    or `None`; class methods that are looked up on their class, too. The instance is the one that
    a method of the class gets, or an object of which the file tells the class. The rule is silent
    where the class, a subclass or an instance may have something else than the method under that
    name: a static method, a property, an attribute that is assigned.

    ## Why

    An instance has no methods: its class has functions. Each time `door.open` is evaluated, Python
    finds the function in the class and makes a new object, a *bound method*, that remembers the
    function and the instance. So `door.open is door.open` compares two objects. `==` looks at
    what they remember: it is true where both are of the same function and the very same instance.

    ## Bad

    ```python
    class Door:
        def open(self):
            return "open"

        def is_mine(self, callback):
            return callback is self.open


    door = Door()
    print(door.is_mine(door.open))
    ```

    ```output
    False
    ```

    ## Good

    ```python
    class Door:
        def open(self):
            return "open"

        def is_mine(self, callback):
            return callback == self.open


    door = Door()
    print(door.is_mine(door.open))
    ```

    ```output
    True
    ```

    ## Fix

    Puts `==` in the place of `is`, and `!=` in that of `is not`. It is safe: what is compared now
    can never be identical, and methods are equal or not without other code being run. It is
    unsafe where the other operand isn't known to be a method and a class of the project has an
    `__eq__`, which may not take one. There is none where a comment stands beside the operator,
    and in an f-string that shows its own text (`{a is b=}`).

    ## When to ignore it

    In code that shows just this.

    ## See also

    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [Identity comparisons](https://docs.python.org/3/reference/expressions.html#is-not)
    """

    code = "PCL404"
    name = "bound-method-identity"
    reads_stubs = False
    facts = ("identities",)
    silences = {
        "it is compared with None or another literal": "none",
        "what is compared is a plain function, or a static method": "function",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for comparison in _comparisons(file):
            left, right = comparison.operands
            method = next(
                (node for node in comparison.operands if node in comparison.bound_methods), None
            )
            if method is None:
                continue
            where = Range(*file.ast_range(left)[:2], *file.ast_range(right)[2:])
            said = "is not" if comparison.is_negated else "is"
            yield Claim(
                where,
                f"`{quoted(ast.unparse(method))}` makes a new method object each time, so "
                f"`{quoted(ast.unparse(left))} {said} {quoted(ast.unparse(right))}` is always "
                f"{comparison.is_negated}; "
                f"`{'!=' if comparison.is_negated else '=='}` compares the functions and the "
                "instances",
                None if is_shown(file, path_in(file, where)) else self._fix(file, comparison),
            )

    def _fix(self, file: FileContext, comparison: _Comparison) -> Fix | None:
        left, right = comparison.operands
        start, end = file.ast_span(left)[1], file.ast_span(right)[0]
        between = file.text[start:end]
        found = _OPERATOR.search(between)
        if found is None or "#" in between:
            return None
        new = "!=" if comparison.is_negated else "=="
        # What isn't known may have an `__eq__` that no method was ever given.
        is_safe = comparison.bound_methods.issuperset(comparison.operands) or not (
            file.project.row(tables.bound_attributes, "__eq__")
        )
        edit = file.edit(start + found.start(), start + found.end(), new)
        return self.fix("safe" if is_safe else "unsafe", f"Compare by `{new}`", [edit])


class _Comparison(NamedTuple):
    """`left is right`; `bound_methods` are the operands of the file that surely are such."""

    operands: tuple[ast.expr, ast.expr]
    is_negated: bool
    bound_methods: set[ast.expr]


class _Owner(NamedTuple):
    """The class that a name stands for, or (unless `is_class`) an instance of."""

    model: ClassModel
    is_class: bool


def _comparisons(file: FileContext) -> Iterable[_Comparison]:
    """The identity comparisons of a file in which there may be a bound method."""
    module = file.module
    if module is None:
        return ()
    own: dict[Method, SourceClass] = {}
    for receiver, name, line in identities.of(module.facts):
        model, method = method_at(module, line)
        owner = None
        if model is not None and method is not None and method.first_parameter == receiver:
            owner = _first_owner(model, method)
        if model is not None and method is not None and owner is not None:
            if _is_bound_method(file, owner, name):
                own[method] = model
        elif _may_be_method(module, receiver, name):
            return _look_up(file, _compares(file, file.tree), asks_origins=True)
    found: list[_Comparison] = []
    for method, model in own.items():
        function = file.statement(method.line, method.end_line)
        found += _look_up(file, _compares(file, function, model), asks_origins=False)
    return found


def _first_owner(model: SourceClass, method: Method) -> _Owner | None:
    """What the first parameter of a method stands for."""
    if method.kind not in (MethodKind.INSTANCE, MethodKind.CLASS):
        return None
    return _Owner(model, is_class=method.kind is MethodKind.CLASS)


def _is_bound_method(file: FileContext, owner: _Owner, name: str) -> bool:
    return makes_bound_method(
        owner.model, name, through_class=owner.is_class
    ) and not may_be_patched(file, name)


def _may_be_method(module: Module, receiver: str, name: str) -> bool:
    """May an attribute of what a name stands for be a method that is looked up on an instance, or
    a class method? It may be one of a class that the module has by its name."""
    known = module.project.resolve(module, receiver) if receiver else None
    if isinstance(known, ClassModel):
        return makes_bound_method(known, name, through_class=True)
    for model in module.project.row(tables.bound_attributes, name):
        if name in model.bound_names and (
            model.module is module
            or any((model.name, "") in imported.names for imported in module.facts.imports)
        ):
            return model.attributes[name].kind in (
                AttributeKind.FUNCTION,
                AttributeKind.CLASS_METHOD,
            )
    return False


_Compare = tuple[ast.Compare, str, Mapping[str, _Owner]]


def _look_up(
    file: FileContext, compares: Iterable[_Compare], *, asks_origins: bool
) -> list[_Comparison]:
    """Find out which operands of comparisons are bound methods."""
    looked_up: dict[ast.expr, str] = {}
    owners: dict[ast.expr, list[_Owner]] = {}
    found: list[_Comparison] = []
    bound_methods: set[ast.expr] = set()
    for node, class_name, known in compares:
        for left, operator, right in compared(node):
            is_negated = isinstance(operator, ast.IsNot)
            found.append(_Comparison((left, right), is_negated, bound_methods))
            for operand in (left, right):
                if isinstance(operand, ast.Attribute):
                    looked_up[operand] = mangled(operand.attr, class_name)
                    if isinstance(operand.value, ast.Name) and operand.value.id in known:
                        owners[operand] = [known[operand.value.id]]

    def ask(node: ast.expr) -> ast.expr | None:
        is_asked = node in looked_up and node not in owners
        return node.value if is_asked and isinstance(node, ast.Attribute) else None

    for operand, origin in origins(file, ask) if asks_origins else ():
        owners[operand] = _owners(file, operand, origin)
    for operand, candidates in owners.items():
        name = looked_up[operand]
        if candidates and all(_is_bound_method(file, owner, name) for owner in candidates):
            bound_methods.add(operand)
    return found


def _owners(file: FileContext, operand: ast.expr, origin: PossibleValues) -> list[_Owner]:
    """What an attribute is surely looked up on; nothing where it may be something else."""
    assert isinstance(operand, ast.Attribute)
    if origin.is_open or origin.is_unresolved:
        return []
    if any(
        isinstance(part, ast.Attribute)
        and file.project.has(tables.external_attribute_writes, part.attr)
        for part in walk(operand.value)
    ):
        return []
    owners = [
        _Owner(item.model, is_class=False)
        if isinstance(item, Instance)
        else _Owner(item, is_class=True)
        for item in origin.objects
        if isinstance(item, (Instance, ClassModel))
    ]
    return owners if len(owners) == len(origin.objects) else []


def _compares(
    file: FileContext, root: ast.AST | None, around: SourceClass | None = None
) -> Iterator[_Compare]:
    """The comparisons below a node, each with the name of the class around it, and with what the
    first parameters of the methods around it stand for. `around` is the class in whose own body
    the node stands."""
    if root is None or file.module is None:
        return
    models = {(model.facts.line, model.name): model for model in file.module.classes}
    waiting: list[tuple[ast.AST, str, SourceClass | None, Mapping[str, _Owner]]]
    waiting = [(root, around.name if around is not None else "", around, {})]
    while waiting:
        node, class_name, model, known = waiting.pop()
        if isinstance(node, ast.Compare):
            yield node, class_name, known
        inside = class_name, model, known
        body: set[ast.AST] = set()
        if isinstance(node, ast.ClassDef):
            inside = node.name, models.get((node.lineno, node.name)), known
            body = set(node.body)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = class_name, None, {**known, **_first_parameter(node, model)}
            body = set(node.body)
        for child in child_nodes(node):
            waiting.append((child, *(inside if child in body else (class_name, model, known))))


def _first_parameter(
    node: ast.FunctionDef | ast.AsyncFunctionDef, model: SourceClass | None
) -> dict[str, _Owner]:
    """What the first parameter of a method stands for in all of its body."""
    for method in model.facts.methods if model is not None else ():
        if method.line == node.lineno and model is not None:
            name, owner = method.first_parameter, _first_owner(model, method)
            return {} if owner is None or is_bound_again(node, name) else {name: owner}
    return {}
