"""Class statements that raise TypeError: what PCL304, PCL305 and PCL308 have in common."""

from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.analysis.related import class_statement
from pyconcepts_lint.index.attributes import writes
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.index.references import class_number
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule


class FailingClassRule(Rule):
    """A rule on class statements that can't make their class."""

    words = ("class",)
    raises = ("TypeError",)

    @staticmethod
    def reason(model: SourceClass) -> str:
        """Why making the class surely raises TypeError, "" where it doesn't."""
        raise NotImplementedError

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            facts = model.facts
            several = len(facts.bases) + (facts.metaclass is not None) > 1
            reason = self.reason(model) if several else ""
            if not reason:
                continue
            where = file.definition_range(facts.line, facts.column)
            if not may_mean_others(file, model, where) and not are_bases_changed(model):
                fails = f"making `{model.name}` raises TypeError"
                if file.is_python2:
                    fails = f"Python 3 raises TypeError where it makes `{model.name}`"
                related = [
                    place
                    for base in dict.fromkeys(model.bases or ())
                    for place in class_statement(base, f"`{base.name}` is a base")
                ]
                yield Claim(where, f"{fails}: {reason}", related=tuple(related))


def may_mean_others(file: FileContext, model: SourceClass, where: Range) -> bool:
    """May a name of the header be a local variable's?"""
    from pyconcepts_lint.analysis.context import path_in
    from pyconcepts_lint.analysis.names import is_local

    if not model.facts.in_function:
        return False
    around = path_in(file, where)[:-1]
    return any(
        is_local(file, name.partition(".")[0], around)
        for name in (*model.facts.bases, model.facts.metaclass or "")
        if class_number(name) is None
    )


def are_bases_changed(model: SourceClass) -> bool:
    """Does the project assign to `__bases__` of a class that the class is derived from?"""
    above = {found for base in model.bases or () for found in base.declared_mro or ()}
    return any(w.target is None or w.target in above for w in writes(model, "__bases__"))


def named_bases(model: SourceClass) -> list[tuple[ClassModel, str]]:
    """The bases that count, in the order of the header, with the names that it has for them."""
    return [
        (
            base,
            name if (number := class_number(name)) is None else model.module.classes[number].name,
        )
        for base, name in zip(model.written_bases, model.facts.bases, strict=True)
        if base is not None and base in (model.bases or ())
    ]
