from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import Binding, BindingKind
from pyconcepts_lint.index.model import ClassModel, Module
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.metaclasses._headers import add_keyword
from pyconcepts_lint.source.ast_nodes import walk

WITH = "with_metaclass"
ADD = "add_metaclass"
# What stands for them in full: six, a copy of it that a package brings along, and future.
_FUNCTION = re.compile(
    rf"(?:(?P<six>(?:.+\.)?six)\.(?:{WITH}|{ADD})|(?P<future>future\.utils)\.{WITH})"
)
_MAXIMUM_STEPS = 5  # of modules that hand the functions on


class CompatMetaclass(Rule):
    """Python 3 has a place for the metaclass: `metaclass=` in the class header.

    ## What it finds

    `six.with_metaclass(Meta, Base)` as a base, the decorator `@six.add_metaclass(Meta)` and
    `future.utils.with_metaclass(Meta, Base)`, under any name that they are imported by, and from
    copies of six that other packages bring along. Branches that only Python 2 runs are left
    alone.

    ## Why

    Everything is an object, classes too, and a metaclass makes them. Python 2 looked for it under
    `__metaclass__` in the class body, Python 3 looks in the header. These functions worked in
    both. `with_metaclass` makes a temporary class whose own metaclass, when the class statement
    runs, calls yours: with its own arguments as the bases, whatever else the header has.
    `add_metaclass` lets the class be made once and then makes it a second time, so that
    `super()` without arguments means the first one and fails.

    ## Bad

    ```python
    # six.py
    def with_metaclass(meta, *bases):
        class metaclass(type):
            def __new__(cls, name, this_bases, namespace):
                return meta(name, bases, namespace)

        return type.__new__(metaclass, "temporary_class", (), {})
    ```

    ```python
    # shop.py
    import six


    class Meta(type):
        pass


    class Product:
        pass


    class Weighed:
        pass


    class Apple(six.with_metaclass(Meta, Product), Weighed):
        pass


    print(type(Apple).__name__)
    print(issubclass(Apple, Product), issubclass(Apple, Weighed))
    ```

    ```output
    Meta
    True False
    ```

    ## Good

    ```python
    class Meta(type):
        pass


    class Product:
        pass


    class Weighed:
        pass


    class Apple(Product, Weighed, metaclass=Meta):
        pass


    print(type(Apple).__name__)
    print(issubclass(Apple, Product), issubclass(Apple, Weighed))
    ```

    ```output
    Meta
    True True
    ```

    ## Fix

    Writes the metaclass into the header. The import stays: other code may import the name from
    here. The fix is safe where the class comes out the same, and unsafe

    - where further bases stand beside `with_metaclass(…)`: they start to count;
    - where the metaclass and the bases are no plain names, and would be evaluated in another
      order;
    - for `add_metaclass`, where something would notice that the class is made only once, and by
      its metaclass from the start: another decorator below it, a metaclass that has (or may
      have) `__prepare__`, bases that aren't known or that watch the making of classes below them
      (a metaclass, `__init_subclass__`), keywords in the header.

    There is none where the header has `metaclass=` or, beside `with_metaclass`, other keywords;
    where a comment stands in what would go; and in Python 2 source, until its syntax is Python
    3's (PCL902 sees to that, in the same run).

    ## When to ignore it

    As long as the code has to run under Python 2, too.

    ## See also

    - [Metaclasses](https://docs.python.org/3/reference/datamodel.html#metaclasses)
    - [PEP 3115](https://peps.python.org/pep-3115/)
    """

    code = "PCL302"
    name = "compat-metaclass"
    severity = "note"
    words = (WITH, ADD)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        lines = file.lines_with((*self.words, *_own_names(file)))
        for node in walk(*file.statements_at(lines)):
            if isinstance(node, ast.ClassDef):
                place = file.ast_place(node.lineno, node.col_offset)
                around = path_in(file, file.definition_range(*place))[:-1]
                for base in node.bases:
                    full = _full_name(file, base, WITH, around)
                    if isinstance(base, ast.Call) and full:
                        yield self._of_base(file, node, base, full)
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and _full_name(file, decorator, ADD, around):
                        yield self._of_decorator(file, node, decorator, around)

    # with_metaclass

    def _of_base(self, file: FileContext, node: ast.ClassDef, call: ast.Call, full: str) -> Claim:
        others = [base for base in node.bases if base is not call]
        message = (
            f"`{dotted_name(call.func)}` makes `{node.name}` by way of a temporary class: Python "
            "3 takes the metaclass from the header, `metaclass=…`"
        )
        if others and full.startswith(("six.", "future.")):
            plain = [base.value if isinstance(base, ast.Starred) else base for base in others]
            names = " and ".join(f"`{file.ast_text(base)}`" for base in plain)
            message = (
                f"`{dotted_name(call.func)}` leaves {names} out of the bases of `{node.name}`: "
                "Python 3 takes the metaclass from the header, `metaclass=…`"
            )
        # A file that is still Python 2's can't have such a header.
        fix = None if file.is_python2 else partial(self._base_fix, node)
        return Claim(file.ast_range(call), message, fix, node=("Call",))

    def _base_fix(self, header: ast.ClassDef, call: cst.Call) -> Fix | None:
        node = self.file.ancestors[-2]
        assert isinstance(node, cst.ClassDef)
        number = next(n for n, base in enumerate(node.bases) if base.value is call)
        edits = self._base_edits(header, node, number, call)
        if edits is None:
            return None
        is_safe = len(node.bases) == 1 and all(
            isinstance(arg.value, (cst.Name, cst.Attribute, cst.Subscript)) for arg in call.args
        )
        title = "Put the metaclass into the header"
        return self.fix("safe" if is_safe else "unsafe", title, edits)

    def _base_edits(
        self, header: ast.ClassDef, node: cst.ClassDef, number: int, call: cst.Call
    ) -> list[Edit] | None:
        """The edits that put the arguments of `with_metaclass(…)` into the header."""
        if not call.args:
            return None
        meta, *bases = call.args
        if (
            meta.star
            or any(argument.keyword is not None for argument in call.args)
            or any(base.star == "**" for base in bases)
            or node.keywords
            or call.lpar
        ):
            return None
        file = self.file
        start, end = file.span(call)
        keyword = f"metaclass={self._with_brackets(meta.value)}"
        is_last = number == len(node.bases) - 1
        if bases:
            first, last = file.span(bases[0])[0], file.span(bases[-1])[1]
            removed = [(start, first), (last, end)]
        elif is_last and number:
            removed = [(file.span(node.bases[number - 1])[1], end)]
        elif is_last:
            removed = [(start, end)]
        else:
            removed = [(start, file.span(node.bases[number + 1])[0])]
        if any("#" in file.text[begin:stop] for begin, stop in removed):
            return None
        if not is_last:
            return [*(file.edit(*part, "") for part in removed), add_keyword(file, header, keyword)]
        *earlier, (begin, stop) = removed
        separator = ", " if bases or number else ""
        return [
            *(file.edit(*part, "") for part in earlier),
            file.edit(begin, stop, f"{separator}{keyword}"),
        ]

    def _with_brackets(self, value: cst.BaseExpression) -> str:
        """An expression as it is written, in its brackets."""
        if not value.lpar:
            return self.file.text_of(value)
        start, end = self.file.span(value.lpar[0])[0], self.file.span(value.rpar[-1])[1]
        return self.file.text[start:end]

    # add_metaclass

    def _of_decorator(
        self, file: FileContext, node: ast.ClassDef, call: ast.Call, around: Sequence[ast.AST]
    ) -> Claim:
        is_safe = call is node.decorator_list[-1] and _is_made_alike(file, node, call, around)
        return Claim(
            file.decorator_range(call),
            f"`{dotted_name(call.func)}` makes `{node.name}` a second time: Python 3 takes the "
            "metaclass from the header, `metaclass=…`",
            None if file.is_python2 else partial(self._decorator_fix, node, is_safe),
            node=("Decorator",),
        )

    def _decorator_fix(
        self, header: ast.ClassDef, is_safe: bool, decorator: cst.Decorator
    ) -> Fix | None:
        call = decorator.decorator
        assert isinstance(call, cst.Call)
        if len(call.args) != 1 or call.args[0].star or call.args[0].keyword is not None:
            return None
        if any(keyword.arg in (None, "metaclass") for keyword in header.keywords):
            return None
        code = self.file.code
        (first, _), (last, _) = map(code.position, self.file.span(decorator))
        start, end = code.offset(first, 1), code.offset(last + 1, 1)
        if "#" in self.file.text[start:end]:
            return None
        keyword = f"metaclass={self._with_brackets(call.args[0].value)}"
        edits = [self.file.edit(start, end, ""), add_keyword(self.file, header, keyword)]
        title = "Put the metaclass into the header"
        return self.fix("safe" if is_safe else "unsafe", title, edits)


