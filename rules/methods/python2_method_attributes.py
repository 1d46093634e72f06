from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.analysis import context
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.analysis.values import Function, PossibleValues, origins
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import decorator_text, dotted_name
from pyconcepts_lint.index.facts import BindingKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, Value
from pyconcepts_lint.index.old_names import STORE
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.source.ast_nodes import walk

_OF_METHODS = {"im_func": "__func__", "im_self": "__self__", "im_class": "__self__.__class__"}
_OF_FUNCTIONS = {
    f"func_{name}": f"__{name}__"
    for name in ("name", "code", "defaults", "globals", "closure", "dict", "doc")
}
_PYTHON3_NAMES = {**_OF_METHODS, **_OF_FUNCTIONS}
# To use one of these is to know of Python 3; the others are older, or everywhere.
_TELLING_NAMES = ("__func__", "__code__", "__closure__", "__globals__", "__defaults__")
# Decorators that return a function, or a method of one.
_TRANSPARENT = frozenset(
    {
        *("classmethod", "staticmethod", "abc.abstractmethod", "functools.wraps()"),
        *("contextlib.contextmanager", "contextlib.asynccontextmanager"),
    }
)


_SEEN_BEFORE = 1000
_DOT = re.compile(r"\.(?:[ \t\f\\\r\n]|#[^\r\n]*[\r\n])*\Z")
_METHOD_TYPE = re.compile(r"\bMethodType[\s\\]*\(([^()'\"#]*\))?")


