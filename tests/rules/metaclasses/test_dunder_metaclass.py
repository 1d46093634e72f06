"""PCL301: `__metaclass__`, and the header that it moves into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.running.fixer import plan

CODE = "PCL301"
Project = Callable[..., Any]

META = """\
import sys


class Meta(type):
    pass


class Other(type):
    pass


"""


def fixed(project: Project, source: str, *, unsafe: bool = False) -> str:
    """The text of a module below `META` after the fix."""
    text: str = project(META + source).fix(CODE, unsafe=unsafe)["main.py"]
    assert text.startswith(META)
    return text[len(META) :]


def applicabilities(project: Project, source: Any) -> list[str | None]:
    files = {"main.py": META + source} if isinstance(source, str) else source
    return [finding.fix and finding.fix.applicability for finding in project(files).lint(CODE)]


def test_python_takes_no_notice_and_the_fix_restores_what_was_meant(project: Project) -> None:
    small = project(
        META
        + """\
class Base(object):
    __metaclass__ = Meta


class Below(Base):
    "Has it from its base."


print(type(Base).__name__, type(Below).__name__)
"""
    )
    assert small.run("main.py").stdout == "type type\n"
    small.fix(CODE)
    assert small.run("main.py").stdout == "Meta Meta\n"
    assert small.lint(CODE) == []


# Where it is found


FOUND = """\
class A:
    __metaclass__ = M
class B:
    a = __metaclass__ = M
class C:
    a, (__metaclass__, *b) = 1, (M, 2)
class D:
    __metaclass__: type = M
class E:
    __metaclass__ += M
class F:
    def __metaclass__(name, bases, namespace): ...
class G:
    @staticmethod
    async def __metaclass__(name, bases, namespace): ...
class H:
    class __metaclass__(type): ...
class I:
    from m import M as __metaclass__
class J:
    import m as __metaclass__
class K:
    from m import __metaclass__
class L:
    for __metaclass__ in M: ...
class N:
    with M as __metaclass__: ...
class O:
    try: ...
    except M as __metaclass__: ...
class P:
    if (__metaclass__ := M): ...
class Q:
    match M:
        case [*__metaclass__]: ...
class R:
    match M:
        case {1: __metaclass__}: ...
class S: a = 1; __metaclass__ = M
class T:
    class Inner:
        def method(self):
            class Local:
                __metaclass__ = None
__metaclass__ = M
def function():
    global __metaclass__
    __metaclass__ = M
