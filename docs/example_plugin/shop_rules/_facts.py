import ast
from collections.abc import Iterator
from typing import NamedTuple

from pyconcepts_lint.index.binder import FileIndex
from pyconcepts_lint.index.extractor import extractor


class ErrorCode(NamedTuple):
    """A call `ShopError("S123", …)`, and where it stands."""

    code: str
    line: int
    column: int


@extractor(ErrorCode, words=("ShopError",), nodes=(ast.Call,))
def shop_error_codes(index: FileIndex) -> Iterator[ErrorCode]:
    for call in index.nodes_of(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "ShopError" and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield ErrorCode(first.value, call.lineno, index.place(call))
