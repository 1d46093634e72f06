from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import libcst as cst
from pyconcepts_lint.rules.metaclasses._headers import (
    Metaclass,
    add_keyword,
    could_conflict,
    has_metaclass,
    metaclass_named,
)

from pyconcepts_lint import guards
from pyconcepts_lint.edits import remove_statement
from pyconcepts_lint.finding import Applicability, Edit, Fix
from pyconcepts_lint.index.classes import ClassModel, SourceClass
from pyconcepts_lint.index.facts import CONDITIONAL, Binding, decorator_names
from pyconcepts_lint.linted import LintedFile, Range
from pyconcepts_lint.names import is_builtin, is_local
from pyconcepts_lint.nodes import walk
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.tree import children, dotted
from pyconcepts_lint.typed import NamedTuple

NAME = "__metaclass__"
_LONGEST_QUOTE = 50
# Values that can be metaclasses, and can stand in a header as they are.
_VALUES = frozenset({"Name", "Attribute", "Call", "Lambda", "Subscript", "IfExp"})

Place = tuple[int, int]


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
    without bases in the module. In Python 3 it is an attribute like any other; nobody is told
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

    def __init__(self, file: LintedFile) -> None:
        super().__init__(file)
        self._of_module: tuple[Range, str, list[Edit]] | None = None
        self._header_edits: list[Edit] = []

    def lines(self) -> Iterator[int]:
        yield from self.file.lines_with(self.words)
        # The headers that a module's `__metaclass__` would go into.
        yield from (line for line, _ in self.file.share(_classes_of_module))

    def visit_Name(self, node: cst.Name) -> None:
        if node.value != NAME:
            return
        binder = self._binder(node)
        found = self.file.share(_bindings).get(self.file.place(binder))
        path = [*self.ancestors, node]
        if found is None or guards.only_in_python2(path) or _is_global(path):
            return
        binding, model = found
        statement = self._plain_assignment(binding)
        value = self._quoted(statement)
        where = self._where(node, binder)
        if model is not None:
            fix = self._class_fix(model, binding, statement) if statement is not None else None
            can_say = value if fix is not None else ""
            self.report(where, self._class_message(model, value, can_say), fix)
        elif statement is None:
            self.report(where, self._module_message(value))
        elif self._is_type(statement, path):
            fix = self._removal_fix(statement, is_safe=not self.file.share(_is_read_of_module))
            self.report(where, self._module_message(value), fix)
        else:
            removal = [remove_statement(self.file, self.ancestors[:-1])]
            if _makes_docstring(self.file, self.ancestors[:-1]):
                self.report(where, self._module_message(value))
            else:
                self._of_module = where, self._module_message(value), removal

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        metaclass = self.file.share(_metaclass_of_module)
        if metaclass is None or self.file.place(node) not in self.file.share(_classes_of_module):
            return
        if not any(is_local(self.file, name, self.ancestors) for name in metaclass.names):
            keyword = f"metaclass={metaclass.text}"
            self._header_edits.append(add_keyword(self.file, node, keyword))

    def finish(self) -> None:
        if self._of_module is None:
            return
        where, message, removal = self._of_module
        fix = None
        metaclass = self.file.share(_metaclass_of_module)
        classes = self.file.share(_classes_of_module)
        if metaclass is not None and len(self._header_edits) == len(classes):
            title = "Put the metaclass into the headers of the classes without bases"
            fix = self.fix("unsafe", title, [*self._header_edits, *removal], python3=True)
        self.report(where, message, fix)

    # Where

    def _binder(self, node: cst.Name) -> cst.CSTNode:
        """The node under whose place the facts have what the name binds."""
        for parent in reversed(self.ancestors):
            if isinstance(parent, (cst.FunctionDef, cst.ClassDef)):
                return parent if parent.name is node else node
            if isinstance(
                parent,
                (
                    cst.ExceptHandler,
                    cst.Import,
                    cst.ImportFrom,
                    cst.MatchAs,
                    cst.MatchMapping,
                    cst.MatchStar,
                ),
            ):
                return parent
            if not isinstance(parent, (cst.AsName, cst.ImportAlias)):
                break
        return node

    def _where(self, node: cst.Name, binder: cst.CSTNode) -> Range:
        """The statement or expression that binds the name; of a block, only the name."""
        if isinstance(binder, (cst.FunctionDef, cst.ClassDef)):
            return Range(*self.file.place(binder), *self.file.range(node)[2:])
        if isinstance(binder, (cst.Import, cst.ImportFrom)):
            return self.file.range(binder)
        for parent in reversed(self.ancestors):
            if isinstance(parent, (cst.Assign, cst.AnnAssign, cst.AugAssign, cst.NamedExpr)):
                return self.file.range(parent)
            if isinstance(parent, cst.BaseStatement):
                break
        return self.file.range(node)

    def _plain_assignment(self, binding: Binding) -> cst.Assign | None:
        """The statement around, if it is `__metaclass__ = M` and always runs."""
        if binding.flags & CONDITIONAL or binding.kind != "assign":
            return None
        target, statement = self.ancestors[-1], self.ancestors[-2]
        if not isinstance(target, cst.AssignTarget) or not isinstance(statement, cst.Assign):
            return None
        is_plain = len(statement.targets) == 1 and type(statement.value).__name__ in _VALUES
        return statement if is_plain and binding.value != "none" else None

    # What is said

    def _quoted(self, statement: cst.Assign | None) -> str:
        """The value, if it is one that can be quoted."""
        text = "" if statement is None else self.file.text_of(statement.value)
        return "" if len(text) > _LONGEST_QUOTE or "\n" in text or "\r" in text else text

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

    def _is_type(self, statement: cst.Assign, path: Sequence[cst.CSTNode]) -> bool:
        return dotted(statement.value) == "type" and is_builtin(self.file, "type", path)

    def _removal_fix(self, statement: cst.Assign, *, is_safe: bool) -> Fix | None:
        if _has_comment(statement) or _makes_docstring(self.file, self.ancestors[:-1]):
            return None
        removal = remove_statement(self.file, self.ancestors[:-1])
        applicability: Applicability = "safe" if is_safe else "unsafe"
        return self.fix(applicability, f"Remove `{NAME}`", [removal], python3=True)

    def _class_fix(self, model: SourceClass, binding: Binding, statement: cst.Assign) -> Fix | None:
        bindings = [other for other in model.facts.body if other.name == NAME]
        is_safe = len(bindings) == 1 and not self.file.share(_is_read_of_classes)
        if model.facts.metaclass is not None or (
            binding is bindings[-1] and self._is_type(statement, self.ancestors)
        ):
            return self._removal_fix(statement, is_safe=is_safe)
        names = _names(statement.value)
        if binding is not bindings[-1] or not _reach_header(names, model, binding):
            return None
        if _makes_docstring(self.file, self.ancestors[:-1]):
            return None
        number, node = next(
            (number, parent)
            for number, parent in reversed([*enumerate(self.ancestors)])
            if isinstance(parent, cst.ClassDef)
        )
        name = dotted(statement.value)
        metaclass = metaclass_named(
            model.module,
            name,
            is_local=is_local(self.file, name.partition(".")[0], self.ancestors[:number]),
        )
        is_safe = (
            is_safe
            and (self._is_for_python2() or not _may_refuse(model, name, metaclass))
            and not model.facts.keywords
            and not any(other.name in names for other in model.facts.body)
            and not any(text.endswith("add_metaclass()") for text in model.facts.decorators)
            and not could_conflict(model, metaclass, self.file.tree)
        )
        edits = [
            add_keyword(self.file, node, f"metaclass={self._value_text(statement.value)}"),
            remove_statement(self.file, self.ancestors[:-1]),
        ]
        title = "Put the metaclass into the header"
        return self.fix("safe" if is_safe else "unsafe", title, edits, python3=True)

    def _is_for_python2(self) -> bool:
        """Is the file Python 2 source, or in a project that Python 3 can't run yet?"""
        return self.file.is_python2 or self.file.project.has_python2_source

    def _value_text(self, value: cst.BaseExpression) -> str:
        """A value as it is written, in its brackets: comments in them stay."""
        if not value.lpar:
            return self.file.text_of(value)
        start, end = self.file.span(value.lpar[0])[0], self.file.span(value.rpar[-1])[1]
        return self.file.text[start:end]


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
        if binding.kind == "function"
        for decorator in decorator_names(binding)
    )


