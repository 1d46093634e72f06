from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.descriptors._hooks import bound_in_classes

from pyconcepts_lint.finding import Fix
from pyconcepts_lint.guards import only_for_type_checkers, only_in_python2
from pyconcepts_lint.index.classes import SourceClass
from pyconcepts_lint.index.collect import mangled
from pyconcepts_lint.linted import LintedFile, Range
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.signatures import Arguments, Parameters, read_parameters
from pyconcepts_lint.tree import names_one
from pyconcepts_lint.typed import NamedTuple

# What Python passes behind the descriptor itself
# (https://docs.python.org/3/reference/datamodel.html#implementing-descriptors).
_PASSED = {
    "__get__": ("the instance", "its class"),
    "__set__": ("the instance", "the value"),
    "__delete__": ("the instance",),
    "__set_name__": ("the class", "the attribute's name"),
}
_INTERFACES = ("Interface", "Protocol")
# What may see one more local variable.
_LOOK_AROUND = ("dir", "eval", "exec", "locals", "vars")


class DescriptorSignature(Rule):
    """Python passes `__get__` an instance *and* its class; one that can't take both fails.

    ## What it finds

    A `__get__`, `__set__`, `__delete__` or `__set_name__` in a class body that can't be called
    with the arguments that Python passes. Silent under decorators, in stubs, protocols and
    interfaces, and where the body binds the name more than once.

    ## Why

    Python itself calls these methods, always with the same arguments:

    - `__get__(self, instance, owner)` for a read, on an instance and (with `None` for the
      instance) on the class;
    - `__set__(self, instance, value)` and `__delete__(self, instance)`;
    - `__set_name__(self, owner, name)`, once, when the class is made.

    A signature that doesn't take them is a TypeError at the first access (for `__set_name__` when
    the class is made; up to Python 3.11 wrapped into a RuntimeError). `owner=None` is the usual
    way to write the last parameter of `__get__`: callers who have only an instance can leave it
    out, as they can with the descriptors of Python's own.

    ## Bad

    ```python
    class Constant:
        def __get__(self, instance):
            return 42


    class Settings:
        answer = Constant()


    Settings().answer
    ```

    ```output
    TypeError: Constant.__get__() takes 2 positional arguments but 3 were given
    ```

    ## Good

    ```python
    class Constant:
        def __get__(self, instance, owner=None):
            return 42


    class Settings:
        answer = Constant()


    print(Settings().answer)
    ```

    ```output
    42
    ```

    ## Fix

    Adds `owner=None` to a `__get__(self, instance)`. It is safe: calls with one argument stay
    right. It is withheld where the method uses the name `owner` already, or looks at its local
    variables (`locals`, `vars`, `dir`, `eval`, `exec`). For other signatures there is none.

    ## When to ignore it

    Where only the program's own code calls the method, and no object of the class is ever an
    attribute of another class.

    ## See also

    - [Implementing descriptors](https://docs.python.org/3/reference/datamodel.html#implementing-descriptors)
    - [`object.__set_name__`](https://docs.python.org/3/reference/datamodel.html#object.__set_name__)
    """

    code = "PCL503"
    name = "descriptor-signature"
    reads_stubs = False
    words = ("__get__", "__set__", "__delete__", "__set_name__")

    def lines(self) -> Iterable[int]:
        return {line for line, _ in self.file.share(_claims)}

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        claims = self.file.share(_claims)
        claim = claims.get(self.file.place(node)) if claims else None
        if claim is None:
            return
        path = [*self.ancestors, node]
        if only_in_python2(path) or only_for_type_checkers(path):
            return
        first, *others = ("the descriptor", *_PASSED[claim.method])
        passed = f"{', '.join((first, *others[:-1]))} and {others[-1]}"
        error = "TypeError (RuntimeError up to Python 3.11)"
        error = error if claim.method == "__set_name__" else "TypeError"
        self.report(
            Range(*self.file.place(node), *self.file.range(node.name)[2:]),
            f"Python passes {passed} to `{claim.method}`: {error}, {claim.owner}.{claim.method}() "
            f"{claim.refusal}",
            self._fix(node, claim),
        )

    def _fix(self, node: cst.FunctionDef, claim: _Claim) -> Fix | None:
        """`owner=None` behind the two parameters of a `__get__`."""
        if claim.method != "__get__" or len(claim.parameters.positional) != 2:
            return None
        if claim.parameters.required_keywords or names_one(node, ("owner", *_LOOK_AROUND)):
            return None
        last = (*node.params.posonly_params, *node.params.params)[-1]
        annotation = last.annotation.annotation if last.annotation is not None else None
        end = last.default or annotation or last.name
        place = self.file.span(end.rpar[-1] if end.rpar else end)[1]
        return self.fix("safe", "Add `owner=None`", [self.file.edit(place, place, ", owner=None")])


class _Claim(NamedTuple):
    """Why Python can't call a method of the descriptor class `owner`, in CPython's words."""

    method: str
    owner: str
    parameters: Parameters
    refusal: str


def _claims(file: LintedFile) -> dict[tuple[int, int], _Claim]:
    """The claims by the line and column of `def`."""
    found: dict[tuple[int, int], _Claim] = {}
    methods = [method for method in _PASSED if method in file.share(bound_in_classes)]
    if file.module is None or not methods:
        return found
    for model in file.module.classes:
        for method in methods:
            if method in model.bound_names and not _is_interface(model):
                bindings = [binding for binding in model.facts.body if binding.name == method]
                binding = bindings[0]
                if len(bindings) != 1 or binding.kind != "function" or binding.value:
                    continue
                parameters = _in_class(read_parameters(binding.target), model.name)
                refusal = parameters.refusal(Arguments(len(_PASSED[method])).after_instance)
                if refusal:
                    claim = _Claim(method, model.qualname, parameters, refusal)
                    found[binding.line, binding.column] = claim
    return found


def _in_class(parameters: Parameters, class_name: str) -> Parameters:
    """The parameters under the names that they have in a class body."""
    return parameters._replace(
        positional=tuple(mangled(name, class_name) for name in parameters.positional),
        required_keywords=tuple(mangled(name, class_name) for name in parameters.required_keywords),
    )


def _is_interface(model: SourceClass) -> bool:
    """Does the class only say what others have to have?"""
    bases = (base.rpartition(".")[2] for base in model.facts.bases)
    return not model.harmless_decorators or any(base.endswith(_INTERFACES) for base in bases)
