from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pyconcepts_lint.analysis import guards
from pyconcepts_lint.analysis.names import is_builtin, is_local, is_replaced
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.additions import is_name_handed_on
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.edits import line_for_imports
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._qualified_uses import is_taken
from pyconcepts_lint.source.cst_nodes import dotted, names_one

_PARAMETERS = ("name", "globals", "locals", "fromlist", "level")
_LONGEST_QUOTE = 60
# What namespace packages do in their `__init__` (PEP 420 names them).
_NAMESPACE_IDIOMS = {"pkgutil": "extend_path", "pkg_resources": "declare_namespace"}


_NAME_DOT = lazy_pattern(r"(?<![\w.])([^\W\d]\w*+)\s*+\.")
_GETATTR = lazy_pattern(r"\bgetattr\(\s*+([^\W\d]\w*+)")


def _going_on(file: LintedFile) -> dict[str, list[tuple[int, int]]]:
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
    where what comes out is the same: for a name without dots, where nobody takes what is
    returned, and for `__import__(name)` with `sys.modules[name]` right behind it. It is unsafe
    where the module takes the package's place, and where the project puts something else into the
    place of `__import__`. There is none with a `fromlist` or a `level`, where
    the code around goes on from the package in a way that isn't understood, where a comment or a
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

    def visit_Call(self, node: cst.Call) -> None:
        if not isinstance(node.func, cst.Name) or node.func.value != "__import__":
            return
        path = [*self.ancestors, node]
        call = _read(node)
        if (
            _is_namespace_idiom(call, path)
            or guards.only_in_python2(path)
            or _is_without_importlib(path)
            or not is_builtin(self.file, "__import__", path)
        ):
            return
        walk = _walk_from_package(path, call)
        self.report(node, self._message(node, call, walk), self._fix(path, call, walk))

    # What is said

    def _message(self, node: cst.Call, call: _Call, walk: _Walk | None) -> str:
        written = self.file.text_of(node)
        if len(written) > _LONGEST_QUOTE or "\n" in written:
            written = "__import__(…)"
        name = self._name_text(call)
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
        if walk is not None and walk.is_backwards:
            said += (
                ". What looks for it from there takes the last part of the name first: of `a.b.c`, "
                "it asks `a` for `c`"
            )
        return said

    def _name_text(self, call: _Call) -> str:
        if call.name is None:
            return "…"
        text = self.file.text_of(call.name)
        return text if len(text) <= _LONGEST_QUOTE and "\n" not in text else "…"

    # What is done about it

    def _fix(self, path: Sequence[cst.CSTNode], call: _Call, walk: _Walk | None) -> Fix | None:
        file = self.file
        node, parent = path[-1], path[-2]
        if call.name is None or call.fromlist or call.level or not call.is_alone:
            return None
        if call.literal is not None and not all(call.literal.split(".")):
            return None
        module = file.module
        if call.literal is not None and module is not None and module.is_beside(call.literal):
            return None
        imported = self._import_module(path)
        if imported is None:
            return None
        function, edits = imported
        start, end = file.span(node)
        new = f"{function}({file.text[slice(*file.span(call.name))]})"
        is_safe = call.literal is not None or not _is_tried(path)
        # `importlib.import_module` doesn't call what takes the place of `builtins.__import__`.
        is_safe = is_safe and not is_replaced(file, "__import__")
        if walk is not None:
            start, end = file.span(walk.first)[0], file.span(walk.last)[1]
            new = walk.before + new
            is_safe = walk.is_certain and is_safe
        elif call.literal is not None and "." not in call.literal:
            pass
        elif isinstance(parent, cst.Attribute):
            last = _leaf(path, call.literal)
            if last is None:
                return None
            end = file.span(last)[1]
            is_safe = False
        elif not isinstance(parent, cst.Expr):
            if self._goes_on(path):
                return None
            is_safe = False
        if "#" in file.text[start:end]:
            return None
        return self.fix(
            "safe" if is_safe else "unsafe",
            "Use `importlib.import_module`",
            [*edits, file.edit(start, end, new)],
        )

    def _goes_on(self, path: Sequence[cst.CSTNode]) -> bool:
        """May the code around go on from the top-level package to the module?"""
        parent = path[-2]
        if isinstance(parent, cst.Arg):
            call = path[-3]
            return isinstance(call, cst.Call) and dotted(call.func) in (
                *("getattr", "hasattr", "reduce", "functools.reduce"),
            )
        if not isinstance(parent, (cst.Assign, cst.AnnAssign, cst.NamedExpr)):
            return False
        target = parent.targets[0].target if isinstance(parent, cst.Assign) else parent.target
        name = self.file.text_of(target)
        function = next((node for node in path if isinstance(node, cst.FunctionDef)), None)
        start, end = (0, len(self.file.text)) if function is None else self.file.span(function)
        if name.isidentifier():
            places = self.file.share(_going_on).get(name, ())
            number = bisect_left(places, (start, start))
            return number < len(places) and places[number][1] <= end
        around = self.file.text[start:end]
        name = re.escape(name)
        return re.search(rf"(?<![\w.]){name}\s*\.|\bgetattr\(\s*{name}\b", around) is not None

    def _import_module(self, path: Sequence[cst.CSTNode]) -> tuple[str, list[Edit]] | None:
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
                if is_local(file, name, path) or not _is_above(file, bindings[0].line, path):
                    return None
                function = name if ":" in origin else f"{name}.import_module"
                return function, []
        if (
            is_taken(file, "importlib", "")
            or file.project.may_bind(module, "importlib")
            or is_replaced(file, "importlib")
        ):
            return None
        if file.project.loading.is_in_project(module, "importlib"):
            return None
        if is_name_handed_on(file.project, module, "importlib"):
            return None
        line = line_for_imports(file)
        if line is None:
            return None
        text = f"import importlib{file.code.newline}"
        return "importlib.import_module", [file.insert(line, 1, text, shared=True)]


