from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import Binding, BindingKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.index.references import class_number
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._hooks import bound_in_classes

_SUFFIXES = (".setter", ".getter", ".deleter")


class PropertySetterNotInherited(Rule):
    """A class body doesn't see inherited names: `@x.setter` needs `@Base.x.setter`.

    ## What it finds

    `@x.setter`, `@x.getter` or `@x.deleter` in the body of a subclass where `x` is a property of a
    base class, and neither the class body above nor anything around it binds `x`. Silent where a
    base class isn't known, and where a metaclass makes the namespace of the class body
    (`__prepare__`).

    ## Why

    A decorator is an expression, evaluated while the class body runs. The names that it can see
    are those which the body has bound so far, then the module's and the built-in ones. What a
    class inherits is found by attribute access only, on the class or an instance, once the class
    has been made.

    ## Bad

    ```python
    class Priced:
        @property
        def price(self):
            return self._price


    class Discounted(Priced):
        @price.setter
        def price(self, value):
            self._price = value * 0.9
    ```

    ```output
    NameError: name 'price' is not defined
    ```

    ## Good

    ```python
    class Priced:
        @property
        def price(self):
            return self._price


    class Discounted(Priced):
        @Priced.price.setter
        def price(self, value):
            self._price = value * 0.9


    product = Discounted()
    product.price = 10
    print(product.price)
    ```

    ```output
    9.0
    ```

    ## Fix

    Names the direct base that has the property. It is unsafe: a class statement that failed
    makes a class from now on. There is none where the base has no name that the class body sees.

    ## When to ignore it

    Where the class body is run with a namespace of its own (`types.new_class`, `exec`).

    ## See also

    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    - [`property`](https://docs.python.org/3/library/functions.html#property)
    """

    code = "PCL507"
    name = "property-setter-not-inherited"
    severity = "error"
    reads_stubs = False
    facts = ("decorated_methods",)
    raises = ("NameError",)
    silences = {
        "the class body has bound the name above": "own-property",
        "the module has the name": "module-name",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or not any(
            suffix in name for name in file.cached(bound_in_classes) for suffix in _SUFFIXES
        ):
            return
        for model in file.module.classes:
            for binding in model.facts.body:
                if binding.kind is BindingKind.FUNCTION and any(
                    s in decorator for decorator in binding.decorators for s in _SUFFIXES
                ):
                    found = (_unbound(model, binding, name) for name in binding.decorators)
                    unbound = next((each for each in found if each is not None), None)
                    if unbound is not None:
                        yield from self._claims(file, binding, unbound)

    def _claims(self, file: FileContext, binding: Binding, unbound: _Unbound) -> Iterator[Claim]:
        node = file.function_at(binding.line, binding.column)
        if node is None or _may_be_bound(file, unbound.name, node):
            return
        decorator = next(d for d in node.decorator_list if dotted_name(d) == unbound.decorator)
        yield Claim(
            file.decorator_range(decorator),
            f"`@{unbound.decorator}` raises NameError: a class body doesn't see what its class "
            f"inherits; the property is `{unbound.owner}.{unbound.name}`",
            self._fix(file, decorator, unbound),
        )

    def _fix(self, file: FileContext, node: ast.expr, unbound: _Unbound) -> Fix | None:
        if not unbound.base:
            return None
        edit = file.edit(*file.ast_span(node), f"{unbound.base}.{unbound.decorator}")
        return self.fix("unsafe", f"Name the property as `{unbound.base}.{unbound.name}`", [edit])


class _Unbound(NamedTuple):
    """That a decorator of a class body, such as `x.setter`, uses a name that isn't bound there.

    `name` is that of a property which the class inherits from the class named `owner`; `base` is
    a name of the direct base that has it, or "".
    """

    decorator: str
    name: str
    owner: str
    base: str


def _may_be_bound(
    file: FileContext, name: str, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> bool:
    """May something around the class of a method bind the name?"""
    around = file.ast_around(function)
    number = next(n for n, node in enumerate(around) if isinstance(node, ast.ClassDef))
    return hasattr(builtins, name) or not is_builtin(file, name, around[:number:-1])


def _unbound(model: SourceClass, binding: Binding, decorator: str) -> _Unbound | None:
    name, dot, accessor = decorator.rpartition(".")
    if dot + accessor not in _SUFFIXES or "." in name or name.startswith("__"):
        return None
    above = {
        other.name
        for other in model.facts.body
        if (other.line, other.column) < (binding.line, binding.column)
        and other.kind is not BindingKind.ANNOTATION
    }
    if name in above or model.mro is None or not all(base.plain_metaclass for base in model.mro):
        return None
    inherited = (base.attributes.get(name) for base in model.mro[1:])
    attribute = next(
        (a for a in inherited if a is not None and a.kind is not AttributeKind.FIELD), None
    )
    if attribute is None or attribute.kind is not AttributeKind.PROPERTY:
        return None
    for base, written in zip(model.bases or (), model.facts.bases, strict=False):
        found = base.lookup(name)
        if found is not None and found.owner is attribute.owner:
            can_be_named = class_number(written) is None and written.partition(".")[0] not in above
            return _Unbound(decorator, name, attribute.owner.name, written if can_be_named else "")
    return None
