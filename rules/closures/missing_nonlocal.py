from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.related import place_of
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.facts import BindingKind
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.closures._declarations import (
    Outer,
    declare,
    hidden_variable,
    is_imported,
)
from pyconcepts_lint.rules.closures._facts import early_reads
from pyconcepts_lint.rules.closures._paths import FunctionNode
from pyconcepts_lint.rules.closures._unbound import UnboundReads, first_unbound_read
from pyconcepts_lint.source.ast_nodes import own_nodes, walk


class MissingNonlocal(Rule):
    """A function that assigns a name has a variable of its own, and reads it before it has a value.

    ## What it finds

    A function that reads a name on whose way there nothing has bound it, and binds the name
    elsewhere, though a function around it, or the module, has a variable of that name. All paths
    to the place are looked at; where one of them may have bound the name, nothing is said. `del` reads
    a name, and takes its value away. Names
    that the module imports are the matter of [PCL804](local-hides-outer.md).

    ## Why

    A name that a function binds anywhere (`=`, `+=`, `for`, `import`, …) is a local variable in
    all of the function, also in the lines above. The variables of the functions around it, and
    those of the module, can be read without saying so, but not assigned: `nonlocal` says that a
    name means the variable of the nearest function around that has one, `global` that it means
    the module's. Without it Python reads a local variable that has no value: UnboundLocalError.

    ## Bad

    ```python
    def invoice_numbers():
        last = 0

        def next_number():
            last += 1
            return last

        return next_number


    print(invoice_numbers()())
    ```

    ```output
    UnboundLocalError: cannot access local variable 'last' where it is not associated with a value
    ```

    ## Good

    ```python
    def invoice_numbers():
        last = 0

        def next_number():
            nonlocal last
            last += 1
            return last

        return next_number


    print(invoice_numbers()())
    ```

    ```output
    1
    ```

    ## Fix

    Declares the name `nonlocal` or `global` at the start of the function. It is safe where the
    reading fails each time the function gets there. It is unsafe where the function has a path on
    which its own variable gets a value today, for that would be the other variable then, where
    what binds it is no assignment (an `import`, a loop, `def`), and where the other variable is a
    function or a class, which would be gone after the first call. There is none where the function
    annotates or deletes the name. Python 2 has no `nonlocal`: what only Python 2 can read gets it
    together with the fixes of its syntax.

    ## When to ignore it

    In tests of the error itself.

    ## See also

    - [Binding of names](https://docs.python.org/3/reference/executionmodel.html#binding-of-names)
    - [The nonlocal statement](https://docs.python.org/3/reference/simple_stmts.html#the-nonlocal-statement)
    - [Why am I getting an UnboundLocalError?](https://docs.python.org/3/faq/programming.html#why-am-i-getting-an-unboundlocalerror-when-the-variable-has-a-value)
    """

    code = "PCL802"
    name = "missing-nonlocal"
    severity = "error"
    reads_stubs = False
    facts = ("early_reads",)
    raises = ("UnboundLocalError",)
    silences = {
        "`nonlocal` or `global` says what is meant": "declared",
        "a path binds it before": "may-be-bound",
        "no function around, nor the module, has a variable of that name": "no-outer",
        "UnboundLocalError is caught": "caught",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for found in _unbound_reads(file):
            function, name, outer = found.function.name, found.name, found.outer
            message = (
                f"`{function}` {found.verb} `{name}`, which makes it a local variable, and "
                f"{found.how}: UnboundLocalError; "
            )
            if found.is_deleted or (outer.function and file.is_python2):
                message += f"the `{name}` of {outer.owner} is another variable"
            else:
                message += f"the `{name}` of {outer.owner} needs `{outer.keyword} {name}`"
            yield Claim(found.place, message, self._fix(found), related=_outer(file, found))

    def _fix(self, found: _Unbound) -> Fix | None:
        function, name, reads = found.function, found.name, found.reads
        if ast.Delete in reads.binders or any(
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == name
            for node in own_nodes(*function.body)
        ):
            return None
        keyword = found.outer.keyword
        is_safe = (
            reads.binders <= _ASSIGNMENTS
            and not reads.may_be_bound
            and not _is_other_than_variable(self.file, found)
        )
        return self.fix(
            "safe" if is_safe else "unsafe",
            f"Declare `{keyword} {name}`",
            [declare(self.file, function, keyword, name)],
            python3=keyword == "nonlocal",
        )


def _outer(file: FileContext, found: _Unbound) -> tuple[RelatedPlace, ...]:
    """Where the module binds the name."""
    bindings = file.module.bindings.get(found.name, ()) if file.module is not None else ()
    said = f"the `{found.name}` of the module"
    places = [
        RelatedPlace(said, place_of(each))
        for each in bindings
        if each.kind not in (BindingKind.ANNOTATION, BindingKind.GLOBAL)
    ]
    return () if found.outer.function else tuple(places[:1])


def _is_other_than_variable(file: FileContext, found: _Unbound) -> bool:
    """Is the outer name that of an import, a function or a class?

    It is used for what it is elsewhere, and would be something else after the first call.
    """
    if not found.outer.function:
        bindings = file.module.bindings.get(found.name, ()) if file.module is not None else ()
        return any(binding.kind in _DEFINITIONS for binding in bindings)
    nodes = file.cached(_defining).get((found.outer.function, found.name), ())
    return any(node is not found.function for node in nodes)


def _defining(file: FileContext) -> dict[tuple[str, str], list[ast.AST]]:
    """What defines or imports a name in a function: by the names of both, as many as two do."""
    found: dict[tuple[str, str], list[ast.AST]] = {}
    for function in walk(file.tree) if file.tree is not None else ():
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in walk(function):
                for name in _defined_by(node):
                    nodes = found.setdefault((function.name, name), [])
                    # One of them may be the one that is asked about.
                    if len(nodes) < 2 and node not in nodes:
                        nodes.append(node)
    return found


def _defined_by(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    return ()


_DEFINITIONS = frozenset(
    {BindingKind.CLASS, BindingKind.FROM, BindingKind.FUNCTION, BindingKind.IMPORT}
)
_ASSIGNMENTS = frozenset({ast.Assign, ast.AugAssign, ast.NamedExpr})


class _Unbound(NamedTuple):
    """The first read of a variable of a function that certainly has no value."""

    name: str
    place: Range
    function: FunctionNode
    outer: Outer
    reads: UnboundReads
    how: str
    is_deleted: bool

    @property
    def verb(self) -> str:
        if self.reads.binders == {ast.Delete}:
            return "deletes"
        return "assigns" if self.reads.binders <= _ASSIGNMENTS else "binds"


def _unbound_reads(file: FileContext) -> Iterator[_Unbound]:
    facts = early_reads.of(file.module.facts) if file.module is not None else ()
    for name, first, last in facts:
        function = file.statement(first, last)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        found = first_unbound_read(file, function, name)
        outer = hidden_variable(file, function, name) if found is not None else None
        # PCL804 speaks of names that the module imports.
        if found is not None and outer is not None and not is_imported(file, name, outer):
            how = "it has no value here"
            if found.reads.binders != {ast.Delete}:
                how = found.how(file)
            yield _Unbound(name, found.place, function, outer, found.reads, how, found.is_deleted)
