"""PCL201, PCL202 and PCL203 in programs that load modules otherwise than by their full names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODES = ("PCL201", "PCL202", "PCL203")
Make = Callable[..., Any]

APP = {
    "app/__init__.py": "",
    "app/util.py": "x = 1\n",
    "app/plugins/__init__.py": "",
    "app/plugins/hello.py": "from app.util import x\n",
    "app/plugins/bye.py": "from app.util import x\n",
    "app/core/__init__.py": "",
    "app/core/main.py": "from app.util import x\n",
    "main.py": "import app.core.main, app.loader\nprint(app.loader.load())\n",
}
FOLDER = "os.path.join(os.path.dirname(os.path.abspath(__file__)), 'plugins')"
BY_PATH = f"""\
import importlib.util, os
FOLDER = {FOLDER}
def load():
    found = {{}}
    for entry in sorted(os.listdir(FOLDER)):
        if entry.startswith("_"): continue
        spec = importlib.util.spec_from_file_location("p_" + entry[:-3], os.path.join(FOLDER, entry))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[entry] = module.x
    return found
"""
BY_LOADER = (
    BY_PATH.replace(
        "importlib.util.spec_from_file_location(",
        "importlib.util.spec_from_loader('p_' + entry[:-3], importlib.machinery.SourceFileLoader(",
    )
    .replace("os.path.join(FOLDER, entry))", "os.path.join(FOLDER, entry)))")
    .replace("import importlib.util", "import importlib.machinery, importlib.util")
)
RUN = f"""\
import glob, os, runpy
def load():
    return [runpy.run_path(path)["x"] for path in sorted(glob.glob({FOLDER} + "/[a-z]*.py"))]
"""
EXECUTED = """\
from pathlib import Path
def load():
    found = []
    for path in sorted(Path(__file__).parent.joinpath("plugins").glob("[a-z]*.py")):
        scope = {}
        exec(compile(path.read_text(), path, "exec"), scope)
        found.append(scope["x"])
    return found
"""
BY_NAME = f"""\
import importlib, os, sys
def load():
    folder = {FOLDER}
    sys.path.insert(0, folder)
    names = sorted(name[:-3] for name in os.listdir(folder) if name[0] != "_")
    return [importlib.import_module(name).x for name in names]
"""
BY_PKGUTIL = """\
import pkgutil
from . import plugins
def load():
    found = {}
    for finder, name, _ in pkgutil.iter_modules(plugins.__path__):
        found[name] = finder.find_spec(name).loader.load_module(name).x
    return found
"""
BY_FULL_NAME = """\
import importlib, pkgutil
from . import plugins
def load():
    found = {}
    for _, name, _ in pkgutil.iter_modules(plugins.__path__):
        found[name] = importlib.import_module(f"{plugins.__name__}.{name}").x
    return found
"""
BY_PACKAGE = """\
import importlib
def load():
    return [importlib.import_module("." + name, __package__ + ".plugins").x for name in ("hello", "bye")]
