from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_builtin, is_local
from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import (
    CONDITIONAL,
    Binding,
    BindingKind,
    ValueKind,
)
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import take_out
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.metaclasses._headers import (
    Metaclass,
    add_keyword,
    could_conflict,
    has_metaclass,
    metaclass_named,
)
from pyconcepts_lint.source.ast_nodes import walk

NAME = "__metaclass__"
# Values that can be metaclasses, and can stand in a header as they are.
_VALUES = (ast.Name, ast.Attribute, ast.Call, ast.Lambda, ast.Subscript, ast.IfExp)
_WORD = re.compile(rf"\b{NAME}\b")
_EQUALS = re.compile(r"[\s\\]*=[\s\\]*")
_NO_VALUES = (BindingKind.ANNOTATION, BindingKind.DELETE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDERS = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr),
    *(ast.Import, ast.ImportFrom),
)


class DunderMetaclass(Rule):
    """Python 3 takes no notice of `__metaclass__`: a metaclass stands in the class's header.

    ## What it finds

    `__metaclass__` bound in a class body, in whatever way (an assignment, `def`, a nested
    `class`, an import …), and at module level. Branches that only Python 2 runs are left alone.

    ## Why

    Everything is an object, classes too, and a metaclass makes them. When a `class` statement
    runs, Python 3 determines the metaclass *before* it executes the body: from `metaclass=` in
    the header and from the bases' metaclasses. A name in the body comes too late for that.
    Python 2 looked for `__metaclass__` in the body once it had been executed, and for classes
    without bases in the module. In Python 3 it is an attribute like any other; no message tells
    that the metaclass is not used.

    ## Bad

    ```python
    classes = []


    class Registered(type):
        def __init__(cls, name, bases, namespace):
            super().__init__(name, bases, namespace)
            classes.append(name)


    class Exporter:
        __metaclass__ = Registered


    print(classes, type(Exporter).__name__)
    ```

    ```output
    [] type
    ```

    ## Good

    ```python
    classes = []


    class Registered(type):
        def __init__(cls, name, bases, namespace):
            super().__init__(name, bases, namespace)
            classes.append(name)


    class Exporter(metaclass=Registered):
        pass


    print(classes, type(Exporter).__name__)
    ```

    ```output
    ['Exporter'] Registered
    ```

    ## Fix

    For a plain assignment the metaclass moves into the header: `class C(Base, metaclass=M)`.
    Where the header has `metaclass=` already, or the metaclass is `type`, the line only goes.
    That is safe: it gives back what the line means in Python 2.

    The fix is unsafe

    - where all source is Python 3, and the metaclass is `ABCMeta`, or one below it, and a method
      is abstract: it had no say so far, and refuses to make instances that can be made today;
    - where the metaclass may conflict with another one: a base can't be resolved, a base or a
      subclass in the project has another metaclass, the header has other keywords;
    - where `__metaclass__` is used otherwise, or the class body binds the metaclass's name
      below the assignment;
    - for a module's `__metaclass__` that isn't `type`: it goes into the headers of the module's
      classes without bases.

    There is none where the header can't name the metaclass (the class body binds it, it is
    private), for `None`, for an assignment in a branch and for all that isn't a plain
    assignment, and where the string below it would become the docstring. In Python 2 source all this is done together with the fixes of PCL902, or not at
    all: Python 2 couldn't read the header, and without `__metaclass__` it makes other classes.

    ## When to ignore it

    Where other code reads the attribute, as some libraries did for both versions of Python.

    ## See also

    - [Metaclasses](https://docs.python.org/3/reference/datamodel.html#metaclasses)
    - [Determining the appropriate metaclass](https://docs.python.org/3/reference/datamodel.html#determining-the-appropriate-metaclass)
    - [PEP 3115](https://peps.python.org/pep-3115/), which moved the metaclass into the header
    """

    code = "PCL301"
    name = "dunder-metaclass"
    reads_stubs = False
    words = (NAME,)
    silences = {
        "the module says that it means Python 2 only": "harmless",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for binding, model in _bindings(file):
            name = _name_range(file, binding)
            path = path_in(file, name)
            if _is_global(path):
                continue
            statement = _plain_assignment(path, binding)
            value = _quoted(file, statement)
            where = _where(file, binding, name, path)
            if model is None:
                fix = None if statement is None else self._module_fix(file, statement, path)
                yield Claim(where, self._module_message(value), fix)
            else:
                place = None if statement is None else _Place(statement, path)
                fix = None if place is None else self._class_fix(file, model, binding, place)
                can_say = value if fix is not None else ""
                yield Claim(where, self._class_message(model, value, can_say), fix)

    # What is said

    def _class_message(self, model: SourceClass, value: str, can_say: str) -> str:
        """What is wrong in a class body; `can_say` is the value, if the header can say it."""
        what = f"`{NAME} = {value}`" if value else f"`{NAME}`"
        header = "the class's header"
        if value != "type":
            header += f", `class {model.name}(metaclass={can_say or '…'})`,"
        if self.file.is_python2:
            return (
                f"{what} names the metaclass of `{model.name}` in Python 2 only: Python 3 takes "
                f"it from {header} and from its bases"
            )
        return (
            f"{what} makes an ordinary attribute of `{model.name}`: Python 3 takes the metaclass "
            f"from {header} and from its bases"
        )

    def _module_message(self, value: str) -> str:
        what = f"`{NAME} = {value}`" if value else f"`{NAME}`"
        if self.file.is_python2:
            return (
                f"{what} names the metaclass of the module's classes without bases in Python 2 "
                "only: Python 3 makes them with `type`, or the `metaclass=` in their header"
            )
        return (
            f"{what} in a module is a name like any other: Python 3 makes classes without bases "
            "with `type`, or the `metaclass=` in their header"
        )

    # Fixes

    def _module_fix(
        self, file: FileContext, statement: ast.Assign, path: Sequence[ast.AST]
    ) -> Fix | None:
        if _is_type(file, statement, path):
            is_safe = not file.cached(_is_read_of_module)
            return self._removal_fix(file, statement, path, is_safe=is_safe)
        metaclass = file.cached(_metaclass_of_module)
        if metaclass is None or _makes_docstring(file, statement, path):
            return None
        edits: list[Edit] = []
        for line, column in _classes_of_module(file):
            node = file.ast_at(line, column, ast.ClassDef)
            around = [] if node is None else file.ast_around(node)[::-1]
            if node is None or any(is_local(file, name, around) for name in metaclass.names):
                return None
            edits.append(add_keyword(file, node, f"metaclass={metaclass.text}"))
        title = "Put the metaclass into the headers of the classes without bases"
        return self.fix("unsafe", title, [*edits, take_out(file, path)], python3=True)

    def _removal_fix(
        self, file: FileContext, statement: ast.Assign, path: Sequence[ast.AST], *, is_safe: bool
    ) -> Fix | None:
        if "#" in file.ast_text(statement) or _makes_docstring(file, statement, path):
            return None
        applicability: Applicability = "safe" if is_safe else "unsafe"
        return self.fix(applicability, f"Remove `{NAME}`", [take_out(file, path)], python3=True)

    def _class_fix(
        self,
        file: FileContext,
        model: SourceClass,
        binding: Binding,
        place: _Place,
    ) -> Fix | None:
        statement, path = place
        bindings = [other for other in model.facts.body if other.name == NAME]
        is_safe = len(bindings) == 1 and not file.cached(_is_read_of_classes)
        if model.facts.metaclass is not None or (
            binding is bindings[-1] and _is_type(file, statement, path)
        ):
            return self._removal_fix(file, statement, path, is_safe=is_safe)
        names = _names(statement.value)
        if binding is not bindings[-1] or not _reach_header(names, model, binding):
            return None
        if _makes_docstring(file, statement, path):
            return None
        number, node = next(
            (number, parent)
            for number, parent in reversed([*enumerate(path)])
            if isinstance(parent, ast.ClassDef)
        )
        name = dotted_name(statement.value)
        is_hidden = is_local(file, name.partition(".")[0], path[:number])
        metaclass = metaclass_named(model, name, is_local=is_hidden)
        is_safe = (
            is_safe
            and (_is_for_python2(file) or not _may_refuse(model, name, metaclass))
            and not model.facts.keywords
            and not any(other.name in names for other in model.facts.body)
            and not any(text.endswith("add_metaclass()") for text in model.facts.decorators)
            and not could_conflict(model, metaclass, file.tree)
        )
        edits = [
            add_keyword(file, node, f"metaclass={_value_text(file, statement)}"),
            take_out(file, path),
        ]
        title = "Put the metaclass into the header"
        return self.fix("safe" if is_safe else "unsafe", title, edits, python3=True)


class _Place(NamedTuple):
    """An assignment `__metaclass__ = M`, and the nodes from the outermost to its target."""

    statement: ast.Assign
    path: Sequence[ast.AST]


# Where


def _name_range(file: FileContext, binding: Binding) -> Range:
    """Where the name stands that a binding binds: not all nodes have a place for that."""
    found = _WORD.search(file.text, file.code.offset(binding.line, binding.column))
    assert found is not None
    return Range(*file.code.position(found.start()), *file.code.position(found.end()))


def _where(file: FileContext, binding: Binding, name: Range, path: Sequence[ast.AST]) -> Range:
    """The statement or expression that binds the name; of a block, only the name."""
    if isinstance(path[-1], _DEFINITIONS):
        return file.definition_range(binding.line, binding.column)
    for parent in reversed(path):
        if isinstance(parent, _BINDERS):
            return file.ast_range(parent)
        if isinstance(parent, ast.stmt):
            break
    return name


def _plain_assignment(path: Sequence[ast.AST], binding: Binding) -> ast.Assign | None:
    """The statement around a name, if it is `__metaclass__ = M` and always runs."""
    statement = path[-2] if len(path) > 1 else None
    if (
        binding.flags & CONDITIONAL
        or binding.kind is not BindingKind.ASSIGN
        or binding.value is ValueKind.NONE
    ):
        return None
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, _VALUES):
        return None
    return statement if statement.targets == [path[-1]] else None


