"""PCL203: imports that rest on Python 2's looking beside the importer first."""

from __future__ import annotations

import os
import subprocess
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL203"
Make = Callable[..., Any]
OLD = "print 'Python 2'\n"

PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/mod.py": "x = y = 1\n",
    "pkg/other.py": "z = 2\n",
    "pkg/string.py": "capwords = None\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/leaf.py": "w = 3\n",
    "pkg/sub/deep/__init__.py": "",
    "pkg/sub/deep/leaf.py": "v = 4\n",
    "pkg/plain/hidden.py": "u = 5\n",
    "main.py": "import pkg.user\n",
}


def small(project: Make, source: str, path: str = "pkg/user.py", **more: str) -> Any:
    files = {name.replace("__slash__", "/") + ".py": text for name, text in more.items()}
    return project({**PACKAGE, **files, path: source})


def said(project: Make, source: str, path: str = "pkg/user.py") -> list[tuple[int, int]]:
    return [place[1:] for place in small(project, source, path).places(CODE) if place[0] == path]


def safety(project: Make, source: str, path: str = "pkg/user.py", **more: str) -> list[str]:
    findings = small(project, source, path, **more).lint(CODE)
    return [
        finding.fix.applicability if finding.fix else "none"
        for finding in findings
        if finding.path.endswith(path)
    ]


# Python 2 source: Python 2's own rule

