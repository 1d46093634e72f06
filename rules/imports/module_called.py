from __future__ import annotations

import ast
import types
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import (
    IMPORT_KINDS,
    IN_CLASS,
    IN_FUNCTION,
    TYPE_CHECKING,
    Access,
    Binding,
    BindingKind,
    Import,
)
from pyconcepts_lint.index.layout import Found, FoundKind
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import ClassModel, External, Module, SourceClass, Value
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._guards import imported_names
from pyconcepts_lint.rules.imports._module_objects import (
    imported_object,
    is_plain_object,
    module_at,
)
from pyconcepts_lint.rules.imports._qualified_uses import binds_name, is_taken_from_outside
from pyconcepts_lint.rules.imports._statements import name_as, range_of
from pyconcepts_lint.source.ast_nodes import walk


class ModuleCalled(Rule):
    """A module is called, or asked for what a function of its name doesn't have.

    ## What it finds

    - A call of a name that imports bind to a module (of the project or the standard library). Where
      the module has a function or a class of its own name, that is mostly what was meant.
    - An attribute of `pkg.name`, or of `name` after `import pkg.name as name`, where the package has
      a function or a class of that name in the place of its module (`from .name import name` in its
      `__init__.py`), which has no such attribute.

    Silent where something else binds the name, and where a module may have got another class or
    been replaced.

    ## Why

    `import glob` binds `glob` to the module, and `from shop import price` to the submodule, if the
    package binds nothing else to that name. What the module defines are its attributes. Modules have
    no `__call__`. And `import shop.price` loads the module, but the name leads to what `shop` has as
    its attribute `price` afterwards: what `__init__.py` binds last.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/price.py
    def price(net):
        return net * 119 // 100
    ```

    ```python
    # main.py
    from shop import price

    print(price(100))
    ```

    ```output
    TypeError: 'module' object is not callable
    ```

    ```python
    # shop/__init__.py
    from .price import price
    ```

    ```python
    # shop/price.py
    rate = 119


    def price(net):
        return net * rate // 100
    ```

    ```python
    # main.py
    import shop.price

    print(shop.price.rate)
    ```

    ```output
    AttributeError: 'function' object has no attribute 'rate'
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/price.py
    def price(net):
        return net * 119 // 100
    ```

    ```python
    # main.py
    from shop.price import price

    print(price(100))
    ```

    ```output
    119
    ```

    ## Fix

    Where the module has a function or class of its own name, the import of the module becomes an
    import of that, if all that is done with the name is to call it, and the statement imports nothing
    else; else the call becomes `name.name(…)`. It is unsafe: something else may have been meant.
    There is none for an attribute that the module would have: one of the two needs another name.

    ## When to ignore it

    Where the module is made callable in a way that can't be seen.

    ## See also

    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    - [Submodules](https://docs.python.org/3/reference/import.html#submodules)
    - [Modules](https://docs.python.org/3/reference/datamodel.html#modules)
    """

    code = "PCL218"
    name = "module-called"
    severity = "error"
    reads_stubs = False
    facts = ("names_of_modules",)
    raises = ("TypeError", "AttributeError")
    silences = {
        "the module puts another object in its place": "callable-module",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or module.facts.dynamic_namespace:
            return
        callees, owners = _used_names(file, module)
        has_any = bool(callees or owners)
        for node in walk(file.tree) if has_any and file.tree is not None else ():
            if isinstance(node, ast.Call):
                called = dotted_name(node.func)
                if called in callees and file.stands_there(node.func):
                    yield from self._of_call(module, node, called)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                owner = dotted_name(node.value)
                if owner in owners and file.stands_there(node):
                    yield from self._of_attribute(module, node, owner)

    # Calls

    def _of_call(self, module: Module, node: ast.Call, called: str) -> Iterator[Claim]:
        imports = self._imports_of(module, node.func, called)
        if not imports:
            return
        rest = called.split(".")[1:]
        found = {imported_object(module, *each, rest) for each in imports}
        target = found.pop()
        if found or target is None or not is_plain_object(target):
            return
        message = f"`{called}` is a module, and a module can't be called: TypeError"
        own = self._own_object(target)
        if own:
            message += f"; `{called}.{own}` is the {self._what(target, own)} of that name in it"
        fix = self._fix(module, node, called, own, imports) if own else None
        yield Claim(self.file.ast_range(node.func), message, fix, raises=("TypeError",))

    def _fix(
        self, module: Module, node: ast.Call, called: str, own: str, imports: list[_Imported]
    ) -> Fix:
        file = self.file
        end = file.ast_span(node.func)[1]
        at_call = self.fix("unsafe", f"Call `{called}.{own}`", [file.edit(end, end, f".{own}")])
        statement = imports[0].statement
        written = _import_of(statement, own)
        if (
            len(imports) > 1
            or len(statement.names) > 1
            or not written
            or not self._is_only_called(called)
            or is_taken_from_outside(module, called)
        ):
            return at_call
        edit = Edit(file.path, *range_of(statement), written)
        return self.fix("unsafe", f"Use `{written}`", [edit], [at_call])

    def _is_only_called(self, name: str) -> bool:
        """Is all that the file does with a name to call it?"""
        assert self.file.tree is not None
        called = 0
        uses = 0
        for node in walk(self.file.tree):
            called += isinstance(node, ast.Call) and dotted_name(node.func) == name
            uses += isinstance(node, ast.Name) and node.id == name
        return called == uses

    def _own_object(self, module: Module | External) -> str:
        """The name of a module, if it has a function or class of that name, else ""."""
        dotted = module.name if isinstance(module, External) else module.name.dotted
        leaf = dotted.rpartition(".")[2]
        return leaf if self._what(module, leaf) else ""

    def _what(self, module: Module | External, name: str) -> str:
        symbol = self.file.project.attribute_of(module, name)
        if isinstance(symbol, ClassModel):
            return "class"
        is_function = isinstance(symbol, Value) and symbol.binding.kind is BindingKind.FUNCTION
        return "function" if is_function or isinstance(symbol, External) else ""

    # Attributes

    def _of_attribute(self, module: Module, node: ast.Attribute, owner: str) -> Iterator[Claim]:
        imports = self._imports_of(module, node.value, owner)
        shadows = {_shadow(module, each, owner) for each in imports}
        shadow = shadows.pop() if len(shadows) == 1 else None
        if shadow is None or not shadow.lacks(node.attr):
            return
        where = self.file.ast_range(node)
        if not only_if_it_has(path_in(self.file, where), (node.attr,)):
            message = (
                f"`{owner}` is the {shadow.what} that `{shadow.package.name.dotted}` binds to "
                f"`{shadow.binding.name}` (line {shadow.binding.line} there) in the place of its "
                f"module, and has no attribute `{node.attr}`: AttributeError"
            )
            yield Claim(where, message, raises=("AttributeError",))

    # What a name means

    def _imports_of(self, module: Module, node: ast.expr, dotted: str) -> list[_Imported]:
        """The imports, where nothing but imports binds the first name of a reference."""
        root = dotted.partition(".")[0]
        path = path_in(self.file, self.file.ast_range(node))
        if not path:
            return []
        if is_local(self.file, root, path):
            return _local_imports(self.file, path, root)
        bindings = module.bindings.get(root, ())
        if (
            not bindings
            or any(binding.kind not in IMPORT_KINDS for binding in bindings)
            or self.file.project.member(module, root) is None
            or loading_of(self.file.project).may_be_given(module.path, root)
        ):
            return []
        return [each for each in _imports(module.facts.imports, root) if each.is_of_module]


class _Imported(NamedTuple):
    """An import statement, and the number of one of its names."""

    statement: Import
    number: int

    @property
    def is_of_module(self) -> bool:
        return not self.statement.flags & (IN_FUNCTION | IN_CLASS | TYPE_CHECKING)


class _Shadow(NamedTuple):
    """A function or class that a package has in the place of its module."""

    package: Module
    binding: Binding
    symbol: SourceClass | Value

    @property
    def what(self) -> str:
        return "class" if isinstance(self.symbol, SourceClass) else "function"

    def lacks(self, name: str) -> bool:
        """Has it surely no attribute of a name?"""
        project = self.package.project
        if any(context is not Access.READ for _, _, context in project.row(tables.uses, name)):
            return False
        if isinstance(self.symbol, Value):
            return not hasattr(types.FunctionType, name) and name not in _OF_FUNCTIONS
        model = self.symbol
        return (
            model.is_as_written
            and model.plain
            and not model.facts.dynamic_class
            and model.lookup(name) is None
            and not hasattr(type, name)
            and not project.row(tables.class_accesses, name)
        )


_OF_FUNCTIONS = frozenset({"__dict__", "__type_params__", "__annotate__"})


def _used_names(file: FileContext, module: Module) -> tuple[set[str], set[str]]:
    """The dotted names in question, asked before the file is parsed: modules that are called, and
    modules that a package hides and whose attributes are asked for."""
    text = file.text
    callees: set[str] = set()
    owners: set[str] = set()
    for statement in module.facts.imports:
        for number, (name, alias) in enumerate(statement.names):
            if name == "*":
                continue
            parts = [alias] if alias else name.split(".")
            for count in range(1, len(parts) + 1):
                dotted = ".".join(parts[:count])
                if dotted not in callees and (
                    _is_followed(text, dotted, "(")
                    and imported_object(module, statement, number, parts[1:count]) is not None
                ):
                    callees.add(dotted)
            owner = alias or name
            if (
                "." in name
                and _shadow(module, _Imported(statement, number), owner) is not None
                and _is_followed(text, owner, ".")
            ):
                owners.add(owner)
    return callees, owners


def _is_followed(text: str, dotted: str, sign: str) -> bool:
    """Does the text have a dotted name by itself, with a sign behind it?"""
    start = text.find(dotted)
    while start >= 0:
        end = start + len(dotted)
        before = text[start - 1 : start]
        if not (before.isalnum() or before in ("_", ".")) and (
            text[end : end + 200].lstrip()[:1] == sign
        ):
            return True
        start = text.find(dotted, end)
    return False


def _imports(imports: Sequence[Import], name: str) -> list[_Imported]:
    return [
        _Imported(statement, number)
        for statement in imports
        for number, (imported, alias) in enumerate(statement.names)
        if (alias or imported.partition(".")[0]) == name
    ]


def _local_imports(file: FileContext, path: Sequence[ast.AST], name: str) -> list[_Imported]:
    """The imports in the outermost function around a place, where nothing else in it binds the
    name."""
    assert file.module is not None
    function = next(
        (n for n in path if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))), None
    )
    if function is None or any(isinstance(node, ast.ClassDef) for node in path):
        function = None
    places: set[tuple[int, int]] = set()
    for node in () if function is None else walk(function):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if name in imported_names(node):
                places.add(file.ast_place(node.lineno, node.col_offset))
        elif node is not function and binds_name(node, name):
            return []
    found = _imports(file.module.facts.imports, name)
    return [each for each in found if (each.statement.line, each.statement.column) in places]


