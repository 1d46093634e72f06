"""PCL221: the names are gone in this Python, or still there, as the table says."""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.rules.imports._gone import GONE, INSTEAD

Project = Callable[..., Any]


def _has(module: str, name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(importlib.import_module(module), name)


def test_the_table_says_what_this_python_has() -> None:
    there = {
        pair for pair in GONE if pair[0] in sys.stdlib_module_names | {"os.path"} and _has(*pair)
    }
    assert there == {pair for pair, minor in GONE.items() if minor > sys.version_info[1]}


def test_python_2_had_what_python_3_never_had(python2: str) -> None:
    gone = [pair for pair, minor in GONE.items() if not minor]
    text = "\n".join(f"import {module}; {module}.{name}" for module, name in gone)
    # They are there only while an exception is handled, or until `site` takes it away.
    text = text.replace("import sys;", "import sys; reload(sys); sys.exc_type = 1;")
    text = text.replace(
        "sys.exc_type = 1;", "sys.exc_type = sys.exc_value = sys.exc_traceback = 1;"
    )
    done = subprocess.run([python2, "-c", text], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_what_has_taken_their_place_is_there() -> None:
    for dotted in INSTEAD.values():
        module, _, name = dotted.rpartition(".")
        assert module == "str" or _has(module or "builtins", name), dotted


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (
            "import string\nprint(string.letters)\n",
            (2, 7),
            "in Python 3: this raises AttributeError",
        ),
        ("import string as s\ndef f(): return s.letters\nf()\n", (2, 17), "`string.ascii_letters`"),
        ("import time\nclock = time.clock\n", (2, 9), "since Python 3.8"),
        ("import os.path\nos.path.walk('.', print, 1)\n", (2, 1), "`os.path` has no `walk`"),
        ("from os import path\npath.walk('.', print, 1)\n", (2, 1), "`os.walk`"),
        ("from itertools import izip\n", (1, 1), "in Python 3: this raises ImportError"),
        ("from collections import deque, Mapping\n", (1, 32), "`collections.abc.Mapping`"),
        ("import urllib\nurllib.quote('x')\n", (2, 1), "`urllib.parse.quote`"),
    ],
)
def test_what_is_gone_is_reported_and_fails(
    project: Project, text: str, place: tuple[int, int], said: str
) -> None:
    shop = project(text)
    assert shop.run("main.py").returncode == 1
    assert shop.places("PCL221") == [("main.py", *place)]
    assert said in shop.messages("PCL221")[0]


@pytest.mark.parametrize(
    "text",
    [
        "import string\nprint(getattr(string, 'letters', 1))\n",
        "import string\nif hasattr(string, 'letters'): print(string.letters)\n",
        "import string\ntry:\n    string.letters\nexcept AttributeError:\n    pass\n",
        "import string\ntry:\n    string.letters\n    first = lambda: string.letters\n"
        "except AttributeError:\n    first = lambda: string.ascii_letters\nfirst()\n",
        "import string\nimport sys\nif sys.version_info < (3,): print(string.letters)\n",
        "import time\nimport sys\nif sys.version_info < (3, 8):\n    print(time.clock())\n",
        "import types\nif hasattr(types, 'ClassType'): print(types.TypeType)\n",
        "import inspect\nif hasattr(inspect, 'getfullargspec'):\n    print(1)\nelse:\n"
        "    print(inspect.getargspec)\n",
        "import urllib\ntry:\n    from urllib.parse import quote\nexcept ImportError:\n"
        "    quote = urllib.quote\n",
        "import string\nstring.letters = 'abc'\nprint(string.letters)\n",
        "import string\nclass T: letters = 1\ndef f(string): return string.letters\nf(T())\n",
        "string = type('T', (), {'letters': 1})\nprint(string.letters)\n",
        "try:\n    from itertools import izip\nexcept ImportError:\n    izip = zip\n",
        "import string\nprint(string.ascii_letters, 'a'.lower())\n",
        "from collections.abc import Mapping\n",
    ],
)
def test_what_runs_is_left_alone(project: Project, text: str) -> None:
    shop = project(text)
    assert shop.run("main.py").returncode == 0
    assert shop.places("PCL221") == []


def test_a_module_of_the_project_has_what_it_binds(project: Project) -> None:
    files = {"fractions.py": "gcd = 1\n", "main.py": "import fractions\nprint(fractions.gcd)\n"}
    shop = project(files)
    assert shop.run("main.py").stdout == "1\n"
    assert shop.places("PCL221") == []


def test_a_version_that_the_project_keeps_is_a_test_of_the_version(project: Project) -> None:
    shop = project(
        {
            "compat.py": "import sys\n\npython_version_tuple = sys.version_info[:3]\n",
            "main.py": "import ast\nimport compat\n\n\n"
            "text = ast.Str if compat.python_version_tuple < (3, 8, 0) else ast.Constant\n"
            "if compat.python_version_tuple < (3, 8, 0):\n    print(ast.Str)\n",
        }
    )
    assert shop.places("PCL221") == []
