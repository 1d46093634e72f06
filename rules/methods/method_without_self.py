from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.followed import classes_of, method_calls
from pyconcepts_lint.analysis.introspection import reads_namespaces
from pyconcepts_lint.analysis.names import is_builtin, is_replaced
from pyconcepts_lint.analysis.values import Instance, receivers
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import instances_bind
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import BindingKind
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._facts import methods_with_another_first
from pyconcepts_lint.rules.methods._functions import (
    finds_class_attributes,
    may_be_patched,
    plain_function,
)
from pyconcepts_lint.source.ast_nodes import child_nodes
from pyconcepts_lint.source.generated import is_in_stubs
from pyconcepts_lint.source.signatures import Arguments, Parameters, arguments_of, read_parameters

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
    in a folder of stubs (`typings`, `foo-stubs`) is a note: it never runs. So is one of a class that
    has a base called `Interface`.

    Also a function of which the first parameter has another purpose, as the calls show: each call
    through a known instance, in the module and in those that import the class, passes as many
    arguments as there are parameters, and is refused for the instance that comes on top.

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
    facts = ("methods_without_parameter", "methods_with_another_first")
    silences = {
        "a decorator makes it a static method": "static",
        "a decorator isn't known to leave the function as it is": "unknown-decorator",
        "the class body calls it": "called-in-body",
        "the class is a Protocol, or an interface": "protocol",
        "the class may be a metaclass: its methods get classes": "metaclass",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is not None and "methods_with_another_first" in file.module.facts.tables:
            yield from self._by_calls(file)
        for model in file.module.classes if file.module is not None else ():
            for binding in model.facts.body:
                if binding.kind is not BindingKind.FUNCTION or not _takes_nothing(binding.target):
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
                        severity="note"
                        if _is_in_stub(file, node) or _is_interface(model)
                        else None,
                    )

    def _by_calls(self, file: FileContext) -> Iterator[Claim]:
        """Methods with a first parameter for something else, as all calls of them show."""
        assert file.module is not None
        lines = {row.line for row in methods_with_another_first.of(file.module.facts)}
        for model in file.module.classes:
            for binding in model.facts.body:
                if binding.line not in lines or binding.kind is not BindingKind.FUNCTION:
                    continue
                function = plain_function(model, binding.name)
                if function is None or _is_no_method(file, model, binding.name):
                    continue
                failing = _failing_call(model, binding.name, function.parameters)
                node = None if failing is None else file.function_at(binding.line, binding.column)
                if failing is not None and node is not None:
                    where = f"line {failing.line}"
                    if failing.module is not file.module:
                        where += f" of {failing.module.file_name}"
                    yield Claim(
                        file.definition_range(binding.line, binding.column),
                        f"`{model.name}.{node.name}` has no parameter for the instance, which is "
                        f"passed first, as in {where}: TypeError: {failing.refusal}",
                        self._fix(file, node, model, binding.name),
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


class _Failing(NamedTuple):
    """A call that fails, and what the TypeError says."""

    module: Module
    line: int
    refusal: str


def _failing_call(model: SourceClass, name: str, parameters: Parameters) -> _Failing | None:
    """The first call of a method through a known instance, if each such call is refused, and would
    be taken without the instance."""
    if name.startswith("__"):
        return None
    found: list[_Failing] = []
    for call in method_calls(model, name):
        classes = classes_of(call.receiver)
        if not classes:
            continue  # nothing is known of it, or it is the class itself
        owners = {getattr(each.lookup(name), "owner", None) for each in classes}
        if model not in owners:
            continue
        passed = arguments_of(call.node)
        refusal = parameters.refusal(passed.after_instance)
        if len(owners) > 1 or not refusal or parameters.refusal(passed):
            return None
        found.append(_Failing(call.module, call.node.lineno, refusal))
    return found[0] if found else None


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


def _is_interface(model: SourceClass) -> bool:
    """Does a class only tell what others have to have, for callers who have the instance already?"""
    return any(base.name == "Interface" for base in (model.mro or ())[1:])
