"""PCL106: class attributes below the first method, and moving them up."""

from __future__ import annotations

import textwrap
import types
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Project = Callable[..., Any]
CODE = "PCL106"


def fixed(project: Project, source: str, *, unsafe: bool = False) -> str:
    text: str = project(source).fix(CODE, unsafe=unsafe)["main.py"]
    return text


def seen(source: str) -> dict[str, object]:
    """What the class `C` of a program has, methods by what they return."""
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(compile(source, "m", "exec"), namespace)
    found: dict[str, object] = {}
    for name, value in vars(namespace["C"]).items():
        if isinstance(value, types.FunctionType):
            found[name] = value.__defaults__, value(namespace["C"]())
        elif isinstance(value, (type, staticmethod)):
            found[name] = value.__qualname__
        elif name not in ("__module__", "__dict__", "__weakref__", "__firstlineno__"):
            found[name] = value
    return found


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("def m(self): pass\nx = 1", "`C.x` stands"),
        ("def m(self): pass\nx: int = 1", "`C.x` stands"),
        ("def m(self): pass\nx = y = 1", "`C.x` and `C.y` stand"),
        ("def m(self): pass\nx, y = 1, 2", "`C.x` and `C.y` stand"),
        ("def m(self): pass\n__x = 1", "`C.__x` stands"),
        ("async def m(self): pass\nx = []", "`C.x` stands"),
        ("@staticmethod\ndef m(): pass\nx = 1", "`C.x` stands"),
        ("a = 1\ndef m(self): pass\nx = a + 1", "`C.x` stands"),
        ("class D: pass\ndef m(self): pass\nx = D()", "`C.x` stands"),
        ("def m(self): pass\nx = dict(a=1)", "`C.x` stands"),
        ("def m(self): pass\nx = [m for m in 'ab']", "`C.x` stands"),
        ("def m(self): pass\nx = len('m')", "`C.x` stands"),
        ("if 1:\n    a = 1\ndef m(self): pass\nx = a", "`C.x` stands"),
    ],
)
def test_an_attribute_below_the_first_method_is_reported(
    project: Project, body: str, names: str
) -> None:
    (finding,) = project("class C:\n" + textwrap.indent(body, "    ") + "\n").lint(CODE)
    assert names in finding.message
    assert "`m`" in finding.message
    assert (finding.line, finding.column) == (body.count("\n") + 2, 5)


@pytest.mark.parametrize(
    "body",
    [
        "x = 1\ndef m(self): pass",
        "def m(self): pass\n__hash__ = None",
        "def m(self): pass\nx: int",
        "def m(self): pass\nx = property(m)",
        "def m(self): pass\nx = m",
        "def m(self): pass\nx = staticmethod(len)",
        "def m(self): pass\nx = property()",
        "def m(self): pass\nx = lambda self: 1",
        "def m(self): pass\nx = [m, 1]",
        "def m(self): pass\nx = {'m': m}",
        "def m(self): pass\ndef f(a): return a\nx = f(1)",
        "def m(self): pass\nx = [a for a in [m]]",
        "def m(self): pass\nm.x = 1",
        "def m(self): pass\nif 1:\n    x = 1",
        "def m(self): pass\nfor x in 'ab': pass",
        "def m(self): pass\nm = staticmethod(m)",
        "def m(self): pass\nx += 1",
        "x = 1\ndef m(self): pass\nx = x + 1",
        "def m(self): pass\nclass D: pass",
        "def m(self): pass\ny = [*locals()]\nx = 1",
        "def m(self): pass\nglobal x\nx = 1",
        "if 1:\n    def m(self): pass\nx = 1",
        "def m(self):\n    x = 1\n    return x",
    ],
)
def test_what_is_no_late_attribute_is_left_alone(project: Project, body: str) -> None:
    source = "x = 0\nclass C:\n" + textwrap.indent(body, "    ") + "\n"
    assert project(source).lint(CODE) == []


@pytest.mark.parametrize(
    "header",
    [
        "import enum\nclass C(enum.Enum):",
        "import dataclasses\n@dataclasses.dataclass\nclass C:",
        "import typing\nclass C(typing.NamedTuple):",
        "import ctypes\nclass C(ctypes.Structure):",
        "from typing import Protocol\nclass C(Protocol):",
        "from django.db import models\nclass C(models.Model):",
    ],
)
def test_fields_may_stand_anywhere(project: Project, header: str) -> None:
    assert project(f"{header}\n    def m(self): pass\n    x: int = 1\n").lint(CODE) == []


def test_the_rule_is_off_by_default(project: Project) -> None:
    p = project("class C:\n    def m(self): pass\n    x = 1\n")
    assert CODE not in {finding.code for finding in p.lint()}
    assert len(p.lint("PCL")) == len(p.lint(CODE)) == 1


