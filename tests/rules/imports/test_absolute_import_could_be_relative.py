"""PCL202: absolute imports that stay inside their own package."""

from __future__ import annotations

import ast
import importlib.util
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyconcepts_lint.testing import lint_paths as run

CODE = "PCL202"
Make = Callable[..., Any]

PACKAGE = {
    "pkg/__init__.py": "top = 1\n",
    "pkg/mod.py": "x = y = 1\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/mod.py": "x = z = 2\n",
    "pkg/sub/deep/__init__.py": "",
    "pkg/sub/deep/leaf.py": "w = 3\n",
    "pkg/other/__init__.py": "",
    "pkg/other/mod.py": "v = 4\n",
}


def fixed(project: Make, path: str, source: str, unsafe: bool = False, **options: Any) -> str:
    """A module of PACKAGE after the fix."""
    text: str = project({**PACKAGE, path: source}, **options).fix(CODE, unsafe=unsafe)[path]
    return text


def said(project: Make, path: str, source: str, **options: Any) -> list[tuple[int, int]]:
    """Where the rule speaks in a module of PACKAGE."""
    small = project({**PACKAGE, path: source}, **options)
    return [place[1:] for place in small.places(CODE) if place[0] == path]


# What each form becomes


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("pkg/a.py", "from pkg.mod import x", "from .mod import x"),
        ("pkg/a.py", "from pkg import mod", "from . import mod"),
        ("pkg/a.py", "from pkg import top", "from . import top"),
        ("pkg/a.py", "from pkg import mod, top as t", "from . import mod, top as t"),
        ("pkg/a.py", "from pkg.sub.mod import x", "from .sub.mod import x"),
        ("pkg/a.py", "from pkg.mod import *", "from .mod import *"),
        ("pkg/a.py", "import pkg.mod as m", "from . import mod as m"),
        ("pkg/a.py", "import pkg.sub.mod as m", "from .sub import mod as m"),
        ("pkg/a.py", "import pkg.sub as sub", "from . import sub"),
        ("pkg/sub/a.py", "from pkg.sub.mod import x", "from .mod import x"),
        ("pkg/sub/a.py", "from pkg.sub import mod", "from . import mod"),
        ("pkg/sub/a.py", "from pkg import mod", "from .. import mod"),
        ("pkg/sub/a.py", "from pkg.mod import x", "from ..mod import x"),
        ("pkg/sub/a.py", "from pkg.other.mod import v", "from ..other.mod import v"),
        ("pkg/sub/a.py", "import pkg.sub as s", "from .. import sub as s"),
        ("pkg/sub/a.py", "import pkg.other.mod as mod", "from ..other import mod"),
        ("pkg/sub/deep/a.py", "from pkg.mod import x", "from ...mod import x"),
        ("pkg/sub/deep/a.py", "from pkg.sub.deep.leaf import w", "from .leaf import w"),
        ("pkg/sub/deep/a.py", "from pkg.sub.mod import z", "from ..mod import z"),
        # One dot is the package itself in an `__init__`.
        ("pkg/__init__.py", "from pkg.mod import x", "from .mod import x"),
        ("pkg/__init__.py", "from pkg import mod", "from . import mod"),
        ("pkg/sub/__init__.py", "from pkg.sub.mod import x", "from .mod import x"),
        ("pkg/sub/__init__.py", "from pkg.mod import x", "from ..mod import x"),
        ("pkg/sub/__init__.py", "import pkg.sub.mod as m", "from . import mod as m"),
        # A module that imports itself.
        ("pkg/mod.py", "from pkg.mod import x", "from .mod import x"),
        ("pkg/mod.py", "import pkg.mod as me", "from . import mod as me"),
        # A stub.
        ("pkg/a.pyi", "from pkg.mod import x as x", "from .mod import x as x"),
    ],
)
def test_fix_writes_the_same_module_with_dots(
    project: Make, path: str, before: str, after: str
) -> None:
    assert fixed(project, path, before + "\n", relative_import_levels=3) == after + "\n"


