"""PCL201: directories that are used as packages without being regular ones."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import pytest

CODE = "PCL201"
Make = Callable[..., Any]


def reported(project: Make, files: Mapping[str, str], **options: Any) -> list[str]:
    """The files at which a directory is reported."""
    found = project(files, **options)
    found.places(CODE)  # with the gate and without
    return [found.relative(each.path) for each in found.lint(CODE) if each.code == CODE]


# Inside a regular package


def test_directory_in_a_regular_package_is_reported_once_at_its_first_module(project: Make) -> None:
    small = project({"pkg/__init__.py": "", "pkg/sub/b.py": "", "pkg/sub/a.py": "x = 1\n"})
    assert small.places(CODE) == [("pkg/sub/a.py", 1, 1)]


def test_empty_init_is_created(project: Make) -> None:
    small = project({"pkg/__init__.py": "", "pkg/sub/a.py": "x = 1\n"})
    assert small.fix(CODE)["pkg/sub/__init__.py"] == ""
    assert small.lint(CODE) == []


def test_message_says_what_python_makes_of_the_directory(project: Make) -> None:
    small = project(
        {
            "pkg/__init__.py": "",
            "pkg/sub/a.py": "",
            "main.py": "import pkg, pkg.sub.a\n"
            "print(pkg.__spec__.origin is None, pkg.sub.__spec__.origin is None)\n",
        }
    )
    (message,) = small.messages(CODE)
    assert message == (
        "`pkg/sub` has no `__init__.py`: in the regular package `pkg`, `pkg.sub` is a namespace "
        "package"
    )
    assert small.run("main.py").stdout == "False True\n"


def test_directory_of_packages_is_reported_at_the_first_of_their_modules(project: Make) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/gap/inner/__init__.py": "",
        "pkg/gap/inner/a.py": "",
    }
    assert reported(project, files) == ["pkg/gap/inner/__init__.py"]


def test_directories_below_each_other_are_reported_and_made_together(project: Make) -> None:
    small = project({"pkg/__init__.py": "", "pkg/one/two/a.py": ""})
    assert small.messages(CODE) == [
        "`pkg/one` has no `__init__.py`: in the regular package `pkg`, `pkg.one` is a namespace "
        "package",
        "`pkg/one/two` has no `__init__.py`: in the regular package `pkg`, `pkg.one.two` is a "
        "namespace package",
    ]
    texts = small.fix(CODE)
    assert {"pkg/one/__init__.py", "pkg/one/two/__init__.py"} <= set(texts)


def test_stub_makes_a_package_of_stubs(project: Make) -> None:
    assert reported(project, {"pkg/__init__.pyi": "", "pkg/sub/a.pyi": ""}) == ["pkg/sub/a.pyi"]
    files = {"pkg/__init__.pyi": "", "pkg/sub/__init__.pyi": "", "pkg/sub/a.pyi": ""}
    assert reported(project, files) == []


def test_fixed_directory_is_found_by_pkgutil(project: Make) -> None:
    small = project(
        {
            "pkg/__init__.py": "",
            "pkg/sub/a.py": "from pkg.sub import b\n",
            "pkg/sub/b.py": "",
            "main.py": """\
                import json, pkg, pkgutil
                import pkg.sub.a
                print(json.dumps([m.name for m in pkgutil.walk_packages(pkg.__path__, "pkg.")]))
                """,
        }
    )
    assert json.loads(small.run("main.py").stdout) == []
    small.fix(CODE)
    assert json.loads(small.run("main.py").stdout) == ["pkg.sub", "pkg.sub.a", "pkg.sub.b"]


# What is no package, or is one on purpose


@pytest.mark.parametrize(
    "files",
    [
        # No modules, or names that can't be imported.
        {"pkg/sub/0001_first.py": "", "pkg/sub/not-a-name.py": ""},
        {"pkg/my-templates/a.py": ""},
        {"pkg/{{ name }}/sub/a.py": ""},
        {"pkg/class/a.py": ""},
        # Scripts that nobody imports.
        {
            "pkg/sub/a.py": "#!/usr/bin/env python\n",
            "pkg/sub/b.py": "if __name__ == '__main__': 1\n",
        },
        {"pkg/sub/__main__.py": ""},
        {"pkg/docs2/conf.py": "extensions = []\n"},
        # Data, templates, examples.
        {"pkg/data/a.py": ""},
        {"pkg/project_template/a.py": ""},
        {"pkg/examples/deep/a.py": ""},
        {"pkg/tests/__init__.py": "", "pkg/tests/broken/a.py": "x = 1\n"},
        # Alembic loads its revisions by their paths.
        {
            "pkg/migrate/env.py": "from alembic import context\n",
            "pkg/migrate/versions/a1.py": "from alembic import op\nrevision = 'a1'\n",
        },
        # Imported as if it were on `sys.path`.
        {"pkg/sub/a.py": "import helper\n", "pkg/sub/helper.py": ""},
        {"pkg/vendored/six_copy.py": "", "pkg/a.py": "import six_copy\n"},
        # Others may add to it.
        {
            "pkg/plugins/a.py": "",
            "pkg/load.py": "import pkgutil\nimport pkg.plugins\n"
            "found = list(pkgutil.iter_modules(pkg.plugins.__path__))\n",
        },
        # A module of the same name goes first.
        {"pkg/sub.py": "", "pkg/sub/a.py": ""},
        # Files that nothing reads.
        {"pkg/sub/a.py": "x = = 1\n"},
    ],
)
def test_what_is_no_package_is_not_reported(project: Make, files: dict[str, str]) -> None:
    assert reported(project, {"pkg/__init__.py": "", **files}) == []


def test_module_beside_a_directory_of_its_name_is_what_python_imports(project: Make) -> None:
    small = project({"pkg/__init__.py": "", "pkg/sub.py": "x = 1\n", "pkg/sub/x.py": ""})
    small.write({"main.py": "import pkg.sub\nprint(hasattr(pkg.sub, '__path__'))\n"})
    assert small.run("main.py").stdout == "False\n"


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/data/a.py": "", "pkg/b.py": "from pkg.data import a\n"},
        {"pkg/data/a.py": "", "pkg/b.py": "from .data.a import x\n"},
        {"pkg/data/a.py": "from .b import x\n", "pkg/data/b.py": ""},
        {"pkg/data/a.py": "#!/bin/python\n", "pkg/b.py": "import pkg.data.a as a\n"},
        {
            "pkg/tests/__init__.py": "",
            "pkg/tests/data/a.py": "",
            "pkg/tests/b.py": "import pkg.tests.data.a\n",
        },
        {"pkg/tests/__init__.py": "", "pkg/tests/more/test_a.py": ""},
    ],
)
def test_imports_outweigh_names(project: Make, files: dict[str, str]) -> None:
    assert len(reported(project, {"pkg/__init__.py": "", **files})) == 1


def test_listed_namespace_package_is_none_that_misses_anything(project: Make) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/plugins/a.py": "",
        "tests/util.py": "",
        "tests/b.py": "import tests.util\n",
    }
    assert len(reported(project, files)) == 2
    assert reported(project, files, namespace_packages=["pkg.plugins", "tests"]) == []


# Outside regular packages


def test_directory_that_is_imported_through_is_reported_with_who_does(project: Make) -> None:
    small = project(
        {"util/text.py": "", "util/a.py": "", "main.py": "from util.text import x\n"},
    )
    (finding,) = small.lint(CODE)
    assert (small.relative(finding.path), finding.line) == ("util/a.py", 1)
    assert finding.message == (
        "`util` has no `__init__.py`, and main.py imports `util.text`: `util` is a namespace "
        "package, which any regular package or module `util` on `sys.path` hides"
    )
    assert finding.fix is not None
    assert not finding.fix.is_safe
    assert "util/__init__.py" not in small.fix(CODE)
    assert small.fix(CODE, unsafe=True)["util/__init__.py"] == ""


def test_regular_package_later_on_the_path_hides_a_namespace_package(project: Make) -> None:
    small = project(
        {
            "util/text.py": "",
            "elsewhere/util/__init__.py": "",
            "main.py": "import sys\nsys.path.append('elsewhere')\nimport util.text\n",
        }
    )
    assert "No module named 'util.text'" in small.run("main.py").stderr


def test_directory_whose_modules_import_each_other_relatively_is_reported(project: Make) -> None:
    small = project({"util/a.py": "from .b import x\n", "util/b.py": "x = 1\n"})
    (finding,) = small.lint(CODE)
    assert "util/a.py imports `.b`" in finding.message
    assert finding.fix is not None
    assert not finding.fix.is_safe
    files = {"util/a.py": "from . import b\nfrom ..other import y\n", "util/b.py": "x = 1\n"}
    assert reported(project, files) == ["util/a.py"]
    assert reported(project, {"util/a.py": "from .missing import x\n"}) == []


@pytest.mark.parametrize(
    "files",
    [
        # Ordinary trees: scripts, documentation, tests and examples beside a package.
        {
            "setup.py": "",
            "src/pkg/__init__.py": "",
            "src/pkg/a.py": "from pkg import b\n",
            "src/pkg/b.py": "",
            "docs/conf.py": "import pkg.a\n",
            "docs/ext/helper.py": "",
            "scripts/build.py": "import pkg\n",
            "examples/app/main.py": "import models\n",
            "examples/app/models.py": "",
            "tests/conftest.py": "",
            "tests/test_a.py": "from pkg.a import x\nimport util\n",
            "tests/util.py": "",
        },
        # A Django project.
        {
            "manage.py": "",
            "site1/__init__.py": "",
            "site1/settings.py": "",
            "shop/__init__.py": "",
            "shop/models.py": "",
            "shop/migrations/__init__.py": "",
            "shop/migrations/0001_initial.py": "from shop import models\n",
            "shop/templates/a.html": "",
        },
        # Namespace packages as PEP 420 means them.
        {
            "src/google/cloud/store/__init__.py": "",
            "src/google/cloud/store/a.py": "from google.cloud.store import b\n",
            "src/google/cloud/store/b.py": "",
        },
        # `src` is where imports start, whatever they say.
        {"src/a.py": "from src.b import x\n", "src/b.py": ""},
        {"a.py": "from . import b\n", "b.py": ""},
    ],
)
def test_ordinary_trees_are_left_alone(project: Make, files: dict[str, str]) -> None:
    assert reported(project, files) == []


def test_import_roots_of_the_settings_are_no_packages(project: Make) -> None:
    files = {"python/a.py": "import python.b\n", "python/b.py": ""}
    assert reported(project, files) == ["python/a.py"]
    assert reported(project, files, src=["python"]) == []


def test_root_that_holds_packages_and_is_imported_through_is_reported(project: Make) -> None:
    files = {"tests/unit/__init__.py": "", "tests/unit/test_a.py": "", "tests/util.py": ""}
    assert reported(project, {**files, "tests/test_b.py": "from tests.util import x\n"}) == [
        "tests/test_b.py"
    ]
    both = {**files, "tests/test_b.py": "from tests.util import x\nimport unit.test_a\n"}
    assert reported(project, both) == []


def test_directory_of_a_file_that_only_python2_reads_is_one_of_modules(project: Make) -> None:
    source = textwrap.dedent(
        """\
        print "Python 2"
        """
    )
    assert reported(project, {"pkg/__init__.py": "", "pkg/sub/a.py": source}) == ["pkg/sub/a.py"]


def test_import_root_in_a_regular_package_is_none_that_misses_anything(project: Make) -> None:
    files = {"pkg/__init__.py": "", "pkg/lib/a.py": ""}
    assert reported(project, files) == ["pkg/lib/a.py"]
    assert reported(project, files, src=["pkg/lib"]) == []


def test_findings_of_an_earlier_run_follow_the_project(project: Make) -> None:
    small = project({"util/text.py": "", "main.py": ""})
    assert small.lint(CODE) == []
    small.write({"main.py": "import util.text\n"})
    assert len(small.lint(CODE)) == 1
    small.write({"util/__init__.py": ""})
    assert small.lint(CODE) == []