@pytest.mark.parametrize(
    "header",
    [
        "from elsewhere import B\nclass C(B):",
        "from elsewhere import M\nclass C(metaclass=M):",
        "from elsewhere import d\n@d\nclass C:",
        "from http import _simple_enum\n@_simple_enum(int)\nclass C:",
    ],
)
def test_nothing_is_said_of_what_may_be_fields(project: Project, header: str) -> None:
    assert project(f"{header}\n    def m(self): pass\n    x = 1\n").lint(CODE) == []


# Moving it


MOVES = {
    "below the attributes that are there": (
        """\
        class C:
            a = 1

            def m(self):
                return 1

            x = 2

            def n(self):
                return 2
        """,
        """\
        class C:
            a = 1
            x = 2

            def m(self):
                return 1

            def n(self):
                return 2
        """,
    ),
    "under the header": (
        """\
        class C:
            def m(self):
                return 1
            x = 2
        """,
        """\
        class C:
            x = 2

            def m(self):
                return 1
        """,
    ),
    "under a header of many lines, above the comment of the method": (
        """\
        class C(
            object,  # why
            # nothing more
        ):  # here it starts

            # a method
            @staticmethod
            def m(self):
                return 1

            x = 2
        """,
        """\
        class C(
            object,  # why
            # nothing more
        ):  # here it starts
            x = 2

            # a method
            @staticmethod
            def m(self):
                return 1
        """,
    ),
    "below the docstring": (
        '''\
        class C:
            """A class.

            """

            def m(self):
                return 1

            x = 2
        ''',
        '''\
        class C:
            """A class.

            """

            x = 2

            def m(self):
                return 1
        ''',
    ),
    "with its comments": (
        """\
        class C:
            a = 1  # the first

            def m(self):
                return 1

            # What x is,
            # at length.
            x = [
                1,  # one
                2,
            ]  # behind it

            # Of the method.
            def n(self):
                return 2
        """,
        """\
        class C:
            a = 1  # the first
            # What x is,
            # at length.
            x = [
                1,  # one
                2,
            ]  # behind it

            def m(self):
                return 1

            # Of the method.
            def n(self):
                return 2
        """,
    ),
    "many in one go": (
        """\
        class C:
            def m(self):
                return 1

            x = 1
            y = -2

            z: tuple = (1, [2, {"a": b"b"}])

            def n(self):
                return 2

            u = v = None
        """,
        """\
        class C:
            x = 1
            y = -2
            z: tuple = (1, [2, {"a": b"b"}])
            u = v = None

            def m(self):
                return 1

            def n(self):
                return 2
        """,
    ),
    "below a nested class only where that is needed": (
        """\
        class C:
            class D:
                pass

            def m(self):
                return 1

            x = 1
        """,
        """\
        class C:
            x = 1

            class D:
                pass

            def m(self):
                return 1
        """,
    ),
    "strings as they are": (
        '''\
        class C:
            def m(self):
                return 1

            x = """
          # no comment
        é\\
        """
        ''',
        '''\
        class C:
            x = """
          # no comment
        é\\
        """

            def m(self):
                return 1
        ''',
    ),
}


@pytest.mark.parametrize("case", MOVES)
def test_it_is_moved(project: Project, case: str) -> None:
    before, after = map(textwrap.dedent, MOVES[case])
    assert fixed(project, before) == after
    assert seen(after) == seen(before)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_and_the_missing_last_one_are_kept(project: Project, newline: str) -> None:
    before = "class C:\n\tdef m(self):\n\t\treturn 1\n\n\tx = 'é'\n\ty = 2".replace("\n", newline)
    after = "class C:\n\tx = 'é'\n\ty = 2\n\n\tdef m(self):\n\t\treturn 1\n".replace("\n", newline)
    p = project({"main.py": before.encode()})
    assert p.fix(CODE) == {"main.py": after}


def test_what_needs_another_attribute_goes_below_it(project: Project) -> None:
    source = textwrap.dedent(
        """\
        class C:
            a = 1

            class D:
                pass

            b = 2

            class E:
                pass

            def m(self):
                return self.x

            x = [E.__name__, a]
        """
    )
    text = fixed(project, source, unsafe=True)
    assert text.index("class E") < text.index("x = [E") < text.index("def m")
    assert seen(text)["x"] == seen(source)["x"]


def test_chains_are_moved_one_after_the_other(project: Project) -> None:
    source = "class C:\n    def m(self): pass\n    x = 1\n    y = x + 1\n    z = y + x\n"
    text = fixed(project, source, unsafe=True)
    assert text.index("x = 1") < text.index("y = x") < text.index("z = y") < text.index("def m")


