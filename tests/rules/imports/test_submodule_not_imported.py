"""PCL206: submodules that are used as attributes and that nothing here loads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL206"
Make = Callable[..., Any]

PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/a.py": "x = 1\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/b.py": "",
}


def places(project: Make, main: str, **files: str) -> list[tuple[str, int, int]]:
    """What is reported in `main.py` with that text; `a__b` is the file `a/b.py`."""
    others = {f"{name.replace('__', '/', 1)}.py": text for name, text in files.items()}
    small = project({**PACKAGE, **others, "main.py": main})
    found: list[tuple[str, int, int]] = [p for p in small.places(CODE) if p[0] == "main.py"]
    return found


# What is reported, and what Python says of it


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("import pkg\npkg.a.x\n", (2, 1)),
        ("import pkg as p\np.a\n", (2, 1)),
        ("import pkg.a\npkg.sub\n", (2, 1)),
        ("import pkg.sub\nprint(pkg.sub.b)\n", (2, 7)),
        ("import pkg\n'é', pkg.sub.b\n", (2, 6)),
        ("from pkg import sub\nsub.b\n", (2, 1)),
        ("from pkg import sub as s\ns.b\n", (2, 1)),
        ("import pkg\ndef f():\n    return pkg.a\nf()\n", (3, 12)),
        ("def f():\n    import pkg\n    return pkg.a\nf()\n", (3, 12)),
        ("import pkg\nclass A:\n    def __init__(self):\n        self.a = pkg.a\nA()\n", (4, 18)),
        ("import pkg\nx: int = pkg.a.x\n", (2, 10)),
        ("import pkg\ndef f():\n    import pkg.a\npkg.a\n", (4, 1)),
        ("import pkg\nif False:\n    import pkg.a\ndef f(): return pkg.a\nf()\n", (4, 17)),
        ("import pkg\npkg.a\nfrom pkg import a\n", (2, 1)),
        ("import pkg\nif len('x'):\n    pkg.sub.b\nimport pkg.sub.b\n", (3, 5)),
        ("import xml\nxml.dom.minidom\nimport xml.dom.minidom\n", (2, 1)),
        (
            "import pkg\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pkg.a\npkg.a\n",
            (5, 1),
        ),
        ("import xml\nxml.dom.minidom.parseString\n", (2, 1)),
        ("import concurrent\nconcurrent.futures\n", (2, 1)),
        ("import logging\nlogging.handlers.SysLogHandler\n", (2, 1)),
        ("import ctypes as c\nc.util\n", (2, 1)),
        ("from xml import dom\ndom.minidom\n", (2, 1)),
        ("import email, os\nemail.utils\n", (2, 1)),
    ],
)
def test_first_use_is_reported_and_fails(project: Make, text: str, place: tuple[int, int]) -> None:
    small = project({**PACKAGE, "main.py": text})
    assert small.places(CODE) == [("main.py", *place)]
    assert "AttributeError: module " in small.run("main.py").stderr


def test_each_submodule_is_reported_once(project: Make) -> None:
    text = "import pkg\npkg.a, pkg.a\ndef f():\n    pkg.a, pkg.sub.b, pkg.sub\n"
    assert places(project, text) == [("main.py", 2, 1), ("main.py", 4, 12), ("main.py", 4, 23)]


def test_message_names_the_submodule_and_the_use(project: Make) -> None:
    (message,) = project({**PACKAGE, "main.py": "import pkg as p\np.a\n"}).messages(CODE)
    assert "importing it doesn't load its module `a`, nor does anything else that this" in message
    later = "import pkg as p\np.a\nimport pkg.a\n"
    (of_later,) = project({**PACKAGE, "main.py": later}).messages(CODE)
    assert "load its module `a`, nor has line 3 done it when this runs: `p.a` is" in of_later
    assert "`p.a` is there only if another module has imported `pkg.a` first" in message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import pkg\nprint(pkg.a.x)\n", "import pkg\nimport pkg.a\nprint(pkg.a.x)\n"),
        (
            "import os, pkg  # all\nprint(pkg.a.x)\n",
            "import os, pkg  # all\nimport pkg.a\nprint(pkg.a.x)\n",
        ),
        ("import pkg; print(pkg.a.x)\n", "import pkg; import pkg.a; print(pkg.a.x)\n"),
        (
            "if 1: \\\n  import pkg\nprint(pkg.a.x)\n",
            "if 1: \\\n  import pkg; import pkg.a\nprint(pkg.a.x)\n",
        ),
        ("import pkg as p\nprint(p.a.x)\n", "import pkg as p\nimport pkg.a\nprint(p.a.x)\n"),
        (
            "if 1:\n    import pkg\nprint(pkg.a.x)\n",
            "if 1:\n    import pkg\n    import pkg.a\nprint(pkg.a.x)\n",
        ),
    ],
)
def test_fix(project: Make, before: str, after: str) -> None:
    small = project({**PACKAGE, "main.py": before})
    assert small.fix(CODE)["main.py"] == after
    assert small.run("main.py").stdout == "1\n"


def test_fix_is_withheld_where_it_would_bind_a_name_that_is_taken(project: Make) -> None:
    text = "import pkg as p\nprint(p.a.x)\ndef f(pkg): pass\n"
    small = project({**PACKAGE, "main.py": text})
    assert len(small.lint(CODE)) == 1
    assert small.fix(CODE, unsafe=True)["main.py"] == text


# What is loaded


@pytest.mark.parametrize(
    ("main", "files"),
    [
        ("import pkg.a\npkg.a\n", {}),
        ("import pkg\nfrom pkg.a import x\npkg.a\n", {}),
        ("import pkg\nfrom pkg import a\npkg.a\n", {}),
        ("import pkg\nimport pkg.sub.b\npkg.sub\n", {}),
        ("import pkg\ndef f():\n    import pkg.a\nf()\npkg.a\n", {}),
        ("import pkg\n@print\ndef f():\n    import pkg.a\npkg.a\n", {}),
        ("import pkg\ndef f():\n    return pkg.a\nimport pkg.a\nf()\n", {}),
        ("import pkg\nf = lambda: pkg.a\nimport pkg.a\nf()\n", {}),
        ("import pkg\nfor x in 1, 2:\n    if x == 2: pkg.a\n    import pkg.a\n", {}),
        ("import pkg\nif len('x'):\n    import pkg.a\npkg.a\n", {}),
        ("import pkg\npkg.a\n", {"pkg____init__": "from . import a"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "from .a import x"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "import pkg.a"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "from pkg import *\n__all__ = ['a']"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "if x:\n    from . import a"}),
        (
            "import pkg\npkg.a\n",
            {"pkg____init__": "try:\n    from . import a\nexcept ImportError: pass"},
        ),
        ("import pkg\npkg.sub\n", {"pkg____init__": "from .sub.b import y", "pkg__sub/b": "y = 1"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "from . import c", "pkg__c": "from . import a"}),
        ("import pkg, other\npkg.a\n", {"other": "import pkg.a"}),
        ("import pkg, other\npkg.a\n", {"other": "import third", "third": "from pkg.a import x"}),
        ("import pkg, other\npkg.a\n", {"other": "def f():\n    import pkg.a"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "a = 1"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "def __getattr__(name): ..."}),
        ("import pkg\npkg.a\n", {"pkg____init__": "from elsewhere import *"}),
        ("import pkg\npkg.a\n", {"pkg____init__": "globals()['a'] = 1"}),
        (
            "import pkg\npkg.a\n",
            {"pkg____init__": "from importlib import import_module\nimport_module('.a', __name__)"},
        ),
        (
            "import pkg\npkg.a\n",
            {
                "pkg____init__": "import pkgutil\nfor m in pkgutil.iter_modules(__path__): __import__(m.name)"
            },
        ),
        ("import pkg\nimport importlib\nimportlib.import_module('pkg.a')\npkg.a\n", {}),
        ("import pkg\npkg.a\n", {"other": "import pkg\npkg.a = 1"}),
        ("import pkg\npkg.a = 1\npkg.a\n", {}),
        ("import pkg\ntry:\n    pkg.a\nexcept AttributeError:\n    pass\n", {}),
        ("import pkg\nif hasattr(pkg, 'a'):\n    pkg.a\n", {}),
        ("from __future__ import annotations\nimport pkg\ndef f(x: pkg.a.x): pass\n", {}),
        ("import pkg\ndef f(pkg):\n    return pkg.a\n", {}),
        ("import pkg\npkg = f()\npkg.a\n", {}),
        ("import pkg\nx.pkg.a\n", {}),
        ("import pkg\nimport pkg_plugin\npkg.a\n", {}),
        ("import xml.dom.minidom\nxml.dom.minidom\n", {}),
        ("import xml\nfrom xml.dom import minidom\nxml.dom.minidom\n", {}),
        ("import importlib, pkgutil\nimportlib.util\n", {}),
        ("import importlib, other\nimportlib.util\n", {"other": "import pkgutil"}),
        ("import concurrent, asyncio\nconcurrent.futures\n", {}),
        ("import logging, logging.config\nlogging.handlers\n", {}),
        ("import os\nos.path\nimport asyncio\nasyncio.windows_events\nasyncio.tasks\n", {}),
        ("import multiprocessing\nmultiprocessing.Pool()\nmultiprocessing.pool\n", {}),
        ("import unittest\nunittest.mock\n", {}),
        ("import importlib, numpy\nimportlib.util\n", {}),
        ("import importlib, other\nimportlib.util\n", {"other": "import numpy"}),
        ("import importlib\nfrom numpy.linalg import inv\nimportlib.util\n", {}),
        ("import xml\n__import__('xml.dom.minidom')\nxml.dom.minidom\n", {}),
    ],
)
def test_what_is_loaded_or_guarded(project: Make, main: str, files: dict[str, str]) -> None:
    assert places(project, main, **files) == []


def test_own_package_is_loaded_first(project: Make) -> None:
    """What a package's `__init__` loads, its modules have."""
    small = project(
        {
            "pkg/__init__.py": "from . import a\n",
            "pkg/a.py": "",
            "pkg/m.py": "import pkg\npkg.a\n",
        }
    )
    assert small.messages(CODE) == []


