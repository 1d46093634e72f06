"""PCL209: what runs too early in a cycle of imports."""

from __future__ import annotations

from typing import Any

import pytest

Project = Any

A_AND_B = {"shop/__init__.py": "", "shop/b.py": "from .a import A\nB = 1\n"}


def test_each_statement_that_fails_is_reported_with_the_module_to_import_first(
    project: Project,
) -> None:
    p = project({**A_AND_B, "shop/a.py": "from .b import B\nA = 1\n"})
    assert p.places("PCL209") == [("shop/a.py", 1, 1), ("shop/b.py", 1, 1)]
    assert p.messages("PCL209") == [
        "ImportError if `shop.b` is imported first: shop.b (line 1) -> here, while `shop.b` is "
        "still running, which binds `B` only in line 2",
        "ImportError if `shop.a` is imported first: shop.a (line 1) -> here, while `shop.a` is "
        "still running, which binds `A` only in line 2",
    ]
    for name in ("a", "b"):
        assert "partially initialized module" in p.run_module(f"shop.{name}").stderr


def test_a_name_that_is_bound_above_the_import_is_there(project: Project) -> None:
    p = project({**A_AND_B, "shop/a.py": "A = 1\nfrom .b import B\n"})
    # Only who begins with b fails: then a asks for B, which stands below.
    assert p.places("PCL209") == [("shop/a.py", 2, 1)]
    p = project({**A_AND_B, "shop/a.py": "A = 1\nfrom . import b\n"})
    assert p.places("PCL209") == []


@pytest.mark.parametrize(
    "source",
    [
        "def later():\n    from .b import B\nA = 1\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .b import B\nA = 1\n",
        "if __name__ == '__main__':\n    from .b import B\nA = 1\n",
        "try:\n    from .b import B\nexcept ImportError:\n    B = None\nA = 1\n",
        "import sys\nif sys.version_info > (2,):\n    from .b import B\nA = 1\n",
        "from . import b\ndef use():\n    return b.B\nA = 1\n",
        "from . import b\nuse = lambda: b.B\nA = 1\n",
    ],
)
def test_what_does_not_surely_run_at_import_time_is_left_alone(
    project: Project, source: str
) -> None:
    p = project(
        {"shop/__init__.py": "", "shop/a.py": source, "shop/b.py": "from . import a\nB = 1\n"}
    )
    assert p.places("PCL209") == []


def test_an_attribute_used_at_import_time(project: Project) -> None:
    p = project(
        {
            "shop/__init__.py": "",
            "shop/a.py": "from . import b\n\n\nclass A(b.B):\n    pass\n",
            "shop/b.py": "from . import a\n\n\nclass B:\n    pass\n",
        }
    )
    assert p.places("PCL209") == [("shop/a.py", 4, 9)]
    assert p.messages("PCL209")[0].startswith("AttributeError if `shop.b` is imported first")


def test_a_submodule_is_bound_in_its_package_when_it_has_run(project: Project) -> None:
    p = project(
        {
            "shop/__init__.py": "",
            "shop/a.py": "import shop.b\nA = 1\n",
            "shop/b.py": "import shop.a\nB = shop.a.A\n",
        }
    )
    assert p.places("PCL209") == [("shop/b.py", 2, 5)]
    assert "whose submodule `a` hasn't run to its end" in p.messages("PCL209")[0]


def test_the_package_decides_what_comes_first(project: Project) -> None:
    files = {**A_AND_B, "shop/a.py": "A = 1\nfrom .b import B\n"}
    p = project({**files, "shop/__init__.py": "from . import a\n"})
    assert p.places("PCL209") == []  # nobody can begin with b any more
    assert p.run_module("shop.b").returncode == 0


def test_a_package_that_is_asked_before_it_has_bound_a_name(project: Project) -> None:
    p = project(
        {
            "shop/__init__.py": "from .a import A\nVERSION = 1\n",
            "shop/a.py": "from . import VERSION\nA = 1\n",
        }
    )
    assert p.places("PCL209") == [("shop/a.py", 1, 1)]
    assert "`shop` is imported first" in p.messages("PCL209")[0]


@pytest.mark.parametrize(
    "other",
    [
        "from .b import *\nA = 1\n",  # brings what b has by then
        "from . import b\nA = 1\nb.B = 2\n",
        "import importlib\nimportlib.import_module('shop.b')\nA = 1\n",
    ],
)
def test_what_may_go_another_way_is_left_alone(project: Project, other: str) -> None:
    p = project(
        {"shop/__init__.py": "", "shop/a.py": other, "shop/b.py": "from . import a\nB = 1\n"}
    )
    assert p.places("PCL209") == []


def test_a_module_with_getattr_may_have_any_name(project: Project) -> None:
    source = "def __getattr__(name):\n    return 1\n\n\nfrom . import b\nA = 1\n"
    p = project(
        {"shop/__init__.py": "", "shop/a.py": source, "shop/b.py": "from .a import A\nB = 1\n"}
    )
    assert p.places("PCL209") == []


def test_the_place_of_a_use_behind_other_scripts(project: Project) -> None:
    p = project(
        {
            "shop/__init__.py": "",
            "shop/a.py": "from . import b\nname = ('ü', b.B)\n",
            "shop/b.py": "from . import a\nB = 1\n",
        }
    )
    assert p.places("PCL209") == [("shop/a.py", 2, 14)]


