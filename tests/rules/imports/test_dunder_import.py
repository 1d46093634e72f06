"""PCL212: calls of `__import__`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL212"
Make = Callable[..., Any]


def said(project: Make, source: str) -> str:
    (message,) = project(source).messages(CODE)
    return str(message)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("__import__('json')", "is what `import json` calls"),
        ("__import__('xml.dom.minidom')", "returns `xml`; `importlib.import_module("),
        ("__import__('xml' + '.dom')", "returns the top-level package where the name has dots"),
        ("__import__('xml.dom', None, None, ['dom'])", "only for the sake of its `fromlist`"),
        ("__import__('xml', fromlist=['dom'])", "is what `from xml import …` calls"),
        ("__import__('xml', {}, {}, [], -1)", "this raises ValueError"),
        ("__import__('xml.dom', {}, {}, 0)", "returns `xml`; `importlib.import_module("),
        ("__import__('xml', globals(), level=1)", "takes the dots of a relative name"),
        ("__import__(*['xml'])", "is what the import statement calls"),
    ],
)
def test_every_call_is_reported_in_its_own_words(project: Make, call: str, words: str) -> None:
    assert words in said(project, f"found = {call}\n")


def test_what_is_said_is_what_python_does(project: Make) -> None:
    small = project(
        """\
        import importlib
        print(__import__("xml.dom.minidom").__name__)
        print(importlib.import_module("xml.dom.minidom").__name__)
        print(__import__("xml.dom", fromlist=["minidom"]).__name__)
        try:
            __import__("xml", {}, {}, [], -1)
        except ValueError as error:
            print(error)
        """
    )
    output = small.run("main.py").stdout.splitlines()
    assert output == ["xml", "xml.dom.minidom", "xml.dom", "level must be >= 0"]


@pytest.mark.parametrize(
    "source",
    [
        "__path__ = __import__('pkgutil').extend_path([], 'x')\n",
        "__import__('pkg_resources').declare_namespace(__name__)\n",
        "def __import__(name): pass\n__import__('x')\n",
        "def load(__import__):\n    return __import__('x')\n",
        "import sys\nif sys.version_info < (3,):\n    __import__('x')\n",
        """\
try:
    from importlib import import_module
except ImportError:
    def import_module(name):
        return __import__(name)
""",
        "try:\n    __import__('xml', {}, {}, [], -1)\nexcept ValueError:\n    pass\n",
        "original = __import__\n",
        "text = '__import__(\"x\")'  # __import__('x')\n",
    ],
)
def test_what_is_left_alone(project: Make, source: str) -> None:
    assert project(source).lint(CODE) == []


HELPER = """\
def load_module(test_module):
    module = __import__(test_module)
    parts = test_module.split('.')[1:]
    while parts:
        part = parts.pop()
        module = getattr(module, part)
    return module
