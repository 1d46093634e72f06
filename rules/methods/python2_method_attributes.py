from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from pyconcepts_lint import guards
from pyconcepts_lint.finding import Applicability, Fix
from pyconcepts_lint.index.classes import FUNCTION, ClassModel
from pyconcepts_lint.index.collect import decorator_text
from pyconcepts_lint.index.facts import decorator_names
from pyconcepts_lint.index.old_names import STORE
from pyconcepts_lint.index.project import Value
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.names import is_local
from pyconcepts_lint.origins import Function, Origin, Place, name_place, origins, receivers
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.tree import dotted

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
    reads_stubs = False
    words = (*_PYTHON3_NAMES, "MethodType")

    def lines(self) -> Iterator[int]:
        text = self.file.text
        places: list[int] = []
        for word in _PYTHON3_NAMES:
            place = text.find(word)
            while place >= 0:
                if _may_be_behind_dot(text[max(place - _SEEN_BEFORE, 0) : place]):
                    places.append(place)
                place = text.find(word, place + 1)
        if "MethodType" in text:
            # `MethodType(a, b)`: there aren't three.
            places += (
                match.start()
                for match in _METHOD_TYPE.finditer(text)
                if match[1] is None or match[1].count(",") > 1
            )
        for place in places:
            if not self.file.literals.hold(place):
                yield self.file.code.position(place)[0]

    def visit_Attribute(self, node: cst.Attribute) -> None:
        old = node.attr.value
        if old not in _PYTHON3_NAMES:
            return
        origin = self.file.share(_receivers).get(self.file.place(node.attr))
        if origin is None or not self._may_be_functions(origin):
            return
        is_sure = bool(origin.objects) and not origin.is_open
        path = [*self.ancestors, node]
        is_assigned = isinstance(path[-2], cst.AssignTarget)
        if not is_sure and (is_assigned or self._is_own(old)):
            return
        new = _PYTHON3_NAMES[old]
        if guards.heeds_both_pythons(path, _PYTHON3_NAMES, (*new.split("."), *_TELLING_NAMES)):
            return
        receiver = self.file.receiver_of(node)
        if self._is_function_of_class(node):
            message = f"`{receiver}` is the function itself in Python 3, and has no `{old}`"
            self.report(node, message, self._without(node))
            return
        kind = "methods" if old in _OF_METHODS else "functions"
        message = f"`{receiver}.{old}`: {kind} have no `{old}` in Python 3, where it is `{new}`"
        if is_assigned:
            message += "; assigning makes an attribute without a meaning"
        unsafe = (
            old == "im_class"
            or guards.caught_by(path, "AttributeError")
            or (not is_sure and bool(self.file.project.own_uses(old)))
            or not (self.file.is_python2 or origin.objects or self._is_from_method(node.value))
        )
        safety: Applicability = "unsafe" if unsafe else "safe"
        fix = self.fix(safety, f"Use `{new}`", [self.file.replace(node.attr, new)])
        self.report(node, message, fix)

    def _is_own(self, old: str) -> bool:
        """Has the project something of its own under a name of Python 2's attributes?

        In Python 2 source an assignment to it renames a function, more often than not.
        """
        project = self.file.project
        how = project.own_uses(old)
        if self.file.is_python2:
            how -= {STORE}
        return bool(how) or bool(project.classes_binding(old))

    def _is_from_method(self, node: cst.BaseExpression) -> bool:
        """Is it what `im_func` gives, of something that has that as methods have it?"""
        if not isinstance(node, cst.Attribute) or node.attr.value not in ("im_func", "__func__"):
            return False
        if node.attr.value == "im_func":
            return not self._is_own("im_func")
        origin = self.file.share(_receivers).get(self.file.place(node.attr))
        return origin is not None and bool(origin.objects) and self._may_be_functions(origin)

    def _may_be_functions(self, origin: Origin) -> bool:
        return not origin.is_unresolved and all(map(self._is_function, origin.objects))

    def _is_function(self, item: object) -> bool:
        """Is it surely a function or method? What a decorator makes of one may be anything."""
        module = self.file.module
        assert module is not None
        if isinstance(item, Function):
            decorators = [decorator_text(decorator) for decorator in item.node.decorator_list]
        elif isinstance(item, Value) and item.binding.kind == "function":
            decorators = list(decorator_names(item.binding))
            module = item.module
        else:
            return False
        return all(module.qualified(name) in _TRANSPARENT for name in decorators)

    def _is_function_of_class(self, node: cst.Attribute) -> bool:
        """Is the receiver a method looked up on a class: in Python 3, a function?"""
        method = node.value
        if node.attr.value not in _OF_METHODS or not isinstance(method, cst.Attribute):
            return False
        holder = self.file.share(_holders).get(self.file.place(node.attr), Origin())
        return bool(holder.objects) and all(
            isinstance(item, ClassModel)
            and (found := item.lookup(method.attr.value)) is not None
            and found.kind == FUNCTION
            for item in holder.objects
        )

    def _without(self, node: cst.Attribute) -> Fix | None:
        """Take `.im_func` out behind what is the function itself."""
        start, end = self.file.span(node.value)[1], self.file.span(node)[1]
        if node.attr.value != "im_func" or self.file.text[start:end] != ".im_func":
            return None
        edit = self.file.edit(start, end, "")
        return self.fix("unsafe", "Take `im_func` out", [edit], python3=True)

    def visit_Call(self, node: cst.Call) -> None:
        name = dotted(node.func)
        if not name.endswith("MethodType") or len(node.args) != 3 or self.file.module is None:
            return
        path = [*self.ancestors, node]
        if (
            any(argument.star or argument.keyword for argument in node.args)
            or self.file.module.qualified(name) != "types.MethodType"
            or is_local(self.file, name.partition(".")[0], path)
            or guards.caught_by(path, "TypeError")
            or guards.only_in_python2(path)
        ):
            return
        self.report(
            node,
            f"`{name}` takes a function and an instance in Python 3, and no class: three arguments "
            "raise TypeError",
            self._without_class(node),
        )

    def _without_class(self, call: cst.Call) -> Fix | None:
        instance, third = call.args[1:]
        if isinstance(instance.value, cst.Name) and instance.value.value == "None":
            return None
        start = self.file.span(instance.value)[1]
        end = self.file.span(third.value)[1]
        if "#" in self.file.text[start:end]:
            return None
        return self.fix("safe", "Take the class out", [self.file.edit(start, end, "")])


def _may_be_behind_dot(before: str) -> bool:
    """Is there a dot before a name, with nothing but blanks and comments between them?"""
    dot = _DOT.search(before)
    if dot is None:
        return not before.strip(" \t\f\\\r\n")
    line = before[: dot.start()].rpartition("\n")[2]
    return "#" not in line or "'" in line or '"' in line  # it may end a comment


def _receivers(file: LintedFile) -> dict[Place, Origin]:
    return receivers(file, (*_PYTHON3_NAMES, "__func__"), assigned=True)


def _holders(file: LintedFile) -> dict[Place, Origin]:
    """What the methods are looked up on of which attributes are used."""

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute) and node.attr in _OF_METHODS:
            return node.value.value if isinstance(node.value, ast.Attribute) else None
        return None

    return {
        name_place(file, asked.node): asked.origin
        for asked in origins(file, ask)
        if isinstance(asked.node, ast.Attribute)
    }