def test_module_that_lies_in_the_way_of_the_standard_librarys(project: Make) -> None:
    small = project({"xml/__init__.py": "dom = 1\n", "main.py": "import xml\nxml.dom\n"})
    assert small.messages(CODE) == []


def test_a_finding_is_gone_when_something_loads_the_submodule(project: Make) -> None:
    """What is kept must know what it rests on."""
    from pyconcepts_lint.testing import lint_paths as run

    small = project(
        {**PACKAGE, "main.py": "import pkg, other\npkg.a\n", "other.py": "import third\n"}
    )

    def count() -> int:
        overrides = {"select": (CODE,), "cache_dir": str(small.root / "cache")}
        return len(run([str(small.root)], overrides=overrides, jobs=1).findings)

    assert (count(), count()) == (1, 1)
    small.write({"third.py": "from pkg.a import x\n"})
    assert count() == 0
    small.write({"third.py": "x = 1\n"})
    assert count() == 1
    small.write({"pkg/__init__.py": "def __getattr__(name): ...\n"})
    assert count() == 0


# What the added import would do


def test_no_fix_where_the_import_would_close_a_cycle(project: Make) -> None:
    files = {
        "pk/__init__.py": "import qq\nN = 'pk'\n",
        "pk/json.py": "from pk import N\n",
        "qq.py": "import pk\ndef show(): return pk.json.N\n",
        "main.py": "import pk.json, qq\nprint(qq.show())\n",
    }
    small = project(files)
    assert small.places(CODE) == [("qq.py", 2, 20)]
    assert small.fix(CODE, unsafe=True) == files
    assert small.run("main.py").stdout == "pk\n"


