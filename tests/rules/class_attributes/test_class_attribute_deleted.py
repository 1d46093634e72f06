"""PCL105: deletions of class attributes through an instance, each tried out under Python."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL105"
Make = Callable[..., Any]

FORMS = {
    "plain": "del self.x",
    "several": "a = 1\ndel a, self.x",
    "display": "a = 1\ndel [a, (self.x)]",
    "delattr": "delattr(self, 'x')",
    "brackets": "del (self).x",
    "nested function": "def inner():\n    del self.x\ninner()",
    "lambda": "(lambda: delattr(self, 'x'))()",
    "loop": "for a in (1, 2):\n    del self.x",
    "another error caught": "try:\n    del self.x\nexcept KeyError:\n    pass",
    "finally": "try:\n    del self.x\nfinally:\n    a = 1",
    "one line": "if True: del self.x",
    "a method": "del self.act",
    "a class": "del self.Inner",
    "a static method": "del self.static",
}


def program(form: str) -> str:
    return (
        "class C:\n    x = 1\n\n    class Inner: ...\n\n    @staticmethod\n    def static(): ...\n\n"
        f"    def act(self):\n{textwrap.indent(form, ' ' * 8)}\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found_and_raises(project: Make, form: str) -> None:
    names: dict[str, Any] = {}
    exec(program(FORMS[form]), names)
    instance = names["C"]()
    with pytest.raises(AttributeError):
        instance.act()
    (message,) = project(program(FORMS[form])).messages(CODE)
    assert "raises AttributeError: " in message
    assert "is an attribute of the class `C`" in message


def check(project: Make, files: str | dict[str, str]) -> Any:
    """The rule speaks of exactly the lines with a comment `#: 105`."""
    files = {"main.py": files} if isinstance(files, str) else files
    files = {path: textwrap.dedent(text) for path, text in files.items()}
    small = project(files)
    wanted = [
        (path, number)
        for path, text in files.items()
        for number, line in enumerate(text.split("\n"), 1)
        if "#: 105" in line
    ]
    assert sorted((path, line) for path, line, _ in small.places(CODE)) == sorted(wanted)
    return small


@pytest.mark.parametrize(
    "before",
    [
        *("self.x = 2", "self.x += 2", "self.x = self.x + 2", "setattr(self, 'x', 2)"),
        *("vars(self)['x'] = 2", "self.__dict__['x'] = 2", "name = 'x'; setattr(self, name, 2)"),
        *("object.__setattr__(self, 'x', 2)", "for self.x in [2]: pass"),
    ],
)
def test_silent_where_a_method_binds_it_on_the_instance(project: Make, before: str) -> None:
    source = f"class C:\n    x = 1\n\n    def act(self):\n        {before}\n        del self.x\n"
    names: dict[str, Any] = {}
    exec(source, names)
    names["C"]().act()
    check(project, source)


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("one = C()\none.x = 2", "def change(thing):\n    thing.x = 2", "setattr(C(), 'x', 2)"),
        "class Other:\n    def __init__(self):\n        self.x = 2",
        "class Other:\n    def change(self, c):\n        c.x += 2",
        "class Sub(C):\n    def change(self):\n        self.x = 2",
        "class Sub(C):\n    def __delattr__(self, name): ...",
        "class Sub(C):\n    @property\n    def x(self): ...",
        "del C.x",
    ],
)
def test_silent_where_anything_in_the_project_assigns_it(project: Make, elsewhere: str) -> None:
    small = project(
        {
            "main.py": "class C:\n    x = 1\n\n    def act(self):\n        del self.x\n",
            "other.py": f"from main import C\n\n{elsewhere}\n",
        }
    )
    assert small.places(CODE) == []
    small.write({"other.py": "from main import C\n\nC.y = 2\nprint(C.x)\n"})
    assert small.places(CODE) == [("main.py", 5, 13)]


GUARDED = {
    "except AttributeError": "try:\n    del self.x\nexcept AttributeError:\n    pass",
    "except (…)": "try:\n    del self.x\nexcept (KeyError, AttributeError):\n    pass",
    "except Exception": "try:\n    del self.x\nexcept Exception:\n    pass",
    "bare except": "try:\n    del self.x\nexcept:\n    pass",
    "suppress": "with contextlib.suppress(AttributeError):\n    del self.x",
    "pytest.raises": "with pytest.raises(AttributeError):\n    del self.x",
    "assertRaises": "with self.assertRaises(AttributeError):\n    del self.x",
    "hasattr": "if hasattr(self, 'x'):\n    del self.x",
    "its dictionary": "if 'x' in self.__dict__:\n    del self.x",
    "Python 2": "if sys.version_info[0] == 2:\n    del self.x",
}


@pytest.mark.parametrize("guard", GUARDED)
def test_guarded_deletions_are_left_alone(project: Make, guard: str) -> None:
    check(project, "import contextlib, sys\nimport pytest\n\n\n" + program(GUARDED[guard]))


def test_other_kinds_of_attributes_and_classes_are_left_alone(project: Make) -> None:
    check(
        project,
        """\
        import functools
        import unittest
        from dataclasses import dataclass
        from unknown import Base, anything, decorate


        class C:
            annotated: int
            unknown = anything()
            __slots__ = ("slot", "__dict__")

            @property
            def value(self): ...

            @functools.cached_property
            def cached(self): ...

            @decorate
            def decorated(self): ...

            def act(self):
                del self.annotated, self.unknown, self.slot, self.value, self.cached
                del self.decorated, self.missing

            @classmethod
            def of_class(cls):
                del cls.act

            @staticmethod
            def static(self):
                del self.act

            def other(self, this):
                self = this
                del self.act


        class Hooked:
            x = 1

            def __delattr__(self, name): ...

            def act(self):
                del self.x


        class Unresolved(Base):
            x = 1

            def act(self):
                del self.x


        @dataclass
        class Fields:
            x: int = 1

            def act(self):
                del self.x


        class Case(unittest.TestCase):
            def act(self):
                del self.maxDiff
        """,
    )


def test_inherited_attributes_and_the_fix(project: Make) -> None:
    small = check(
        project,
        {
            "base.py": "class Base:\n    x = 1\n    y = 2\n",
            "main.py": """\
                from base import Base


                class Sub(Base):
                    def act(self):
                        a = 1
                        del a, self.x  #: 105

                    def other(self):
                        delattr(self, "y")  #: 105

                    def method(self):
                        del self.act  #: 105


                Sub().act()
                Sub().other()
                print(hasattr(Base, "x"), hasattr(Base, "y"))
                """,
        },
    )
    assert "AttributeError" in small.run("main.py").stderr
    fixed = small.fix(CODE, unsafe=True)["main.py"]
    assert "        del a, Base.x  #: 105\n" in fixed
    assert '        delattr(Base, "y")  #: 105\n' in fixed
    assert "        del self.act  #: 105\n" in fixed
    assert small.run("main.py").stdout == "False False\n"


def test_a_function_of_that_name_is_not_delattr(project: Make) -> None:
    check(
        project,
        """\
        from elsewhere import delattr


        class C:
            x = 1

            def act(self):
                delattr(self, "x")
        """,
    )


def test_python2_source(project: Make) -> None:
    small = project(
        """\
        class C:
            x = 1

            def act(self):
                print "é", self.x
                del self.x
        """
    )
    assert small.places(CODE) == [("main.py", 6, 13)]
