from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import is_bound_locally
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.collect import dotted_name, mangled
from pyconcepts_lint.index.facts import MethodKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._assignments import (
    CLASS_LEVEL,
    MEANT_FOR_ALL,
    annotation_of,
    may_be_bound_on_instance,
)
from pyconcepts_lint.rules.class_attributes._facts import methods_assigning_to_classes
from pyconcepts_lint.rules.class_attributes._from_parameters import (
    FunctionNode,
    comes_from_parameters,
    is_read_through_class,
)
from pyconcepts_lint.source.ast_nodes import own_nodes, walk

_PROVIDERS = re.compile(r"set_?up|configure|install|register", re.IGNORECASE)


class InstanceValueOnClass(Rule):
    """A method puts what one object is given on the class, where it is every object's.

    ## What it finds

    `Account.owner = owner`, `type(self).owner = owner` or `self.__class__.owner = owner` in
    `__init__` or another method, where the value comes from the method's parameters, methods read
    the attribute as `self.owner`, and nothing reads it through the class.

    It is silent where sharing seems to be meant: where the attribute is annotated `ClassVar`, has
    the name of a constant, a cache or a registry, or is assigned on the instance elsewhere; in
    methods that are called after setting up, configuring or registering something.

    ## Why

    A class has one value for each of its attributes. Each new object, or each call of the method,
    replaces it, and the objects that were made before see the new one.

    ## Bad

    ```python
    class Account:
        def __init__(self, owner):
            Account.owner = owner

        def __repr__(self):
            return f"Account of {self.owner}"


    ann, ben = Account("Ann"), Account("Ben")
    print(ann, ben)
    ```

    ```output
    Account of Ben Account of Ben
    ```

    ## Good

    ```python
    class Account:
        def __init__(self, owner):
            self.owner = owner

        def __repr__(self):
            return f"Account of {self.owner}"


    ann, ben = Account("Ann"), Account("Ben")
    print(ann, ben)
    ```

    ```output
    Account of Ann Account of Ben
    ```

    ## Fix

    Assigns to the instance: `self.owner = owner`. It is unsafe: one value for all may be meant.

    ## When to ignore it

    Where the last object, or the last call, is to decide for all of them. Then read the attribute
    through the class, which says so.

    ## See also

    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    """

    code = "PCL111"
    name = "instance-value-on-class"
    reads_stubs = False
    facts = ("methods_assigning_to_classes",)
    silences = {
        "the value doesn't come from the parameters": "constant",
        "a test asks first whether it has been set": "guarded",
        "it is read through the class only": "class-only",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None:
            return
        assigning = {row.line for row in methods_assigning_to_classes.of(module.facts)}
        for model in module.classes:
            methods = (
                method for method in model.facts.methods if method.kind is MethodKind.INSTANCE
            )
            lines = assigning.intersection(method.line for method in methods)
            node = file.class_nodes.get((model.facts.line, model.name)) if lines else None
            if node is None or not model.plain or not _may_assign(file, model):
                continue
            for method in node.body:
                if (
                    isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef))
                    and method.lineno in lines
                    and not _PROVIDERS.search(method.name)
                ):
                    yield from self._of_method(model, method)

    def _of_method(self, model: SourceClass, method: FunctionNode) -> Iterator[Claim]:
        file = self.file
        for found in _assignments(file, model, method):
            name = mangled(found.target.attr, model.name)
            if not comes_from_parameters(method, found.statement):
                continue
            if _is_for_all(model, name) or _asks_for_it(method, found):
                continue
            reader = _reader(file, model, found.target.attr, method)
            if reader is None or is_read_through_class(model, name):
                continue
            name = f"{found.owner.name}.{found.target.attr}"
            message = (
                f"`{file.ast_quote(found.statement)}` changes `{name}` for all instances"
                f"{_when(method, found.statement)}; `{reader}` reads it from the instance"
            )
            yield Claim(file.ast_range(found.target), message, self._fix(found, method))

    def _fix(self, found: _Assignment, method: FunctionNode) -> Fix | None:
        first = (*method.args.posonlyargs, *method.args.args)[0].arg
        edit = self.file.edit(*self.file.ast_span(found.target.value), first)
        return self.fix("unsafe", f"Assign to the instance: `{first}.{found.target.attr}`", [edit])


