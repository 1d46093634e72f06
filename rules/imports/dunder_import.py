from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pyconcepts_lint.analysis.names import is_builtin, is_local, is_replaced
from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.base.finding import Edit, Fix, Severity
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.additions import is_name_handed_on
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.conditions import constant
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import is_shown, line_for_imports, place_in_block
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._qualified_uses import is_taken
from pyconcepts_lint.source.ast_nodes import walk

_PARAMETERS = ("name", "globals", "locals", "fromlist", "level")
# What namespace packages do in their `__init__` (PEP 420 names them).
_NAMESPACE_IDIOMS = {"pkgutil": "extend_path", "pkg_resources": "declare_namespace"}


_NAME_DOT = lazy_pattern(r"(?<![\w.])([^\W\d]\w*+)\s*+\.")
_ERRORS = {"negative": ("ValueError",)}
_REDUCE = ("reduce", "functools.reduce")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TRIES = (ast.Try, ast.TryStar)
_IMPORTLIB = lazy_pattern(r"\b(?:importlib|import_module)\b")
_TAKES_APART = lazy_pattern(r"\bmodules\b|\breduce\b|\.r?split\(|\.rpartition\(|\.find\(")
_GETATTR = lazy_pattern(r"\bgetattr\(\s*+([^\W\d]\w*+)")


def _going_on(file: FileContext) -> dict[str, list[tuple[int, int]]]:
    """Where names stand of which attributes are used, by `.` or `getattr`: the offsets at which
    each such use starts and ends, in their order."""
    found: dict[str, list[tuple[int, int]]] = {}
    for match in _NAME_DOT.finditer(file.text):
        found.setdefault(match[1], []).append(match.span())
    for match in _GETATTR.finditer(file.text):
        found.setdefault(match[1], []).append(match.span())
    for places in found.values():
        places.sort()
    return found