def test_only_the_name_of_the_module_is_rewritten(project: Make) -> None:
    source = textwrap.dedent(
        """\
        from __future__ import annotations
        from pkg.mod import (  # why
            x,  # x!
            y as why,
        )  # end
        from pkg . sub \\
            . mod import x as x2 ; from\tpkg\timport\ttop
        def f():
        \tfrom pkg import sub; return sub
        class C:
            from pkg.mod import(y)
        try:
            from pkg.mod import x
        except ImportError:
            x = None
        if TYPE_CHECKING: from pkg.sub import mod
        """
    )
    assert fixed(project, "pkg/a.py", source) == textwrap.dedent(
        """\
        from __future__ import annotations
        from .mod import (  # why
            x,  # x!
            y as why,
        )  # end
        from .sub.mod import x as x2 ; from\t.\timport\ttop
        def f():
        \tfrom . import sub; return sub
        class C:
            from .mod import(y)
        try:
            from .mod import x
        except ImportError:
            x = None
        if TYPE_CHECKING: from .sub import mod
        """
    )


def test_line_ends_form_feeds_and_wide_characters_stay(project: Make) -> None:
    source = "\f# é\r\ns = 'é😀'; from pkg.mod import x\r\nimport pkg.mod as m, os\r\n"
    assert fixed(project, "pkg/a.py", source) == (
        "\f# é\r\ns = 'é😀'; from .mod import x\r\nfrom . import mod as m\r\nimport os\r\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os, pkg.mod as m, sys  # c", "import os\nfrom . import mod as m\nimport sys  # c"),
        ("import pkg.mod as m, os, sys", "from . import mod as m\nimport os, sys"),
        (
            "import pkg.mod as m, pkg.sub as s, pkg.sub.mod as q",
            "from . import mod as m, sub as s\nfrom .sub import mod as q",
        ),
        ("import os, pkg.mod as m; x = 1", "import os; from . import mod as m; x = 1"),
        ("if 1: import os, pkg.mod as m", "if 1: import os; from . import mod as m"),
        (
            "if 1:\n\timport os , pkg . mod \\\n as m",
            "if 1:\n\timport os\n\tfrom . import mod as m",
        ),
        ("import os . path, pkg.mod as m", "import os . path\nfrom . import mod as m"),
        ("if 1: \\\n import os, pkg.mod as m", "if 1: \\\n import os; from . import mod as m"),
        ("import os, pkg.mod as m;", "import os; from . import mod as m;"),
    ],
)
def test_import_of_several_modules_is_split_in_order(
    project: Make, before: str, after: str
) -> None:
    assert fixed(project, "pkg/a.py", before + "\n") == after + "\n"


def test_finding_stands_at_the_statement_or_at_the_name_among_several(project: Make) -> None:
    source = "if 1:\n    from pkg.mod import x\nimport pkg.mod as m\nimport os, pkg.sub as s\n"
    assert said(project, "pkg/a.py", source) == [(2, 5), (3, 1), (4, 12)]


def test_path_that_a_module_loads_by_is_no_package(project: Make) -> None:
    """A plug-in that is loaded by its path has no parent to be relative to."""
    loader = """\
        import importlib.util, os
        path = os.path.join(os.path.dirname(__file__), "plugin" + ".py")
        spec = importlib.util.spec_from_file_location("plugin", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        print(module.x)
        """
    files = {**PACKAGE, "pkg/load.py": loader, "pkg/plugin.py": "from pkg.mod import x\n"}
    small = project(files)
    assert small.run_module("pkg.load").stdout == "1\n"
    assert small.places(CODE) == []
    small.write({"pkg/plugin.py": "from .mod import x\n"})
    assert "no known parent package" in small.run_module("pkg.load").stderr


def test_message_says_what_python_resolves(project: Make) -> None:
    sources = {"pkg/sub/a.py": "from pkg.other.mod import v\nimport pkg.sub.mod as m\n"}
    one, two = project({**PACKAGE, **sources}).messages(CODE)
    assert "`pkg.other.mod`" in one
    assert "from `pkg.sub.a` it is `..other.mod`, whatever `pkg` is called" in one
    assert importlib.util.resolve_name("..other.mod", "pkg.sub") == "pkg.other.mod"
    assert "`from . import mod as m`" in two
    assert "whatever `pkg.sub` is called" in two


