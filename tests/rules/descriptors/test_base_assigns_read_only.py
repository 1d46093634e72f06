"""PCL508: each claim is compared with what happens to a live instance."""

from __future__ import annotations

import importlib
import inspect
import itertools
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

READ_ONLY = "@property\ndef x(self): return 0"
BASE = "class Base:\n    def __init__(self): self.x = 1\n    def put(self): self.x = 2\n"


def program(base: str, sub: str, behind: str = "Sub()") -> str:
    return f"{base}\nclass Sub(Base):\n{textwrap.indent(sub, '    ')}\n{behind}\n"


DESCRIPTORS = [
    READ_ONLY,
    "x = property(lambda self: 0)",
    "@property\ndef x(self): return 0\n@x.deleter\ndef x(self): pass",
    "x = Refuses()",
    "async def f(self): pass\n@property\ndef x(self): return 0",
    "__y = 1\n@property\ndef x(self): return self.__y",
]
HEAD = """class Refuses:
    def __get__(self, instance, owner): return 0
    def __set__(self, instance, value): raise AttributeError("x")
"""


@pytest.mark.parametrize("sub", DESCRIPTORS)
def test_the_base_fails_where_it_assigns(project: Project, sub: str) -> None:
    shop = project(program(HEAD + BASE, sub))
    (said,) = shop.messages("PCL508")
    assert said.startswith("`Base.__init__` assigns `self.x`, and `Sub.x` is ")
    assert said.endswith(": AttributeError there")
    assert "AttributeError" in shop.run("main.py").stderr


ASSIGNMENTS = [
    "self.x = 1",
    "self.x, y = 1, 2",
    "self.x += 1",
    "for self.x in (1, 2): pass",
    "setattr(self, 'x', 1)",
    "del self.x",
    "if True:\n    self.x = 1",
    "try:\n    self.x = 1\nexcept ValueError:\n    pass",
]
HANDLED = [
    "try:\n    self.x = 1\nexcept AttributeError:\n    pass",
    "if hasattr(type(self), 'x'): pass\nelse:\n    self.x = 1",
    "if not isinstance(self, Sub):\n    self.x = 1",
    "if type(self) is Base:\n    self.x = 1",
    "if False:\n    self.x = 1",
    "self.__dict__['x'] = 1",
    "self.y = 1",
]


@pytest.mark.parametrize("body", ASSIGNMENTS)
def test_any_form_of_assignment_fails(project: Project, body: str) -> None:
    base = f"class Base:\n    def __init__(self):\n{textwrap.indent(body, ' ' * 8)}\n"
    shop = project(program(base, READ_ONLY))
    assert len(shop.messages("PCL508")) == 1
    assert "AttributeError" in shop.run("main.py").stderr


@pytest.mark.parametrize("body", HANDLED)
def test_a_base_that_knows_of_it_is_left_alone(project: Project, body: str) -> None:
    base = f"class Base:\n    def __init__(self):\n{textwrap.indent(body, ' ' * 8)}\n"
    shop = project(program(base, READ_ONLY))
    assert shop.messages("PCL508") == []
    assert shop.run("main.py").stderr == ""


SOUND = [
    "@property\ndef x(self): return 0\n@x.setter\ndef x(self, value): pass",
    "@property\ndef x(self): return 0\ndef __init__(self): pass",
    "@property\ndef y(self): return 0",
    "x = 3",
    "import functools\n@functools.cached_property\ndef x(self): return 0",
    "@property\ndef x(self): return 0\ndef __setattr__(self, name, value): pass",
    "@property\ndef x(self): return 0\ndef __init__(self): self.y = 1",
]


@pytest.mark.parametrize("sub", SOUND)
def test_what_works_is_left_alone(project: Project, sub: str) -> None:
    base = BASE.replace("    def put(self): self.x = 2\n", "")
    shop = project(program(base, sub))
    assert shop.messages("PCL508") == []
    assert shop.run("main.py").stderr == ""


def test_a_method_that_is_inherited_fails_when_it_is_called(project: Project) -> None:
    sub = f"{READ_ONLY}\ndef __init__(self): pass"
    shop = project(program(BASE, sub, "Sub().put()"))
    (said,) = shop.messages("PCL508")
    assert said.startswith("`Base.put` assigns")
    assert "AttributeError" in shop.run("main.py").stderr
    overridden = project(program(BASE, f"{sub}\ndef put(self): pass", "Sub().put()"))
    assert overridden.lint("PCL508") == []


@pytest.mark.parametrize("call", ["super().__init__()", "Base.__init__(self)"])
def test_an_init_that_calls_the_bases_runs_it(project: Project, call: str) -> None:
    base = BASE.replace("    def put(self): self.x = 2\n", "")
    shop = project(program(base, f"{READ_ONLY}\ndef __init__(self): {call}"))
    assert len(shop.lint("PCL508")) == 1
    assert "AttributeError" in shop.run("main.py").stderr


