"""What functions do to the dictionaries of those who call them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from pyconcepts_lint.analysis.flow import Way
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.attributes import instances_bind
from pyconcepts_lint.index.collect import dotted_name, mangled
from pyconcepts_lint.index.facts import BindingKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.dictionaries._steps import (
    PUTTING,
    Step,
    block_steps,
    changed_by,
    method_called,
    parameters_of,
    running,
    targets_of,
)
from pyconcepts_lint.rules.dictionaries._walks import spelled
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, walk
from pyconcepts_lint.source.signatures import first_parameter


class _Called(NamedTuple):
    """What a function that is called does to a dictionary: it takes items out of it, or puts some in
    under these keys, as the caller would write them.

    `is_sure`: it does so whenever it is called.
    """

    takes_out: bool
    is_sure: bool
    keys: tuple[ast.expr, ...]
    line: int


class Called:
    """What functions of a file change that its loops call."""

    def __init__(self, file: FileContext) -> None:
        self._file = file

    def change_by(
        self, call: ast.Call, names: Collection[str], around: Sequence[ast.AST]
    ) -> _Called | None:
        """What a call does to what is written so where it stands, if the function that it surely
        calls is a plain one of the file.

        Args:
            call: the call.
            names: how the dictionary is written.
            around: the nodes around the loop, the outermost first.
        """
        function = self._function(call, around)
        if function is None or function.decorator_list:
            return None
        passed = _passed(function, call)
        inside = None if passed is None else self._names_in(function, passed, names, around)
        if passed is None or not inside or _is_generator(function):
            return None
        steps = list(block_steps(function.body, 0, (), ()))
        roots = {name.partition(".")[0].partition("[")[0] for name in inside}
        bound = {spelled(target) for step in steps for target in targets_of(step.node)}
        if not bound.isdisjoint((*roots, *inside)):
            return None
        found = [
            (step, changed)
            for step in steps
            for changed in changed_by(step.node)
            if spelled(changed) in inside and _may_return(step)
        ]
        out = [(step, changed) for step, changed in found if _takes_out(step.node)]
        if not found or len(out) not in (0, len(found)):
            return None  # what it takes out it may put back
        step, _ = found[0]
        line = step.node.lineno  # type: ignore[attr-defined]
        if not out:
            keys = [key for step, changed in found for key in _keys_put(step.node, changed)]
            written = [_as_written(key, passed) for key in keys]
            known = [key for key in written if key is not None]
            return _Called(False, False, tuple(known), line) if len(known) == len(keys) else None
        is_first = not any(
            isinstance(part, (ast.Return, ast.Raise)) and part.lineno < line
            for part in running(function.body)
        )
        is_sure = is_first and not step.path and not _may_lack(step.node)
        return _Called(True, is_sure, (), line)

    def _function(
        self, call: ast.Call, around: Sequence[ast.AST]
    ) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        file, func = self._file, call.func
        if file.module is None:
            return None
        functions = [each for each in around if isinstance(each, FUNCTIONS)]
        if isinstance(func, ast.Name):
            if any(func.id in _bound_in(each) for each in functions):
                return None
            bindings = file.module.bindings.get(func.id, ())
            if len(bindings) != 1 or bindings[0].kind is not BindingKind.FUNCTION:
                return None
            return self._at(bindings[0].line, func.id)
        method = functions[0] if functions else None
        classes = [each for each in around if isinstance(each, ast.ClassDef)]
        if (
            not isinstance(func, ast.Attribute)
            or not isinstance(func.value, ast.Name)
            or not isinstance(method, ast.FunctionDef)
            or len(classes) != 1
            or method not in classes[0].body
            or func.value.id != first_parameter(method.args)
            or {dotted_name(each) for each in method.decorator_list} & {"staticmethod"}
        ):
            return None
        return self._method(classes[0], func.attr)

    def _method(self, node: ast.ClassDef, name: str) -> ast.FunctionDef | None:
        """The method that instances surely have under that name."""
        module = self._file.module
        for model in module.classes if module is not None else ():
            if (model.facts.line, model.name) != (node.lineno, node.name):
                continue
            found = model.lookup(mangled(name, model.name))
            is_function = found is not None and found.kind is AttributeKind.FUNCTION
            if found is None or not is_function or found.owner.module is not module:  # type: ignore[attr-defined]
                return None
            if (
                any(found != below.lookup(found.name) for below in model.project.subclasses(model))
                or instances_bind(model, found.name) is not Answer.NO
            ):
                return None
            function = self._at(found.line, name)
            return function if isinstance(function, ast.FunctionDef) else None
        return None

    def _at(self, line: int, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        for node in walk(self._file.tree) if self._file.tree is not None else ():
            if isinstance(node, ast.FunctionDef) and (node.lineno, node.name) == (line, name):
                return node
        return None

    def _names_in(
        self,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        passed: dict[str, ast.expr],
        names: Collection[str],
        around: Sequence[ast.AST],
    ) -> set[str]:
        """How a function writes what its caller writes so."""
        found: set[str] = set()
        own = _bound_in(function)
        local = set().union(*(_bound_in(each) for each in around if isinstance(each, FUNCTIONS)))
        for name in names:
            root = name.partition(".")[0].partition("[")[0]
            for parameter, argument in passed.items():
                written = spelled(argument)
                if written and (name == written or name.startswith(f"{written}.")):
                    found.add(parameter + name.removeprefix(written))
            if root not in own and root not in local and "[" not in name:
                found.add(name)
        return found


def _passed(
    function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call
) -> dict[str, ast.expr] | None:
    """What a call passes for the parameters; None where that isn't written down."""
    args = function.args
    given = list(call.args)
    if isinstance(call.func, ast.Attribute):
        given.insert(0, call.func.value)
    parameters = [*args.posonlyargs, *args.args]
    if args.vararg or args.kwarg or len(given) > len(parameters):
        return None
    if any(isinstance(each, ast.Starred) for each in given):
        return None
    found = {p.arg: argument for p, argument in zip(parameters, given, strict=False)}
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        found[keyword.arg] = keyword.value
    return found