def _when(method: FunctionNode, statement: ast.stmt) -> str:
    """When a method runs a statement, where it always does."""
    if statement not in method.body or any(
        isinstance(part, (ast.Return, ast.Raise)) and part.lineno < statement.lineno
        for part in walk(*method.body)
    ):
        return ""
    return (
        ", with each new object"
        if method.name == "__init__"
        else (f", with each call of `{method.name}`")
    )


class _Assignment(NamedTuple):
    statement: ast.Assign | ast.AnnAssign
    target: ast.Attribute
    owner: SourceClass


def _may_assign(file: FileContext, model: SourceClass) -> bool:
    """Does the text of a class look as if it assigned to a class?"""
    text = file.text_of_lines(model.facts.line, model.facts.end_line)
    names = "|".join(re.escape(each.name) for each in model.mro or (model,))
    return re.search(rf"(\b({names})|__class__|\btype\(\w+\))\s*\.\s*\w+\s*[:=]", text) is not None


def _assignments(
    file: FileContext, model: SourceClass, method: FunctionNode
) -> Iterator[_Assignment]:
    """Where a method assigns one attribute of its class, or of one above."""
    first = (*method.args.posonlyargs, *method.args.args)[0].arg
    for part in own_nodes(*method.body):
        match part:
            case ast.Assign(targets=[ast.Attribute() as target]):
                pass
            case ast.AnnAssign(target=ast.Attribute() as target, value=ast.expr()):
                pass
            case _:
                continue
        owner = _class_of(file, model, target.value, first)
        if owner is not None:
            yield _Assignment(part, target, owner)


def _class_of(
    file: FileContext, model: SourceClass, receiver: ast.expr, first: str
) -> SourceClass | None:
    """The class, of the instance of a method, that an expression there means."""
    match receiver:
        case ast.Call(func=ast.Name("type"), args=[ast.Name(name)], keywords=[]) if name == first:
            return model
        case ast.Attribute(value=ast.Name(name), attr="__class__") if name == first:
            return model
    dotted = dotted_name(receiver)
    if not dotted or file.module is None:
        return None
    owner = file.project.class_named(file.module, dotted)
    if not isinstance(owner, SourceClass) or not model.is_subclass_of(owner):
        return None
    root = dotted.partition(".")[0]
    line = file.ast_range(receiver).start_line
    is_local = is_bound_locally(file, root, line, model.facts.line)
    return None if is_local or not owner.is_project_class else owner


def _is_for_all(model: SourceClass, name: str) -> bool:
    """Does the name, or what the class says of it, show that all instances are to share it?"""
    attribute = model.lookup(name)
    if attribute is not None and (
        attribute.kind is not AttributeKind.VALUE
        or CLASS_LEVEL.match(annotation_of(model, attribute))
    ):
        return True
    if name.isupper() or name.startswith("__") or MEANT_FOR_ALL.search(name):
        return True
    if any("__getattr__" in each.bound_names for each in model.mro or ()):
        return True
    return name in model.slot_names or may_be_bound_on_instance(model, name, augmented=True)


def _asks_for_it(method: FunctionNode, found: _Assignment) -> bool:
    """Does the method itself look at the attribute, on whatever object?"""
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == found.target.attr
        and part is not found.target
        and part.lineno <= found.target.lineno
        for part in walk(method)
    )


def _reader(file: FileContext, model: SourceClass, name: str, writer: FunctionNode) -> str | None:
    """A method that reads the attribute from its instance, of the class or one below."""
    for each in (model, *model.project.subclasses(model)):
        node = (
            file.class_nodes.get((each.facts.line, each.name))
            if each.module is file.module
            else None
        )
        for method in [] if node is None else node.body:
            if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) or method is writer:
                continue
            kinds = {m.kind for m in each.facts.methods if m.line == method.lineno}
            first = (*method.args.posonlyargs, *method.args.args)[:1]
            if kinds != {MethodKind.INSTANCE} or not first:
                continue
            for part in walk(method):
                match part:
                    case ast.Attribute(value=ast.Name(receiver), attr=attr, ctx=ast.Load()) if (
                        receiver == first[0].arg and attr == name
                    ):
                        return f"{each.name}.{method.name}"
    return None