# Which names are the package's own


def test_names_are_compared_part_by_part(project: Make) -> None:
    files = {"pkx/__init__.py": "", "pkx/mod.py": "x = 1\n", "pk/__init__.py": "x = 1\n"}
    source = "from pkx.mod import x\nfrom pk import x\nimport pkx.mod as m\nfrom pkgs import y\n"
    assert project({**PACKAGE, **files, "pkg/a.py": source}).places(CODE) == []


def test_folder_with_somebody_elses_name_is_not_their_package(project: Make) -> None:
    small = project(
        {
            "examples/flask/__init__.py": "",
            "examples/flask/views.py": "def index(): ...\n",
            "examples/flask/app.py": """\
                from flask import Flask
                from flask.json import dumps
                from flask.views import MethodView
                import flask.config as config
                from flask.views import index
                """,
        }
    )
    assert small.places(CODE) == [("examples/flask/app.py", 5, 1)]


def test_package_in_a_package_of_the_same_name(project: Make) -> None:
    """The repository's directory is a package, too, and called like the one in it."""
    small = project(
        {
            "__init__.py": "",
            "tool/__init__.py": "def run(): ...\n",
            "tool/__main__.py": "",
            "tool/core.py": "",
            "tool/tool.py": "from tool import run\nfrom tool.core import *\nfrom tool import tool\n",
        }
    )
    small.root.rename(small.root.with_name("tool"))
    small.root = small.root.with_name("tool")
    # `tool.tool` is the inner package from above the repository, the module from inside.
    assert small.places(CODE) == []
    small.write({"tool/tool.py": "from tool import run\nfrom tool.core import *\n"})
    assert small.fix(CODE)["tool/tool.py"] == "from . import run\nfrom .core import *\n"


def test_standard_library_names_are_the_standard_librarys(project: Make) -> None:
    small = project(
        {
            "collections/__init__.py": "",
            "collections/abc.py": "Iterable = 1\n",
            "collections/foo.py": "from collections.abc import Iterable\nfrom collections import abc\n",
        }
    )
    assert small.places(CODE) == []


def test_nothing_is_said_across_a_namespace_package(project: Make) -> None:
    files = {
        "space/one/__init__.py": "",
        "space/one/a.py": "from space.two.b import x\n",
        "space/two/__init__.py": "",
        "space/two/b.py": "x = 1\n",
        "pkg/gap/inner/__init__.py": "",
        "pkg/gap/inner/c.py": "from pkg.mod import x\n",
        "pkg/a.py": "from pkg.gap.inner.c import x\nfrom pkg import gap\n",
    }
    places = project({**PACKAGE, **files}).places(CODE)
    # `from pkg import gap` names `pkg` only, and the attribute is the same either way.
    assert places == [("pkg/a.py", 2, 1)]


def test_package_in_a_namespace_package_is_unsafe_unless_that_is_listed(project: Make) -> None:
    files = {
        "src/google/cloud/store/__init__.py": "",
        "src/google/cloud/store/b.py": "x = 1\n",
        "src/google/cloud/store/a.py": "from google.cloud.store.b import x\n",
    }
    path = "src/google/cloud/store/a.py"
    assert project(files).fix(CODE)[path] == "from google.cloud.store.b import x\n"
    assert project(files).fix(CODE, unsafe=True)[path] == "from .b import x\n"
    for name in ("google", "google.cloud"):
        small = project(files, namespace_packages=[name])
        assert small.fix(CODE)[path] == "from .b import x\n"


def test_package_that_goes_by_two_names_is_left_alone(project: Make) -> None:
    files = {
        "tests/kit/__init__.py": "",
        "tests/kit/a.py": "from kit.b import x\n",
        "tests/kit/b.py": "x = 1\n",
        "tests/run.py": "import tests.kit.a\n",
    }
    assert project(files).lint(CODE) == []
    files["tests/run.py"] = "import kit.a\n"
    (finding,) = project(files).lint(CODE)
    assert finding.fix is not None
    assert finding.fix.is_safe


