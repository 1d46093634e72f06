from __future__ import annotations

import ast
import re

from pyconcepts_lint.analysis.related import definition, says_why
from pyconcepts_lint.index.binder import dotted_name
from pyconcepts_lint.index.facts import BindingKind, ValueKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rules.class_attributes._assignments import (
    AssignmentRule,
    Hiding,
    what_is_hidden,
    written_name,
)
from pyconcepts_lint.rules.class_attributes._from_parameters import method_around
from pyconcepts_lint.source.ast_nodes import walk


class ClassDefaultShadowed(AssignmentRule):
    """An instance attribute hides the class attribute of the same name.

    ## What it finds

    `self.x = value`, in any form of assignment, where `x` is a class attribute of the class or
    of one of its bases that nothing uses as shared: a class-level default, a method or a nested
    class. An attribute that is used as shared is
    [PCL101](class-attribute-shadowed.md)'s.

    A finding is a note where it is a default, of the class or of a base; it is a warning where a
    method or a nested class is hidden. That is a note, too, where the method is replaced on purpose:
    by a lambda, a function or another object's attribute, by what is made of the method itself, by an
    argument where code calls `.x(…)`; where a comment says why; and in a test.

    By PEP 526 `x: int = 0` in a class body declares an instance variable with a default: that
    is left alone, and so are the fields of dataclasses and their kin, slots, and descriptors.

    ## Why

    Assigning to an attribute of an instance does not change the class: it binds the name in the
    instance's dictionary, and from then on the instance's value is found first. As a default
    that is harmless, but it takes two places to say what the attribute is, and a reader of
    the class body sees one shared value where each instance will have its own.

    ## Bad

    ```python
    class Connection:
        timeout = 30

        def connect(self, timeout):
            self.timeout = timeout


    slow, other = Connection(), Connection()
    slow.connect(300)
    print(vars(slow), vars(other), other.timeout)
    ```

    ```output
    {'timeout': 300} {} 30
    ```

    ## Good

    ```python
    class Connection:
        timeout: int = 30

        def connect(self, timeout):
            self.timeout = timeout


    slow, other = Connection(), Connection()
    slow.connect(300)
    print(vars(slow), vars(other), other.timeout)
    ```

    ```output
    {'timeout': 300} {} 30
    ```

    ## Fix

    Names the class that owns the attribute: `Connection.timeout = timeout`. It is unsafe, and
    right only where one value for all instances is meant; otherwise annotate the default, or
    bind the attribute in `__init__` only. There is none where an `__init__` assigns the attribute:
    each object then starts with its own. Nor is there one where the class can't be named at that
    place, where a subclass has an attribute of its own of that name, and for methods: a function
    of the class would be given the instance.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    In code that uses class-level defaults throughout, ignore the rule as a whole:
    `extend-ignore = ["PCL102"]`. PCL101 and PCL103 go on to find the ones that matter.

    ## See also

    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    - [PEP 526](https://peps.python.org/pep-0526/#class-and-instance-variable-annotations)
    """

    code = "PCL102"
    name = "class-default-shadowed"
    severity = "note"
    reads_stubs = False
    facts = ("changed_class_attributes",)
    silences = {
        "an annotation says that the name is an instance variable with a default": "annotated",
        "the class attribute belongs to a class of the standard library or of an installed package": "library-class",
        "the assignment goes through the class": "through-class",
        "the name is a slot": "slots",
    }

    def claim(self, node: ast.expr, hiding: Hiding) -> Claim:
        name = written_name(hiding.attribute.owner, hiding.attribute.name)
        return Claim(
            self.file.ast_range(node),
            f"`{self.statement(node, hiding)}` binds `{name}` on the instance, where it hides "
            f"{what_is_hidden(hiding.attribute, 'the class-level default')}{hiding.unless}",
            self.class_fix(node, hiding),
            severity=None if self._is_meant(node, hiding) else "warning",
            related=definition(hiding.attribute),
            thing=f"{hiding.attribute.owner.key} {name}",
        )

    def _is_meant(self, node: ast.expr, hiding: Hiding) -> bool:
        """Is it a default that is hidden, or a method that surely is replaced on purpose?"""
        attribute = hiding.attribute
        if attribute.kind is AttributeKind.VALUE or attribute.value is ValueKind.NAME:
            return True
        if hiding.model.module.is_test or says_why(self.file, hiding.access.line):
            return True
        statement = self.around(node)
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        if isinstance(node, ast.Call):  # setattr(self, "name", value)
            value = node.args[-1]
        return value is not None and self._replaces(value, node, hiding)

    def _replaces(self, value: ast.expr, node: ast.expr, hiding: Hiding) -> bool:
        """May a value be called in the place of a method, as code does that knows of it?"""
        name = written_name(hiding.attribute.owner, hiding.attribute.name)
        if isinstance(value, ast.Lambda):
            return True
        if isinstance(value, ast.Attribute):
            found = hiding.model.lookup(value.attr)
            return found is None or found.kind is not AttributeKind.VALUE
        if isinstance(value, ast.Name):
            return (
                self._is_function(value, node)
                or self._is_kept(value, node)
                or (self._is_parameter(value, node) and self._is_called(name, hiding))
            )
        if not isinstance(value, ast.Call):
            return False
        maker = dotted_name(value.func).rpartition(".")[2]
        names = {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(value)}
        return name in names and not maker[:1].isupper()

    def _is_parameter(self, value: ast.Name, node: ast.expr) -> bool:
        around = method_around(self.file, node)
        if around is None:
            return False
        arguments = around[0].args
        own = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        return any(each.arg == value.id for each in own)

    def _is_function(self, value: ast.Name, node: ast.expr) -> bool:
        """Does a name mean a function, of the module or of the method?"""
        module, around = self.file.module, method_around(self.file, node)
        bindings = () if module is None else module.bindings.get(value.id, ())
        return any(binding.kind is BindingKind.FUNCTION for binding in bindings) or any(
            isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part.name == value.id
            for part in (walk(around[0]) if around is not None else ())
        )

    def _is_kept(self, value: ast.Name, node: ast.expr) -> bool:
        """Does a name keep what the method was, to put it back?"""
        around = method_around(self.file, node)
        return around is not None and any(
            isinstance(part, ast.Assign)
            and isinstance(part.value, ast.Attribute)
            and part.value.attr == getattr(node, "attr", "")
            and any(isinstance(to, ast.Name) and to.id == value.id for to in part.targets)
            for part in walk(around[0])
        )

    def _is_called(self, name: str, hiding: Hiding) -> bool:
        """Do the modules of the class and its bases call what is found under the name?"""
        called = re.compile(rf"\.\s*{re.escape(name)}\s*\(")
        modules = {
            base.module.path: base.module
            for base in hiding.model.mro or (hiding.model,)
            if isinstance(base, SourceClass)
        }
        texts = map(hiding.model.project.text, modules.values())
        return any(text is None or called.search(text) for text in texts)