def test_the_base_may_lie_in_another_module(project: Project) -> None:
    files = {
        "base.py": BASE,
        "main.py": f"from base import Base\n{program('', READ_ONLY)}",
    }
    assert project(files).places("PCL508") == [("main.py", 5, 5)]
    guarded = BASE.replace("self.x = 1", "\n        try: self.x = 1\n        except: pass")
    guarded = guarded.replace("    def put(self): self.x = 2\n", "")
    assert project({**files, "base.py": guarded}).lint("PCL508") == []


def test_a_subclass_with_another_attribute_shows_that_it_is_meant(project: Project) -> None:
    text = program(BASE, READ_ONLY, "class Other(Sub):\n    x = 1\nOther()")
    shop = project(text)
    assert shop.lint("PCL508") == []
    assert shop.run("main.py").stderr == ""


FIELDS = ["x: int = 1", "x: int = None", "y: int = 1\n    x: str = ''"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_dataclass_assigns_its_fields(project: Project, field: str) -> None:
    base = f"from dataclasses import dataclass\n@dataclass\nclass Base:\n    {field}\n"
    shop = project(program(base, READ_ONLY))
    assert len(shop.lint("PCL508")) == 1
    assert "AttributeError" in shop.run("main.py").stderr


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("@dataclass", "x: ClassVar[int] = 1"),
        ("@dataclass(init=False)", "x: int = 1"),
        ("@dataclass", "x: int = field(init=False)"),
        ("@dataclass", "x = 1"),
    ],
)
def test_what_is_no_field_of_its_init_is_not_assigned(
    project: Project, head: str, field: str
) -> None:
    base = "from dataclasses import dataclass, field\nfrom typing import ClassVar\n"
    shop = project(program(f"{base}{head}\nclass Base:\n    {field}\n", READ_ONLY))
    assert shop.lint("PCL508") == []
    assert shop.run("main.py").stderr == ""


def test_the_init_of_a_dataclass_takes_the_place_of_the_bases(project: Project) -> None:
    base = BASE.replace("    def put(self): self.x = 2\n", "") + "\nimport dataclasses\n"
    text = program(base, READ_ONLY).replace("class Sub", "@dataclasses.dataclass\nclass Sub")
    shop = project(text)
    assert shop.lint("PCL508") == []
    assert shop.run("main.py").stderr == ""


INITS = ["", "def __init__(self): super().__init__()", "def __init__(self): pass"]
INITS += ["def __init__(self):\n    if len('') == 1: super().__init__()"]
BASES = ["self.x = 1", "pass", "self.y = 1", "if len('') == 1:\n    self.x = 1", "self.put()"]


def test_claims_of_init_come_true_wherever_the_assignment_runs(project: Project) -> None:
    texts = []
    for body, sub, init in itertools.product(BASES, [*DESCRIPTORS, *SOUND], INITS):
        base = f"class Base:\n    def __init__(self):\n{textwrap.indent(body, ' ' * 8)}\n"
        base += "    def put(self): self.x = 2\n"
        texts.append(program(HEAD + base, sub if "__init__" in sub else f"{sub}\n{init}"))
    shop = project({f"m{number}.py": text for number, text in enumerate(texts)})
    said = {f.path.rpartition("/")[2]: f.message for f in shop.lint("PCL508")}
    assert len(said) > 50
    for number, text in enumerate(texts):
        message = said.get(f"m{number}.py", "")
        names: dict[str, Any] = {"__name__": "main"}
        try:
            exec(
                compile(text.replace("\nSub()\n", "\nsub = Sub.__new__(Sub)\n"), "m", "exec"), names
            )
            if message.startswith("`Base.put`"):
                names["sub"].put()
            else:
                names["sub"].__init__()
            error = ""
        except AttributeError:
            error = "AttributeError"
        if message and "if len('')" not in text:
            assert error, text


STANDARD = ["argparse", "cmd", "code", "codeop", "csv", "json.decoder", "json.encoder", "bdb"]
STANDARD += ["logging", "optparse", "queue", "sched", "shlex", "string", "threading", "trace"]
STANDARD += ["fractions", "html.parser", "email.message", "email.parser", "email.policy"]


def test_claims_about_subclasses_of_the_standard_library_come_true(project: Project) -> None:
    files: dict[str, str] = {}
    live: dict[str, Any] = {}
    for module_name in STANDARD:
        module = importlib.import_module(module_name)
        for name, cls in list(vars(module).items()):
            if not inspect.isclass(cls) or cls.__module__ != module_name or name.startswith("_"):
                continue
            try:
                attributes = sorted(vars(cls()))
            except Exception:
                continue
            for attribute in attributes:
                if attribute.startswith("__") or "__" in attribute:
                    continue
                path = f"m{len(files)}.py"
                files[path] = (
                    f"from {module_name} import {name}\nclass Sub({name}):\n    @property\n"
                    f"    def {attribute}(self): return 0\n"
                )
                live[path] = (cls, attribute)
    shop = project(files)
    said = {f.path.rpartition("/")[2]: f.message for f in shop.lint("PCL508")}
    certain = {path: text for path, text in said.items() if ".__init__` assigns" in text}
    assert len(certain) > 40
    for path, message in certain.items():
        cls, attribute = live[path]
        sub = type("Sub", (cls,), {attribute: property(lambda self: 0)})
        with pytest.raises(AttributeError):
            sub()
        assert f"`self.{attribute}`" in message
