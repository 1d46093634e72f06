"""What Python 2's methods of dictionaries may be called on: PCL701 and PCL704."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from pyconcepts_lint.analysis.context import heeds_both_pythons, instance_tests
from pyconcepts_lint.analysis.values import Instance, PossibleValues, origins
from pyconcepts_lint.base.finding import Applicability
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import IMPORT_KINDS
from pyconcepts_lint.index.model import ClassModel
from pyconcepts_lint.rule_api.file import FileContext

_ABSTRACT_DICTIONARIES = frozenset({"Mapping", "MutableMapping"})  # wherever they come from
_LOOKING_ELSEWHERE = ("__getattr__", "__getattribute__")


def reads(
    file: FileContext, names: Collection[str]
) -> Iterator[tuple[ast.Attribute, PossibleValues]]:
    """Where attributes of some names are read, each with what its receiver may be.

    Nowhere in a file that names them in comments and strings only, or has a `dict` with them.
    """
    if not file.lines_with(names) or file.cached(has_python2_dictionaries):
        return

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute) and node.attr in names:
            return node.value if isinstance(node.ctx, ast.Load) else None
        return None

    for node, origin in origins(file, ask):
        assert isinstance(node, ast.Attribute)
        yield node, origin


def may_be_dictionaries(file: FileContext, origin: PossibleValues, old: str, new: str) -> bool:
    """May something be instances of dictionaries, and be nothing that is known to be else?

    Args:
        file: the file at hand.
        origin: what it may be.
        old, new: the names of a method in Python 2, and in Python 3.
    """
    return not origin.is_unresolved and all(
        isinstance(item, Instance) and _lacks(file, item.model, old, new) for item in origin.objects
    )


def are_classes(file: FileContext, origin: PossibleValues, old: str, new: str) -> bool:
    """Is it surely the classes of dictionaries?"""
    return (
        not origin.is_unresolved
        and bool(origin.objects)
        and all(
            isinstance(item, ClassModel) and _lacks(file, item, old, new) for item in origin.objects
        )
    )


def are_known_dictionaries(file: FileContext, origin: PossibleValues) -> bool:
    """Is everything that it may be an instance of `dict`?"""
    dictionary = file.project.builtin_class("dict")
    return not origin.is_open and all(
        isinstance(item, Instance) and item.model.is_subclass_of(dictionary)
        for item in origin.objects
    )


def safety(
    file: FileContext, origin: PossibleValues, receiver: ast.expr, old: str
) -> Applicability | None:
    """How safe it is to rename a method that only Python 2's dictionaries had; None where the
    receiver is more likely something of the project's own.

    Args:
        file: the file at hand.
        origin: what the receiver may be.
        receiver: the expression for it.
        old: the method's name in Python 2.
    """
    if origin.objects and not origin.is_open:
        return "safe"
    is_own = bool(file.project.row(tables.own_names, old))
    is_certain = not is_own and not file.project.row(tables.bound_attributes, old)
    if file.is_python2 or origin.objects:
        return "safe" if is_certain else "unsafe"
    if is_own:
        return None
    return "safe" if is_certain and _is_variable(file, receiver) else "unsafe"


def _is_variable(file: FileContext, node: ast.expr) -> bool:
    """Is it a parameter or a variable of the file itself, or a name that nothing binds?"""
    if not isinstance(node, ast.Name) or file.module is None:
        return False
    bindings = file.module.bindings.get(node.id, ())
    return all(binding.kind not in IMPORT_KINDS for binding in bindings)


def is_guarded(
    file: FileContext, path: Sequence[ast.AST], names: Collection[str], old: str, new: str
) -> bool:
    """Does the code around an attribute take care of both versions, or of another class?

    Args:
        file: the file at hand.
        path: the nodes around it, the outermost first, and itself as the last.
        names: the names of such methods in Python 2.
        old, new: the one that it has, and that of Python 3.
    """
    node = path[-1]
    assert isinstance(node, ast.Attribute)
    if heeds_both_pythons(path, names, (new,)):
        return True
    assert file.module is not None
    return any(
        not _lacks(file, file.project.class_named(file.module, name), old, new)
        for name in instance_tests(path, node.value)
        if name.rpartition(".")[2] not in _ABSTRACT_DICTIONARIES
    )


def has_python2_dictionaries(file: FileContext) -> bool:
    """Does the file import a `dict` that has Python 2's methods in Python 3, too?"""
    return file.module is not None and any(
        statement.module.partition(".")[0] == "past"
        and any(name in ("*", "dict") for name, _ in statement.names)
        for statement in file.module.facts.imports
    )


def _lacks(file: FileContext, model: ClassModel | None, old: str, new: str) -> bool:
    """Does a class surely have Python 3's method, and not Python 2's?"""
    if model is None or model.mro is None or model.lookup(new) is None:
        return False
    if any(
        old in base.bound_names
        or (base.has_source and not base.bound_names.isdisjoint(_LOOKING_ELSEWHERE))
        for base in model.mro
    ):
        return False
    # Which classes assign it to their instances takes the whole project to find out.
    own = [base for base in model.mro if base.is_project_class]
    binding = file.project.row(tables.bound_attributes, old) if own else ()
    return not any(base in binding for base in own)
