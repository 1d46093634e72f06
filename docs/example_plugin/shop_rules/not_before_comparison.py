from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from pyconcepts_lint import Claim, FileContext, Fix, Rule

_WORDS: dict[type[ast.cmpop], str] = {ast.In: "in", ast.Is: "is"}
_BETTER = {"in": "not in", "is": "is not"}


class NotBeforeComparison(Rule):
    """`not a in b` means `a not in b`, and is easily read as `(not a) in b`.

    ## What it finds

    `not` before a comparison by `in` or `is`, without parentheses around the comparison.

    ## Why

    Comparisons bind more tightly than `not`. Python has `not in` and `is not` as operators of their
    own, which say the same in the order in which it is read.

    ## Bad

    ```python
    stock = ["apple", "pear"]
    print(not "plum" in stock)
    ```

    ```output
    True
    ```

    ## Good

    ```python
    stock = ["apple", "pear"]
    print("plum" not in stock)
    ```

    ```output
    True
    ```

    ## Fix

    Moves the `not`. It is safe: both forms mean the same for whatever objects there are.

    ## When to ignore it

    Never; there is nothing to win by it.

    ## See also

    - [Membership test operations](https://docs.python.org/3/reference/expressions.html#membership-test-operations)
    """

    code = "SHP101"
    name = "not-before-comparison"
    words = ("not",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in ast.walk(file.tree) if file.tree is not None else ():
            if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not):
                continue
            comparison = node.operand
            if not isinstance(comparison, ast.Compare) or len(comparison.ops) > 1:
                continue
            word = _WORDS.get(type(comparison.ops[0]))
            start, end = file.ast_span(node)[0], file.ast_span(comparison)[0]
            if word is not None and "(" not in file.text[start:end]:
                message = f"`not` before a comparison by `{word}`: that is `{_BETTER[word]}`"
                yield Claim(file.ast_range(node), message, self._fix, node=("UnaryOperation",))

    def _fix(self, node: cst.UnaryOperation) -> Fix:
        assert isinstance(node.expression, cst.Comparison)
        operator = node.expression.comparisons[0].operator
        better = _BETTER[self.file.text_of(operator)]
        start, _ = self.file.span(node)
        text = self.file.text[start:].removeprefix("not")
        blanks = len(text) - len(text.lstrip(" \t"))
        edits = [
            self.file.edit(start, start + len("not") + blanks, ""),
            self.file.replace(operator, better),
        ]
        return self.fix("safe", f"Use `{better}`", edits)