def _import_of(statement: Import, own: str) -> str:
    """The statement that imports what a module has under its own name, to be called by the name that
    the module has now; "" where there is none."""
    name, alias = statement.names[0]
    if not statement.is_from:
        if "." in name and not alias:
            return ""
        return f"from {name} import {name_as(own, alias)}"
    dots = "." * statement.level + statement.module
    source = dots + name if dots.endswith(".") else f"{dots}.{name}"
    return f"from {source} import {name_as(own, alias or name)}"


def _shadow(module: Module, imported: _Imported, owner: str) -> _Shadow | None:
    """What `a.b` is, where `import a.b` loads a module that the package hides."""
    statement, number = imported
    name, alias = statement.names[number]
    parts = name.split(".")
    if statement.is_from or len(parts) < 2 or owner != (alias or name):
        return None
    package = imported_object(module, statement._replace(names=((parts[0], ""),)), 0, parts[1:-1])
    if not isinstance(package, Module) or not package.in_project or not package.name.is_package:
        return None
    loading, leaf = loading_of(module.project), parts[-1]
    bindings = package.bindings.get(leaf, ())
    binding = bindings[0] if len(bindings) == 1 else None
    if binding is None or binding.kind is not BindingKind.FROM or binding.flags:
        return None
    if loading.may_be_given(package.path, leaf):
        return None
    source = module_at(package, binding.imported.module)
    below = loading.below(Found(FoundKind.PACKAGE, package.path), leaf)
    symbol = module.project.member(package, leaf)
    is_function = (
        isinstance(symbol, Value)
        and symbol.binding.kind is BindingKind.FUNCTION
        and not symbol.binding.decorators
        and len(symbol.module.bindings[symbol.binding.name]) == 1
    )
    if not isinstance(source, Module) or below is None or source.path != below.path:
        return None
    if is_function or isinstance(symbol, SourceClass):
        return _Shadow(package, binding, symbol)  # type: ignore[arg-type]
    return None
