"""What an expression does to an attribute of `self`, and where it stands."""

from __future__ import annotations

import ast

from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import AttributeAccess
from pyconcepts_lint.rule_api.file import FileContext

READ = "read"
SET = "set"
DELETE = "delete"

CONTEXTS: dict[type[ast.expr_context], str] = {
    ast.Load: READ,
    ast.Store: SET,
    ast.Del: DELETE,
}
_FUNCTIONS = {"getattr": READ, "hasattr": READ, "setattr": SET, "delattr": DELETE}
_METHODS = {"__getattribute__": READ, "__setattr__": SET, "__delattr__": DELETE}


BUILTIN_FUNCTIONS = ("vars", *_FUNCTIONS)
"""The built-in functions that use an attribute of their first argument."""


COMPUTED = "<computed>"


class Use(NamedTuple):
    """A read, an assignment or a deletion of an attribute, under its name in the instance.

    `name` is "" where the attribute is the one that a parameter names, and `COMPUTED` where an
    expression computes it.
    """

    kind: str
    name: str


class SelfUses:
    """Finds the uses of attributes of one function's `self`.

    Args:
        receiver: the name of its first parameter.
        class_name: the class in whose body it stands, for private names.
        parameter: the name of the parameter that holds an attribute's name; "" for none.
        functions: may `setattr` and its like be taken for the built-in functions?
        methods: do explicit calls of `self.__getattribute__` and its like count?
        computed: do names count that an expression computes?
    """

    def __init__(
        self,
        receiver: str,
        class_name: str,
        parameter: str = "",
        *,
        functions: bool = True,
        methods: bool = True,
        computed: bool = False,
    ) -> None:
        self.receiver = receiver
        self.class_name = class_name
        self.parameter = parameter
        self.functions = functions
        self.methods = methods
        self.computed = computed

    def of(self, node: ast.AST, kind: str) -> Use | None:
        """The use of this kind that evaluating the node itself makes."""
        if isinstance(node, ast.Attribute):
            if CONTEXTS[type(node.ctx)] == kind and self._is_receiver(node.value):
                return Use(kind, mangled(node.attr, self.class_name))
        elif isinstance(node, ast.AugAssign):
            target = node.target if kind == READ else None
            if isinstance(target, ast.Attribute) and self._is_receiver(target.value):
                return Use(kind, mangled(target.attr, self.class_name))
        elif isinstance(node, ast.Call):
            return self._call(node, kind)
        return None

    def _call(self, node: ast.Call, kind: str) -> Use | None:
        func, args = node.func, node.args
        if isinstance(func, ast.Name):
            if not self.functions or not args or not self._is_receiver(args[0]):
                return None
            if func.id == "vars":
                return Use(READ, "__dict__") if kind == READ and len(args) == 1 else None
            return self._named(_FUNCTIONS.get(func.id), kind, args[1:2])
        if isinstance(func, ast.Attribute) and self.methods and self._is_receiver(func.value):
            return self._named(_METHODS.get(func.attr), kind, args[:1])
        return None

    def _named(self, found: str | None, kind: str, key: list[ast.expr]) -> Use | None:
        if found != kind or not key:
            return None
        name = key[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return Use(kind, name.value)
        if isinstance(name, ast.Name) and name.id == self.parameter:
            return Use(kind, "")
        return Use(kind, COMPUTED) if self.computed else None

    def _is_receiver(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and bool(node.id) and node.id == self.receiver


def node_of(file: FileContext, access: AttributeAccess) -> ast.Attribute | ast.Call | None:
    """The attribute reference of an event, or the call of `setattr` or `delattr`."""
    if not access.by_setattr:
        return file.ast_at(access.line, access.column, ast.Attribute)
    function = file.ast_at(access.line, access.column, ast.Name)
    around = [] if function is None else file.ast_around(function)
    return next((node for node in around if isinstance(node, ast.Call)), None)
