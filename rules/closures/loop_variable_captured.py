from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial

from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.closures._escapes import Escape, escapes
from pyconcepts_lint.source.ast_nodes import walk


class LoopVariableCaptured(Rule):
    """A function made in a loop sees the loop's variable as it is when the function is called.

    ## What it finds

    A function or lambda that is made in a loop or comprehension and uses the loop's variable, or a
    name that each iteration binds anew (the counter of a `while`, too), and that outlives its
    iteration: it is put into a container which was there before the loop, however deep, on the
    objects that the loop goes over or makes and keeps, into the list, set or dictionary that a
    comprehension makes; it is yielded, run by a thread or a task, or given to `atexit.register`.

    What a call does with a function is known where the callee is found in the project or in the
    standard library: whether it stores the parameter, or returns what holds it. Where it isn't
    found, names count that mean registration everywhere (`command=`, `on_click=`, `connect`,
    `add_done_callback`, `submit`, `@app.route`), and the message says so. Nothing is said of
    functions that are used up in their iteration (`key=`, `sorted`, `map`), of those that are given
    to any other call, and of those that are kept right before the loop is left.

    ## Why

    A closure keeps the variable, not the value it had. All functions that the loop makes share one
    variable, and the next iteration binds it anew: when they are called after the loop, all of them
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
    argument more then, and callers may rely on what it does today; `functools.partial` is the
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
    facts = ("captures",)
    silences = {
        "a default keeps the value": "default",
        "the function is called in the same iteration": "used-at-once",
        "the loop ends when the function has been kept": "leaves-loop",
        "what takes the function uses it up before it returns": "consumed",
        "the loop doesn't bind the name that the function uses": "not-rebound",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for escape in escapes(file):
            node = escape.function
            what = "this lambda" if isinstance(node, ast.Lambda) else f"`{node.name}`"
            shown = " and ".join(f"`{captured}`" for captured in escape.names)
            turn = "comprehension" if escape.in_comprehension else "loop"
            value = "values" if len(escape.names) > 1 else "value"
            latest = f"the {value} of the latest iteration, not of its own (late binding)"
            if escape.holder.by_name:
                message = (
                    f"{what} looks {shown} up only when it is called: if "
                    f"`{escape.holder.by_name}` has it called after this iteration of the {turn}, "
                    f"as that name says, it finds {latest}"
                )
            else:
                message = (
                    f"{what} outlives this iteration of the {turn} ({escape.holder.what}) and "
                    f"looks {shown} up only when it is called: it then finds {latest}"
                )
            yield Claim(
                file.ast_range(node),
                message,
                partial(self._fix, escape.names),
                node=("Lambda", "FunctionDef"),
                related=tuple(_loops(file, escape)),
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


def _loops(file: FileContext, escape: Escape) -> Iterator[RelatedPlace]:
    """What binds the names anew in each iteration."""
    wanted = set(escape.names)
    for around in file.ast_around(escape.function):
        loops = getattr(around, "generators", [around])
        for loop in loops if wanted else ():
            if not isinstance(loop, (ast.For, ast.AsyncFor, ast.comprehension)):
                continue
            names = {part.id for part in walk(loop.target) if isinstance(part, ast.Name)}
            if not names.isdisjoint(wanted):
                wanted -= names
                said = "each iteration binds it anew here"
                yield RelatedPlace(said, file.ast_range(loop.target))