class _ModuleMetaclass(NamedTuple):
    """A module's one `__metaclass__ = M`: the text of `M`, and the names in it."""

    text: str
    names: frozenset[str]


def _bindings(file: LintedFile) -> dict[Place, tuple[Binding, SourceClass | None]]:
    """What binds `__metaclass__` in the module's namespace, or in that of one of its classes."""
    found: dict[Place, tuple[Binding, SourceClass | None]] = {}
    if file.module is None:
        return found
    for binding in file.module.bindings.get(NAME, ()):
        found[binding.line, binding.column] = binding, None
    for model in file.module.classes:
        for binding in model.facts.body:
            if binding.name == NAME:
                found[binding.line, binding.column] = binding, model
    return {
        place: (binding, model)
        for place, (binding, model) in found.items()
        if binding.kind not in ("annotation", "delete")
    }


def _metaclass_of_module(file: LintedFile) -> _ModuleMetaclass | None:
    """The metaclass, other than `type`, that Python 2 gives the module's classes without bases.

    None where it isn't sure, or can't be named from elsewhere.
    """
    bindings = file.module.bindings.get(NAME, ()) if file.module is not None else ()
    if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].flags & CONDITIONAL:
        return None
    for statement in file.tree.body if file.tree is not None else ():
        if isinstance(statement, ast.Assign) and statement.lineno == bindings[0].line:
            whole = ast.get_source_segment(file.text, statement)
            text = ast.get_source_segment(file.text, statement.value)
            nodes = walk(statement.value)
            names = frozenset(node.id for node in nodes if isinstance(node, ast.Name))
            if whole is None or text is None or whole.count("#") != text.count("#"):
                return None
            return _ModuleMetaclass(text, names) if not any(map(_is_private, names)) else None
    return None


