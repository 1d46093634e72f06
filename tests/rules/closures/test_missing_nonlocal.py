"""PCL802: what it says of a read must happen; what it leaves alone may be right."""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

OUTER = """
def outer(x=1):
{inner}
    return inner()

print(outer())
"""


def nested(inner: str) -> str:
    return OUTER.format(inner=textwrap.indent(textwrap.dedent(inner).strip(), "    "))


def outcome(source: str) -> str:
    """What running a program prints, or the exception that ends it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(source, "main.py", "exec"), {"__name__": "__main__"})
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return printed.getvalue()


FAILING = [
    "def inner():\n    y = (x := x + 1)\n    return y",
    "def inner():\n    if (x := x + 1) > 3 and (x := 2): return 1\n    return x",
    "def inner():\n    return [y for y in range(x) if (x := y)]",
    "def inner():\n    return x if (y := x) else (x := 3)",
    "def inner():\n    return {x: 1, (x := 3): 2}",
    "def inner():\n    x += 1\n    return x",
    "def inner(): x += 1; return x",
    "def inner():\n    x = x + 1\n    return x",
    "def inner():\n    x, y = 2, x\n    return y",
    "def inner():\n    (y, [x, *z]) = x, (1, 2)\n    return y",
    "def inner():\n    y = x; x = 3\n    return y",
    "def inner():\n    for x in range(x): pass\n    return 1",
    "def inner():\n    for y in range(x): x = y\n    return 1",
    "def inner():\n    while x < 3: x += 1\n    return x",
    "def inner():\n    while True:\n        if x > 2: break\n        x += 1\n    return 1",
    "def inner():\n    with open(x) as x: pass",
    "def inner():\n    try: x += 1\n    finally: pass\n    return x",
    "def inner():\n    try: x += 1\n    except KeyError: pass\n    return x",
    "def inner():\n    y = [x for _ in range(x)]\n    x = 3\n    return y",
    "def inner():\n    def more(y=x): return y\n    x = 3\n    return more()",
    "def inner():\n    y = f'{x}'\n    x = 3\n    return y",
    "def inner():\n    print(y := x)\n    x = 3\n    return y",
    "def inner():\n    y = 0 or x\n    x = 3\n    return y",
    "def inner():\n    global y\n    y = x\n    x = 1\n    return y",
    "def inner():\n    try: return x\n    finally: x = 2",
    "def inner():\n    x[0] = x = [2]",
    "def inner():\n    x.attribute, x = 1, 2",
    "def inner():\n    match x:\n        case x: return x",
    "def inner():\n    import os as y\n    y = x\n    import os as x\n    return y",
    "def inner():\n    y = x\n    def x(): pass\n    return y",
    "def inner():\n    @x\n    def y(): pass\n    x = 2\n    return y",
    "def inner():\n    @(\n  x\n    )\n    class y: pass\n    x = 2\n    return y",
    "def inner():\n    if 1:\n        @str\n        @x\n        async def y(): pass\n    x = 2\n    return y",
    "class C:\n    x = 5\n    def inner(self):\n        x += 1\n        return x\ninner = C().inner",
]


@pytest.mark.parametrize("inner", FAILING)
def test_what_is_reported_fails_and_is_mended(inner: str, project: Project) -> None:
    p = project(nested(inner))
    assert len(p.lint("PCL802")) == 1
    assert outcome(nested(inner)).startswith("UnboundLocalError: cannot access local variable 'x'")
    fixed = p.fix("PCL802", unsafe=True)["main.py"]
    assert p.lint("PCL802") == []
    assert "UnboundLocalError" not in outcome(fixed)


DELETED = [
    "def inner():\n    del x\n    return 1",
    "def inner():\n    y = 1\n    del y, x",
    "def inner():\n    x = 1\n    del x\n    return x",
    "def inner():\n    x = 1\n    del x\n    del x",
    "def inner():\n    for x in (1, 2):\n        del x\n    else:\n        x = 1\n        del x\n    return x",
]


@pytest.mark.parametrize("inner", DELETED)
def test_what_is_deleted_has_no_value(inner: str, project: Project) -> None:
    assert len(project(nested(inner)).lint("PCL802")) == 1
    assert outcome(nested(inner)).startswith("UnboundLocalError: cannot access local variable 'x'")


SILENT = [
    "def inner():\n    nonlocal x\n    x += 1\n    return x",
    "def inner():\n    x = 2\n    x += 1\n    return x",
    "def inner(x=x):\n    x += 1\n    return x",
    "def inner():\n    if outer:\n        x = 2\n    return x",
    "def inner():\n    for x in 1, 2: pass\n    return x",
    "def inner():\n    for x in 1, 2: x += x\n    return x",
    "def inner():\n    for y in 1, 2:\n        if y > 1: print(x)\n        x = y",
    "def inner():\n    while True:\n        try: x = 1\n        finally: break\n    return x",
    "def inner():\n    try: x += 1\n    except UnboundLocalError: x = 2\n    return x",
    "def inner():\n    try: return x\n    except NameError: x = 2\n    return x",
    "def inner():\n    try: return x\n    except Exception: x = 2\n    return x",
    "def inner():\n    try: return x\n    except: x = 2\n    return x",
    "def inner():\n    try:\n        x = 1\n        1 / 0\n    except ZeroDivisionError: return x",
    "def inner():\n    if False:\n        x += 1\n    return 1",
    "def inner():\n    return 1\n    x += 1",
    "def inner():\n    def more(): return x\n    x = 1\n    return more()",
    "def inner():\n    more = lambda: x\n    x = 1\n    return more()",
    "def inner():\n    def more():\n        nonlocal x\n        x = 1\n    more()\n    y = x\n    x = 3\n    return y",
    "def inner():\n    class C:\n        nonlocal x\n        x = 1\n    y = x\n    x = 3\n    return y",
    "def inner():\n    y: x = 1\n    x = 1\n    return x",
    "def inner():\n    print([x for x in 'ab'], [x := 1])\n    return x",
    "def inner():\n    import contextlib\n    with contextlib.suppress(NameError):\n        x += 1",
    "def inner():\n    match 1:\n        case x if x: return x",
    "def inner():\n    print((x := 2), x)",
    "def inner():\n    x: int\n    return 1",
]


@pytest.mark.parametrize("inner", SILENT)
def test_what_may_have_a_value_is_left_alone(inner: str, project: Project) -> None:
    p = project(nested(inner))
    assert p.lint("PCL802") == []
    assert "Error" not in outcome(nested(inner))


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    x += 1\n",  # nobody has an `x`
        "class C:\n    x = 1\n    def f(self):\n        x += 1\n",  # PCL107's
        "x: int\ndef f():\n    x += 1\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = 1\ndef f():\n    x += 1\n",
        "x = 1\ndef f(x):\n    del x\n",
        "x = 1\ndef f():\n    x = 2\n    del x\n",
        "x = 1\ndef f():\n    for x in y:\n        pass\n    del x\n",
        "x = 1\ndef f():\n    global x\n    del x\n",
        "x = 1\ndef f():\n    x = 2\n    if x:\n        del x\n    return x\n",
        "x = 1\ndef f():\n    return (x := 2) + x\n",
        "x = 1\ndef f(y):\n    return [x for z in y if (x := z)]\n",
        "x = 1\ndef f(y):\n    return y or (x := 2)\n",
        "x = 1\ndef f[x]():\n    x += 1\n",
        "class C:\n    __x = 1\n    def f(self):\n        __x += 1\n",
        "__x = 1\nclass C:\n    def f(self):\n        __x += 1\n",
        "import pytest\nx = 1\ndef test():\n    with pytest.raises(NameError):\n        x += 1\n",
    ],
)
def test_other_names_are_left_alone(source: str, project: Project) -> None:
    assert project(source).lint("PCL802") == []


def test_the_module_has_the_name_too(project: Project) -> None:
    p = project(
        """
        count = 0

        def bump():
            '''Count.'''
            # one more
            count += 1

        class Counter:
            def reset(self):
                print(count)
                count = 0

        bump()
        Counter().reset()
        """
    )
    assert p.places("PCL802") == [("main.py", 7, 5), ("main.py", 11, 15)]
    assert p.messages("PCL802")[0] == (
        "`bump` assigns `count`, which makes it a local variable, and reads it here before it has "
        "a value: UnboundLocalError; the `count` of the module needs `global count`"
    )
    fixed = p.fix("PCL802")["main.py"]
    assert "    '''Count.'''\n    global count\n    # one more\n    count += 1\n" in fixed
    assert "        global count\n        print(count)\n" in fixed
    assert outcome(fixed) == "1\n"


def test_a_name_that_only_a_global_statement_binds(project: Project) -> None:
    p = project(
        """
        def start():
            global count
            count = 0

        def bump():
            count += 1

        start()
        bump()
        """
    )
    assert p.places("PCL802") == [("main.py", 7, 5)]
    assert outcome(p.fix("PCL802")["main.py"]) == ""


def test_an_enclosing_function_may_have_it_from_the_module(project: Project) -> None:
    p = project(
        """
        x = 1

        def outer():
            global x
            def inner():
                x += 1
            inner()

        outer()
        print(x)
        """
    )
    fixed = p.fix("PCL802")["main.py"]
    assert "        global x\n        x += 1" in fixed
    assert outcome(fixed) == "2\n"


def test_declarations_are_merged(project: Project) -> None:
    source = nested("def inner():\n    y = 2\n    def f():\n        nonlocal y\n        y += x\n")
    p = project(source.replace("return inner()", "return inner() or x").replace("y += x", "x += y"))
    assert "        nonlocal y, x\n" in p.fix("PCL802")["main.py"]


def test_a_path_with_a_value_of_its_own_makes_the_fix_unsafe(project: Project) -> None:
    p = project(
        """
        limit = 10

        def check(strict):
            if strict:
                return limit
            limit = 5
            return limit

        check(True)
        """
    )
    (finding,) = p.lint("PCL802")
    assert finding.line == 6
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"


@pytest.mark.parametrize(
    "body",
    ["print(x)\n    x: int = 2", "print(x)\n    x = 1\n    del x", "y = x\n    x: int"],
)
def test_no_fix_where_the_declaration_would_be_an_error_or_delete(
    body: str, project: Project
) -> None:
    source = f"x = 1\ndef f():\n    {body}\nf()\n"
    assert [finding.fix for finding in project(source).lint("PCL802")] == [None]
    assert outcome(source).startswith("UnboundLocalError")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"x = 1\r\ndef f():\r\n\tx += 1\r\nf()\r\n", b"def f():\r\n\tglobal x\r\n\tx += 1\r\n"),
        (b"x = 1\ndef f():\n\x0c  x += 1\nf()\n", b"def f():\n\x0c  global x\n\x0c  x += 1\n"),
        (b"x = 1\ndef f(): \\\n  x += 1\nf()\n", b"def f(): \\\n  global x; x += 1\n"),
        (
            "é = 1\ndef f():\n  'ü'; é += 1\nf()\n".encode(),
            "def f():\n  'ü'; global é; é += 1\n".encode(),
        ),
        (
            b"x = 1\ndef f():\n  @print\n  def g(): pass\n  x += 1\nf()\n",
            b"def f():\n  global x\n  @print\n  def g(): pass\n  x += 1\n",
        ),
        (b"x = 1\ndef f():\n  '''doc'''\n  x += 1\nf()\n", b"  '''doc'''\n  global x\n  x += 1\n"),
    ],
)
def test_the_declaration_stands_first(source: bytes, expected: bytes, project: Project) -> None:
    p = project({"main.py": source})
    assert expected.decode() in p.fix("PCL802")["main.py"]
    assert "UnboundLocalError" not in outcome(p.texts()["main.py"])


def test_python2_has_no_nonlocal(project: Project) -> None:
    p = project(
        """
        count = 0

        def outer():
            x = 1
            def inner():
                print "inner"
                x += 1
            def bump():
                count += 1
            inner()
        """
    )
    messages = p.messages("PCL802")
    assert messages[0].endswith("UnboundLocalError; the `x` of `outer` is another variable")
    assert messages[1].endswith("the `count` of the module needs `global count`")
    fixed = p.fix("PCL802")["main.py"]
    assert "global count" in fixed
    assert "nonlocal" not in fixed
    assert "        nonlocal x\n        print(" in p.fix("PCL802", "PCL902")["main.py"]


@pytest.mark.parametrize(
    "line", ["print [x for x in 'ab']", 'exec "x = 1"', "print [1 for (y, x) in [(1, 2)]]"]
)
def test_what_binds_a_name_in_python2_only(line: str, project: Project) -> None:
    p = project(f"x = 1\ndef f():\n    {line}\n    print x\n    x = 2\nf()\n")
    assert p.lint("PCL802") == []


def test_stubs_run_nothing(project: Project) -> None:
    assert project({"a.pyi": "x = 1\ndef f():\n    x += 1\n"}).lint("PCL802") == []


@pytest.mark.parametrize(
    "guarded",
    [
        "if TYPE_CHECKING:\n        print(x)\n    else:",
        "if flag:\n        try:\n            print(x)\n        except NameError:\n"
        "            pass\n    else:",
    ],
)
def test_where_the_first_read_is_guarded_the_next_one_is_reported(
    guarded: str, project: Project
) -> None:
    p = project(
        "from typing import TYPE_CHECKING\nflag = TYPE_CHECKING\nx = 1\ndef f():\n"
        f"    {guarded}\n        x += 1\nf()\n"
    )
    assert "UnboundLocalError" in p.run("main.py").stderr
    assert [line for _, line, _ in p.places("PCL802")] == [5 + guarded.count("\n") + 1]