"""
FULL_NAME_BY_PATH = BY_PATH.replace('"p_" +', '"app.plugins." +')


@pytest.mark.parametrize(
    "loader", [BY_PATH, BY_LOADER, RUN, EXECUTED, BY_NAME, BY_PKGUTIL], ids=range(6)
)
def test_plugins_that_are_loaded_by_path_or_short_name_are_left_alone(
    project: Make, loader: str
) -> None:
    """And they would break: with dots, the program ends in an ImportError."""
    small = project({**APP, "app/loader.py": loader})
    before = small.run("main.py")
    assert "1" in before.stdout, before.stderr
    assert {path for path, *_ in small.places(*CODES)} == {"app/core/main.py"}
    texts = small.fix(*CODES)
    assert texts["app/core/main.py"] == "from ..util import x\n"
    small.fix(*CODES, unsafe=True)
    assert small.run("main.py").stdout == before.stdout
    small.write({"app/plugins/hello.py": "from ..util import x\n"})
    assert "    from ..util import x\n" in small.run("main.py").stderr


@pytest.mark.parametrize("loader", [BY_FULL_NAME, BY_PACKAGE, FULL_NAME_BY_PATH], ids=range(3))
def test_plugins_that_are_loaded_by_their_full_names_are_fixed(project: Make, loader: str) -> None:
    small = project({**APP, "app/loader.py": loader})
    before = small.run("main.py")
    assert "1" in before.stdout, before.stderr
    assert small.fix(*CODES)["app/plugins/hello.py"] == "from ..util import x\n"
    assert small.run("main.py").stdout == before.stdout


def test_plugin_that_is_imported_by_name_too_is_unsafe(project: Make) -> None:
    small = project(
        {**APP, "app/loader.py": BY_PATH, "other.py": "from app.plugins import hello\n"}
    )
    assert {path for path, *_ in small.places(*CODES)} == {
        "app/core/main.py",
        "app/plugins/hello.py",
    }
    assert "from app" in small.fix(*CODES)["app/plugins/hello.py"]


UNKNOWN = """\
import importlib.util
def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    return importlib.util.module_from_spec(spec)
"""


def test_where_the_folder_is_not_known_it_may_be_any(project: Make) -> None:
    small = project(
        {
            **APP,
            "app/loader.py": UNKNOWN,
            "app/core/lonely.py": "from app.util import x\n",
            "app/rest/__init__.py": "",
            "app/rest/one.py": "from app.util import x\n",
            "more.py": "import app.rest.one\n",
        }
    )
    assert {path for path, *_ in small.places(*CODES)} == {"app/core/main.py", "app/rest/one.py"}
    texts = small.fix(*CODES)
    # Beside a module that nothing imports, any may be a plugin.
    assert texts["app/core/main.py"] == "from app.util import x\n"
    assert texts["app/rest/one.py"] == "from ..util import x\n"


@pytest.mark.parametrize(
    "path",
    [
        "'setup.py'",
        "os.path.join(os.path.dirname(__file__), '..', 'app', 'plugins', 'hello.py')",
        "Path(__file__).resolve().parents[1] / 'app/plugins' / 'hello.py'",
        "tmp_path / f'{1}.py'",
    ],
)
def test_loader_of_one_file_concerns_that_file_only(project: Make, path: str) -> None:
    test = f"""\
        import importlib.util, os
        from pathlib import Path

        def load(path):
            return importlib.util.spec_from_file_location("x", path)

        def test_hello(tmp_path):
            load({path})
        """
    small = project({**APP, "tests/test_hello.py": test, "app/loader.py": ""})
    expected = {"app/core/main.py", "app/plugins/bye.py", "app/plugins/hello.py"}
    if "hello" in path:
        expected.remove("app/plugins/hello.py")
    assert {place[0] for place in small.places(*CODES)} == expected
    texts = small.fix(*CODES)
    assert all("from ..util" in texts[name] for name in expected)


def test_what_tests_import_is_not_how_the_program_loads_it(project: Make) -> None:
    files = {
        **APP,
        "app/loader.py": BY_PATH,
        "tests/test_hello.py": "from app.plugins import hello\n",
    }
    assert {path for path, *_ in project(files).places(*CODES)} == {"app/core/main.py"}


def test_settings_that_name_a_folder_of_plugins(project: Make) -> None:
    files = {**APP, "setup.cfg": "[tool:x]\nplugin_dirs =\n    app/plugins\n", "app/loader.py": ""}
    assert {path for path, *_ in project(files).places(*CODES)} == {"app/core/main.py"}


@pytest.mark.parametrize(
    "declaration",
    [
        "[project.entry-points.app]\nhello = 'app.plugins.hello:x'\n",
        "[tool.other]\nx = ['app.plugins.hello']\n",
    ],
)
def test_entry_point_proves_a_name(project: Make, declaration: str) -> None:
    small = project(
        {
            **APP,
            "app/loader.py": UNKNOWN,
            "app/plugins/bye.py": "if __name__ == '__main__':\n    print()\n",
            "pyproject.toml": f"[tool.pyconcepts-lint]\n{declaration}",
        }
    )
    assert small.fix(*CODES)["app/plugins/hello.py"] == "from ..util import x\n"


def test_relative_import_of_a_module_that_is_known_proves_a_name(project: Make) -> None:
    small = project(
        {
            **APP,
            "app/loader.py": UNKNOWN,
            "app/plugins/__init__.py": "from . import hello, bye\n",
            "other.py": "import app.plugins\n",
        }
    )
    assert small.fix(*CODES)["app/plugins/hello.py"] == "from ..util import x\n"


def test_directory_of_plugins_misses_no_init(project: Make) -> None:
    files = {name: text for name, text in APP.items() if name != "app/plugins/__init__.py"}
    small = project({**files, "app/loader.py": BY_PATH})
    assert small.places("PCL201") == []
    small = project({**files, "app/loader.py": BY_PATH, "b.py": "import app.plugins.bye\n"})
    assert small.places("PCL201") == [("app/plugins/bye.py", 1, 1)]
    assert "app/plugins/__init__.py" not in small.fix("PCL201")
    assert "app/plugins/__init__.py" in project({**files, "app/loader.py": ""}).fix("PCL201")


def test_plugin_that_imports_its_neighbour_by_a_bare_name_is_left_alone(project: Make) -> None:
    """Its folder is on `sys.path`."""
    files = {**APP, "app/loader.py": BY_NAME, "app/plugins/bye.py": "from hello import x\n"}
    small = project(files)
    assert small.run("main.py").stdout == "[1, 1]\n"
    assert small.places("PCL203") == []


def test_finding_of_an_earlier_run_follows_the_loaders(project: Make) -> None:
    from pyconcepts_lint.testing import lint_paths as run

    small = project({**APP, "app/loader.py": ""})
    cache = {"select": ("PCL202",), "cache_dir": str(small.root / "cache")}

    def paths() -> set[str]:
        report = run([str(small.root)], overrides=cache, jobs=1)
        return {small.relative(finding.path) for finding in report.findings}

    assert "app/plugins/hello.py" in paths()
    small.write({"app/loader.py": BY_PATH})
    assert "app/plugins/hello.py" not in paths()
    small.write({"app/loader.py": ""})
    assert "app/plugins/hello.py" in paths()


def test_file_that_no_import_finds_is_no_module_of_that_name(project: Make) -> None:
    files = {**APP, "app/loader.py": "", "app/plugins/hello.gpr.py": "from app.util import x\n"}
    assert "app/plugins/hello.gpr.py" not in {p for p, *_ in project(files).places(*CODES)}
