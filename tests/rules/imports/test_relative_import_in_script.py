"""PCL216: the file fails when it is run by its path, and runs with `-m`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

GUARD = '\n\nif __name__ == "__main__":\n    print(price)\n'
FILES = {"shop/__init__.py": "", "shop/prices.py": "price = 3\n", "shop/sub/__init__.py": ""}
SCRIPTS = [
    ("shop/cart.py", "from .prices import price" + GUARD),
    ("shop/cart.py", "import os\n\nfrom . import prices\nfrom .prices import price" + GUARD),
    ("shop/cart.py", "from .prices import *" + GUARD),
    ("shop/cart.py", "#!/usr/bin/env python\nfrom .prices import price\n\nprint(price)\n"),
    ("shop/__main__.py", "from .prices import price\n\nprint(price)\n"),
    ("shop/sub/cart.py", "from ..prices import price" + GUARD),
    (
        "shop/sub/__main__.py",
        "from shop.prices import price as p\nfrom ..prices import price" + GUARD,
    ),
]


def _run(shop: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=shop.root,
        env={"PYTHONPATH": str(shop.root)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("path", "text"), SCRIPTS)
def test_the_file_fails_by_its_path_and_runs_with_the_command_that_is_told(
    project: Project, path: str, text: str
) -> None:
    shop = project({**FILES, path: text})
    ((name, line, _),) = shop.places("PCL216")
    assert name == path
    (message,) = shop.messages("PCL216")
    by_path, _, told = message.partition("; `python ")
    command = by_path.partition("(`python ")[2].partition("`")[0]
    failed = _run(shop, *command.split())
    error = failed.stderr.splitlines()
    assert error[-1] == "ImportError: attempted relative import with no known parent package"
    assert f"line {line}, in" in failed.stderr
    found = _run(shop, *told.partition("`")[0].split())
    assert (found.stdout, found.returncode) == ("3\n", 0)


RUNNERS = [
    "import subprocess\nimport sys\n\nsubprocess.run([sys.executable, 'shop/cart.py'])\n",
    "import os\n\nos.system('python3 shop/cart.py')\n",
    "import subprocess\n\nsubprocess.call(('python3', './shop/cart.py'))\n",
    "import runpy\n\nrunpy.run_path('shop/cart.py')\n",
]


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_file_that_another_one_runs_by_its_path_needs_no_guard(
    project: Project, runner: str
) -> None:
    text = "from .prices import price\n\nprint(price)\n"
    shop = project({**FILES, "shop/cart.py": text, "main.py": runner, "sub/cart.py": ""})
    assert "no known parent package" in shop.run("main.py").stderr
    assert shop.places("PCL216") == [("shop/cart.py", 1, 1)]
    assert shop.messages("PCL216")[0].startswith("`main.py` runs this file by its path")
    assert [finding.severity for finding in shop.lint("PCL216")] == ["error"]
    guarded = project({**FILES, "shop/cart.py": "from .prices import price" + GUARD})
    assert [finding.severity for finding in guarded.lint("PCL216")] == ["note"]


def test_a_main_module_is_an_error_only_where_a_file_runs_it_by_its_path(project: Project) -> None:
    files = {**FILES, "shop/__main__.py": "from .prices import price" + GUARD}
    assert [found.severity for found in project(files).lint("PCL216")] == ["note"]
    runner = "import os\n\nos.system('python3 shop/__main__.py')\n"
    shop = project({**files, "main.py": runner})
    assert "no known parent package" in shop.run("main.py").stderr
    assert [found.severity for found in shop.lint("PCL216")] == ["error"]


def test_a_file_that_is_only_named_is_left_alone(project: Project) -> None:
    runner = (
        "import subprocess\nimport sys\n\nsubprocess.run([sys.executable, '-m', 'shop.cart'])\n"
        "print(open('shop/cart.py').read(), ['shop/cart.py'])\n"
    )
    text = "from .prices import price\n\nprint(price)\n"
    assert project({**FILES, "shop/cart.py": text, "main.py": runner}).places("PCL216") == []


@pytest.mark.parametrize(
    "text",
    [
        "from shop.prices import price" + GUARD,
        "try:\n    from .prices import price\nexcept ImportError:\n    from prices import price"
        + GUARD,
        "if __package__:\n    from .prices import price\nelse:\n    from prices import price"
        + GUARD,
        "import sys\n\nif not __package__:\n    import os\n\n"
        "    sys.path.insert(0, os.getcwd())\n    import shop\n    __package__ = 'shop'\n\n"
        "from .prices import price" + GUARD,
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from .prices import price\n\n\n"
        "price = 3\n" + GUARD,
    ],
)
def test_a_file_that_runs_by_its_path_is_left_alone(project: Project, text: str) -> None:
    shop = project({**FILES, "shop/cart.py": text})
    found = _run(shop, "shop/cart.py")
    assert (found.stdout, found.stderr) == ("3\n", "")
    assert shop.places("PCL216") == []


def test_a_module_that_is_no_script_and_dots_that_lead_too_far_are_left_alone(
    project: Project,
) -> None:
    files = {"shop/a.py": "from .prices import price\n", "shop/b.py": "from ...x import y" + GUARD}
    assert project({**FILES, **files}).places("PCL216") == []


def test_the_first_import_that_surely_runs_is_the_one(project: Project) -> None:
    text = (
        "try:\n    from . import speedups\nexcept ImportError:\n    speedups = None\n\n"
        "from .prices import price\nfrom . import prices" + GUARD
    )
    assert project({**FILES, "shop/cart.py": text}).places("PCL216") == [("shop/cart.py", 6, 1)]