class Python2MethodAttributes(Rule):
    """Python 3's methods and functions have no `im_func`, `func_name` and their like.

    ## What it finds

    The attributes `im_func`, `im_self` and `im_class` of methods, and `func_name`, `func_code`,
    `func_defaults`, `func_globals`, `func_closure`, `func_dict` and `func_doc` of functions, where
    they are read; where they are assigned on what surely is a function; and
    `types.MethodType(function, instance, cls)` with three arguments.

    These names are Python 2's, so a parameter or a variable of unknown origin is taken for a
    function or method. The rule is silent where the object comes from a class or import that can't
    be resolved, and where the code takes care of both versions: a test on Python's version,
    `hasattr(f, "im_func")`, a `try` of which another part uses the other name. Where the object
    isn't surely a function, it is also silent if the project has the name for something of its own:
    a class binds it, a string spells it (a field of a named tuple, an option `--func-name`), a
    call passes it as a keyword, a module has something of that name, or it is assigned on objects.

    ## Why

    A function in a class is an ordinary function. Looked up on an instance, it becomes a *bound
    method*: an object with the function in `__func__` and the instance in `__self__`. Python 2 knew
    these as `im_func` and `im_self` first, and had a third kind, the *unbound method*, that
    remembered a class. Python 3 has none: looked up on the class, the function is itself.

    A function takes any attribute: `f.func_name = "g"` raises nothing, but names nothing either.
    That is a warning, not an error.

    ## Bad

    ```python
    class Door:
        def open(self):
            return "open"


    print(Door().open.im_func.func_name)
    ```

    ```output
    AttributeError: 'function' object has no attribute 'im_func'
    ```

    ## Good

    ```python
    class Door:
        def open(self):
            return "open"


    print(Door().open.__func__.__name__)
    ```

    ```output
    open
    ```

    ## Fix

    Says what Python 2.6 and later know, too: `__func__`, `__self__`, `__name__`, `__code__` and so
    on, and takes the third argument of `MethodType` out. It is safe where the object is known to be
    a function or method, and in Python 2 source: nothing else had these names. It is unsafe in
    Python 3 source for an object of unknown origin, which may have such an attribute; for
    `im_class`, which becomes `__self__.__class__`; where Python 2 source assigns the name on some
    other object; where an `except` clause catches the AttributeError; and for a method of a class,
    `Door.open.im_func`, which becomes `Door.open`.
    There is none for `MethodType(function, None, cls)`, which made an unbound method, and for
    `im_self` and `im_class` of such.

    ## When to ignore it

    Where the object is no function, but something that has such an attribute.

    ## See also

    - [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
    - [What's New In Python 3.0](https://docs.python.org/3/whatsnew/3.0.html#operators-and-special-methods)
    """

    code = "PCL406"
    name = "python2-method-attributes"
    severity = "error"
    reads_stubs = False
    words = (*_PYTHON3_NAMES, "MethodType")
    silences = {
        "a class of the project has an attribute of that name": "own-attribute",
        "the code asks for both versions": "both-pythons",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if any(_places_of_attributes(file)):
            for node, origin in file.cached(_receivers).items():
                if isinstance(node, ast.Attribute) and node.attr in _PYTHON3_NAMES:
                    yield from self._of_attribute(file, node, origin)
        for statement in file.statements_at(set(_lines_of_method_types(file))):
            for part in walk(statement):
                if isinstance(part, ast.Call) and _passes_class(file, part):
                    yield Claim(
                        file.ast_range(part),
                        f"`{dotted_name(part.func)}` takes a function and an instance in Python 3, "
                        "and no class: three arguments raise TypeError",
                        self._without_class(file, part),
                        raises=("TypeError",),
                    )

    def _of_attribute(
        self, file: FileContext, node: ast.Attribute, origin: PossibleValues
    ) -> Iterator[Claim]:
        old, where = node.attr, file.ast_range(node)
        if not _may_be_functions(file, origin):
            return
        is_sure = bool(origin.objects) and not origin.is_open
        path = context.path_in(file, where)
        is_assigned = isinstance(path[-2], ast.Assign) and isinstance(node.ctx, ast.Store)
        if not is_sure and (is_assigned or _is_own(file, old)):
            return
        new = _PYTHON3_NAMES[old]
        if context.heeds_both_pythons(path, _PYTHON3_NAMES, (*new.split("."), *_TELLING_NAMES)):
            return
        receiver = file.ast_receiver(node)
        if _is_function_of_class(file, node):
            message = f"`{receiver}` is the function itself in Python 3, and has no `{old}`"
            yield Claim(where, message, self._without(file, node))
            return
        kind = "methods" if old in _OF_METHODS else "functions"
        message = f"`{receiver}.{old}`: {kind} have no `{old}` in Python 3, where it is `{new}`"
        if is_assigned:
            message += "; assigning makes an attribute without a meaning"
        unsafe = (
            old == "im_class"
            or context.caught_by(path, "AttributeError")
            or (not is_sure and bool(file.project.row(tables.own_names, old)))
            or not (file.is_python2 or origin.objects or _is_from_method(file, node.value))
        )
        safety: Applicability = "unsafe" if unsafe else "safe"
        edit = file.edit(file.ast_name_start(node), file.ast_span(node)[1], new)
        fix = self.fix(safety, f"Use `{new}`", [edit])
        yield Claim(where, message, fix, severity="warning" if is_assigned else None)

    def _without(self, file: FileContext, node: ast.Attribute) -> Fix | None:
        """Take `.im_func` out behind what is the function itself."""
        start, end = file.ast_span(node.value)[1], file.ast_span(node)[1]
        if node.attr != "im_func" or file.text[start:end] != ".im_func":
            return None
        return self.fix("unsafe", "Take `im_func` out", [file.edit(start, end, "")], python3=True)

    def _without_class(self, file: FileContext, call: ast.Call) -> Fix | None:
        instance, third = call.args[1:]
        if isinstance(instance, ast.Constant) and instance.value is None:
            return None
        (_, start), (class_start, end) = file.ast_span(instance), file.ast_span(third)
        if file.text[start:class_start].strip(" \t\f\\\r\n") != ",":
            return None  # a comment or brackets
        return self.fix("safe", "Take the class out", [file.edit(start, end, "")])


def _places_of_attributes(file: FileContext) -> Iterator[int]:
    """Where the old attributes may be used, by what the text looks like."""
    text = file.text
    for word in _PYTHON3_NAMES:
        place = text.find(word)
        while place >= 0:
            before = text[max(place - _SEEN_BEFORE, 0) : place]
            if _may_be_behind_dot(before) and not file.literals.hold(place):
                yield place
            place = text.find(word, place + 1)


def _lines_of_method_types(file: FileContext) -> Iterator[int]:
    """The lines on which `MethodType` may be called with three arguments."""
    for match in _METHOD_TYPE.finditer(file.text) if "MethodType" in file.text else ():
        # `MethodType(a, b)`: there aren't three.
        has_three = match[1] is None or match[1].count(",") > 1
        if has_three and not file.literals.hold(match.start()):
            yield file.code.position(match.start())[0]


def _passes_class(file: FileContext, call: ast.Call) -> bool:
    """Is it a call of `types.MethodType` with three arguments?"""
    name = dotted_name(call.func)
    return (
        name.endswith("MethodType")
        and len(call.args) == 3
        and not call.keywords
        and not any(isinstance(argument, ast.Starred) for argument in call.args)
        and file.module is not None
        and file.module.qualified(name) == "types.MethodType"
        and not is_local(file, name.partition(".")[0], context.path_in(file, file.ast_range(call)))
    )


def _is_own(file: FileContext, old: str) -> bool:
    """Has the project something of its own under a name of Python 2's attributes?

    In Python 2 source an assignment to it renames a function, more often than not.
    """
    ignored = {STORE} if file.is_python2 else set()
    return not ignored.issuperset(file.project.row(tables.own_names, old)) or bool(
        file.project.row(tables.bound_attributes, old)
    )


def _is_from_method(file: FileContext, node: ast.expr) -> bool:
    """Is it what `im_func` gives, of something that has that as methods have it?"""
    if not isinstance(node, ast.Attribute) or node.attr not in ("im_func", "__func__"):
        return False
    if node.attr == "im_func":
        return not _is_own(file, "im_func")
    origin = file.cached(_receivers).get(node)
    return origin is not None and bool(origin.objects) and _may_be_functions(file, origin)


def _may_be_functions(file: FileContext, origin: PossibleValues) -> bool:
    return not origin.is_unresolved and all(_is_function(file, item) for item in origin.objects)


def _is_function(file: FileContext, item: object) -> bool:
    """Is it surely a function or method? What a decorator makes of one may be anything."""
    module = file.module
    assert module is not None
    if isinstance(item, Function):
        decorators = [decorator_text(decorator) for decorator in item.node.decorator_list]
    elif isinstance(item, Value) and item.binding.kind is BindingKind.FUNCTION:
        decorators = list(item.binding.decorators)
        module = item.module
    else:
        return False
    return all(module.qualified(name) in _TRANSPARENT for name in decorators)


def _is_function_of_class(file: FileContext, node: ast.Attribute) -> bool:
    """Is the receiver a method looked up on a class: in Python 3, a function?"""
    method = node.value
    if node.attr not in _OF_METHODS or not isinstance(method, ast.Attribute):
        return False
    holder = file.cached(_holders).get(node, PossibleValues())
    return bool(holder.objects) and all(
        isinstance(item, ClassModel)
        and (found := item.lookup(method.attr)) is not None
        and found.kind is AttributeKind.FUNCTION
        for item in holder.objects
    )


def _may_be_behind_dot(before: str) -> bool:
    """Is there a dot before a name, with nothing but blanks and comments between them?"""
    dot = _DOT.search(before)
    if dot is None:
        return not before.strip(" \t\f\\\r\n")
    line = before[: dot.start()].rpartition("\n")[2]
    return "#" not in line or "'" in line or '"' in line  # it may end a comment


def _receivers(file: FileContext) -> dict[ast.expr, PossibleValues]:
    """What the attributes are looked up on, or assigned to."""
    names = {*_PYTHON3_NAMES, "__func__"}

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute) and node.attr in names:
            return None if isinstance(node.ctx, ast.Del) else node.value
        return None

    return {asked.node: asked.origin for asked in origins(file, ask)}


def _holders(file: FileContext) -> dict[ast.expr, PossibleValues]:
    """What the methods are looked up on of which attributes are used."""

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute) and node.attr in _OF_METHODS:
            return node.value.value if isinstance(node.value, ast.Attribute) else None
        return None

    return {asked.node: asked.origin for asked in origins(file, ask)}
