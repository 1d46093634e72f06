"""PCL204: relative imports that lead out of the topmost package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL204"
Make = Callable[..., Any]
PACKAGE = {"prices.py": "x = 1\n", "pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/a.py": ""}


@pytest.mark.parametrize(
    ("path", "statement", "error"),
    [
        ("pkg/m.py", "from ..prices import x", "beyond top-level package"),
        ("pkg/m.py", "from .. import prices", "beyond top-level package"),
        ("pkg/sub/m.py", "from ...prices import x", "beyond top-level package"),
        ("pkg/sub/m.py", "from ..... import x", "beyond top-level package"),
        ("pkg/sub/m.py", "def f():\n    from ... import prices\nf()", "beyond top-level package"),
        ("m.py", "from .prices import x", "no known parent package"),
        ("m.py", "from . import prices", "no known parent package"),
        ("scripts/m.py", "from ..prices import x", "beyond top-level package"),
    ],
)
def test_import_that_fails_is_reported(
    project: Make, path: str, statement: str, error: str
) -> None:
    small = project({**PACKAGE, path: statement + "\n"})
    line = 2 if "def" in statement else 1
    assert small.places(CODE) == [(path, line, 5 if line == 2 else 1)]
    dotted = path.removesuffix(".py").replace("/", ".")
    assert error in small.run_module(dotted).stderr


def test_init_is_its_package(project: Make) -> None:
    small = project(
        {**PACKAGE, "pkg/sub/__init__.py": "from .. import a\nfrom ... import prices\n"}
    )
    assert small.places(CODE) == [("pkg/sub/__init__.py", 2, 1)]
    (message,) = small.messages(CODE)
    assert "`pkg.sub` is `pkg.sub`, 2 packages deep" in message


def test_message(project: Make) -> None:
    def said(path: str, statement: str) -> str:
        (message,) = project({**PACKAGE, path: statement}).messages(CODE)
        return str(message)

    assert "the 2 dots of `..prices` lead out of the topmost package" in said(
        "pkg/m.py", "from ..prices import x"
    )
    assert "`pkg.m` is in `pkg`, 1 package deep" in said("pkg/m.py", "from ..prices import x")
    assert "`m` is in no package, so there is nothing that the dot of `.prices`" in said(
        "m.py", "from .prices import x"
    )


def test_src_is_a_root(project: Make) -> None:
    small = project({"src/pkg/__init__.py": "", "src/pkg/m.py": "from ..other import x\n"})
    assert small.places(CODE) == [("src/pkg/m.py", 1, 1)]


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/m.py": "from . import a\nfrom .a import x\n"},
        {"pkg/sub/m.py": "from .. import a\nfrom ..a import x\n"},
        {"pkg/m.py": "try:\n    from ..prices import x\nexcept ImportError:\n    pass\n"},
        {
            "m.py": "try:\n    from .prices import x\nexcept (ImportError, ValueError):\n    from prices import x\n"
        },
        {"m.py": "if __package__:\n    from .prices import x\nelse:\n    from prices import x\n"},
        {
            "m.py": "if __name__ == '__main__':\n    from prices import x\nelse:\n    from .prices import x\n"
        },
        {
            "pkg/m.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..prices import x\n"
        },
        {"m.py": "__package__ = 'pkg'\nfrom .a import x\n"},
        {"pkg/m.pyi": "from ..prices import x\n"},
        {"scripts/m.py": "from .b import x\n", "scripts/b.py": "x = 1\n"},
        {"deep/down/here/__init__.py": "", "deep/down/here/m.py": "from ..other import x\n"},
        {"setup.py": "setup(package_dir={'shop': '.'})\n", "m.py": "from .prices import x\n"},
        {"run.py": "import runpy\nrunpy.run_path('m.py')\n", "m.py": "from .prices import x\n"},
    ],
)
def test_what_is_right_or_not_known(project: Make, files: dict[str, str]) -> None:
    assert project({**PACKAGE, **files}).messages(CODE) == []


def test_root_that_is_imported_as_a_package(project: Make) -> None:
    small = project({**PACKAGE, "pkg/m.py": "from ..prices import x\n"})
    small.write({"other.py": f"import {small.root.name}.prices\n"})
    assert small.messages(CODE) == []


def test_python_2_source(project: Make) -> None:
    small = project({**PACKAGE, "pkg/m.py": "from ..prices import x\nprint x\n"})
    assert small.places(CODE) == [("pkg/m.py", 1, 1)]