def _is_above(file: LintedFile, line: int, path: Sequence[cst.CSTNode]) -> bool:
    """Does an import of the module in a line run before a place?

    It does above that place's top-level statement, unless something there comes back to it.
    """
    first = next((node for node in path if not isinstance(node, cst.Module)), path[-1])
    return line < file.place(first)[0]


class _Call(NamedTuple):
    """What a call of `__import__` is given.

    `name` is None where that can't be seen, `literal` where it is no literal. `fromlist`: may it
    be other than empty? `level` is "negative", "given" or "". `is_alone`: does nothing else happen
    when the other arguments are evaluated?
    """

    name: cst.BaseExpression | None
    literal: str | None
    fromlist: bool
    level: str
    is_alone: bool = True


def _read(node: cst.Call) -> _Call:
    given: dict[str, cst.BaseExpression] = {}
    for number, argument in enumerate(node.args):
        if argument.star or (argument.keyword is None and number >= len(_PARAMETERS)):
            return _Call(None, None, True, "")
        key = _PARAMETERS[number] if argument.keyword is None else argument.keyword.value
        given[key] = argument.value
    name = given.get("name")
    literal = None
    if isinstance(name, (cst.SimpleString, cst.ConcatenatedString)):
        value = name.evaluated_value
        literal = value if isinstance(value, str) else None
    fromlist, level = not _is_empty(given.get("fromlist")), _level(given.get("level"))
    is_alone = all(_is_namespace(given.get(key)) for key in ("globals", "locals"))
    return _Call(name, literal, fromlist, level, is_alone)


def _is_namespace(node: cst.BaseExpression | None) -> bool:
    """Is it a name, `{}`, `globals()` or `locals()`, or not there?"""
    if isinstance(node, cst.Call):
        return not node.args and dotted(node.func) in ("globals", "locals", "vars")
    return node is None or isinstance(node, cst.Name) or (_is_empty(node) and node is not None)


def _is_empty(fromlist: cst.BaseExpression | None) -> bool:
    if isinstance(fromlist, (cst.List, cst.Tuple)):
        return not fromlist.elements
    if isinstance(fromlist, cst.Dict):
        return not fromlist.elements
    if isinstance(fromlist, cst.SimpleString):
        return not fromlist.evaluated_value
    return fromlist is None or (isinstance(fromlist, cst.Name) and fromlist.value == "None")


def _level(level: cst.BaseExpression | None) -> str:
    if isinstance(level, cst.UnaryOperation) and isinstance(level.operator, cst.Minus):
        return "negative" if isinstance(level.expression, cst.Integer) else "given"
    if level is None or (isinstance(level, cst.Integer) and level.value == "0"):
        return ""
    return "given"


def _is_namespace_idiom(call: _Call, path: Sequence[cst.CSTNode]) -> bool:
    parent = path[-2]
    return (
        isinstance(parent, cst.Attribute)
        and _NAMESPACE_IDIOMS.get(call.literal or "") == parent.attr.value
    )


