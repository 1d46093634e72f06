from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import partial

from pyconcepts_lint.analysis import context
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.conditions import STRING_METHODS
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._hooks import (
    Accessor,
    Function,
    accessors_naming_themselves,
    bound_in_classes,
    hook,
)
from pyconcepts_lint.rules.descriptors._own_questions import ASKED, BUILTINS, asked_of, leads_to
from pyconcepts_lint.rules.descriptors._runs import Run, parameters, statements_for
from pyconcepts_lint.rules.descriptors._self_uses import (
    BUILTIN_FUNCTIONS,
    COMPUTED,
    DELETE,
    READ,
    SET,
    SelfUses,
    Use,
)
from pyconcepts_lint.source.ast_nodes import augmented_operator, child_nodes, own_nodes, walk

_HOOKS = {"__getattribute__": READ, "__setattr__": SET, "__delattr__": DELETE}
_LOOKS = frozenset({"print", "len", "repr", "isinstance", "AttributeError", "getattr", "hasattr"})
"""Functions that make no attributes."""
_ACCESSORS = {"getter": READ, "setter": SET, "deleter": DELETE}


class AttributeHookRecursion(Rule):
    """Inside `__setattr__`, `self.x = …` calls `__setattr__` again, without end.

    ## What it finds

    - in `__setattr__`, an assignment to an attribute of `self` (`setattr(self, …)` too); in
      `__delattr__` a deletion; in `__getattribute__` a read;
    - in `__getattr__`, `getattr(self, name)` of the name that it was called for, where nothing
      before it may have made the attribute;
    - in the getter of a property, a read of that same property of `self`; in its setter an
      assignment; in its deleter a deletion;
    - in a special method, what asks the instance for that very thing: `repr(self)` in `__repr__`,
      `f"{self}"` in `__str__`, `len(self)` in `__len__`.

    Only what every path to it does is reported: an `if` that keeps the second call from getting
    there, an earlier `return`, an `except` that catches RecursionError end the recursion. Tests of
    the attribute's name are tried with the name in question: in `__setattr__(self, name, value)`,
    `if name != "changed": self.changed = True` is right.

    ## Why

    Python calls these methods for *every* access to an attribute of an instance, also for those
    in the methods themselves. `self.x = value` in `__setattr__` is one more call of
    `__setattr__`. To do the plain thing, call the method of the next class in the MRO, in the
    end that of `object`: `super().__setattr__("x", value)`. A property whose getter returns
    `self.x`, the property's own name, asks itself; what it stores has to have another name.

    ## Bad

    ```python
    class Record:
        def __setattr__(self, name, value):
            self.changed = True
            super().__setattr__(name, value)


    Record().title = "Python"
    ```

    ```output
    RecursionError: maximum recursion depth exceeded
    ```

    ## Good

    ```python
    class Record:
        def __setattr__(self, name, value):
            super().__setattr__("changed", True)
            super().__setattr__(name, value)


    record = Record()
    record.title = "Python"
    print(record.changed, record.title)
    ```

    ```output
    True Python
    ```

    ## Fix

    Calls the method of the next class in the MRO: `super().__setattr__("x", value)`,
    `super().__delattr__("x")`, `super().__getattribute__("x")`. It is unsafe: the program, which
    failed there, goes on from now on. There is none for augmented assignments, several targets,
    properties (their value needs a name that only you can choose), and Python 2 source.

    ## When to ignore it

    Never, as far as the method is ever called.

    ## See also

    - [Customizing attribute access](https://docs.python.org/3/reference/datamodel.html#customizing-attribute-access)
    - [`property`](https://docs.python.org/3/library/functions.html#property)
    """

    code = "PCL505"
    name = "attribute-hook-recursion"
    severity = "error"
    reads_stubs = False
    facts = ("decorated_methods", "attribute_hooks", "own_questions")
    silences = {
        "a test of the name ends it": "test",
        "RecursionError is caught": "caught",
        "code before it may have made the attribute": "may-be-made",
        "a metaclass isn't known": "metaclass",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        recursions = dict(_recursions(file))
        for where, recursion in recursions.items():
            path = context.path_in(file, where)
            node, around = path[-1], path[-2]
            # `self.__getattribute__(name)` is one thing.
            if (
                isinstance(around, ast.Call)
                and around.func is node
                and (file.ast_range(around) in recursions)
            ):
                continue
            shown = _shown(file, path, recursion.kind)
            has_fix = recursion.hook and not file.is_python2 and is_builtin(file, "super", path)
            yield Claim(
                where,
                f"{shown} in {recursion.where}, without end: RecursionError",
                partial(self._fix, recursion) if has_fix else None,
                node=("Attribute", "Call"),
            )

    def _fix(self, recursion: _Recursion, node: cst.Attribute | cst.Call) -> Fix | None:
        hook = recursion.hook
        if isinstance(node, cst.Attribute):
            edits = self._attribute_edits(node, hook, recursion.name)
        else:
            edits = self._call_edits(node, hook)
        return self.fix("unsafe", f"Call `super().{hook}`", edits) if edits else None

    def _attribute_edits(self, node: cst.Attribute, hook: str, name: str) -> list[Edit]:
        if node.lpar:
            return []
        call = f'super().{hook}("{name}"'
        start, end = self.file.span(node)
        parent = self.file.ancestors[-1]
        if hook == "__getattribute__":
            return [self.file.edit(start, end, f"{call})")]
        if hook == "__delattr__":
            if not isinstance(parent, cst.Del):
                return []
            return [self.file.edit(self.file.span(parent)[0], end, f"{call})")]
        assignment = self.file.ancestors[-2]
        if not isinstance(assignment, cst.Assign) or len(assignment.targets) != 1:
            return []
        value = assignment.value
        if parent.target is not node or isinstance(value, cst.Yield):  # type: ignore[attr-defined]
            return []
        first, last = self._whole(value)
        if "#" in self.file.text[end:first]:
            return []
        is_bare_tuple = isinstance(value, cst.Tuple) and not value.lpar
        opening, closing = ("(", "))") if is_bare_tuple else ("", ")")
        return [
            self.file.edit(start, first, f"{call}, {opening}"),
            self.file.edit(last, last, closing),
        ]

    def _call_edits(self, node: cst.Call, hook: str) -> list[Edit]:
        func = node.func
        if isinstance(func, cst.Attribute):  # self.__setattr__("x", value)
            return [self.file.replace(func.value, "super()")]
        if not isinstance(func, cst.Name) or func.value in ("hasattr", "vars"):
            return []
        wanted = 3 if hook == "__setattr__" else 2
        if len(node.args) != wanted or any(arg.keyword or arg.star for arg in node.args):
            return []
        start = self.file.span(node)[0]
        first = self._whole(node.args[1].value)[0]
        if "#" in self.file.text[start:first]:
            return []
        return [self.file.edit(start, first, f"super().{hook}(")]

    def _whole(self, node: cst.BaseExpression) -> tuple[int, int]:
        """Where an expression starts and ends, with its brackets."""
        if node.lpar:
            return self.file.span(node.lpar[0])[0], self.file.span(node.rpar[-1])[1]
        return self.file.span(node)


class _Recursion(NamedTuple):
    """That a use of the attribute `name` calls without end what it stands in.

    `hook` is the method, "" for a property; `where` says it in words.
    """

    kind: str
    name: str
    hook: str
    where: str


def _shown(file: FileContext, path: Sequence[ast.AST], kind: str) -> str:
    """The use at the end of a path, as the message quotes it."""
    node, around = path[-1], path[-2]
    assert isinstance(node, (ast.expr, ast.stmt))
    text = file.ast_quote(node)
    if isinstance(node, ast.Attribute) and kind == DELETE:
        return f"`del {text}`"
    if isinstance(node, ast.Attribute) and kind == SET:
        operator = augmented_operator(around) if isinstance(around, ast.AugAssign) else "="
        return f"`{text} {operator} …`"
    return f"`{text}`"


def _recursions(file: FileContext) -> Iterator[tuple[Range, _Recursion]]:
    """The uses that recur without end, by where they stand."""
    bound = file.cached(bound_in_classes)
    hooks = [name for name in _HOOKS if name in bound]
    asks = file.module is not None and "own_questions" in file.module.facts.tables
    questions = ASKED & bound if asks else frozenset()
    for model in file.module.classes if file.module is not None else ():
        for name in hooks:
            function = hook(file, model, name)
            if function is not None:
                yield from _of_hook(file, model, function, _HOOKS[name])
        if "__getattr__" in bound:
            yield from _of_getattr(file, model)
        for name in questions & model.bound_names:
            function = hook(file, model, name)
            if function is not None:
                yield from _of_question(file, model, function)
        for accessor in accessors_naming_themselves(file, model):
            yield from _of_accessor(file, model, accessor)


def _of_hook(
    file: FileContext, model: SourceClass, function: Function, kind: str
) -> Iterator[tuple[Range, _Recursion]]:
    """The uses in a hook that lead back to it, attribute by attribute."""
    receiver, parameter, *_ = *parameters(function), "", ""
    uses = _uses(file, model, receiver, parameter, computed=kind != READ)
    used = (uses.of(node, kind) for node in own_nodes(*child_nodes(function)))
    users: dict[str, set[ast.AST]] = {use.name: set() for use in used if use is not None}
    for node in walk(*function.body) if users else ():
        use = uses.of(node, kind)
        if use is not None and use.name in users:
            users[use.name].add(node)
    bodies = statements_for(function, users)
    for name, found in users.items():
        # Whatever a computed name is: it may be one for which a test comes out otherwise.
        asked = "" if name == COMPUTED else parameter
        run = Run(found.__contains__, asked, (name or None) if asked else None)
        if run.meets(function, bodies[name]):
            where = f"`{model.name}.{function.name}` calls `{function.name}` again"
            for node in run.met:
                yield file.ast_range(node), _Recursion(kind, name, function.name, where)


def _of_getattr(file: FileContext, model: SourceClass) -> Iterator[tuple[Range, _Recursion]]:
    """`getattr(self, name)` in `__getattr__`, which the search has come to without success."""
    function = hook(file, model, "__getattr__")
    if function is None or model.mro is None:
        return
    if any("__getattribute__" in base.bound_names for base in _written(model)):
        return
    receiver, parameter, *_ = *parameters(function), "", ""
    uses = _uses(file, model, receiver, parameter)
    nodes = [*own_nodes(*child_nodes(function))]
    found = {node for node in nodes if parameter and uses.of(node, READ) == Use(READ, "")}
    if any(map(partial(_may_bind, parameter), set(nodes) - found)):
        return
    run = Run(found.__contains__, parameter)
    if found and run.meets(function):
        where = f"`{model.name}.__getattr__`, which found no such attribute, calls it again"
        for node in run.met:
            yield file.ast_range(node), _Recursion(READ, "", "", where)


def _may_bind(parameter: str, node: ast.AST) -> bool:
    """May evaluating a node run code that makes an attribute? Not what only looks at the name."""
    if isinstance(node, ast.Attribute):
        is_text = isinstance(node.value, ast.Constant) or (
            isinstance(node.value, ast.Name) and node.value.id == parameter
        )
        return not (is_text and node.attr in STRING_METHODS)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id not in _LOOKS
    return isinstance(node, (ast.With, ast.AsyncWith, ast.Import, ast.ImportFrom, ast.Subscript))


def _of_question(
    file: FileContext, model: SourceClass, function: Function
) -> Iterator[tuple[Range, _Recursion]]:
    """The expressions in a special method that ask the instance for what the method is to give."""
    assert file.module is not None
    receiver = (*parameters(function), "")[0]
    if not receiver or any(name in file.module.bindings for name in BUILTINS):
        return

    def leads_back(node: ast.AST) -> bool:
        return any(leads_to(model, asked) == function.name for asked in asked_of(node, receiver))

    run = Run(leads_back)
    if run.meets(function):
        where = f"`{model.name}.{function.name}` calls `{function.name}` again"
        for node in run.met:
            yield file.ast_range(node), _Recursion(READ, function.name, "", where)


def _of_accessor(
    file: FileContext, model: SourceClass, accessor: Accessor
) -> Iterator[tuple[Range, _Recursion]]:
    name, which, function = accessor
    if (which == "deleter") and any("__delattr__" in c.bound_names for c in _written(model)):
        return
    kind = _ACCESSORS[which]
    uses = _uses(file, model, (*parameters(function), "")[0])
    if which == "getter" and any(uses.of(node, SET) for node in own_nodes(*child_nodes(function))):
        return  # that may put another object in the property's place, or raise AttributeError
    run = Run(lambda node: uses.of(node, kind) == Use(kind, name))
    if run.meets(function):
        where = f"the {which} of `{model.name}.{name}` calls that {which} again"
        for node in run.met:
            yield file.ast_range(node), _Recursion(kind, name, "", where)


def _uses(
    file: FileContext,
    model: SourceClass,
    receiver: str,
    parameter: str = "",
    *,
    computed: bool = False,
) -> SelfUses:
    module = file.module
    assert module is not None
    are_builtin = not any(name in module.bindings for name in BUILTIN_FUNCTIONS)
    return SelfUses(receiver, model.name, parameter, functions=are_builtin, computed=computed)


def _written(model: SourceClass) -> list[ClassModel]:
    """The classes of the MRO that are written in Python."""
    return [base for base in model.mro or (model,) if base.has_source]
