"""What an expression may evaluate to, followed further than `values` does.

`possible` asks which assignments of a local variable reach a use, what defaults and callers give
parameters, what the items of a display are, and what functions of other modules return. What it
can't follow stays open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property

from ..index.model import Module, Value
from ..rule_api.file import FileContext
from ..source.ast_nodes import walk
from ..source.control_flow import Analysis, Graph, Step, effects, solve
from ..source.python3 import parse_python3
from .values import (
    NOTHING,
    OPEN,
    Asked,
    Function,
    PossibleValues,
    Reader,
    Scope,
    ValueInference,
    joined,
)

_REFLECTING = frozenset({"locals", "vars", "dir", "eval", "exec", "globals"})
_DISPLAYS = (ast.Tuple, ast.List, ast.Set)


def possible(file: FileContext, ask: Callable[[ast.expr], ast.expr | None]) -> list[Asked]:
    """As `values.origins`, but followed further.

    - A local variable is what the assignments give it that reach the use
      (`source.control_flow` tells which).
    - A parameter is also what its default is and what calls in the file pass for it. It is nothing
      else, and so not open, if the function is local and its name is only used to call it.
    - The variable of a loop or comprehension over a display is one of the display's items.
    - A call of a function of another module of the project is what that returns.
    """
    if file.tree is None or file.module is None:
        return []
    followed = _Followed(file.module, _UseReader(file.tree))
    answers: list[Asked] = []
    for node, _, scope in followed.reader.asked:
        expression = ask(node)
        if expression is not None:
            origin = followed.of(expression, scope)
            answers.append(Asked(node, OPEN if origin == NOTHING else origin))
    followed.reader.close()
    return answers


class _UseReader(Reader):
    """The scopes of a file, and where it uses names."""

    def __init__(self, tree: ast.Module) -> None:
        super().__init__(tree, lambda node: node)
        self.uses: dict[tuple[str, Scope], list[ast.Name]] = {}
        self.calls: dict[ast.Name, tuple[ast.Call, Scope]] = {}
        self.direct: set[ast.expr] = set()  # what loops go over whose target is one name
        self.reflects = False
        for node, _, scope in self.asked:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.reflects |= node.id in _REFLECTING
                owner = scope.find(node.id)
                if owner is not None:
                    self.uses.setdefault((node.id, owner), []).append(node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self.calls[node.func] = node, scope
        for loop in walk(tree):
            if isinstance(loop, (ast.For, ast.comprehension)) and isinstance(loop.target, ast.Name):
                self.direct.add(loop.iter)


class _Followed(ValueInference):
    reader: _UseReader

    def __init__(self, module: Module, reader: _UseReader) -> None:
        super().__init__(module, reader)
        self._bodies: dict[Scope, _Body] = {}
        self._modules: dict[Module, ValueInference | None] = {}

    def _of(self, node: ast.AST, scope: Scope) -> PossibleValues:
        found = self._reaching(node, scope) if isinstance(node, ast.Name) else None
        return super()._of(node, scope) if found is None else found

    def _reaching(self, name: ast.Name, scope: Scope) -> PossibleValues | None:
        """What the assignments are that reach a use in the function that has the variable; None
        where that isn't known."""
        bound = scope.bound.get(name.id, ())
        is_function = isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef))
        is_own = is_function and scope.find(name.id) is scope
        if not is_own or len(bound) < 2 or (name.id, scope) in self.reader.augmented:
            return None
        if any(at is not scope for _, _, at in bound):
            return None  # `nonlocal`
        if scope not in self._bodies:
            self._bodies[scope] = _Body(scope.node)
        body = self._bodies[scope]
        binders = [body.binder(name.id, node) for _, node, _ in bound]
        reaching = body.reaching(name)
        if reaching is None or None in binders or not reaching <= {*binders}:
            return None
        return joined(
            self._bound(how, node, at)
            for binder, (how, node, at) in zip(binders, bound, strict=True)
            if binder in reaching
        )

    def _bound(self, how: str, node: ast.AST | object, scope: Scope) -> PossibleValues:
        if how == "element" and node in self.reader.direct and isinstance(node, _DISPLAYS):
            items = [OPEN if isinstance(i, ast.Starred) else self.of(i, scope) for i in node.elts]
            return joined(items)
        return super()._bound(how, node, scope)  # type: ignore[arg-type]

    def _parameter(self, node: ast.AST, how: str, scope: Scope) -> PossibleValues:
        found = super()._parameter(node, how, scope)
        function = scope.node
        if found != OPEN or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return found
        assert isinstance(node, ast.arg)
        assert scope.parent is not None
        default = _default(function, node)
        default_origin = NOTHING if default is None else self.of(default, scope.parent)
        calls = self._calls(function, scope.parent)
        if not calls:
            return found | default_origin
        passed: list[PossibleValues] = []
        for call, at in calls:
            argument = _argument(function, node, call)
            if argument is None and default is None:
                return found | default_origin
            passed.append(default_origin if argument is None else self.of(argument, at))
        is_local = scope.parent.kind == "function" and not self.reader.reflects
        return joined(passed) if is_local else joined([*passed, found, default_origin])

    def _calls(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, owner: Scope
    ) -> list[tuple[ast.Call, Scope]]:
        """The calls of a function; none where its name is used otherwise."""
        bound = owner.bound.get(function.name, [])
        if len(bound) != 1 or function.decorator_list or owner.kind == "class":
            return []
        uses = self.reader.uses.get((function.name, owner), [])
        calls = [self.reader.calls[use] for use in uses if use in self.reader.calls]
        is_plain = all(
            not isinstance(argument, ast.Starred) and all(keyword.arg for keyword in call.keywords)
            for call, _ in calls
            for argument in (*call.args, None)
        )
        return calls if len(calls) == len(uses) and is_plain else []

    def _made_by(self, callee: PossibleValues) -> PossibleValues:
        found = super()._made_by(callee)
        functions = {item for item in callee.objects if isinstance(item, Value)}
        results = [self._result_elsewhere(item) for item in functions]
        if not results or None in results:
            return found
        others = super()._made_by(callee._replace(objects=callee.objects - functions))
        return joined([others, *(result for result in results if result is not None)])

    def _result_elsewhere(self, item: Value) -> PossibleValues | None:
        """What a function of another module returns."""
        if item.binding.kind != "function" or item.module is self.module:
            return None
        if item.module not in self._modules:
            self._modules[item.module] = _origins_of(item.module)
        known = self._modules[item.module]
        place = item.binding.line, item.binding.name
        node = None if known is None else known.reader.functions.get(place)
        if known is None or node is None:
            return None
        result = known.returned_by(node)
        is_of_here = any(isinstance(part, Function) for part in result.objects)
        return None if is_of_here else result


