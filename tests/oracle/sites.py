"""Every assignment through an instance in some source, and what class bodies say.

Written for the oracle, apart from the linter's own index: what both get wrong would go unseen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

FILLS_INSTANCES = re.compile(
    r"\bself\.__dict__|vars\(self\)|setattr\(self, [^'\"]|__setattr__\(self"
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Site(NamedTuple):
    """`self.x = …`: in which class and method, and where. `kind` is `set`, `augment`."""

    qualname: str
    method: str
    first_line: int
    def_line: int
    attribute: str
    kind: str
    line: int
    column: int
    in_function: bool


class Bound(NamedTuple):
    """A name bound in a class body. `value` is `literal`, `name n`, `call f`, `other`, `def`,
    `decorated` or `class`; `annotation` is the source of one, or ""."""

    name: str
    value: str
    annotation: str
    conditional: bool


class ClassBody(NamedTuple):
    """`bases` and `decorators` are source text. `fills_itself`: by `locals()["x"] = …` or so;
    `fills_instances`: a method uses the dictionary of its instance, or `setattr` on it."""

    qualname: str
    bases: list[str]
    decorators: list[str]
    bound: list[Bound]
    fills_itself: bool
    fills_instances: bool


class Sites(NamedTuple):
    """`names` are what the module's own statements bind each of its names to, in the words of
    `Bound`. `stored` are the names of all attributes that are assigned in it, of whatever object, by
    augmented assignments only of others than `self`; `passed` the names of what its own statements
    pass to functions."""

    sites: list[Site]
    bodies: dict[str, ClassBody]
    names: dict[str, set[str]]
    stored: set[str]
    passed: set[str]


def mangle(name: str, class_name: str) -> str:
    stripped = class_name.lstrip("_")
    if name.startswith("__") and not name.endswith("__") and stripped:
        return f"_{stripped}{name}"
    return name


def read(text: str) -> Sites:
    """The sites and class bodies of one module."""
    tree = ast.parse(text)
    found = Sites([], {}, _names(tree.body), _stored(tree), _passed(tree))
    lines = text.encode().split(b"\n")
    _block(tree.body, "", False, found, lines)
    return found


def _names(body: list[ast.stmt]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            value = _value(statement.value)
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name):
                        found.setdefault(part.id, set()).add(value if part is target else "other")
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                bound = alias.asname or alias.name.partition(".")[0]
                found.setdefault(bound, set()).add("import")
        elif isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            kind = "class" if isinstance(statement, ast.ClassDef) else "def"
            value = "decorated" if statement.decorator_list else kind
            found.setdefault(statement.name, set()).add(value)
        for block in _blocks(statement) if not isinstance(statement, FUNCTIONS) else ():
            if not isinstance(statement, ast.ClassDef):
                for name, values in _names(block).items():
                    found.setdefault(name, set()).update(values)
    return found


def _passed(tree: ast.Module) -> set[str]:
    return {
        ast.unparse(argument).rpartition(".")[2]
        for statement in tree.body
        if not isinstance(statement, (*FUNCTIONS, ast.ClassDef))
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        for argument in node.args
    }


def _stored(tree: ast.Module) -> set[str]:
    augmented = {
        id(node.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign)
        and isinstance(node.target, ast.Attribute)
        and isinstance(node.target.value, ast.Name)
        and node.target.value.id == "self"
    }
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and id(node) not in augmented
    }


def _block(
    body: list[ast.stmt], prefix: str, in_function: bool, found: Sites, lines: list[bytes]
) -> None:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            _class(statement, prefix, in_function, found, lines)
        elif isinstance(statement, FUNCTIONS):
            inner = f"{prefix}{statement.name}.<locals>."
            _block(statement.body, inner, True, found, lines)
        else:
            for blocks in _blocks(statement):
                _block(blocks, prefix, in_function, found, lines)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list):
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _class(
    node: ast.ClassDef, prefix: str, in_function: bool, found: Sites, lines: list[bytes]
) -> None:
    qualname = prefix + node.name
    fills_itself = any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id in ("locals", "vars", "exec")
        for statement in node.body
        if not isinstance(statement, (*FUNCTIONS, ast.ClassDef))
        for part in ast.walk(statement)
    )
    body = ClassBody(
        qualname,
        [ast.unparse(base) for base in node.bases],
        [ast.unparse(item) for item in node.decorator_list],
        [],
        fills_itself,
        bool(FILLS_INSTANCES.search(ast.unparse(node))),
    )
    found.bodies[qualname] = body
    _class_block(node, node.body, body, False, in_function, found, lines)


def _class_block(
    node: ast.ClassDef,
    block: list[ast.stmt],
    body: ClassBody,
    conditional: bool,
    in_function: bool,
    found: Sites,
    lines: list[bytes],
) -> None:
    def bind(name: str, value: str, annotation: str = "") -> None:
        body.bound.append(Bound(mangle(name, node.name), value, annotation, conditional))

    for statement in block:
        if isinstance(statement, ast.ClassDef):
            bind(statement.name, "class")
            _class(statement, f"{body.qualname}.", in_function, found, lines)
        elif isinstance(statement, FUNCTIONS):
            bind(statement.name, "decorated" if statement.decorator_list else "def")
            _method(node, statement, body.qualname, in_function, found, lines)
            inner = f"{body.qualname}.{statement.name}.<locals>."
            _block(statement.body, inner, True, found, lines)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    bind(target.id, _value(statement.value))
                else:
                    for part in ast.walk(target):
                        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                            bind(part.id, "other")
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            value = "" if statement.value is None else _value(statement.value)
            bind(statement.target.id, value, ast.unparse(statement.annotation))
        else:
            for part in ast.iter_child_nodes(statement):
                for name in ast.walk(part) if not isinstance(part, ast.stmt) else ():
                    if isinstance(name, ast.Name) and not isinstance(name.ctx, ast.Load):
                        bind(name.id, "other")
            for inner_block in _blocks(statement):
                _class_block(node, inner_block, body, True, in_function, found, lines)


def _value(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return f"call {ast.unparse(node.func).rpartition('.')[2]}"
    if isinstance(node, (ast.Name, ast.Attribute)):
        return f"name {ast.unparse(node)}"
    if isinstance(node, ast.Constant) and node.value is None:
        return "literal None"
    if isinstance(node, (ast.List, ast.Dict, ast.Set, ast.Tuple, *COMPREHENSIONS, ast.JoinedStr)):
        return "literal"
    unknown = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Compare)
    return "other" if any(isinstance(part, unknown) for part in ast.walk(node)) else "literal"


def _method(
    cls: ast.ClassDef,
    method: ast.FunctionDef | ast.AsyncFunctionDef,
    qualname: str,
    in_function: bool,
    found: Sites,
    lines: list[bytes],
) -> None:
    parameters = (*method.args.posonlyargs, *method.args.args)
    if not parameters:
        return
    first = parameters[0].arg
    if _rebinds(method, first):
        return
    first_line = min([method.lineno, *(item.lineno for item in method.decorator_list)])
    augmented = {id(node.target) for node in ast.walk(method) if isinstance(node, ast.AugAssign)}
    for node in _in_scope(method, first):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == first
        ):
            attribute = mangle(node.attr, cls.name)
            kind = "augment" if id(node) in augmented else "set"
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "setattr"
            and len(node.args) == 3
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id == first
            and isinstance(node.args[1], ast.Constant)
        ):
            attribute, kind = str(node.args[1].value), "set"
        else:
            continue
        column = len(lines[node.lineno - 1][: node.col_offset].decode()) + 1
        found.sites.append(
            Site(
                qualname,
                mangle(method.name, cls.name),
                first_line,
                method.lineno,
                attribute,
                kind,
                node.lineno,
                column,
                in_function,
            )
        )


def _parameters(node: ast.AST) -> set[str]:
    args = getattr(node, "args", None)
    return (
        {arg.arg for arg in ast.walk(args) if isinstance(arg, ast.arg)}
        if isinstance(args, ast.arguments)
        else set()
    )


def _rebinds(scope: ast.AST, name: str) -> bool:
    """Is the name bound in the function's own body?"""
    waiting: list[ast.AST] = list(getattr(scope, "body", ()))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node.name == name:
            return True
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def _in_scope(method: ast.AST, name: str) -> Iterator[ast.AST]:
    """The nodes of a method where the name is its own, nested functions included."""
    waiting: list[ast.AST] = list(getattr(method, "body", ()))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            own = _parameters(node)
            body = node.body if isinstance(node.body, list) else [node.body]
            waiting.extend(getattr(node, "decorator_list", ()))
            waiting.extend(node.args.defaults)
            waiting.extend(item for item in node.args.kw_defaults if item is not None)
            if name not in own and not (isinstance(node, FUNCTIONS) and _rebinds(node, name)):
                waiting.extend(body)
        elif isinstance(node, COMPREHENSIONS) and any(
            isinstance(part, ast.Name) and part.id == name
            for generator in node.generators
            for part in ast.walk(generator.target)
            if isinstance(getattr(part, "ctx", None), ast.Store)
        ):
            continue
        else:
            waiting.extend(ast.iter_child_nodes(node))
