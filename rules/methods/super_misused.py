from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis import super_calls
from pyconcepts_lint.analysis.context import conditions
from pyconcepts_lint.analysis.names import is_builtin, is_local
from pyconcepts_lint.analysis.super_calls import Context, Place, Use
from pyconcepts_lint.analysis.unknown_bases import above
from pyconcepts_lint.base.finding import Edit, Fix, Severity
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import Method, MethodKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._arguments import without_first_argument
from pyconcepts_lint.rules.methods._functions import (
    callee,
    makes_special_methods,
    may_be_patched,
)
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.signatures import Arguments, arguments_of, parameters_of

# `super().m(self, …)`: what may pass the instance a second time.
_PASSES_A_NAME = lazy_pattern(r"super\s*\([^()]*\)\s*\.\s*\w+\s*\(\s*\w+\s*[,)]")
_OBJECT_INIT = "object.__init__() takes exactly one argument (the instance to initialize)"


class SuperMisused(Rule):
    """`super` is given the class that the method stands in, and the instance: each of them once.

    ## What it finds

    - `super(self.__class__, self)` and `super(type(self), self)`; `super(cls, cls)` in a class
      method.
    - `super(Other, self)`, where the class around is not `Other` and has no such base: all of its
      bases, and those of its subclasses in the project, have to be known.
    - `super(Base, self).method(…)` in a `method` of a class derived from `Base`, where the MRO comes to
      a `method` of `Base`, or of a class before it, first: that one is skipped. It is a note: many
      name a base to skip it on purpose.
    - `super().method(self, …)`, where the method that this surely finds can't take its instance
      twice.
    - `super()` in a method of a `@dataclass(slots=True)`, where Python 3.13 or older may run it.

    ## Why

    `super(C, self)` searches the MRO of the instance's class, behind `C`, and binds what it finds
    to the instance. `C` has to be the class in whose body the method stands. The class of the
    instance is another one as soon as there is a subclass: behind that comes the class of this very
    method, which so calls itself. Where `C` isn't in the MRO at all, `super` raises TypeError.

    `super()` means the class that the class statement has made. `@dataclass(slots=True)` makes
    another one from it, and up to Python 3.13 the methods keep the first, of which no instance is.

    ## Bad

    ```python
    class Shape:
        def corners(self):
            return 0


    class Triangle(Shape):
        def corners(self):
            return super(self.__class__, self).corners() + 3


    class Small(Triangle):
        pass


    print(Small().corners())
    ```

    ```output
    RecursionError: maximum recursion depth exceeded
    ```

    And with the instance passed twice:

    ```python
    class Shape:
        def __init__(self):
            self.corners = 0


    class Triangle(Shape):
        def __init__(self):
            super().__init__(self)
            self.corners += 3


    print(Triangle().corners)
    ```

    ```output
    TypeError: Shape.__init__() takes 1 positional argument but 2 were given
    ```

    ## Good

    ```python
    class Shape:
        def __init__(self):
            self.corners = 0


    class Triangle(Shape):
        def __init__(self):
            super().__init__()
            self.corners += 3


    class Small(Triangle):
        pass


    print(Small().corners)
    ```

    ```output
    3
    ```

    ## Fix

    Writes `super()`, or `super(C, self)` in a dataclass with slots; takes an instance that is
    passed twice out. It is unsafe, since code runs then that did not run before. There is none in a
    function inside of the method.

    ## When to ignore it

    Where the class surely never gets a subclass, `super(type(self), self)` finds what `super()`
    finds.

    ## See also

    - [`super`](https://docs.python.org/3/library/functions.html#super)
    - [Creating the class object](https://docs.python.org/3/reference/datamodel.html#creating-the-class-object), on `__class__`
    - [`dataclasses.dataclass`](https://docs.python.org/3/library/dataclasses.html#dataclasses.dataclass), on `slots`
    """

    code = "PCL409"
    name = "super-misused"
    severity = "error"
    reads_stubs = False
    words = ("super",)
    raises = ("RecursionError", "TypeError")
    silences = {
        "the class that is named is the one around": "own-class",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for use in _uses(file):
            if isinstance(use.node, ast.Call) and use.context.model is not None:
                place = _Place(file, use.node, use.context, use.context.model)
                problem = _problem(place)
                if problem is not None:
                    yield Claim(
                        file.ast_range(problem.node),
                        problem.message,
                        self._fix(place, problem),
                        (problem.error,) if problem.error else (),
                        severity=problem.severity,
                    )

    def _fix(self, place: _Place, problem: _Problem) -> Fix | None:
        if isinstance(problem.edit, Edit):
            return self.fix("unsafe", "Pass the instance once", [problem.edit])
        context = place.context
        if not context.is_in_method or "#" in place.file.ast_text(place.node):
            return None
        if problem.edit == "super()" and context.failure(inlined=False):
            return None
        if not problem.edit:
            return None
        edit = Edit(place.file.path, *place.file.ast_range(place.node), problem.edit)
        python3 = problem.edit == "super()"
        return self.fix("unsafe", f"Use `{problem.edit}`", [edit], python3=python3)


class _Place(NamedTuple):
    """A call of `super` in a class."""

    file: FileContext
    node: ast.Call
    context: Context
    model: SourceClass

    @property
    def text(self) -> str:
        return f"super({', '.join(map(ast.unparse, self.node.args))})"

    @property
    def attribute(self) -> str:
        """What is looked up on the result, as the class has it; "" where that isn't seen."""
        around = self.context.path[-2]
        if isinstance(around, ast.Attribute) and around.value is self.node:
            return mangled(around.attr, self.model.name)
        return ""

    @property
    def call(self) -> ast.Call | None:
        """The call of that attribute."""
        around = self.context.path[-3] if self.attribute else None
        is_call = isinstance(around, ast.Call) and around.func is self.context.path[-2]
        return around if is_call else None  # type: ignore[return-value]

    @property
    def method(self) -> Method | None:
        function = self.context.method
        methods = self.model.facts.methods if function is not None else ()
        return next((m for m in methods if function and m.line == function.lineno), None)


class _Problem(NamedTuple):
    """What is wrong: `edit` is what to write for the call of `super`, or an edit of another call."""

    node: ast.expr
    message: str
    error: str
    edit: str | Edit | None
    severity: Severity | None = None


def _uses(file: FileContext) -> Iterator[Use]:
    yield from file.cached(super_calls.uses).values()
    places: set[Place] = set()
    for match in _PASSES_A_NAME.finditer(file.text):
        if not file.literals.hold(match.start()):
            places.add(file.code.position(match.start()))
    for model in file.module.classes if file.module is not None else ():
        if model.is_slotted_dataclass:
            start, end = file.span_of_lines(model.facts.line, model.facts.end_line)
            offset = file.text.find("super", start, end)
            while offset >= 0:
                places.add(file.code.position(offset))
                offset = file.text.find("super", offset + 1, end)
    known = {*file.module.facts.supers} if file.module is not None else set()
    if places - known:
        yield from super_calls.uses_at(file, places - known).values()


def _problem(place: _Place) -> _Problem | None:
    if place.node.keywords:
        return None
    if not place.node.args:
        return _without_new_class(place) or _passed_twice(place)
    instance = place.context.instance_name()
    if len(place.node.args) != 2 or not instance:
        return None
    cls, given = place.node.args
    if not (isinstance(given, ast.Name) and given.id == instance):
        return None
    if place.context.means_class(dotted_name(cls)):
        return _passed_twice(place)
    return _of_own_class(place, cls, instance) or _of_other_class(place, cls, instance)


# super(type(self), self)


def _of_own_class(place: _Place, cls: ast.expr, instance: str) -> _Problem | None:
    method = place.method
    if method is None or not _is_class_of(place, cls, instance, method):
        return None
    owner, name = place.model.name, method.name
    begins = f"`{place.text}` starts behind the class of the instance"
    if method.kind is MethodKind.CLASS:
        begins = f"`{place.text}` starts behind the class that is passed"
    again = place.attribute == name and (
        place.call is not None or _kind(place.model, name) is AttributeKind.PROPERTY
    )
    if again:
        message = f"{begins}: in a subclass of `{owner}` it finds this `{name}` again"
        error = "RecursionError" if _is_always_reached(place) and _fits_itself(place) else ""
        if error:
            message += ", without end: RecursionError"
        return _Problem(place.node, message, error, "super()")
    message = f"{begins}: in a subclass of `{owner}` that is `{owner}` again, not its bases"
    return _Problem(place.node, message, "", "super()")


def _is_always_reached(place: _Place) -> bool:
    """Does each call of the method come to the place, as far as its own tests and loops go?"""
    path = place.context.path
    method = path[path.index(place.context.method) :] if place.context.method in path else path
    in_loop = any(isinstance(node, (ast.For, ast.AsyncFor, ast.Match)) for node in method)
    return not in_loop and not any(True for _ in conditions(method))


def _fits_itself(place: _Place) -> bool:
    """Can the method surely take what it passes to the method that it finds?"""
    function, call = place.context.method, place.call
    if function is None or call is None:
        return True
    arguments, parameters = arguments_of(call), parameters_of(function)
    if arguments.is_open:
        return parameters.takes_any_positional and parameters.takes_any_keyword
    if function.name != "__new__":
        arguments = arguments.after_instance
    return parameters.refusal(arguments) == ""


def _is_class_of(place: _Place, cls: ast.expr, instance: str, method: Method) -> bool:
    """Is it the class of the instance that a method gets, or the class that it gets?"""
    if method.kind is MethodKind.CLASS:
        return isinstance(cls, ast.Name) and cls.id == instance
    if method.kind is not MethodKind.INSTANCE:
        return False
    if isinstance(cls, ast.Attribute):
        return cls.attr == "__class__" and _is_name(cls.value, instance)
    return (
        isinstance(cls, ast.Call)
        and _is_name(cls.func, "type")
        and len(cls.args) == 1
        and not cls.keywords
        and _is_name(cls.args[0], instance)
        and is_builtin(place.file, "type", place.context.path)
    )


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _kind(model: SourceClass, name: str) -> AttributeKind | None:
    attribute = model.attributes.get(name)
    return None if attribute is None else attribute.kind


# super(Other, self)


def _of_other_class(place: _Place, cls: ast.expr, instance: str) -> _Problem | None:
    method, model, dotted = place.method, place.model, dotted_name(cls)
    if method is None or method.kind not in (MethodKind.INSTANCE, MethodKind.CLASS) or not dotted:
        return None
    root = dotted.partition(".")[0]
    if is_local(place.file, root, place.context.path) or mangled(root, model.name) != root:
        return None
    other = model.project.resolve(model.module, dotted)
    if isinstance(other, SourceClass) and other is not model and other in (model.mro or ()):
        return _skipping(place, other)
    if not isinstance(other, ClassModel) or not _is_apart(model, other):
        return None
    if method.kind is MethodKind.CLASS:
        metaclass = model.metaclass
        if metaclass is None or not _is_apart(metaclass, other):
            return None
        why = f"no subclass of `{other.name}`"
    else:
        why = f"no instance of `{other.name}`"
    message = f"`{instance}` is {why}, which is no base of `{model.name}`: TypeError"
    return _Problem(
        place.node, f"`{place.text}` in `{model.name}`: {message}", "TypeError", "super()"
    )


def _skipping(place: _Place, other: SourceClass) -> _Problem | None:
    """A call of the method of the same name behind a base, where the base, or a class before it, has
    one as well that nothing here calls."""
    model, name = place.model, place.attribute
    mro = model.mro or ()
    method = place.context.method
    if method is None or place.call is None or mangled(method.name, model.name) != name:
        return None
    if not other.is_project_class or not model.is_returned_by_decorators:
        return None
    skipped = next(
        (base for base in mro[1 : mro.index(other) + 1] if name in base.bound_names), None
    )
    if skipped is None or skipped.attributes[name].kind not in (
        AttributeKind.FUNCTION,
        AttributeKind.CLASS_METHOD,
    ):
        return None
    owners = [
        part.func.value
        for part in walk(method)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr == method.name
    ]
    if any(owner is not place.node for owner in owners):
        return None  # it may be called in another way
    message = (
        f"`{place.text}` starts behind `{other.name}`: `{skipped.name}.{method.name}`, which comes "
        f"next on the MRO of `{model.name}`, is skipped"
    )
    return _Problem(place.node, message, "", "super()", "note")


def _is_apart(model: ClassModel, other: ClassModel) -> bool:
    """Is an instance of a class, or of one of its subclasses, surely none of the other?"""
    if isinstance(other, SourceClass) and not other.is_returned_by_decorators:
        return False
    if isinstance(other, SourceClass) and other.mro is None and model.mro is not None:
        return False
    below: list[SourceClass] = []
    if isinstance(model, SourceClass):
        if any(tables.is_bound(model.project, name) for name in ("__class__", "__bases__")):
            return False  # an instance may get another class, a class other bases
        if tables.may_be_made_from(model):
            return False
        below = model.project.subclasses(model)
    return all(
        _is_apart_with_unknown_bases(each, other)
        if each.mro is None
        else all(base.full_name != other.full_name for base in each.mro)
        and (not isinstance(each, SourceClass) or each.is_as_written)
        for each in (model, *below)
    )


def _is_apart_with_unknown_bases(model: ClassModel, other: ClassModel) -> bool:
    """Is a class surely not derived from another one, because that is derived from all of its
    unknown bases itself?"""
    if not isinstance(model, SourceClass) or not isinstance(other, SourceClass):
        return False
    own, its = above(model), above(other)
    return (
        own is not None
        and its is not None
        and other not in own.classes
        and own.unknown <= its.unknown
        # What is compiled is derived from nothing of the project's.
        and (own.stubs <= its.stubs or other.is_project_class)
    )


# super().method(self)


def _passed_twice(place: _Place) -> _Problem | None:
    call, name, model = place.call, place.attribute, place.model
    instance = place.context.instance_name()
    if call is None or not instance or not call.args or not _is_name(call.args[0], instance):
        return None
    arguments = arguments_of(call)
    if may_be_patched(place.file, name) or tables.may_be_made_from(model):
        return None
    refusal = ""
    for each in (model, *model.project.subclasses(model)):
        found = _refusal(each, model, name, arguments)
        if not found:
            return None
        refusal = refusal or found
    message = f"`super()` passes `{instance}` already, which is passed a second time here"
    edit = without_first_argument(place.file, call)
    return _Problem(call, f"{message}; TypeError: {refusal}", "TypeError", edit)


def _refusal(model: ClassModel, behind: SourceClass, name: str, arguments: Arguments) -> str:
    """What the TypeError says that such a call raises for an instance of a class, where it
    wouldn't without the first argument; "" where it may not."""
    if model.mro is None or behind not in model.mro:
        return ""
    above = model.mro[model.mro.index(behind) + 1 :]
    owner = next((base for base in above if name in base.bound_names), None)
    if owner is not None and makes_special_methods(model, owner):
        return ""
    if owner is not None and owner.full_name == "builtins.object" and name == "__init__":
        overrides = "__init__" in behind.bound_names
        alone = arguments.positional == 1 and not arguments.keywords and not arguments.is_open
        return _OBJECT_INIT if overrides and alone else ""
    found = callee(model, name, through_class=False, behind=behind)
    if found is None or not found.is_bound:
        return ""
    less = arguments._replace(positional=arguments.positional - 1)
    refusal = found.refusal(arguments)
    return f"{found.name}() {refusal}" if refusal and found.refusal(less) == "" else ""


# super() in a dataclass with slots


def _without_new_class(place: _Place) -> _Problem | None:
    model, context = place.model, place.context
    instance = context.instance_name()
    if not model.is_slotted_dataclass or not instance or not context.is_in_method:
        return None
    if not place.file.supports_python(13) or "__slots__" in model.bound_names:
        return None
    message = (
        f"`@dataclass(slots=True)` makes another class of `{model.name}`, and up to Python 3.13 "
        f"`super()` means the first one, of which `{instance}` is no instance: TypeError"
    )
    root = model.qualname.partition(".")[0]
    name = "" if model.facts.in_function or context.may_bind(root) else model.qualname
    edit = f"super({name}, {instance})" if name else None
    return _Problem(place.node, message, "TypeError", edit)