def test_import_roots_come_from_the_settings(project: Make) -> None:
    files = {
        "python/__init__.py": "",
        "python/app/__init__.py": "",
        "python/app/b.py": "x = 1\n",
        "python/app/a.py": "from app.b import x\n",
    }
    assert project(files).places(CODE) == []
    assert project(files, src=["python"]).fix(CODE)["python/app/a.py"] == "from .b import x\n"


def test_module_outside_any_regular_package_has_nothing_to_be_relative_to(project: Make) -> None:
    assert (
        project({**PACKAGE, "a.py": "from pkg.mod import x\nfrom pkg import mod\n"}).places(CODE)
        == []
    )
    assert project({"dir/a.py": "from dir.b import x\n", "dir/b.py": "x = 1\n"}).places(CODE) == []


def test_module_that_is_not_there_is_not_spoken_of(project: Make) -> None:
    source = "from pkg.missing import x\nfrom pkg import missing\nimport pkg.missing as m\n"
    assert said(project, "pkg/a.py", source) == []


def test_module_that_a_build_makes_is_there(project: Make) -> None:
    source = "from pkg._version import version\nfrom pkg.fast import f\nfrom pkg.a_pb2 import M\n"
    small = project({**PACKAGE, "pkg/a.py": source, "pkg/fast.pyx": ""})
    assert [place[1] for place in small.places(CODE)] == [1, 2, 3]


def test_python2_looks_beside_the_importer_first(project: Make) -> None:
    files = {"pkg/pkg/__init__.py": "", "pkg/pkg/mod.py": "x = 0\n"}
    source = "print 'Python 2'\nfrom pkg.mod import x\n"
    assert project({**PACKAGE, **files, "pkg/a.py": source}).places(CODE) == []
    source = "from __future__ import absolute_import\n" + source
    assert project({**PACKAGE, **files, "pkg/a.py": source}).places(CODE) == [("pkg/a.py", 3, 1)]


def test_python2_source_is_fixed_in_place(project: Make) -> None:
    source = "print 'Python 2'\nfrom pkg.mod import x\nimport pkg.mod as m\n"
    assert fixed(project, "pkg/a.py", source) == (
        "print 'Python 2'\nfrom .mod import x\nfrom . import mod as m\n"
    )


# What is left alone, and what is unsafe


def test_levels_limit_the_dots(project: Make) -> None:
    source = "from pkg.sub.mod import x\nfrom pkg.mod import y\nimport pkg.mod as m\n"
    for levels, lines in ((1, [1]), (2, [1, 2, 3])):
        places = said(project, "pkg/sub/a.py", source, relative_import_levels=levels)
        assert [line for line, _ in places] == lines
    deep = "from pkg.mod import x\nfrom pkg.sub.mod import z\n"
    assert said(project, "pkg/sub/deep/a.py", deep) == [(2, 1)]
    assert len(said(project, "pkg/sub/deep/a.py", deep, relative_import_levels=3)) == 2


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    from pkg.mod import x\nexcept ImportError:\n    from mod import x\n",
        "try:\n    from .mod import x\nexcept ImportError:\n    from pkg.mod import x\n",
        "try:\n    if 1:\n        import pkg.mod as m\nexcept ImportError:\n    import mod as m\n",
        "try:\n    pass\nexcept A:\n    from pkg.mod import x\nexcept B:\n    from mod import x\n",
        "import sys\nif sys.version_info[0] > 2:\n    from pkg.mod import x\n",
        "import sys\nif sys.version_info > (3,):\n    pass\nelse:\n    from pkg.mod import x\n",
        "import six\ndef f():\n    if six.PY2:\n        import pkg.mod as m\n",
    ],
)
def test_imports_that_are_written_twice_are_left_alone(project: Make, source: str) -> None:
    assert said(project, "pkg/a.py", source) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("pkg/a.py", "from pkg.mod import x\nif __name__ == '__main__':\n    print(x)\n"),
        ("pkg/a.py", "#!/usr/bin/env python3\nfrom pkg.mod import x\n"),
        ("pkg/__main__.py", "from pkg.mod import x\n"),
        ("pkg/a.py", "__package__ = 'pkg'\nfrom pkg.mod import x\n"),
    ],
)
def test_in_what_is_run_by_its_path_the_fix_is_unsafe(
    project: Make, path: str, source: str
) -> None:
    assert fixed(project, path, source) == source
    assert "from .mod import x" in fixed(project, path, source, unsafe=True)