def _bound_in(function: ast.AST) -> set[str]:
    """The names that a function binds, parameters included."""
    assert isinstance(function, FUNCTIONS)
    if isinstance(function, ast.Lambda):
        return {part.arg for part in walk(function.args) if isinstance(part, ast.arg)}
    parts = running(function.body, into_functions=True)
    found = {spelled(target) for part in parts for target in targets_of(part)}
    return found | {parameter.arg for parameter in parameters_of(function)}


def _is_generator(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) or any(
        isinstance(part, (ast.Yield, ast.YieldFrom)) for part in running(function.body)
    )


def _may_return(step: Step) -> bool:
    """May a function return once a step of it has been made?"""
    for ways, _ in step.rests:
        if Way.RETURN in ways:
            return True
        if not ways & (Way.END | Way.BREAK | Way.CONTINUE):
            return False
    return True


def _takes_out(node: ast.AST) -> bool:
    return isinstance(node, ast.Delete) or (
        isinstance(node, ast.Call) and method_called(node) not in PUTTING
    )


def _may_lack(node: ast.AST) -> bool:
    """Is it an item that need not be there?"""
    return isinstance(node, ast.Call) and method_called(node) == "pop" and len(node.args) != 1


def _keys_put(node: ast.AST, changed: ast.expr) -> list[ast.expr]:
    """The keys under which a statement or call puts items; what can't be told is the call itself."""
    if isinstance(node, ast.Call):
        return node.args[:1] if method_called(node) == "setdefault" else [node]
    found = [
        target.slice
        for target in targets_of(node)
        if isinstance(target, ast.Subscript) and target.value is changed
    ]
    return found or [ast.Yield()]


def _as_written(key: ast.expr, passed: dict[str, ast.expr]) -> ast.expr | None:
    """A key as the caller would write it; None where it has no words for it."""
    if isinstance(key, ast.Name):
        return passed.get(key.id)
    return key if isinstance(key, ast.Constant) else None
