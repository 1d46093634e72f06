"""PCL205 speaks of names that an installed package hasn't."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIBRARY = {
    "lib/__init__.py": "from .core import run\n",
    "lib/core.py": "def run(): ...\nif run():\n    def maybe(): ...\n",
    "Lib_Name-1.2.dist-info/METADATA": "Name: Lib-Name\nVersion: 1.2\n\nVersion: 7\n",
    "Lib_Name-1.2.dist-info/RECORD": "lib/core.py,sha256=x,1\nlib/__init__.py,,\n",
    "other-3.dist-info/RECORD": "other.py,,\n",
}


def said(project, environment, main: str, library: dict[str, str] = LIBRARY) -> list[str]:
    made = project({"main.py": main})
    environment(library, made.root / ".venv")
    return made.messages("PCL205")


def test_a_name_that_an_installed_module_never_binds(project, environment) -> None:
    assert said(project, environment, "from lib.core import rum\n") == [
        "`lib.core` of Lib-Name 1.2, which is installed, never binds `rum`: this raises "
        "ImportError. Did you mean `run`?"
    ]
    assert said(project, environment, "from lib import walk, run\n") == [
        "`lib` of Lib-Name 1.2, which is installed, neither binds `walk` nor has a module of that "
        "name: this raises ImportError"
    ]


def test_attributes_that_are_set_elsewhere_under_computed_names_are_no_reason_for_silence(
    project, environment
) -> None:
    main = "from gone import thing\nsetattr(thing, f'w{1}', 1)\nfrom lib import walk\n"
    assert len(said(project, environment, main)) == 1


def test_without_a_distribution_the_version_is_left_out(project, environment) -> None:
    library = {"lib.py": ""}
    assert said(project, environment, "from lib import walk\n", library) == [
        "`lib`, which is installed, never binds `walk`: this raises ImportError"
    ]


@pytest.mark.parametrize(
    "main",
    [
        "from lib.core import run, maybe\n",
        "from lib import core, run, __path__, __name__\n",
        "from lib import *\n",
        "try:\n    from lib import walk\nexcept ImportError:\n    walk = None\n",
        "try:\n    from lib import walk\nexcept AttributeError:\n    raise\n",
        "import lib\nif lib.VERSION < (2,):\n    from lib import walk\n",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    from lib import walk\n",
        "from gone import walk\n",
        "from json import walk\n",
        "import lib\nlib.walk = 1\n\ndef f():\n    from lib import walk\n",
        "import lib\nsetattr(lib, f'w{1}', 1)\n\ndef f():\n    from lib import walk\n",
        "from lib import print_\nprint 'Python 2'\n",
    ],
)
def test_what_is_there_or_may_be_meant_otherwise_is_left_alone(project, environment, main) -> None:
    assert said(project, environment, main) == []


@pytest.mark.parametrize(
    "library",
    [
        {"lib/__init__.py": "def __getattr__(name): ...\n"},
        {"lib/__init__.py": "globals().update({})\n"},
        {"lib/__init__.py": "from gone import *\n"},
        {"lib/__init__.py": "from .more import *\n", "lib/more.py": ""},
        {"lib/__init__.py": "import sys\nsys.modules[__name__] = object()\n"},
        {"lib/__init__.py": "from .core import fill\nfill(__name__)\n"},
        {"lib/__init__.py": "", "lib/more.py": "import lib\nlib.walk = 1\n"},
        {"lib/__init__.py": "", "lib/more.py": "import lib\nsetattr(lib, 'walk', 1)\n"},
        {"lib/__init__.py": "", "lib/walk.cpython-311-x86_64-linux-gnu.so": ""},
        {"lib/__init__.py": "", "lib/__init__.cpython-311-x86_64-linux-gnu.so": ""},
        {"lib/__init__.py": "__path__.append('x')\n"},
        {"lib/__init__.pyi": ""},
        {"lib/walk/data.txt": ""},
        {"lib/__init__.py": "print 'Python 2'\n"},
    ],
)
def test_a_package_that_may_have_it_otherwise_is_left_alone(project, environment, library) -> None:
    assert said(project, environment, "from lib import walk\n", library) == []


def test_a_submodule_that_an_installed_package_has_not(project, environment) -> None:
    named = (
        "the package `lib` of Lib-Name 1.2, which is installed, has no module `cor`: this raises "
    )
    hint = "ModuleNotFoundError. Did you mean `core`?"
    for main in ("import lib.cor\n", "from lib.cor import run\n", "import os, lib.cor as c\n"):
        assert said(project, environment, main) == [named + hint]
    assert said(project, environment, "from lib.core.more.most import run\n") == [
        "`lib.core` of Lib-Name 1.2, which is installed, is a module, not a package, and has no "
        "submodule `more`: this raises ModuleNotFoundError"
    ]


def test_what_is_said_of_submodules_is_what_python_says(project, environment) -> None:
    made = project({"main.py": "import lib.cor\n"})
    packages = environment({"lib/__init__.py": "", "lib/core.py": ""}, made.root / ".venv")
    (packages / "lib/python3.11/site-packages/run.py").write_text("import lib.cor\n")
    ran = subprocess.run(
        [sys.executable, packages / "lib/python3.11/site-packages/run.py"],
        capture_output=True,
        text=True,
    )
    assert "ModuleNotFoundError: No module named 'lib.cor'" in ran.stderr
    assert len(made.messages("PCL205")) == 1


@pytest.mark.parametrize(
    "main",
    [
        "import lib.core\n",
        "import gone.core\n",
        "import os.gone\n",
        "try:\n    import lib.gone\nexcept ImportError:\n    pass\n",
        "import lib\nif lib.VERSION:\n    from lib.gone import run\n",
        "import sys\nsys.modules['lib.gone'] = sys\nimport lib.gone\n",
        "import sys\nsys.meta_path.append(1)\nimport lib.gone\n",
        "import lib.gone\nprint 'Python 2'\n",
    ],
)
def test_a_submodule_that_is_there_or_put_there_is_left_alone(project, environment, main) -> None:
    assert said(project, environment, main) == []


@pytest.mark.parametrize(
    "library",
    [
        {"lib/__init__.py": "", "lib/walk.cpython-311-x86_64-linux-gnu.so": ""},
        {"lib/__init__.py": "", "lib/walk.pyc": ""},
        {"lib/__init__.py": "", "lib/walk/data.txt": ""},
        {"lib/__init__.cpython-311-x86_64-linux-gnu.so": ""},
        {"lib/data.txt": ""},
        {"lib/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"},
        {
            "lib/__init__.py": "from . import more\n",
            "lib/more.py": "import sys\nsys.modules['lib.walk'] = sys\n",
        },
        {
            "lib/__init__.py": "from . import more\n",
            "lib/more.py": "import sys\nsys.modules.setdefault(__name__[:3] + '.wa' + 'lk', sys)\n",
        },
        {
            "lib/__init__.py": "from . import more\n",
            "lib/more.py": "import sys\nsys.meta_path.append(1)\n",
        },
        {
            "lib/__init__.py": "from . import more\n",
            "lib/more.py": "def f(lib):\n    lib.__path__.append('elsewhere')\n",
        },
        {"lib.py": "import sys\nsys.modules[__name__ + '.walk'] = sys\n"},
        {"lib.cpython-311-x86_64-linux-gnu.so": ""},
        {"lib/__init__.py": "print 'Python 2'\n"},
        {"lib/__init__.pyi": ""},
    ],
)
def test_a_package_that_may_make_a_submodule_is_left_alone(project, environment, library) -> None:
    assert said(project, environment, "import lib.walk\n", library) == []


def test_a_package_above_may_put_modules_in_the_place_of_others(project, environment) -> None:
    library = {
        "lib/__init__.py": "import sys\nfrom . import real\nsys.modules['lib.core'] = real\n",
        "lib/core.py": "",
        "lib/real.py": "walk = 1\n",
    }
    assert said(project, environment, "from lib.core import walk\n", library) == []
