from __future__ import annotations

import ast
import types
from collections.abc import Iterator

from pyconcepts_lint.analysis import context, super_calls
from pyconcepts_lint.analysis.super_calls import Context, first_parameter
from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.methods._arguments import without_first_argument

_COMPREHENSIONS = {
    ast.GeneratorExp: "generator expression",
    ast.ListComp: "list comprehension",
    ast.SetComp: "set comprehension",
    ast.DictComp: "dictionary comprehension",
}
_DESCRIPTORS = (types.WrapperDescriptorType, types.MethodDescriptorType)


class SuperWithoutContext(Rule):
    """`super()` needs a method around it, and its first argument in the function that runs.

    ## What it finds

    `super()` without arguments

    - in a function or lambda without a positional parameter: one that stands in a method and isn't
      given `self` as its own first argument, a static method without parameters, `def
      method(*args)`;
    - in a generator expression, and where Python 3.11 may run the file, in a list, set
      or dictionary comprehension (what the first `for` walks through is evaluated outside, and
      is right);
    - in a class body, and in functions and code that stand in no class;

    and `super.method(…)`, where the brackets are missing.

    Silent where the exception is caught or expected, and where the file binds the names `super`
    or `__class__`.

    ## Why

    `super()` is short for `super(__class__, first)`: `__class__` is a cell that the compiler
    makes for the functions which stand in a class body, however deep, and `first` is the first
    argument of the function that is *running*. A nested function, a lambda and a generator
    expression are functions of their own. The first argument of a generator expression is the
    iterator that it walks through. List, set and dictionary comprehensions were such functions up
    to Python 3.11; since 3.12 (PEP 709) they are run by the function around them.

    ## Bad

    ```python
    class Shape:
        def corners(self):
            return ["corner"]


    class Square(Shape):
        def corners(self):
            def doubled():
                return super().corners() * 2

            return doubled() * 2


    print(len(Square().corners()))
    ```

    ```output
    RuntimeError: super(): no arguments
    ```

    ## Good

    ```python
    class Shape:
        def corners(self):
            return ["corner"]


    class Square(Shape):
        def corners(self):
            inherited = super().corners()

            def doubled():
                return inherited * 2

            return doubled() * 2


    print(len(Square().corners()))
    ```

    ```output
    4
    ```

    ## Fix

    Says what is meant: `super(Square, self)`. It is unsafe, since what failed works then. There is
    none where no `self` is there, or the class can't be named. `super.method()` becomes
    `super().method()`, which is safe in a method; where the instance was passed, too, it is taken
    out, and the fix is unsafe.

    ## When to ignore it

    Never; where this code is reached, it raises an exception. (`super.__setattr__(self, …)` and
    its like are `object`'s and don't fail; the methods of the base classes are left out.)

    ## See also

    - [`super`](https://docs.python.org/3/library/functions.html#super)
    - [Creating the class object](https://docs.python.org/3/reference/datamodel.html#creating-the-class-object), on `__class__`
    - [PEP 709](https://peps.python.org/pep-0709/), on comprehensions
    """

    code = "PCL408"
    name = "super-without-context"
    severity = "error"
    reads_stubs = False
    words = ("super",)
    raises = ("RuntimeError", "TypeError", "AttributeError")
    silences = {
        "`super` is given its arguments": "arguments",
        "the nested function is given `self` first": "gets-self",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for problem in _problems(file):
            where = file.ast_range(problem.node)
            if not (problem.until_311 and _asks_version(file, where)):
                raises = (problem.error,) if problem.error else ()
                yield Claim(where, problem.message, self._fix(file, problem), raises)

    def _fix(self, file: FileContext, problem: _Problem) -> Fix | None:
        if isinstance(problem.node, ast.Attribute):
            return self._add_brackets(file, problem)
        class_name, instance = problem.context.class_name(), problem.context.instance_name()
        if not class_name or not instance:
            return None
        new = f"super({class_name}, {instance})"
        edit = Edit(file.path, *file.ast_range(problem.node), new)
        return self.fix("unsafe", f"Use `{new}`", [edit])

    def _add_brackets(self, file: FileContext, problem: _Problem) -> Fix | None:
        assert isinstance(problem.node, ast.Attribute)
        context = problem.context
        place = file.ast_range(problem.node.value)
        edits = [file.insert(place.end_line, place.end_column, "()")]
        is_right_place = context.is_in_method and not context.failure(inlined=False)
        safety: Applicability = "safe" if is_right_place else "unsafe"
        if problem.passes_instance:
            call = context.path[-2]
            assert isinstance(call, ast.Call)
            removal = without_first_argument(file, call)
            if removal is None:
                return None
            edits.append(removal)
            safety = "unsafe"
        return self.fix(safety, "Call `super`", edits, python3=True)


def _asks_version(file: FileContext, where: Range) -> bool:
    conditions = context.conditions(context.path_in(file, where))
    return any("version" in file.ast_text(test) for test, _ in conditions)


class _Problem(NamedTuple):
    node: ast.Call | ast.Attribute
    context: Context
    error: str
    """The exception's name; "" where none is raised."""
    message: str
    until_311: bool = False
    """Is it right since Python 3.12?"""
    passes_instance: bool = False
    """Is the method's first argument passed explicitly, too?"""


def _problems(file: FileContext) -> Iterator[_Problem]:
    for node, around in file.cached(super_calls.uses).values():
        problem = None
        if isinstance(node, ast.Attribute):
            problem = _without_brackets(node, around)
        elif not node.args and not node.keywords:
            problem = _without_context(node, around)
        if problem is not None and not (problem.until_311 and not file.supports_python(11)):
            yield problem


def _without_context(node: ast.Call, context: Context) -> _Problem | None:
    running = context.running
    failure = context.failure(inlined=True)
    until_311 = not failure
    if until_311:
        failure = context.failure(inlined=False)
    if not failure or failure == super_calls.EMPTY_CELL:
        return None
    error = failure.partition(":")[0]
    if running is None or (
        context.class_statement is None and not isinstance(running, ast.ClassDef)
    ):
        why = "outside of a class there is no class from which `super()` could start"
    elif isinstance(running, ast.ClassDef):
        why = (
            f"`super()` takes the instance from the function that runs, and the body of "
            f"`{running.name}` is none"
        )
    elif type(running) in _COMPREHENSIONS:
        since = "up to Python 3.11, " if until_311 else ""
        why = f"{since}a {_COMPREHENSIONS[type(running)]} is a function of its own"
        if failure == super_calls.OTHER_INSTANCE:
            why += ", whose first argument is the iterator, not the instance that `super()` needs"
    else:
        name = getattr(running, "name", "")
        what = f"`{name}`" if name else "this lambda"
        why = (
            f"`super()` takes the instance from the first positional parameter, and {what} has none"
        )
    return _Problem(node, context, error, f"{why}: {error}", until_311)


def _without_brackets(node: ast.Attribute, context: Context) -> _Problem | None:
    name, error = node.attr, ""
    instance = first_parameter(context.method)
    call = context.path[-2]
    arguments = call.args if isinstance(call, ast.Call) and call.func is node else None
    passes_instance = bool(
        arguments and isinstance(arguments[0], ast.Name) and arguments[0].id == instance
    )
    if not hasattr(super, name):
        message = f"`super.{name}` is looked up on the type `super`, which has no `{name}`"
        error = "AttributeError"
    elif name in vars(super) and (passes_instance or arguments == []):
        given = f"`{instance}` is" if passes_instance else "it is given"
        message = f"`super.{name}` is for objects made by `super()`, and {given} none"
        error = "TypeError"
    elif name == "__init__" and arguments and not isinstance(arguments[0], ast.Starred):
        given = f"`{ast.unparse(arguments[0])}` takes the place of one"
        message = f"`super.__init__` is for objects made by `super()`, and {given}"
        error = "TypeError"
    elif name in vars(object) and passes_instance and context.class_statement is not None:
        if not isinstance(vars(object)[name], _DESCRIPTORS):
            return None
        owner = context.class_statement.name
        message = f"`super.{name}` is `object.{name}`, whatever the bases of `{owner}` define"
    else:
        return None
    if error:
        message += f": {error}"
    return _Problem(node, context, error, message, passes_instance=passes_instance)