LOADED_BY_TOOLS = [
    ("pkg/env.py", "from alembic import context\nfrom pkg.mod import x\n"),
    ("pkg/versions/a1.py", "from alembic import op\nfrom pkg.mod import x\nrevision = 'a1'\n"),
    ("pkg/page.py", "import streamlit as st\nfrom pkg.mod import x\n"),
    ("pkg/flow.py", "from airflow import DAG\nfrom pkg.mod import x\n"),
    ("pkg/run-me.py", "from pkg.mod import x\n"),
]


@pytest.mark.parametrize(("path", "source"), LOADED_BY_TOOLS)
def test_what_a_tool_loads_by_its_path_is_in_no_package(
    project: Make, path: str, source: str
) -> None:
    assert said(project, path, source) == []


def test_migration_is_loaded_by_its_path_whoever_else_imports_it(project: Make) -> None:
    path, source = LOADED_BY_TOOLS[1]
    files = {**PACKAGE, "main.py": "import pkg.versions.a1\n", "pkg/versions/__init__.py": ""}
    assert project({**files, path: source}).places(CODE) == []


@pytest.mark.parametrize(("path", "source"), LOADED_BY_TOOLS[2:4])
def test_what_a_tool_loads_and_the_program_imports_is_unsafe(
    project: Make, path: str, source: str
) -> None:
    stem = Path(path).stem
    files = {**PACKAGE, "main.py": f"import pkg.{stem}\n", path: source}
    assert project(files).fix(CODE)[path] == source
    assert "from .mod import x" in project(files).fix(CODE, unsafe=True)[path]


def test_script_that_a_relative_import_binds_to_its_package_is_safe(project: Make) -> None:
    source = "from . import top\nfrom pkg.mod import x\nif __name__ == '__main__':\n    print(x)\n"
    assert "from .mod import x" in fixed(project, "pkg/a.py", source)
    small = project({**PACKAGE, "pkg/a.py": source})
    assert "no known parent package" in small.run("pkg/a.py").stderr
    small.fix(CODE)
    assert small.run_module("pkg.a").stdout == "1\n"


def test_import_as_needs_the_submodule_itself(project: Make) -> None:
    """`import p.s as m` loads the submodule whatever the package calls `s`."""
    files = {
        "pkg/__init__.py": "mod = 'a string'\n",
        "pkg/a.py": "import pkg.mod as m\nprint(m.__class__.__name__)\n",
    }
    small = project({**PACKAGE, **files})
    assert small.places(CODE) == []
    assert small.run_module("pkg.a").stdout == "module\n"
    small.write({"pkg/a.py": "from . import mod as m\nprint(m.__class__.__name__)\n"})
    assert small.run_module("pkg.a").stdout == "str\n"


def test_import_as_is_unsafe_where_the_package_may_have_another_such_name(project: Make) -> None:
    files = {
        "pkg/__init__.py": "def __getattr__(name):\n    raise AttributeError(name)\n",
        "pkg/a.py": "import pkg.mod as m\n",
    }
    assert project({**PACKAGE, **files}).fix(CODE)["pkg/a.py"] == "import pkg.mod as m\n"
    files["pkg/__init__.py"] = "from . import mod\n"
    assert project({**PACKAGE, **files}).fix(CODE)["pkg/a.py"] == "from . import mod as m\n"


