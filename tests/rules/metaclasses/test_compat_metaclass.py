"""PCL302: what is reported, and that programs do the same after the fix."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL302"
SIX = """\
def with_metaclass(meta, *bases):
    class temporary(type):
        def __new__(cls, name, ignored, namespace):
            return meta(name, bases, namespace)
        @classmethod
        def __prepare__(cls, name, ignored):
            return meta.__prepare__(name, bases)
    return type.__new__(temporary, "temporary", (), {})

def add_metaclass(meta):
    def decorate(cls):
        namespace = {k: v for k, v in vars(cls).items() if k not in ("__dict__", "__weakref__")}
        return meta(cls.__name__, cls.__bases__, namespace)
    return decorate
"""
BEFORE = """\
import abc, six
from six import with_metaclass, add_metaclass as added
made = []
class Meta(type):
    def __new__(meta, name, bases, namespace):
        made.append(name)
        return super().__new__(meta, name, bases, namespace)
class A: pass
class B: pass
def same(cls): return cls
"""
AFTER = """\

print(type(C).__name__, C.__name__, [base.__name__ for base in C.__mro__], C.__doc__, made)
print(sorted(name for name in vars(C) if not name.startswith("__")))
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class C(six.with_metaclass(Meta)): pass", "class C(metaclass=Meta): pass"),
        ("class C(six.with_metaclass(Meta, A)): pass", "class C(A, metaclass=Meta): pass"),
        (
            "class C(with_metaclass(Meta, A, B)):\n    x = 1",
            "class C(A, B, metaclass=Meta):\n    x = 1",
        ),
        (
            "class C( six . with_metaclass ( Meta , A , ) , ): pass",
            "class C( A, metaclass=Meta , ): pass",
        ),
        (
            "class C(\n    six.with_metaclass(\n        Meta,\n        A,\n        B,  # more\n    )\n):"
            "\n    pass",
            None,
        ),
        (
            "class C(\n    six.with_metaclass(\n        Meta,\n        A,  # first\n        B\n    )\n):"
            "\n    pass",
            "class C(\n    A,  # first\n        B, metaclass=Meta\n):\n    pass",
        ),
        (
            "class C(six.with_metaclass(abc.ABCMeta, A)):  # why\n    '''doc'''",
            "class C(A, metaclass=abc.ABCMeta):  # why\n    '''doc'''",
        ),
        ("class C(six.with_metaclass((Meta), (A))): pass", "class C((A), metaclass=(Meta)): pass"),
        ("@six.add_metaclass(Meta)\nclass C: pass", "class C(metaclass=Meta): pass"),
        (
            "@added(abc.ABCMeta)\nclass C(A):\n    x = 1",
            "class C(A, metaclass=abc.ABCMeta):\n    x = 1",
        ),
        (
            "# above\n@same\n@added(  Meta  )\n# below\nclass C(A, B,):\n    pass",
            "# above\n@same\n# below\nclass C(A, B, metaclass=Meta,):\n    pass",
        ),
        ("@added(Meta)  # why\nclass C: pass", None),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_safe_fixes_keep_what_the_program_does(
    project: Callable[..., Any], before: str, after: str | None, newline: str
) -> None:
    text = (BEFORE + before + AFTER).replace("\n", newline)
    p = project({"main.py": text.encode(), "six.py": SIX})
    output = p.run("main.py")
    assert not output.stderr
    assert len(p.lint(CODE)) == 1
    expected = BEFORE + (after or before) + AFTER
    assert p.fix(CODE)["main.py"] == expected.replace("\n", newline)
    made_once = p.run("main.py")
    # `add_metaclass` has the name twice only where the first class is made by it, too.
    assert made_once.stdout == output.stdout
    assert not made_once.stderr
    if after is None:
        assert p.fix(CODE, unsafe=True)["main.py"] == expected.replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class C(six.with_metaclass(Meta, A), B): pass", "class C(A, B, metaclass=Meta): pass"),
        ("class C(B, six.with_metaclass(Meta, A)): pass", "class C(B, A, metaclass=Meta): pass"),
        ("class C(B, six.with_metaclass(Meta)): pass", "class C(B, metaclass=Meta): pass"),
        ("class C(six.with_metaclass(Meta), B): pass", "class C(B, metaclass=Meta): pass"),
        (
            "class C(with_metaclass(same(Meta), A)): pass",
            "class C(A, metaclass=same(Meta)): pass",
        ),
        ("class C(with_metaclass(Meta, *[A, B])): pass", "class C(*[A, B], metaclass=Meta): pass"),
        ("@added(Meta)\n@same\nclass C: pass", "@same\nclass C(metaclass=Meta): pass"),
        (
            "class D(metaclass=Meta): pass\n@added(Meta)\nclass C(D): pass",
            "class D(metaclass=Meta): pass\nclass C(D, metaclass=Meta): pass",
        ),
        (
            "class D:\n    def __init_subclass__(cls): made.append(1)\n@added(Meta)\nclass C(D): pass",
            "class D:\n    def __init_subclass__(cls): made.append(1)\nclass C(D, metaclass=Meta): pass",
        ),
        (
            "class P(type):\n    def __prepare__(*a): return {'x': 1}\n@added(P)\nclass C: pass",
            "class P(type):\n    def __prepare__(*a): return {'x': 1}\nclass C(metaclass=P): pass",
        ),
    ],
)
def test_what_may_change_the_program_is_unsafe(
    project: Callable[..., Any], before: str, after: str
) -> None:
    p = project({"main.py": BEFORE + before + AFTER, "six.py": SIX})
    assert p.fix(CODE)["main.py"] == BEFORE + before + AFTER
    assert p.fix(CODE, unsafe=True)["main.py"] == BEFORE + after + AFTER
    done = p.run("main.py")
    assert not done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "class C(six.with_metaclass(Meta, A), metaclass=Meta): pass",
        "class C(six.with_metaclass(Meta, A), x=1): pass",
        "class C(six.with_metaclass(*args)): pass",
        "class C(six.with_metaclass(meta=Meta)): pass",
        "class C(six.with_metaclass()): pass",
        "class C((six.with_metaclass(Meta, A))): pass",
        "@added(Meta)\nclass C(metaclass=Meta): pass",
        "@added(Meta)\nclass C(**more): pass",
        "@added(*args)\nclass C: pass",
    ],
)
def test_there_is_no_fix_where_the_header_has_no_room(
    project: Callable[..., Any], text: str
) -> None:
    (finding,) = project(BEFORE + text).lint(CODE)
    assert finding.fix is None


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("import six", "six.with_metaclass"),
        ("import six as s", "s.with_metaclass"),
        ("from six import with_metaclass", "with_metaclass"),
        ("from six import with_metaclass as wm", "wm"),
        ("from django.utils import six", "six.with_metaclass"),
        ("import django.utils.six", "django.utils.six.with_metaclass"),
        ("from .six import with_metaclass", "with_metaclass"),
        ("from . import six", "six.with_metaclass"),
        ("from future.utils import with_metaclass", "with_metaclass"),
        ("from .compat import with_metaclass", "with_metaclass"),
        ("from .compat import six", "six.with_metaclass"),
        (
            "try:\n    from django.utils import six\nexcept ImportError:\n    import six",
            "six.with_metaclass",
        ),
    ],
)
def test_by_any_name(project: Callable[..., Any], imports: str, call: str) -> None:
    text = f"{imports}\n\n\nclass C({call}(M, A)): pass\n"
    files = {
        "pkg/__init__.py": "",
        "pkg/compat.py": "from six import with_metaclass\nfrom . import six\n",
        "pkg/six.py": SIX,
        "pkg/main.py": text,
    }
    line = text[: text.index("class C")].count("\n") + 1
    assert project(files).places(CODE) == [("pkg/main.py", line, 9)]