"""


def test_the_helper_that_walks_backwards(project: Make) -> None:
    small = project(HELPER + "\nprint(load_module('xml.dom.minidom').__name__)\n")
    assert "it asks `a` for `c`" in small.messages(CODE)[0]
    assert "module 'xml' has no attribute 'minidom'" in small.run("main.py").stderr
    fixed = small.fix(CODE, unsafe=True)["main.py"]
    assert "module = importlib.import_module(test_module)\n    return module\n" in fixed
    assert small.run("main.py").stdout == "xml.dom.minidom\n"


@pytest.mark.parametrize(
    "body",
    [
        "m = __import__(n)\nfor p in n.split('.')[1:]:\n    m = getattr(m, p)",
        "m = __import__(n)\nparts = n.split('.')\nfor p in parts[1:]:\n    m = getattr(m, p)",
        "parts = n.split('.')[1:]\nm = __import__(n)\nfor p in parts: m = getattr(m, p)",
        "m = __import__(n)\nparts = n.split('.')[1:]\nwhile parts:\n    m = getattr(m, parts.pop(0))",
        "m = __import__(n)\nparts = n.split('.')[1:][::-1]\nwhile parts:\n"
        "    p = parts.pop()\n    m = getattr(m, p)",
        "import functools\nm = functools.reduce(getattr, n.split('.')[1:], __import__(n))",
    ],
)
def test_walks_that_find_the_module_are_replaced(project: Make, body: str) -> None:
    lines = body.replace("\n", "\n    ")
    small = project(
        f"def f(n):\n    {lines}\n    return m\n\n\nprint(f('xml.dom.minidom').__name__)\n"
    )
    (message,) = small.messages(CODE)
    assert "asks `a`" not in message
    before = small.run("main.py").stdout
    assert small.fix(CODE)["main.py"].count("__import__") == 1
    fixed = small.fix(CODE, unsafe=True)["main.py"]
    assert "m = importlib.import_module(n)\n    return m\n" in fixed
    assert small.run("main.py").stdout == before == "xml.dom.minidom\n"


@pytest.mark.parametrize(
    ("iterable", "is_backwards"),
    [("reversed(n.split('.')[1:])", True), ("n.split('.')[1:]", False)],
)
def test_for_loops_backwards(project: Make, iterable: str, is_backwards: bool) -> None:
    source = (
        f"def f(n):\n    m = __import__(n)\n    for p in {iterable}:\n"
        "        m = getattr(m, p)\n    return m\n"
    )
    assert ("asks `a`" in said(project, source)) is is_backwards


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = __import__('json').dumps(1)\n", "x = importlib.import_module('json').dumps(1)\n"),
        ("__import__('xml.dom')\n", "importlib.import_module('xml.dom')\n"),
        ("n = 'xml'\n__import__(n)\n", "n = 'xml'\nimportlib.import_module(n)\n"),
        (
            "import sys\nn = 'xml.dom'\n__import__(n)\nm = sys.modules[n]\n",
            "import sys\nn = 'xml.dom'\nimportlib.import_module(n)\nm = sys.modules[n]\n",
        ),
        ("m = __import__('json', globals(), {}, [], 0)\n", "m = importlib.import_module('json')\n"),
    ],
)
def test_safe_fixes(project: Make, before: str, after: str) -> None:
    small = project(before)
    assert small.run("main.py").returncode == 0
    assert small.fix(CODE)["main.py"] == f"import importlib\n{after}"
    assert small.run("main.py").returncode == 0


@pytest.mark.parametrize("between", ["\n    ", "; "])
def test_in_a_function_the_module_of_sys_modules_is_returned(project: Make, between: str) -> None:
    small = project(
        f"import sys\n\n\ndef f(name):\n    __import__(name){between}return sys.modules[name]\n\n\n"
        "print(f('xml.dom').__name__)\n"
    )
    fixed = small.fix(CODE)["main.py"]
    assert "def f(name):\n    return importlib.import_module(name)\n" in fixed
    assert small.run("main.py").stdout == "xml.dom\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "x = __import__('xml.dom').dom.Node\n",
            "import importlib\nx = importlib.import_module('xml.dom').Node\n",
        ),
        (
            "x = ((__import__('xml.dom')).dom).Node\n",
            "import importlib\nx = (importlib.import_module('xml.dom')).Node\n",
        ),
        (
            "import importlib\ndef f(n):\n    return __import__(n)\n",
            "import importlib\ndef f(n):\n    return importlib.import_module(n)\n",
        ),
        (
            "from importlib import import_module\ndef f(n):\n    return __import__(n)\n",
            "from importlib import import_module\ndef f(n):\n    return import_module(n)\n",
        ),
        (
            "def f(n, g):\n    m = __import__(n)\n    return m.x, getattr(m, g)\n",
            "import importlib\ndef f(n, g):\n    m = importlib.import_module(n)\n"
            "    return m.x, getattr(m, g)\n",
        ),
        (
            "def f(n):\n    try:\n        __import__(n)\n    except ValueError: pass\n",
            "import importlib\ndef f(n):\n    try:\n        importlib.import_module(n)\n"
            "    except ValueError: pass\n",
        ),
    ],
)
def test_unsafe_fixes(project: Make, before: str, after: str) -> None:
    small = project(before)
    assert small.fix(CODE)["main.py"] == before
    assert small.fix(CODE, unsafe=True)["main.py"] == after


@pytest.mark.parametrize(
    "source",
    [
        "x = __import__('xml', fromlist=['dom'])\n",
        "x = __import__('xml', level=1)\n",
        "print(f\"{__import__('json')=}\")\n",
        "n = 'x'\nx = getattr(__import__(f'a.{n}').b, n)\n",
        "n = 'x'\nx = __import__(n).sub\n",
        "x = __import__('xml.dom')\nx.dom.Node\n",
        "def f(n):\n    m = __import__(n)\n    for p in n.split('/'):\n        m = getattr(m, p)\n",
        "def f(n):\n    m = __import__(n)\n    return m.sub.x\n",
        "def f(n):\n    m = __import__(n)\n    return getattr(m, n.rpartition('.')[2])\n",
        "def f(n):\n    m = __import__(n)\n    m = m.sub\n    return m\n",
        "importlib = None\n__import__('x')\n",
        "__import__(  # why\n    'x')\n",
        "def f(importlib):\n    return __import__('x')\n",
    ],
)
def test_no_fix(project: Make, source: str) -> None:
    (finding,) = project(source).lint(CODE)
    assert finding.fix is None


def test_a_docstring_and_future_imports_stay_first(project: Make) -> None:
    small = project('"""Text."""\nfrom __future__ import annotations\n__import__("json")\n')
    assert small.fix(CODE)["main.py"] == (
        '"""Text."""\nfrom __future__ import annotations\nimport importlib\n'
        'importlib.import_module("json")\n'
    )


def test_python_2_source(project: Make) -> None:
    small = project({"pkg/__init__.py": "", "pkg/b.py": "", "pkg/a.py": "print __import__('b')\n"})
    (finding,) = small.lint(CODE)
    assert finding.fix is None  # Python 2 finds `pkg.b`
    small = project("print __import__('json')\n")
    assert small.places(CODE) == [("main.py", 1, 7)]
