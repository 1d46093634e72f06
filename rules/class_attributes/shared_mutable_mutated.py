from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.followed import classes_of, possible
from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import ITEM_CHANGES, MUTABLE_VALUES, Change, Mutation, ValueKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Attribute, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._assignments import (
    CLASS_LEVEL,
    MEANT_FOR_ALL,
    annotation_of,
    class_attribute,
    class_fix,
    may_be_bound_on_instance,
    uses_through_class,
    written_name,
)
from pyconcepts_lint.rules.class_attributes._facts import outside_mutations
from pyconcepts_lint.rules.class_attributes._first_reads import finds_class_attribute
from pyconcepts_lint.rules.class_attributes._own_in_init import own_for_each, value_in_body
from pyconcepts_lint.rules.class_attributes._unknown import conditional_attribute
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, walk

_MAY_BE_MUTABLE = MUTABLE_VALUES | {ValueKind.CALL}
_LIST = ITEM_CHANGES | {
    *(Change.APPEND, Change.CLEAR, Change.EXTEND, Change.INSERT, Change.POP, Change.REMOVE),
    Change.REVERSE,
}
_DICT = ITEM_CHANGES | {Change.CLEAR, Change.POP, Change.POPITEM, Change.SETDEFAULT, Change.UPDATE}
# What changes an object of these types in place (https://docs.python.org/3/library/stdtypes.html,
# https://docs.python.org/3/library/collections.html).
_CHANGES = {
    "list": _LIST | {Change.SORT},
    "bytearray": _LIST,
    "deque": _LIST | {Change.APPENDLEFT, Change.EXTENDLEFT, Change.POPLEFT, Change.ROTATE},
    "set": frozenset(
        {
            *(Change.ADD, Change.CLEAR, Change.DIFFERENCE_UPDATE, Change.DISCARD, Change.POP),
            *(Change.INTERSECTION_UPDATE, Change.REMOVE, Change.SYMMETRIC_DIFFERENCE_UPDATE),
            Change.UPDATE,
        }
    ),
    "dict": _DICT,
    "defaultdict": _DICT,
    "OrderedDict": _DICT | {Change.MOVE_TO_END},
    "Counter": _DICT | {Change.SUBTRACT},
}