FORMS = [
    ("from mod import x", "from .mod import x"),
    ("from mod import x as a, y", "from .mod import x as a, y"),
    ("from mod import *", "from .mod import *"),
    ("from mod import (x,  # why\n    y)", "from .mod import (x,  # why\n    y)"),
    ("from mod import missing", "from .mod import missing"),
    ("from sub import leaf", "from .sub import leaf"),
    ("from sub.leaf import w", "from .sub.leaf import w"),
    ("from sub . leaf import w", "from .sub.leaf import w"),
    ("import mod", "from . import mod"),
    ("import mod as m", "from . import mod as m"),
    ("import mod as mod", "from . import mod"),
    ("import mod, other", "from . import mod, other"),
    ("import sys, mod, os", "import sys\nfrom . import mod\nimport os"),
    ("import mod as m, other", "from . import mod as m, other"),
    ("import sub", "from . import sub"),
    ("import sub.leaf", "from . import sub\nfrom .sub import leaf"),
    ("import sub.leaf as n", "from .sub import leaf as n"),
    ("import sub.deep.leaf", "from . import sub\nfrom .sub.deep import leaf"),
    ("import sub.deep.leaf as n", "from .sub.deep import leaf as n"),
    ("import mod; x = mod.x", "from . import mod; x = mod.x"),
    ("import sub.leaf; w = sub.leaf.w", "from . import sub; from .sub import leaf; w = sub.leaf.w"),
    ("if 1: import sub.leaf", "if 1: from . import sub; from .sub import leaf"),
    (
        "def f():\n\timport sys, mod  # both\n\treturn mod",
        "def f():\n\timport sys\n\tfrom . import mod  # both\n\treturn mod",
    ),
    # The standard library's isn't looked for.
    ("import string", "from . import string"),
    ("from string import capwords", "from .string import capwords"),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_fix_names_the_module_beside_with_a_dot(project: Make, before: str, after: str) -> None:
    source = f"{OLD}{before}\n"
    fixed = small(project, source).fix(CODE)["pkg/user.py"]
    assert fixed == f"{OLD}{after}\n"
    # As the package that `__init__` is, too.
    fixed = small(project, source, "pkg/__init__.py").fix(CODE)["pkg/__init__.py"]
    assert fixed == f"{OLD}{after}\n"


@pytest.mark.parametrize(
    "source",
    [
        # Not beside the importer, or no package to Python 2.
        "import sys, os.path",
        "import pkg.mod",
        "import hidden",
        "import plain.hidden",
        "from plain import hidden",
        "import sub.missing",
        "import mod.attribute",
        # The importer itself.
        "import user",
        "from user import *",
        # Dots are there, or Python 2 is told to leave it.
        "from . import mod",
        "from .mod import x",
        "from __future__ import absolute_import\nimport mod",
        "from __future__ import division, absolute_import\nfrom mod import x",
        # Written in two ways on purpose.
        "try:\n    from . import mod\nexcept (ImportError, ValueError):\n    import mod",
        "try:\n    import mod\nexcept ImportError:\n    from pkg import mod",
        "import sys\nif sys.version_info[0] < 3:\n    import mod\nelse:\n    from . import mod",
        "import six\nif six.PY2:\n    import mod",
        "import sys\nif sys.version_info < (3,):\n    def f():\n        import mod",
    ],
)
def test_what_python2_takes_from_elsewhere_is_left_alone(project: Make, source: str) -> None:
    lines = source.split("\n")
    at = 1 if lines[0].startswith("from __future__") else 0
    lines.insert(at, OLD.rstrip())
    assert said(project, "\n".join(lines) + "\n") == []


def test_a_module_in_no_package_has_no_package_to_look_in(project: Make) -> None:
    assert said(project, f"{OLD}import hidden\n", "pkg/plain/user.py") == []
    assert said(project, f"{OLD}import other\n", "user.py") == []


def test_optional_module_beside_is_python2s_too(project: Make) -> None:
    source = f"{OLD}try:\n    import mod\nexcept ImportError:\n    mod = None\n"
    assert said(project, source) == [(3, 5)]
    assert small(project, source).fix(CODE)["pkg/user.py"] == source.replace(
        "import mod", "from . import mod"
    )


def test_findings_stand_at_the_name_where_the_statement_has_several(project: Make) -> None:
    source = f"{OLD}import sys, mod, os, other\nimport mod\nfrom mod import x\n"
    assert said(project, source) == [(2, 13), (2, 22), (3, 1), (4, 1)]
    # Places in the file as it is, whatever the translation makes of it.
    source = f"print 'a',; import mod\n{OLD}if 1:\n\tprint `1`; import other\n"
    assert said(project, source) == [(1, 13), (4, 13)]


def test_messages_say_what_either_python_finds(project: Make) -> None:
    messages = small(project, f"{OLD}import mod, string, sub.leaf\n").messages(CODE)
    assert messages == [
        "`mod` is `pkg.mod` to Python 2, which looks beside the importer first; Python 3 looks on "
        "`sys.path` only: imported as `pkg.user`, this raises ModuleNotFoundError",
        "`string` is `pkg.string` to Python 2, which looks beside the importer first; Python 3 "
        "looks on `sys.path` only and finds the standard library's `string`",
        "`sub.leaf` is `pkg.sub.leaf` to Python 2, which looks beside the importer first; Python "
        "3 looks on `sys.path` only: imported as `pkg.user`, this raises ModuleNotFoundError",
    ]
    # What is there for Python 3 isn't called missing.
    messages = small(project, f"{OLD}import mod\n", mod="").messages(CODE)
    assert messages == [
        "`mod` is `pkg.mod` to Python 2, which looks beside the importer first; Python 3 looks on "
        "`sys.path` only"
    ]


# When the fix is unsafe, or none


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import mod\n", "safe"),
        ("import mod\nif __name__ == '__main__':\n    mod.x\n", "unsafe"),
        ("from mod import x\nif __name__ == '__main__':\n    x\n", "unsafe"),
        # Started as a file, it would have ended there.
        ("from . import other\nimport mod\nif __name__ == '__main__':\n    mod.x\n", "safe"),
        # The name of the submodule is taken.
        ("import sub.leaf\nleaf = _leaf = 1\n", "safe"),
        ("import sub.leaf\nleaf = _leaf = _sub_leaf = 1\n", "none"),
        ("import sub.leaf as leaf\n", "safe"),
    ],
)
def test_safety_by_the_importer(project: Make, source: str, expected: str) -> None:
    assert safety(project, OLD + source) == [expected]
    if not source.startswith("from ."):
        assert safety(project, "#!/usr/bin/python2\n" + OLD + source)[0] in ("unsafe", "none")


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ("import mod\n", "safe"),
        ("from mod import mod\n", "none"),
        ("mod = object()\n", "none"),
        ("class mod: pass\n", "none"),
        ("from somewhere import *\n", "unsafe"),
        ("from .mod import *\n", "safe"),
        (f"{OLD}from mod import *\n", "safe"),
        (f"{OLD}import mod\n", "safe"),
    ],
)
def test_safety_by_what_the_package_has_under_the_name(
    project: Make, init: str, expected: str
) -> None:
    more = {"pkg__slash____init__": init}
    assert safety(project, f"{OLD}import mod\n", **more) == [expected]
    # What is imported from the module doesn't depend on the package's attribute.
    assert safety(project, f"{OLD}from mod import x\n", **more) == ["safe"]