def _full_name(file: FileContext, node: ast.expr, function: str, around: Sequence[ast.AST]) -> str:
    """What is called, such as `six.with_metaclass`; "" for anything but `function`."""
    name = dotted_name(node.func) if isinstance(node, ast.Call) else ""
    if not name or file.module is None or is_local(file, name.partition(".")[0], around):
        return ""
    full = full_name(file.module, name)
    return full if full.endswith(f".{function}") else ""


def _is_made_alike(
    file: FileContext, node: ast.ClassDef, call: ast.Call, around: Sequence[ast.AST]
) -> bool:
    """Is the class the same when it is made once, by its metaclass from the start?"""
    module = file.module
    place = file.ast_place(node.lineno, node.col_offset)
    model = None if module is None else module.class_at(*place)
    if module is None or model is None or node.keywords or model.mro is None or not call.args:
        return False
    name = dotted_name(call.args[0])
    if not name or is_local(file, name.partition(".")[0], around):
        return False
    metaclass = file.project.class_named(module, name)
    return (
        metaclass is not None
        and metaclass.mro is not None
        and not _binds(metaclass, "__prepare__")
        and all(base.plain_metaclass for base in model.mro)
        and not any(_binds(base, "__init_subclass__") for base in (model.bases or ()))
    )


def _binds(model: ClassModel, name: str) -> bool:
    """Does a class of the MRO written in Python bind the name?"""
    return any(name in found.bound_names for found in model.mro or () if found.has_source)