def _is_without_importlib(path: Sequence[cst.CSTNode]) -> bool:
    """Does the place run only where `importlib` couldn't be imported?"""
    return any(
        isinstance(parent, (cst.Try, cst.TryStar))
        and isinstance(child, (cst.ExceptHandler, cst.ExceptStarHandler))
        and names_one(parent.body, ("importlib", "import_module"))
        for parent, child in pairwise(path)
    )


def _is_tried(path: Sequence[cst.CSTNode]) -> bool:
    return any(
        isinstance(parent, (cst.Try, cst.TryStar)) and child is parent.body and parent.handlers
        for parent, child in pairwise(path)
    )


def _leaf(path: Sequence[cst.CSTNode], literal: str | None) -> cst.CSTNode | None:
    """The end of `__import__("a.b.c").b.c`, where that is the module itself."""
    if literal is None:
        return None
    last = path[-1]
    above = reversed(path[:-1])
    for part in literal.split(".")[1:]:
        parent = next(above)
        if not isinstance(parent, cst.Attribute) or parent.value is not last:
            return None
        if parent.attr.value != part:
            return None
        last = parent
    return last


# From the package to the module


class _Walk(NamedTuple):
    """Code that goes from what `__import__` returns to the module that is named.

    All from the start of `first` to the end of `last` can be replaced by `before` and the module.
    `is_certain`: does it surely come to that module?
    """

    first: cst.CSTNode
    last: cst.CSTNode
    before: str
    is_backwards: bool
    is_certain: bool


def _walk_from_package(path: Sequence[cst.CSTNode], call: _Call) -> _Walk | None:
    if call.name is None or call.fromlist or call.level:
        return None
    parent = path[-2]
    if isinstance(parent, cst.Arg) and isinstance(path[-3], cst.Call):
        return _reduction(path[-3], parent, call.name)
    block, line = path[-4], path[-3]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    if not isinstance(block, cst.IndentedBlock):
        return None  # of a module's own statements, only those at hand are there
    number = block.body.index(line)
    if isinstance(parent, cst.Expr):
        return _by_sys_modules(line, block.body[number + 1 : number + 2], call.name)
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
        if isinstance(target, cst.Name):
            return _by_loop(target.value, block.body, number, call.name)
    return None


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _reduction(outer: cst.Call, argument: cst.Arg, name: cst.BaseExpression) -> _Walk | None:
    """`reduce(getattr, name.split(".")[1:], __import__(name))`."""
    if dotted(outer.func) not in ("reduce", "functools.reduce") or len(outer.args) != 3:
        return None
    function, parts, start = outer.args
    if start is not argument or dotted(function.value) != "getattr":
        return None
    if _parts_of(parts.value) != (_code(name), True, False):
        return None
    return _Walk(outer, outer, "", False, False)


def _by_sys_modules(
    first: cst.SimpleStatementLine, below: Sequence[cst.BaseStatement], name: cst.BaseExpression
) -> _Walk | None:
    """`__import__(name)`, and `sys.modules[name]` assigned or returned right after it."""
    if not below or not isinstance(below[0], cst.SimpleStatementLine) or len(below[0].body) != 1:
        return None
    statement = below[0].body[0]
    if not isinstance(statement, (cst.Assign, cst.Return)) or below[0].leading_lines:
        return None
    value = statement.value
    if not isinstance(value, cst.Subscript) or _code(value) != f"sys.modules[{_code(name)}]":
        return None
    if not isinstance(name, (cst.Name, cst.SimpleString)):
        return None
    before = _code(statement.with_changes(value=cst.Name("x"), semicolon=cst.MaybeSentinel.DEFAULT))
    return _Walk(first.body[0], statement, before[:-1], False, True)


def _by_loop(
    module: str, body: Sequence[cst.BaseStatement], number: int, name: cst.BaseExpression
) -> _Walk | None:
    """`module = __import__(name)`, and a loop of `module = getattr(module, part)` after it."""
    subject = _code(name)
    parts: dict[str, tuple[bool, bool]] = {}
    first = number
    for place in (number - 1, number + 1):
        found = _assigned_parts(body[place], subject) if 0 <= place < len(body) else None
        if found is not None:
            variable, drops_first, is_reversed = found
            parts[variable] = (drops_first, is_reversed)
            first = min(first, place)
    last = number + 1
    if last < len(body) and _assigned_parts(body[last], subject) is not None:
        last += 1
    if last >= len(body):
        return None
    loop = body[last]
    backwards = _is_backwards(loop, module, subject, parts)
    if backwards is None:
        return None
    return _Walk(_without_blank(body[first]), loop, f"{module} = ", backwards, False)


