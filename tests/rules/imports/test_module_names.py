"""Which name a module has where some directories around it have no `__init__.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ALL = ("PCL201", "PCL202", "PCL203", "PCL204", "PCL205", "PCL206", "PCL207", "PCL208", "PCL209")
Make = Callable[..., Any]


def is_the_same_program(small: Any, *modules: str, unsafe: bool = False) -> bool:
    """Does each module print the same, imported first in a fresh Python, after the fixes?"""
    before = [small.run_module(module) for module in modules]
    assert all(done.returncode == 0 for done in before), [done.stderr for done in before]
    small.fix("PCL201", "PCL202", "PCL203", unsafe=unsafe)
    return [small.run_module(module).stdout for module in modules] == [d.stdout for d in before]


def test_package_in_a_namespace_package_has_its_whole_name(project: Make) -> None:
    small = project(
        {
            "pk/__init__.py": "",
            "pk/d.py": "WHO = 'outer'\n",
            "qq/__init__.py": "",
            "qq/b/pk/__init__.py": "from pk import d as z\n",
            "qq/b/pk/d.py": "WHO = 'inner'\n",
            "show.py": "import qq.b.pk\nprint(qq.b.pk.__name__, qq.b.pk.z.WHO)\n",
        }
    )
    assert small.run("show.py").stdout == "qq.b.pk outer\n"
    assert small.places("PCL202") == []
    assert is_the_same_program(small, "show", unsafe=True)


def test_import_from_another_package_of_the_same_name_stays(project: Make) -> None:
    small = project(
        {
            "pk/__init__.py": "",
            "pk/json.py": "N = 1\n",
            "qq/__init__.py": "",
            "qq/b/pk/__init__.py": "",
            "qq/b/pk/e.py": "from pk.json import N\n",
            "show.py": "import qq.b.pk.e\nprint(qq.b.pk.e.N)\n",
        }
    )
    assert small.places("PCL202") == []
    assert is_the_same_program(small, "show", unsafe=True)


def test_two_names_in_one_file_leave_it_alone(project: Make) -> None:
    small = project(
        {
            "pk/pk/__init__.py": "",
            "pk/pk/a.py": "",
            "pk/pk/b/__init__.py": "import pk.pk.b.d\nfrom kit.b import d\n",
            "pk/pk/b/d.py": "",
            "pk/kit/__init__.py": "",
            "pk/kit/b/__init__.py": "",
            "pk/kit/b/d.py": "import kit.b\nimport pk.kit\n",
        }
    )
    assert small.places("PCL202", "PCL203") == []


@pytest.mark.parametrize("root", ["", "src/"])
def test_folder_that_is_imported_as_a_package_is_no_import_root(project: Make, root: str) -> None:
    """beets' `beetsplug`: a regular package and `random.py` in it."""
    small = project(
        {
            f"{root}plug/web/__init__.py": "from plug import random\n",
            f"{root}plug/random.py": "import math\n",
            f"{root}plug/types.py": "import math\n",
            f"{root}app/__init__.py": "",
            f"{root}app/main.py": "import plug.random, plug.web\nprint(plug.random.__name__)\n",
        }
    )
    assert small.places("PCL208") == []


def test_folder_that_a_computed_import_names_is_no_import_root(project: Make) -> None:
    small = project(
        {
            "plug/web/__init__.py": "",
            "plug/random.py": "",
            "app/__init__.py": "",
            "app/main.py": """\
                from importlib import import_module
                NAMESPACE = "plug"
                def load(name):
                    return import_module(f"{NAMESPACE}.{name}")
                """,
        }
    )
    assert small.places("PCL208") == []
    small.write({"app/main.py": "import web.x\n"})
    assert small.places("PCL208") == [("plug/random.py", 1, 1)]


def test_folder_that_imports_start_from_is_an_import_root(project: Make) -> None:
    small = project(
        {
            "lib/web/__init__.py": "",
            "lib/web/a.py": "",
            "lib/random.py": "",
            "main.py": "import sys\nsys.path.insert(0, 'lib')\nimport web.a\n",
        }
    )
    assert small.places("PCL208") == [("lib/random.py", 1, 1)]


def test_namespace_package_is_part_of_the_name_in_messages(project: Make) -> None:
    """Products.CMFPlone, and Mopidy's `_exts` inside of a package."""
    small = project(
        {
            "src/Products/CMF/__init__.py": "",
            "src/Products/CMF/skins/a.py": "",
            "src/Products/CMF/utils.py": "from Products.CMF import skins\n",
            "src/mopidy/__init__.py": "",
            "src/mopidy/_exts/http/__init__.py": "",
            "src/mopidy/_exts/http/parts/b.py": "",
        }
    )
    said = "\n".join(small.messages("PCL201"))
    assert "in the regular package `Products.CMF`, `Products.CMF.skins` is a namespace" in said
    assert "in the regular package `mopidy`, `mopidy._exts` is a namespace" in said
    assert "`mopidy._exts.http.parts` is a namespace package" in said


def test_relative_name_is_told_of_the_whole_name(project: Make) -> None:
    small = project(
        {
            "src/some/package/__init__.py": "",
            "src/some/package/a.py": "from some.package.b import x\n",
            "src/some/package/b.py": "x = 1\n",
        }
    )
    (message,) = small.messages("PCL202")
    assert "from `some.package.a` it is `.b`" in message


def test_repository_that_is_a_package_by_accident(project: Make) -> None:
    """An `__init__.py` in the project's root, from which imports start all the same."""
    small = project(
        {
            "__init__.py": "",
            "app/__init__.py": "",
            "app/a.py": "from app.b import x\nprint(x, __name__ != '')\n",
            "app/b.py": "x = 1\n",
        }
    )
    assert is_the_same_program(small, "app.a")
    assert small.texts()["app/a.py"].startswith("from .b import x\n")


def test_names_follow_the_imports_of_later_runs(project: Make) -> None:
    from pyconcepts_lint.testing import lint_paths as run

    small = project(
        {
            "plug/web/__init__.py": "",
            "plug/random.py": "",
            "main.py": "import plug.web\n",
        }
    )
    options = {"select": ("PCL208",), "cache_dir": str(small.root / "cache")}

    def count() -> int:
        return len(run([str(small.root)], overrides=options, jobs=1).findings)

    assert count() == 0
    small.write({"main.py": "import web.x\n"})
    assert count() == 1
    small.write({"main.py": "import plug.random\n"})
    assert count() == 0


def test_no_rule_says_a_name_that_python_does_not_know(project: Make) -> None:
    small = project(
        {
            "src/space/kit/__init__.py": "json = {}\nfrom .a import missing\n",
            "src/space/kit/json.py": "",
            "src/space/kit/a.py": "from .json import x\nfrom ....b import y\n",
            "src/space/kit/c.py": "from space.kit.json import y\nimport space.kit.a\n",
        }
    )
    for message in small.messages(*ALL):
        assert "`kit" not in message, message
