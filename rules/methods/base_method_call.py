from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from pyconcepts_lint.analysis import super_calls
from pyconcepts_lint.analysis.super_calls import Context, Place, first_parameter
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import MethodKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._arguments import without_first_argument
from pyconcepts_lint.rules.methods._facts import base_calls
from pyconcepts_lint.source.ast_nodes import walk


class BaseMethodCall(Rule):
    """`Base.method(self)` in an override calls that base's method, whatever the MRO says.

    ## What it finds

    `Base.method(self, …)` inside of `method` itself, `Base` being a direct base of the class. This
    rule is off by default: such a call is right where it is one base's method that is meant.

    ## Why

    Where a class has several bases, all its classes stand in one line, the *method resolution
    order*. `super().method()` calls the next one in that line, so that each class comes once.
    A call by name goes to that base, whatever stands between the two: in a subclass with more
    bases, methods are left out or called twice.

    ## Bad

    ```python
    class Shape:
        def draw(self):
            print("Shape")


    class Filled(Shape):
        def draw(self):
            print("Filled")
            Shape.draw(self)


    class Framed(Shape):
        def draw(self):
            print("Framed")
            Shape.draw(self)


    class Button(Filled, Framed):
        pass


    Button().draw()
    ```

    ```output
    Filled
    Shape
    ```

    ## Good

    ```python
    class Shape:
        def draw(self):
            print("Shape")


    class Filled(Shape):
        def draw(self):
            print("Filled")
            super().draw()


    class Framed(Shape):
        def draw(self):
            print("Framed")
            super().draw()


    class Button(Filled, Framed):
        pass


    Button().draw()
    ```

    ```output
    Filled
    Framed
    Shape
    ```

    ## Fix

    Says `super().draw()`; inside of a function or comprehension in the method, `super(Filled,
    self).draw()`. It is unsafe: with another order of classes it calls another method. There is
    none in a class with several bases, where each of them may have to be called, nor where the file
    binds the name `super`, the class can't be named, or a comment would get lost.

    ## When to ignore it

    Where one base's method is meant, as between bases that know nothing of each other, or to pass
    over what stands between; in code that is still run by Python 2, too, whose `super` takes
    arguments and whose classes need not have `object` as a base.

    ## See also

    - [`super`](https://docs.python.org/3/library/functions.html#super)
    - [The method resolution order](https://docs.python.org/3/howto/mro.html)
    """

    code = "PCL403"
    name = "base-method-call"
    severity = "note"
    reads_stubs = False
    on = False
    facts = ("base_calls",)
    silences = {
        "another method is called than the one around": "other-method",
        "the class that is named is no direct base": "no-direct-base",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for call in _base_calls(file):
            written = call.node.func
            assert isinstance(written, ast.Attribute)
            base, method = ast.unparse(written.value), written.attr
            instance = ast.unparse(call.node.args[0])
            yield Claim(
                file.ast_range(call.node),
                f"`{base}.{method}({instance}, …)` calls the method of `{base}`, whatever comes "
                f"behind `{call.model.name}` in the method resolution order; `super().{method}(…)` "
                "follows it",
                self._fix(file, call),
            )

    def _fix(self, file: FileContext, call: _BaseCall) -> Fix | None:
        context = call.context
        if len(call.model.facts.bases) > 1 or not file.cached(super_calls.is_builtin):
            return None
        class_name, instance = context.class_name(), context.instance_name()
        if not context.is_in_method and class_name and instance:
            new = f"super({class_name}, {instance})"
        elif context.is_in_method and call.model.is_returned_by_decorators:
            new = "super()"
        else:
            return None
        written = call.node.func
        assert isinstance(written, ast.Attribute)
        edits = [file.edit(*file.ast_span(written.value), new)]
        if written.attr != "__new__":
            removal = without_first_argument(file, call.node)
            if removal is None:
                return None
            edits.append(removal)
        return self.fix("unsafe", f"Use `{new}`", edits, python3=True)


class _BaseCall(NamedTuple):
    node: ast.Call
    context: Context
    model: SourceClass
    """The class in whose method the call stands."""


def _base_calls(file: FileContext) -> Collection[_BaseCall]:
    """The calls of a direct base's method in its own override."""
    found: dict[Place, _BaseCall] = {}
    calls = base_calls.of(file.module.facts) if file.module is not None else ()
    for start in super_calls.parts(file, [call.line for call in calls]):
        places = {
            file.ast_place(node.lineno, node.col_offset)
            for node in walk(start[-1])
            if isinstance(node, ast.Call) and _may_be_base_call(node)
        }
        for path in super_calls.paths(file, places, start) if places else ():
            node = path[-1]
            if isinstance(node, ast.Call) and _may_be_base_call(node):
                context = Context(file, path)
                model = context.model
                if model is not None and _is_of_base(node, context, model):
                    place = file.ast_place(node.lineno, node.col_offset)
                    found[place] = _BaseCall(node, context, model)
    return found.values()


def _may_be_base_call(node: ast.Call) -> bool:
    called = node.func
    return (
        isinstance(called, ast.Attribute)
        and bool(node.args)
        and isinstance(node.args[0], ast.Name)
        and dotted_name(called.value) != ""
    )


def _is_of_base(node: ast.Call, context: Context, model: SourceClass) -> bool:
    """Does it call a direct base's method of the same name, with the method's own instance?"""
    called, method = node.func, context.method
    assert isinstance(called, ast.Attribute)
    name = called.attr
    if method is None or method.name != name or mangled(name, "C") != name:
        return False
    instance = node.args[0]
    if not isinstance(instance, ast.Name) or instance.id != first_parameter(method):
        return False
    kind = next((m.kind for m in model.facts.methods if m.line == method.lineno), None)
    if kind is not (MethodKind.CLASS if name == "__new__" else MethodKind.INSTANCE):
        return False
    if context.instance_name() != instance.id and name != "__new__":
        return False
    written = dotted_name(called.value)
    return not context.may_bind(written.partition(".")[0]) and _is_method_of_base(
        model, written, name
    )


def _is_method_of_base(model: SourceClass, written: str, name: str) -> bool:
    """Is `written` a direct base of the class, and its attribute `name` a method, as far as it
    is known?"""
    facts = model.facts
    if written not in facts.bases and (facts.bases or written != "object"):
        return False
    base = model.project.class_named(model.module, written)
    if name == "__new__" or base is None or base.mro is None:
        return True
    attribute = base.lookup(name)
    return attribute is not None and attribute.kind is AttributeKind.FUNCTION
