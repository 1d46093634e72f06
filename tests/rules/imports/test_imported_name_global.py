"""PCL219: the other module keeps its value; after the fix it has the new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

STATE = "x = 0\ny = 0\n\n\ndef seen():\n    return x, y\n"

BODIES = [
    ("from state import x", "x = 5"),
    ("from state import x", "x += 5"),
    ("from state import x", "if True:\n        x = 5"),
    ("from state import x", "y, x = 1, 5"),
    ("from state import x", "[*y, x] = 1, 5"),
    ("from state import x", "for x in range(6): pass"),
    ("from state import x", "with c() as x: pass"),
    ("from state import x", "try:\n        x = 5\n    finally:\n        print(x)"),
    ("from state import x, seen", "x = 5"),
    ("import state\nfrom state import x", "x = 5"),
    ("from state import x\nprint(x)", "def f():\n        global x\n        x = x + 5\n    f()"),
]
START = "import contextlib\n\n\n@contextlib.contextmanager\ndef c():\n    yield 5\n\n\n"
END = "\n\n\ngo()\nimport state as s\n\nprint(s.seen())\n"


@pytest.mark.parametrize(("imports", "body"), BODIES)
def test_the_other_modules_variable_stays_and_the_fix_changes_it(
    project: Project, imports: str, body: str
) -> None:
    text = f"{imports}\n{START}def go():\n    global x\n    {body}{END}"
    shop = project({"state.py": STATE, "main.py": text})
    assert shop.run("main.py").stdout.splitlines()[-1] == "(0, 0)"
    assert len(shop.places("PCL219")) == 1
    (message,) = shop.messages("PCL219")
    assert message == (
        "this binds `x` of this module; `state.x`, from which it was imported, stays what it was"
    )
    assert shop.fix("PCL219")["main.py"] == text
    fixed = shop.fix("PCL219", unsafe=True)["main.py"]
    assert "global" not in fixed
    found = shop.run("main.py")
    assert found.stdout.splitlines()[-1] == "(5, 0)", found.stderr + fixed
    assert shop.places("PCL219") == []


def test_each_place_is_reported_and_all_names_of_a_statement_are_fixed_together(
    project: Project,
) -> None:
    text = (
        "from state import x, y as why\n\n\ndef go(value):\n    global x, why, other\n    x = value\n"
        "    why = other = value\n\n\ndef back():\n    global x\n    x = why\n\n\n"
        "def ask():\n    global why\n    return why\n"
    )
    shop = project({"state.py": STATE, "main.py": text})
    assert shop.places("PCL219") == [("main.py", 6, 5), ("main.py", 7, 5), ("main.py", 12, 5)]
    assert shop.fix("PCL219", unsafe=True)["main.py"] == (
        "import state\n\n\ndef go(value):\n    global other\n    state.x = value\n"
        "    state.y = other = value\n\n\ndef back():\n    state.x = state.y\n\n\n"
        "def ask():\n    return state.y\n"
    )


def test_a_module_of_a_package_is_imported_from_it(project: Project) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/state.py": STATE,
        "shop/cart.py": "from .state import x\n\n\ndef go():\n    global x\n    x = 5\n",
        "main.py": "from shop import cart, state\n\ncart.go()\nprint(state.seen())\n",
    }
    shop = project(files)
    assert shop.run("main.py").stdout == "(0, 0)\n"
    assert shop.places("PCL219") == [("shop/cart.py", 6, 5)]
    fixed = shop.fix("PCL219", unsafe=True)
    assert fixed["shop/cart.py"] == "from . import state\n\n\ndef go():\n    state.x = 5\n"
    assert shop.run("main.py").stdout == "(5, 0)\n"


@pytest.mark.parametrize(
    "text",
    [
        "from state import x\n\n\ndef go():\n    x = 5\n",
        "from state import x\n\nx = 1\n\n\ndef go():\n    global x\n    x = 5\n",
        "try:\n    from state import x\nexcept ImportError:\n    x = 1\n\n\ndef go():\n    global x\n"
        "    x = 5\n",
        "from state import seen\n\n\ndef go():\n    global seen\n    seen = print\n",
        "from time import altzone\n\n\ndef go():\n    global altzone\n    altzone = 5\n",
        "from elsewhere import x\n\n\ndef go():\n    global x\n    x = 5\n",
        "from state import x\n\n\ndef go():\n    global x\n    return x\n",
        "import state\n\n\ndef go():\n    state.x = 5\n",
    ],
)
def test_what_is_left_alone(project: Project, text: str) -> None:
    assert project({"state.py": STATE, "main.py": text}).places("PCL219") == []


@pytest.mark.parametrize(
    "text",
    [
        "from state import x\n\n\ndef go():\n    global x\n    if (x := 5): x = 4\n",
        "from state import x  # why\n\n\ndef go():\n    global x\n    x = 5\n",
        "from state import x\n\n__all__ = ['x']\n\n\ndef go():\n    global x\n    x = 5\n",
        "from state import x\n\nstate = 1\n\n\ndef go():\n    global x\n    x = 5\n",
    ],
)
def test_the_fix_is_withheld_where_a_name_cant_go(project: Project, text: str) -> None:
    shop = project({"state.py": STATE, "main.py": text})
    assert shop.lint("PCL219")
    assert shop.fix("PCL219", unsafe=True)["main.py"] == text