def test_no_fix_where_the_import_would_close_a_longer_cycle(project: Make) -> None:
    files = {
        "a.py": "import b\nN = 1\n",
        "b.py": "import pk\ndef show(): return pk.sub.c.N\n",
        "pk/__init__.py": "",
        "pk/sub/__init__.py": "",
        "pk/sub/c.py": "import pk.sub.d\nN = 2\n",
        "pk/sub/d.py": "from a import N\n",
        "main.py": "import a\nprint(a.N)\n",
    }
    small = project(files)
    assert ("b.py", 2, 20) in small.places(CODE)
    assert small.fix(CODE, unsafe=True) == files
    assert small.run("main.py").stdout == "1\n"


@pytest.mark.parametrize(
    "text",
    [
        "import missing\n",
        "from .. import missing\n",
        "from pkg.a import missing\n",
        "import pkg.missing\n",
        "import curses\n",
        "import importlib\nimportlib.import_module('missing')\n",
        "raise ImportError\n",
        "missing\n",
        "import pkg\npkg.missing\n",
        "from pkg.listed import *\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import missing\nmissing\n",
        "try:\n    import missing\nexcept ImportError:\n    pass\nx = missing\n",
        "import sys\nsys.exit()\n",
        "if True:\n    from .. import missing\n",
        "from . import b\n",
    ],
)
def test_fix_is_unsafe_where_the_submodule_may_fail(project: Make, text: str) -> None:
    files = {
        **PACKAGE,
        "pkg/sub/b.py": "import missing\n",
        "pkg/listed.py": "__all__ = ['missing']\n",
        "pkg/sub/c.py": text,
        "main.py": "import pkg.sub\ndef f(): return pkg.sub.c\nprint('works')\n",
    }
    small = project(files)
    assert ("main.py", 2, 17) in small.places(CODE)
    assert small.fix(CODE) == files
    assert small.run("main.py").stdout == "works\n"
    assert "import pkg.sub.c\n" in small.fix(CODE, unsafe=True)["main.py"]


@pytest.mark.parametrize(
    "text",
    [
        "import missing\n",
        "from main import x\n",
    ],
)
def test_fix_is_safe_where_the_import_fails_anyway(project: Make, text: str) -> None:
    small = project({**PACKAGE, "pkg/a.py": text, "main.py": "import pkg\nx = pkg.a\n"})
    assert small.run("main.py").stderr.endswith("has no attribute 'a'\n")
    assert "import pkg.a\n" in small.fix(CODE)["main.py"]


