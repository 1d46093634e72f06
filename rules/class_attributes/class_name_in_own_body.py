from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import TYPE_CHECKING, Access, Binding, BindingKind
from pyconcepts_lint.index.model import External, Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._class_scope import (
    MAYBE_BUILTIN,
    is_filled_dynamically,
    prepares_namespace,
)
from pyconcepts_lint.rules.class_attributes._facts import classes_naming_themselves
from pyconcepts_lint.source.ast_nodes import (
    COMPREHENSIONS,
    FUNCTIONS,
    bound_names,
    child_nodes,
    walk,
)


class ClassNameInOwnBody(Rule):
    """A class's name has no value before its class statement has run.

    ## What it finds

    The name of a class in its own class statement, where that is evaluated at once: in its header
    and its decorators, in the statements of its body and of classes inside of it, in decorators,
    default values and annotations of its methods. In functions, lambdas and generator expressions
    the name is looked up later, so it may be used there.

    Silent where something else may have bound the name: the class body, an earlier statement, a
    star import, a metaclass's `__prepare__`, Python itself. Of annotations it speaks only where
    Python 3.13 or older may run the project, and there is no `from __future__ import annotations`.

    ## Why

    A class statement runs its body like a function that is called at once. The class is made of
    what the body has bound, and only then the class statement binds the class's name. Annotations
    are evaluated there, too, up to Python 3.13; Python 3.14 evaluates them when they are asked for.

    ## Bad

    ```python
    class Money:
        def __init__(self, amount):
            self.amount = amount

        zero = Money(0)
    ```

    ```output
    NameError: name 'Money' is not defined
    ```

    ## Good

    ```python
    class Money:
        def __init__(self, amount):
            self.amount = amount

        def plus(self, other: "Money") -> "Money":
            return Money(self.amount + other.amount)


    Money.zero = Money(0)
    print(Money.zero.plus(Money(3)).amount)
    ```

    ```output
    3
    ```

    ## Fix

    There is none: an attribute can be assigned below the class, an annotation can be a string, and
    some values can be made by a function when they are needed.

    ## When to ignore it

    Where the name is put into the module in a way that can't be seen, by the program that runs it.

    ## See also

    - [Class definitions](https://docs.python.org/3/reference/compound_stmts.html#class-definitions)
    - [Annotations](https://docs.python.org/3/reference/compound_stmts.html#annotations)
    - [PEP 563, postponed evaluation of annotations](https://peps.python.org/pep-0563/)
    """

    code = "PCL110"
    name = "class-name-in-own-body"
    severity = "error"
    reads_stubs = False
    facts = ("classes_naming_themselves",)
    raises = ("NameError",)
    silences = {
        "the name is used in a function, which runs later": "in-function",
        "the module binds the name before": "bound-before",
        "it stands in an annotation of a file that doesn't evaluate them": "annotation",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        for place in () if module is None else classes_naming_themselves.of(module.facts):
            model = module.class_at(*place)  # type: ignore[union-attr]
            if model is None or not _may_name_itself(model):
                continue
            node = file.ast_at(model.facts.line, model.facts.column, ast.ClassDef)
            uses = [] if node is None else list(_uses(file, node))
            if node is None or not uses or _may_have_value(file, model, node):
                continue
            for use in uses:
                where = file.ast_range(use.node)
                if not only_if_it_has(path_in(file, where), (model.name,)):
                    yield Claim(where, _message(model.name, is_annotation=use.is_annotation))


class _Use(NamedTuple):
    node: ast.Name
    is_annotation: bool


def _message(name: str, *, is_annotation: bool) -> str:
    sentence = f"`{name}` has no value before its class statement has run: NameError"
    return f"{sentence} up to Python 3.13" if is_annotation else sentence


def _may_name_itself(model: SourceClass) -> bool:
    """Does the name mean the class there? A private name is another one in the body."""
    is_private = model.name.startswith("__") and not model.name.endswith("__")
    return not is_private and model.name not in model.bound_names


# Uses


def _uses(file: FileContext, statement: ast.ClassDef) -> Iterator[_Use]:
    """Where the name of a class is read while its class statement runs, in the order of the text."""
    module = file.module
    assert module is not None
    evaluates_annotations = "annotations" not in module.facts.future and file.supports_python(13)
    found: list[_Use] = []
    waiting: list[tuple[ast.AST, bool]] = [(part, False) for part in _parts_of_class(statement)]
    while waiting:
        node, is_annotation = waiting.pop()
        if isinstance(node, ast.Name):
            if node.id == statement.name and isinstance(node.ctx, ast.Load):
                found.append(_Use(node, is_annotation))
            continue
        at_once, annotations = _parts(node, statement.name)
        waiting += ((part, is_annotation) for part in at_once)
        if evaluates_annotations:
            waiting += ((part, True) for part in annotations)
    found.sort(key=lambda use: (use.node.lineno, use.node.col_offset))
    for use in found:
        # Up to Python 3.11, `ast` places what stands in an f-string of several lines wrongly.
        if file.ast_text(use.node) == statement.name:
            yield use


def _parts_of_class(node: ast.ClassDef) -> list[ast.AST]:
    return [*node.decorator_list, *node.bases, *node.keywords, *node.body]


def _parts(node: ast.AST, name: str) -> tuple[Sequence[ast.AST], Sequence[ast.AST]]:
    """What is evaluated when a node is, where the name means what it means around it, and the
    annotations among it."""
    if isinstance(node, ast.ClassDef):
        parts = _parts_of_class(node)
        hides = any(name in bound_names(part) for part in walk(*node.body))
        return (parts[: -len(node.body)] if hides else parts), []
    if isinstance(node, FUNCTIONS):
        return _parts_of_function(node)
    if isinstance(node, COMPREHENSIONS):
        return _parts_of_comprehension(node, name), []
    if isinstance(node, ast.AnnAssign):
        value = [] if node.value is None else [node.value]
        return [node.target, *value], [node.annotation]
    if node.__class__.__name__ == "TypeAlias":
        return [], []
    return child_nodes(node), []


def _parts_of_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
) -> tuple[Sequence[ast.AST], Sequence[ast.AST]]:
    args = node.args
    defaults = [*args.defaults, *filter(None, args.kw_defaults)]
    if isinstance(node, ast.Lambda):
        return defaults, []
    parameters = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    annotations = [each.annotation for each in parameters if each is not None]
    return (
        [*node.decorator_list, *defaults],
        [each for each in (*annotations, node.returns) if each is not None],
    )


