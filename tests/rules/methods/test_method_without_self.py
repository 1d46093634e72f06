"""PCL401, compared with calling the methods; where they may be called otherwise, it is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL401"


@pytest.mark.parametrize(
    ("method", "refusal"),
    [
        ("def m(): pass", "takes 0 positional arguments but 1 was given"),
        ("def m(*, a): pass", "takes 0 positional arguments but 1 was given"),
        ("def m(**kw): pass", "takes 0 positional arguments but 1 was given"),
        ("async def m(): pass", "takes 0 positional arguments but 1 was given"),
        ("def m(*, a=1, **kw): yield", "takes 0 positional arguments but 1 was given"),
        ("import abc\n    @abc.abstractmethod\n    def m(): pass", "takes 0 positional arguments"),
        (
            "import functools\n    @functools.cache\n    def m(): pass",
            "takes 0 positional arguments",
        ),
    ],
)
def test_a_method_that_takes_nothing_fails_on_an_instance(
    project: Callable[..., Any], method: str, refusal: str
) -> None:
    source = f"class C:\n    {method}\nC().m()\n"
    if "import " in method:
        name, _, rest = method.partition("\n    ")
        source = f"{name}\nclass C:\n    {rest}\nC().m()\n"
    small = project(source)
    (message,) = small.messages(CODE)
    assert refusal in message
    assert f"C.m() {refusal}" in small.run("main.py").stderr


@pytest.mark.parametrize(
    "body",
    [
        "def m(self): pass",
        "def m(*args): pass",
        "def m(x=1): pass",
        "def m(self, /): pass",
        "@staticmethod\n    def m(): pass",
        "@property\n    def m(self): return print",
        "def m(): pass\n    m = staticmethod(m)",
        "def m(): pass\n    m = (lambda f: lambda self: None)(m)",
        "def m(): return lambda f: f\n    @m()\n    def n(self): pass\n    m = print",
        "@(lambda f: lambda self: None)\n    def m(): pass",
        "def m(): pass\n    m = lambda self: 0",
        "def m(): pass\n    def __init__(self): self.m = print",
        "def m(): pass\n    def __init__(self): vars(self)['m'] = print",
        "def m(): pass\n    def __getattribute__(self, name): return print",
        "if 0:\n        def m(): pass\n    else:\n        def m(self): pass",
        "def __new__(*args): return object.__new__(args[0])\n    def m(self): pass",
    ],
)
def test_what_works_on_an_instance_is_right(project: Callable[..., Any], body: str) -> None:
    small = project(f"class C:\n    {body}\nC().m()\n")
    assert small.lint(CODE) == []
    done = small.run("main.py")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "source",
    [
        # used as a helper in the class body
        "class C:\n    def m(): return 1\n    x = m()",
        "class C:\n    def m(f=0): return f\n    def w(): pass\n    y = [w]",
        "class C:\n    def deco(): return 1\n    def n(self, x=deco()): pass",
        "class C:\n    def __deco(): return 1\n    x = __deco()",
        # classes whose functions are no methods of their instances
        "class M(type):\n    def m(): pass",
        "from typing import Protocol\nclass P(Protocol):\n    def m(): ...",
        "from zope.interface import Interface\nclass I(Interface):\n    def m(): 'doc'",
        "from somewhere import Base\nclass C(Base):\n    def m(): pass",
        "class M(type):\n    def __init__(cls, *args): cls.m = print\nclass C(metaclass=M):\n    def m(): pass",
        "@unknown\nclass C:\n    def m(): pass",
        # wrapped or replaced elsewhere
        "class C:\n    def m(): pass\nC.m = staticmethod(C.m)",
        "from x import wrap\nclass C:\n    def m(): pass\nfor n in dir(C):\n    setattr(C, n, wrap(n))",
        "from pydantic import validator\nclass C:\n    @validator('x')\n    def m(): pass",
        "import sys\nif sys.version_info < (3,):\n    class C:\n        def m(): pass",
        # no methods at all
        "class C:\n    def __init_subclass__(): pass\n    def __class_getitem__(): pass",
        "def m(): pass",
        "class C:\n    def f(self):\n        def m(): pass",
    ],
)
def test_near_misses(project: Callable[..., Any], source: str) -> None:
    assert project(source + "\n").lint(CODE) == []


def test_the_finding_stands_at_the_def(project: Callable[..., Any]) -> None:
    source = "class É:\n    @__import__('abc').x\n    def a(self): pass\n    async  def é(\n    ): pass\n"
    (finding,) = project(source).lint(CODE)
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (4, 5, 4, 17)


def fixed(project: Callable[..., Any], source: str, *, unsafe: bool = False) -> str:
    text = project(source).fix(CODE, unsafe=unsafe)["main.py"]
    assert isinstance(text, str)
    return text


def test_the_fix_is_safe_where_all_uses_go_through_the_class(project: Callable[..., Any]) -> None:
    source = "class C:\n    x = 1  # one\n    # two\n    def m(): return 1\n\nprint(C.m())\n"
    assert fixed(project, source) == source.replace("def m", "@staticmethod\n    def m")
    assert project(fixed(project, source)).run("main.py").stdout == "1\n"


@pytest.mark.parametrize(
    "use",
    ["", "C().m()\n", "C.m()\nC().m()\n", "class D:\n    m = 1\nD.m\n", "def f(c):\n    c.m()\n"],
)
def test_the_fix_is_unsafe_otherwise(project: Callable[..., Any], use: str) -> None:
    source = f"class C:\n    def m(): return 1\n{use}"
    assert fixed(project, source) == source
    assert fixed(project, source, unsafe=True) == source.replace(
        "    def m", "    @staticmethod\n    def m"
    )


def test_uses_in_other_modules_and_through_cls_count(project: Callable[..., Any]) -> None:
    small = project(
        {
            "a.py": "class C:\n    def m(): return 1\n    def n(): return 2\n"
            "    @classmethod\n    def f(cls): return cls.n()\n",
            "b.py": "from a import C\nclass D(C): pass\nprint(C.m(), C.f())\n",
        }
    )
    assert small.fix(CODE)["a.py"].count("@staticmethod") == 2
    assert small.run("b.py").stdout == "1 2\n"


def test_static_method_goes_outermost(project: Callable[..., Any]) -> None:
    source = (
        "import functools\r\nclass C:\r\n\t# why\r\n\t@functools.cache  # so\r\n\tdef m(): return 1\r\n"
        "print(C.m())\r\n"
    )
    small = project({"main.py": source.encode()})
    text = small.fix(CODE)["main.py"]
    assert text == source.replace("\t@functools", "\t@staticmethod\r\n\t@functools")
    small.write({"more.py": "from main import C\nprint(C().m())\n"})
    assert small.run("more.py").stdout.split() == ["1", "1"]


@pytest.mark.parametrize(
    "source",
    [
        "staticmethod = 1\nclass C:\n    def m(): pass\n",
        "class C:\n    staticmethod = 1\n    def m(): pass\n",
        "def f(staticmethod):\n    class C:\n        def m(): pass\n",
    ],
)
def test_no_fix_where_staticmethod_is_something_else(
    project: Callable[..., Any], source: str
) -> None:
    (finding,) = project(source).lint(CODE)
    assert finding.fix is None


def test_python2_source(project: Callable[..., Any]) -> None:
    small = project("class C:\n    def m():\n        print 'x'\n")
    assert small.places(CODE) == [("main.py", 2, 5)]


CALLED = {
    "C().m('a')": True,
    "c = C()\nc.m(text='a')": True,
    "for c in [C(), C()]:\n    c.m('a')": True,
    "def f(c):\n    return c.m('a')\nf(C())": True,
    "class D(C):\n    pass\nD().m('a')": True,
    "C.m('a')\nC().m('b')": True,
    "C().m()": False,
    "C.m('a')": False,
    "": False,
    "C().m('a')\nC().m()": False,
    "def f(c):\n    return c.m('a')": False,
    "class D(C):\n    def m(self, text):\n        return text\nD().m('a')": False,
    "C.m = lambda self, text: text\nC().m('a')": False,
    "c = C()\nc.m = len\nc.m('a')": False,
    "C().m(*'a')": False,
    "C().m('a', 'b')": False,
}


@pytest.mark.parametrize("text", CALLED)
def test_calls_show_that_the_first_parameter_is_for_something_else(
    project: Callable[..., Any], text: str
) -> None:
    head = "class C:\n    def m(text):\n        return str(text)\n\n"
    made = project(f"{head}{text}\n")
    fails = "TypeError" in made.run("main.py").stderr
    assert made.places("PCL401") == ([("main.py", 2, 5)] if CALLED[text] else [])
    if CALLED[text]:
        assert fails
        made.fix("PCL401", unsafe=True)
        assert made.run("main.py").returncode == 0


@pytest.mark.parametrize("first", ["self", "cls", "this", "_", "self_", "klass"])
def test_a_first_parameter_that_is_called_as_one_is_one(
    project: Callable[..., Any], first: str
) -> None:
    text = f"class C:\n    def m({first}):\n        return 1\nC().m('a')\n"
    assert project(text).places("PCL401") == []


def test_calls_in_another_module_show_it_too(project: Callable[..., Any]) -> None:
    made = project(
        {
            "printer.py": "class Printer:\n    def show(text):\n        return text\n",
            "main.py": "from printer import Printer as P\n\n\ndef run():\n    return P().show('a')\n",
        }
    )
    (message,) = made.messages("PCL401")
    assert "as in line 5 of main.py: TypeError" in message