UNSAFE = {
    "a call": "class C:\n    def m(self): pass\n    x = print()\n",
    "a name": "import os\nclass C:\n    def m(self): pass\n    x = os.sep\n",
    "asked for in between": "class C:\n    def m(self): pass\n    if 'x' in dir(): 1\n    x = 1\n",
    "the order is seen": "class C:\n    def m(self): pass\n    x = 1\nprint([*vars(C)])\n",
    "deleted in between": ("class C:\n    x = 0\n    del x\n    def m(self): pass\n    x = 1\n"),
    "bound before": "class C:\n    x = 0\n    def m(self): pass\n    x = 1\n",
    "keywords for a hook": (
        "class B:\n    def __init_subclass__(cls, **keys): print([*vars(cls)])\n"
        "class C(B, a=1):\n    def m(self): pass\n    x = 1\n"
    ),
    "a hook": (
        "class B:\n    def __init_subclass__(cls): print([*vars(cls)])\n"
        "class C(B):\n    def m(self): pass\n    x = 1\n"
    ),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_may_change_is_moved_only_where_asked_for(project: Project, case: str) -> None:
    source = UNSAFE[case]
    assert all(f.fix and not f.fix.is_safe for f in project(source).lint(CODE))
    assert fixed(project, source) == source
    text = fixed(project, source, unsafe=True)
    assert text != source
    compile(text, "m", "exec")


@pytest.mark.parametrize(
    "body",
    [
        "    def m(self): pass\n    x = 1; y = 2\n",
        "    def m(self): pass\n    print(); y = 2\n",
        "    def m(self): pass\n    x = 1\n    x = 2\n",
        "    def m(self): pass\n    x = 1\n    del x\n    x = 1\n",
        "    def m(self): pass\n\\\n    x = 1\n",
        "    def m(self): pass\n    x = 1  # noqa: PCL999\n",
        "    def m(self): pass\n    x = 1\n    'of x'; print()\n",
        "    def x(self): pass\n    x = 1\n",
        "    @property\n    def x(self): pass\n    x = 1\n",
        "    x = 1\n    def m(self): pass\n    y = x\n    x = 2\n",
    ],
)
def test_there_is_no_fix_where_lines_or_names_are_shared(project: Project, body: str) -> None:
    found = project(f"class C:\n{body}").lint(CODE)
    assert found
    assert all(finding.fix is None for finding in found)


@pytest.mark.parametrize(
    "source",
    [
        "x = 0\nclass C:\n    def m(self, y=x): pass\n    x = 1\n",
        "x = 0\nclass C:\n    @(lambda f, x=x: f)\n    def m(self): pass\n    x = 1\n",
        "class x: pass\nclass C:\n    def m(self): pass\n    class D(x): pass\n    x = 1\n",
        "class x: pass\nclass C:\n    class D(x): pass\n    def m(self): pass\n    x = 1\n",
    ],
)
def test_there_is_no_fix_where_the_name_means_another_one_on_the_way(
    project: Project, source: str
) -> None:
    assert [finding.fix for finding in project(source).lint(CODE)] == [None]


def test_the_string_that_tells_of_an_attribute_goes_with_it(project: Project) -> None:
    source = """\
class Client:
    def connect(self): pass

    # In seconds.
    timeout = 3
    \"\"\"How long to wait.

    Less is refused.\"\"\"

    def close(self): pass
"""
    assert (
        fixed(project, source)
        == """\
class Client:
    # In seconds.
    timeout = 3
    \"\"\"How long to wait.

    Less is refused.\"\"\"

    def connect(self): pass

    def close(self): pass
"""
    )


def test_noqa_keeps_an_attribute_where_it_is(project: Project) -> None:
    source = "class C:\n    def m(self): pass\n\n    x = 1  # noqa: PCL106\n    y = 2\n    z = 3\n"
    text = fixed(project, source)
    assert text.index("y = 2") < text.index("z = 3") < text.index("def m") < text.index("x = 1")


def test_python2_source_is_read(project: Project) -> None:
    source = "class C:\n    def m(self):\n        print 1\n\n    x = 0777\n"
    p = project(source)
    assert p.places(CODE) == [("main.py", 5, 5)]
    assert p.lint(CODE)[0].fix is None or fixed(project, source).startswith("class C:\n    x = 0")


# Classes by chance

STATEMENTS = st.sampled_from(
    [
        "{n} = {v}",
        "{n}: 'int' = {v}",
        "{n} = other = {v}",
        "# about {n}\n    {n} = {v}  # so",
        "def m{i}(self): return 1",
        "def m{i}(self, a={n}): return a",
        "def m{i}(self):\n        # inside\n        return 2",
        "class D{i}: pass",
        "z = [{n} for {n} in ({v},)]",
        "",
        "# nothing",
    ]
)


@st.composite
def classes(draw: st.DrawFn) -> str:
    lines = ["x = y = 0", "class C:"]
    for number in range(draw(st.integers(2, 9))):
        name = draw(st.sampled_from(["x", "y", "z"]))
        value = draw(st.sampled_from(["1", "-2", "[3, 'a']", "{}", "(None,)"]))
        statement = draw(STATEMENTS).format(n=name, v=value, i=number)
        lines.append(f"    {statement}" if statement else "")
    return "\n".join([*lines, "    pass"]) + "\n"


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(classes())
def test_a_safe_move_changes_no_value(project: Project, source: str) -> None:
    try:
        before = seen(source)
    except NameError:
        return
    text = fixed(project, source)
    assert seen(text) == before
    assert sorted(text.split()) == sorted(source.split())