@pytest.mark.parametrize(
    ("sub", "expected"),
    [("", "safe"), ("leaf = 1\n", "none"), ("from elsewhere import *\n", "unsafe")],
)
def test_safety_by_what_packages_on_the_way_have(project: Make, sub: str, expected: str) -> None:
    more = {"pkg__slash__sub__slash____init__": sub}
    assert safety(project, f"{OLD}import sub.leaf\n", **more) == [expected]
    assert safety(project, f"{OLD}import sub.leaf as n\n", **more) == [expected]


def test_fix_is_unsafe_where_a_script_beside_imports_the_module_bare(project: Make) -> None:
    source = f"{OLD}import mod\n"
    script = "import other\nif __name__ == '__main__':\n    other.run()\n"
    more = {"pkg__slash__run": script}
    assert safety(project, source, **more) == ["safe"]
    more["pkg__slash__other"] = "def run():\n    import user\n"
    assert safety(project, source, **more) == ["unsafe"]
    # A script that starts in another directory.
    assert safety(project, source, run="import user\nif __name__ == '__main__': pass\n") == ["safe"]


@pytest.mark.parametrize(
    ("source", "more", "name"),
    [
        ("import sub.leaf\n", {}, "leaf"),
        ("import sub.leaf\nleaf = 1\n", {}, "leaf as _leaf"),
        ("import sub.leaf\ndef f(leaf): return _leaf\n", {}, "leaf as _sub_leaf"),
        ("import sub.leaf\n", {"pkg__slash__taker": "from .user import *\n"}, "leaf as _leaf"),
        ("import sub.leaf\n", {"pkg__slash__taker": f"{OLD}from user import *\n"}, "leaf as _leaf"),
        (
            "import sub.leaf\n__all__ = []\n",
            {"pkg__slash__taker": "from .user import *\n"},
            "leaf",
        ),
    ],
)
def test_module_that_is_only_loaded_gets_a_name_that_is_free(
    project: Make, source: str, more: dict[str, str], name: str
) -> None:
    assert small(project, OLD + source, **more).fix(CODE)["pkg/user.py"] == OLD + source.replace(
        "import sub.leaf\n", f"from . import sub\nfrom .sub import {name}\n"
    )


# Python 3 source: evidence

EVIDENT = [
    "from mod import x\n",
    "from mod import x, y as z\n",
    "import mod\nprint(mod.x)\n",
    "import mod as m\nprint(m.x)\n",
    "def f():\n    import mod\n    return mod.y\n",
    "from mod import *\nprint(x)\n",
    "import sub.leaf\nprint(sub.leaf.w)\n",
    "import sub.leaf\n",
    "from sub import leaf\n",
    "from sub.deep.leaf import v\n",
    "class C:\n    from mod import x\n",
    "if True:\n    from mod import x\n",
]


@pytest.mark.parametrize("source", EVIDENT)
def test_only_the_module_beside_can_be_meant(project: Make, source: str) -> None:
    made = small(project, source)
    (finding,) = made.lint(CODE)
    assert finding.fix.applicability == "safe"
    # The claim itself.
    before = made.run_module("pkg.user")
    if not source.startswith("def"):
        assert "ModuleNotFoundError: No module named" in before.stderr
    made.fix(CODE)
    assert made.run_module("pkg.user").stderr == ""


def test_a_package_that_imports_its_own_modules_for_others(project: Make) -> None:
    made = small(project, "import mod, other\nfrom sub.leaf import *\n", "pkg/__init__.py")
    assert made.places(CODE) == [
        ("pkg/__init__.py", 1, 8),
        ("pkg/__init__.py", 1, 13),
        ("pkg/__init__.py", 2, 1),
    ]


