from __future__ import annotations

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
    from all others. Reported only where the metaclass of every base is known, through the
    project's modules and the standard library.

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

    @staticmethod
    def reason(model: SourceClass) -> str:
        own, bases = model.header_metaclass, model.bases
        if bases is None or isinstance(own, str):
            return ""
        found = appropriate_metaclass(own, bases)
        if not isinstance(found, MetaclassConflict):
            return ""
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


def _is_as_written(metaclass: ClassModel) -> bool:
    """Has nothing replaced the metaclass, or one that it is derived from?"""
    return metaclass.mro is not None and all(model.decorators_keep_class for model in metaclass.mro)