def test_names_that_are_never_bound_are_no_matter_of_order(project: Project) -> None:
    p = project({**A_AND_B, "shop/a.py": "from .b import C\nA = 1\n"})
    assert p.places("PCL209") == [("shop/b.py", 1, 1)]


def test_a_long_way_round(project: Project) -> None:
    p = project(
        {
            "shop/__init__.py": "",
            "shop/a.py": "from .b import B\nA = 1\n",
            "shop/b.py": "from .c import C\nB = 1\n",
            "shop/c.py": "from .a import A\nC = 1\n",
        }
    )
    assert "shop.a (line 1) -> shop.b (line 1) -> here" in p.messages("PCL209")[2]


def test_edited_modules_are_played_through_again(project: Project) -> None:
    p = project({**A_AND_B, "shop/a.py": "from .b import B\nA = 1\n"})
    assert len(p.lint("PCL209")) == 2
    p.write({"shop/a.py": "A = 1\n"})
    assert p.places("PCL209") == []


def test_packages_above_a_directory_without_init_are_run_first(project: Project) -> None:
    p = project(
        {
            "util/__init__.py": "",
            "util/c/__init__.py": "import qq\n",
            "util/c/ns/d.py": "from .. import json\nN = 1\n",
            "util/c/json.py": "",
            "qq.py": "from util.c.ns.d import N\n",
            "main.py": "import util.c.ns.d\nprint(util.c.ns.d.N)\n",
        }
    )
    assert p.places("PCL209") == []
    assert p.run("main.py").stdout == "1\n"


def test_a_module_that_imports_itself_has_what_stands_above_the_use(project: Project) -> None:
    p = project(
        {
            "pk/__init__.py": "from .sub import a\n",
            "pk/sub/__init__.py": "",
            "pk/sub/a.py": "from . import b\n",
            "pk/sub/b.py": "from . import b as me\nN = 1\nV = me.N\n",
            "main.py": "import pk\nprint(pk.sub.b.V)\n",
        }
    )
    assert p.places("PCL209") == []
    assert p.run("main.py").stdout == "1\n"


def test_a_module_that_asks_itself_for_what_stands_below(project: Project) -> None:
    p = project({"shop/__init__.py": "", "shop/a.py": "from shop.a import A\nA = 1\n"})
    assert p.messages("PCL209") == [
        "ImportError if `shop.a` is imported: here `shop.a` is still running, which binds `A` "
        "only in line 2"
    ]
    assert "partially initialized module" in p.run_module("shop.a").stderr
    p = project({"shop/__init__.py": "from .a import A\n", "shop/a.py": "A = 1\n"})
    assert p.places("PCL209") == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("from e3dc import E3DC\n\nprint(E3DC)\n", "ImportError"),
        ("import os\nfrom e3dc import (\n    E3DC,\n)\n", "ImportError"),
        ("import e3dc\n\nprint(e3dc.E3DC)\n", "AttributeError"),
        ("import e3dc as e\n\nclass Box(e.E3DC):\n    pass\n", "AttributeError"),
    ],
)
def test_a_module_that_asks_itself_for_a_name_that_nothing_binds(
    project: Project, text: str, error: str
) -> None:
    shop = project({"e3dc.py": text})
    (message,) = shop.messages("PCL209")
    assert message == (
        f"{error} if `e3dc` is imported: here `e3dc` is still running, and nothing else binds "
        f"`E3DC` in it"
    )
    for found in (shop.run("e3dc.py"), shop.run_module("e3dc")):
        assert found.stderr.splitlines()[-1].startswith(error)


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from e3dc import E3DC\nexcept ImportError:\n    E3DC = None\n",
        "def f():\n    from e3dc import E3DC\n    return E3DC\n",
        "globals()['E3DC'] = 1\nfrom e3dc import E3DC\n",
        "from e3dc import __name__ as own\n",
        "E3DC = 1\nfrom e3dc import E3DC\n",
    ],
)
def test_a_module_that_gets_what_it_asks_itself_for(project: Project, text: str) -> None:
    shop = project({"e3dc.py": text, "main.py": "import e3dc\n"})
    assert shop.run("main.py").returncode == 0
    assert shop.places("PCL209") == []


TRIES = {
    (
        "try:\n    import b\nexcept ImportError:\n    b = None\nNAME = 1\n",
        "import a\na.NAME\n",
    ): True,
    ("try:\n    import b\nfinally:\n    pass\nNAME = 1\n", "import a\na.NAME\n"): True,
    ("try:\n    import b\nexcept KeyError:\n    pass\nNAME = 1\n", "from a import NAME\n"): True,
    ("try:\n    import b\nexcept Exception:\n    pass\nNAME = 1\n", "import a\na.NAME\n"): False,
    (
        "try:\n    import b\nexcept ImportError:\n    pass\nNAME = 1\n",
        "from a import NAME\n",
    ): False,
    (
        "try:\n    import c\n    import b\nexcept ImportError:\n    pass\nNAME = 1\n",
        "import a\na.NAME\n",
    ): False,
}


@pytest.mark.parametrize("texts", TRIES, ids=lambda texts: texts[0])
def test_an_error_that_a_try_does_not_catch_goes_on(
    project: Project, texts: tuple[str, str]
) -> None:
    p = project({"a.py": texts[0], "b.py": texts[1], "main.py": "import a\n"})
    assert [path for path, *_ in p.places("PCL209")] == ["b.py"] * TRIES[texts]
    assert ("partially initialized" in p.run("main.py").stderr) == TRIES[texts]
