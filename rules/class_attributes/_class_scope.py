"""Names of a class body, used where Python doesn't look in the class body.

What a class body binds is no variable of the functions, comprehensions and classes inside of it
(https://docs.python.org/3/reference/executionmodel.html#resolution-of-names).
"""

from __future__ import annotations

import ast
import re

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.values import FreeName, free_names
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import Access, Method
from pyconcepts_lint.index.model import ClassModel, External, Module, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.class_attributes._facts import names_in_classes
from pyconcepts_lint.source.scopes import How, Scope, ScopeKind

# Built-in names of Python 2, and what runners put among the built-ins.
MAYBE_BUILTIN = frozenset(
    {
        *("apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long"),
        *("raw_input", "reduce", "reload", "unichr", "unicode", "xrange", "WindowsError"),
        *("_", "gettext", "ngettext", "get_ipython", "display", "reveal_type", "profile"),
    }
)
# How a module gets at its own namespace, or that of its caller.
_OWN_NAMESPACE = re.compile(
    r"modules\[__name__\]|import_module\(__name__\)|f_globals(?!\.get\b)|__globals__"
)


class Unseen(NamedTuple):
    """A use of a name that only the body of `model` binds, around the scope that uses it.

    `in_function` is False where there is nothing but comprehensions and class bodies between.
    `method` is the method that it stands in, `first` that method's first parameter where this
    still means it at the use. `is_augmented` is as in `FreeName`. `is_annotated`: the body has
    nothing but an annotation for the name.
    """

    node: ast.Name
    model: SourceClass
    in_function: bool
    method: Method | None
    first: str
    is_augmented: bool
    is_annotated: bool


def unseen_names(file: FileContext) -> list[Unseen]:
    """The uses, but for those that are made only where some object has the name."""
    module = file.module
    if module is None:
        return []
    names = {row.name for row in names_in_classes.of(module.facts)} - MAYBE_BUILTIN
    names = {name for name in names if not name.endswith("__")}
    if not names or is_filled_dynamically(file, module):
        return []
    names = {name for name in names if not _may_be_global(module, name)}
    models = {(model.facts.line, model.name): model for model in module.classes}
    unseen = (_unseen(use, models) for use in free_names(file, names))
    return [use for use in unseen if use is not None and not _is_asked_for(file, use)]


def _is_asked_for(file: FileContext, unseen: Unseen) -> bool:
    return only_if_it_has(path_in(file, file.ast_range(unseen.node)), (unseen.node.id,))


def _unseen(use: FreeName, models: dict[tuple[int, str], SourceClass]) -> Unseen | None:
    name = use.node.id
    own_class = use.scope.class_scope
    function: Scope | None = None  # the outermost one below the class
    annotated: Unseen | None = None
    for scope in use.scope.around():
        if scope.kind is ScopeKind.FUNCTION:
            function = scope
        node = scope.node
        if isinstance(node, ast.ClassDef):
            model = models.get((node.lineno, node.name))
            if model is None or (scope is use.scope and _may_be_prepared(model)):
                return None
            if name in scope.bound and scope is not use.scope:
                if mangled(name, node.name) != name and not _is_same_name(name, model, own_class):
                    return None
                method, first = _method(model, function, use.scope)
                is_annotated = all(each.how is How.ANNOTATION for each in scope.bound[name])
                unseen = Unseen(
                    use.node,
                    model,
                    function is not None,
                    method,
                    first,
                    use.is_augmented,
                    is_annotated,
                )
                if not is_annotated:
                    return unseen
                annotated = annotated or unseen
    return annotated if annotated is not None and annotated.in_function else None


def _is_same_name(name: str, model: SourceClass, own_class: Scope | None) -> bool:
    """Is a private name, used in a class, the one that `model` binds and nothing else does?"""
    if own_class is None or not isinstance(own_class.node, ast.ClassDef):
        return False
    private = mangled(name, model.name)
    return mangled(name, own_class.node.name) == private and not _may_be_global(
        model.module, private
    )


def is_enum(model: SourceClass) -> bool:
    """Does reading a member through another one warn, or fail, in some Pythons?"""
    return any(base.full_name == "enum.Enum" for base in model.mro or ())


def _may_be_prepared(model: SourceClass) -> bool:
    """May a metaclass put names into the class's namespace before its body is run?"""
    return model.mro is None or prepares_namespace(model)


def prepares_namespace(model: SourceClass) -> bool:
    """Is there a metaclass that may do so, as far as the classes above are known?"""
    return any(
        isinstance(base.own_metaclass, str)
        or (base.own_metaclass is not None and _prepares(base.own_metaclass))
        for base in model.mro or (model,)
    )


def _prepares(metaclass: ClassModel) -> bool:
    return metaclass.mro is None or any(
        "__prepare__" in base.bound_names for base in metaclass.mro if base.has_source
    )


def _method(model: SourceClass, function: Scope | None, inside: Scope) -> tuple[Method | None, str]:
    """The method that a function is, and its first parameter as seen from a scope."""
    node = function.node if function is not None else None
    if function is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None, ""
    for method in model.facts.methods:
        if (method.line, method.name) == (node.lineno, node.name):
            first = method.first_parameter
            means_it = inside.find(first) is function and [
                each.how for each in function.bound[first]
            ] == [How.FIRST_PARAMETER]
            return method, first if means_it else ""
    return None, ""


def is_filled_dynamically(file: FileContext, module: Module) -> bool:
    """May names be put into the module's namespace, or among the built-ins, that aren't written
    down?"""
    project = module.project
    if module.facts.dynamic_namespace or _OWN_NAMESPACE.search(file.text):
        return True
    if tables.is_loaded_by_path(project, module.path):
        return True
    for attribute in ("", "__dict__"):
        for other, receiver, _ in project.row(tables.uses, attribute):
            symbol = project.resolve(other, receiver)
            if symbol is module or symbol == External("builtins"):
                return True
    return any(
        module.qualified(decorator).rpartition(".")[2].startswith("global_")
        for model in module.classes
        for decorator in model.facts.decorators
    )


def _may_be_global(module: Module, name: str) -> bool:
    """May something put the name into the module's namespace, or among the built-ins?"""
    project = module.project
    return (
        project.may_bind(module, name)
        or project.has(tables.external_attribute_writes, name)
        or any(
            context is Access.SET and not isinstance(project.resolve(other, receiver), ClassModel)
            for other, receiver, context in project.row(tables.uses, name)
        )
    )