def _without_blank(line: cst.BaseStatement) -> cst.CSTNode:
    assert isinstance(line, cst.SimpleStatementLine)
    return line.body[0]


def _assigned_parts(statement: cst.CSTNode, subject: str) -> tuple[str, bool, bool] | None:
    """`parts = name.split(".")[1:]`: the variable, and what `_parts_of` says of the value."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    assignment = statement.body[0]
    if not isinstance(assignment, cst.Assign) or len(assignment.targets) != 1:
        return None
    target = assignment.targets[0].target
    value = _parts_of(assignment.value)
    if not isinstance(target, cst.Name) or value is None or value[0] != subject:
        return None
    return target.value, value[1], value[2]


def _parts_of(node: cst.BaseExpression) -> tuple[str, bool, bool] | None:
    """Of `name.split(".")`: the name, whether its first part is left out, and whether the parts
    are the wrong way round."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        found = _parts_of(node.value)
        index = _code(node.slice[0])
        if found is not None and index in ("1:", "1 :"):
            return found[0], True, found[2]
        if found is not None and index == "::-1":
            return found[0], found[1], not found[2]
        return found and (found[0], True, True) if index in (":0:-1", "-1:0:-1") else None
    if not isinstance(node, cst.Call) or not isinstance(node.func, (cst.Attribute, cst.Name)):
        return None
    if isinstance(node.func, cst.Name):
        if node.func.value == "reversed" and len(node.args) == 1:
            found = _parts_of(node.args[0].value)
            return found and (found[0], found[1], not found[2])
        return None
    if node.func.attr.value != "split" or len(node.args) != 1:
        return None
    separator = node.args[0].value
    if not isinstance(separator, cst.SimpleString) or separator.evaluated_value != ".":
        return None
    return _code(node.func.value), False, False


def _is_backwards(
    loop: cst.CSTNode, module: str, subject: str, parts: dict[str, tuple[bool, bool]]
) -> bool | None:
    """Does a loop take the parts of the name from the last to the first? None where it isn't
    known to be a loop over just these parts."""
    if not isinstance(loop, (cst.For, cst.While)) or loop.orelse is not None:
        return None
    statements = list(_simple(loop.body))
    if isinstance(loop, cst.For):
        if not isinstance(loop.target, cst.Name) or len(statements) != 1:
            return None
        if not _steps(statements[0], module, loop.target.value):
            return None
        if isinstance(loop.iter, cst.Subscript) and isinstance(loop.iter.value, cst.Name):
            known = parts.get(loop.iter.value.value)
            is_rest = known == (False, False) and _code(loop.iter.slice[0]) == "1:"
            return False if is_rest else None
        if isinstance(loop.iter, cst.Name):
            known = parts.get(loop.iter.value)
        else:
            found = _parts_of(loop.iter)
            known = found[1:] if found is not None and found[0] == subject else None
        return known[1] if known is not None and known[0] else None
    if not isinstance(loop.test, cst.Name) or parts.get(loop.test.value) is None:
        return None
    drops_first, is_reversed = parts[loop.test.value]
    written = [_code(statement).strip() for statement in statements]
    if len(written) == 2 and isinstance(statements[0], cst.Assign):
        variable, _, taken = written[0].partition(" = ")
        written = [written[1].replace(f", {variable})", f", {taken})")]
    if not drops_first or len(written) != 1:
        return None
    for pop, is_last in (("pop()", True), ("pop(0)", False), ("pop(-1)", True)):
        if written[0] == f"{module} = getattr({module}, {loop.test.value}.{pop})":
            return is_last is not is_reversed
    return None


def _simple(suite: cst.BaseSuite) -> Iterator[cst.BaseSmallStatement]:
    """The statements of a block that has only simple ones; a compound one ends the matter."""
    for line in suite.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from line.body
        elif isinstance(line, cst.BaseSmallStatement):
            yield line
        else:
            yield cst.Pass()


def _steps(statement: cst.BaseSmallStatement, module: str, part: str) -> bool:
    return _code(statement).strip() == f"{module} = getattr({module}, {part})"
