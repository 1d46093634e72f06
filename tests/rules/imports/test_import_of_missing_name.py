"""PCL205: names and modules that an import asks for and the project doesn't have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL205"
Make = Callable[..., Any]

PACKAGE = {"pkg/__init__.py": "VERSION = 1\n", "pkg/prices.py": "APPLE = 3\n"}


def said(project: Make, importer: str, **files: str) -> list[str]:
    """What is said of `pkg/m.py` with that text; `a__b` is the file `pkg/a/b.py`."""
    others = {f"pkg/{name.replace('__', '/')}.py": text for name, text in files.items()}
    small = project({**PACKAGE, **others, "pkg/m.py": importer})
    messages: list[str] = small.messages(CODE)
    return messages


# What is reported, and what Python says of it


@pytest.mark.parametrize(
    ("statement", "error", "said_of_it"),
    [
        (
            "from .prices import APLE",
            "ImportError",
            "`pkg.prices` (pkg/prices.py) never binds `APLE`",
        ),
        ("from pkg.prices import APLE", "ImportError", "never binds `APLE`"),
        ("from . import price", "ImportError", "`pkg` (pkg/__init__.py) neither binds `price` nor"),
        (
            "from .price import APPLE",
            "ModuleNotFoundError",
            "the package `pkg` has no module `price`",
        ),
        ("import pkg.price", "ModuleNotFoundError", "the package `pkg` has no module `price`"),
        ("from .price import *", "ModuleNotFoundError", "the package `pkg` has no module `price`"),
        ("import pkg.prices.x", "ModuleNotFoundError", "is a module, not a package"),
        ("import pkg.prices.py", "ModuleNotFoundError", "a name in an import has no file ending"),
        ("from .prices.py import APPLE", "ModuleNotFoundError", "has no file ending"),
        ("def f():\n    from .prices import APLE\nf()", "ImportError", "never binds `APLE`"),
    ],
)
def test_what_is_said_is_what_python_raises(
    project: Make, statement: str, error: str, said_of_it: str
) -> None:
    small = project({**PACKAGE, "pkg/m.py": statement + "\n"})
    (message,) = small.messages(CODE)
    assert said_of_it in message
    assert f"this raises {error}" in message
    assert f"\n{error}: " in small.run_module("pkg.m").stderr


def test_each_missing_name_is_reported_where_it_stands(project: Make) -> None:
    small = project(
        {
            **PACKAGE,
            "pkg/m.py": "from .prices import (\n    APPLE,\n    é, PEAR as p,\n    CHERRY\n)\n",
        }
    )
    assert small.places(CODE) == [("pkg/m.py", 3, 5), ("pkg/m.py", 3, 8), ("pkg/m.py", 4, 5)]


def test_only_real_names_are_suggested(project: Make) -> None:
    assert said(project, "from .prices import APLE\n")[0].endswith("Did you mean `APPLE`?")
    assert said(project, "from . import price\n")[0].endswith("Did you mean `prices`?")
    assert said(project, "from .prices import zebra\n")[0].endswith("ImportError")


def test_what_is_only_annotated_is_not_bound(project: Make) -> None:
    small = project({**PACKAGE, "pkg/a.py": "x: int\n", "pkg/m.py": "from .a import x\n"})
    assert len(small.messages(CODE)) == 1
    assert "ImportError" in small.run_module("pkg.m").stderr


def test_module_and_package_of_the_importer_in_a_script(project: Make) -> None:
    small = project({**PACKAGE, "main.py": "from pkg.prices import PEAR\nimport pkg.missing\n"})
    assert small.places(CODE) == [("main.py", 1, 1), ("main.py", 2, 1)]


def test_python_2_source(project: Make) -> None:
    small = project({**PACKAGE, "pkg/m.py": "print 1\nfrom prices import APLE\n"})
    (message,) = small.messages(CODE)
    assert "never binds `APLE`" in message


def test_names_through_a_known_star_import_are_known(project: Make) -> None:
    star = "from .prices import *\n_own = 1\n"
    assert said(project, "from .star import APPLE, _own\n", star=star) == []
    assert len(said(project, "from .star import PEAR\n", star=star)) == 1
    listed = "__all__ = ['a']\na = b = 1\n"
    files = {"listed": listed, "star": "from .listed import *\n"}
    assert said(project, "from .star import a\n", **files) == []
    assert len(said(project, "from .star import b\n", **files)) == 1


# The fix


def test_ending_of_a_file_goes(project: Make) -> None:
    small = project(
        {
            "tool.py": "x = 1\n",
            "main.py": "import tool.py  # the tool\nfrom tool.py import x\nimport tool.py as t\nprint(tool.x)\n",
        }
    )
    fixed = small.fix(CODE)["main.py"]
    assert fixed == "import tool  # the tool\nfrom tool import x\nimport tool as t\nprint(tool.x)\n"
    assert small.run("main.py").stdout == "1\n"


def test_ending_of_a_file_stays_where_it_is_used(project: Make) -> None:
    text = "import tool.py\nprint(tool.py.x)\n"
    small = project({"tool.py": "x = 1\n", "main.py": text})
    assert len(small.lint(CODE)) == 1
    assert small.fix(CODE, unsafe=True)["main.py"] == text


def test_a_submodule_py_is_one(project: Make) -> None:
    assert said(project, "import pkg.tool.py\n", tool____init__="", tool__py="") == []


# Unknowable, or not so


@pytest.mark.parametrize(
    "text",
    [
        "from elsewhere import *",
        "from os import *",
        "def __getattr__(name): ...",
        "globals()['x'] = 1",
        "for name in 'x': globals()[name] = 1",
        "vars()['x'] = 1",
        "exec('x = 1')",
        "import sys\nsys.modules[__name__] = object()",
        "import sys\nsetattr(sys.modules[__name__], 'x', 1)",
        "import sys\nself = sys.modules[__name__]\nself.x = 1",
        "from tools import fill\nfill(__name__)",
        "if some:\n    x = 1",
        "try:\n    import x\nexcept ImportError:\n    pass",
        "def f():\n    global x\n    x = 1",
        "for x in y: pass",
        "[x := 1]",
        "match y:\n    case [*x]: pass",
        "__all__ = []\nx = 1",
    ],
)
def test_module_that_may_have_the_name(project: Make, text: str) -> None:
    assert said(project, "from .a import x\n", a=text + "\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "from . import a\na.x = 1\n",
        "import pkg.a\npkg.a.x = 1\n",
        "from . import a\nsetattr(a, 'x', 1)\n",
        "from . import a\nfor name in 'xy': setattr(a, name, 1)\n",
        "def fill(module): module.x = 1\n",
        "import sys\nsys.modules['pkg.a'].x = 1\n",
    ],
)
def test_module_that_others_may_give_the_name(project: Make, text: str) -> None:
    assert said(project, "from .a import x\n", a="y = 1\n", other=text) == []


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    {}\nexcept ImportError:\n    pass",
        "try:\n    {}\nexcept Exception:\n    pass",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    {}",
        "def test():\n    with pytest.raises(ImportError):\n        {}",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}",
        "import sys\nif sys.version_info[0] == 2:\n    {}",
        "import six\nif six.PY2:\n    {}",
        "if False:\n    {}",
    ],
)
def test_guarded_imports(project: Make, text: str) -> None:
    for statement in ("from .prices import PEAR", "import pkg.missing"):
        assert said(project, text.format(statement) + "\n") == []


def test_module_that_is_looked_for_first(project: Make) -> None:
    text = "from importlib.util import find_spec\nif find_spec('pkg.missing'):\n    import pkg.missing\n"
    assert said(project, text) == []


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/fast.cpython-311-x86_64-linux-gnu.so": ""},
        {"pkg/fast.pyd": ""},
        {"pkg/fast.pyx": ""},
        {"pkg/fast.pyi": "x: int\n"},
        {"pkg/fast/data.txt": ""},
        {"setup.py": "Extension('pkg.fast', ['src/fast.c'])\n"},
        {"meson.build": "py.extension_module('fast', 'x.c')\n"},
        {".gitignore": "/pkg/fast.py\n"},
        {".gitignore": "fa*.py\n"},
        {
            "pkg/__init__.py": "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n"
        },
        {"pkg/other.py": "import pkg\npkg.__path__.append('more')\n"},
        {"pkg/other.py": "import sys\nsys.modules['pkg.fast'] = object()\n"},
        {"pkg/other.py": "import sys\nsys.meta_path.append(object())\n"},
    ],
)
def test_module_that_something_else_may_make(project: Make, files: dict[str, str]) -> None:
    importer = "from .fast import x\nfrom . import fast\nimport pkg.fast\n"
    small = project({**PACKAGE, **files, "pkg/m.py": importer})
    assert small.messages(CODE) == []


def test_module_whose_class_is_exported_by_a_decorator_of_another(project: Make) -> None:
    export = "import sys\ndef export(f): setattr(sys.modules[f.__module__], f.__name__, f)\n"
    used = "from .tools import export\n@export\ndef y(): ...\n"
    assert said(project, "from .a import x\n", a=used, tools=export) == []
    assert len(said(project, "from .a import x\n", a="y = 1\n", tools=export)) == 1


@pytest.mark.parametrize("name", ["_version", "wire_pb2", "wire_pb2_grpc"])
def test_generated_module(project: Make, name: str) -> None:
    assert said(project, f"from .{name} import x\nfrom . import {name}\n") == []


def test_names_that_every_module_has(project: Make) -> None:
    assert (
        said(project, "from . import __name__, __doc__, __file__, __path__, __warningregistry__\n")
        == []
    )
    assert said(project, "from .prices import __spec__, __builtins__, __dict__\n") == []


def test_submodules_are_names_of_their_package(project: Make) -> None:
    assert said(project, "from . import prices\nfrom pkg import prices as p\n") == []
    assert said(project, "from .sub import a\n", sub____init__="", sub__a="") == []


def test_namespace_packages_may_have_more_elsewhere(project: Make) -> None:
    files = {
        "space/a.py": "",
        "main.py": "from space import b\nimport space.c\nfrom space.a import x\n",
    }
    small = project(files)
    assert small.places(CODE) == [("main.py", 3, 1)]


def test_other_peoples_package_of_the_same_name(project: Make) -> None:
    files = {
        "examples/celery/__init__.py": "",
        "examples/celery/tasks.py": "from celery import Celery\n",
    }
    assert project(files).messages(CODE) == []
    stub = {**PACKAGE, "pkg/m.pyi": "from .prices import PEAR\n"}
    assert project(stub).messages(CODE) == []


def test_dependency_of_the_name_of_a_module_beside(project: Make) -> None:
    files = {
        "tests/yaml.py": "",
        "tests/test_it.py": "from yaml import load\n",
        "requirements.txt": "pyyaml\n",
    }
    assert project(files).messages(CODE) == []


def test_a_finding_is_gone_when_the_name_is_there(project: Make) -> None:
    """What is kept must know what it rests on."""
    from pyconcepts_lint.testing import lint_paths as run

    small = project({**PACKAGE, "pkg/m.py": "from .prices import PEAR\n"})

    def count() -> int:
        overrides = {"select": (CODE,), "cache_dir": str(small.root / "cache")}
        return len(run([str(small.root)], overrides=overrides, jobs=1).findings)

    assert (count(), count()) == (1, 1)
    small.write({"pkg/prices.py": "APPLE = 3\nPEAR = 4\n"})
    assert count() == 0
    small.write(
        {"pkg/prices.py": "APPLE = 3\n", "pkg/other.py": "from . import prices\nprices.PEAR = 1\n"}
    )
    assert count() == 0


@pytest.mark.parametrize(
    "models",
    [
        "from third import store\n@store\nclass Event: pass\n",
        "import third\n@third.store(1)\nclass Event: pass\n",
        "from third import store\nclass Event: pass\nstore(Event)\n",
        "from third import Stored\nclass Event(Stored): pass\n",
        "from third import Storing\nclass Event(metaclass=Storing): pass\n",
        "from third import store\n@store\ndef event(): pass\n",
    ],
)
def test_code_that_cannot_be_read_may_name_things_after_what_it_is_given(
    project: Make, models: str
) -> None:
    assert said(project, "from .models import Event_Store\n", models=models) == []
    assert len(said(project, "from .models import Other\n", models=models)) == 1


def test_what_is_given_to_nothing_unknown_has_no_namesakes(project: Make) -> None:
    models = (
        "import dataclasses, functools\n@dataclasses.dataclass\nclass Event(Exception): pass\n"
        "@functools.cache\ndef event(): pass\nprint(Event)\n"
    )
    assert len(said(project, "from .models import Event_Store\n", models=models)) == 1


def test_a_call_may_be_given_the_name_of_the_module_by_keyword(project: Make) -> None:
    models = "import third\nthird.fill(a=1, module=__name__)\n"
    assert said(project, "from .models import x\n", models=models) == []


@pytest.mark.parametrize("statement", ["from . import real, gone", "from pkg import real, gone"])
def test_a_package_that_asks_itself_for_what_it_has_not(project: Make, statement: str) -> None:
    files = {"pkg/__init__.py": f"{statement}\n", "pkg/real.py": "", "main.py": "import pkg\n"}
    small = project(files)
    assert small.places(CODE) == [("pkg/__init__.py", 1, statement.index("gone") + 1)]
    assert "ImportError: cannot import name 'gone'" in small.run("main.py").stderr


@pytest.mark.parametrize(
    "text",
    [
        "gone = 1\nfrom . import gone\n",
        "from .real import *\nfrom . import gone\n",
        "globals()['gone'] = 1\nfrom . import gone\n",
        "try:\n    from . import gone\nexcept ImportError:\n    gone = None\n",
        "from . import __name__\n",
    ],
)
def test_a_package_that_asks_itself_for_what_it_has(project: Make, text: str) -> None:
    files = {"pkg/__init__.py": text, "pkg/real.py": "gone = 1\n", "main.py": "import pkg\n"}
    small = project(files)
    assert small.places(CODE) == []
    assert small.run("main.py").returncode == 0


LISTED = [
    ("__all__ = ['real', 'gone']\nreal = 1\n", True),
    ("from .sub import real\n__all__ = ['real']\n__all__ += ['gone']\n", True),
    ("__all__ = ('sub', 'gone')\n", True),
    ("__all__ = ['real', 'sub']\nreal = 1\n", False),
    ("__all__ = ['gone']\n__all__.remove('gone')\n", False),
    ("__all__ = ['gone']\n\n\ndef __getattr__(name):\n    return 1\n", False),
    ("from .sub import *\n__all__ = ['real']\n", False),
    ("__all__ = ['gone']\nglobals()['gone'] = 1\n", False),
    ("__all__ = ['real', 'gone']\nfor gone in range(2): real = 1\n", False),
    ("gone = 1\n__all__ = [name for name in globals() if name == 'gone']\n", False),
]


@pytest.mark.parametrize(("text", "is_missing"), LISTED)
def test_a_star_import_asks_for_all_that_is_listed(
    project: Make, text: str, is_missing: bool
) -> None:
    main = "from pkg import *\n"
    small = project({"pkg/__init__.py": text, "pkg/sub.py": "real = 1\n", "main.py": main})
    error = small.run("main.py").stderr
    assert ("AttributeError: module 'pkg' has no attribute 'gone'" in error) is is_missing
    assert small.places(CODE) == ([("main.py", 1, 1)] if is_missing else [])


def test_a_star_import_whose_error_is_caught_is_left_alone(project: Make) -> None:
    main = "try:\n    from pkg import *\nexcept AttributeError:\n    pass\n"
    small = project({"pkg/__init__.py": "__all__ = ['gone']\n", "main.py": main})
    assert small.places(CODE) == []
    assert small.run("main.py").returncode == 0


ITSELF = [
    ("import main\n\n\ndef get():\n    return main.Client()\n\n\nprint(get())\n", True),
    ("import main as m\n\n\ndef get():\n    return m.Client()\n\n\nprint(get())\n", True),
    ("import main\n\n\ndef get():\n    return main.size\n\n\nsize = 1\n", False),
    ("import main\n\n\ndef get():\n    return main.Client if hasattr(main, 'Client') else 1\n", False),
    (
        "import main\n\n\ndef get():\n    try:\n        return main.Client()\n"
        "    except AttributeError:\n        return 1\n\n\nget()\n",
        False,
    ),
    ("import main\n\n\ndef get():\n    main.Client = 1\n    return main.Client\n\n\nget()\n", False),
    ("import main\n\n\ndef get(main):\n    return main.imag\n\n\nget(1)\n", False),
    ("import main\n\n\ndef __getattr__(name):\n    return print\n\n\ndef get():\n    main.Client()\n\n\nget()\n", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "is_missing"), ITSELF)
def test_a_module_that_imports_itself_has_only_what_it_binds(
    project: Make, text: str, is_missing: bool
) -> None:
    small = project({"main.py": text})
    error = small.run("main.py").stderr
    assert ("has no attribute 'Client'" in error) is is_missing
    assert small.places(CODE) == ([("main.py", 1, 1)] if is_missing else [])


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("x = 1\ndel x\n", True),
        ("for x in range(3): pass\ndel x\n", True),
        ("x = 1\ndel x\nx = 2\n", False),
        ("x = 1\nif not x: del x\n", False),
        ("x = 1\ndel x\ndef f():\n    global x\n    x = 1\nf()\n", False),
        ("x = 1\ntry:\n    del x, y\nexcept NameError:\n    x = 2\n", False),
    ],
)
def test_what_a_module_has_deleted_is_not_there(project: Make, text: str, is_missing: bool) -> None:
    small = project({"models.py": text, "main.py": "from models import x\n"})
    assert ("ImportError" in small.run("main.py").stderr) is is_missing
    assert small.places(CODE) == ([("main.py", 1, 1)] if is_missing else [])


def test_a_plugin_called_like_the_library_that_it_uses_is_left_alone(project: Make) -> None:
    # `plugs` may be a namespace package, and `titles` the library.
    files = {"plugs/titles.py": "from titles import titles\n\n\ndef use():\n    return titles(1)\n"}
    small = project({**files, "plugs/other.py": "x = 1\n", "main.py": "import plugs.other\n"})
    assert small.places(CODE, "PCL209") == []
    small.write(
        {"plugs/titles.py": files["plugs/titles.py"] + "\n\nif __name__ == '__main__': use()\n"}
    )
    assert small.run("plugs/titles.py").returncode == 1
    assert {name for name, _, _ in small.places(CODE, "PCL209")} == {"plugs/titles.py"}


def test_a_call_that_cannot_be_read_may_bind_its_keywords(project: Make) -> None:
    shop = project(
        {
            "clock.py": "from public import public\n\n\npublic(now=int)\n",
            "main.py": "from clock import now, then\n",
        }
    )
    assert [found.message for found in shop.lint("PCL205")] == [
        "`clock` (clock.py) never binds `then`: this raises ImportError"
    ]


def test_a_star_import_brings_what_setattr_gives_a_module(project: Make) -> None:
    shop = project(
        {
            "web/__init__.py": "from web.api import *\n",
            "web/api.py": "import sys\n\nfor name in ['BadRequest']:\n"
            "    setattr(sys.modules[__name__], f'HTTP{name}', int)\n",
            "main.py": "from web import HTTPBadRequest\n\nprint(HTTPBadRequest())\n",
        }
    )
    assert shop.run("main.py").stdout == "0\n"
    assert shop.places("PCL205") == []


LISTS = {
    "__all__ = ['there', 'gone']\nthere = 1\n": [(1, 21)],
    "there = 1\n__all__ = ['there']\n__all__ += ('gone',)\n": [(3, 13)],
    "__all__ = ['there']\ndef there(): pass\n": [],
    "__all__ = ['later']\ndef make():\n    global later\n    later = 1\n": [],
    "__all__ = ['gone']\nglobals().update(gone=1)\n": [],
    "__all__ = ['gone']\ndef __getattr__(name): return name\n": [],
    "from elsewhere import *\n__all__ = ['gone']\n": [],
    "names = ['gone']\n__all__ = names\n": [],
    "__all__ = ['gone']\ndel gone\n": [],
    "import sys\n__all__ = ['gone']\nsetattr(sys.modules[__name__], 'gone', 1)\n": [],
}


@pytest.mark.parametrize("text", LISTS)
def test_names_in_a_list_of_its_own_that_a_module_has_not(project: Any, text: str) -> None:
    small = project({"lib.py": text})
    assert small.places("PCL205") == [("lib.py", *place) for place in LISTS[text]]
    if LISTS[text]:
        taken = project({"lib.py": text, "main.py": "from lib import *\n"})
        assert "has no attribute 'gone'" in taken.run("main.py").stderr
        assert [path for path, *_ in taken.places("PCL205")] == ["main.py"]


def test_a_package_lists_its_modules(project: Any) -> None:
    files = {"lib/__init__.py": "__all__ = ['a', 'gone']\n", "lib/a.py": ""}
    assert project(files).places("PCL205") == [("lib/__init__.py", 1, 17)]
