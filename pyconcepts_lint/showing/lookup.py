"""`show lookup`: what a name or an attribute finds, in the order in which Python looks.

The order is that of the language reference
(https://docs.python.org/3/howto/descriptor.html#overview-of-descriptor-invocation,
https://docs.python.org/3/reference/executionmodel.html#resolution-of-names).
"""

from __future__ import annotations

import difflib

from ..base.answer import Answer, answer
from ..base.typed import TYPE_CHECKING
from ..index import tables
from ..index.attributes import accesses_on_instances
from ..index.facts import Access, BindingKind
from ..index.kinds import AttributeKind
from ..index.model import Attribute, ClassModel, LiveClass, Module, SourceClass
from .answers import ABSENT, FOUND, HIDDEN, MAYBE, UNKNOWN, Lookup, Row, Step
from .attributes import (
    DATA_DESCRIPTORS,
    Known,
    in_words,
    known_mro,
    line_of,
    own_attribute,
    own_attributes,
    path_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..index.facts import AttributeAccess

DATA = "data descriptors of the class and its bases"
INSTANCE = "the instance's own dictionary"
REST = "other attributes of the class and its bases"
GETATTR = "__getattr__"
GETATTRIBUTE = "__getattribute__"
OBJECT = "builtins.object"


def on_instance(
    model: ClassModel, name: str, subject: str, *, of: str = "", after: ClassModel | None = None
) -> Lookup:
    """What an attribute of an instance finds.

    Args:
        model: the instance's class.
        name: the attribute.
        subject: the expression, as it is to be shown.
        of: what the instance is, in words.
        after: `super()` looks only behind this class, and in no instance.
    """
    known = known_mro(model)
    is_whole_lookup = after is None
    if after is not None and after in known.classes:
        known = known._replace(classes=known.classes[known.classes.index(after) + 1 :])
    search = _Search(known, name)
    hook = _hook(known.classes, GETATTRIBUTE) if is_whole_lookup else None
    fallback = _hook(known.classes, GETATTR) if is_whole_lookup else None
    own = _own_step(model, name, search) if is_whole_lookup else _NO_INSTANCE
    steps: list[Step] = []
    if hook is not None:
        note = "Python calls it first; what follows happens where it asks `object`'s"
        steps.append(Step("getattribute", GETATTRIBUTE, UNKNOWN, (_row(hook, FOUND),), note))
    steps.append(search.data_step())
    if is_whole_lookup:
        steps.append(own)
    steps.append(search.rest_step(own.status))
    if fallback is not None:
        steps.append(_fallback_step(fallback, search, own))
    status, outcome, result = _outcome(search, own, fallback)
    if hook is not None:
        status = UNKNOWN
        outcome = f"what `{hook.owner.name}.__getattribute__` returns; `object`'s: {outcome}"
    notes = [*_below(model, name)] if is_whole_lookup else []
    if status == ABSENT and is_whole_lookup:
        notes += _meant(known, name)
    return Lookup(
        subject,
        of or f"an instance of `{model.full_name}`",
        path_of(model),
        line_of(model),
        0,
        tuple(steps),
        status,
        outcome,
        result,
        tuple(notes),
        (*((known.why,) if known.why else ()), *_others(model, name)),
    )


class _Search:
    """The attribute of a name along an MRO.

    `met` are all that are met, the first is what the type has. Behind the last known class of an
    open MRO any class may follow.
    """

    def __init__(self, known: Known, name: str) -> None:
        self.known = known
        self.is_open = not known.is_whole
        found = (own_attribute(model, name) for model in known.classes)
        self.met = [attribute for attribute in found if attribute is not None]
        self.first = self.met[0] if self.met else None

    @property
    def is_data(self) -> Answer:
        """Is what the type has a data descriptor?"""
        if self.first is None:
            return Answer.UNKNOWN if self.is_open else Answer.NO
        if self.first.kind is AttributeKind.UNKNOWN:
            return Answer.UNKNOWN
        return answer(self.first.kind in DATA_DESCRIPTORS)

    def data_step(self) -> Step:
        rows = [
            _row(attribute, HIDDEN if number else FOUND)
            for number, attribute in enumerate(self.met)
            if attribute.kind in DATA_DESCRIPTORS
        ]
        note = ""
        if self.first is None and self.is_open:
            note = "a class that isn't known may have one"
        elif self.first is not None and self.first.kind is AttributeKind.UNKNOWN:
            rows.insert(0, _row(self.first, UNKNOWN))
            note = "whether it is one isn't known"
        if self.is_data is Answer.UNKNOWN:
            rows = [row._replace(status=HIDDEN) if row.status == FOUND else row for row in rows]
        return Step("data descriptors", DATA, _IS_FOUND[self.is_data], tuple(rows), note)

    def rest_step(self, own: str) -> Step:
        """What the type has otherwise.

        Args:
            own: the status of what the instance has of its own.
        """
        first = FOUND if own == ABSENT and self.is_data is Answer.NO else MAYBE
        if self.is_data is Answer.YES or own == FOUND:
            first = HIDDEN
        rows = tuple(
            _row(attribute, HIDDEN if number else first)
            for number, attribute in enumerate(self.met)
            if attribute.kind not in DATA_DESCRIPTORS
        )
        if rows:
            return Step("class", REST, rows[0].status, rows)
        is_unknown = self.first is None and self.is_open
        note = "a class that isn't known may have it" if is_unknown else ""
        return Step("class", REST, UNKNOWN if is_unknown else ABSENT, (), note)


_IS_FOUND = {Answer.YES: FOUND, Answer.NO: ABSENT, Answer.UNKNOWN: UNKNOWN}
_NO_INSTANCE = Step("instance", INSTANCE)


def _own_step(model: ClassModel, name: str, search: _Search) -> Step:
    """What the instance's dictionary has, and which methods bind it."""
    is_taken = search.is_data is Answer.YES
    surely = name in _set_by_init(model)
    rows: list[Row] = []
    for owner, access in _accesses(search.known.classes, name):
        deletes = access.kind is Access.DELETE
        status, note = MAYBE, ""
        if is_taken:
            status = HIDDEN
            note = f"goes to the descriptor's `__{'delete' if deletes else 'set'}__`"
        elif deletes:
            status = ABSENT
        elif surely and (access.method, access.kind) == ("__init__", Access.SET):
            status = FOUND
        what = "deletes it" if deletes else "binds it"
        by = f"{owner.full_name}.{access.method}"
        rows.append(Row(by, what, owner.module.path, access.line, status, note))
    status, note = ABSENT, ""
    is_deleted = any(row.what == "deletes it" for row in rows)
    if model.has_instance_dict is Answer.NO:
        note = "instances have none"
        rows = [row for row in rows if is_taken]
    elif is_taken:
        status = HIDDEN if rows else ABSENT
    elif any(row.status == FOUND for row in rows) and not is_deleted:
        status, note = FOUND, "bound on every path through `__init__`"
    elif any(row.status in (FOUND, MAYBE) for row in rows):
        status, note = MAYBE, "as soon as one of these lines has run"
        rows = [row._replace(status=MAYBE) if row.status == FOUND else row for row in rows]
    elif any(
        isinstance(e, SourceClass) and e.facts.dynamic_instances for e in search.known.classes
    ):
        status, note = UNKNOWN, "methods fill it under names that aren't written down"
    elif search.is_open and search.first is None:
        status, note = UNKNOWN, "a class that isn't known may bind it"
    return Step("instance", INSTANCE, status, tuple(rows), note)


def _accesses(
    classes: Iterable[ClassModel], name: str
) -> Iterator[tuple[SourceClass, AttributeAccess]]:
    written = [model for model in classes if isinstance(model, SourceClass)]
    for owner, access in accesses_on_instances(written, name):
        if access.kind is not Access.READ:
            yield owner, access


def _set_by_init(model: ClassModel) -> frozenset[str]:
    """The attributes that every call of the class's `__init__` binds."""
    found = model.lookup("__init__") if model.mro is not None else own_attribute(model, "__init__")
    if (
        found is None
        or not isinstance(found.owner, SourceClass)
        or found.kind is not AttributeKind.FUNCTION
    ):
        return frozenset()
    start = found.owner.module.init_effects.get(found.line)
    return frozenset() if start is None else frozenset(start.sets)


def _hook(classes: Sequence[ClassModel], name: str) -> Attribute | None:
    """The method of a name, where it isn't one of the interpreter's own."""
    for model in classes:
        attribute = own_attribute(model, name)
        if attribute is not None:
            is_plain = isinstance(model, LiveClass) and name == GETATTRIBUTE
            return None if is_plain else attribute
    return None


def _fallback_step(fallback: Attribute, search: _Search, own: Step) -> Step:
    if search.first is not None or own.status == FOUND:
        status, note = HIDDEN, "asked only where nothing is found"
    elif own.status == ABSENT and not search.is_open:
        status, note = FOUND, "called with the name"
    else:
        status, note = MAYBE, "called with the name as long as nothing else is found"
    return Step("getattr", GETATTR, status, (_row(fallback, status),), note)


def _outcome(search: _Search, own: Step, fallback: Attribute | None) -> tuple[str, str, Row | None]:
    """The status, the sentence that says what is found, and its row."""
    first = search.first
    if first is not None:
        of_class: Row | None = _row(first, FOUND)
        said = f"{_row(first, FOUND).what} of `{first.owner.full_name}`"
    elif search.is_open:
        of_class, said = None, "what a class that isn't known may have"
    elif fallback is not None:
        of_class = _row(fallback, FOUND)
        said = f"what `{fallback.owner.full_name}.__getattr__` returns"
    else:
        of_class, said = None, "nothing: `AttributeError`"
    of_instance = next((row for row in own.rows if row.status in (FOUND, MAYBE)), None)
    if search.is_data is Answer.YES or own.status in (ABSENT, HIDDEN):
        if of_class is None:
            return (UNKNOWN if search.is_open else ABSENT), said, None
        return FOUND, said, of_class
    if own.status == FOUND and search.is_data is Answer.NO:
        return FOUND, "the value that the instance has of its own", of_instance
    if first is not None and search.is_data is Answer.UNKNOWN:
        other = f"what `{first.owner.full_name}` has, where that is a data descriptor"
        return UNKNOWN, f"the value that the instance has of its own; {other}", None
    if own.status == FOUND:
        return (
            MAYBE,
            "the instance's own value, unless a class that isn't known has a data descriptor",
            of_instance,
        )
    status = UNKNOWN if own.status == UNKNOWN and of_class is None else MAYBE
    return (
        status,
        f"the instance's own value, once it has one; before: {said}",
        of_instance or of_class,
    )


def _meant(known: Known, name: str) -> Iterator[str]:
    """Names that are like one that isn't there."""
    names = {attribute.name for model in known.classes for attribute in own_attributes(model)}
    for model in known.classes:
        if isinstance(model, SourceClass):
            names.update(access.attribute for access in model.facts.accesses)
    near = difflib.get_close_matches(name, sorted(names - {name}), 3, 0.6)
    if near:
        yield f"there is {' and '.join(f'`{each}`' for each in near)}"


def _row(attribute: Attribute, status: str) -> Row:
    owner = attribute.owner
    line = attribute.line or line_of(owner)
    return Row(owner.full_name, in_words(attribute), path_of(owner), line, status)


def _below(model: ClassModel, name: str) -> Iterator[str]:
    """What the classes below a class have under the name."""
    if not isinstance(model, SourceClass):
        return
    for other in model.project.subclasses(model):
        if own_attribute(other, name) is not None and name not in ("__module__", "__doc__"):
            attribute = own_attribute(other, name)
            assert attribute is not None
            place = f"{other.module.file_name}:{attribute.line}"
            yield f"the subclass `{other.full_name}` has {in_words(attribute)} of that name ({place})"


def _others(model: ClassModel, name: str) -> Iterator[str]:
    """Who else may bind the attribute."""
    written = [model for model in known_mro(model).classes if isinstance(model, SourceClass)]
    if model.project.has(tables.external_attribute_writes, name) or any(
        name in each.module.facts.external_attribute_writes for each in written
    ):
        yield f"other code assigns `.{name}` to objects of which nothing is known"


def on_class(model: ClassModel, name: str, subject: str, *, of: str = "") -> Lookup:
    """What an attribute of the class itself finds."""
    known = known_mro(model)
    search = _Search(known, name)
    metaclass = model.metaclass
    above = Known((), False, "") if metaclass is None else known_mro(metaclass)
    # The type of each class has what `type` has, `__dict__` and the like before the class's own.
    over = _Search(above, name)
    rows = tuple(
        _row(attribute, FOUND if number == 0 else HIDDEN)
        for number, attribute in enumerate(over.met)
        if attribute.kind in DATA_DESCRIPTORS and (number == 0 or over.is_data is Answer.YES)
    )
    steps = [
        Step(
            "metaclass data descriptors",
            "data descriptors of the metaclass",
            _IS_FOUND[over.is_data],
            rows,
            "" if metaclass is not None else "the metaclass isn't known",
        )
    ]
    is_free = over.is_data is not Answer.YES
    class_rows = tuple(
        _row(attribute, FOUND if number == 0 and is_free else HIDDEN)
        for number, attribute in enumerate(search.met)
    )
    status = class_rows[0].status if class_rows else UNKNOWN if search.is_open else ABSENT
    steps.append(Step("class", "the class and its bases", status, class_rows))
    meta_rows = tuple(
        _row(a, FOUND if not search.met and is_free and n == 0 else HIDDEN)
        for n, a in enumerate(over.met)
        if a.kind not in DATA_DESCRIPTORS
    )
    if meta_rows:
        steps.append(
            Step("metaclass", "other attributes of the metaclass", meta_rows[0].status, meta_rows)
        )
    fallback = _hook(above.classes, GETATTR)
    if over.is_data is Answer.YES and over.first is not None:
        row: Row | None = _row(over.first, FOUND)
    elif search.first is not None:
        row = _row(search.first, FOUND)
    elif over.first is not None and not search.is_open:
        row = _row(over.first, FOUND)
    else:
        row = None
    is_open = search.is_open or metaclass is None
    if fallback is not None:
        status = FOUND if row is None and not is_open else HIDDEN
        steps.append(
            Step(
                "metaclass getattr",
                "__getattr__ of the metaclass",
                status,
                (_row(fallback, status),),
            )
        )
    if row is not None:
        said, status = f"{row.what} of `{row.by}`", FOUND
    elif is_open:
        said, status = "it isn't known", UNKNOWN
    elif fallback is not None:
        said, status = f"what `{fallback.owner.name}.__getattr__` returns", FOUND
    else:
        said, status = "nothing: `AttributeError`", ABSENT
    unknown = [known.why] if known.why else []
    return Lookup(
        subject,
        of or f"the class `{model.full_name}`",
        path_of(model),
        line_of(model),
        0,
        tuple(steps),
        status,
        said,
        row,
        tuple(_meant(known, name)) if status == ABSENT else (),
        (*unknown, *_others(model, name)),
    )


def on_module(module: Module, name: str, subject: str) -> Lookup:
    """What an attribute of a module finds, once the module has run."""
    project = module.project
    bindings = [b for b in module.bindings.get(name, ()) if b.kind is not BindingKind.ANNOTATION]
    rows = [
        Row(module.name.dotted, _bound_in_words(b.kind), module.path, b.line, HIDDEN)
        for b in bindings
    ]
    is_deleted = bool(bindings) and bindings[-1].kind is BindingKind.DELETE
    if rows and not is_deleted:
        rows[-1] = rows[-1]._replace(status=MAYBE if bindings[-1].flags & 1 else FOUND)
    stars = [s for s in module.facts.imports if s.names and s.names[0][0] == "*"]
    if not bindings and project.may_bind(module, name):
        rows += [
            Row(
                module.name.dotted,
                f"a star import of {s.module or '.'}",
                module.path,
                s.line,
                MAYBE,
            )
            for s in stars
        ]
    status = next((r.status for r in reversed(rows) if r.status != HIDDEN), ABSENT)
    steps = [Step("module", "the module's dictionary", status, tuple(rows))]
    result = rows[-1] if rows and not is_deleted else None
    said = "" if result is None else f"{result.what} in `{module.name.dotted}`"
    submodule = project.submodule(module, name)
    if submodule is not None:
        path = getattr(submodule, "path", "")
        note = "an attribute as soon as something has imported it"
        state = MAYBE if result is None else HIDDEN
        row = Row(f"{module.name.dotted}.{name}", "a submodule", path, 1, state, note)
        steps.append(Step("submodules", "submodules of the package", state, (row,)))
        if result is None:
            result, said, status = row, "the submodule, once something has imported it", MAYBE
    fallback = module.bindings.get(GETATTR)
    if fallback:
        state = FOUND if result is None else HIDDEN
        row = Row(module.name.dotted, "a function", module.path, fallback[-1].line, state)
        steps.append(Step("getattr", GETATTR, state, (row,)))
        if result is None:
            said, status, result = "what the module's `__getattr__` returns", FOUND, row
    unknown = []
    if module.facts.dynamic_namespace:
        unknown.append(
            f"`{module.name.dotted}` fills its namespace under names that aren't written"
        )
    if result is None:
        status = UNKNOWN if unknown else ABSENT
        said = "it isn't known" if unknown else "nothing: `AttributeError`"
    return Lookup(
        subject,
        f"the module `{module.name.dotted}`",
        module.path,
        0,
        0,
        tuple(steps),
        status,
        said,
        result,
        (),
        tuple(unknown),
    )


def _bound_in_words(kind: BindingKind) -> str:
    return {
        BindingKind.CLASS: "a class",
        BindingKind.FUNCTION: "a function",
        BindingKind.IMPORT: "a module",
        BindingKind.FROM: "an imported name",
        BindingKind.ASSIGN: "a value",
        BindingKind.GLOBAL: "a value that a function binds",
        BindingKind.DELETE: "deleted",
    }.get(kind, "a value")