@pytest.mark.parametrize(
    "source",
    [
        # The standard library's.
        "from string import capwords\n",
        "import string\nprint(string.capwords)\n",
        # The module beside doesn't have it, or nothing tells.
        "from mod import missing\n",
        "from mod import x, missing\n",
        "import mod\nprint(mod.missing)\n",
        "import mod\n",
        "import mod\nprint(mod)\n",
        "from mod import *\n",
        "from mod import *\nprint(missing, len)\n",
        "import plain.hidden\nprint(plain.hidden.u)\n",
        # The importer knows what absolute imports are.
        "from __future__ import absolute_import\nfrom mod import x\n",
        # The error is dealt with.
        "try:\n    from mod import x\nexcept ImportError:\n    x = None\n",
        "try:\n    from mod import x\nexcept ModuleNotFoundError:\n    x = None\n",
        "try:\n    from mod import x\nexcept Exception:\n    x = None\n",
        "try:\n    from mod import x\nexcept:\n    x = None\n",
        "try:\n    from .mod import x\nexcept ImportError:\n    from mod import x\n",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    from mod import x\n",
        "import sys\nif sys.version_info[0] == 2:\n    from mod import x\n",
        "from six import PY2\nif PY2:\n    from mod import x\n",
        "def f():\n    with extend_sys_path('pkg'):\n        from mod import x\n",
        "def f(monkeypatch):\n    monkeypatch.syspath_prepend('pkg')\n    from mod import x\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mod import x\n",
    ],
)
def test_evidence_that_is_not_enough(project: Make, source: str) -> None:
    assert said(project, source) == []


def test_an_error_that_is_not_caught_is_said(project: Make) -> None:
    source = "try:\n    from mod import x\nexcept KeyError:\n    x = None\n"
    assert said(project, source) == [(2, 5)]


@pytest.mark.parametrize(
    "more",
    [
        # A top-level module, package or namespace package.
        {"mod": "x = 1\n"},
        {"mod__slash____init__": "x = 1\n"},
        {"mod__slash__part": ""},
        # Somebody imports it who has none beside: it is there, or the directory is searched.
        {"run": "import mod\n"},
        {"run": "from mod import x\n"},
        {"tests__slash__test_mod": "import mod\n"},
        # sys.path is changed.
        {"pkg__slash____init__": "import sys\nsys.path.insert(0, __path__[0])\n"},
        {"pkg__slash__setup_path": "import sys, os\nsys.path += [os.path.dirname(__file__)]\n"},
        {"pkg__slash__setup_path": "from sys import path\npath.append('pkg')\n"},
        {"pkg__slash__setup_path": "import site\nsite.addsitedir('pkg')\n"},
        {"pkg__slash__setup_path": "def f():\n    import sys\n    sys.path.insert(0, 'pkg')\n"},
        {"conftest": "import sys\nsys.path.insert(0, 'pkg')\n"},
        # Nobody uses the package as one.
        {"main": ""},
        {"main": "import other_package\n"},
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(project: Make, more: dict[str, str]) -> None:
    assert safety(project, "from mod import x\n") == ["safe"]
    assert safety(project, "from mod import x\n", **more) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "mod>=1\n"),
        ("setup.py", "setup(install_requires=['Mod'])\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n    python-mod\n"),
        ("Pipfile", "[packages]\nmod = '*'\n"),
    ],
)
def test_declared_dependencies_may_be_meant(project: Make, path: str, text: str) -> None:
    made = project({**PACKAGE, "pkg/user.py": "from mod import x\n", path: text})
    assert made.lint(CODE) == []


def test_scripts_of_python3_have_an_unsafe_fix(project: Make) -> None:
    source = "from mod import x\nif __name__ == '__main__':\n    print(x)\n"
    assert safety(project, source) == ["unsafe"]
    # Nobody imports it: it is started as a file only, which finds what lies beside it.
    assert safety(project, source, main="import pkg.other\n") == []
    assert safety(project, OLD + source, main="import pkg.other\n") == ["unsafe"]


def test_package_in_use_is_one_that_is_imported_by_its_name(project: Make) -> None:
    for main in ("import pkg\n", "from pkg import other\n", "import pkg.other as o\n"):
        assert safety(project, "from mod import x\n", main=main) == ["safe"]
    inside = {"main": "", "pkg__slash__neighbour": "from .other import z\n"}
    assert safety(project, "from mod import x\n", **inside) == ["safe"]


def test_stubs_are_left_alone(project: Make) -> None:
    assert said(project, "from mod import x as x\n", "pkg/user.pyi") == []


# Python 3 can read the file, but what lies beside it is Python 2 source


def test_neighbours_of_python2_source_follow_python2s_rule(project: Make) -> None:
    more = {"pkg__slash__old": f"{OLD}import other\n"}
    source = "import mod\nimport string\nimport sub.missing\n"
    made = small(project, source, **more)
    assert [place for place in made.places(CODE) if place[0] == "pkg/user.py"] == [
        ("pkg/user.py", 1, 1),
        ("pkg/user.py", 2, 1),
    ]
    # Python 3 would find something else, and may be what runs this file.
    assert safety(project, source, **more) == ["safe", "unsafe"]


