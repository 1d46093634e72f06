"""PCL220: the name means something else below the star import, and nothing is said elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

Project = Callable[..., Any]

STORE = {"store.py": "import os\n\n\ndef open(path):\n    return path\n\n\njoin = True\n"}
ALL = {
    "store.py": "__all__ = ['sum']\n\n\ndef sum(x):\n    return x\n\n\ndef open(x):\n    return x\n"
}

REPLACED = [
    (STORE, "from store import *\nopen('x')\n", "open"),
    (STORE, "from store import *\ndef f():\n    return open('x')\n", "open"),
    (STORE, "def f():\n    return open('x')\nfrom store import *\n", "open"),
    (STORE, "from os.path import join\nfrom store import *\nprint(join)\n", "join"),
    (STORE, "join = 1\nfrom store import *\nprint(join)\n", "join"),
    (STORE, "def join(): pass\nfrom store import *\nprint(join)\n", "join"),
    (STORE, "class os: pass\nfrom store import *\nprint(os)\n", "os"),
    (ALL, "from store import *\nsum('x')\n", "sum"),
    ({}, "from os import *\nprint(open)\n", "open"),
    ({}, "from math import *\nprint(pow(2, 3))\n", "pow"),
]
KEPT = [
    (STORE, "from store import *\nprint(len('x'))\n"),
    (STORE, "from store import *\nopen = print\nopen('x')\n"),
    (STORE, "from store import *\ndef f(open):\n    return open('x')\nf(print)\n"),
    (STORE, "open('store.py')\nfrom store import *\n"),
    (STORE, "import os\nfrom store import *\nprint(os)\n"),
    (STORE, "from store import join\nfrom store import *\nprint(join)\n"),
    (STORE, "from store import *\nimport store\nprint(store.open)\n"),
    (ALL, "from store import *\nopen('store.py')\n"),
    ({}, "from io import *\nopen('main.py')\n"),
    ({}, "from asyncio import *\nprint(TimeoutError)\n"),
    ({"store.py": "open = open\n"}, "from store import *\nopen('main.py')\n"),
    ({"store.py": "from io import open\n"}, "from store import *\nopen('main.py')\n"),
    ({"store.py": "if 0:\n    def open(): pass\n"}, "from store import *\nopen('main.py')\n"),
    ({"store.py": "def open(): pass\ndel open\n"}, "from store import *\nopen('main.py')\n"),
    ({"store.py": "_x = 1\n"}, "_x = 2\nfrom store import *\nprint(_x)\n"),
]


@pytest.mark.parametrize(("files", "text", "name"), REPLACED)
def test_a_name_that_means_something_else_is_reported(
    project: Project, files: Mapping[str, str], text: str, name: str
) -> None:
    shop = project({**files, "main.py": text})
    (message,) = shop.messages("PCL220")
    assert message.startswith(f"`{name}` is no longer ")
    star = next(line for line in text.splitlines() if line.endswith("*"))
    start = text.partition(star)[0]
    look = f"globals().get({name!r}, getattr(__import__('builtins'), {name!r}, None))"
    shop.write({"main.py": f"{start}\nold = {look}\n{star}\nprint(old is not {look})\n"})
    assert shop.run("main.py").stdout.splitlines()[-1] == "True"


@pytest.mark.parametrize(("files", "text"), KEPT)
def test_what_is_left_alone(project: Project, files: Mapping[str, str], text: str) -> None:
    assert project({**files, "main.py": text}).places("PCL220") == []


def test_the_sentence_says_what_the_name_was_and_is(project: Project) -> None:
    text = "from os.path import join\nfrom store import *\n\nprint(join)\n"
    assert project({**STORE, "main.py": text}).messages("PCL220") == [
        "`join` is no longer what is imported in line 1 below this, but what `store` has by that "
        "name, a variable; line 4 uses it"
    ]
