from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import Access, Receiver, ValueKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, LiveClass, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._assignments import MEANT_FOR_ALL
from pyconcepts_lint.rules.class_attributes._fields import factory_of, field_function
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.signatures import first_parameter

_REFUSED = ("builtins.list", "builtins.dict", "builtins.set")
_CHANGES_ITSELF = ("random.Random", "_io.StringIO", "_io.BytesIO")
# Of a descriptor, `dataclass` takes what its `__get__` gives.
_DESCRIPTOR = ("__get__", "__set__", "__delete__", "__set_name__")
_IMMUTABLE = ("builtins.tuple", "enum.Enum", "builtins.type", "builtins.BaseException")


class SharedFieldDefault(Rule):
    """The default of a dataclass's field is one object, which all instances share.

    ## What it finds

    A field of a standard dataclass whose default, in the class body or in `field(default=…)`, is
    made there by a call or a display, and

    - is an instance of a class of the project that changes: its methods, those of the dataclass or
      other code of the project assign its attributes or change them in place (or a `random.Random`
      or a `StringIO`);
    - or has no hash, which `dataclass` refuses with ValueError: a list, dict or set; from Python
      3.11 on also an instance of a class that has `__eq__` without `__hash__`, such as that of
      another dataclass which isn't frozen.

    What `dataclass` refuses is an error, all else a warning.

    It is silent where the attribute is used through the class, or called a cache or a registry.

    ## Why

    The class body runs once, so the default is made once. Every instance that isn't given another
    value gets this one object, and what one of them changes in it, all of them see. `dataclass`
    knows this, and refuses those objects of which it can see that they change: those that can't be
    hashed. Of others it can't know.

    ## Bad

    ```python
    from dataclasses import dataclass


    class History:
        def __init__(self):
            self.steps = []


    @dataclass
    class Board:
        name: str
        history: History = History()

        def place(self, part):
            self.history.steps.append(part)


    first, second = Board("a"), Board("b")
    first.place("r1")
    print(second.history.steps)
    ```

    ```output
    ['r1']
    ```

    ## Good

    ```python
    from dataclasses import dataclass, field


    class History:
        def __init__(self):
            self.steps = []


    @dataclass
    class Board:
        name: str
        history: History = field(default_factory=History)

        def place(self, part):
            self.history.steps.append(part)


    first, second = Board("a"), Board("b")
    first.place("r1")
    print(second.history.steps)
    ```

    ```output
    []
    ```

    ## Fix

    Makes the default anew for each instance: `field(default_factory=History)`, with an import of
    `field` where there is none. It is safe where the default is a call without arguments, or with
    literals, or a display of literals; else it is unsafe, as the arguments are then evaluated later.

    ## When to ignore it

    Where one object for all is meant, such as a logger: say so by an annotation with `ClassVar`,
    or give it to the objects when they are made.

    ## See also

    - [Mutable default values](https://docs.python.org/3/library/dataclasses.html#mutable-default-values)
    - [`object.__hash__`](https://docs.python.org/3/reference/datamodel.html#object.__hash__)
    """

    code = "PCL112"
    name = "shared-field-default"
    reads_stubs = False
    words = ("dataclass",)
    silences = {
        "no method of its class changes such an object": "never-changed",
        "each gets one of its own": "factory",
        "`ClassVar` says that it is shared": "class-variable",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            if not model.is_dataclass:
                continue
            node = file.class_nodes.get((model.facts.line, model.name))
            for field in [] if node is None else _fields(file, model, node):
                claim = self._claim(model, field)
                if claim is not None:
                    yield claim

    def _claim(self, model: SourceClass, field: _Field) -> Claim | None:
        file = self.file
        refusal = _refusal(file, model, field.default)
        shown, where = file.ast_quote(field.default), file.ast_range(field.default)
        if refusal:
            message = f"`{shown}` is the default of the field `{field.name}`: {refusal}"
            return Claim(where, message, self._fix(model, field), ("ValueError",), severity="error")
        change = _change(file, model, field)
        if not change or _is_for_all(model, field.name):
            return None
        message = (
            f"`{shown}` is made once: all `{model.name}`s that aren't given another `{field.name}` "
            f"share it, and {change}"
        )
        return Claim(where, message, self._fix(model, field))

    def _fix(self, model: SourceClass, field: _Field) -> Fix | None:
        file = self.file
        default = field.default
        if any(isinstance(part, (ast.NamedExpr, ast.Await, ast.Yield)) for part in walk(default)):
            return None
        names = {part.id for part in walk(default) if isinstance(part, ast.Name)}
        factory = factory_of(file, default)
        if not names.isdisjoint(model.bound_names) or factory in model.bound_names:
            return None
        if factory in ("list", "dict") and file.project.may_bind(model.module, factory):
            return None
        edits = []
        if field.keyword is not None:
            place = file.ast_span(field.keyword)
            edits.append(file.edit(*place, f"default_factory={factory}"))
        else:
            function = field_function(file, model)
            if function is None:
                return None
            name, edits = function
            edits.append(file.edit(*file.ast_span(default), f"{name}(default_factory={factory})"))
        is_safe = _is_plain(default)
        title = f"Make `{field.name}` anew for each instance"
        return self.fix("safe" if is_safe else "unsafe", title, edits)


class _Field(NamedTuple):
    """A field with a default. `keyword` is that of `field(default=…)`."""

    name: str
    default: ast.expr
    keyword: ast.keyword | None


def _fields(file: FileContext, model: SourceClass, node: ast.ClassDef) -> Iterator[_Field]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value):
                pass
            case _:
                continue
        if name not in model.dataclass_fields:
            continue
        if not _is_field_call(file, model, value):
            yield _Field(name, value, None)
            continue
        assert isinstance(value, ast.Call)
        for keyword in value.keywords:
            if keyword.arg == "default":
                yield _Field(name, keyword.value, keyword)


