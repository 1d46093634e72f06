from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import IMPORT_KINDS, ClassCall
from pyconcepts_lint.index.model import Attribute, SourceClass
from pyconcepts_lint.index.references import is_local_reference, local_reference
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._functions import is_standard, may_be_patched, plain_function
from pyconcepts_lint.source.signatures import read_arguments


class CallWithoutInstance(Rule):
    """A method that is called through its class gets no instance but the one that is passed.

    ## What it finds

    `C.method(…)` with too few arguments, where `C` is a class of the project and `method` a
    plain method of it or of its bases: one whose function is not wrapped by a decorator that
    may change it, and to which nothing else of the project is assigned. `cls.method(…)` in a
    class method counts, too, where no subclass in the project has a `method` of its own. Classes
    whose names start with a lower-case letter are not looked at.

    ## Why

    `instance.method()` passes the instance: looking a function up on an instance gives a bound
    method, which puts the instance before the arguments. Looking it up on the class gives the
    function itself, and nothing is put anywhere: `C.method(instance)` is the call to which
    `instance.method()` is translated, and `C.method()` is short of an argument.

    ## Bad

    ```python
    class Customer:
        def letter(self):
            return "Dear customer"


    print(Customer.letter())
    ```

    ```output
    TypeError: Customer.letter() missing 1 required positional argument: 'self'
    ```

    ## Good

    ```python
    class Customer:
        def letter(self):
            return "Dear customer"


    customer = Customer()
    print(customer.letter())
    print(Customer.letter(customer))
    ```

    ```output
    Dear customer
    Dear customer
    ```

    ## Fix

    There is none: which instance was meant can't be seen.

    ## When to ignore it

    Where the class is given another attribute of that name in a way that can't be seen: from
    outside the project, or under a name that isn't written down.

    ## See also

    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [Method objects](https://docs.python.org/3/tutorial/classes.html#method-objects)
    """

    code = "PCL402"
    name = "call-without-instance"
    severity = "error"
    reads_stubs = False
    facts = ("class_calls",)
    raises = ("TypeError",)
    silences = {
        "it is a class method, or a static one": "class-method",
        "something assigns another one to the class": "rebound",
        "the metaclass has a method of that name, or isn't known": "metaclass",
        "a test expects the error": "expected",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for call in file.module.facts.class_calls if file.module is not None else ():
            refusal = _refusal(file, call)
            node = _call_of(file, call) if refusal is not None else None
            if refusal is not None and node is not None:
                yield Claim(
                    file.ast_range(node),
                    _message(file, node, call, refusal),
                    related=definition(refusal.attribute, "this is the method"),
                )


class _Refusal(NamedTuple):
    """That a call fails, and why. `first` is the parameter that its first argument, if any, is
    for."""

    text: str
    first: str | None
    attribute: Attribute


def _call_of(file: FileContext, call: ClassCall) -> ast.Call | None:
    called = file.ast_at(call.line, call.column, ast.Attribute)
    if called is None:
        return None
    return next(
        node
        for node in file.ast_around(called)
        if isinstance(node, ast.Call) and node.func is called
    )


def _message(file: FileContext, node: ast.Call, call: ClassCall, refusal: _Refusal) -> str:
    text = file.ast_quote(node)
    if refusal.first is None:
        passes = f"`{text}` goes through the class, which passes no instance"
    else:
        passes = f"`{text}` goes through the class: its first argument is `{refusal.first}`"
    return f"{passes}; TypeError: {refusal.text}"


def _refusal(file: FileContext, call: ClassCall) -> _Refusal | None:
    assert file.module is not None
    if not _may_be_of_project(file, call.receiver):
        return None
    model = file.project.resolve(file.module, call.receiver)
    if not isinstance(model, SourceClass) or not model.is_project_class:
        return None
    function = plain_function(model, call.attribute)
    if function is None or may_be_patched(file, call.attribute):
        return None
    if call.is_own_class and (
        tables.may_be_made_from(model)
        or any(call.attribute in below.bound_names for below in file.project.subclasses(model))
    ):
        return None
    arguments = read_arguments(call.passed)
    refusal = function.parameters.refusal(arguments)
    if not refusal or not refusal.startswith("missing") or "keyword-only" in refusal:
        return None
    first = function.parameters.first if arguments.positional else None
    return _Refusal(refusal, first, function.attribute)


def _may_be_of_project(file: FileContext, receiver: str) -> bool:
    """Can what is called be the project's at all? Asked before a module is read to find out."""
    module = file.module
    assert module is not None
    root = receiver.partition(".")[0]
    if is_local_reference(receiver):
        reference = local_reference(receiver)
        if reference.class_number >= 0:
            return True
        sources = [reference.imported.module]
    else:
        sources = [
            binding.imported.module
            for binding in module.bindings.get(root, ())
            if binding.kind in IMPORT_KINDS
        ]
    return not any(is_standard(module, source) for source in sources)
