"""Whether code looks at the names of a namespace, their order and what exactly is behind them."""

from __future__ import annotations

import ast

from ..base.typed import TYPE_CHECKING
from ..source.ast_nodes import walk

if TYPE_CHECKING:
    from ..rule_api.file import FileContext

_NAMES = frozenset({"__annotations__", "__dict__", "get_annotations", "get_type_hints"})


def reads_namespaces(file: FileContext) -> bool:
    """Does a file ask for the `__dict__` of something that may be a class, or for annotations?

    A method that asks for its own instance's, by the name `self`, doesn't: the attributes of a
    class are not in there.
    """
    text = file.text
    if not any(name in text for name in (*_NAMES, "vars")):
        return False
    for node in walk(file.tree) if file.tree is not None else ():
        receiver = None
        if isinstance(node, ast.Attribute) and node.attr in _NAMES:
            receiver = node.value
        elif isinstance(node, ast.Name) and node.id in _NAMES:
            return True
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "vars"
            and node.args
        ):
            receiver = node.args[0]
        if receiver is not None and not (isinstance(receiver, ast.Name) and receiver.id == "self"):
            return True
    return file.tree is None
