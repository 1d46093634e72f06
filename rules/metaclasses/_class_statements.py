"""Class statements that raise TypeError: what PCL304 and PCL305 have in common."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.metaclasses._new import definition_range

from pyconcepts_lint.guards import caught_by, only_for_type_checkers, only_in_python2
from pyconcepts_lint.index.classes import ClassModel, SourceClass
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.names import is_local
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.typed import NamedTuple


class Failure(NamedTuple):
    """That making a class raises TypeError, and why."""

    model: SourceClass
    reason: str


class FailingClassRule(Rule):
    """A rule on class statements that can't make their class."""

    words = ("class",)

    @staticmethod
    def reason(model: SourceClass) -> str:
        """Why making the class surely raises TypeError, "" where it doesn't."""
        raise NotImplementedError

    @classmethod
    def failures(cls, file: LintedFile) -> dict[tuple[int, int], Failure]:
        """By line and column of `class`."""
        found: dict[tuple[int, int], Failure] = {}
        for model in file.module.classes if file.module is not None else ():
            facts = model.facts
            if len(facts.bases) + (facts.metaclass is not None) > 1:
                reason = cls.reason(model)
                if reason:
                    found[facts.line, facts.column] = Failure(model, reason)
        return found

    def lines(self) -> Iterable[int]:
        return [line for line, _ in self.file.share(self.failures)]

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        failures = self.file.share(self.failures)
        failure = failures.get(self.file.place(node)) if failures else None
        if failure is None:
            return
        path = [*self.ancestors, node]
        if not (
            caught_by(path, "TypeError")
            or only_in_python2(path)
            or only_for_type_checkers(path)
            or self._may_mean_others(failure.model)
            or _are_bases_changed(failure.model)
        ):
            name = node.name.value
            fails = f"making `{name}` raises TypeError"
            if self.file.is_python2:
                fails = f"Python 3 raises TypeError where it makes `{name}`"
            self.report(definition_range(self.file, node), f"{fails}: {failure.reason}")

    def _may_mean_others(self, model: SourceClass) -> bool:
        """May a name of the header be a local variable's?"""
        names = (*model.facts.bases, model.facts.metaclass or "")
        return model.facts.in_function and any(
            is_local(self.file, name.partition(".")[0], self.ancestors)
            for name in names
            if not name.startswith("#")
        )


def _are_bases_changed(model: SourceClass) -> bool:
    """Does the project assign to `__bases__` of a class that the class is derived from?"""
    project = model.project
    above = {found for base in model.bases or () for found in base.mro or ()}
    return any(
        context != "read" and receiver and project.resolve(module, receiver) in above
        for module, receiver, context in project.uses_of("__bases__")
    )


def named_bases(model: SourceClass) -> list[tuple[ClassModel, str]]:
    """The bases that count, in the order of the header, with the names that it has for them."""
    return [
        (base, model.module.classes[int(name[1:])].name if name.startswith("#") else name)
        for base, name in zip(model.written_bases, model.facts.bases, strict=True)
        if base is not None and base in (model.bases or ())
    ]
