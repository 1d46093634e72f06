from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import rebinds
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import MethodKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Attribute, ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._facts import called_attributes, plain_properties
from pyconcepts_lint.source.ast_nodes import walk


class PropertyCalled(Rule):
    """A property is called as if it were a method: what it returns gets the call.

    ## What it finds

    `obj.size()`, where `size` surely is a property of the object's class, and its getter returns
    a number, a string, a list or another built-in object that can't be called: each `return` of it
    says so, or its annotation.

    The object is the instance of a method (`self`), or what the call of a class has made. Silent where
    a subclass has another `size`, where a base isn't known, and where other code assigns `size` to
    the class.

    ## Why

    Reading an attribute that is a property calls its getter. `obj.size` is what that returns; the
    brackets behind it call the result once more, and a number can't be called. What was a method once,
    and became a property, is so called in the old way.

    ## Bad

    ```python
    class Basket:
        def __init__(self, *items):
            self.items = items

        @property
        def size(self):
            return len(self.items)


    print(Basket("tea", "milk").size())
    ```

    ```output
    TypeError: 'int' object is not callable
    ```

    ## Good

    ```python
    class Basket:
        def __init__(self, *items):
            self.items = items

        @property
        def size(self):
            return len(self.items)


    print(Basket("tea", "milk").size)
    ```

    ```output
    2
    ```

    ## Fix

    Takes the brackets away, where nothing stands between them. It is unsafe: the property may have to
    be a method.

    ## When to ignore it

    Where the annotation of the getter isn't true.

    ## See also

    - [`property`](https://docs.python.org/3/library/functions.html#property)
    - [Properties, in the descriptor guide](https://docs.python.org/3/howto/descriptor.html#properties)
    """

    code = "PCL509"
    name = "property-called"
    severity = "error"
    reads_stubs = False
    facts = ("called_attributes",)
    raises = ("TypeError",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None:
            return
        project = file.project
        names = {
            called.name
            for called in called_attributes.of(module.facts)
            if _may_be_property(project.row(tables.possible_descriptors, called.name))
        }
        if not names or file.tree is None:
            return
        calls: dict[ast.expr, ast.Call] = {
            node.func: node
            for node in walk(file.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in names
        }
        for call, model in _called(file, calls):
            assert isinstance(call.func, ast.Attribute)
            found = _found(model, mangled(call.func.attr, model.name))
            if found is not None:
                shown = file.ast_quote(call.func)
                yield Claim(
                    file.ast_range(call),
                    f"`{found.attribute.owner.name}.{call.func.attr}` is a property: `{shown}` is the "
                    f"{found.gives} that it returns, which the brackets call; TypeError: "
                    f"'{found.gives}' object is not callable",
                    self._fix(file, call),
                    related=definition(found.attribute, "this is the property"),
                )

    def _fix(self, file: FileContext, call: ast.Call) -> Fix | None:
        if call.args or call.keywords:
            return None
        start, end = file.ast_span(call.func)[1], file.ast_span(call)[1]
        if "#" in file.text[start:end]:
            return None
        return self.fix("unsafe", "Take the brackets away", [file.edit(start, end, "")])


class _Property(NamedTuple):
    attribute: Attribute
    gives: str


def _may_be_property(models: Sequence[SourceClass]) -> bool:
    return any(plain_properties.of(model.module.facts) for model in models)


def _called(
    file: FileContext, calls: Mapping[ast.expr, ast.Call]
) -> Iterator[tuple[ast.Call, SourceClass]]:
    """The calls of attributes of what surely is an instance of a class."""
    from pyconcepts_lint.analysis.names import is_bound_again, method_at
    from pyconcepts_lint.analysis.values import Instance, origins

    others: dict[ast.expr, ast.Call] = {}
    assert file.module is not None
    for func, call in calls.items():
        assert isinstance(func, ast.Attribute)
        if isinstance(func.value, ast.Name) and func.value.id == "self":
            model, method = method_at(file.module, call.lineno)
            if (
                model is not None
                and method is not None
                and method.kind is MethodKind.INSTANCE
                and method.first_parameter == "self"
                and "mixin" not in model.name.lower()
            ):
                function = file.statement(method.line, method.end_line)
                if function is not None and not is_bound_again(function, "self"):
                    yield call, model
        else:
            others[func] = call

    def ask(node: ast.expr) -> ast.expr | None:
        return node.value if node in others and isinstance(node, ast.Attribute) else None

    for asked in origins(file, ask) if others else ():
        origin = asked.origin
        if origin.is_open or origin.is_unresolved or len(origin.objects) != 1:
            continue
        (made,) = origin.objects
        if isinstance(made, Instance) and isinstance(made.model, SourceClass):
            yield others[asked.node], made.model


def _found(model: SourceClass, name: str) -> _Property | None:
    """The plain property that the class, and each of its subclasses, has under a name."""
    found = _plain(model, name)
    if found is None or tables.may_be_made_from(model) or rebinds(model, name) is not Answer.NO:
        return None
    if any(_plain(below, name) is None for below in model.project.subclasses(model)):
        return None
    return found


def _plain(model: ClassModel, name: str) -> _Property | None:
    if model.mro is None:
        return None
    for base in model.mro:
        if isinstance(base, SourceClass) and (
            not base.decorators_keep_class
            or not base.plain_metaclass
            or "__getattribute__" in base.bound_names
        ):
            return None
    attribute = model.lookup(name)
    if attribute is None or attribute.kind is not AttributeKind.PROPERTY:
        return None
    owner = attribute.owner
    bindings = (
        [b for b in owner.facts.body if b.name == name] if isinstance(owner, SourceClass) else []
    )
    if not isinstance(owner, SourceClass) or len(bindings) != 1:
        return None
    for row in plain_properties.of(owner.module.facts):
        if row.name == name and owner.facts.line < row.line <= owner.facts.end_line:
            return _Property(attribute, row.gives)
    return None
