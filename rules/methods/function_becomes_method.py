from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from pyconcepts_lint.analysis.introspection import reads_namespaces
from pyconcepts_lint.analysis.names import is_builtin, is_replaced
from pyconcepts_lint.analysis.values import Instance
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import instances_bind
from pyconcepts_lint.index.facts import Binding, BindingKind, ValueKind
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._calls import Use, uses_around
from pyconcepts_lint.rules.methods._functions import (
    PlainFunction,
    finds_class_attributes,
    may_be_patched,
    plain_function,
)
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.quoting import quoted

_IN_TARGETS = (ast.Tuple, ast.List, ast.Starred)


class FunctionBecomesMethod(Rule):
    """A function assigned in a class body becomes a method, and gets the instance first.

    ## What it finds

    `attribute = lambda …:` and `attribute = function`, in a class body, where a call through an
    instance passes the arguments that the function was written for. The instance goes in before
    them, and then there is one too many.

    Silent where a call through an instance fits the function as a method; for annotated
    attributes and fields; and for what doesn't bind: classes, built-in functions, the results of
    calls.

    ## Why

    It makes no difference whether `def` binds the function to its name in the class body or an
    assignment does. A Python function found in the class of an instance becomes a bound
    method there, and that passes the instance as the first argument. `staticmethod` around the
    function keeps it as it is.

    ## Bad

    ```python
    class Customer:
        greeting = lambda name: "Dear " + name

        def letter(self):
            return self.greeting("Ada")


    print(Customer().letter())
    ```

    ```output
    TypeError: Customer.<lambda>() takes 1 positional argument but 2 were given
    ```

    ## Good

    ```python
    class Customer:
        greeting = staticmethod(lambda name: "Dear " + name)

        def letter(self):
            return self.greeting("Ada")


    print(Customer().letter())
    ```

    ```output
    Dear Ada
    ```

    ## Fix

    Puts `staticmethod(…)` around the function. It is safe where the attribute is only called, or
    taken from the class: the calls through an instance fail without it. It is unsafe where it is
    also taken from an instance without a call, named by a string or by another module, and where
    the file looks into the `__dict__` of something other than `self`: with the instance bound to
    it, it may be called rightly. There is none where several targets are assigned at once, or where `staticmethod`
    means something else.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    Where the call is meant to fail.

    ## See also

    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [staticmethod](https://docs.python.org/3/library/functions.html#staticmethod)
    """

    code = "PCL405"
    name = "function-becomes-method"
    reads_stubs = False
    facts = ("functions_from_elsewhere",)
    silences = {
        "it is wrapped as a static method": "static",
        "it is called with the arguments that are left when the instance goes in": "takes-self",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for binding, failing in _failing(file):
            target = file.ast_at(binding.line, binding.column, ast.Name)
            statement = None if target is None else _assignment(file, target)
            if target is not None and statement is not None:
                owner = failing.function.attribute.owner
                yield Claim(
                    file.ast_range(target),
                    f"`{owner.name}.{target.id}` is a function, so {failing.call} passes the "
                    f"instance first; TypeError: {failing.refusal}",
                    self._fix(file, statement, failing),
                )

    def _fix(self, file: FileContext, statement: ast.Assign, failing: _Failing) -> Fix | None:
        target = statement.targets[0]
        if len(statement.targets) > 1 or not isinstance(target, ast.Name):
            return None
        around = file.ast_around(statement)[::-1]
        if not is_builtin(file, "staticmethod", around) or is_replaced(file, "staticmethod"):
            return None
        start, end = file.ast_span(statement.value)
        edits = [file.edit(start, start, "staticmethod("), file.edit(end, end, ")")]
        is_safe = (
            failing.is_only_called
            and not file.cached(reads_namespaces)
            and not self._is_named_elsewhere(target.id)
        )
        return self.fix("safe" if is_safe else "unsafe", "Make it a static method", edits)

    def _is_named_elsewhere(self, name: str) -> bool:
        """Do other modules have the name, where they may use the attribute in another way?"""
        project = self.file.project
        word = re.compile(rf"\b{re.escape(name)}\b")
        return any(
            module is not self.file.module and word.search(project.text(module) or "")
            for module in project.modules()
        )


class _Failing(NamedTuple):
    """That calls of `function` through instances fail; `call` is the first of them."""

    function: PlainFunction
    call: str
    refusal: str
    is_only_called: bool
    """Is every use that may be of an instance's such a call?"""


def _assignment(file: FileContext, target: ast.Name) -> ast.Assign | None:
    """The assignment of which a name is a target, or a part of one."""
    around = (node for node in file.ast_around(target) if not isinstance(node, _IN_TARGETS))
    statement = next(around, None)
    return statement if isinstance(statement, ast.Assign) else None


def _failing(file: FileContext) -> Iterator[tuple[Binding, _Failing]]:
    """The functions that class bodies bind, of which calls fail."""
    candidates: list[tuple[SourceClass, Binding, PlainFunction]] = []
    for model in file.module.classes if file.module is not None else ():
        for binding in model.facts.body:
            if (
                binding.kind is not BindingKind.ASSIGN
                or binding.annotation
                or not _may_be_function(model, binding)
            ):
                continue
            function = plain_function(model, binding.name)
            if function is not None and _is_found_on_instances(model, binding.name):
                candidates.append((model, binding, function))
    if not candidates:
        return
    uses = uses_around(
        file,
        [model for model, _, _ in candidates],
        {binding.name for _, binding, _ in candidates},
    )
    uses_of: dict[str, list[Use]] = {}
    for use in uses:
        uses_of.setdefault(use.node.attr, []).append(use)
    for model, binding, function in candidates:
        failing = _failing_calls(file, model, function, uses_of.get(binding.name, ()))
        if failing is not None:
            yield binding, failing


def _may_be_function(model: SourceClass, binding: Binding) -> bool:
    """Is it a lambda, or a name that the module may have for a function?"""
    if binding.value is not ValueKind.NAME:
        return binding.value is ValueKind.LAMBDA
    root = binding.target.partition(".")[0]
    return root not in model.bound_names and any(
        bound.kind in (BindingKind.FUNCTION, BindingKind.FROM, BindingKind.IMPORT)
        for bound in model.module.bindings.get(root, ())
    )


def _is_found_on_instances(model: SourceClass, name: str) -> bool:
    return (
        finds_class_attributes(model)
        and not model.is_field_class
        and instances_bind(model, name) is Answer.NO
        and not tables.may_be_made_from(model)
        and not any(name in below.bound_names for below in model.project.subclasses(model))
    )


def _failing_calls(
    file: FileContext, model: SourceClass, function: PlainFunction, uses: Iterable[Use]
) -> _Failing | None:
    """What can be said of a function of a class body, by how its attribute is used."""
    wrong: list[tuple[Use, str]] = []
    is_only_called = True
    for use in uses:
        arguments = use.called_with
        if arguments is None or _is_class(use, model):
            # Bound to its instance, it may be called rightly by what gets it.
            is_only_called = is_only_called and _is_class(use, model)
            continue
        as_method = function.parameters.refusal(arguments.after_instance)
        if function.parameters.refusal(arguments) != "":
            if as_method == "" and _may_be_instance(use, model):
                return None  # it is called rightly
        elif as_method and _is_instance(use, model):
            wrong.append((use, as_method))
    if not wrong or may_be_patched(file, function.attribute.name):
        return None
    use, refusal = min(wrong, key=lambda found: _order(file, found[0]))
    called = quoted(ast.unparse(use.node))
    where = f"line {use.node.lineno}"
    if use.module is not file.module:
        where += f" of {use.module.file_name}"
    call = f"`{called}(…)` on {where}"
    is_only_called = is_only_called and not _is_spelled(file, function.attribute.name)
    return _Failing(function, call, refusal, is_only_called)


def _is_spelled(file: FileContext, name: str) -> bool:
    """Has the file a string that is the name, for `getattr` and its like?"""
    return name in file.cached(_strings)


def _strings(file: FileContext) -> frozenset[str]:
    nodes = walk(file.tree) if file.tree is not None else ()
    return frozenset(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _order(file: FileContext, use: Use) -> tuple[bool, str, int, int]:
    return use.module is not file.module, use.module.path, use.node.lineno, use.node.col_offset


def _is_instance(use: Use, model: SourceClass) -> bool:
    """Is it surely an instance of the class, or of one below it?"""
    receiver = use.receiver
    return (
        bool(receiver.objects)
        and not (receiver.is_open or receiver.is_unresolved)
        and all(
            isinstance(item, Instance) and item.model.is_subclass_of(model)
            for item in receiver.objects
        )
    )


def _may_be_instance(use: Use, model: SourceClass) -> bool:
    receiver = use.receiver
    return (
        receiver.is_open
        or receiver.is_unresolved
        or any(
            isinstance(item, Instance) and item.model.is_subclass_of(model)
            for item in receiver.objects
        )
    )


def _is_class(use: Use, model: SourceClass) -> bool:
    receiver = use.receiver
    return bool(receiver.objects) and all(isinstance(item, ClassModel) for item in receiver.objects)