def _origins_of(module: Module) -> ValueInference | None:
    text = module.project.text(module)
    try:
        tree = None if text is None else parse_python3(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # for a newer Python, perhaps
        return None
    return None if tree is None else ValueInference(module, Reader(tree, lambda node: None))


_Binders = frozenset[ast.AST]


class _Reaching(Analysis[_Binders]):
    """Which nodes may have bound a variable last."""

    def __init__(self, name: str) -> None:
        self._name = name

    def join(self, one: _Binders, other: _Binders) -> _Binders:
        return one | other

    def run(self, step: Step, state: _Binders) -> _Binders:
        for name, node in effects(step):
            if name == self._name:
                state = frozenset() if isinstance(node, ast.Delete) else frozenset({node})
        return state


class _Body:
    """The body of a function, and what binds its variables."""

    def __init__(self, function: ast.AST) -> None:
        assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        self._function = function
        self._graph = Graph(function.body)
        self._before: dict[str, dict[Step, _Binders]] = {}

    @cached_property
    def _steps(self) -> list[Step]:
        return [step for block in self._graph.order for step in block.steps]

    @cached_property
    def _holders(self) -> dict[ast.AST, Step]:
        """The steps in which names are used."""
        return {
            node: step
            for step in self._steps
            for node in walk(*step.parts)
            if isinstance(node, ast.Name)
        }

    @cached_property
    def _walrus(self) -> set[str]:
        nodes = walk(*self._function.body)
        return {node.target.id for node in nodes if isinstance(node, ast.NamedExpr)}

    @cached_property
    def _by_value(self) -> dict[tuple[str, ast.AST], ast.AST]:
        """By names and the values that they get, what binds them."""
        return {
            (effect.name, value): effect.node
            for step in self._steps
            for effect in effects(step)
            if effect.name
            for value in _values(effect.node)
        }

    def binder(self, name: str, value: object) -> ast.AST | None:
        """What binds a name to a value; a parameter binds itself."""
        if isinstance(value, ast.arg):
            return value
        return self._by_value.get((name, value)) if isinstance(value, ast.AST) else None

    def reaching(self, use: ast.Name) -> _Binders | None:
        """What may have bound a variable when it is used; None where that isn't known."""
        step = self._holders.get(use)
        if step is None or use.id in self._walrus:
            return None
        if use.id not in self._before:
            self._before[use.id] = self._solved(use.id)
        return self._before[use.id].get(step)

    def _solved(self, name: str) -> dict[Step, _Binders]:
        args = self._function.args
        every = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        start = frozenset(arg for arg in every if arg is not None and arg.arg == name)
        analysis = _Reaching(name)
        before: dict[Step, _Binders] = {}
        for block, state in solve(self._graph, analysis, start).items():
            for step in block.steps:
                before[step] = before.get(step, frozenset()) | state
                state = analysis.run(step, state)
        return before


def _values(binder: ast.AST) -> Iterator[ast.AST]:
    """The nodes that `values.Scope.bound` has for what a node binds."""
    match binder:
        case ast.Assign(value=value):
            waiting: list[ast.AST] = [value]
            for part in waiting:
                yield part
                waiting += part.elts if isinstance(part, (ast.Tuple, ast.List)) else ()
        case ast.AnnAssign(annotation=annotation, value=ast.expr() as value):
            yield from (annotation, value)
        case ast.For(iter=value) | ast.AsyncFor(iter=value) | ast.withitem(context_expr=value):
            yield value
        case _:
            yield binder


def _default(
    function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg
) -> ast.expr | None:
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    with_default = positional[len(positional) - len(args.defaults) :]
    pairs = [*zip(with_default, args.defaults, strict=True)]
    pairs += [
        (arg, default)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if default is not None
    ]
    return next((default for arg, default in pairs if arg is parameter), None)


def _argument(
    function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg, call: ast.Call
) -> ast.expr | None:
    """What a call without `*` and `**` passes for a parameter."""
    positional = [*function.args.posonlyargs, *function.args.args]
    if parameter in positional[: len(call.args)]:
        return call.args[positional.index(parameter)]
    found = (keyword.value for keyword in call.keywords if keyword.arg == parameter.arg)
    return next(found, None)