"""


def test_every_way_to_bind_the_name_is_found_where_it_stands(project: Project) -> None:
    compile(FOUND, "main.py", "exec")
    small = project(FOUND)
    lines = FOUND.split("\n")
    found = [
        lines[finding.line - 1][finding.column - 1 :][: finding.end_column - finding.column]
        for finding in small.lint(CODE)
        if finding.line == finding.end_line
    ]
    assert found == [
        "__metaclass__ = M",
        "a = __metaclass__ = M",
        "a, (__metaclass__, *b) = 1, (M, 2)",
        "__metaclass__: type = M",
        "__metaclass__ += M",
        "def __metaclass__",
        "async def __metaclass__",
        "class __metaclass__",
        "from m import M as __metaclass__",
        "import m as __metaclass__",
        "from m import __metaclass__",
        "__metaclass__",
        "__metaclass__",
        "__metaclass__",
        "__metaclass__ := M",
        "__metaclass__",
        "__metaclass__",
        "__metaclass__ = M",
        "__metaclass__ = None",
        "__metaclass__ = M",
        "__metaclass__ = M",
    ]


def test_messages_name_the_class_and_the_metaclass(project: Project) -> None:
    small = project("class A:\n    __metaclass__ = M\nclass B:\n    def __metaclass__(*a): ...\n")
    assert small.messages(CODE) == [
        "`__metaclass__ = M` makes an ordinary attribute of `A`: Python 3 takes the metaclass from "
        "the class's header, `class A(metaclass=M)`, and from its bases",
        "`__metaclass__` makes an ordinary attribute of `B`: Python 3 takes the metaclass from "
        "the class's header, `class B(metaclass=…)`, and from its bases",
    ]


def test_silent(project: Project) -> None:
    sources = [
        "class A:\n    __metaclass__: type",
        "class A:\n    def f(self): __metaclass__ = 1; self.__metaclass__ = 1",
        "def f(__metaclass__): ...",
        "A.__metaclass__ = M",
        "f(__metaclass__=M)",
        "class A(metaclass=M): ...",
        "class A:\n    global __metaclass__\n    def f(self): ...",
        "import sys\nclass A:\n    if sys.version_info[0] == 2: __metaclass__ = M",
        "from six import PY2\nif PY2:\n    class A: __metaclass__ = M",
        "import sys\nif sys.version_info < (3,):\n    __metaclass__ = type",
        "'__metaclass__ = M'  # __metaclass__ = M",
    ]
    for source in sources:
        compile(source, "main.py", "exec")
        assert project(source).messages(CODE) == [], source


# The header


HEADERS = [
    ("class A:", "class A(metaclass=Meta):"),
    ("class A :", "class A(metaclass=Meta) :"),
    ("class A():", "class A(metaclass=Meta):"),
    ("class A( ):", "class A(metaclass=Meta ):"),
    ("class A(  # empty\n        ):", "class A(metaclass=Meta  # empty\n        ):"),
    ("class A(object):", "class A(object, metaclass=Meta):"),
    ("class A((object)):", "class A((object), metaclass=Meta):"),
    ("class A(B, object):", "class A(B, object, metaclass=Meta):"),
    ("class A(B,):", "class A(B, metaclass=Meta,):"),
    ("class A(B, ):", "class A(B, metaclass=Meta, ):"),
    ("class A(\n    B,\n):", "class A(\n    B,\n    metaclass=Meta,\n):"),
    ("class A(\n    B,  # the base\n):", "class A(\n    B,  # the base\n    metaclass=Meta,\n):"),
    ("class A(\n    B,\n    # that is all\n):",
     "class A(\n    B,\n    metaclass=Meta,\n    # that is all\n):"),
    ("class A(\n    B  # the base\n):", "class A(\n    B, metaclass=Meta  # the base\n):"),
    ("class A(\n    B  # the base\n    ,\n):",
     "class A(\n    B  # the base\n    ,\n    metaclass=Meta,\n):"),
    ("class A(B,\n        object):", "class A(B,\n        object, metaclass=Meta):"),
    ("class A(B,\n        ):", "class A(B, metaclass=Meta,\n        ):"),
    ("class A(B):  # why", "class A(B, metaclass=Meta):  # why"),
    ("class A \\\n        (B):", "class A \\\n        (B, metaclass=Meta):"),
    ("@print\nclass A(B):", "@print\nclass A(B, metaclass=Meta):"),
    ("# above\nclass A(B):", "# above\nclass A(B, metaclass=Meta):"),
]  # fmt: skip


def test_the_metaclass_goes_last_into_the_header(project: Project) -> None:
    base = "class B(object): pass\n"
    for before, after in HEADERS:
        body = "\n    __metaclass__ = Meta\n    x = 1\n"
        assert fixed(project, f"{base}{before}{body}") == f"{base}{after}\n    x = 1\n"


def test_generic_headers_of_new_pythons_take_it_behind_their_parameters(project: Project) -> None:
    # Only a newer Python than 3.11 has facts of these; elsewhere nothing is said.
    small = project("class A[T]:\n    __metaclass__ = Meta\n    x: T\n")
    if small.lint(CODE):
        assert small.fix(CODE)["main.py"] == "class A[T](metaclass=Meta):\n    x: T\n"


def test_the_value_goes_as_it_is_written(project: Project) -> None:
    for value, expected in [
        ("(Meta)", "(Meta)"),
        ("sys.modules[__name__].Meta", "sys.modules[__name__].Meta"),
        ("(  # why\n        Meta)", "(  # why\n        Meta)"),
        ("\\\n        Meta", "Meta"),
        ("lambda n, b, d: Meta(n, b, d)", "lambda n, b, d: Meta(n, b, d)"),
        ("Meta if sys else Other", "Meta if sys else Other"),
    ]:
        source = f"class A:\n    __metaclass__ = {value}\n"
        assert fixed(project, source) == f"class A(metaclass={expected}):\n    pass\n"
    for value in ("Meta, Other", "None", "1", "'Meta'", "[Meta]"):
        assert applicabilities(project, f"class A:\n    __metaclass__ = {value}\n") == [None]


# The body


def test_the_line_goes_and_no_comment_with_it(project: Project) -> None:
    for before, after in [
        ("class A: __metaclass__ = Meta\n", "class A(metaclass=Meta): pass\n"),
        ("class A: __metaclass__ = Meta;\n", "class A(metaclass=Meta): pass;\n"),
        ("class A: x = 1; __metaclass__ = Meta\n", "class A(metaclass=Meta): x = 1\n"),
        ("class A: __metaclass__ = Meta; x = 1\n", "class A(metaclass=Meta): x = 1\n"),
        (
            "class A:\n    '''Doc.'''\n\n    __metaclass__ = Meta\n\n\nx = 1\n",
            "class A(metaclass=Meta):\n    '''Doc.'''\n\n\nx = 1\n",
        ),
        (
            "class A:\n    # Above.\n    __metaclass__ = Meta  # behind\n",
            "class A(metaclass=Meta):\n    # Above.\n    pass  # behind\n",
        ),
        (
            "class A:\n    __metaclass__ = Meta  # behind\n\n    def f(self): pass\n",
            "class A(metaclass=Meta):\n    # behind\n\n    def f(self): pass\n",
        ),
        (
            "class A:\n    __metaclass__ = Meta\n\n    def f(self): pass\n",
            "class A(metaclass=Meta):\n    def f(self): pass\n",
        ),
    ]:
        assert fixed(project, before) == after


def test_line_ends_and_tabs_stay(project: Project) -> None:
    source = b"class M(type): pass\r\nclass A(\r\n\tobject,\r\n):\r\n\t__metaclass__ = M\r\n"
    after = project({"main.py": source}).fix(CODE)["main.py"]
    assert after.encode() == (
        b"class M(type): pass\r\nclass A(\r\n\tobject,\r\n\tmetaclass=M,\r\n):\r\n\tpass\r\n"
    )


def test_only_the_line_goes_where_the_header_has_a_metaclass(project: Project) -> None:
    source = "class A(metaclass=Meta):\n    __metaclass__ = Meta\n    x = 1\n"
    assert fixed(project, source) == "class A(metaclass=Meta):\n    x = 1\n"
    source = "class A(metaclass=Meta):\n    __metaclass__ = (Meta  # why\n        )\n"
    assert applicabilities(project, source) == [None]


def test_type_needs_no_mention(project: Project) -> None:
    assert fixed(project, "class A(object):\n    __metaclass__ = type\n") == (
        "class A(object):\n    pass\n"
    )
    rebound = "class A(object):\n    type = Meta\n    __metaclass__ = type\n"
    assert applicabilities(project, rebound) == [None]


# When it is unsafe, and when there is none


def test_safe_where_all_metaclasses_agree(project: Project) -> None:
    for source, count in {
        "class A(object):\n    __metaclass__ = Meta\nclass B(A):\n    __metaclass__ = Meta\n": 2,
        "class A(metaclass=Meta): pass\nclass B(A):\n    __metaclass__ = Meta\n": 1,
        "class Sub(Meta): pass\nclass A(metaclass=Meta): pass\n"
        "class B(A):\n    __metaclass__ = Sub\n": 1,
        "class Sub(Meta): pass\nclass A:\n    __metaclass__ = Meta\n"
        "class B(A, metaclass=Sub): pass\n": 1,
        "import abc\nclass A(abc.ABC):\n    __metaclass__ = abc.ABCMeta\n": 1,
        "from gone import M\nclass A(object):\n    __metaclass__ = M\nclass B(A): pass\n": 1,
        "from gone import M\nclass A:\n    __metaclass__ = M\nclass B(A):\n"
        "    __metaclass__ = M\n": 2,
    }.items():
        assert applicabilities(project, source) == ["safe"] * count, source
        small = project(META + source)
        small.fix(CODE)
        if "gone" not in source:
            assert small.run("main.py").returncode == 0, source


def test_unsafe_where_metaclasses_could_conflict(project: Project) -> None:
    for source in [
        "from gone import Base\nclass A(Base):\n    __metaclass__ = Meta\n",
        "class A(*[object]):\n    __metaclass__ = Meta\n",
        "class B(metaclass=Other): pass\nclass A(B):\n    __metaclass__ = Meta\n",
        "import abc\nclass A(abc.ABC):\n    __metaclass__ = Meta\n",
        "import enum\nclass A(enum.Enum):\n    __metaclass__ = Meta\n",
        "from gone import M\nimport abc\nclass A(abc.ABC):\n    __metaclass__ = M\n",
        "class A:\n    __metaclass__ = Meta\nclass B(A, metaclass=Other): pass\n",
        "from gone import B\nclass A:\n    __metaclass__ = Meta\nclass C(A, B): pass\n",
        "class O(metaclass=Other): pass\nclass A:\n    __metaclass__ = Meta\nclass C(A, O): pass\n",
        "class A(sized=1):\n    __metaclass__ = Meta\n",
        "class A(**{}):\n    __metaclass__ = Meta\n",
        "import six\n@six.add_metaclass(Other)\nclass A(object):\n    __metaclass__ = Meta\n",
    ]:
        assert applicabilities(project, source) == ["unsafe"], source


def test_unsafe_where_a_local_class_below_could_conflict(project: Project) -> None:
    head = "def f():\n    class A(object):\n        __metaclass__ = Meta\n"
    for below, expected in {
        "    class B(A): pass\n": "safe",
        "    class B(A): pass\n    class C(B): pass\n": "safe",
        "    class B(A, dict): pass\n": "unsafe",
        "    class B(A): pass\n    class C(dict, B): pass\n": "unsafe",
        "    class B(A, metaclass=Other): pass\n": "unsafe",
    }.items():
        assert applicabilities(project, head + below) == [expected], below
    both = head + "    class B(A):\n        __metaclass__ = Other\n"
    assert applicabilities(project, both) == ["unsafe", "unsafe"]


def test_what_reads_classes_doesnt_matter_to_the_modules_type(project: Project) -> None:
    files = {
        "a.py": "__metaclass__ = type\n",
        "b.py": "def f(cls):\n    return getattr(cls, '__metaclass__', cls.__metaclass__)\n",
    }
    assert applicabilities(project, files) == ["safe"]


def test_unsafe_where_a_class_of_another_module_could_conflict(project: Project) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/meta.py": "class Meta(type): pass\nclass Other(type): pass\n",
        "pkg/base.py": "from .meta import Meta\nclass Base:\n    __metaclass__ = Meta\n",
        "pkg/use.py": "from .base import Base\nclass A(Base): pass\n",
    }
    assert applicabilities(project, files) == ["safe"]
    files["pkg/use.py"] = (
        "from .base import Base\nfrom .meta import Other\n"
        "class A(Base):\n    __metaclass__ = Other\n"
    )
    assert applicabilities(project, files) == ["unsafe", "unsafe"]


def test_unsafe_where_a_name_is_used_otherwise(project: Project) -> None:
    for source, expected in [
        ("class A:\n    __metaclass__ = Meta\n    Meta = 1\n", ["unsafe"]),
        ("class A:\n    __metaclass__ = Meta\n    x = __metaclass__\n", ["unsafe"]),
        ("class A:\n    __metaclass__ = Meta\nprint(A.__metaclass__)\n", ["unsafe"]),
        ("class A:\n    __metaclass__ = Meta\ngetattr(A, '__metaclass__')\n", ["unsafe"]),
        ("class A:\n    __metaclass__ = Other\n    __metaclass__ = Meta\n", [None, "unsafe"]),
    ]:
        assert applicabilities(project, source) == expected, source
    for reader in (
        "from a import A\nprint(A.__metaclass__)\n",
        "def f(form):\n    return form.__metaclass__\n",
        "def f(form):\n    return form().__metaclass__\n",
        "def f(form):\n    return hasattr(form, '__metaclass__')\n",
        "class C:\n    def f(self): return self.__metaclass__\n",
    ):
        files = {"a.py": "class A:\n    __metaclass__ = type\n", "b.py": reader}
        assert applicabilities(project, files) == ["unsafe"], reader


def test_no_fix_where_the_header_cant_say_it(project: Project) -> None:
    for source in [
        "class A:\n    class Own(type): pass\n    __metaclass__ = Own\n",
        "class A:\n    Meta = Other\n    __metaclass__ = Meta\n",
        "class A:\n    from gone import Meta\n    __metaclass__ = Meta\n",
        "class A:\n    __metaclass__ = Meta\n    if sys: Meta = 1\n",
        "class __Own(type): pass\nclass A:\n    __metaclass__ = __Own\n",
        "class Outer:\n    Meta = 1\n    class A:\n        __metaclass__ = Meta\n",
        "class A:\n    if sys:\n        __metaclass__ = Meta\n",
        "class A:\n    for x in sys.path:\n        __metaclass__ = Meta\n",
    ]:
        assert applicabilities(project, source) == [None], source


def test_a_metaclass_of_a_function_or_an_outer_class_is_reached(project: Project) -> None:
    source = """\
