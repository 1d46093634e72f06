"""Which of several statements a base gets its name from, against what CPython makes."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from live_questions import facts_of

from pyconcepts_lint import testing
from pyconcepts_lint.index.project import Project

SAYS_MRO = "; print(*(c.__qualname__ for c in main.Last.__mro__))"


def ours(root: Path) -> list[str] | None:
    """The names of the MRO of the class `Last` in `main.py`."""
    paths = sorted(map(str, root.rglob("*.py")))
    module = Project(str(root), paths, facts_of.__wrapped__).module(str(root / "main.py"))
    assert module is not None
    last = next(model for model in reversed(module.classes) if model.qualname == "Last")
    return None if last.mro is None else [base.qualname for base in last.mro]


def live(root: Path) -> list[str]:
    command = [sys.executable, "-c", f"import main{SAYS_MRO}"]
    return subprocess.check_output(command, cwd=root, text=True).split()


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


KNOWN = {
    "version": """
        import sys
        from enum import Enum
        if sys.version_info >= (3, 11):
            from enum import StrEnum as Base
        else:
            class Base(str, Enum): pass
        """,
    "version, in the middle": """
        import sys
        if sys.version_info < (3,):
            Base = unicode
        elif sys.version_info < (3, 8):
            class Base: pass
        else:
            from collections import UserString as Base
        """,
    "platform": """
        import os, sys
        if sys.platform == "win32" or os.name == "nt":
            class Base(str): pass
        elif sys.platform.startswith("darwin"):
            class Base(bytes): pass
        else:
            class Base(list): pass
        """,
    "python 2's module": """
        try:
            from UserDict import UserDict as Base
        except ImportError:
            from collections import UserDict as Base
        """,
    "a name that is gone": """
        try:
            from collections import MutableMapping
        except ImportError:
            from collections.abc import MutableMapping
        class Base(MutableMapping): pass
        """,
    "what is there": """
        try:
            from abc import ABC as Base
        except ImportError:
            Base = object
        """,
    "what else does": """
        try:
            import asyncio.nothing
        except ModuleNotFoundError:
            class Base: pass
        else:
            Base = asyncio.nothing.Base
        """,
    "type checkers": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from nowhere import Base
        else:
            Base = dict
        """,
    "in the same block": """
        try:
            from nowhere import Base
        except ImportError:
            class Base: pass
            class Last(Base): pass
        """,
    "rebound below": """
        Base = dict
        if len("abc") > 2:
            class Base: pass
            class Last(Base): pass
        """,
    "nested": """
        try:
            from nowhere import Base
        except ImportError:
            try:
                from collections import UserList as Base
            except ImportError:
                Base = list
        if "Base" in globals() and not hasattr(Base, "sort"):
            Base = None
        """,
    "a module of the project": """
        try:
            from fast import Base
        except ImportError:
            Base = object
        """,
    "a name that a module of the project hasn't": """
        try:
            from fast import Faster as Base
        except ImportError:
            from fast import Base
        """,
}
UNKNOWN = {"nested"}


@pytest.mark.parametrize("name", KNOWN)
def test_the_base_is_what_python_takes(tmp_path: Path, name: str) -> None:
    text = textwrap.dedent(KNOWN[name])
    text += "" if "Last" in text else "class Last(Base): pass\n"
    write(tmp_path, {"main.py": text, "fast.py": "class Base: pass"})
    assert ours(tmp_path) == (None if name in UNKNOWN else live(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "try:\n from nowhere import Base\nexcept ImportError:\n class Base: pass\n",
        "try:\n from slow import Base\nexcept ImportError:\n class Base: pass\n",
        "try:\n import json\n Base = made(json)\nexcept ImportError:\n Base = dict\n",
        "import json\nif json.x:\n class Base: pass\nelse:\n class Base(dict): pass\n",
        "import sys\nif sys.version_info > x:\n class Base: pass\nelse:\n Base = dict\n",
    ],
)
def test_what_only_running_tells_is_unknown(tmp_path: Path, text: str) -> None:
    write(
        tmp_path,
        {
            "main.py": f"{text}\nclass Last(Base): pass",
            "slow.py": "import nowhere\nclass Base: pass",
        },
    )
    assert ours(tmp_path) is None


def test_the_branch_is_that_of_a_python_that_the_project_supports(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[project]\nname = 'x'\nrequires-python = '>=3.20'\n",
            "main.py": """
                import sys
                if sys.version_info >= (3, 20):
                    class Base(dict): pass
                else:
                    class Base: pass
                class Last(Base): pass
                """,
        },
    )
    assert ours(tmp_path) == ["Last", "Base", "dict", "object"]


def test_star_imports_in_a_circle_bring_what_they_bring(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pkg/__init__.py": "from .base import *\nfrom .more import *\n",
            "pkg/base.py": "class Base: pass",
            "pkg/more.py": "from . import Base\nclass Middle(Base): pass",
            "main.py": "from pkg import Base, Middle\nclass Last(Middle, Base): pass",
        },
    )
    assert ours(tmp_path) == live(tmp_path)


def test_a_class_in_a_class_is_found_through_bases(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base.py": """
                class Widget:
                    class Error: pass
                class Button(Widget): pass
                """,
            "main.py": """
                from base import Button
                class Mine(Button):
                    class Error(Button.Error): pass
                class Below(Mine): pass
                class Last(Below.Error): pass
                """,
        },
    )
    assert ours(tmp_path) == live(tmp_path)


def test_a_class_in_a_class_is_found_before_a_base_that_is_not(tmp_path: Path) -> None:
    text = """
        from qt import QWidget
        class Widget(QWidget):
            class Error: pass
        class Button(Widget, QWidget): pass
        class Last(Button.Error): pass
        """
    write(tmp_path, {"main.py": text, "qt.py": "class QWidget: pass"})
    expected = live(tmp_path)
    (tmp_path / "qt.py").unlink()
    assert ours(tmp_path) == expected
    (tmp_path / "main.py").write_text(textwrap.dedent(text).replace("Widget, QW", "QWidget, W"))
    assert ours(tmp_path) is None


def test_a_shared_list_is_found_through_a_branch_on_the_version(
    project: Callable[..., testing.Project],
) -> None:
    made = project(
        """
        import sys
        if sys.version_info >= (3, 8):
            class Base:
                items = []
        else:
            class Base(object):
                def __init__(self):
                    self.items = []

        class Cart(Base):
            def add(self, item):
                self.items.append(item)

        Cart().add(1)
        print(Cart().items)
        """
    )
    assert made.run("main.py").stdout == "[1]\n"
    assert [row[1] for row in made.places("PCL104")] == [13]