@pytest.mark.parametrize(
    "text",
    [
        "import json, logging.handlers\nfrom . import b\nfrom pkg.a import x\nlog = logging.getLogger(__name__)\n",
        "try:\n    import json\nexcept ImportError:\n    json = None\n",
        "import pkg.sub.b\nclass A:\n    def f(self): raise ValueError(pkg.sub.b.x)\n",
        "if __name__ == '__main__':\n    raise SystemExit\n",
        "def f():\n    import missing\n",
    ],
)
def test_fix_is_safe_where_the_submodule_can_be_imported(project: Make, text: str) -> None:
    main = "import pkg.sub\ndef f(): return pkg.sub.c\nprint(f().__name__)\n"
    small = project({**PACKAGE, "pkg/sub/c.py": text, "main.py": main})
    assert small.run("main.py").stderr.endswith("has no attribute 'c'\n")
    assert "import pkg.sub.c\n" in small.fix(CODE)["main.py"]
    assert small.run("main.py").stdout == "pkg.sub.c\n"


def test_fix_is_unsafe_where_a_module_would_take_the_place_of_a_name(project: Make) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/a.py": "import other.names\n",
        "other/__init__.py": "names = ['x']\n",
        "other/names.py": "",
        "main.py": "import pkg, other\ndef f(): return pkg.a\nprint(other.names)\n",
    }
    small = project(files)
    assert small.fix(CODE) == files
    assert small.run("main.py").stdout == "['x']\n"


@pytest.mark.parametrize(
    "load", ["__import__('plugin')", "import importlib\nimportlib.import_module('plugin')"]
)
def test_what_loads_another_module_by_its_whole_name_loads_no_submodule(
    project: Make, load: str
) -> None:
    main = f"import pkg\n{load}\ndef f():\n    return pkg.a.x\nf()\n"
    small = project({**PACKAGE, "plugin.py": "", "main.py": main})
    line = main.count("\n") - 1
    assert small.places(CODE) == [("main.py", line, 12)]
    assert "AttributeError: module 'pkg' has no attribute 'a'" in small.run("main.py").stderr


@pytest.mark.parametrize(
    "plugins",
    [
        {"plugin.py": "import pkg.a\n"},
        {"plugin.py": "__import__('other')\n", "other.py": "import pkg.a\n"},
    ],
)
def test_module_that_is_loaded_by_its_name_may_load_the_submodule(
    project: Make, plugins: dict[str, str]
) -> None:
    files = {
        **PACKAGE,
        **plugins,
        "pkg/__init__.py": "__import__('plugin')\n",
        "main.py": "import pkg\nprint(pkg.a.x)\n",
    }
    small = project(files)
    assert small.messages(CODE) == []
    assert small.run("main.py").stdout == "1\n"


def test_package_above_a_directory_without_init_may_load_the_submodule(project: Make) -> None:
    files = {
        "pkg/__init__.py": "import pkg.a\n",
        "pkg/a.py": "x = 1\n",
        "pkg/ns/m.py": "import pkg as p\nprint(p.a.x)\n",
    }
    small = project(files)
    assert small.messages(CODE) == []
    assert small.run_module("pkg.ns.m").stdout == "1\n"


BELOW = {"top/__init__.py": "", "top/pkg/__init__.py": "", "top/pkg/a.py": "x = 1\n"}
READ = "def f():\n    return pkg.a.x\n"


@pytest.mark.parametrize(
    ("imported", "added"),
    [
        ("from top import pkg\n", "import top.pkg.a\n"),
        ("from . import pkg\n", "from .pkg import a\n"),
        ("from ..top import pkg\n", ""),  # beyond the top
    ],
)
def test_a_package_that_a_from_import_binds_gets_its_submodule(
    project: Make, imported: str, added: str
) -> None:
    small = project({**BELOW, "top/m.py": imported + READ, "main.py": "from top.m import *\nf()\n"})
    if not added:
        assert small.places(CODE) == []
        return
    main = "from top import m\nprint(m.f())\n"
    small.write({"main.py": main})
    assert "AttributeError" in small.run("main.py").stderr
    assert small.fix(CODE)["top/m.py"] == imported + added + READ
    assert small.run("main.py").stdout == "1\n"


@pytest.mark.parametrize(
    "text",
    [
        "from top import pkg\ntop = 1\n" + READ,
        "from . import pkg\ndef g(a): return a\n" + READ,
        "if True:\n    from . import pkg\n" + READ,
    ],
)
def test_no_fix_behind_a_from_import_where_a_name_is_taken(project: Make, text: str) -> None:
    small = project({**BELOW, "top/m.py": text})
    assert [finding.fix for finding in small.lint(CODE)] == [None]