def _quoted(file: FileContext, statement: ast.Assign | None) -> str:
    """The value, if a plain assignment gives it."""
    return "" if statement is None else file.ast_quote(statement.value)


# What the fixes depend on


def _is_type(file: FileContext, statement: ast.Assign, path: Sequence[ast.AST]) -> bool:
    return dotted_name(statement.value) == "type" and is_builtin(file, "type", path)


def _is_for_python2(file: FileContext) -> bool:
    """Is the file Python 2 source, or in a project that Python 3 can't run yet?"""
    return file.is_python2 or tables.has_python2_source(file.project)


def _value_text(file: FileContext, statement: ast.Assign) -> str:
    """The value of an assignment as it is written, in its brackets: comments in them stay."""
    equals = _EQUALS.match(file.text, file.ast_span(statement.targets[0])[1])
    start, end = file.ast_span(statement.value)[0], file.ast_span(statement)[1]
    return file.text[start if equals is None else equals.end() : end]


def _may_refuse(model: SourceClass, name: str, metaclass: Metaclass) -> bool:
    """May a metaclass that has had no say in Python 3 so far refuse to make instances of the class?

    `ABCMeta` refuses where a method is abstract
    (https://docs.python.org/3/library/abc.html#abc.abstractmethod).
    """
    if has_metaclass(model, metaclass):
        return False
    mro = metaclass.mro or (metaclass,) if isinstance(metaclass, ClassModel) else ()
    counts_abstract = name.endswith("ABCMeta") or any(each.name == "ABCMeta" for each in mro)
    return counts_abstract and any(
        "abstract" in decorator
        for each in (model.mro or (model,))
        if isinstance(each, SourceClass)
        for binding in each.facts.body
        if binding.kind is BindingKind.FUNCTION
        for decorator in binding.decorators
    )