def make():
    class Own(type):
        pass

    class A(object):
        __metaclass__ = Own

        class Inner:
            __metaclass__ = Own

    return A


print(type(make()).__name__, type(make().Inner).__name__)
"""
    small = project(source)
    assert small.run("main.py").stdout == "type type\n"
    small.fix(CODE)
    assert small.run("main.py").stdout == "Own Own\n"


# At module level


def test_type_at_module_level_goes(project: Project) -> None:
    for before, after in [
        (
            "import os\n\n__metaclass__ = type\n\n\nclass A: pass\n",
            "import os\n\n\nclass A: pass\n",
        ),
        ("__metaclass__ = type\n", ""),
        ("__metaclass__ = type  # new style\nx = 1\n", "# new style\nx = 1\n"),
        ("x = 1; __metaclass__ = type; y = 2\n", "x = 1; y = 2\n"),
    ]:
        assert project(before).fix(CODE)["main.py"] == after


def test_type_at_module_level_stays_unless_asked_where_it_is_used(project: Project) -> None:
    for files in [
        {"main.py": "__metaclass__ = type\n", "b.py": "from main import __metaclass__\n"},
        {"main.py": "__metaclass__ = type\n", "b.py": "import main\nprint(main.__metaclass__)\n"},
        {"main.py": "__metaclass__ = type\nprint(__metaclass__)\n"},
        {"main.py": "__metaclass__ = type\n__all__ = ['__metaclass__']\n"},
    ]:
        found = applicabilities(project, files)
        assert "unsafe" in found
        assert "safe" not in found


def test_another_one_goes_into_the_headers_of_the_classes_without_bases(project: Project) -> None:
    source = META + (
        "class Before: pass\n"
        "class Base(object): pass\n"
        "__metaclass__ = Meta\n"
        "class A:\n    class Inner: pass\n"
        "class B(): pass\n"
        "class C(Base): pass\n"
        "class D(metaclass=Other): pass\n"
        "def f():\n    class E: pass\n    return E\n"
        "print(*(type(c).__name__ for c in (Before, Base, A, A.Inner, B, C, D, f())))\n"
    )
    small = project(source)
    assert [finding.fix.applicability for finding in small.lint(CODE)] == ["unsafe"]
    assert small.run("main.py").stdout == "type type type type type type Other type\n"
    small.fix(CODE, unsafe=True)
    assert small.run("main.py").stdout == "type type Meta Meta Meta type Other Meta\n"
    assert "__metaclass__" not in small.texts()["main.py"]


def test_no_fix_where_a_header_cant_name_the_modules_metaclass(project: Project) -> None:
    for source in [
        "__metaclass__ = Meta\ndef f(Meta):\n    class A: pass\n",
        "__metaclass__ = Meta\nclass A:\n    Meta = 1\n    class B: pass\n",
        "if sys:\n    __metaclass__ = Meta\nclass A: pass\n",
        "a = __metaclass__ = Meta\nclass A: pass\n",
        "from gone import __metaclass__\nclass A: pass\n",
        "__metaclass__ = (Meta  # why\n    )\nclass A: pass\n",
    ]:
        assert applicabilities(project, source) == [None], source


def test_a_modules_one_and_a_classs_own_are_fixed_together(project: Project) -> None:
    source = "__metaclass__ = Meta\n\n\nclass A:\n    __metaclass__ = Other\n\n\nclass B: pass\n"
    after = fixed(project, source, unsafe=True)
    assert after == "class A(metaclass=Other):\n    pass\n\n\nclass B(metaclass=Meta): pass\n"


# In Python 2 source


def test_in_python2_source_the_message_says_what_either_does(project: Project) -> None:
    small = project(
        META
        + "class A(object):\n    __metaclass__ = Meta\n    print 1\n"
        + "class B:\n    def __metaclass__(*a): print 1\n"
        + "__metaclass__ = type\n"
    )
    assert small.messages(CODE) == [
        "`__metaclass__ = Meta` names the metaclass of `A` in Python 2 only: Python 3 takes it "
        "from the class's header, `class A(metaclass=Meta)`, and from its bases",
        "`__metaclass__` names the metaclass of `B` in Python 2 only: Python 3 takes it "
        "from the class's header, `class B(metaclass=…)`, and from its bases",
        "`__metaclass__ = type` names the metaclass of the module's classes without bases in "
        "Python 2 only: Python 3 makes them with `type`, or the `metaclass=` in their header",
    ]


def test_in_python2_source_the_header_comes_with_the_syntax(project: Project) -> None:
    source = META + "class A(object):\n    __metaclass__ = Meta\n\n    x = 0777; print x\n"
    after = META + "class A(object, metaclass=Meta):\n    x = 0o777; print(x)\n"
    assert project(source).fix(CODE, "PCL902")["main.py"] == after
    # All in one pass: both are planned from the findings of the file as it is.
    chosen = plan(project(source).lint(CODE, "PCL902"), unsafe=False)
    assert {finding.code for finding in chosen.findings} == {CODE, "PCL902"}
    # Python 2 reads no such header, and makes another class without `__metaclass__`.
    assert applicabilities(project, {"main.py": source}) == [None]
    assert project(source).fix(CODE)["main.py"] == source


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("print 1", "safe"),
        ("raise kind, value", "unsafe"),
        ("async = 1; print 1", None),
        ("print 1  # noqa: PCL902", None),
    ],
)
@pytest.mark.parametrize(
    "declared",
    [
        "class A:\n    __metaclass__ = Meta\n",
        "class A:\n    __metaclass__ = type\n",
        "__metaclass__ = type\nclass A: pass\n",
    ],
)
def test_in_python2_source_the_fix_is_as_safe_as_that_of_the_syntax(
    project: Project, declared: str, statement: str, expected: str | None
) -> None:
    source = META + declared + f"print 2\n{statement}\n"
    found = [f for f in project(source).lint(CODE, "PCL902") if f.code == CODE]
    assert [finding.fix and finding.fix.applicability for finding in found] == [expected]
    for unsafe in (False, True):
        made = project(source)
        made.fix(CODE, "PCL902", unsafe=unsafe)
        is_made = expected == "safe" or (unsafe and expected == "unsafe")
        assert ("__metaclass__" not in made.texts()["main.py"]) == is_made
        assert ("print(2)" in made.texts()["main.py"]) == is_made


def test_a_header_for_the_classes_of_a_module_comes_with_the_syntax(project: Project) -> None:
    source = META + "__metaclass__ = Meta\n\n\nclass A:\n    print 1\n"
    assert project(source).fix(CODE, "PCL902", unsafe=True)["main.py"] == (
        META + "class A(metaclass=Meta):\n    print(1)\n"
    )
    assert project(source).fix(CODE, unsafe=True)["main.py"] == source


def test_unsafe_where_abcmeta_refuses_what_works_today(project: Project) -> None:
    source = """\
