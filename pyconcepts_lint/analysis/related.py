"""The other places that a claim speaks of, as the index knows them."""

from __future__ import annotations

from ..base.typed import TYPE_CHECKING
from ..index.collect import unmangled
from ..index.facts import Access, BindingKind, Receiver
from ..index.model import Attribute, ClassModel, SourceClass
from ..rule_api.claim import RelatedPlace, line_range
from ..rule_api.file import Range

if TYPE_CHECKING:
    from ..index.facts import Binding
    from ..rule_api.file import FileContext

# Bindings whose place is that of the name.
_PLACED_BY_NAME = frozenset(
    {
        BindingKind.ASSIGN,
        BindingKind.ANNOTATION,
        BindingKind.AUGMENT,
        BindingKind.FOR,
        BindingKind.WALRUS,
    }
)


def definition(attribute: Attribute, message: str = "") -> tuple[RelatedPlace, ...]:
    """Where a class of the project binds an attribute in its body; nothing for other classes."""
    owner = attribute.owner
    if not isinstance(owner, SourceClass) or not attribute.line:
        return ()
    name = unmangled(attribute.name, owner.name)
    said = message or f"`{owner.name}.{name}` is bound here, in the class body"
    found = next(
        (
            each
            for each in owner.facts.body
            if each.line == attribute.line and unmangled(each.name, owner.name) == name
        ),
        None,
    )
    where = line_range(attribute.line) if found is None else place_of(found, name)
    return (RelatedPlace(said, where, owner.module.path),)


def place_of(binding: Binding, name: str = "") -> Range:
    """Where a binding binds its name; all of the line where only that is known."""
    if binding.kind not in _PLACED_BY_NAME:
        return line_range(binding.line)
    end = binding.column + len(name or binding.name)
    return Range(binding.line, binding.column, binding.line, end)


def bound_in_body(model: SourceClass, name: str) -> tuple[RelatedPlace, ...]:
    """Where a class body binds a name, as it writes it, last."""
    found = [each for each in model.facts.body if unmangled(each.name, model.name) == name]
    if not found:
        return ()
    said = f"the body of `{model.name}` binds it"
    return (RelatedPlace(said, place_of(found[-1], name), model.module.path),)


def bound_on_instance(model: ClassModel, name: str, function: str) -> tuple[RelatedPlace, ...]:
    """Where a method of a class assigns an attribute of its instance first."""
    for access in model.facts.accesses if isinstance(model, SourceClass) else ():
        found = (access.attribute, access.method, access.receiver, access.kind)
        if found == (name, function, Receiver.INSTANCE, Access.SET):
            assert isinstance(model, SourceClass)
            said = f"`{model.name}.{function}` binds it on the instance"
            return (RelatedPlace(said, line_range(access.line), model.module.path),)
    return ()


def slots_of(model: ClassModel) -> tuple[RelatedPlace, ...]:
    """The `__slots__` of a class, or of the nearest base that has any."""
    for base in model.mro or (model,):
        for binding in base.facts.body if isinstance(base, SourceClass) else ():
            if binding.name == "__slots__":
                assert isinstance(base, SourceClass)
                said = f"the slots of `{base.name}`"
                return (RelatedPlace(said, place_of(binding), base.module.path),)
    return ()


def class_statement(model: ClassModel, message: str) -> tuple[RelatedPlace, ...]:
    """The header of a class of the project; nothing for other classes."""
    if not isinstance(model, SourceClass):
        return ()
    return (RelatedPlace(message, line_range(model.facts.line), model.module.path),)


def method_statement(model: ClassModel, name: str, message: str) -> tuple[RelatedPlace, ...]:
    """The method that a class of the project defines in its body; nothing where there is none."""
    if not isinstance(model, SourceClass):
        return ()
    for each in model.facts.methods:
        if each.name == name:
            return (RelatedPlace(message, line_range(each.line), model.module.path),)
    return ()


def says_why(file: FileContext, line: int) -> bool:
    """Does a comment on a line, or one that ends directly above it, tell the reader something?

    Comments for tools (`# noqa`, `# type:`) tell the tools.
    """
    return _has_comment(file, line) or (
        line > 1
        and file.code.line(line - 1).lstrip().startswith("#")
        and _has_comment(file, line - 1)
    )


def _has_comment(file: FileContext, line: int) -> bool:
    text = file.code.line(line)
    sign = text.find("#")
    while sign >= 0:
        place = file.code.offset(line, sign + 1)
        if file.literals.hold(place) and not (sign and file.literals.hold(place - 1)):
            words = text[sign:].strip("# \t\r\n")
            return len(words.split()) > 1 and not words.lower().startswith(_FOR_TOOLS)
        sign = text.find("#", sign + 1)
    return False


_FOR_TOOLS = (
    "noqa",
    "type:",
    "pylint:",
    "pragma:",
    "nosec",
    "flake8:",
    "mypy:",
    "pyright:",
    "fmt:",
)