@pytest.mark.parametrize(
    "text",
    [
        "class C(six.with_metaclass(M, A)): pass",
        "def with_metaclass(m, *b): pass\nclass C(with_metaclass(M, A)): pass",
        "from elsewhere import with_metaclass\nclass C(with_metaclass(M, A)): pass",
        "import six\nfrom elsewhere import x as six\nclass C(six.with_metaclass(M, A)): pass",
        "import six\nsix = make()\nclass C(six.with_metaclass(M, A)): pass",
        "import six\ndef f(six):\n    class C(six.with_metaclass(M, A)): pass",
        "import six\nBase = six.with_metaclass(M, A)",
        "import six\nclass C(f(six.with_metaclass(M, A))): pass",
        "import six\nclass C(six.with_metaclass): pass",
        "import six\nclass C(six.add_metaclass(M)): pass",
        "import six\n@six.with_metaclass(M)\nclass C: pass",
        "import six\n@six.add_metaclass(M)\ndef f(): pass",
        "import six\nif six.PY2:\n    class C(six.with_metaclass(M, A)): pass",
        "import six, sys\nif sys.version_info[0] < 3:\n    @six.add_metaclass(M)\n    class C: pass",
    ],
)
def test_others_are_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


def test_messages(project: Callable[..., Any]) -> None:
    text = """\
        import six
        from copies import six as copied
        class C(six.with_metaclass(M, A)): pass
        class D(six.with_metaclass(M, A), B, *more): pass
        class E(copied.with_metaclass(M, A), B): pass
        @six.add_metaclass(M)
        class F: pass
        """
    assert project(text).messages(CODE) == [
        "`six.with_metaclass` makes `C` by way of a temporary class: Python 3 takes the metaclass "
        "from the header, `metaclass=…`",
        "`six.with_metaclass` leaves `B` and `more` out of the bases of `D`: Python 3 takes the "
        "metaclass from the header, `metaclass=…`",
        "`copied.with_metaclass` makes `E` by way of a temporary class: Python 3 takes the "
        "metaclass from the header, `metaclass=…`",
        "`six.add_metaclass` makes `F` a second time: Python 3 takes the metaclass from the "
        "header, `metaclass=…`",
    ]


def test_in_python2_source_the_fix_waits_for_python3_syntax(project: Callable[..., Any]) -> None:
    text = textwrap.dedent(
        """\
        import six
        print 'x'
        class C(six.with_metaclass(M, A)):
            pass
        """
    )
    p = project(text)
    assert [finding.fix for finding in p.lint(CODE)] == [None]
    assert "class C(A, metaclass=M):" in p.fix(CODE, "PCL902")["main.py"]


def test_real_six_does_what_is_said() -> None:
    six = pytest.importorskip("six")

    class A:
        pass

    class B:
        pass

    class C(six.with_metaclass(type, A), B):  # type: ignore[misc]
        pass

    assert C.__bases__ == (A,)