def _classes_of_module(file: LintedFile) -> frozenset[Place]:
    """Where the classes stand that have their metaclass from the module in Python 2."""
    if file.module is None or file.share(_metaclass_of_module) is None:
        return frozenset()
    line = file.module.bindings[NAME][0].line
    return frozenset(
        (model.facts.line, model.facts.column)
        for model in file.module.classes
        if not model.facts.bases
        and not model.facts.keywords
        and model.facts.metaclass is None
        and all(binding.name != NAME for binding in model.facts.body)
        and (model.facts.in_function or model.facts.line > line)
    )


def _is_looked_up(file: LintedFile) -> bool:
    """Does the file use the bare name, or delete it, or have a string of that name?"""
    return file.tree is None or any(
        (isinstance(node, ast.Name) and node.id == NAME and not isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Constant) and node.value == NAME)
        for node in walk(file.tree)
    )


def _is_read_of_classes(file: LintedFile) -> bool:
    """May something read the attribute of a class?"""
    project = file.project
    return (
        file.share(_is_looked_up) or bool(project.uses_of(NAME)) or bool(project.class_events(NAME))
    )


def _is_read_of_module(file: LintedFile) -> bool:
    """May something read the module's name?"""
    project = file.project
    return (
        file.share(_is_looked_up)
        or any(name == NAME for _, statement in project.imports for name, _ in statement.names)
        or any(
            receiver and project.resolve(module, receiver) is file.module
            for module, receiver, _ in project.uses_of(NAME)
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


def _names(value: cst.BaseExpression) -> frozenset[str]:
    """The names that an expression looks up, and perhaps some that it binds."""
    found: set[str] = set()
    waiting: list[cst.CSTNode] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, cst.Name):
            found.add(node.value)
        elif isinstance(node, (cst.Attribute, cst.Arg)):
            waiting.append(node.value)
        else:
            waiting.extend(children(node))
    return frozenset(found)


def _class_bodies(file: LintedFile) -> dict[tuple[int, int], Sequence[ast.stmt]]:
    """The blocks of the classes of a file, by where the classes start."""
    return {
        file.ast_place(node.lineno, node.col_offset): node.body
        for node in (() if file.tree is None else walk(file.tree))
        if isinstance(node, ast.ClassDef)
    }


def _makes_docstring(file: LintedFile, path: Sequence[cst.CSTNode]) -> bool:
    """Would a string become a docstring, if the statement that a block starts with were not there?

    Args:
        file: the file at hand.
        path: the nodes around the statement, the outermost first, and itself as the last.
    """
    around = next((node for node in reversed(path) if isinstance(node, cst.ClassDef)), None)
    body: Sequence[ast.stmt] = file.tree.body if around is None and file.tree is not None else ()
    if around is not None:
        found = file.share(_class_bodies).get(file.place(around))
        body = () if found is None else found
    if len(body) < 2 or file.ast_place(body[0].lineno, body[0].col_offset) != file.place(path[-1]):
        return False
    value = body[1].value if isinstance(body[1], ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _has_comment(statement: cst.Assign) -> bool:
    return "#" in cst.Module([]).code_for_node(statement)


def _is_global(path: Sequence[cst.CSTNode]) -> bool:
    """Does a class body hand the name to the module, by `global`?"""
    for parent in reversed(path):
        if isinstance(parent, cst.FunctionDef):
            return False
        if isinstance(parent, cst.ClassDef):
            return any(map(_makes_global, parent.body.body))
    return False


def _makes_global(statement: cst.CSTNode) -> bool:
    parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else [statement]
    return any(
        isinstance(part, cst.Global) and any(item.name.value == NAME for item in part.names)
        for part in parts
    )
