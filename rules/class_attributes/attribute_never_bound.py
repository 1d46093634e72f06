from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.instances import makers, may_be_filled, spells
from pyconcepts_lint.analysis.names import is_bound_again
from pyconcepts_lint.analysis.related import method_statement
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.collect import unmangled
from pyconcepts_lint.index.extractor import has_any
from pyconcepts_lint.index.facts import Access, Method, MethodKind
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._facts import nearly_inits, unbound_reads
from pyconcepts_lint.rules.class_attributes._inits import init_of
from pyconcepts_lint.rules.class_attributes._instances import is_closed, lends, may_have
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, child_nodes, own_nodes, walk


class AttributeNeverBound(Rule):
    """A method reads an attribute of its instance that no class has and nothing binds.

    ## What it finds

    `self.x` in a method, where the project makes instances of the class, and neither a class on its
    MRO nor a subclass has an `x`, no method of them assigns one to the instance, and no other code
    of the project assigns an attribute of that name to anything that may be an instance. `self.x +=
    1` reads `x` first, so it makes none.

    Often `__init__` has bound a local variable in its place (`items = []` instead of
    `self.items = []`), the name is misspelled, or that of `__init__` is (`_init_`, `__int__`), so that
    Python doesn't call it: the message says so.

    It is silent

    - where a base isn't known, or is written in C and not built in: it may bind anything;
    - where nothing in the project calls the class: a mixin gets its attributes from the class that
      it is mixed into;
    - where the class, a base or a metaclass has `__getattr__`, `__getattribute__`, `__setattr__` or
      `__setstate__`, where a decorator or a metaclass may make another class of it, and where a
      method fills the instance's dictionary under names that aren't written down;
    - where a module that defines or makes such instances uses `__dict__`, `vars()`, `exec` or
      `setattr` with a computed name, or a mock;
    - where the name is a string somewhere in the class: `hasattr(self, "x")`, `getattr`.

    ## Why

    There is no declaration of attributes. An instance has what methods and other code have assigned
    to it, and sees what its classes have. `name = []` in `__init__` binds a local variable of
    `__init__`, which ends with the call; only an assignment to `self.name` goes into the instance's
    dictionary.

    ## Bad

    ```python
    class Basket:
        def __init__(self):
            items = []

        def add(self, item):
            self.items.append(item)


    Basket().add("tea")
    ```

    ```output
    AttributeError: 'Basket' object has no attribute 'items'
    ```

    ## Good

    ```python
    class Basket:
        def __init__(self):
            self.items = []

        def add(self, item):
            self.items.append(item)


    basket = Basket()
    basket.add("tea")
    print(basket.items)
    ```

    ```output
    ['tea']
    ```

    ## Fix

    Where `__init__` assigns a local variable of that name and doesn't use it, it becomes an
    assignment to the attribute. Where one attribute of the instance has nearly that name, the read
    gets this one. A method that isn't quite `__init__` gets that name. All are unsafe: what was
    meant is a guess.

    ## When to ignore it

    Where code outside of the project gives instances the attribute.

    ## See also

    - [Instance objects](https://docs.python.org/3/tutorial/classes.html#instance-objects)
    - [Names in methods](https://docs.python.org/3/tutorial/classes.html#random-remarks), on why `self` has to be written
    """

    code = "PCL113"
    name = "attribute-never-bound"
    severity = "error"
    reads_stubs = False
    words = ("self.",)
    facts = ("unbound_reads",)
    raises = ("AttributeError",)
    silences = {
        "other code assigns an attribute of that name": "assigned-elsewhere",
        "a base isn't known: it may bind anything": "unknown-base",
        "nothing in the project calls the class: it may be mixed into one that has it": "never-made",
        "a `__getattr__` answers for what isn't there": "own-getattr",
        "the class spells the name as a string": "string",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None:
            return
        for row in unbound_reads.of(module.facts):
            model = module.classes[row.number]
            for read in _reads(file, model, row.names):
                yield self._claim(file, model, read)

    def _claim(self, file: FileContext, model: SourceClass, read: _Read) -> Claim:
        name = unmangled(read.name, model.name)
        message = (
            f"`{model.name}` has no attribute `{name}`, and nothing binds one on its instances: "
            "AttributeError"
        )
        local = _local_in_init(file, model, name)
        related: tuple[RelatedPlace, ...] = ()
        fix = None
        if read.instead:
            message += (
                f"; `{read.instead}`, which would, is called by nothing: Python calls `__init__`"
            )
            fix = self._named_init(file, model, read.instead)
            related = method_statement(model, read.instead, f"`{read.instead}` is not `__init__`")
        elif local is not None:
            message += f"; `__init__` binds a local variable `{name}`"
            related = (RelatedPlace("this binds a local variable", file.ast_range(local.target)),)
            fix = self._assigning(file, local, name)
        else:
            near = _near(model, read)
            if near:
                message += f"; there is `{near}`"
                fix = self._renamed(file, read.node, near)
        where = file.ast_range(read.node)
        return Claim(where, message, fix, ("AttributeError",), related=related, thing=read.name)

    def _assigning(self, file: FileContext, local: _Local, name: str) -> Fix | None:
        if local.is_used:
            return None
        start, _ = file.ast_span(local.target)
        edit = file.edit(start, start, f"{local.first}.")
        return self.fix("unsafe", f"Assign to `{local.first}.{name}`", [edit])

    def _named_init(self, file: FileContext, model: SourceClass, name: str) -> Fix | None:
        if "__init__" in model.bound_names:
            return None
        method = next(each for each in model.facts.methods if each.name == name)
        line = file.code.line(method.line)
        start = file.code.offset(method.line, 1) + line.index(name)
        edit = file.edit(start, start + len(name), "__init__")
        return self.fix("unsafe", "Name the method `__init__`", [edit])

    def _renamed(self, file: FileContext, node: ast.Attribute, near: str) -> Fix | None:
        end = file.ast_span(node)[1]
        if file.text[end - len(node.attr) : end] != node.attr:
            return None
        edit = file.edit(end - len(node.attr), end, near)
        return self.fix("unsafe", f"Read `{near}`", [edit])


# What is read


class _Read(NamedTuple):
    """The first read of an attribute that isn't there; `name` is mangled. `instead` is a method
    that binds it and that nothing calls, because it isn't quite `__init__`."""

    name: str
    node: ast.Attribute
    instead: str = ""


def _reads(file: FileContext, model: SourceClass, names: tuple[str, ...]) -> Iterator[_Read]:
    """Those of the names that methods of the class read and no instance has, each once."""
    if model.mro is None:
        return
    left = set(names)
    for base in model.mro[1:]:
        left -= _bound_by(base)
        if not left:
            return
    if not is_closed(model):
        return
    found = {read.name: read for read in _in_methods(file, model, left)}
    text = file.project.text(model.module)
    never_run = nearly_inits(model.facts, text or "")
    found = {name: read for name, read in found.items() if not may_have(model, name, never_run)}
    if not found or text is None:
        return
    own = {each.module for each in model.mro if isinstance(each, SourceClass)}
    made_in = makers(file, model)
    if not made_in or any(map(may_be_filled, own.union(made_in))):
        return
    instead = {
        each.attribute: each.method for each in model.facts.accesses if each.method in never_run
    }
    for name, read in found.items():
        path = path_in(file, file.ast_range(read.node))
        if not (
            any(spells(module, name) for module in own) or only_if_it_has(path, (read.node.attr,))
        ):
            yield read._replace(instead=instead.get(name, ""))


def _bound_by(model: ClassModel) -> set[str]:
    """The names that a class's body binds, or its methods assign to attributes."""
    found = set(model.bound_names)
    if isinstance(model, SourceClass):
        found.update(each.attribute for each in model.facts.accesses if each.kind is Access.SET)
    return found


def _in_methods(file: FileContext, model: SourceClass, names: set[str]) -> list[_Read]:
    """The reads in methods that surely get an instance, last first."""
    node = file.class_nodes.get((model.facts.line, model.name))
    if node is None:
        return []
    methods = {method.line: method for method in model.facts.methods}
    written = {unmangled(name, model.name) for name in names}
    found: list[_Read] = []
    for part in node.body:
        method = methods.get(part.lineno) if isinstance(part, FUNCTIONS) else None
        if method is None or not isinstance(part, FUNCTIONS) or lends(model, part.name):
            continue
        text = file.text_of_lines(method.line, method.end_line)
        if text.isascii() and not has_any(text, written):
            continue  # the tree of few methods is looked at
        if _gets_instance(method):
            found += [
                _Read(mangled(each.attr, model.name), each)
                for each in _read_from(part, method.first_parameter)
                if mangled(each.attr, model.name) in names
            ]
    return sorted(found, key=lambda read: (-read.node.lineno, -read.node.col_offset))


def _gets_instance(method: Method) -> bool:
    return method.kind is MethodKind.INSTANCE and method.first_parameter == "self"


def _read_from(
    method: ast.FunctionDef | ast.AsyncFunctionDef, first: str
) -> Iterator[ast.Attribute]:
    """Where a method reads attributes of its first parameter, which nothing else binds."""
    if is_bound_again(method, first):
        return
    nodes = walk(*child_nodes(method))
    for node in nodes:
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == first
            and not isinstance(node.ctx, ast.Store)
        ):
            yield node
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            value = node.target.value
            if isinstance(value, ast.Name) and value.id == first:
                yield node.target


# What was meant


class _Local(NamedTuple):
    """A local variable that `__init__` assigns in a statement of its own; `first` is its `self`."""

    target: ast.Name
    first: str
    is_used: bool


def _local_in_init(file: FileContext, model: SourceClass, name: str) -> _Local | None:
    init = init_of(file, model) if "__init__" in model.bound_names else None
    if init is None or not (init.args.posonlyargs or init.args.args):
        return None
    first = (*init.args.posonlyargs, *init.args.args)[0].arg
    for statement in init.body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id == name:
                own = {id(node) for node in walk(statement)}
                is_used = any(
                    isinstance(node, ast.Name) and node.id == name and id(node) not in own
                    for node in own_nodes(*init.body)
                )
                return _Local(target, first, is_used)
    return None


def _near(model: SourceClass, read: _Read) -> str:
    """The one attribute of instances that has nearly the name."""
    known: set[str] = set().union(*map(_bound_by, model.mro or ()))
    names = {name for name in known if not name.startswith("_") or read.node.attr.startswith("_")}
    near = get_close_matches(read.node.attr, sorted(names), 2, 0.8)
    return near[0] if len(near) == 1 else ""