@pytest.mark.parametrize(
    "old",
    [
        OLD,
        f"{OLD}import os\n",
        f"from __future__ import absolute_import\n{OLD}import other\n",
        f"{OLD}from . import other\n",
    ],
)
def test_python2_source_that_imports_nothing_bare_tells_nothing(project: Make, old: str) -> None:
    assert safety(project, "import mod\n", pkg__slash__old=old) == []


# Together with the other rules


def test_syntax_and_imports_are_fixed_in_one_run(project: Make) -> None:
    files = {
        "shop/__init__.py": "print 'shop'\nimport prices\n",
        "shop/prices.py": "import currency\nAPPLE = 3, currency.name\nprint 'prices'\n",
        "shop/currency.py": "name = 'Euro'\nprint 'currency'\n",
        "shop/string.py": "print 'our string'\n",
        "shop/basket.py": """\
            import prices, string
            class Basket:
                __metaclass__ = type
                def total(self):
                    print prices.APPLE, string.__name__
            """,
        "main.py": "from shop.basket import Basket\nBasket().total()\n",
    }
    made = project(files)
    made.fix()
    assert made.lint(CODE, "PCL902") == []
    done = made.run("main.py")
    assert (done.stdout, done.stderr) == (
        "shop\ncurrency\nprices\nour string\n(3, 'Euro') shop.string\n",
        "",
    )


def test_imports_are_fixed_where_the_file_stays_python2(project: Make) -> None:
    source = "async = 1\nprint 'x'\nimport mod, sub.leaf as async, other as o; x = o.z\n"
    made = small(project, source)
    assert made.places(CODE) == [("pkg/user.py", 3, n) for n in (8, 13, 32)]
    assert made.fix()["pkg/user.py"] == (
        "async = 1\nprint 'x'\nfrom . import mod; from .sub import leaf as async; "
        "from . import other as o; x = o.z\n"
    )


def test_absolute_imports_rule_keeps_away_from_what_lies_beside(project: Make) -> None:
    files = {**PACKAGE, "pkg/pkg/__init__.py": "", "pkg/pkg/mod.py": "x = 2\n"}
    source = f"{OLD}from pkg.mod import x\n"
    made = project({**files, "pkg/user.py": source})
    assert made.lint("PCL202") == []
    assert made.fix(CODE)["pkg/user.py"] == f"{OLD}from .pkg.mod import x\n"


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_python2_itself_sees_no_difference(
    project: Make, python2: str, before: str, after: str
) -> None:
    """Loaded modules, and what the names are bound to, before and after."""
    tell = textwrap.dedent(
        """
        import sys
        print(sorted(name for name in sys.modules if name[:4] == 'pkg.' and sys.modules[name]))
        import pkg.user
        known = sorted(vars(pkg.user).items())
        print([(n, getattr(v, '__name__', v)) for n, v in known if n[:2] != '__' and n != 'f'])
        """
    )
    outputs = []
    for text in (before, after):
        made = small(
            project, f"{text}\n".replace(" missing", " x"), main="import pkg.user\n" + tell
        )
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [python2, str(made.root / "main.py")]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        assert done.stderr == ""
        modules, names = done.stdout.splitlines()
        if "import sub." in before and " as " not in before:
            names = names.replace("('leaf', 'pkg.sub.leaf'), ", "")
            names = names.replace("('leaf', 'pkg.sub.deep.leaf'), ", "")
        outputs.append((modules, names))
    assert outputs[0] == outputs[1]


def test_python_2_does_not_find_a_module_that_still_runs_in_its_package(
    project: Make, python2: str
) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/a.py": "import b\nprint 'a'\n",
        "shop/b.py": "import a, c\nprint 'b'\n",
        "shop/c.py": "print 'c'\n",
        "main.py": "import shop.a\n",
    }
    small = project(files)

    def shown() -> str:
        done = subprocess.run(
            [python2, "-B", "main.py"], cwd=small.root, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    assert shown() == "c\nb\na\n"
    assert small.fix(CODE, unsafe=True) == files  # alone, it would break the program
    small.fix(CODE, "PCL902")
    assert "cannot import name a" in shown()
    assert small.run("main.py").stdout == "c\nb\na\n"  # which is Python 3 now
