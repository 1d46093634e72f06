"""PCL213: assignments of what the import system sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL213"
Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("__package__ = 'other'", "Python has set `__package__` to `pkg`; relative imports"),
        ("__package__: str = 'other'", "start from what is assigned here instead"),
        ("__package__ = 3", "not a string: every relative import of this module raises TypeError"),
        ("__package__ = ['pkg']", "not a string"),
        ("__package__ = None", "go by `__spec__`"),
        ("__path__ = ['x']", "what has a `__path__` is a package"),
        ("a, __path__ = 1, ['x']", "looks for submodules of `pkg.m` there"),
        ("__name__ = 'other'", "says that it comes from another module"),
        ("__spec__ = None", "Python has set `__spec__`"),
        ("__loader__ = None", "Python has set `__loader__`"),
        ("from other import __path__", "is a package"),
        ("def f():\n    global __name__\n    __name__ = 'x'", "comes from another module"),
        ("if x:\n    __name__ = 'y'", "comes from another module"),
    ],
)
def test_each_assignment_has_its_words(project: Make, statement: str, words: str) -> None:
    (message,) = project({"pkg/__init__.py": "", "pkg/m.py": statement + "\n"}).messages(CODE)
    assert words in message


def test_what_is_said_is_what_python_does(project: Make) -> None:
    small = project(
        {
            "pkg/__init__.py": "",
            "pkg/sub.py": "",
            "pkg/a.py": "__package__ = 3\nfrom . import sub\n",
            "pkg/b.py": "__package__ = None\nfrom . import sub\n",
            "pkg/c.py": "import os\n__path__ = [os.path.dirname(__file__)]\n",
            "pkg/d.py": "__name__ = 'other'\nclass C: pass\n",
            "main.py": """\
                import pkg.b, pkg.c.sub, pkg.d
                print(pkg.c.sub.__name__, pkg.d.C.__module__)
                try:
                    import pkg.a
                except TypeError as error:
                    print(error)
                """,
        }
    )
    assert [path for path, _, _ in small.places(CODE)] == [f"pkg/{n}.py" for n in "abcd"]
    lines = small.run("main.py").stdout.splitlines()
    assert lines[0] == "pkg.c.sub other"
    assert "package must be a string" in lines[1]


@pytest.mark.parametrize(
    "text",
    [
        "if __name__ == '__main__' and __package__ is None:\n    __package__ = 'pkg'\n",
        "if not __package__:\n    __package__ = 'pkg'\n",
        "if __name__ == '__main__':\n    __spec__ = None\n",
        "class C:\n    __name__ = 'x'\n    __path__ = ''\n",
        "def f():\n    __name__ = 'x'\n",
        "__path__: list[str]\n",
        "__all__ = []\n__doc__ = ''\n__file__ = ''\n",
        "print(__package__, __path__, __name__)\n",
        "x.__package__ = 'y'\n",
    ],
)
def test_what_is_left_alone(project: Make, text: str) -> None:
    assert project({"pkg/__init__.py": "", "pkg/m.py": text}).lint(CODE) == []


def test_the_path_of_a_package_is_its_own(project: Make) -> None:
    text = "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n"
    assert project({"pkg/__init__.py": text}).lint(CODE) == []
    assert len(project({"pkg/__init__.py": "", "pkg/m.py": text}).lint(CODE)) == 1


def test_the_name_of_a_package_is_its_package(project: Make) -> None:
    text = "__package__ = __name__\n"
    small = project({"pkg/__init__.py": text, "pkg/m.py": text})
    assert small.places(CODE) == [("pkg/m.py", 1, 1)]


def test_stubs_are_left_alone(project: Make) -> None:
    assert project({"pkg/__init__.py": "", "pkg/m.pyi": "__path__ = []\n"}).lint(CODE) == []


def test_a_module_outside_of_packages(project: Make) -> None:
    (message,) = project("__package__ = 'x'\n").messages(CODE)
    assert message.startswith("Python has set `__package__`; ")


def test_python_2_source(project: Make) -> None:
    assert project("print 1\n__path__ = ['x']\n").places(CODE) == [("main.py", 2, 1)]
