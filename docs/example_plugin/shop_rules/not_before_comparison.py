from __future__ import annotations

import libcst as cst

from pyconcepts_lint import Rule


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

    def visit_UnaryOperation(self, node: cst.UnaryOperation) -> None:
        comparison = node.expression
        if not isinstance(node.operator, cst.Not) or not isinstance(comparison, cst.Comparison):
            return
        if comparison.lpar or len(comparison.comparisons) > 1:
            return
        operator = comparison.comparisons[0].operator
        if not isinstance(operator, cst.In | cst.Is):
            return
        word = self.file.text_of(operator)
        better = "not in" if word == "in" else "is not"
        start, _ = self.file.span(node)
        text = self.file.text[start:].removeprefix("not")
        blanks = len(text) - len(text.lstrip(" \t"))
        edits = [
            self.file.edit(start, start + len("not") + blanks, ""),
            self.file.replace(operator, better),
        ]
        message = f"`not` before a comparison by `{word}`: that is `{better}`"
        self.report(node, message, self.fix("safe", f"Use `{better}`", edits))
