"""PCL211: what is done to `sys.modules`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL211"
Make = Callable[..., Any]


@pytest.mark.parametrize(
    "statement",
    [
        "del sys.modules['m']",
        "del (sys.modules['m'])",
        "x = 1; del x, sys.modules['m']",
        "del [sys.modules['m']]",
        "sys.modules.pop('m')",
        "sys.modules.pop('m', None)",
        "found = sys.modules \\\n    .pop('m')",
        "def f():\n    del sys.modules['m']\nf()",
    ],
)
def test_a_module_that_is_removed_is_imported_twice(project: Make, statement: str) -> None:
    source = f"import sys\nimport m\n{statement}\nfirst = m\nimport m\nprint(m is first)\n"
    small = project({"m.py": "", "main.py": source})
    (message,) = small.messages(CODE)
    assert "the next `import m` has to load it anew, as a second module" in message
    assert small.run("main.py").stdout == "False\n"


@pytest.mark.parametrize(
    "prelude",
    [
        "import sys as s",
        "from sys import modules",
        "from sys import modules as cache",
        "import os, sys",
    ],
)
def test_sys_by_any_name(project: Make, prelude: str) -> None:
    name = prelude.split()[-1]
    modules = name if "from" in prelude else f"{name}.modules"
    small = project(f"{prelude}\ndel {modules}[name]\n")
    assert small.places(CODE) == [("main.py", 2, 5)]


def test_an_import_in_the_function(project: Make) -> None:
    assert project("def f():\n    import sys\n    del sys.modules['m']\n").places(CODE) == [
        ("main.py", 3, 9)
    ]


def test_none_in_a_modules_place(project: Make) -> None:
    small = project(
        """\
        import sys
        sys.modules["json"] = None
        try:
            import json
        except ModuleNotFoundError as error:
            print(error)
        """
    )
    (message,) = small.messages(CODE)
    assert "`import json` raises ModuleNotFoundError from now on" in message
    assert small.run("main.py").stdout.startswith("import of json halted; None in sys.modules")


def test_another_object_in_a_modules_place(project: Make) -> None:
    small = project(
        {
            "m.py": "import sys\nclass C: pass\nsys.modules[__name__] = C()\n",
            "main.py": "import m\nprint(type(m).__name__)\n",
        }
    )
    (message,) = small.messages(CODE)
    assert "modules that import this one get `C()` in its place" in message
    assert small.run("main.py").stdout == "C\n"


@pytest.mark.parametrize(
    "body",
    [
        # What was there is put back, or what was put there is taken away.
        "old = sys.modules.pop('m')\n    try: pass\n    finally: sys.modules['m'] = old",
        "sys.modules['m'] = None\n    try: pass\n    finally: del sys.modules['m']",
        "sys.modules[n] = object()\n    del sys.modules[n]",
        "old = dict(sys.modules)\n    del sys.modules[n]\n    sys.modules.update(old)",
        # A module that couldn't be loaded is cleared away.
        "try:\n        run()\n    except Exception:\n        del sys.modules[n]\n        raise",
        "try:\n        run()\n    finally:\n        sys.modules.pop(n, None)",
        # Other things.
        "sys.modules[n] = object()",
        "sys.modules[__name__] = sys.modules[__name__]",
        "sys.modules[__name__].__class__ = object",
        "del self.modules[n]",
        "modules.pop(n)",
        "return sys.modules[n], sys.modules.get(n)",
        "if sys.version_info < (3,):\n        del sys.modules[n]",
    ],
)
def test_what_is_left_alone(project: Make, body: str) -> None:
    assert project(f"import sys\n\n\ndef f(self, n, modules):\n    {body}\n").lint(CODE) == []


def test_another_sys(project: Make) -> None:
    assert project("def f(sys):\n    del sys.modules['m']\n").lint(CODE) == []
    assert project("import x.sys as sys\ndel sys.modules['m']\n").lint(CODE) == []
    assert project("sys = object()\ndel sys.modules['m']\n").lint(CODE) == []


def test_a_class_that_puts_it_back(project: Make) -> None:
    source = """\
        import sys

        class Without:
            def __enter__(self):
                self.old = sys.modules.pop("m", None)

            def __exit__(self, *_):
                sys.modules["m"] = self.old
        """
    assert project(source).lint(CODE) == []


def test_tests_are_left_alone(project: Make) -> None:
    text = "import sys\ndel sys.modules['m']\n"
    small = project({"tests/a.py": text, "test_b.py": text, "conftest.py": text})
    assert small.lint(CODE) == []


def test_python_2_source(project: Make) -> None:
    assert project("import sys\nprint 1\ndel sys.modules['m']\n").places(CODE) == [
        ("main.py", 3, 5)
    ]


def test_an_f_string_with_a_format_that_is_computed(project: Make) -> None:
    shop = project("import sys\n\nx = f\"{1:>{2}} {sys.modules.pop('shop', None)}\"\n")
    assert shop.places(CODE) == [("main.py", 3, 17)]