def _own_names(file: FileContext) -> Iterable[str]:
    """The names by which the module has the functions themselves."""
    module = file.module
    return () if module is None else [name for name in module.bindings if full_name(module, name)]


def full_name(module: Module, name: str, steps: int = 0) -> str:
    """Which of the functions a dotted name of a module means, such as `six.with_metaclass`.

    "" where it means none of them, or may mean anything else.
    """
    root, dot, rest = name.partition(".")
    found: set[str] = set()
    for binding in module.bindings.get(root, ()):
        source = _source(module, binding)
        full = f"{source}{dot}{rest}"
        if source and _FUNCTION.fullmatch(full):
            found.add(full)
        else:
            found.add(_handed_on(module, binding, f"{dot}{rest}", steps))
    # Where one of two imports succeeds, six or a copy of it, both have to mean the same function.
    is_known = "" not in found and len({full.rpartition(".")[2] for full in found}) == 1
    return max(found, key=len) if is_known else ""


def _source(module: Module, binding: Binding) -> str:
    """The full name of what an import binds; "" for other bindings."""
    if binding.kind is BindingKind.IMPORT:
        return binding.target
    if binding.kind is BindingKind.FROM:
        source, name = binding.imported
        absolute = module.absolute(source)
        return "" if absolute is None else f"{absolute}.{name}"
    return ""


def _handed_on(module: Module, binding: Binding, rest: str, steps: int) -> str:
    """As `full_name`, for what a module of the project imports and this one imports from it."""
    if binding.kind is not BindingKind.FROM or steps == _MAXIMUM_STEPS:
        return ""
    source, name = binding.imported
    absolute = module.absolute(source)
    origin = None if absolute is None else module.project.imported(module, absolute)
    return full_name(origin, f"{name}{rest}", steps + 1) if isinstance(origin, Module) else ""
