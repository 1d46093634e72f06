from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import Binding, BindingKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._hooks import Function, bound_in_classes
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.signatures import Arguments, Parameters, read_parameters

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
_COMMENT = re.compile(r"#[^\r\n]*")
_CLOSING = re.compile(r"(?>(?:[\s\\]|#[^\r\n]*+)*)\)")


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
    severity = "error"
    reads_stubs = False
    words = ("__get__", "__set__", "__delete__", "__set_name__")
    silences = {
        "the parameter has a default": "default",
        "a decorator may have made something else of it": "decorated",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        methods = [method for method in _PASSED if method in file.cached(bound_in_classes)]
        for model in file.module.classes if file.module is not None and methods else ():
            for method in methods:
                if method in model.bound_names and not _is_interface(model):
                    bindings = [binding for binding in model.facts.body if binding.name == method]
                    binding = bindings[0]
                    if (
                        len(bindings) == 1
                        and binding.kind is BindingKind.FUNCTION
                        and not binding.decorators
                    ):
                        yield from self._claims(file, model, binding)

    def _claims(self, file: FileContext, model: SourceClass, binding: Binding) -> Iterator[Claim]:
        method = binding.name
        parameters = _in_class(read_parameters(binding.target), model.name)
        refusal = parameters.refusal(Arguments(len(_PASSED[method])).after_instance)
        if not refusal:
            return
        first, *others = ("the descriptor", *_PASSED[method])
        passed = f"{', '.join((first, *others[:-1]))} and {others[-1]}"
        error = "TypeError (RuntimeError up to Python 3.11)"
        error = error if method == "__set_name__" else "TypeError"
        yield Claim(
            file.definition_range(binding.line, binding.column),
            f"Python passes {passed} to `{method}`: {error}, {model.qualname}.{method}() {refusal}",
            self._fix(file, binding, parameters),
        )

    def _fix(self, file: FileContext, binding: Binding, parameters: Parameters) -> Fix | None:
        """`owner=None` behind the two parameters of a `__get__`."""
        if binding.name != "__get__" or len(parameters.positional) != 2:
            return None
        node = file.function_at(binding.line, binding.column)
        if node is None or parameters.required_keywords or _may_see_owner(node):
            return None
        end = _end_of_positional(file, node.args)
        return self.fix("safe", "Add `owner=None`", [file.edit(end, end, ", owner=None")])


def _may_see_owner(function: Function) -> bool:
    """Does `owner` stand in a function, or may it look at all its local variables?"""
    names = {"owner", *_LOOK_AROUND}
    return any(name in names for node in walk(function) for name in _names_of(node))


def _names_of(node: ast.AST) -> Iterator[str]:
    """The names that stand in a node itself."""
    for value in () if isinstance(node, ast.Constant) else vars(node).values():
        yield from (
            name for name in (value if isinstance(value, list) else [value]) if type(name) is str
        )


def _end_of_positional(file: FileContext, args: ast.arguments) -> int:
    """Where the last positional parameter ends, with its default and the brackets around that."""
    end = file.ast_span([*args.posonlyargs, *args.args][-1])[1]
    if not args.defaults:
        return end
    start, closed = file.ast_span(args.defaults[-1])
    for _ in range(_COMMENT.sub("", file.text[end:start]).count("(")):
        closing = _CLOSING.match(file.text, closed)
        assert closing is not None
        closed = closing.end()
    return closed


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