# `import pkg.mod` and its uses


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("pkg/a.py", "import pkg.mod\nprint(pkg.mod.x)\n", "from . import mod\nprint(mod.x)\n"),
        (
            "pkg/sub/a.py",
            "import pkg.sub.mod, os\ndef f(o=pkg.sub.mod):\n    return f'é{pkg.sub.mod.x!r:>{o.z}}'\n",
            "from . import mod\nimport os\ndef f(o=mod):\n    return f'é{mod.x!r:>{o.z}}'\n",
        ),
        (
            "pkg/a.py",
            "import pkg.mod\nimport pkg.sub.deep.leaf\npkg.mod.x += pkg.sub.deep.leaf.w\n",
            "from . import mod\nfrom .sub.deep import leaf\nmod.x += leaf.w\n",
        ),
        (
            "pkg/a.py",
            "import pkg\nimport pkg.mod\nprint(pkg.sub.deep.leaf.w, pkg.mod)\n",
            "from .sub.deep import leaf\nfrom . import mod\nprint(leaf.w, mod)\n",
        ),
        (
            "pkg/a.py",
            "def f():\n    import pkg.mod\n    return lambda: pkg.mod.x\n"
            "def g():\n    import pkg.other.mod\n    @pkg.other.mod.v\n    class C(pkg.other.mod.v): ...\n",
            "def f():\n    from . import mod\n    return lambda: mod.x\n"
            "def g():\n    from .other import mod\n    @mod.v\n    class C(mod.v): ...\n",
        ),
        ("pkg/a.py", "import pkg.mod\n", "from . import mod\n"),
        (
            "pkg/a.py",
            'import pkg.mod\n\n\nx = f"""\n\n{1}\n  {pkg.mod.x}\n"""\n\ny = (1,\n2)\n',
            'from . import mod\n\n\nx = f"""\n\n{1}\n  {mod.x}\n"""\n\ny = (1,\n2)\n',
        ),
    ],
)
def test_uses_are_rewritten_with_the_import(
    project: Make, path: str, before: str, after: str
) -> None:
    assert fixed(project, path, before) == before
    assert fixed(project, path, before, unsafe=True) == after


@pytest.mark.parametrize(
    "source",
    [
        "import pkg.mod\nmod = 1\nprint(pkg.mod.x)\n",
        "import pkg.mod\ndef f(mod): return pkg.mod.x\n",
        "import pkg.mod\nprint(pkg.mod.x, [mod for mod in ()])\n",
        "import pkg.mod\nimport pkg.sub.mod\nprint(pkg.mod.x, pkg.sub.mod.x)\n",
        "import pkg.mod\nprint(pkg.mod.x, pkg)\n",
        "import pkg.mod\nprint(pkg.mod.x, pkg.top)\n",
        "import pkg.mod\npkg = pkg.mod.x\n",
        "import pkg.mod\ndef f(pkg): return pkg.mod.x\n",
        "import pkg.mod\npkg.mod = None\n",
        "import pkg.mod\ndel pkg.mod\n",
        "import pkg.mod\n__all__ = ['mod']\n",
        "import pkg.mod\ndef f(): global pkg\n",
        "import pkg.mod\ndef f(x: 'pkg.mod.T'): ...\n",
        "from typing import cast\nimport pkg.mod\ny = cast('pkg.mod.T', pkg.mod.x)\n",
        "import pkg.mod\nx = (pkg  # why\n  .mod.x)\n",
        "class C:\n    import pkg.mod\n    x = pkg.mod.x\n",
        "try:\n    import pkg.mod\nexcept ImportError:\n    import xpkg as pkg\npkg.mod.x\n",
        "def f(): import pkg.mod; return pkg.mod.x\n",
    ],
)
def test_uses_that_can_not_be_followed_withhold_the_fix(project: Make, source: str) -> None:
    assert fixed(project, "pkg/a.py", source, unsafe=True) == source


def test_withheld_fix_leaves_the_finding(project: Make) -> None:
    source = "import pkg.mod\nprint(pkg.mod.x, pkg)\n"
    assert said(project, "pkg/a.py", source) == [(1, 1)]


