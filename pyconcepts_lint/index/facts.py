"""What one file says about itself, as plain tuples.

Facts come from the file's text alone: two files with the same bytes have the same facts,
wherever they lie. What a name means in the project is asked of `Project`. Everything here is
strings, enums of strings, numbers and tuples of these, so that facts can be stored as JSON and sent
between processes. Lines and columns are 1-based; columns count characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from ..base.typed import NamedTuple
from . import references

# Flags of bindings and imports.
CONDITIONAL = 1  # under an if, a loop, a try, a with or a match: it may not run
TYPE_CHECKING = 2  # under `if TYPE_CHECKING`: it doesn't run
IN_FUNCTION = 4  # runs when the function is called
IN_TRY = 8  # in the body of a try that has handlers
IN_CLASS = 16  # directly in a class body
IN_HANDLER = 32  # in an except clause
NEVER_RETURNS = 64  # a function of which no call returns, as its annotation or its lines say
# In a block around which these errors may be caught, or suppressed.
CATCHES = {
    "ImportError": 128,
    "ModuleNotFoundError": 256,
    "NameError": 512,
    "AttributeError": 1024,
    "SyntaxError": 2048,
}


class BindingKind(StrEnum):
    """What binds a name."""

    CLASS = "class"
    FUNCTION = "function"
    IMPORT = "import"
    FROM = "from"
    ASSIGN = "assign"
    ANNOTATION = "annotation"  # without a value
    AUGMENT = "augment"
    FOR = "for"
    WITH = "with"
    EXCEPT = "except"
    MATCH = "match"
    WALRUS = "walrus"
    DELETE = "delete"
    TYPE = "type"
    GLOBAL = "global"  # whatever a function or class rebinds by a `global` statement


IMPORT_KINDS = frozenset({BindingKind.IMPORT, BindingKind.FROM})


class ValueKind(StrEnum):
    """What a value is, as far as its own expression tells."""

    NONE = "none"
    BOOL = "bool"
    NUMBER = "number"
    STR = "str"
    BYTES = "bytes"
    ELLIPSIS = "ellipsis"
    TUPLE = "tuple"
    LIST = "list"
    DICT = "dict"
    SET = "set"
    GENERATOR = "generator"
    LAMBDA = "lambda"
    PLAIN = "plain"  # an operation on such values
    NAME = "name"  # what a dotted name means
    CALL = "call"  # what something with a dotted name returns
    UNKNOWN = "unknown"


IMMUTABLE_VALUES = frozenset(
    {
        *(ValueKind.NONE, ValueKind.BOOL, ValueKind.NUMBER, ValueKind.STR, ValueKind.BYTES),
        *(ValueKind.ELLIPSIS, ValueKind.TUPLE),
    }
)
MUTABLE_VALUES = frozenset({ValueKind.LIST, ValueKind.DICT, ValueKind.SET})


class Binding(NamedTuple):
    """One binding of a name in a module's or a class's namespace.

    `value` is what the name is bound to, None where the kind tells that; `decorators` are those of
    a function: dotted names, `()` behind one that is called, `?` for one that has no dotted name.

    `target` says more:

    * of a NAME the dotted name, of a CALL that of what is called;
    * of a LAMBDA and a FUNCTION what `signatures.written_parameters` writes of its parameters;
    * of a CLASS the number of the class in `ModuleFacts.classes`;
    * of an IMPORT the module which the name is bound to;
    * of a FROM the reference that `references.to_imported` writes.
    """

    name: str
    kind: BindingKind
    line: int
    column: int
    value: ValueKind | None = None
    target: str = ""
    annotation: str = ""
    flags: int = 0
    decorators: tuple[str, ...] = ()

    @property
    def class_number(self) -> int:
        """Of a CLASS, its number in `ModuleFacts.classes`."""
        return int(self.target)

    @property
    def imported(self) -> references.Imported:
        """Of an IMPORT or a FROM, what the name is bound to."""
        return references.imported(self.target)


class Import(NamedTuple):
    """One import statement, wherever it stands.

    `names` are pairs of the imported name and the name after `as` (or ""). `is_from`: it is a
    `from` statement; `level` is the number of its leading dots.
    """

    is_from: bool
    level: int
    module: str
    names: tuple[tuple[str, str], ...]
    line: int
    column: int
    end_line: int
    end_column: int
    flags: int


class Access(StrEnum):
    """What code does to an attribute."""

    READ = "read"
    SET = "set"
    AUGMENT = "augment"  # `self.x += v`
    REBUILD = "rebuild"  # `self.x = self.x + v`
    DELETE = "delete"
    CALL = "call"  # noted as a `ClassCall`
    MUTATE = "mutate"  # noted as a `Mutation`
    MUTATE_ITEM = "mutate item"  # so, too


class Receiver(StrEnum):
    """Whose attribute it is: the instance's, or the class's (`cls`, `type(self)`)."""

    INSTANCE = "instance"
    CLASS = "class"


class AttributeAccess(NamedTuple):
    """Something that a method does to an attribute of its instance or class.

    `attribute` is the name in the instance's dictionary (a private name is mangled). The place is
    that of the target expression, or of the call for `setattr(self, "x", v)`; `first_line` and
    `last_line` are those of the innermost statement around it. Reads are recorded of the class
    only.
    """

    attribute: str
    kind: Access
    receiver: Receiver
    method: str
    line: int
    column: int
    by_setattr: bool
    first_line: int
    last_line: int


class Change(StrEnum):
    """What changes an object of Python's own mutable types in place
    (https://docs.python.org/3/library/stdtypes.html#mutable-sequence-types, and the types there and
    in `collections`): the call of a method, or a statement."""

    ADD = "add"
    APPEND = "append"
    APPENDLEFT = "appendleft"
    CLEAR = "clear"
    DIFFERENCE_UPDATE = "difference_update"
    DISCARD = "discard"
    EXTEND = "extend"
    EXTENDLEFT = "extendleft"
    INSERT = "insert"
    INTERSECTION_UPDATE = "intersection_update"
    MOVE_TO_END = "move_to_end"
    POP = "pop"
    POPITEM = "popitem"
    POPLEFT = "popleft"
    REMOVE = "remove"
    REVERSE = "reverse"
    ROTATE = "rotate"
    SETDEFAULT = "setdefault"
    SORT = "sort"
    SUBTRACT = "subtract"
    SYMMETRIC_DIFFERENCE_UPDATE = "symmetric_difference_update"
    UPDATE = "update"
    SET_ITEM = "[]="  # or a slice; augmented assignments, too
    DELETE_ITEM = "del []"


ITEM_CHANGES = frozenset({Change.SET_ITEM, Change.DELETE_ITEM})
MUTATORS = {change.value: change for change in Change if change not in ITEM_CHANGES}


class Mutation(NamedTuple):
    """What a method does to the value of an attribute of its instance, in place.

    `of_item`: it is done to an item of the value (`self.x[k].append(v)`). The place is that of
    `self.x`; all else is as in `AttributeAccess`.
    """

    attribute: str
    how: Change
    of_item: bool
    method: str
    line: int
    column: int


class MethodKind(StrEnum):
    """What the first parameter of a function in a class body receives."""

    INSTANCE = "instance"
    CLASS = "class"
    STATIC = "static"  # neither of them
    UNKNOWN = "unknown"  # a decorator isn't known to pass the instance on


class Method(NamedTuple):
    """A function in a class body; `line` is that of `def`."""

    name: str
    line: int
    kind: MethodKind
    first_parameter: str
    end_line: int


class Accessors(NamedTuple):
    """What a class body gives to `property(…)`, or to `x.setter(…)` and its like, by a call.

    The place is that of the name which is bound to the result. `given` are `getter`, `setter` and
    `deleter`, each with the dotted name of the function ("" where it has none); None where that
    can't be seen.
    """

    line: int
    column: int
    given: tuple[tuple[str, str], ...] | None


class ClassFacts(NamedTuple):
    """One class statement.

    `bases` are dotted names as the module sees them, references to classes of the same module (see
    `references`) where a name wouldn't reach them, or "" for what only running the program tells.
    `metaclass` is None without `metaclass=`. `keywords` are the other keywords of the header,
    "" for `**kwargs`. `slots` is None without `__slots__`; `slots_known` is False where it is
    computed. `line` is the line of `class`, `first_line` that of the first decorator.
    `dynamic_instances`: methods fill the instance's dictionary under names that aren't written
    down; `dynamic_class`: they give the class attributes so; `dynamic_body`: the class body itself
    fills the class's dictionary so.
    `slot_sources` are dotted names of the classes whose `__slots__` are part of this one's.
    `decorator_keywords` has, for each decorator, what it is called with: `slots=True`,
    `frozen=…` (no literal), `**`, separated by spaces. `dict_uses` are the places of
    `self.__dict__` and `vars(self)` in methods.
    `accessors` are of the properties that a call makes. `always_raising` are the lines of getters,
    `__set__` and `__delete__` that do nothing but raise an exception, and its name ("" where it
    has none). `new_passes_on`: whether its `__new__`, None without one, gives back only what
    another `__new__` makes for the same class (see `new_result.passes_on`). `subscripted` are the
    places, in `bases`, of those with a subscript, `called` those of calls, each with the name of what
    is called, or the reference to one of `ModuleFacts.made`.
    """

    name: str
    qualname: str
    line: int
    column: int
    first_line: int
    end_line: int
    parent: int
    in_function: bool
    bases: tuple[str, ...]
    metaclass: str | None
    keywords: tuple[str, ...]
    decorators: tuple[str, ...]
    body: tuple[Binding, ...]
    methods: tuple[Method, ...]
    accesses: tuple[AttributeAccess, ...]
    slots: tuple[str, ...] | None
    slots_known: bool
    dynamic_instances: bool
    dynamic_body: bool
    flags: int
    accessors: tuple[Accessors, ...] = ()
    always_raising: tuple[tuple[int, str], ...] = ()
    slot_sources: tuple[str, ...] = ()
    decorator_keywords: tuple[str, ...] = ()
    dict_uses: tuple[tuple[int, int], ...] = ()
    new_passes_on: bool | None = None
    mutations: tuple[Mutation, ...] = ()
    dynamic_class: bool = False
    subscripted: tuple[int, ...] = ()
    called: tuple[tuple[int, str], ...] = ()


class ClassCall(NamedTuple):
    """A call of an attribute of what seems to be a class: its name isn't in lower case, or it is
    the `cls` of a class method (`is_own_class`).

    `receiver` is what `ModuleFacts.attribute_uses` would have; `passed` is what
    `signatures.written_arguments` writes. Calls with `*` or `**`, and those that pass `self`
    first, are left out. The place is that of `receiver.attribute`; the lines are those of the
    innermost statement around it.
    """

    receiver: str
    attribute: str
    passed: str
    is_own_class: bool
    line: int
    column: int
    first_line: int
    last_line: int


class Made(NamedTuple):
    """A call that makes a class, as its literals say it.

    `maker` is the dotted name of what is called. `bases` are dotted names, of `type` and
    `with_metaclass`; that has `metaclass`, too. `names` are the fields, members or keys, each with
    what it is for `type`, None for the others; `options` are keywords that say True or False, and
    `defaults=` with their number. The place is that of the name that is bound to the class, or of
    the call where that is a base.
    """

    line: int
    column: int
    maker: str
    name: str
    bases: tuple[str, ...]
    metaclass: str
    names: tuple[tuple[str, ValueKind | None], ...]
    options: tuple[tuple[str, int], ...]


class BlockKind(StrEnum):
    """What decides whether a `Block` runs."""

    OTHER = "other"
    TRY = "try"  # imports and what can't fail
    HANDLER = "handler"  # an except clause of it that catches ImportError
    ELSE = "else"  # of such a try


class Block(NamedTuple):
    """A block of a module (in no class or function), that doesn't run by all means.

    `statement` is the line of the compound statement, `first_line` and `last_line` are those of the
    block. `possible` and `sure` are the interpreters, as bits of `conditions.INTERPRETERS`, in which
    it may run, and in which it does.
    """

    kind: BlockKind
    statement: int
    first_line: int
    last_line: int
    possible: int
    sure: int


class LoaderKind(StrEnum):
    """What a `Loader` does."""

    PATH = "path"  # it loads the file at `place`, under the name `name`
    NAME = "name"  # it imports what `name` says
    SEARCH = "search"  # it puts the folder `place` on `sys.path`


class Loader(NamedTuple):
    """Something that loads modules otherwise than by an import statement.

    In `place` and `name`, `*` is for what isn't known, any number of characters. `place` has forward slashes;
    it starts with `<>` for the folder of the file itself, with `<module>` for that of a module
    that the file imports, as the import names it. `name` starts with dots as in an import
    statement, or with `@` for the file's own `__name__`, or `%` for its `__package__`.
    """

    kind: LoaderKind
    place: str
    name: str


class ModuleFacts(NamedTuple):
    """One file.

    `attribute_uses` are (dotted receiver, attribute, context) of receivers that start with a
    name of the module's namespace; the context is READ, SET or DELETE. `attribute_makers` are
    (receiver, attribute, `f`) of those that are set to what `f(…)` returns: it may be a descriptor.
    A receiver that a function imports or makes is a local reference (see `references`). A read in
    an `__init__`, or in the statement that assigns the same attribute, is left out: there a default
    is taken. Any read of `__metaclass__` is there with the receiver "". `setattr` with a computed
    name has the attribute "".

    `external_attribute_writes` are the attributes assigned on anything else that isn't a method's own
    instance or class. Private names are mangled in both.

    `dynamic_bases` are names of what classes are made from otherwise than by a base that a class
    statement names: `type("D", (C,), {})`, `class D(mixed(C))`; "" where that isn't written down.

    `escaping_arguments` are the names that module-level statements pass to a function (if it is a class, that
    may give it attributes), with the dotted name of the function, "" where it has none. `dynamic_setters`
    are functions that set attributes, under names which aren't written down, of an object that
    they are passed.

    `supers` are the places of `super(…)`, without those of a plain `super()` that stands directly
    in a method which is known to get its instance or class.

    `own_names` are the names of Python 2's attributes that the file has for things of its own: see
    `old_names.own_names`.

    `is_python3` is False for the translation of Python 2 source. `loads` are the strings of a
    module which loads or runs files by their paths that may name such files: those that end in
    `.py`, and identifiers. `loaders` are what loads modules by computed names or paths, as far as
    that is to be seen. `classes` stand in the order of their class statements.

    `made` are the classes that calls make, of what is written down. `class_makers` are functions of
    the module that return a class, and the class: see `ClassFacts.bases`.

    `blocks` are of modules with several bindings of one name only.

    `tables` has what extractors note for rules, by the extractor's name: see `extractor`.
    """

    bindings: tuple[Binding, ...]
    imports: tuple[Import, ...]
    classes: tuple[ClassFacts, ...]
    attribute_uses: tuple[tuple[str, str, Access], ...]
    attribute_makers: tuple[tuple[str, str, str], ...]
    external_attribute_writes: tuple[str, ...]
    dunder_all: tuple[str, ...] | None
    dunder_all_known: bool
    future: tuple[str, ...]
    has_main_guard: bool
    has_shebang: bool
    dynamic_namespace: bool
    statements: tuple[tuple[int, int], ...]
    is_python3: bool
    loads: tuple[str, ...] = ()
    dynamic_bases: tuple[str, ...] = ()
    escaping_arguments: tuple[tuple[str, str], ...] = ()
    class_calls: tuple[ClassCall, ...] = ()
    supers: tuple[tuple[int, int], ...] = ()
    dynamic_setters: tuple[str, ...] = ()
    own_names: tuple[tuple[str, str], ...] = ()
    loaders: tuple[Loader, ...] = ()
    blocks: tuple[Block, ...] = ()
    made: tuple[Made, ...] = ()
    class_makers: tuple[tuple[str, str], ...] = ()
    tables: Mapping[str, tuple[tuple[object, ...], ...]] = {}


IS_PYTHON3 = ModuleFacts._fields.index("is_python3")
"""Where in the JSON of facts it stands whether the file is Python 3."""


def statements_at(
    statements: Sequence[tuple[int, int]], lines: Iterable[int]
) -> Iterator[tuple[int, int]]:
    """Those of a module's top-level statements that hold some of the lines (sorted), each once."""
    last = -1
    for line in lines:
        number = bisect_right(statements, (line, line + 1 << 30)) - 1
        if number > last and number >= 0 and statements[number][1] >= line:
            last = number
            yield statements[number]
