from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.introspection import reads_namespaces
from pyconcepts_lint.analysis.names import is_builtin, is_replaced
from pyconcepts_lint.analysis.values import Instance, receivers
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import instances_bind
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._functions import (
    finds_class_attributes,
    may_be_patched,
    plain_function,
)
from pyconcepts_lint.source.ast_nodes import child_nodes
from pyconcepts_lint.source.generated import is_in_stubs
from pyconcepts_lint.source.signatures import Arguments, read_parameters

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# Classes whose functions are called otherwise, or not at all.
_OTHERWISE_CALLED = frozenset(
    {"builtins.type", "typing.Protocol", "typing_extensions.Protocol", "typing.TypedDict"}
)


class MethodWithoutSelf(Rule):
    """A method without a positional parameter has no place for its instance.

    ## What it finds

    A function in a class body that takes no positional argument at all: `def count():`,
    `def count(*, of):`, `def count(**options):`. Not in metaclasses, protocols and interfaces,
    not under a decorator that may change it, and not where the class body itself uses the
    function, as a helper or to wrap it (`count = staticmethod(count)`). A function without a body,
    in a folder of stubs (`typings`, `foo-stubs`), is a note: it never runs.

    ## Why

    A function in a class body is an ordinary function. It becomes a bound method when it is
    looked up on an instance, and the bound method calls it with the instance as the first
    argument: `customer.count()` is `Customer.count(customer)`. A function that takes no
    positional argument can't be called like that. Through the class it can: looking a
    function up there binds nothing. `@staticmethod` makes both the same.

    ## Bad

    ```python
    class Customer:
        def count():
            return 1


    print(Customer.count())
    customer = Customer()
    print(customer.count())
    ```

    ```output
    1
    TypeError: Customer.count() takes 0 positional arguments but 1 was given
    ```

    ## Good

    ```python
    class Customer:
        @staticmethod
        def count():
            return 1


    print(Customer.count())
    customer = Customer()
    print(customer.count())
    ```

    ```output
    1
    1
    ```

    ## Fix

    Makes it a static method. Where the project is seen to use it, and always through the class,
    that is safe: those uses stay what they are. Otherwise it is unsafe, since a `self` may be
    what was forgotten; and where the file looks into the `__dict__` of something other than `self`,
    where a static method is no function. There is none where `staticmethod` means something else.

    ## When to ignore it

    In a class that is only there to be asked for its functions (a namespace), if calls through
    an instance may go on to fail.

    ## See also

    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [staticmethod](https://docs.python.org/3/library/functions.html#staticmethod)
    """

    code = "PCL401"
    name = "method-without-self"
    severity = "error"
    reads_stubs = False
    facts = ("methods_without_parameter",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            for binding in model.facts.body:
                if binding.kind != "function" or not _takes_nothing(binding.target):
                    continue
                function = plain_function(model, binding.name)
                if function is None or _is_no_method(file, model, binding.name):
                    continue
                refusal = function.parameters.refusal(Arguments(1))
                node = file.function_at(binding.line, binding.column) if refusal else None
                if node is not None:
                    yield Claim(
                        file.definition_range(binding.line, binding.column),
                        f"`{model.name}.{node.name}` has no parameter for the instance: called on "
                        f"one, it raises TypeError: {refusal}",
                        self._fix(file, node, model, binding.name),
                        severity="note" if _is_in_stub(file, node) else None,
                    )

    def _fix(
        self, file: FileContext, node: FunctionNode, model: SourceClass, name: str
    ) -> Fix | None:
        around = file.ast_around(node)[::-1]
        if not is_builtin(file, "staticmethod", around) or is_replaced(file, "staticmethod"):
            return None
        first = node.decorator_list[:1]
        line, column, *_ = file.decorator_range(*first) if first else file.ast_range(node)
        indent = file.code.line(line)[: column - 1]
        edit = file.insert(line, column, f"@staticmethod{file.code.newline}{indent}")
        is_safe = not file.cached(reads_namespaces) and _is_used_through_class_only(
            file, model, name
        )
        return self.fix("safe" if is_safe else "unsafe", "Make it a static method", [edit])


def _is_in_stub(file: FileContext, node: FunctionNode) -> bool:
    """Is it a function without a body, in a folder of stubs? It never runs."""
    return is_in_stubs(file.path, file.settings.root) and all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in node.body
    )


def _takes_nothing(parameters: str) -> bool:
    return parameters[:1] in ("", "*") and not read_parameters(parameters).takes_positional


def _is_no_method(file: FileContext, model: SourceClass, name: str) -> bool:
    """May its functions be there for something else than to be methods, or not be found?"""
    if not finds_class_attributes(model) or instances_bind(model, name) is not Answer.NO:
        return True
    if may_be_patched(file, name):
        return True
    if any(base.full_name in _OTHERWISE_CALLED for base in model.mro or ()):
        return True
    return _is_used_in_body(file, model, name)


def _is_used_in_body(file: FileContext, model: SourceClass, name: str) -> bool:
    """Does the class body itself use the name? Its functions don't see it."""
    known = file.cached(_used_in_bodies)
    if model not in known:
        node = file.class_nodes.get((model.facts.line, model.name))
        used = set() if node is None else _used_in(node)
        known[model] = {mangled(used_name, model.name) for used_name in used}
    return name in known[model]


def _used_in_bodies(file: FileContext) -> dict[SourceClass, set[str]]:
    """The names that class bodies use themselves; filled as they are asked about."""
    return {}


def _used_in(node: ast.ClassDef) -> set[str]:
    used: set[str] = set()
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        part = waiting.pop()
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [*part.decorator_list, part.args]
            continue
        if isinstance(part, ast.Name):
            used.add(part.id)
        waiting += child_nodes(part)
    return used


def _is_used_through_class_only(file: FileContext, model: SourceClass, name: str) -> bool:
    """Does the project use the method through its class, and is no other use seen?"""
    project = file.project

    def is_same(other: object) -> bool:
        found = other.lookup(name) if isinstance(other, ClassModel) else None
        return found is not None and found.owner is model

    uses = [
        project.resolve(module, receiver) for module, receiver, _ in project.row(tables.uses, name)
    ]
    uses += [other for other, _ in project.row(tables.class_accesses, name)]
    if not any(map(is_same, uses)):
        return False
    return not any(
        isinstance(item, Instance) and is_same(item.model)
        for origin in receivers(file, {name}).values()
        for item in origin.objects
    )
