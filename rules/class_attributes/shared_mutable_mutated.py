from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.index.facts import Mutation
from pyconcepts_lint.index.model import Attribute, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._assignments import (
    CLASS_LEVEL,
    annotation_of,
    class_attribute,
    class_fix,
    may_be_bound_on_instance,
    uses_through_class,
    written_name,
)
from pyconcepts_lint.rules.class_attributes._own_in_init import own_for_each

_ITEMS = frozenset({"[]=", "del []"})
_LIST = _ITEMS | {"append", "clear", "extend", "insert", "pop", "remove", "reverse"}
_DICT = _ITEMS | {"clear", "pop", "popitem", "setdefault", "update"}
# What changes an object of these types in place (https://docs.python.org/3/library/stdtypes.html,
# https://docs.python.org/3/library/collections.html).
_CHANGES = {
    "list": _LIST | {"sort"},
    "bytearray": _LIST,
    "deque": _LIST | {"appendleft", "extendleft", "popleft", "rotate"},
    "set": frozenset(
        {
            *("add", "clear", "difference_update", "discard", "intersection_update", "pop"),
            *("remove", "symmetric_difference_update", "update"),
        }
    ),
    "dict": _DICT,
    "defaultdict": _DICT,
    "OrderedDict": _DICT | {"move_to_end"},
    "Counter": _DICT | {"subtract"},
}


# What is called so is there to be shared.
_SHARED = re.compile(r"cache|memo|pool|registr(y|ies)|instances", re.IGNORECASE)


class SharedMutableMutated(Rule):
    """A mutable object that a class body makes is one object, shared by all instances.

    ## What it finds

    `self.items.append(value)`, `self.table[key] = value`, `del self.table[key]`,
    `self.names.update(…)` and every other change in place of a list, dict, set, bytearray,
    `deque`, `defaultdict`, `Counter` or `OrderedDict` that the class body (or that of a base in
    the project) makes, where nothing binds an attribute of that name on the instance: no method
    of the class, its bases or the project's subclasses, no other code of the project, and no code
    that fills the instance's dictionary under names which aren't written down. Where a subclass
    makes an object of its own, the method may be changing that one, and the rule is silent.

    It is silent where the project shows that sharing is meant: the attribute is annotated
    `ClassVar` (or `Final`), used through the class somewhere (`C.items`, `cls.items`,
    `type(self).items`), or called a cache, memo, pool, registry, or `instances`.

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
    facts = ("changed_class_attributes",)

    def claims(self, file: LintedFile) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            for mutation in model.facts.mutations:
                attribute = _shared(model, mutation.attribute)
                if attribute is None or mutation.how not in _CHANGES.get(_kind(attribute), ()):
                    continue
                node = file.innermost_at(mutation.line, mutation.column, ast.Attribute)
                if node is not None:
                    owner, name = attribute.owner, written_name(attribute.owner, attribute.name)
                    yield Claim(
                        file.ast_range(node),
                        f"`{_shown(file, node, mutation)}` changes the {_kind(attribute)} "
                        f"`{owner.name}.{name}`, which all instances of `{owner.name}` share",
                        self._fix(node.value, model, mutation, attribute),
                    )

    def _fix(
        self, receiver: ast.expr, model: SourceClass, mutation: Mutation, attribute: Attribute
    ) -> Fix | None:
        own = own_for_each(self.file, attribute)
        if own is None:
            return None
        title = "Name the class that owns it:"
        shared = class_fix(self.file, receiver, model, attribute, mutation.line, title)
        return own._replace(alternatives=() if shared is None else (shared,))


def _kind(attribute: Attribute) -> str:
    return attribute.mutable.rpartition(".")[2]


def _shown(file: LintedFile, node: ast.Attribute, mutation: Mutation) -> str:
    """The change, short enough to be quoted."""
    how = mutation.how
    is_call = not how.endswith(("[]", "[]="))
    around = file.ast_around(node)[1 if is_call else 0]
    assert isinstance(around, ast.expr)
    text = file.ast_text(around)
    if len(text) > 60 or "\n" in text:
        text = file.ast_text(node) + (f".{how}(…)" if is_call else "[…]")
    if how == "del []":
        return f"del {text}"
    return f"{text} = …" if how == "[]=" else text


def _shared(model: SourceClass, name: str) -> Attribute | None:
    """The mutable class attribute that surely is what methods of `model` find as `self.name`."""
    attribute = class_attribute(model, name)
    if attribute is None or not attribute.mutable or _SHARED.search(name):
        return None
    if CLASS_LEVEL.match(annotation_of(model, attribute)):
        return None
    if any(name in below.bound_names for below in model.project.subclasses(model)):
        return None  # it may be that one's
    if may_be_bound_on_instance(model, name, augmented=True):
        return None
    return None if uses_through_class(model, attribute) else attribute
