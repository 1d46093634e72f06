from __future__ import annotations

from itertools import combinations

from pyconcepts_lint.analysis.unknown_bases import above, imported_as
from pyconcepts_lint.index.kinds import merge
from pyconcepts_lint.index.model import ClassModel, SourceClass, appropriate_metaclass
from pyconcepts_lint.rules.metaclasses._class_statements import FailingClassRule, named_bases

# Modules of classes that stubs name as bases of what isn't derived from them at run time.
_PROTOCOLS = ("typing.", "typing_extensions.", "collections.abc.", "_collections_abc.", "abc.")


class InconsistentMro(FailingClassRule):
    """The bases of a class need an order that suits the orders of their own bases.

    ## What it finds

    Class statements for which there is no method resolution order: a base stands before one that
    is derived from it, two bases have others in opposite orders, or a base stands there twice
    (perhaps by two names, such as `IOError` and `OSError`). Reported only where all bases are
    known, through the project's modules, the standard library and installed packages (be it by stubs);
    and where a base that isn't known
    stands before a class of the project that is derived from it, for then it doesn't matter what it
    is. `Generic[T]` gives way to a later generic base only where that has a subscript, too.

    ## Why

    Attributes are looked up along the method resolution order of the class. Python computes it
    once, when the class statement runs, so that every class comes before its own bases, and the
    bases of each class come in the order of its header (the C3 linearization). Where these
    demands contradict each other, there is no such order, and the class statement raises
    TypeError.

    With `class Wrapped(Product)`, the statement `class Gift(Product, Wrapped)` asks for `Product`
    before `Wrapped` and, as that is derived from it, for `Wrapped` before `Product`.

    ## Bad

    ```python
    class StorageError(IOError, OSError):
        pass
    ```

    ```output
    TypeError: duplicate base class OSError
    ```

    ## Good

    ```python
    class StorageError(OSError):
        pass


    class Product:
        pass


    class Wrapped(Product):
        pass


    class Gift(Wrapped, Product):
        pass


    print(*(cls.__name__ for cls in Gift.__mro__))
    ```

    ```output
    Gift Wrapped Product object
    ```

    ## Fix

    There is none. A base that another base is derived from can mostly be left out.

    ## When to ignore it

    Where the bases are changed before the class statement runs, in a way that can't be seen.

    ## See also

    - [The Python 2.3 method resolution order](https://docs.python.org/3/howto/mro.html)
    - [`class.__mro__`](https://docs.python.org/3/library/stdtypes.html#class.__mro__)
    """

    code = "PCL305"
    name = "inconsistent-mro"
    severity = "error"
    reads_stubs = False
    facts = ("derived_classes",)
    silences = {
        "a base isn't known": "unknown-base",
    }

    @staticmethod
    def reason(model: SourceClass) -> str:
        bases, own = model.bases, model.header_metaclass
        if bases is None and None in model.written_bases:
            return _before_what_derives_from_it(model)
        if model.declared_mro is not None or bases is None or isinstance(own, str):
            return ""
        if any(_is_unsure(base) for base in bases) or _has_made_bases(model):
            return ""
        is_whole = all(base.mro is not None for base in bases)
        if is_whole:
            metaclass = appropriate_metaclass(own, bases)
            if not isinstance(metaclass, ClassModel) or not metaclass.passes_bases_on:
                return ""  # a metaclass may give it other bases, or an order of its own
        elif own is not None or not all(map(_agrees_with_any, bases)):
            return ""  # another error may come first
        header = [base for base in bases if is_whole or not _is_protocol(base)]
        if merge([*map(_order, bases), header]) is not None:
            return ""
        return _duplicate(model) or _opposite(model) or "its bases want contrary orders"


def _before_what_derives_from_it(model: SourceClass) -> str:
    """A base that isn't known, before one that is derived from it: whatever class it is."""
    if "" in model.facts.keywords or model.facts.metaclass is not None:
        return ""
    for number, (base, name) in enumerate(
        zip(model.written_bases, model.facts.bases, strict=True), 1
    ):
        source = imported_as(model, name) if base is None else ""
        for later, other in zip(
            model.written_bases[number:], model.facts.bases[number:], strict=True
        ):
            known = above(later) if source and isinstance(later, SourceClass) else None
            if known is not None and source in known.unknown:
                return f"its base `{name}` stands before `{other}`, which is derived from it"
    return ""


def _has_made_bases(model: SourceClass) -> bool:
    """Is a base what a function makes anew with each call? There are as many classes of it."""
    return any(
        not name.replace(".", "").isidentifier()
        and isinstance(base, SourceClass)
        and base.facts.in_function
        for base, name in zip(model.written_bases, model.facts.bases, strict=True)
    )


def _is_unsure(base: ClassModel) -> bool:
    """May a base, or a class in its MRO, be another one than its class statement says?"""
    return base.declared_mro is None or any(map(_may_be_another, base.declared_mro))


def _may_be_another(model: ClassModel) -> bool:
    if model.mro is not None:
        return model.metaclass is None
    if not isinstance(model, SourceClass) or model.module.is_stub:
        return False  # what is compiled, or a library makes, is what it is told to be
    return model.header_metaclass is not None or not model.decorators_keep_class


def _agrees_with_any(base: ClassModel) -> bool:
    """Has a base no metaclass that could be out of line with that of a class of which there is
    only a stub?"""
    metaclass = base.metaclass
    return base.mro is None or (metaclass is not None and metaclass.full_name == "builtins.type")


def _order(base: ClassModel) -> list[ClassModel]:
    """A base's method resolution order; without what stubs may only say for type checkers."""
    order = base.declared_mro or ()
    is_whole = base.mro is not None
    return [model for model in order if is_whole or not _is_protocol(model)]


def _is_protocol(model: ClassModel) -> bool:
    return model.full_name.startswith(_PROTOCOLS)


def _duplicate(model: SourceClass) -> str:
    for (one, name), (other, other_name) in combinations(named_bases(model), 2):
        if one is other and name == other_name:
            return f"its base `{name}` stands there twice"
        if one is other:
            return f"its bases `{name}` and `{other_name}` are the same class"
    return ""


def _opposite(model: SourceClass) -> str:
    """Two classes that come in opposite orders: in the header, or in the MROs of two bases."""
    named = named_bases(model)
    for (one, name), (other, other_name) in combinations(named, 2):
        if one in (other.declared_mro or ()):
            return f"its base `{name}` stands before `{other_name}`, which is derived from it"
    orders = [(f"in the MRO of `{name}`", _order(base)) for base, name in named]
    orders.append(("in its header", [base for base, _ in named]))
    for (where, order), (elsewhere, other_order) in combinations(orders, 2):
        shared = [found for found in order if found in other_order]
        for first, second in combinations(shared, 2):
            if other_order.index(second) < other_order.index(first):
                return (
                    f"`{first.name}` comes before `{second.name}` {where}, and behind it "
                    f"{elsewhere}"
                )
    return ""