def test_import_of_the_top_package_alone_has_no_relative_form(project: Make) -> None:
    source = "import pkg\nimport pkg as p\nprint(pkg.top, pkg, p.mod)\n"
    assert said(project, "pkg/a.py", source) == []


def test_init_does_not_get_the_name_of_another_submodule(project: Make) -> None:
    source = "import pkg.sub.mod\nprint(pkg.sub.mod.x)\n"
    assert fixed(project, "pkg/__init__.py", source, unsafe=True) == source
    source = "import pkg.mod\nprint(pkg.mod.x)\n"
    assert fixed(project, "pkg/__init__.py", source, unsafe=True) == (
        "from . import mod\nprint(mod.x)\n"
    )


def test_star_import_may_bring_the_leaf_name(project: Make) -> None:
    files = {
        **PACKAGE,
        "pkg/names.py": "N = 1\n",
        "pkg/b.py": "def names():\n    return 2\n",
        "pkg/a.py": "import pkg.names\nfrom pkg.b import *\nprint(pkg.names.N, names())\n",
    }
    small = project(files)
    before = small.run_module("pkg.a").stdout
    assert before == "1 2\n"
    assert "import pkg.names\nfrom .b import *" in small.fix(CODE, unsafe=True)["pkg/a.py"]
    assert small.run_module("pkg.a").stdout == before


@pytest.mark.parametrize(
    "source",
    [
        "from pkg.a import pkg\nprint(pkg.mod.x)\n",
        "from .a import pkg as p\nprint(p.mod.x)\n",
        "from pkg.a import *\nprint(pkg.mod.x)\n",
        "from . import a\nprint(a.pkg.mod.x)\n",
        "import pkg.a\nprint(pkg.a.pkg.mod.x)\n",
    ],
)
def test_name_that_another_module_takes_stays(project: Make, source: str) -> None:
    files = {**PACKAGE, "pkg/a.py": "import pkg.mod\ny = pkg.mod.x\n", "pkg/c.py": source}
    small = project(files)
    before = small.run_module("pkg.c").stdout
    assert before == "1\n"
    small.fix(CODE, unsafe=True)
    assert small.run_module("pkg.c").stdout == before
    assert small.texts()["pkg/a.py"].startswith("import pkg.mod\n")


def test_module_that_imports_itself_is_told_so(project: Make) -> None:
    small = project({**PACKAGE, "pkg/a.py": "y = 1\nfrom pkg.a import y\n"})
    (message,) = small.messages(CODE)
    assert message.startswith("`pkg.a` is this module itself:")
    small = project({**PACKAGE, "pkg/sub/__init__.py": "from pkg.sub import mod\n"})
    (message,) = small.messages(CODE)
    assert message.startswith("`pkg.sub` is this package:")


# The fixed program is the same program


def test_fixed_package_runs_as_before(project: Make) -> None:
    files = {
        **PACKAGE,
        "pkg/a.py": """\
            import pkg.mod
            from pkg import sub, top
            import os, pkg.sub.mod as m
            from pkg.sub.deep import leaf

            def late():
                import pkg.other.mod
                return pkg.other.mod.v

            print(pkg.mod.x, sub.__name__, top, m.__name__, leaf.w, late(), os.name)
            """,
    }
    small = project(files)
    before = small.run_module("pkg.a")
    texts = small.fix(CODE, unsafe=True)
    assert "pkg" not in texts["pkg/a.py"]
    assert small.run_module("pkg.a").stdout == before.stdout
    (small.root / "pkg").rename(small.root / "renamed")
    renamed = small.run_module("renamed.a")
    assert renamed.stdout == before.stdout.replace("pkg", "renamed")


