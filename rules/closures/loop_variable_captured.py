from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial

from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.closures._keepers import kept_functions


class LoopVariableCaptured(Rule):
    """A function made in a loop sees the loop's variable as it is when the function is called.

    ## What it finds

    A function or lambda that is made in a loop or comprehension and uses the loop's variable, or a
    name that each turn assigns anew, and that is kept beyond its turn: put into a container which
    was there before the loop, or on the objects that the loop goes over, into the list, set or
    dictionary that a comprehension makes, yielded, or registered to be called later (`connect`,
    `after`, `add_done_callback`, `addCleanup`, `atexit.register`, a thread that is started …).
    Nothing is said of functions that are used up in their turn (`key=`, `sorted`, `map`), of those
    that are handed to a call of which it isn't known what it does, and of those that are kept
    right before the loop is left.

    ## Why

    A closure keeps the variable, not the value it had. All functions that the loop makes share one
    variable, and the next turn binds it anew: when they are called after the loop, all of them
    find its last value.

    ## Bad

    ```python
    handlers = []
    for product in ["tea", "milk"]:
        handlers.append(lambda: print(product))

    for handler in handlers:
        handler()
    ```

    ```output
    milk
    milk
    ```

    ## Good

    ```python
    handlers = []
    for product in ["tea", "milk"]:
        handlers.append(lambda product=product: print(product))

    for handler in handlers:
        handler()
    ```

    ```output
    tea
    milk
    ```

    ## Fix

    Binds the value that the name has now, as the default of a parameter: `product=product`.
    Defaults are evaluated when the function is made. It is unsafe, for the function takes one
    argument more then, and somebody may rely on what it does today; `functools.partial` is the
    other way.

    ## When to ignore it

    Where all the functions are meant to see the last value.

    ## See also

    - [Why do lambdas defined in a loop with different values all return the same result?](https://docs.python.org/3/faq/programming.html#why-do-lambdas-defined-in-a-loop-with-different-values-all-return-the-same-result)
    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    """

    code = "PCL801"
    name = "loop-variable-captured"
    reads_stubs = False
    needs = ("captures",)

    def claims(self, file: LintedFile) -> Iterator[Claim]:
        for kept in kept_functions(file):
            node = kept.function
            what = "this lambda" if isinstance(node, ast.Lambda) else f"`{node.name}`"
            shown = " and ".join(f"`{captured}`" for captured in kept.names)
            turn = "comprehension" if kept.in_comprehension else "loop"
            it = "them" if len(kept.names) > 1 else "it"
            yield Claim(
                file.ast_range(node),
                f"{what} outlives its turn of the {turn} ({kept.keeper}) and looks {shown} up when "
                f"it is called: it finds {it} as the latest turn has left {it}, not as in its own",
                partial(self._fix, kept.names),
                node=("Lambda", "FunctionDef"),
            )

    def _fix(self, names: tuple[str, ...], node: cst.Lambda | cst.FunctionDef) -> Fix | None:
        added = ", ".join(f"{name}={name}" for name in names)
        title = f"Bind `{added}` when the function is made"
        keywords = node.params.star_kwarg
        if keywords is not None:
            start = self.file.span(keywords)[0]
            return self.fix("unsafe", title, [self.file.edit(start, start, f"{added}, ")])
        start, end = self.file.span(node.params)
        text = self.file.text[start:end]
        if "#" in text:
            return None
        end -= len(text) - len(text.rstrip())
        if re.search(r"\S", text) is None:
            before = " " if isinstance(node, cst.Lambda) else ""
        else:
            before = " " if text.rstrip().endswith(",") else ", "
        return self.fix("unsafe", title, [self.file.edit(end, end, before + added)])
