from __future__ import annotations

from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.model import (
    ClassModel,
    MetaclassConflict,
    SourceClass,
    appropriate_metaclass,
)
from pyconcepts_lint.rules.metaclasses._class_statements import FailingClassRule, named_bases


class MetaclassConflictRule(FailingClassRule):
    """A class has one metaclass, so those of its bases have to be in line.

    ## What it finds

    Class statements whose bases (and `metaclass=`) have metaclasses of which none is derived
    from all others. Reported where the metaclass of every base is known, through the
    project's modules, the standard library and installed packages; and of two bases where that of
    one is the project's own and that of the other is named by a stub, or where one is a class of Qt
    (`QWidget` beside `ABC`).

    ## Why

    The metaclass of a class is the most derived one among `metaclass=` in its header and the
    metaclasses of its bases, so that what a base's metaclass does holds for the classes below it,
    too. Where none of them is derived from all the others there is no most derived one, and the
    class statement raises TypeError.

    ## Bad

    ```python
    class Named(type):
        pass


    class Registered(type):
        pass


    class Labelled(metaclass=Named):
        pass


    class Audited(metaclass=Registered):
        pass


    class AuditedLabel(Labelled, Audited):
        pass
    ```

    ```output
    TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases
    ```

    ## Good

    ```python
    class Named(type):
        pass


    class Registered(type):
        pass


    class NamedAndRegistered(Named, Registered):
        pass


    class Labelled(metaclass=Named):
        pass


    class Audited(metaclass=Registered):
        pass


    class AuditedLabel(Labelled, Audited, metaclass=NamedAndRegistered):
        pass


    print(type(AuditedLabel).__name__)
    ```

    ```output
    NamedAndRegistered
    ```

    ## Fix

    There is none. A metaclass derived from both is the usual answer; whether the two get along,
    their `__new__` and `__call__` above all, has to be looked at.

    ## When to ignore it

    Where the bases are changed before the class statement runs, in a way that can't be seen.

    ## See also

    - [Determining the appropriate metaclass](https://docs.python.org/3/reference/datamodel.html#determining-the-appropriate-metaclass)
    """

    code = "PCL304"
    name = "metaclass-conflict"
    severity = "error"
    reads_stubs = False
    facts = ("derived_classes",)
    silences = {
        "one metaclass derives from the other": "common",
    }

    @staticmethod
    def reason(model: SourceClass) -> str:
        own, bases = model.header_metaclass, model.bases
        if bases is None or isinstance(own, str):
            return ""
        found = appropriate_metaclass(own, bases)
        if not isinstance(found, MetaclassConflict):
            return _beside_binding(model) if found is None else ""
        if not (_is_as_written(found.metaclass) and _is_as_written(found.other)):
            return ""
        names = dict(named_bases(model))
        one, other = found.metaclass.name, found.other.name
        if one == other:
            one, other = found.metaclass.full_name, found.other.full_name
        other_of = names[found.other_of]
        if found.of is None:
            return (
                f"neither `metaclass={one}` nor `{other}`, the metaclass of `{other_of}`, is "
                "derived from the other"
            )
        return (
            f"neither `{one}`, the metaclass of `{names[found.of]}`, nor `{other}`, that of "
            f"`{other_of}`, is derived from the other"
        )


def _beside_binding(model: SourceClass) -> str:
    """A metaclass that the project or Python has, beside that of a base of which there is only a
    stub."""
    others: list[tuple[ClassModel, str]] = []
    compiled: list[tuple[_Declared, str]] = []
    if isinstance(model.header_metaclass, ClassModel):
        others.append((model.header_metaclass, ""))
    for base, name in named_bases(model):
        if base.mro is None:
            declared = _declared(base)
            if declared is not None:
                compiled.append((declared, name))
        elif base.metaclass is not None:
            others.append((base.metaclass, name))
    for declared, name in compiled:
        for other, other_name in others:
            above = {each.full_name for each in other.mro or ()}
            if not _is_as_written(other) or above & {declared.full_name, declared.model_name}:
                continue
            if other.full_name == "builtins.type":
                continue
            if declared.is_known_to_be_apart or other.is_project_class:
                of = f"`{other.name}`, that of `{other_name}`,"
                of = of if other_name else f"`metaclass={other.name}`"
                called = declared.full_name.rpartition(".")[2]
                return (
                    f"neither `{called}`, the metaclass of `{name}`, nor {of} is derived from the "
                    "other"
                )
    return ""


class _Declared(NamedTuple):
    """The metaclass of a class of which there is only a stub; the real one may be derived from it.

    `is_known_to_be_apart`: it is derived from nothing but `type`.
    """

    full_name: str
    model_name: str
    is_known_to_be_apart: bool


# The metaclasses of all classes of some bindings, which their stubs don't name
# (https://www.riverbankcomputing.com/static/Docs/sip/python_api.html#sip.wrappertype,
# https://doc.qt.io/qtforpython-6/shiboken6/shibokenmodule.html).
_BINDINGS = {
    "PyQt5.sip.simplewrapper": "PyQt5.sip.wrappertype",
    "PyQt6.sip.simplewrapper": "PyQt6.sip.wrappertype",
    "shiboken2.Shiboken.Object": "shiboken2.Shiboken.ObjectType",
    "shiboken6.Shiboken.Object": "shiboken6.Shiboken.ObjectType",
}


def _declared(base: ClassModel) -> _Declared | None:
    """The metaclass of a class that is derived from one of which there is only a stub."""
    for each in base.declared_mro or ():
        if each.full_name in _BINDINGS:
            return _Declared(_BINDINGS[each.full_name], "", True)
        if not isinstance(each, SourceClass):
            continue
        own = each.header_metaclass
        if not each.module.is_stub:
            if own is not None or not each.decorators_keep_class:
                return None
        elif isinstance(own, ClassModel) and own.full_name != "abc.ABCMeta":
            return _Declared(own.full_name, own.full_name, False)
    return None


def _is_as_written(metaclass: ClassModel) -> bool:
    """Has nothing replaced the metaclass, or one that it is derived from?"""
    return metaclass.mro is not None and all(model.decorators_keep_class for model in metaclass.mro)