def imported(text: str, package: str) -> list[tuple[str, str, str]]:
    """What a module imports, in order, by absolute names: (module, name, bound name)."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            dotted = "." * node.level + (node.module or "")
            module = importlib.util.resolve_name(dotted, package) if node.level else dotted
            found += [(module, alias.name, alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parent, _, leaf = alias.name.rpartition(".")
                if alias.asname and parent:
                    found.append((parent, leaf, alias.asname))
                else:
                    found.append((alias.name, "", alias.asname or ""))
    return found


NAMES = ("a", "ab", "b", "pkg", "os")


@st.composite
def package_trees(draw: st.DrawFn) -> dict[str, str]:
    """Packages in packages, with modules that import each other absolutely in every form."""
    directories = {("pkg",)}
    for _ in range(draw(st.integers(0, 4))):
        parent = draw(st.sampled_from(sorted(directories)))
        directories.add((*parent, draw(st.sampled_from(NAMES))))
    modules = {(*directory, "__init__") for directory in directories}
    for _ in range(draw(st.integers(1, 6))):
        directory = draw(st.sampled_from(sorted(directories)))
        name = draw(st.sampled_from(NAMES))
        if (*directory, name) not in directories:
            modules.add((*directory, name))
    dotted = sorted({".".join(m).removesuffix(".__init__") for m in modules} | {"os", "pkgs.a"})
    files = {}
    for module in sorted(modules):
        lines = []
        for target in draw(st.lists(st.sampled_from(dotted), max_size=5)):
            parent, _, leaf = target.rpartition(".")
            forms = [
                f"import {target} as x",
                f"from {target} import *",
                f"import os, {target} as y",
            ]
            if parent:
                forms += [f"from {parent} import {leaf}", f"from {parent} import {leaf} as z"]
            lines.append(draw(st.sampled_from(forms)))
        files["/".join(module) + ".py"] = "\n".join([*lines, ""])
    return files


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=package_trees())
def test_every_import_means_the_same_module_after_the_fix(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for name, text in {**files, "pyproject.toml": "[tool.pyconcepts-lint]\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    report = run([str(root)], overrides={"select": (CODE,)}, jobs=1, fix=True)
    assert report.errors == []
    for name, before in files.items():
        package = Path(name).parent.as_posix().replace("/", ".")
        after = (root / name).read_text()
        assert imported(after, package) == imported(before, package)
    assert not any(finding.fix and finding.fix.is_safe for finding in report.findings)


def test_modules_are_the_same_objects_after_the_fix(project: Make) -> None:
    """Imported under real Python, every name of every module is what it was."""
    show = """\
        import importlib, pkgutil, sys
        import pkg
        names = ["pkg"] + sorted(m.name for m in pkgutil.walk_packages(pkg.__path__, "pkg."))
        for name in names:
            module = importlib.import_module(name)
            for key, value in sorted(vars(module).items()):
                if not key.startswith("__"):
                    print(name, key, getattr(value, "__name__", value))
        print(sorted(name for name in sys.modules if name.startswith("pkg")))
        """
    files = {
        **PACKAGE,
        "show.py": show,
        "pkg/__init__.py": "from pkg.mod import x\nfrom pkg import sub\nimport pkg.other.mod as om\n",
        "pkg/sub/__init__.py": "from pkg.sub.mod import *\nfrom pkg import mod as parent_mod\n",
        "pkg/sub/mod.py": "import pkg.sub.deep.leaf as leaf\nx = z = 2\n",
        "pkg/sub/deep/leaf.py": "from pkg.other import mod\nfrom pkg.sub import deep\nw = 3\n",
    }
    small = project(files, relative_import_levels=3)
    before = small.run("show.py").stdout
    assert "pkg.sub.deep.leaf" in before
    texts = small.fix(CODE)
    assert not any("pkg." in text for name, text in texts.items() if name.startswith("pkg/"))
    assert small.run("show.py").stdout == before


def test_a_package_on_the_way_that_is_another_attribute(project: Make) -> None:
    files = {
        "qq/__init__.py": "from qq.b.b import b\ntry:\n    import qq.b.b.c as x\n"
        "except (ImportError, AttributeError):\n    N = 1\n",
        "qq/b/__init__.py": "",
        "qq/b/b/__init__.py": "",
        "qq/b/b/b.py": "",
        "qq/b/b/c.py": "",
        "main.py": "import qq\nprint(qq.N)\n",
    }
    small = project(files)
    assert small.run("main.py").stdout == "1\n"
    small.fix(CODE)
    assert small.run("main.py").stdout == "1\n"
