from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import BindingKind, Import
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.metaclasses._new import parsed_function
from pyconcepts_lint.source.ast_nodes import child_nodes, own_nodes, walk

_HARMLESS_NAMES = frozenset({"__doc__", "__module__", "__slots__"})
_HOOKS = ("__init__", "__new__")
_CHANGING = frozenset({"clear", "pop", "popitem", "setdefault", "update"})


class RegistryMetaclass(Rule):
    """What only looks at new subclasses needs no metaclass: `__init_subclass__` is called for each.

    ## What it finds

    Metaclasses directly below `type` whose `__init__` or `__new__` hands everything on to
    `type` as it is, and otherwise only notes the new class somewhere, sets attributes on it, or
    checks it. Silent where the metaclass has anything else (other methods, `__call__`,
    `__prepare__`, decorators), where it is used otherwise than as a metaclass, listed in
    `__all__`, imported by another module or derived from.

    ## Why

    A metaclass makes the classes, and is the class of them. That is a strong bond: every class
    below has it, and classes with different metaclasses can't be combined (PCL304). Since Python
    3.6 `type.__new__` calls `__init_subclass__` of the base class for each new subclass; what
    wants to know of them can do its work there. It isn't called for the class that defines it.

    ## Bad

    ```python
    exporters = {}


    class Registered(type):
        def __init__(cls, name, bases, namespace):
            super().__init__(name, bases, namespace)
            if bases:
                exporters[name] = cls


    class Exporter(metaclass=Registered):
        pass


    class CsvExporter(Exporter):
        pass


    print(*exporters)
    ```

    ```output
    CsvExporter
    ```

    ## Good

    ```python
    exporters = {}


    class Exporter:
        def __init_subclass__(cls, **keywords):
            super().__init_subclass__(**keywords)
            exporters[cls.__name__] = cls


    class CsvExporter(Exporter):
        pass


    print(*exporters)
    ```

    ```output
    CsvExporter
    ```

    ## Fix

    There is none: the work has to move to the class at the top.

    ## When to ignore it

    Where the metaclass is part of an interface that others use, or where the top class itself
    has to be noted, too. This rule is off by default: what it reports works.

    ## See also

    - [Customizing class creation](https://docs.python.org/3/reference/datamodel.html#customizing-class-creation)
    - [PEP 487](https://peps.python.org/pep-0487/)
    """

    code = "PCL306"
    name = "registry-metaclass"
    severity = "note"
    reads_stubs = False
    on = False
    words = ("type",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or file.is_python2:
            return
        for model in file.module.classes:
            if (
                model.facts.bases == ("type",)
                and _has_only_hooks(model)
                and _only_notes(file, model)
                and _is_only_metaclass(file, model)
            ):
                yield Claim(
                    file.definition_range(model.facts.line, model.facts.column),
                    f"what `{model.name}` does with the classes that it makes, an "
                    "`__init_subclass__` of the class at their top can do without a metaclass",
                )


def _has_only_hooks(model: SourceClass) -> bool:
    """Is it a class below `type` with nothing but `__init__`, `__new__` and plain values?"""
    facts = model.facts
    if facts.decorators or facts.keywords or facts.metaclass is not None or facts.dynamic_body:
        return False
    bases = model.bases
    if bases is None or bases[0].full_name != "builtins.type":
        return False
    hooks = [binding for binding in facts.body if binding.name in _HOOKS]
    return (
        bool(hooks)
        and all(
            binding.kind is BindingKind.FUNCTION and not binding.decorators for binding in hooks
        )
        and len({binding.name for binding in hooks}) == len(hooks)
        and facts.new_passes_on is not False
        and all(
            name in _HARMLESS_NAMES or name in _HOOKS or attribute.kind is AttributeKind.VALUE
            for name, attribute in model.attributes.items()
        )
    )


def _only_notes(file: FileContext, model: SourceClass) -> bool:
    """Do its methods look at the class, and leave what `type` is given as it is?"""
    found = False
    for method in model.facts.methods:
        function = parsed_function(file, method)
        if function is None or not _leaves_alone(function):
            return False
        found = found or any(_is_work(node) for node in own_nodes(*function.body))
    return found


def _leaves_alone(function: ast.FunctionDef) -> bool:
    """Are the name, the bases and the namespace handed on unchanged, and nothing else done
    that a metaclass is needed for?"""
    parameters = [part.arg for part in (*function.args.posonlyargs, *function.args.args)]
    given = parameters[1:4]
    if len(given) < 3 or function.args.vararg is not None:
        return False
    for node in own_nodes(*function.body):
        if isinstance(node, (ast.Lambda, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            return False
        if isinstance(node, ast.Name):
            if node.id in given and not isinstance(node.ctx, ast.Load):
                return False
        elif isinstance(node, ast.Subscript):
            if not isinstance(node.ctx, ast.Load) and dotted_name(node.value) in given:
                return False
        elif isinstance(node, ast.Return):
            if function.name == "__init__" and node.value is not None:
                return False
        elif isinstance(node, ast.Attribute):
            if node.attr in ("__class__", "__bases__", "mro", "__dict__"):
                return False
        elif isinstance(node, ast.Call) and not _is_plain_call(node, given):
            return False
    return True


def _is_plain_call(call: ast.Call, given: list[str]) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id != "type"
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in _HOOKS:
        # To `type`: with the class (or metaclass) first, unless `super()` passes it.
        passed = [dotted_name(argument) for argument in call.args]
        return passed[-3:] == given
    if isinstance(function.value, ast.Call) and dotted_name(function.value.func) == "super":
        return False
    return not (function.attr in _CHANGING and dotted_name(function.value) in given)


def _is_work(node: ast.AST) -> bool:
    """Does it note or check something?"""
    if isinstance(node, (ast.Raise, ast.Assert)):
        return True
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Call):
        name = dotted_name(node.func)
        is_handing_on = isinstance(node.func, ast.Attribute) and node.func.attr in _HOOKS
        return not is_handing_on and name != "super"
    return False


def _is_only_metaclass(file: FileContext, model: SourceClass) -> bool:
    """Is the class used as a metaclass, and for nothing else that can be seen?"""
    module, project, name = model.module, file.project, model.name
    facts = module.facts
    if file.tree is None or project.subclasses(model) or len(module.bindings.get(name, ())) > 1:
        return False
    if model.facts.in_function or model.facts.parent >= 0:
        return False
    if name in (facts.dunder_all or ()) or not facts.dunder_all_known:
        return False
    if project.row(tables.uses, name) or any(
        imported == name or (imported == "*" and _imports(importer, statement, module))
        for importer, statement in tables.imports(project)
        for imported, _ in statement.names
    ):
        return False
    uses = [node for node in walk(file.tree) if isinstance(node, ast.Name) and node.id == name]
    allowed = set(_as_metaclass(file.tree))
    in_super = set(_in_super(file.tree))
    return any(node in allowed for node in uses) and all(
        node in allowed or node in in_super for node in uses
    )


def _imports(importer: Module, statement: Import, module: Module) -> bool:
    """Does a star import bring what the module has?"""
    absolute = importer.absolute("." * statement.level + statement.module)
    return absolute is not None and importer.project.imported(importer, absolute) is module


def _as_metaclass(tree: ast.Module) -> Iterator[ast.expr]:
    """What is named as a metaclass."""
    for node in walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "metaclass")


def _in_super(tree: ast.Module) -> Iterator[ast.AST]:
    """What is given to `super(…)`."""
    for node in walk(tree):
        if isinstance(node, ast.Call) and dotted_name(node.func) == "super":
            yield from child_nodes(node)