def _is_field_call(file: FileContext, model: SourceClass, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and model.module.qualified(ast.unparse(value.func)) == (
        "dataclasses.field"
    )


def _class_of(file: FileContext, model: SourceClass, value: ast.expr) -> ClassModel | None:
    """The class of which an expression makes an instance."""
    project = file.project
    if isinstance(value, (ast.List, ast.ListComp)):
        return project.builtin_class("list")
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return project.builtin_class("dict")
    if isinstance(value, (ast.Set, ast.SetComp)):
        return project.builtin_class("set")
    if not isinstance(value, ast.Call):
        return None
    name = ast.unparse(value.func)
    if not name.replace(".", "").isidentifier() or name.partition(".")[0] in model.bound_names:
        return None
    if model.facts.in_function:
        return None
    found = model.class_meant(name)
    if found is None or not found.makes_own_instances or found.binds_on_mro(*_DESCRIPTOR):
        return None
    return found


def _refusal(file: FileContext, model: SourceClass, value: ast.expr) -> str:
    """Why `dataclass` refuses a default, or ""."""
    made = _class_of(file, model, value)
    if made is None or made.mro is None:
        return ""
    if any(each.full_name in _REFUSED for each in made.mro):
        return "dataclasses refuse lists, dicts and sets with ValueError"
    if not file.supports_python(11) or _has_hash(made) is not Answer.NO:
        return ""
    return (
        f"instances of `{made.name}` have no hash, and dataclasses refuse such defaults with "
        "ValueError from Python 3.11 on"
    )


def _has_hash(made: ClassModel) -> Answer:
    """Do instances of a class have a hash?"""
    for each in made.mro or ():
        if isinstance(each, LiveClass):
            return answer(each.live.__hash__ is not None)
        if not isinstance(each, SourceClass):
            return Answer.UNKNOWN
        own = each.attributes.get("__hash__")
        if own is not None:
            is_plain = own.kind in (AttributeKind.VALUE, AttributeKind.FUNCTION)
            return answer(own.value is not ValueKind.NONE) if is_plain else Answer.UNKNOWN
        if each.is_dataclass:
            words = " ".join(each.facts.decorator_keywords).split()
            if any(word.endswith("=…") or word == "**" for word in words):
                return Answer.UNKNOWN
            if "eq=False" not in words:
                return answer("frozen=True" in words or "unsafe_hash=True" in words)
        elif not each.decorators_keep_class or each.has_field_decorator:
            return Answer.UNKNOWN
        if "__eq__" in each.bound_names:
            return Answer.NO
    return Answer.UNKNOWN


def _change(file: FileContext, model: SourceClass, field: _Field) -> str:
    """What changes the default of a field, as the message says it, or ""."""
    made = _class_of(file, model, field.default)
    if made is None or made.mro is None or not made.plain:
        return _by_itself(made)
    names = {each.full_name for each in made.mro}
    if not names.isdisjoint(_IMMUTABLE):
        return ""
    changed = _changed_here(file, model, field.name)
    if changed:
        return f"`{changed}` changes it"
    for each in made.mro:
        if not isinstance(each, SourceClass) or not each.is_project_class:
            continue
        for method in _changing_methods(each):
            return f"`{made.name}.{method}` changes it"
    return _by_itself(made) or _stored(made)


def _by_itself(made: ClassModel | None) -> str:
    """Of a class of the standard library: does nearly everything that one does with it change it?"""
    if made is None or made.mro is None:
        return ""
    known = {each.full_name for each in made.mro}
    return "what is done with it changes it" if not known.isdisjoint(_CHANGES_ITSELF) else ""


def _changing_methods(model: SourceClass) -> Iterator[str]:
    """The methods of a class, without those that make an object, that change their instance."""
    for access in model.facts.accesses:
        if (
            access.receiver is Receiver.INSTANCE
            and access.kind is not Access.READ
            and not _makes(access.method)
            and not access.method.startswith("<")
        ):
            yield access.method
    for mutation in model.facts.mutations:
        if not _makes(mutation.method) and not mutation.method.startswith("<"):
            yield mutation.method


def _makes(method: str) -> bool:
    return method in ("__init__", "__new__", "__post_init__", "__setstate__", "__del__", "__exit__")


def _changed_here(file: FileContext, model: SourceClass, name: str) -> str:
    """The method of the dataclass that changes the value of a field in place."""
    node = file.class_nodes.get((model.facts.line, model.name))
    for method in [] if node is None else node.body:
        first = _first_parameter(method)
        if not first or _binds(method, first, name):
            continue
        for part in walk(method):
            match part:
                case ast.Attribute(value=ast.Attribute(ast.Name(own), attr), ctx=ast.Store()) if (
                    own == first and attr == name
                ):
                    return f"{model.name}.{method.name}"  # type: ignore[attr-defined]
                case ast.Call(
                    func=ast.Attribute(ast.Attribute(ast.Attribute(ast.Name(own), attr)), change)
                ) if own == first and attr == name and change in _CHANGES:
                    return f"{model.name}.{method.name}"  # type: ignore[attr-defined]
    return ""


_CHANGES = frozenset({"append", "add", "extend", "update", "insert", "setdefault", "appendleft"})


def _first_parameter(method: ast.stmt) -> str:
    if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) or method.decorator_list:
        return ""
    return first_parameter(method.args)