class SharedMutableMutated(Rule):
    """A mutable object that a class body makes is one object, shared by all instances.

    ## What it finds

    `self.items.append(value)`, `self.table[key] = value`, `del self.table[key]`,
    `self.names.update(…)` and every other change in place of a list, dict, set, bytearray,
    `deque`, `defaultdict`, `Counter` or `OrderedDict` that the class body (or that of a base in
    the project) makes, and of the lists, dicts and sets that it has for items
    (`self.table[key].append(value)`). So it is outside of the class where the object surely is an
    instance of it (`cart = Cart()`, `cart.items.append(value)`): an item of a list of instances, the
    result of a function of the project, a parameter for which all calls in the project pass one.

    Nothing may bind an attribute of that name on the instance: no method of the class, its bases or
    the project's subclasses, no other code of the project, and no code that fills the instance's
    dictionary under names which aren't written down. What an `__init__` does first comes before any
    of these; what stands under `if not hasattr(self, "items")` never runs. Where all subclasses make
    an object of their own, the method may be changing theirs, and the rule is silent. In a standard
    dataclass it speaks of names without an annotation, which are no fields. Where a base can't be
    found, the finding is made of a list, dict or set that the body itself writes out, and says what
    that base would have to do: "… unless `View`, which was not found, sets `items` itself". So it is
    with class decorators that aren't found, other than those whose names say that they make fields.

    It is silent where the project shows that sharing is meant: the attribute is annotated
    `ClassVar` (or `Final`), used through the class somewhere (`C.items`, `cls.items`,
    `type(self).items`), or called a cache, memo, pool, registry, or `instances`.

    A finding is a note in a test, and where a dictionary gets what it hasn't got under a key
    (`if key not in self.icons: self.icons[key] = icon(key)`), made of nothing that the instance has.

    ## Why

    The class body runs once, when the class is made. The list it makes is an attribute of the
    class; `self.items` finds that same list through every instance. Nothing is assigned by
    `self.items.append(value)`, so no instance gets a list of its own.

    ## Bad

    ```python
    class Cart:
        items = []

        def add(self, item):
            self.items.append(item)


    mine, yours = Cart(), Cart()
    mine.add("apple")
    print(yours.items, vars(mine))
    ```

    ```output
    ['apple'] {}
    ```

    ## Good

    ```python
    class Cart:
        def __init__(self):
            self.items = []

        def add(self, item):
            self.items.append(item)


    mine, yours = Cart(), Cart()
    mine.add("apple")
    print(yours.items, vars(mine))
    ```

    ```output
    [] {'items': ['apple']}
    ```

    ## Fix

    Gives each instance an object of its own: takes the assignment out of the class body and makes it
    the first thing that `__init__` does, in the class that owns the attribute. Where that has no
    `__init__`, one is written, which calls the next one; where a subclass's `__init__` calls none, it
    then calls that. Where the value can't be made anew in `__init__` (it calls something, or uses
    names of the class body), or is used in the class body, `__init__` takes a copy. A dataclass gets
    a field with a `default_factory`.

    It is unsafe: sharing may be meant. There is none where an instance could be left without the
    attribute: where the `__init__` of a subclass doesn't run that of the class, or asks for the
    attribute before; where instances are made without `__init__`.

    Editors offer another one, which says what happens today: `Cart.items.append(item)`.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    Where one object for all instances is meant: say so, by an annotation with
    [`ClassVar`](https://docs.python.org/3/library/typing.html#typing.ClassVar) or by naming the
    class.

    ## See also

    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    - [Class definitions](https://docs.python.org/3/reference/compound_stmts.html#class-definitions)
    """

    code = "PCL104"
    name = "shared-mutable-mutated"
    reads_stubs = False
    facts = ("changed_class_attributes", "outside_mutations")
    silences = {
        "`ClassVar` says that it is shared": "declared-shared",
        "`__init__` binds one for each instance": "bound-in-init",
        "the value can't be changed in place": "immutable",
        "a method fills the instance's dictionary under names that aren't written down": "filled",
        "its metaclass isn't known": "unknown-metaclass",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            for mutation in model.facts.mutations:
                attribute, unless = _shared(file, model, mutation), ""
                if attribute is None:
                    attribute, unless = _shared_unless(model, mutation)
                if attribute is None:
                    continue
                node = file.innermost_at(mutation.line, mutation.column, ast.Attribute)
                what = "" if node is None else _changed(file, node, mutation, attribute)
                if node is not None and what:
                    fix = self._fix(node.value, model, mutation, attribute)
                    yield _claim(file, node, mutation, attribute, what, fix, unless)
        for node, mutation, attribute in _through_other_names(file):
            what = _changed(file, node, mutation, attribute)
            if what:
                fix = own_for_each(file, attribute, in_depth=mutation.of_item)
                yield _claim(file, node, mutation, attribute, what, fix)

    def _fix(
        self, receiver: ast.expr, model: SourceClass, mutation: Mutation, attribute: Attribute
    ) -> Fix | None:
        own = own_for_each(self.file, attribute, in_depth=mutation.of_item)
        if own is None:
            return None
        title = "Name the class that owns it:"
        shared = class_fix(self.file, receiver, model, attribute, mutation.line, title)
        return own._replace(alternatives=() if shared is None else (shared,))


def _claim(
    file: FileContext,
    node: ast.Attribute,
    mutation: Mutation,
    attribute: Attribute,
    what: str,
    fix: Fix | None,
    unless: str = "",
) -> Claim:
    return Claim(
        file.ast_range(node),
        f"`{_shown(file, node, mutation)}` changes {what}, which all instances of "
        f"`{attribute.owner.name}` share{_exceptions(attribute)}{unless}",
        fix,
        severity="note" if _is_harmless(file, node, mutation, attribute) else None,
        related=definition(attribute, f"this {_kind(attribute)} is made once, with the class"),
        thing=f"{attribute.owner.key} {attribute.name}",
    )


def _is_harmless(
    file: FileContext, node: ast.Attribute, mutation: Mutation, attribute: Attribute
) -> bool:
    """Is it a test's, or does the dictionary keep what doesn't depend on the instance?"""
    if file.module is not None and file.module.is_test:
        return True
    if mutation.how is not Change.SET_ITEM or mutation.of_item:
        return False
    around = file.ast_around(node)
    statement = next(part for part in around if isinstance(part, ast.stmt))
    function = next((part for part in around if isinstance(part, FUNCTIONS)), None)
    value = statement.value if isinstance(statement, ast.Assign) else None
    kept = around[0]
    if value is None or function is None or not isinstance(kept, ast.Subscript):
        return False
    held, key = ast.unparse(node), ast.unparse(kept.slice)
    tests = [part.test for part in around[: around.index(function)] if isinstance(part, ast.If)]
    return (
        any(f"{key} not in {held}" in ast.unparse(test) for test in tests)
        and not _kind_of_value(value)
        and not _depends_on(held.partition(".")[0], value, function)
    )


def _depends_on(name: str, value: ast.expr, function: ast.AST) -> bool:
    """May a value be another one for another object of that name?"""
    names = _names(value)
    made_of = [
        each.value
        for each in walk(function)
        if isinstance(each, ast.Assign) and names.intersection(*map(_names, each.targets[:1]))
    ]
    return any(name in _names(each) for each in (value, *made_of))


def _names(value: ast.expr) -> set[str]:
    return {part.id for part in walk(value) if isinstance(part, ast.Name)}


def _through_other_names(
    file: FileContext,
) -> Iterator[tuple[ast.Attribute, Mutation, Attribute]]:
    """The changes of shared objects through what isn't a method's own instance."""
    project = file.project
    wanted: dict[tuple[int, int, str], Mutation] = {}
    module = file.module
    if module is None:
        return
    own = {(m.line, m.column) for model in module.classes for m in model.facts.mutations}
    for mutation in outside_mutations.of(module.facts):
        name = mutation.attribute
        if (mutation.line, mutation.column) not in own and any(
            binding.name == name and binding.value in _MAY_BE_MUTABLE
            for model in project.row(tables.bound_attributes, name)
            for binding in model.facts.body
        ):
            place = file.ast_offset(mutation.line, mutation.column)
            for written in (name, name[name.find("__", 1) :]):  # it may be a private name
                wanted[*place, written] = mutation
    if not wanted:
        return

    def mutation_of(node: ast.expr) -> Mutation | None:
        if not isinstance(node, ast.Attribute):
            return None
        return wanted.get((node.lineno, node.col_offset, node.attr))

    def ask(node: ast.expr) -> ast.expr | None:
        return node.value if isinstance(node, ast.Attribute) and mutation_of(node) else None

    for asked, origin in possible(file, ask):
        change = mutation_of(asked)
        models = [m for m in classes_of(origin) if isinstance(m, SourceClass)]
        if change is None or len(models) < len(origin.objects):
            continue
        found = [_shared(file, model, change) for model in models]
        changed = file.placed(asked)
        attribute = found[0] if found else None
        if (
            attribute is not None
            and isinstance(changed, ast.Attribute)
            and _is_changed_by(file.ast_around(changed)[0], change.how)
            and all(each == attribute for each in found)
        ):
            yield changed, change, attribute


def _is_changed_by(around: ast.AST, how: Change) -> bool:
    """`x.y` and `x.y.y` start at the same place: is it that one which is changed?"""
    return isinstance(around, ast.Subscript) or getattr(around, "attr", "") == how


def _changed(
    file: FileContext, node: ast.Attribute, mutation: Mutation, attribute: Attribute
) -> str:
    """What is changed in place, "" where that isn't known."""
    kind, name = _kind(attribute), written_name(attribute.owner, attribute.name)
    shown = f"`{attribute.owner.name}.{name}`"
    if not mutation.of_item:
        return f"the {kind} {shown}" if mutation.how in _CHANGES.get(kind, ()) else ""
    subscript = file.ast_around(node)[0]
    value = value_in_body(file, attribute)
    if not isinstance(subscript, ast.Subscript) or value is None:
        return ""
    item = kind_of_item(value, subscript.slice)
    if mutation.how not in _CHANGES.get(item, ()):
        return ""
    return f"a {item} in the {kind} {shown}"


def _exceptions(attribute: Attribute) -> str:
    """The subclasses whose instances have another object."""
    owner = attribute.owner
    own = [m.name for m in owner.project.subclasses(owner) if attribute.name in m.bound_names]
    if not own:
        return ""
    shown = [f"`{name}`" for name in sorted(own)[:2]] + ["others"] * (len(own) > 2)
    return f", but those of {' and '.join(shown)}"


def kind_of_item(value: ast.expr, index: ast.expr) -> str:
    """The type of an item of what a class body makes, where that is a list, dict or set."""
    items: list[ast.expr] = []
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            items = elements
        case ast.BinOp(left=ast.List(elts=elements), op=ast.Mult()):
            items = elements
        case ast.Dict(keys=keys, values=items):
            wanted = index.value if isinstance(index, ast.Constant) else None
            for key, item in zip(keys, items, strict=True):
                if isinstance(key, ast.Constant) and key.value == wanted is not None:
                    return _kind_of_value(item)
        case ast.ListComp(elt=item) | ast.DictComp(value=item):
            items = [item]
        case ast.Call(args=[ast.Name(name), *_]) if ast.unparse(value.func).endswith("defaultdict"):
            return name if name in ("list", "dict", "set") else ""
        case ast.Call(args=[ast.Lambda(body=item), *_]) if ast.unparse(value.func).endswith(
            "defaultdict"
        ):
            items = [item]
    kinds = {_kind_of_value(item) for item in items}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind_of_value(value: ast.expr) -> str:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        is_list = isinstance(value.left, ast.List) or isinstance(value.right, ast.List)
        return "list" if is_list else ""
    if isinstance(value, (ast.List, ast.ListComp)):
        return "list"
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return "dict"
    return "set" if isinstance(value, (ast.Set, ast.SetComp)) else ""


def _kind(attribute: Attribute) -> str:
    return attribute.mutable.rpartition(".")[2]


def _shown(file: FileContext, node: ast.Attribute, mutation: Mutation) -> str:
    """The change, short enough to be quoted."""
    how = mutation.how
    parents = iter(file.ast_around(node))
    around = next(parents)
    if mutation.of_item:
        # To the call, or to the item of an item.
        while isinstance(around, ast.Subscript) and isinstance(around.ctx, ast.Load):
            around = next(parents)
    if how not in ITEM_CHANGES:
        around = next(parents)
    assert isinstance(around, ast.expr)
    text = file.ast_quote(around)
    if how is Change.DELETE_ITEM:
        return f"del {text}"
    return f"{text} = …" if how is Change.SET_ITEM else text


def _shared(file: FileContext, model: SourceClass, mutation: Mutation) -> Attribute | None:
    """The mutable class attribute that surely is what methods of `model` find as `self.name`."""
    name = mutation.attribute
    attribute = class_attribute(model, name)
    if attribute is None or not attribute.mutable or MEANT_FOR_ALL.search(name):
        return None
    if CLASS_LEVEL.match(annotation_of(model, attribute)):
        return None
    if not _is_found(model, attribute):
        return None  # it may be that of a subclass
    if may_be_bound_on_instance(
        model, name, file, augmented=True, follows=True
    ) and not finds_class_attribute(file, model, mutation):
        return None
    return None if uses_through_class(model, attribute) else attribute


def _shared_unless(model: SourceClass, mutation: Mutation) -> tuple[Attribute | None, str]:
    """As `_shared`, where a base isn't known; and the condition on that."""
    name = mutation.attribute
    found = (
        None
        if MEANT_FOR_ALL.search(name)
        else conditional_attribute(model, name, AttributeKind.VALUE)
    )
    if found is None or not found.attribute.mutable or uses_through_class(model, found.attribute):
        return None, ""
    return found.attribute, found.unless(f"sets `{name}` itself")


def _is_found(model: SourceClass, attribute: Attribute) -> bool:
    """Is it surely the attribute of some instance, though subclasses may have their own?"""
    project = model.project
    below = project.subclasses(model)
    if not any(attribute.name in each.bound_names for each in below):
        return True
    return any(
        not project.subclasses(each)
        and attribute.owner is getattr(each.lookup(attribute.name), "owner", None)
        for each in below
        if each.mro is not None
    )