class DunderImport(Rule):
    """`__import__("a.b")` returns `a`; `importlib.import_module("a.b")` returns `a.b`.

    ## What it finds

    Calls of the built-in `__import__`, and with them the code that goes from the top-level
    package to the module: a `getattr` loop or `reduce`, or `sys.modules[name]`. Where such a loop
    takes the parts of the name from the last to the first, the message says so.

    A finding is a note where no dots of the name are written down, a `fromlist` is given, or the
    result is thrown away: there it makes no difference, as far as can be seen. It is an error where the `level` is negative.

    Not `__import__("pkgutil").extend_path(…)` and `__import__("pkg_resources")
    .declare_namespace(…)`, the lines that namespace packages used to share, and not what is there
    only for Python 2, or where `importlib` is missing.

    ## Why

    `__import__` is the function that the import statement calls. `import a.b` binds the name
    `a`, so for `"a.b"` it returns the package `a`, and only a non-empty `fromlist` makes it return
    `a.b`, as `from a.b import x` needs. A program that has the name of a module in a variable
    wants the module itself: that is what `importlib.import_module` is there for.

    ## Bad

    ```python
    def load_module(name):
        module = __import__(name)
        parts = name.split(".")[1:]
        while parts:
            part = parts.pop()
            module = getattr(module, part)
        return module


    print(load_module("os.path").__name__ in ("posixpath", "ntpath"))
    print(load_module("xml.dom.minidom"))
    ```

    ```output
    True
    AttributeError: module 'xml' has no attribute 'minidom'
    ```

    ## Good

    ```python
    import importlib

    path = importlib.import_module("os.path")
    print(path.__name__ in ("posixpath", "ntpath"))
    print(importlib.import_module("xml.dom.minidom").__name__)
    ```

    ```output
    True
    xml.dom.minidom
    ```

    ## Fix

    `importlib.import_module(…)`, with an `import importlib` where the module has none. It is safe
    where what comes out is the same: for a name without dots, where what is returned
    isn't used, and for `__import__(name)` with `sys.modules[name]` right behind it. It is unsafe
    where the module takes the package's place, and where the project puts something else into the
    place of `__import__`. There is none with a `fromlist` or a `level`, where
    the code around goes on from the package in a way that isn't understood (one attribute of what a
    variable name gives is taken for the module's own), where a comment or a
    call would get lost, for a name with an empty part, and where `importlib` means something else
    or is imported further down.

    ## When to ignore it

    In what stands in for the import statement itself, as import hooks do.

    ## See also

    - [`__import__`](https://docs.python.org/3/library/functions.html#import__)
    - [`importlib.import_module`](https://docs.python.org/3/library/importlib.html#importlib.import_module)
    """

    code = "PCL212"
    name = "dunder-import"
    reads_stubs = False
    words = ("__import__",)
    silences = {
        "it is the documented way to spread a package over directories": "extend-path",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for node in walk(*file.statements_at(file.lines_with(self.words))):
            if not isinstance(node, ast.Call) or dotted_name(node.func) != "__import__":
                continue
            call = _read(node)
            path = [*reversed(file.ast_around(node)), node]
            if (
                not _is_namespace_idiom(call, path)
                and not _is_without_importlib(path)
                and file.stands_there(node.func)
                and is_builtin(file, "__import__", path)
            ):
                way = _way_from_package(file, path, call)
                message = self._message(node, call, way)
                fix, raises = self._fix(path, call, way), _ERRORS.get(call.level, ())
                severity = _severity(call, path[-2])
                yield Claim(file.ast_range(node), message, fix, raises, severity=severity)

    # What is said

    def _message(self, node: ast.Call, call: _Call, way: _Way | None) -> str:
        written = self.file.ast_quote(node)
        name = "…" if call.name is None else self.file.ast_quote(call.name)
        better = f"`importlib.import_module({name})`"
        if call.level == "negative":
            return (
                f"`{written}` has a negative `level`, which only Python 2 takes: "
                "this raises ValueError"
            )
        if call.name is None:
            return f"`{written}` is what the import statement calls; {better} is for programs"
        if call.level:
            return (
                f"`{written}` is what the import statement calls; `importlib.import_module` is for "
                "programs: it takes the dots of a relative name, and returns the module"
            )
        if call.fromlist and call.literal is not None and "." not in call.literal:
            return (
                f"`{written}` is what `from {call.literal} import …` calls; {better} returns the "
                "module"
            )
        if call.fromlist:
            return (
                f"`{written}` returns the module that is named, and not its top-level package, "
                f"only for the sake of its `fromlist`; {better} returns that module"
            )
        if call.literal is None:
            said = (
                f"`{written}` returns the top-level package where the name has dots (`a` for "
                f"`a.b`); {better} returns the module that is named"
            )
        elif "." in call.literal:
            top = call.literal.partition(".")[0]
            said = f"`{written}` returns `{top}`; {better} returns `{call.literal}`"
        else:
            return f"`{written}` is what `import {call.literal}` calls; {better} is for programs"
        if way is not None and way.is_backwards:
            said += (
                ". What looks for it from there takes the last part of the name first: of `a.b.c`, "
                "it asks `a` for `c`"
            )
        return said

    # What is done about it

    def _fix(self, path: Sequence[ast.AST], call: _Call, way: _Way | None) -> Fix | None:
        file, module = self.file, self.file.module
        node, parent = path[-1], path[-2]
        if call.name is None or call.fromlist or call.level or not call.is_alone:
            return None
        if is_shown(file, path):
            return None
        if call.literal is not None and not all(call.literal.split(".")):
            return None
        if call.literal is not None and module is not None and module.is_beside(call.literal):
            return None
        imported = self._import_module(path)
        if imported is None:
            return None
        function, edits = imported
        new = f"{function}({file.ast_text(call.name)})"
        # `importlib.import_module` doesn't call what takes the place of `builtins.__import__`.
        is_safe = (call.literal is not None or not _is_tried(path)) and not is_replaced(
            file, "__import__"
        )
        assert isinstance(node, ast.Call)
        start, end = file.ast_span(node)
        if way is not None:
            start, end = way.start, way.end
            new = way.before + new
            is_safe = way.is_certain and is_safe
        elif call.literal is not None and "." not in call.literal:
            pass
        elif isinstance(parent, ast.Attribute):
            last = _leaf(path, call.literal)
            if last is None:
                return None
            start, end = file.ast_span(last)
            is_safe = False
        elif not isinstance(parent, ast.Expr):
            if self._goes_on(path) and not self._means_module(path, call):
                return None
            is_safe = False
        if "#" in file.text[start:end]:
            return None
        return self.fix(
            "safe" if is_safe else "unsafe",
            "Use `importlib.import_module`",
            [*edits, file.edit(start, end, new)],
        )

    def _means_module(self, path: Sequence[ast.AST], call: _Call) -> bool:
        """Does what goes on from `module = __import__(name)`, the name being no literal, take the
        result for the module that is named: is one attribute of it used at a time, and the name
        not taken to parts?"""
        statement = path[-2]
        if call.literal is not None or not isinstance(statement, ast.Assign):
            return False
        block, number = place_in_block(path[-3], statement)
        target = statement.targets[0]
        if len(statement.targets) > 1 or not isinstance(target, ast.Name):
            return False
        for node in walk(*block[number + 1 :]):
            inner = node.value if isinstance(node, ast.Attribute) else None
            if isinstance(inner, ast.Attribute) and dotted_name(inner.value) == target.id:
                return False
            is_own = isinstance(node, ast.Name) and node.id == target.id
            if is_own and not isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
                return False
        function = next((node for node in path if isinstance(node, _FUNCTIONS)), None)
        around = self.file.text if function is None else self.file.ast_text(function)
        return _TAKES_APART.search(around) is None

    def _goes_on(self, path: Sequence[ast.AST]) -> bool:
        """May the code around go on from the top-level package to the module?"""
        outer = _call_with(path)
        if outer is not None:
            return dotted_name(outer.func) in ("getattr", "hasattr", *_REDUCE)
        parent = path[-2]
        if not isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            return False
        name = self.file.ast_text(
            parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        )
        function = next((node for node in path if isinstance(node, _FUNCTIONS)), None)
        start, end = (0, len(self.file.text)) if function is None else self.file.ast_span(function)
        if name.isidentifier():
            places = self.file.cached(_going_on).get(name, ())
            number = bisect_left(places, (start, start))
            return number < len(places) and places[number][1] <= end
        around = self.file.text[start:end]
        name = re.escape(name)
        return re.search(rf"(?<![\w.]){name}\s*\.|\bgetattr\(\s*{name}\b", around) is not None

    def _import_module(self, path: Sequence[ast.AST]) -> tuple[str, list[Edit]] | None:
        """How the place calls `importlib.import_module`, and what has to be imported for that."""
        file = self.file
        module = file.module
        if module is None:
            return None
        for name, origin in (
            ("importlib", "importlib"),
            ("import_module", "importlib:import_module"),
        ):
            bindings = module.bindings.get(name, ())
            if len(bindings) == 1 and bindings[0].target == origin and not bindings[0].flags:
                # It runs before, unless something in its top-level statement comes back to it.
                assert isinstance(path[0], ast.stmt)
                is_above = bindings[0].line < path[0].lineno
                if is_local(file, name, path) or not is_above:
                    return None
                function = name if ":" in origin else f"{name}.import_module"
                return function, []
        if (
            is_taken(file, "importlib", "")
            or file.project.may_bind(module, "importlib")
            or is_replaced(file, "importlib")
        ):
            return None
        if loading_of(file.project).is_in_project(module, "importlib"):
            return None
        if is_name_handed_on(file.project, module, "importlib"):
            return None
        line = line_for_imports(file)
        if line is None:
            return None
        text = f"import importlib{file.code.newline}"
        return "importlib.import_module", [file.insert(line, 1, text, shared=True)]


def _severity(call: _Call, parent: ast.AST) -> Severity:
    """It fails, or the result is the wrong module, or it makes no difference."""
    if call.level == "negative":
        return "error"
    has_dots = call.name is not None and "." in _written_in(call.name)
    is_right = not has_dots or (call.fromlist and call.name is not None)
    return "note" if is_right or isinstance(parent, ast.Expr) else "warning"


def _written_in(name: ast.expr) -> str:
    """What of a name is written down: all of a literal, or the pieces that others are put between."""
    match name:
        case ast.Constant(str(text)):
            return text
        case ast.BinOp(left=left, right=right):
            return _written_in(left) + _written_in(right)
        case ast.JoinedStr(values=values):
            return "".join(map(_written_in, values))
        case ast.Call(func=ast.Attribute(value=pattern, attr="format" | "join")):
            return _written_in(pattern)
    return ""


class _Call(NamedTuple):
    """What a call of `__import__` is given.

    `name` is None where that can't be seen, `literal` where it is no literal. `fromlist`: may it
    be other than empty? `level` is "negative", "given" or "". `is_alone`: does nothing else happen
    when the other arguments are evaluated?
    """

    name: ast.expr | None
    literal: str | None
    fromlist: bool
    level: str
    is_alone: bool = True


def _read(node: ast.Call) -> _Call:
    is_starred = any(isinstance(each, ast.Starred) for each in node.args)
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if is_starred or None in keywords or len(node.args) > len(_PARAMETERS):
        return _Call(None, None, True, "")
    given = dict(zip(_PARAMETERS, node.args, strict=False)) | keywords
    name = given.get("name")
    literal = None if name is None else constant(name)
    return _Call(
        name,
        literal if isinstance(literal, str) else None,
        not _is_empty(given.get("fromlist")),
        _level(given.get("level")),
        all(_is_namespace(given.get(key)) for key in ("globals", "locals")),
    )


def _is_namespace(node: ast.expr | None) -> bool:
    """Is it a name, `{}`, `globals()` or `locals()`, or not there?"""
    if isinstance(node, ast.Call):
        return not _arguments(node) and dotted_name(node.func) in ("globals", "locals", "vars")
    return isinstance(node, ast.Name) or _is_empty(node)


def _is_empty(fromlist: ast.expr | None) -> bool:
    if isinstance(fromlist, (ast.List, ast.Tuple)):
        return not fromlist.elts
    if isinstance(fromlist, ast.Dict):
        return not fromlist.values
    return fromlist is None or not constant(fromlist)


def _level(level: ast.expr | None) -> str:
    if isinstance(level, ast.UnaryOp) and isinstance(level.op, ast.USub):
        return "negative" if isinstance(constant(level.operand), int) else "given"
    return "" if level is None or constant(level) == 0 else "given"


def _arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _call_with(path: Sequence[ast.AST]) -> ast.Call | None:
    """The call that is given the last node of a path."""
    outer = path[-3] if isinstance(path[-2], ast.keyword) else path[-2]
    return outer if isinstance(outer, ast.Call) and path[-1] in _arguments(outer) else None


def _is_namespace_idiom(call: _Call, path: Sequence[ast.AST]) -> bool:
    parent = path[-2]
    return (
        isinstance(parent, ast.Attribute)
        and _NAMESPACE_IDIOMS.get(call.literal or "") == parent.attr
    )


def _is_without_importlib(path: Sequence[ast.AST]) -> bool:
    """Does the place run only where `importlib` couldn't be imported?"""
    return any(
        isinstance(parent, _TRIES)
        and isinstance(child, ast.ExceptHandler)
        and any(_IMPORTLIB.search(ast.unparse(statement)) for statement in parent.body)
        for parent, child in pairwise(path)
    )


def _is_tried(path: Sequence[ast.AST]) -> bool:
    return any(
        isinstance(parent, _TRIES) and child in parent.body and parent.handlers
        for parent, child in pairwise(path)
    )


def _leaf(path: Sequence[ast.AST], literal: str | None) -> ast.Attribute | None:
    """The end of `__import__("a.b.c").b.c`, where that is the module itself."""
    if literal is None:
        return None
    last: ast.AST = path[-1]
    above = reversed(path[:-1])
    for part in literal.split(".")[1:]:
        last = next(above)
        if not isinstance(last, ast.Attribute) or last.attr != part:
            return None
    return last if isinstance(last, ast.Attribute) else None


# From the package to the module


class _Way(NamedTuple):
    """Code that goes from what `__import__` returns to the module that is named.

    All between the offsets `start` and `end` can be replaced by `before` and the module.
    `is_certain`: does it surely come to that module?
    """

    start: int
    end: int
    before: str
    is_backwards: bool
    is_certain: bool


def _way_from_package(file: FileContext, path: Sequence[ast.AST], call: _Call) -> _Way | None:
    if call.name is None or call.fromlist or call.level:
        return None
    outer, name = _call_with(path), ast.unparse(call.name)
    if outer is not None:
        is_known = _is_reduction(outer, path[-1], name)
        return _Way(*file.ast_span(outer), "", False, False) if is_known else None
    statement = path[-2]
    if not isinstance(statement, (ast.Expr, ast.Assign)) or len(path) < 3:
        return None
    block, number = place_in_block(path[-3], statement)
    if isinstance(statement, ast.Expr):
        if isinstance(call.name, ast.Name) or call.literal is not None:
            return _by_sys_modules(file, block[number : number + 2], name)
    elif len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return _by_loop(file, statement.targets[0].id, block, number, name)
    return None


def _is_reduction(outer: ast.Call, start: ast.AST, name: str) -> bool:
    """`reduce(getattr, name.split(".")[1:], __import__(name))`"""
    if dotted_name(outer.func) not in _REDUCE or len(_arguments(outer)) != 3:
        return False
    function, parts, last = _arguments(outer)
    return (
        last is start
        and dotted_name(function) == "getattr"
        and _parts_of(parts) == (name, True, False)
    )


def _by_sys_modules(file: FileContext, block: Sequence[ast.stmt], name: str) -> _Way | None:
    """`__import__(name)`, and `sys.modules[name]` assigned or returned right after it."""
    first, last = block[0], block[-1]
    if not isinstance(last, (ast.Assign, ast.Return)) or last.lineno > (first.end_lineno or 0) + 1:
        return None
    value = last.value
    if value is None or ast.unparse(value) != f"sys.modules[{name}]":
        return None
    start, end = file.ast_span(value)
    before = file.text[file.ast_span(last)[0] : start]
    return _Way(file.ast_span(first)[0], end, before, False, True)


def _by_loop(
    file: FileContext, module: str, block: Sequence[ast.stmt], number: int, name: str
) -> _Way | None:
    """`module = __import__(name)`, and a loop of `module = getattr(module, part)` after it."""
    parts: dict[str, tuple[bool, bool]] = {}
    first, last = number, number + 1
    for place in (number - 1, number + 1):
        found = _assigned_parts(block[place], name) if 0 <= place < len(block) else None
        if found is not None:
            variable, drops_first, is_reversed = found
            parts[variable] = (drops_first, is_reversed)
            first, last = min(first, place), max(last, place + 1)
    loop = block[last] if last < len(block) else None
    if loop is None:
        return None
    backwards = _is_backwards(loop, module, name, parts)
    if backwards is Answer.UNKNOWN:
        return None
    start, end = file.ast_span(block[first])[0], file.ast_span(loop)[1]
    return _Way(start, end, f"{module} = ", backwards is Answer.YES, False)


def _assigned_parts(statement: ast.stmt, name: str) -> tuple[str, bool, bool] | None:
    """`parts = name.split(".")[1:]`: the variable, and what `_parts_of` says of the value."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target, value = statement.targets[0], _parts_of(statement.value)
    if not isinstance(target, ast.Name) or value is None or value[0] != name:
        return None
    return target.id, value[1], value[2]


def _parts_of(node: ast.expr) -> tuple[str, bool, bool] | None:
    """Of `name.split(".")`: the name, whether its first part is left out, and whether the parts
    are the wrong way round."""
    if isinstance(node, ast.Subscript):
        found, index = _parts_of(node.value), ast.unparse(node.slice)
        if found is not None and index == "1:":
            return found[0], True, found[2]
        if found is not None and index == "::-1":
            return found[0], found[1], not found[2]
        return found and (found[0], True, True) if index in (":0:-1", "-1:0:-1") else None
    if not isinstance(node, ast.Call) or len(_arguments(node)) != 1:
        return None
    (argument,) = _arguments(node)
    if dotted_name(node.func) == "reversed":
        found = _parts_of(argument)
        return found and (found[0], found[1], not found[2])
    called = node.func
    if not isinstance(called, ast.Attribute) or (called.attr, constant(argument)) != ("split", "."):
        return None
    return ast.unparse(called.value), False, False


def _is_backwards(
    loop: ast.stmt, module: str, name: str, parts: dict[str, tuple[bool, bool]]
) -> Answer:
    """Does a loop take the parts of the name from the last to the first? UNKNOWN where it isn't
    known to be a loop over just these parts."""
    if not isinstance(loop, (ast.For, ast.While)) or loop.orelse:
        return Answer.UNKNOWN
    written = [ast.unparse(statement) for statement in loop.body]
    if isinstance(loop, ast.For):
        if written != [f"{module} = getattr({module}, {ast.unparse(loop.target)})"]:
            return Answer.UNKNOWN
        over = loop.iter
        if isinstance(over, ast.Subscript) and isinstance(over.value, ast.Name):
            is_rest = parts.get(over.value.id) == (False, False) and ast.unparse(over.slice) == "1:"
            return Answer.NO if is_rest else Answer.UNKNOWN
        if isinstance(over, ast.Name):
            known = parts.get(over.id)
        else:
            found = _parts_of(over)
            known = found[1:] if found is not None and found[0] == name else None
        return answer(known[1]) if known is not None and known[0] else Answer.UNKNOWN
    test = ast.unparse(loop.test)
    drops_first, is_reversed = parts.get(test, (False, False))
    if len(written) == 2 and isinstance(loop.body[0], ast.Assign):
        variable, _, taken = written[0].partition(" = ")
        written = [written[1].replace(f", {variable})", f", {taken})")]
    for pop, is_last in (("pop()", True), ("pop(0)", False), ("pop(-1)", True)):
        if drops_first and written == [f"{module} = getattr({module}, {test}.{pop})"]:
            return answer(is_last is not is_reversed)
    return Answer.UNKNOWN
