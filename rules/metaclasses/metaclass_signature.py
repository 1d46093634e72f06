from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import rebinds
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import CONDITIONAL, BindingKind
from pyconcepts_lint.index.kinds import FAITHFUL_METACLASSES, HARMLESS_METACLASSES
from pyconcepts_lint.index.model import (
    ClassModel,
    LiveClass,
    Module,
    SourceClass,
    appropriate_metaclass,
)
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.metaclasses._class_statements import are_bases_changed, may_mean_others
from pyconcepts_lint.source.ast_nodes import lines_with, walk_at
from pyconcepts_lint.source.signatures import Arguments, Parameters, arguments_of, read_parameters

_DECORATORS = {
    "__prepare__": ("classmethod",),
    "__new__": ("staticmethod",),
    "__init_subclass__": ("classmethod",),
}
_BOUND = frozenset({"__init__", "__call__", "__init_subclass__"})
"""What gets the object that it is looked up on, without a decorator."""


class MetaclassSignature(Rule):
    """A metaclass whose methods can't take what a class statement, or a call of the class, passes.

    ## What it finds

    - A class statement that its metaclass refuses: the name, the bases, the namespace and the
      keywords of the header go to the metaclass's `__prepare__` (without the namespace), `__new__`
      and `__init__`; the keywords go on to the `__init_subclass__` of the bases, where `type` makes
      the class.
    - A call of a class, where the metaclass's `__call__` can't take the arguments.

    Silent where the metaclass, a base or one of these methods isn't known, is decorated or assigned
    from elsewhere, and where a call has `*args` or `**kwargs`. Only methods that the project defines
    are looked at.

    ## Why

    `class C(Base, metaclass=Meta, color="red")` calls `Meta.__prepare__("C", (Base,), color="red")`,
    runs the body, and calls `Meta("C", (Base,), namespace, color="red")`. That calls `Meta.__new__`
    with the metaclass before all these arguments, then `Meta.__init__` with the new class before
    them: what the one takes, the other has to take as well. And `C(1)` calls `Meta.__call__(C, 1)`,
    where the metaclass has one, before any `__init__` of the class.

    ## Bad

    ```python
    class Colored(type):
        def __new__(mcs, name, bases, namespace, color="white"):
            made = super().__new__(mcs, name, bases, namespace)
            made.color = color
            return made

        def __init__(cls, name, bases, namespace):
            super().__init__(name, bases, namespace)


    class Shirt(metaclass=Colored, color="red"):
        pass
    ```

    ```output
    TypeError: Colored.__init__() got an unexpected keyword argument 'color'
    ```

    ```python
    class Single(type):
        made = None

        def __call__(cls):
            if cls.made is None:
                cls.made = super().__call__()
            return cls.made


    class Till(metaclass=Single):
        def __init__(self, number):
            self.number = number


    Till(3)
    ```

    ```output
    TypeError: Single.__call__() takes 1 positional argument but 2 were given
    ```

    ## Good

    ```python
    class Colored(type):
        def __new__(mcs, name, bases, namespace, color="white"):
            made = super().__new__(mcs, name, bases, namespace)
            made.color = color
            return made

        def __init__(cls, name, bases, namespace, **keywords):
            super().__init__(name, bases, namespace)


    class Shirt(metaclass=Colored, color="red"):
        pass


    print(Shirt.color)
    ```

    ```output
    red
    ```

    ## Fix

    There is none: whether the method should take more, or the class statement pass less, only the
    author knows.

    ## When to ignore it

    Where the metaclass gets another method in a way that can't be seen.

    ## See also

    - [Customizing class creation](https://docs.python.org/3/reference/datamodel.html#customizing-class-creation)
    - [`object.__init_subclass__`](https://docs.python.org/3/reference/datamodel.html#object.__init_subclass__)
    - [Calls](https://docs.python.org/3/reference/expressions.html#calls)
    """

    code = "PCL308"
    name = "metaclass-signature"
    severity = "error"
    reads_stubs = False
    facts = ("class_headers", "call_shapes")
    raises = ("TypeError",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or file.is_python2:
            return
        for model in file.module.classes:
            facts = model.facts
            if facts.bases or facts.metaclass or facts.keywords:
                yield from self._of_statement(file, model)
        if any(map(_may_refuse, file.project.row(tables.bound_attributes, "__call__"))):
            names = tables.called_through_metaclass(file.project)
            lines = lines_with(file.text, names)
            yield from self._of_calls(file, file.module, names, lines)

    def _of_statement(self, file: FileContext, model: SourceClass) -> Iterator[Claim]:
        found = _statement_refusal(model)
        if found is None:
            return
        if any(
            isinstance(base, SourceClass) and _statement_refusal(base) for base in model.bases or ()
        ):
            return  # it isn't reached
        where = file.definition_range(model.facts.line, model.facts.column)
        if not may_mean_others(file, model, where) and not are_bases_changed(model):
            called = f" calls `{found.called}`" if found.called else ""
            yield Claim(
                where,
                f"making `{model.name}`{called}{'; ' if called else ' raises '}TypeError: {found.text}",
            )

    def _of_calls(
        self, file: FileContext, module: Module, names: Collection[str], lines: Sequence[int]
    ) -> Iterator[Claim]:
        """What there is to say of calls on some lines, of what may have one of some names."""
        for node in walk_at(lines, *file.statements_at(lines)):
            name = dotted_name(node.func) if isinstance(node, ast.Call) else ""
            if name.rpartition(".")[2] not in names or not isinstance(node, ast.Call):
                continue
            model = file.project.resolve(module, name)
            found = _call_refusal(model, node) if isinstance(model, SourceClass) else None
            if found is not None and not _is_elsewhere(file, module, node, name):
                text = f"`{file.ast_quote(node.func)}(…)` calls `{found.called}`; TypeError: {found.text}"
                yield Claim(file.ast_range(node), text)


class _Refusal(NamedTuple):
    """What a TypeError says, and the function that raises it, with its parameters ("" for none)."""

    text: str
    called: str = ""


# Class statements


def _statement_refusal(model: SourceClass) -> _Refusal | None:
    """Why a class statement surely fails, if what it passes can't be taken."""
    keywords, metaclass = model.facts.keywords, _metaclass_of(model)
    if metaclass is None or model.mro is None:
        return None
    if isinstance(metaclass, LiveClass) and not keywords and not model.has_told_base:
        return None  # as it is with nearly all classes
    prepares, makes, starts = (
        _method(metaclass, name) for name in ("__prepare__", "__new__", "__init__")
    )
    if prepares is None or makes is None:
        return None
    refused = prepares.refusal(Arguments(2, keywords)) or makes.refusal(Arguments(4, keywords))
    if refused is None and makes.hands_keywords_on:
        refused = _subclass_refusal(model, keywords)
    if refused is not None or starts is None:
        return refused
    is_started = makes.parameters is None or metaclass.passes_bases_on
    return starts.refusal(Arguments(3, keywords)) if is_started else None


def _metaclass_of(model: SourceClass) -> ClassModel | None:
    """The metaclass that the class statement surely calls, itself made by `type`."""
    own = model.header_metaclass
    if isinstance(own, str) or model.bases is None:
        return None
    found = appropriate_metaclass(own, model.bases)
    if not isinstance(found, ClassModel) or found.mro is None:
        return None
    is_plain = all(base.own_metaclass is None and base.decorators_keep_class for base in found.mro)
    return found if is_plain else None


def _subclass_refusal(model: SourceClass, keywords: tuple[str, ...]) -> _Refusal | None:
    """Why the `__init_subclass__` that `type` calls surely refuses the keywords of the header."""
    above = (model.mro or ())[1:]
    owner = next(base for base in above if "__init_subclass__" in base.bound_names)
    method = _method(owner, "__init_subclass__")
    if method is None:
        return None
    refusal: _Refusal | None
    if keywords and isinstance(owner, LiveClass) and owner.live is object:
        refusal = _Refusal(f"{model.name}.__init_subclass__() takes no keyword arguments")
    else:
        refusal = method.refusal(Arguments(0, keywords))
    if refusal is None or any(  # most statements are accepted: the rest takes longer to find out
        isinstance(base, SourceClass) and rebinds(base, "__init_subclass__") is not Answer.NO
        for base in above
    ):
        return None
    return refusal


# Calls of classes


def _may_refuse(model: SourceClass) -> bool:
    """Is it a metaclass with a `__call__` that doesn't take whatever it is given?"""
    taken = (read_parameters(b.target) for b in model.facts.body if b.name == "__call__")
    return _is_metaclass(model) and not all(
        each.takes_any_positional and each.takes_any_keyword and each.required < 2 for each in taken
    )


def _is_metaclass(model: SourceClass) -> bool:
    return model.full_name not in FAITHFUL_METACLASSES and any(
        base.full_name == "builtins.type" for base in model.mro or ()
    )


def _call_refusal(model: SourceClass, call: ast.Call) -> _Refusal | None:
    """Why the `__call__` of a class's metaclass surely refuses what a call passes."""
    if model.metaclass is None or not model.is_as_written or not _metaclass_of(model):
        return None
    method = _method(model.metaclass, "__call__")
    arguments = arguments_of(call)
    if method is None or method.parameters is None or arguments.is_open:
        return None
    return method.refusal(arguments)


def _is_elsewhere(file: FileContext, module: Module, node: ast.Call, name: str) -> bool:
    """May the name mean something else where it is called?"""
    from pyconcepts_lint.analysis.context import path_in
    from pyconcepts_lint.analysis.names import is_local

    root = name.partition(".")[0]
    path = path_in(file, file.ast_range(node))
    return (
        not path
        or is_local(file, root, path)
        or module.facts.dynamic_namespace
        or file.project.has(tables.rebound_names, name.rpartition(".")[2])
    )


# What classes have


class _Method(NamedTuple):
    """A function that a class surely has; without `parameters` it is Python's own, which takes
    everything. `hands_keywords_on`: to the `__init_subclass__` of the bases."""

    name: str
    parameters: Parameters | None = None
    is_bound: bool = False
    hands_keywords_on: bool = False

    def refusal(self, arguments: Arguments) -> _Refusal | None:
        if self.parameters is None:
            return None
        refused = self.parameters.refusal(arguments.after_instance if self.is_bound else arguments)
        if not refused:
            return None
        return _Refusal(f"{self.name}() {refused}", f"{self.name}({self.parameters.shown})")


def _method(model: ClassModel, name: str) -> _Method | None:
    """What a class has under a name; None where that isn't known, or isn't the project's."""
    owner = next((base for base in model.mro or () if name in base.bound_names), None)
    if owner is None or any(
        isinstance(base, SourceClass)
        and base.is_project_class
        and (base.facts.dynamic_body or rebinds(base, name) is not Answer.NO)
        for base in model.mro or ()
    ):
        return None
    if isinstance(owner, LiveClass) or owner.full_name in FAITHFUL_METACLASSES:
        return _Method(name, hands_keywords_on=owner.full_name in HARMLESS_METACLASSES)
    if not isinstance(owner, SourceClass) or not owner.is_project_class:
        return None
    bindings = [
        b for b in owner.facts.body if b.name == name and b.kind is not BindingKind.ANNOTATION
    ]
    binding = bindings[0] if len(bindings) == 1 else None
    if binding is None or binding.kind is not BindingKind.FUNCTION or binding.flags & CONDITIONAL:
        return None
    if binding.decorators not in ((), _DECORATORS.get(name, ())):
        return None
    is_bound = "classmethod" in binding.decorators or name in _BOUND
    return _Method(f"{owner.qualname}.{name}", read_parameters(binding.target), is_bound)