import abc


class Base(object):
    __metaclass__ = abc.ABCMeta

    @abc.abstractmethod
    def price(self): ...


print(type(Base()).__name__)
"""
    small = project(source)
    assert [found.fix.applicability for found in small.lint(CODE)] == ["unsafe"]
    assert small.run("main.py").stdout == "Base\n"
    small.fix(CODE, unsafe=True)
    assert "abstract" in small.run("main.py").stderr


def test_each_assignment_of_a_module_is_reported(project: Project) -> None:
    source = "__metaclass__ = Meta\n__metaclass__ = Other\n"
    assert len(project(META + source).lint(CODE)) == 2


def test_a_module_s_metaclass_is_told_from_its_neighbours(project: Project) -> None:
    source = "x = 1; __metaclass__ = Meta\nclass C: pass\n"
    assert fixed(project, source, unsafe=True) == "x = 1\nclass C(metaclass=Meta): pass\n"


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("class C( ):", "class C(metaclass=Meta ):"),
        ("class C((Base)):", "class C((Base), metaclass=Meta):"),
        ("class C((Base),):", "class C((Base), metaclass=Meta,):"),
        ("class C(f(Base, (Base))):", "class C(f(Base, (Base)), metaclass=Meta):"),
        ("class C(\n    (Base),\n):", "class C(\n    (Base),\n    metaclass=Meta,\n):"),
        ("class C(Base # (\n):", "class C(Base, metaclass=Meta # (\n):"),
        ("class C \\\n  (*(bases)):", "class C \\\n  (*(bases), metaclass=Meta):"),
    ],
)
def test_the_keyword_stands_last_in_the_header(project: Project, header: str, after: str) -> None:
    before = "def f(*x): return Base\nclass Base: pass\nbases = Base,\n"
    source = f"{before}{header}\n    __metaclass__ = Meta\n"
    result = fixed(project, source, unsafe=True)
    assert result == f"{before}{after}\n    pass\n"
    exec(META + result, {"__name__": "main"})