class _ModuleMetaclass(NamedTuple):
    """A module's one `__metaclass__ = M`: the text of `M`, and the names in it."""

    text: str
    names: frozenset[str]


def _bindings(file: FileContext) -> Iterator[tuple[Binding, SourceClass | None]]:
    """What binds `__metaclass__` in the module's namespace, or in that of one of its classes."""
    if file.module is None:
        return
    for binding in file.module.bindings.get(NAME, ()):
        if binding.kind not in _NO_VALUES:
            yield binding, None
    for model in file.module.classes:
        for binding in model.facts.body:
            if binding.name == NAME and binding.kind not in _NO_VALUES:
                yield binding, model


def _metaclass_of_module(file: FileContext) -> _ModuleMetaclass | None:
    """The metaclass, other than `type`, that Python 2 gives the module's classes without bases.

    None where it isn't sure, or can't be named from elsewhere.
    """
    bindings = file.module.bindings.get(NAME, ()) if file.module is not None else ()
    if (
        len(bindings) != 1
        or bindings[0].kind is not BindingKind.ASSIGN
        or bindings[0].flags & CONDITIONAL
    ):
        return None
    for statement in file.tree.body if file.tree is not None else ():
        if isinstance(statement, ast.Assign) and _binds(file, statement, bindings[0]):
            whole = ast.get_source_segment(file.text, statement)
            text = ast.get_source_segment(file.text, statement.value)
            nodes = walk(statement.value)
            names = frozenset(node.id for node in nodes if isinstance(node, ast.Name))
            if whole is None or text is None or whole.count("#") != text.count("#"):
                return None
            return _ModuleMetaclass(text, names) if not any(map(_is_private, names)) else None
    return None