def _parts_of_comprehension(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, name: str
) -> Sequence[ast.AST]:
    first = node.generators[0].iter
    is_lazy = isinstance(node, ast.GeneratorExp)
    if is_lazy or any(name in bound_names(part) for part in walk(node)):
        return [first]
    return child_nodes(node)


# Other things of that name


def _may_have_value(file: FileContext, model: SourceClass, node: ast.ClassDef) -> bool:
    """May a name that is looked up in the class statement be found, but for the class itself?"""
    module, name = model.module, model.name
    if prepares_namespace(model):
        return True
    if any(isinstance(part, ast.Global) and name in part.names for part in walk(*node.body)):
        return True
    scopes = [
        each for each in file.ast_around(node) if isinstance(each, (*FUNCTIONS, ast.ClassDef))
    ]
    if any(name in bound_names(part) for each in scopes for part in walk(each) if part is not node):
        return True
    if scopes and isinstance(scopes[0], FUNCTIONS):
        return False  # it is a local variable there, whatever the module has
    in_function = any(isinstance(each, FUNCTIONS) for each in scopes)
    if hasattr(builtins, name) or name in MAYBE_BUILTIN:
        return True
    return (
        _may_be_global(module, model, in_function=in_function)
        or is_filled_dynamically(file, module)
        or _is_put_among_builtins(module, name)
    )


def _may_be_global(module: Module, model: SourceClass, *, in_function: bool) -> bool:
    """May the module have bound the name before the class statement runs?"""
    place = model.facts.line, model.facts.column
    if any(
        in_function or binding.kind is BindingKind.GLOBAL or (binding.line, binding.column) < place
        for binding in module.bindings.get(model.name, ())
        if _binds(binding) and not _is_of(binding, model)
    ):
        return True
    return any(
        _may_bring(module, "." * statement.level + statement.module, model.name)
        for statement in module.facts.imports
        if statement.names[0][0] == "*" and (in_function or statement.line < place[0])
    )


def _binds(binding: Binding) -> bool:
    return binding.kind is not BindingKind.ANNOTATION and not binding.flags & TYPE_CHECKING


def _is_of(binding: Binding, model: SourceClass) -> bool:
    """Is it the class statement itself?"""
    return binding.kind is BindingKind.CLASS and binding.class_number == model.number


def _may_bring(module: Module, source: str, name: str) -> bool:
    """May a star import bind the name?"""
    absolute = module.absolute(source)
    found = None if absolute is None else module.project.imported(module, absolute)
    if isinstance(found, External):
        return module.project.attribute_of(found, name) is not None
    return not isinstance(found, Module) or module.project.may_bind(found, name)


def _is_put_among_builtins(module: Module, name: str) -> bool:
    project = module.project
    return any(
        context is not Access.READ and project.resolve(other, receiver) == External("builtins")
        for other, receiver, context in project.row(tables.uses, name)
    )