def _binds(method: ast.stmt, first: str, name: str) -> bool:
    """Does a method give the instance another value?"""
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == name
        and isinstance(part.ctx, ast.Store)
        and isinstance(part.value, ast.Name)
        and part.value.id == first
        for part in walk(method)
    )


def _stored(made: ClassModel) -> str:
    """How other code of the project assigns an attribute of such an object, or ""."""
    if not isinstance(made, SourceClass) or not made.is_project_class:
        return ""
    project = made.project
    own = {*made.dataclass_fields}
    own.update(
        e.attribute for e in made.facts.accesses if e.method == "__init__" and e.kind is Access.SET
    )
    for name in sorted(own):
        for module, receiver, context in project.row(tables.uses, name):
            if context is Access.SET and not isinstance(
                project.resolve(module, receiver), ClassModel
            ):
                return f"`{receiver}.{name}` is assigned in {module.file_name}"
    return ""


def _is_for_all(model: SourceClass, name: str) -> bool:
    """Is the field's default used through the class, or is sharing meant by its name?"""
    project = model.project
    return (
        MEANT_FOR_ALL.search(name) is not None
        or any(
            isinstance(other, ClassModel) and other.is_subclass_of(model)
            for module, receiver, _ in project.row(tables.uses, name)
            for other in (project.resolve(module, receiver),)
        )
        or any(other.is_subclass_of(model) for other, _ in project.row(tables.class_accesses, name))
    )


def _is_plain(value: ast.expr) -> bool:
    """Does it mean the same whenever it is evaluated?"""
    match value:
        case ast.Call(func=ast.Name() | ast.Attribute(), args=args, keywords=keywords):
            return all(map(_is_literal, (*args, *(keyword.value for keyword in keywords))))
    return _is_literal(value)


def _is_literal(value: ast.expr) -> bool:
    return all(
        isinstance(part, (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp))
        for part in walk(value)
    )
