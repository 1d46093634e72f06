"""PCL215: modules that are loaded, and used by a name that nothing binds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL215"
Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("from os import path\nprint(os.sep)\n", "os", (2, 7)),
        ("from os.path import join\nos.getcwd()\n", "os", (2, 1)),
        ("import os.path as p\nprint(os)\n", "os", (2, 7)),
        ("import os as o\ndef f():\n    return os.sep\nf()\n", "os", (3, 12)),
        ("from os import path as p, sep\nx = [os.sep for i in 'a']\n", "os", (2, 6)),
        ("from os import sep\nclass A:\n    x = os.sep\n", "os", (3, 9)),
        ("from os import sep\né = 'ü', os\n", "os", (2, 10)),
        ("from os import sep; x = os\n", "os", (1, 25)),
        ("def f():\n    from os import sep\n    return os\nf()\n", "os", (3, 12)),
        ("import json\nfrom os import sep\nx: os.PathLike = 1\nos.x\n", "os", (4, 1)),
    ],
)
def test_first_use_is_reported_and_fails(
    project: Make, text: str, name: str, place: tuple[int, int]
) -> None:
    small = project(text)
    assert small.places(CODE) == [("main.py", *place)]
    assert f"NameError: name '{name}' is not defined" in small.run("main.py").stderr


def test_message_says_what_the_import_binds(project: Make) -> None:
    def said(text: str) -> str:
        (message,) = project(text).messages(CODE)
        return str(message)

    assert "`from os import path` (line 1) binds `path`, not `os`" in said(
        "from os import path\nos\n"
    )
    assert "`import os.path as p` (line 1) binds `p`" in said("import os.path as p\nos\n")
    assert "`from os import sep as s` (line 1) binds `s`" in said("from os import sep as s\nos\n")
    assert "binds the names of that module" in said("from os import *\nos\n")


def test_each_name_is_reported_once(project: Make) -> None:
    small = project("from os import sep\nfrom json import load\njson, os\njson, os\n")
    assert small.places(CODE) == [("main.py", 3, 1), ("main.py", 3, 7)]


def test_project_package(project: Make) -> None:
    small = project(
        {"pkg/__init__.py": "", "pkg/a.py": "x = 1\n", "main.py": "from pkg.a import x\npkg.a\n"}
    )
    assert small.places(CODE) == [("main.py", 2, 1)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from os import sep  # a\nprint(os.sep)\n",
            "from os import sep  # a\nimport os\nprint(os.sep)\n",
        ),
        (
            "from os import (\n    sep,\n)\nprint(os.sep)\n",
            "from os import (\n    sep,\n)\nimport os\nprint(os.sep)\n",
        ),
        ("from os import sep; print(os.sep)\n", "from os import sep; import os; print(os.sep)\n"),
        (
            "from os import sep\r\nprint(os.sep)\r\n",
            "from os import sep\r\nimport os\r\nprint(os.sep)\r\n",
        ),
        (
            "from os import \\\n  sep\nprint(os.sep)",
            "from os import \\\n  sep\nimport os\nprint(os.sep)",
        ),
    ],
)
def test_fix(project: Make, before: str, after: str) -> None:
    small = project({"main.py": before.encode()})
    assert small.fix(CODE)["main.py"] == after
    assert small.run("main.py").stdout == "/\n"


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "def f():\n    from os import sep\n    return os\n"},
        {"main.py": "if x:\n    from os import sep\nos\n"},
        {"main.py": "os\nfrom os import sep\n"},
        {"main.py": "from os import sep\nos\ndef f(os): pass\n"},
        {"main.py": "from os import sep\nos\nclass A:\n    os = 1\n"},
        {"main.py": "from os import sep\nos\n", "os.py": "sep = 1\n"},
    ],
)
def test_fix_is_withheld(project: Make, files: dict[str, str]) -> None:
    small = project(files)
    assert len(small.lint(CODE)) == 1
    assert small.fix(CODE, unsafe=True)["main.py"] == files["main.py"]


@pytest.mark.parametrize(
    "text",
    [
        "import os\nfrom os import sep\nos\n",
        "import os.path\nfrom os import sep\nos\n",
        "from os import sep\nos = 1\nos\n",
        "from os import sep\ndef f(os): return os\n",
        "from os import sep\nx = [os for os in 'ab']\n",
        "from os import sep\ndef f():\n    global os\n    import os\ndef g():\n    return os\n",
        "from os import sep\nfrom elsewhere import *\nos\n",
        "from os import sep\nglobals()['os'] = 1\nos\n",
        "from os import sep\nexec('import os')\nos\n",
        "from os import sep\ntry:\n    os\nexcept NameError:\n    pass\n",
        "from os import sep\nimport sys\nif sys.version_info[0] < 3:\n    os\n",
        "from __future__ import annotations\nfrom os import sep\ndef f(x: os.PathLike): pass\n",
        "from os import sep\ndef f():\n    x: os.PathLike\n",
        "from typing import TYPE_CHECKING\nfrom os import sep\nif TYPE_CHECKING:\n    x = os\n",
        "from os import sep\nx.os\nf(os=1)\n",
        "from print import x\nprint\n",
        "from os import sep\nimport builtins\nbuiltins.os = 1\nos\n",
        "from .os import sep\nos\n",
    ],
)
def test_what_is_bound_or_guarded(project: Make, text: str) -> None:
    assert project(text).messages(CODE) == []


def test_submodule_is_a_name_of_its_package(project: Make) -> None:
    small = project({"pkg/__init__.py": "from pkg.pkg import x\npkg\n", "pkg/pkg.py": "x = 1\n"})
    assert small.messages(CODE) == []
    assert small.run_module("pkg.pkg").returncode == 0


def test_name_that_another_module_gives(project: Make) -> None:
    files = {
        "a.py": "from os import sep\ndef f(): return os\n",
        "b.py": "import a, os\na.os = os\n",
    }
    assert project(files).messages(CODE) == []


def test_python_2_source(project: Make) -> None:
    small = project("from os import path\nprint os.sep\n")
    assert small.places(CODE) == [("main.py", 2, 7)]


def test_star_import_of_a_package_brings_its_loaded_submodules(project: Make) -> None:
    files = {
        "pk/__init__.py": "",
        "pk/pk.py": "def bump(): return 1\n",
        "pk/names/__init__.py": "from . import pk as _pk\n",
        "pk/names/pk.py": "def bump(): return 2\n",
        "pk/e.py": "from pk.names import *\ndef use(): return pk.bump()\n",
        "main.py": "import pk.e\nprint(pk.e.use())\n",
    }
    small = project(files)
    assert small.messages(CODE) == []
    assert small.run("main.py").stdout == "2\n"


def test_no_fix_where_others_take_all_names(project: Make) -> None:
    files = {
        "a.py": "from os import sep\ndef f(): return os\n",
        "main.py": "os = 'mine'\nfrom a import *\nprint(os, sep)\n",
    }
    small = project(files)
    assert small.fix(CODE) == files
    small.write({"main.py": "from a import *\nprint(sep)\n"})
    assert "import os\n" in small.fix(CODE)["a.py"]


# With leading dots


PACKAGE = {"shop/__init__.py": "", "shop/price.py": "VAT = 1\n", "main.py": "import shop.order\n"}


@pytest.mark.parametrize("dots", [".", "..shop."])
def test_a_module_named_with_dots_is_not_bound_either(project: Make, dots: str) -> None:
    inner = {"shop/order.py": "from .price import VAT\nprint(price.VAT)\n"}
    if dots != ".":
        inner = {
            "shop/order/__init__.py": "from ..price import VAT\nprint(price.VAT)\n",
        }
    small = project({**PACKAGE, **inner})
    (path,) = inner
    assert small.places(CODE) == [(path, 2, 7)]
    assert "NameError: name 'price'" in small.run("main.py").stderr
    small.write(small.fix(CODE))
    assert small.run("main.py").stdout == "1\n"


@pytest.mark.parametrize(
    "files",
    [
        {"shop/__init__.py": "from .price import VAT\nprint(price.VAT)\n"},
        {"shop/order.py": "from .price import VAT as price\nprint(price)\n"},
        {"shop/order.py": "from .print import VAT\nprint(VAT)\n", "shop/print.py": "VAT = 1\n"},
    ],
)
def test_a_name_that_is_there_all_the_same_is_left_alone(
    project: Make, files: dict[str, str]
) -> None:
    small = project({**PACKAGE, "shop/order.py": "", **files})
    assert small.places(CODE) == []
    assert small.run("main.py").returncode == 0


def test_no_fix_takes_what_a_package_has_under_the_name_of_its_module(project: Make) -> None:
    order = "from .price import VAT\nprint(price.VAT)\n"
    files = {**PACKAGE, "shop/__init__.py": "price = 3\n", "shop/order.py": order}
    assert project(files).fix(CODE)["shop/order.py"] == order


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import shop.price as price\nprint(shop.price.VAT, price)\n",
            "import shop.price as price\nprint(price.VAT, price)\n",
        ),
        ("import shop as s\nprint([shop], vars(shop))\n", "import shop as s\nprint([s], vars(s))\n"),
    ],
)  # fmt: skip
def test_the_name_that_the_import_gives_is_used(project: Make, before: str, after: str) -> None:
    # A file of the name lies beside it, so `import shop` may mean that.
    small = project({**PACKAGE, "shop/order.py": "", "main.py": before})
    assert "NameError" in small.run("main.py").stderr
    assert small.fix(CODE)["main.py"] == after
    assert small.run("main.py").returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        "import shop.price as price\nprint(shop.price.VAT, shop)\n",
        "import shop.price as price\ndef f(price): return shop.price.VAT\nf(1)\n",
        "import shop.price as price\nprice = 1\nprint(shop.price.VAT)\n",
        "import shop.price as price\nimport shop.order as order\nprint(shop.price.VAT)\n",
    ],
)
def test_the_name_that_the_import_gives_stays_where_it_means_something_else(
    project: Make, text: str
) -> None:
    small = project({**PACKAGE, "shop/order.py": "", "main.py": text})
    fixed = small.fix(CODE)["main.py"]
    assert "print(price" not in fixed
    assert "return price" not in fixed
