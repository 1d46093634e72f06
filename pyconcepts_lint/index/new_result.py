"""What a `__new__` gives back, as far as its own lines tell."""

from __future__ import annotations

import ast

from ..source.ast_nodes import SCOPES, bound_names, child_nodes

_BASES = 2  # where the bases stand among what a metaclass is called with


def passes_on(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Does a `__new__` give back only what another `__new__` makes for the same class?

    For a metaclass: with the same bases, too.
    """
    if isinstance(function, ast.AsyncFunctionDef) or function.decorator_list:
        return False
    return _Reader(function).passes_on()


class _Reader:
    """The returns of a function, and what its names are assigned."""

    def __init__(self, function: ast.FunctionDef) -> None:
        arguments = function.args
        self._parameters = [part.arg for part in (*arguments.posonlyargs, *arguments.args)]
        self._rest = "" if arguments.vararg is None else arguments.vararg.arg
        self._assigned: dict[str, list[ast.expr | None]] = {}
        self._returned: list[ast.expr | None] = []
        self._is_generator = False
        waiting: list[ast.AST] = [*function.body]
        while waiting:
            waiting += self._read(waiting.pop())

    def _read(self, node: ast.AST) -> list[ast.AST]:
        """Note what a node does; the nodes below it that are still to be read."""
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            self._assign(node.targets[0].id, node.value)
            return [node.value, *node.targets[1:]]
        if isinstance(node, ast.Return):
            self._returned.append(node.value)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            self._is_generator = True
        else:
            for name in bound_names(node):
                self._assign(name, None)
        return [] if isinstance(node, SCOPES) else child_nodes(node)

    def _assign(self, name: str, value: ast.expr | None) -> None:
        self._assigned.setdefault(name, []).append(value)

    def passes_on(self) -> bool:
        if self._is_generator or not self._parameters:
            return False
        return all(value is not None and self._is_made(value) for value in self._returned)

    def _is_made(self, value: ast.expr) -> bool:
        if isinstance(value, ast.Call):
            return self._makes(value)
        if not isinstance(value, ast.Name):
            return False
        assigned = self._assigned.get(value.id)
        return bool(assigned) and all(
            isinstance(made, ast.Call) and self._makes(made) for made in assigned or ()
        )

    def _makes(self, call: ast.Call) -> bool:
        """Is it `….__new__(cls, …)`, given the function's own first parameter and bases?"""
        function: ast.expr | None = call.func
        if isinstance(function, ast.Name):
            aliased = self._assigned.get(function.id, ())
            function = aliased[0] if len(aliased) == 1 else None
        if not isinstance(function, ast.Attribute) or function.attr != "__new__":
            return False
        first = call.args[0] if call.args else None
        if not isinstance(first, ast.Name) or first.id != self._parameters[0]:
            return False
        # `cls = super().__new__(cls, …)` still passes what it was called with.
        own = self._assigned.get(first.id, ())
        if own and not (len(own) == 1 and own[0] is call):
            return False
        return all(
            self._is_passed(argument, number)
            for number, argument in enumerate(call.args)
            if number == _BASES or isinstance(argument, ast.Starred)
        )

    def _is_passed(self, argument: ast.expr, number: int) -> bool:
        """Is it the parameter of that number, or `*args` where those are all that follow?"""
        if isinstance(argument, ast.Starred):
            name = argument.value.id if isinstance(argument.value, ast.Name) else ""
            is_own = name == self._rest and len(self._parameters) == number
        else:
            name = argument.id if isinstance(argument, ast.Name) else ""
            is_own = self._parameters[number : number + 1] == [name]
        return is_own and name not in self._assigned
