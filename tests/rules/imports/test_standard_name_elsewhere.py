"""PCL222: no Python has the names there, and each is where the table says."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.rules.imports._gone import ELSEWHERE, ELSEWHERE_MODULES

Project = Callable[..., Any]
CODE = "PCL222"


def test_no_module_has_what_is_elsewhere() -> None:
    there = [pair for pair in ELSEWHERE if hasattr(importlib.import_module(pair[0]), pair[1])]
    assert there == []


def test_the_standard_library_never_binds_them_on_another_platform() -> None:
    """`from nt import *` and branches on the platform bind what isn't there on this one."""
    paths = {
        module: getattr(importlib.import_module(module), "__file__", "")
        for module in ELSEWHERE_MODULES
    }
    written = {module: path for module, path in paths.items() if path.endswith(".py")}
    assert len(written) > 8
    for module, path in written.items():
        with open(path, encoding="utf-8") as text:
            lines = text.read().splitlines()
        for name in (name for of, name in ELSEWHERE if of == module):
            assert not [line for line in lines if line.startswith((f"def {name}(", f"{name} ="))]


@pytest.mark.parametrize("dotted", sorted(set(ELSEWHERE.values())))
def test_each_is_where_the_message_says(dotted: str) -> None:
    module, _, rest = dotted.rpartition(".")
    owner, _, attribute = module.rpartition(".")
    text = f"import {module or 'builtins'} as m\nm.{rest}\n"
    if module in ("datetime.datetime", "socket.socket"):
        text = f"import {owner} as m\nm.{attribute}.{rest}\n"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert done.stderr == ""


RAISING = [
    ("import datetime\nprint(datetime.now())\n", (2, 7), "print(datetime.datetime.now())"),
    ("import datetime as dt\ndt.strptime('1', '%d')\n", (2, 1), "dt.datetime.strptime('1', '%d')"),
    ("import os\ndef f(): return os.exists('x')\nf()\n", (2, 17), "return os.path.exists('x')"),
    ("import os\nos.sleep(1)\n", (2, 1), ""),
    ("from os import exists\n", (1, 1), ""),
    ("from datetime import date, now\n", (1, 28), ""),
    ("import logging\nlogging.RotatingFileHandler('x')\n", (2, 1), ""),
    ("import socket\nsocket.connect(('', 1))\n", (2, 1), ""),
    ("import datetime\ndatetime.isoformat(1)\n", (2, 1), ""),
]


@pytest.mark.parametrize(("text", "place", "fixed"), RAISING)
def test_what_raises_is_reported_and_mended(
    project: Project, text: str, place: tuple[int, int], fixed: str
) -> None:
    shop = project(text)
    assert shop.run("main.py").stderr.splitlines()[-1].startswith(("AttributeError", "ImportError"))
    assert shop.places(CODE) == [("main.py", *place)]
    after = shop.fix(CODE)["main.py"]
    assert (after != text) == bool(fixed)
    if fixed:
        assert fixed in after
        assert shop.run("main.py").stderr == ""


FINE: list[Any] = [
    "from datetime import datetime\ndatetime.now()\n",
    "import datetime\ndatetime.datetime.now()\ndatetime.date.today()\n",
    "import os\nos.path.exists('x')\nos.getcwd()\n",
    "import os\ntry:\n    os.exists\nexcept AttributeError:\n    pass\n",
    "import os\nif hasattr(os, 'exists'):\n    os.exists\n",
    "import os\nos.exists = os.path.exists\nos.exists('x')\n",
    "import os\ndef f(os): return os.exists\n",
    "try:\n    from os import exists\nexcept ImportError:\n    from os.path import exists\n",
    {"datetime.py": "now = print\n", "main.py": "import datetime\ndatetime.now()\n"},
]


@pytest.mark.parametrize("source", FINE)
def test_what_runs_is_not_reported(project: Project, source: Any) -> None:
    shop = project(source)
    assert shop.run("main.py").stderr == ""
    assert shop.places(CODE) == []
