from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import is_bound_locally
from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.python2._both_pythons import runs_in_python2
from pyconcepts_lint.source.ast_nodes import walk

# Parsing the file once more takes long, and most headers look like this.
_USUAL_HEADER = re.compile(r"class[ \t\f]+\w+[ \t\f]*\([ \t\f]*(?P<base>object)[ \t\f]*\)")
_BLANKS = " \t\f\r\n"
_SPACE = re.compile(rf"[{_BLANKS}]*")
_COMMA = re.compile(rf"[{_BLANKS}]*,[{_BLANKS}]*")
_END = re.compile(r"\)(?=[ \t\f\\\r\n]*:)")


class ObjectBase(Rule):
    """Every class of Python 3 inherits from `object`; naming it as a base changes nothing.

    ## What it finds

    `class C(object)`, and `object` as the last of several bases, where the name means the
    built-in class.

    ## Why

    Python 2 had two kinds of classes: those below `object`, and "classic" ones, without
    properties that can be set, `super` or a method resolution order as it is known today. A base
    `object` chose the kind. Python 3 has one kind: without bases, a class has `object` as its
    base, and with bases, it inherits from `object` through them.

    ## Bad

    ```python
    class Shape(object):
        pass


    class Square(Shape, object):
        pass


    print(Shape.__bases__, Square.__mro__[1:] == Shape.__mro__)
    ```

    ```output
    (<class 'object'>,) True
    ```

    ## Good

    ```python
    class Shape:
        pass


    class Square(Shape):
        pass


    print(Shape.__bases__, Square.__mro__[1:] == Shape.__mro__)
    ```

    ```output
    (<class 'object'>,) True
    ```

    ## Fix

    Takes the base out, and the brackets that are left empty. It is safe where only Python 3 runs the
    file and nothing looks at the bases. It is unsafe where a metaclass that
    isn't known could look at the bases it is given: that of the header, or of a base that can't be
    resolved. It is unsafe, too, in a file that shows that Python 2 runs it as well (it imports
    `six` or `future`, has a `from __future__` import that is meant for Python 2, or asks for the
    version), in a project that doesn't say which Python 3 it requires: to Python 2 the class would
    be a classic one. There is none where a comment would get lost. Of Python 2 source it is made
    together with the fixes of PCL902, or not at all.

    ## When to ignore it

    In code that is still run by Python 2, too: there a class without `object` is another one. A
    branch that only Python 2 takes is left alone.

    ## See also

    - [Class definitions](https://docs.python.org/3/reference/compound_stmts.html#class-definitions)
    - [`object`](https://docs.python.org/3/library/functions.html#object)
    """

    code = "PCL903"
    name = "object-base"
    unnecessary = True
    severity = "note"
    words = ("object",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model, start, end in _redundant_bases(file):
            if "" in model.facts.bases:  # they may be none
                message = f"`{model.name}` inherits from `object` in Python 3 without naming it"
            elif len(model.facts.bases) == 1:
                message = f"`object` is the base of `{model.name}` in Python 3 without being named"
            else:
                message = f"`{model.name}` inherits from `object` through its other bases"
                message += " in Python 3" if file.is_python2 else " already"
            where = Range(*file.code.position(start), *file.code.position(end))
            yield Claim(where, message, self._fix(model, start, end))

    def _fix(self, model: SourceClass, start: int, end: int) -> Fix | None:
        edit = self._edit(start, end, is_only=len(model.facts.bases) == 1)
        if edit is None:
            return None
        is_safe = _no_one_looks(model) and not self.file.cached(runs_in_python2)
        safety: Applicability = "safe" if is_safe else "unsafe"
        return self.fix(safety, "Take the base `object` out", [edit], python3=True)

    def _edit(self, start: int, end: int, *, is_only: bool) -> Edit | None:
        """Take `object` out of the header, with a comma or the brackets; None where something
        else than blanks would go with it."""
        file = self.file
        text = file.text
        before = start
        while text[before - 1] in _BLANKS:
            before -= 1
        comma = _COMMA.match(text, end)
        after = comma or _SPACE.match(text, end)
        assert after is not None
        if not is_only and text[before - 1] == ",":
            # What stood between the comma and the base goes, a trailing comma stays.
            return file.edit(len(text[: before - 1].rstrip(" \t")), end, "")
        if text[before - 1] != "(":
            return None
        if closing := _END.match(text, after.end()):
            return file.edit(before - 1, closing.end(), "")
        return file.edit(start, after.end(), "") if comma else None


def _redundant_bases(file: FileContext) -> Iterator[tuple[SourceClass, int, int]]:
    """The classes with such a base, and the offsets at which that starts and ends."""
    unusual: dict[tuple[int, int], SourceClass] = {}
    for model in file.module.classes if file.module is not None else ():
        if _is_redundant(file, model):
            place = model.facts.line, model.facts.column
            header = _USUAL_HEADER.match(file.text, file.code.offset(*place))
            if header is not None:
                yield model, *header.span("base")
            else:
                unusual[place] = model
    if unusual and file.tree is not None:
        for node in walk(file.tree):
            if isinstance(node, ast.ClassDef):
                # The facts have the place of `class`, which stands behind the decorators.
                place = file.ast_place(node.lineno, node.col_offset)
                if place in unusual:
                    start = file.ast_span(node.bases[-1])[0]
                    yield unusual[place], start, start + len("object")


def _is_redundant(file: FileContext, model: SourceClass) -> bool:
    """Is the last base, and no other one, the built-in `object`?"""
    bases = model.facts.bases
    if bases[-1:] != ("object",) or "object" in bases[:-1]:
        return False
    module = model.module
    project = module.project
    if project.may_bind(module, "object"):
        return False
    if project.class_named(module, "object") is not project.builtin_class("object"):
        return False
    outer = model.facts.parent
    if outer >= 0 and "object" in module.classes[outer].bound_names:
        return False
    return not (model.facts.in_function and is_bound_locally(file, "object", model.facts.line, 1))


def _no_one_looks(model: SourceClass) -> bool:
    """Is no metaclass given the bases but one that does the same with and without `object`?"""
    if "" in model.facts.bases or "" in model.facts.keywords:
        return False
    return model.mro is not None and all(found.plain_metaclass for found in model.mro)
