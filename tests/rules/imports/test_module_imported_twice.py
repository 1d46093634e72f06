"""PCL217: the program has two modules of one file, and what they have is not the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

GUARD = '\n\nif __name__ == "__main__":\n    main()\n'
CLASS = (
    "class Foo:\n    pass\n\n\ndef main():\n    from {package}bar import get\n\n"
    "    print(isinstance(get(), Foo))\n"
) + GUARD
REGISTRY = "import bar\n\nseen = []\n\n\ndef main():\n    bar.note()\n    print(seen)\n" + GUARD
GLOBAL = (
    "import bar\n\nseen = 0\n\n\ndef count():\n    global seen\n    seen += 1\n\n\n"
    "def main():\n    bar.note()\n    print(seen)\n" + GUARD
)
# What the script is, how it is run, what it imports, where that imports the script, what is printed.
SCRIPTS = [
    ("foo.py", CLASS.format(package=""), "bar.py", "def get():\n    from foo import Foo\n\n    return Foo()\n", "False"),
    ("foo.py", CLASS.format(package=""), "bar.py", "def get():\n    import foo\n\n    return foo.Foo()\n", "False"),
    ("foo.py", CLASS.format(package=""), "bar.py", "from foo import Foo\n\n\ndef get():\n    return Foo()\n", "False"),
    ("shop/foo.py", CLASS.format(package="."), "shop/bar.py", "def get():\n    from .foo import Foo\n\n    return Foo()\n", "False"),
    ("shop/foo.py", CLASS.format(package="shop."), "shop/bar.py", "def get():\n    from shop import foo\n\n    return foo.Foo()\n", "False"),
    ("shop/__main__.py", CLASS.format(package="."), "shop/bar.py", "def get():\n    from .__main__ import Foo\n\n    return Foo()\n", "False"),
    ("foo.py", REGISTRY, "bar.py", "def note():\n    from foo import seen\n\n    seen.append(1)\n", "[]"),
    ("foo.py", GLOBAL, "bar.py", "def note():\n    import foo\n\n    foo.seen += 1\n", "0"),
]  # fmt: skip


def _run(shop: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", *arguments]
    return subprocess.run(command, cwd=shop.root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("script", "text", "path", "other", "printed"), SCRIPTS)
def test_what_the_script_has_is_not_what_the_import_gets(
    project: Project, script: str, text: str, path: str, other: str, printed: str
) -> None:
    shop = project({"shop/__init__.py": "", script: text, path: other})
    line = next(n for n, part in enumerate(other.splitlines(), 1) if "import" in part)
    assert [(name, number) for name, number, _ in shop.places("PCL217")] == [(path, line)]
    (message,) = shop.messages("PCL217")
    command = message.partition("`python ")[2].partition("`")[0].split()
    assert _run(shop, *command).stdout.splitlines()[-1] == printed


def test_a_module_of_what_a_function_imports_leads_there_too(project: Project) -> None:
    files = {
        "foo.py": "class Foo:\n    known = []\n\n\ndef main():\n    import first\n" + GUARD,
        "first.py": "import second\n",
        "second.py": "import third\n",
        "third.py": "def get():\n    import foo\n\n    return foo.Foo\n",
    }
    assert project(files).places("PCL217") == [("third.py", 2, 5)]


@pytest.mark.parametrize(
    ("script", "other"),
    [
        # No guard; what is asked for is the same in each module; the script doesn't lead there.
        ("import bar\n\n\nclass Foo:\n    known = []\n", "def get():\n    from foo import Foo\n"),
        ("import bar\n\nfoo = 3\n" + GUARD, "def get():\n    from foo import foo\n"),
        ("import bar\n\n\ndef main(): pass\n" + GUARD, "def get():\n    from foo import main\n"),
        ("class Foo:\n    known = []\n" + GUARD, "from foo import Foo\n"),
        (
            "import bar\n\n\nclass Foo:\n    size = 1\n" + GUARD,
            "def get():\n    from foo import Foo\n",
        ),
        ("import bar\n\nfoo = str()\n" + GUARD, "def get():\n    from foo import foo\n"),
        # Only for type checkers.
        (
            "import bar\n\n\nclass Foo:\n    known = []\n" + GUARD,
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from foo import Foo\n",
        ),
    ],
)
def test_what_is_left_alone(project: Project, script: str, other: str) -> None:
    assert project({"foo.py": script, "bar.py": other}).places("PCL217") == []


BASE = "class Base:\n    pass\n"
PATHS = [
    ("shop/__init__.py", "import os\nimport sys\n\nsys.path.append(os.path.dirname(__file__))\n"),
    (
        "shop/__init__.py",
        "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent))\n",
    ),
    ("paths.py", "import sys\n\nsys.path.insert(0, 'shop')\n"),
    ("paths.py", "import sys\n\nsys.path += ['shop']\n"),
    ("paths.py", "import os\nimport site\n\nsite.addsitedir(os.path.abspath('shop'))\n"),
]
CHECK = (
    "import paths\nfrom shop import cart\nfrom shop.base import Base\n\nprint(cart.Base is Base)\n"
)


@pytest.mark.parametrize(("path", "text"), PATHS)
@pytest.mark.parametrize("imported", ["from base import Base", "import base\n\nBase = base.Base"])
def test_a_package_on_the_path_gives_its_modules_a_second_name(
    project: Project, path: str, text: str, imported: str
) -> None:
    files = {"shop/__init__.py": "", "paths.py": "", "shop/base.py": BASE, "main.py": CHECK}
    shop = project({**files, path: text, "shop/cart.py": f"{imported}\n"})
    assert shop.run("main.py").stdout == "False\n"
    assert shop.places("PCL217") == [("shop/cart.py", 1, 1)]
    (message,) = shop.messages("PCL217")
    assert message.startswith(
        f"`base` is found in `shop`, which `{path}` puts on `sys.path`; `main.py` (line 3) imports "
        "the same file as `shop.base`"
    )


@pytest.mark.parametrize(
    "files",
    [
        # Nothing imports it by its full name.
        {"main.py": "import paths\nfrom shop import cart\n\nprint(cart.Base.__module__)\n"},
        # The name is found in the root first, or is that of a standard module.
        {"base.py": BASE, "main.py": CHECK},
        # One of two ways to the name.
        {
            "main.py": CHECK,
            "shop/cart.py": "try:\n    from .base import Base\nexcept ImportError:\n"
            "    from base import Base\n",
        },
        {"main.py": CHECK, "shop/cart.py": "from .base import Base\n"},
        # The directory is no package's.
        {
            "paths.py": "import sys\n\nsys.path.insert(0, 'lib')\n",
            "lib/base.py": BASE,
            "main.py": "import paths\nimport base\n\nprint(base.Base)\n",
        },
    ],
)
def test_one_name_is_left_alone(project: Project, files: dict[str, str]) -> None:
    shop = project(
        {
            "shop/__init__.py": "",
            "paths.py": "import sys\n\nsys.path.append('shop')\n",
            "shop/base.py": BASE,
            "shop/cart.py": "from base import Base\n",
            **files,
        }
    )
    assert shop.run("main.py").returncode == 0
    assert shop.places("PCL217") == []


def test_a_relative_import_below_the_folder_tells_no_full_name(project: Project) -> None:
    shop = project(
        {
            "lib/__init__.py": "",
            "lib/shop/__init__.py": "",
            "lib/shop/base.py": BASE,
            "lib/shop/cart.py": "from . import base\n",
            "lib/shop/cash.py": "from shop.base import Base\n\nprint(Base.__module__)\n",
            "main.py": "import sys\n\nsys.path.insert(0, 'lib')\nimport shop.cart\nimport shop.cash\n"
            "print([name for name in sys.modules if name.endswith('base') and 'shop' in name])\n",
        }
    )
    assert shop.run("main.py").stdout == "shop.base\n['shop.base']\n"
    assert shop.places("PCL217") == []