def _binds(file: FileContext, statement: ast.Assign, binding: Binding) -> bool:
    """Does an assignment make a binding of the facts?"""
    place = file.ast_range(statement.targets[0])
    return place[:2] == (binding.line, binding.column)


def _classes_of_module(file: FileContext) -> list[tuple[int, int]]:
    """Where the classes stand that have their metaclass from the module in Python 2."""
    if file.module is None:
        return []
    line = file.module.bindings[NAME][0].line
    return [
        (model.facts.line, model.facts.column)
        for model in file.module.classes
        if not model.facts.bases
        and not model.facts.keywords
        and model.facts.metaclass is None
        and all(binding.name != NAME for binding in model.facts.body)
        and (model.facts.in_function or model.facts.line > line)
    ]


def _is_looked_up(file: FileContext) -> bool:
    """Does the file use the bare name, or delete it, or have a string of that name?"""
    return file.tree is None or any(
        (isinstance(node, ast.Name) and node.id == NAME and not isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Constant) and node.value == NAME)
        for node in walk(file.tree)
    )


def _is_read_of_classes(file: FileContext) -> bool:
    """May something read the attribute of a class?"""
    project = file.project
    return (
        file.cached(_is_looked_up)
        or bool(project.row(tables.uses, NAME))
        or bool(project.row(tables.class_accesses, NAME))
    )


def _is_read_of_module(file: FileContext) -> bool:
    """May something read the module's name?"""
    project = file.project
    return (
        file.cached(_is_looked_up)
        or any(
            name == NAME for _, statement in tables.imports(project) for name, _ in statement.names
        )
        or any(
            receiver and project.resolve(module, receiver) is file.module
            for module, receiver, _ in project.row(tables.uses, NAME)
        )
    )


def _reach_header(names: frozenset[str], model: SourceClass, binding: Binding) -> bool:
    """Do the names mean in the class's header what they mean at a binding in its body?"""
    parent = model.module.classes[model.facts.parent] if model.facts.parent >= 0 else None
    around = {other.name for other in parent.facts.body} if parent is not None else set()
    here = {
        other.name
        for other in model.facts.body
        if other.flags & CONDITIONAL or (other.line, other.column) < (binding.line, binding.column)
    }
    return not any(_is_private(name) or name in around or name in here for name in names)


def _is_private(name: str) -> bool:
    """Is it a name that a class body mangles?"""
    return name.startswith("__") and not name.endswith("__")


def _names(value: ast.expr) -> frozenset[str]:
    """The names that an expression looks up, and perhaps some that it binds."""
    nodes = walk(value)
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(names | {node.arg for node in nodes if isinstance(node, ast.arg)})


def _makes_docstring(file: FileContext, statement: ast.stmt, path: Sequence[ast.AST]) -> bool:
    """Would a string become a docstring, if the statement that a block starts with were not there?

    Args:
        file: the file at hand.
        statement: the statement.
        path: the nodes around it, the outermost first.
    """
    around = next((node for node in reversed(path) if isinstance(node, ast.ClassDef)), file.tree)
    body = [] if around is None else around.body
    if len(body) < 2 or file.ast_range(body[0]) != file.ast_range(statement):
        return False
    value = body[1].value if isinstance(body[1], ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_global(path: Sequence[ast.AST]) -> bool:
    """Does a class body hand the name to the module, by `global`?"""
    for parent in reversed(path):
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if isinstance(parent, ast.ClassDef):
            return any(isinstance(part, ast.Global) and NAME in part.names for part in parent.body)
    return False
