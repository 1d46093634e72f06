"""`pyconcepts-lint show` on the command line: questions, formats, and what is wrong with them."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Run = Callable[..., SimpleNamespace]

SHOP = """\
import json
from other import *


class Base:
    rate = 1

    @property
    def total(self):
        return self.rate

    def __getattr__(self, name):
        return name


class Order(Base):
    def __init__(self):
        super().__init__()
        self.rate = json.dumps(2)
        self.total = 3

    def late(self, rate):
        for Order in [rate]:
            self.extra = [Order for _ in "ab"]
        return self.extra, self.never, Base.rate, unknown.thing


class Order2:
    class Order:
        pass
"""


@pytest.fixture
def shop(root: Path) -> Path:
    (root / "shop.py").write_text(SHOP)
    (root / "other.py").write_text("tax = 1\n")
    return root


def answer(run: Run, *words: str) -> dict[str, Any]:
    done = run("show", *words, "--output-format", "json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def steps(found: object) -> list[tuple[str, str, list[tuple[str, int, str]]]]:
    assert isinstance(found, dict)
    return [
        (
            step["where"],
            step["status"],
            [(row["by"], row["line"], row["status"]) for row in step["rows"]],
        )
        for step in found["steps"]
    ]


def lookups(run: Run, question: str) -> list[dict[str, object]]:
    found = answer(run, "lookup", question)["lookups"]
    assert isinstance(found, list)
    return found


def at(word: str, number: int = 0) -> str:
    """The place of a word in the shop, as `show lookup` takes it."""
    places = [
        (line, column + 1)
        for line, text in enumerate(SHOP.split("\n"), 1)
        for column in range(len(text))
        if text.startswith(word, column)
    ]
    line, column = places[number]
    return f"shop.py:{line}:{column}"


def test_a_property_is_found_before_the_instance_is_asked(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("total = 3"))
    assert steps(found) == [
        ("data descriptors", "found", [("shop.Base", 9, "found")]),
        ("instance", "hidden", [("shop.Order.__init__", 20, "hidden")]),
        ("class", "not there", []),
        ("getattr", "hidden", [("shop.Base", 12, "hidden")]),
    ]
    assert found["notes"] == ["the line itself binds it; shown is what reading it finds"]


def test_the_instance_hides_what_the_class_has(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("rate = json"))
    assert steps(found)[:3] == [
        ("data descriptors", "not there", []),
        ("instance", "found", [("shop.Order.__init__", 19, "found")]),
        ("class", "hidden", [("shop.Base", 6, "hidden")]),
    ]
    assert found["outcome"] == "the value that the instance has of its own"


def test_what_a_method_binds_is_there_once_it_has_run(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("extra,"))
    assert found["status"] == "may be found"
    assert [step[:2] for step in steps(found)][1:] == [
        ("instance", "may be found"),
        ("class", "not there"),
        ("getattr", "may be found"),
    ]


def test_getattr_comes_last(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("never"))
    assert steps(found)[-1] == ("getattr", "found", [("shop.Base", 12, "found")])
    assert found["outcome"] == "what `shop.Base.__getattr__` returns"


def test_a_class_is_asked_by_way_of_its_metaclass(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("rate, unknown"))
    assert [step[:2] for step in steps(found)] == [
        ("metaclass data descriptors", "not there"),
        ("class", "found"),
    ]


def test_super_looks_behind_the_class_and_in_no_instance(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("__init__()"))
    assert steps(found) == [
        ("data descriptors", "not there", []),
        ("class", "found", [("builtins.object", 0, "found")]),
    ]


def test_an_attribute_of_a_module_has_its_line(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("dumps"))
    ((where, status, rows),) = steps(found)
    assert (where, status) == ("module", "found")
    assert rows[-1][0] == "json"


def test_scopes_are_asked_from_the_inside_out(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("Order for"))
    assert [(where, status) for where, status, _ in steps(found)] == [
        ("local", "not there"),
        ("enclosing", "found"),
        ("global", "hidden"),
        ("builtin", "not there"),
    ]


def test_a_class_body_is_skipped_and_it_is_said(run: Run, root: Path) -> None:
    text = "class A:\n    x = 1\n    def m(self):\n        return x, len\n"
    (root / "a.py").write_text(text)
    (found,) = lookups(run, "a.py:4:16")
    assert steps(found)[1] == ("class body", "skipped", [("class A (line 1)", 2, "skipped")])
    assert found["outcome"] == "nothing: `NameError: name 'x' is not defined`"
    (found,) = lookups(run, "a.py:4:19")
    assert steps(found)[-1] == ("builtin", "found", [("builtins", 0, "found")])


def test_a_receiver_of_which_nothing_is_known_is_said_to_be_unknown(run: Run, shop: Path) -> None:
    (found,) = lookups(run, at("thing"))
    assert (found["status"], found["steps"]) == ("unknown", [])
    assert found["unknown"] == ["what `unknown` is can't be known here"]


def test_a_base_that_is_not_known_makes_the_answer_unknown(run: Run, root: Path) -> None:
    (root / "a.py").write_text("from gone import B\n\n\nclass A(B):\n    x = 1\n")
    own, _ = lookups(run, "A.x")
    assert own["status"] == "found"
    missing, of_class = lookups(run, "A.y")
    assert missing["status"] == of_class["status"] == "unknown"
    assert missing["unknown"] == ["the base `B` of `a.A` (a.py:4) isn't known"]


def test_text_says_what_is_found_and_what_is_hidden(run: Run, shop: Path) -> None:
    done = run("show", "lookup", at("rate = json"))
    assert done.code == 0
    assert done.out == textwrap.dedent(
        """\
        self.rate  an instance of `shop.Order` or of a class below it
          at shop.py:19:14
          finds the value that the instance has of its own  shop.py:19
          1. data descriptors of the class and its bases: not there
          2. the instance's own dictionary: found (bound on every path through `__init__`)
             shop.Order.__init__  binds it  shop.py:19  found
          3. other attributes of the class and its bases: hidden
             shop.Base  a value  shop.py:6  hidden
          4. __getattr__: hidden (asked only where nothing is found)
             shop.Base  a function  shop.py:12  hidden
          note: the line itself binds it; shown is what reading it finds
        """
    )


def test_colours_are_for_terminals(run: Run, shop: Path) -> None:
    assert "\x1b[" in run("show", "lookup", "Base.rate", "--color", "always").out
    assert "\x1b[" not in run("show", "lookup", "Base.rate").out


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("gone.py:1:1", "gone.py: there is no such file"),
        ("shop.py:99:1", "shop.py:99: the file has 30 lines"),
        (
            "shop.py:6:99",
            "shop.py:6:99: the line has 12 columns; on line 6 there are rate at column 5",
        ),
        ("shop.py:7:1", "shop.py:7:1: there is no name and no attribute"),
        ("shop.py:6", "shop.py:6: a column is missing; on line 6 there are rate at column 5"),
        ("Bass.rate", "there is no class Bass here; did you mean Base?"),
        (
            "Order.rate",
            "Order is more than one class: shop.Order (shop.py:16), shop.Order2.Order (shop.py:29)",
        ),
        ("Order", "Order is neither FILE:LINE:COL nor Class.attribute"),
    ],
)
def test_what_is_wrong_with_a_question_is_said(
    run: Run, shop: Path, question: str, said: str
) -> None:
    done = run("show", "lookup", question)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"pyconcepts-lint: error: show lookup: {said}\n"


def test_a_file_that_is_not_python_is_said_to_be_none(run: Run, root: Path) -> None:
    (root / "broken.py").write_text("class (:\n")
    (root / "two.py").write_text('print "a"\nx = 1\n')
    assert "it can't be read as Python" in run("show", "lookup", "broken.py:1:1").err
    assert "is Python 2 source" in run("show", "lookup", "two.py:2:1").err


def test_an_attribute_that_is_not_there_is_compared_with_those_that_are(
    run: Run, shop: Path
) -> None:
    (shop / "b.py").write_text("class B:\n    total = 1\n")
    of_instance, of_class = lookups(run, "B.toal")
    assert of_instance["notes"] == of_class["notes"] == ["there is `total`"]
    assert of_class["outcome"] == "nothing: `AttributeError`"


def test_wrong_usage_is_told(run: Run, shop: Path) -> None:
    for words in ([], ["lookup"], ["nothing"], ["lookup", "x", "--output-format", "sarif"]):
        done = run("show", *words)
        assert done.code == 2, words
        assert done.err.startswith("pyconcepts-lint: error: show: "), words
    assert "PLACE" in run("show", "lookup", "--help").out


def test_a_path_called_show_is_looked_at(run: Run, root: Path) -> None:
    (root / "show").mkdir()
    (root / "show" / "one.py").write_text("x = {}.iterkeys()\n")
    assert run("show").out.startswith("show/one.py:1:5: PCL701")
    assert run("./show").out.startswith("show/one.py:1:5: PCL701")


def test_an_answer_can_go_to_a_file(run: Run, shop: Path) -> None:
    done = run("show", "lookup", "Base.rate", "-o", "answer.txt")
    assert (done.code, done.out) == (0, "")
    assert (shop / "answer.txt").read_text().startswith("instance.rate")
    done = run("show", "lookup", "Base.rate", "-o", "no/where")
    assert done.code == 2
    assert "no/where" in done.err


def test_another_project_can_be_named(run: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "sub" / "c.py").write_text("class C:\n    x = 1\n")
    done = run("show", "lookup", "C.x", "--project", "sub", "--output-format", "json")
    assert json.loads(done.out)["lookups"][0]["result"]["by"] == "c.C"


# Classes


CLASSES = """\
import abc
from dataclasses import dataclass


class Base(abc.ABC):
    rate = 1

    def total(self):
        self.cached = self.rate


class Slotted:
    __slots__ = ("only",)


class Order(Base):
    rate = 2

    def __init__(self):
        self.rate = 3
        self.net = 1


class Late(Order):
    def total(self):
        pass


@dataclass
class Plain:
    x: int = 1
"""


@pytest.fixture
def classes(root: Path) -> Path:
    (root / "m.py").write_text(CLASSES)
    return root


def test_a_class_has_its_mro_its_metaclass_and_each_attribute_once(run: Run, classes: Path) -> None:
    found = answer(run, "class", "Order")
    assert [row["by"] for row in found["mro"]] == [
        *("m.Order", "m.Base", "abc.ABC", "builtins.object")
    ]
    assert (found["metaclass"], found["has_dict"], found["is_mro_known"]) == (
        *("abc.ABCMeta", "yes"),
        True,
    )
    attributes = {each["name"]: each for each in found["attributes"]}
    assert len(attributes) == len(found["attributes"])
    assert (attributes["rate"]["by"], attributes["rate"]["line"]) == ("m.Order", 17)
    assert [row["by"] for row in attributes["rate"]["overrides"]] == ["m.Base"]
    assert [row["line"] for row in attributes["rate"]["hidden_by"]] == [20]
    assert [row["by"] for row in attributes["total"]["overridden_by"]] == ["m.Late"]
    assert attributes["__hash__"]["by"] == "builtins.object"
    instance = {each["name"]: each for each in found["instance_attributes"]}
    assert {name: [row["line"] for row in each["rows"]] for name, each in instance.items()} == {
        "rate": [20],
        "net": [21],
        "cached": [9],
    }
    assert instance["rate"]["note"] == "hides a value of `m.Order`"
    assert [row["by"] for row in found["subclasses"]] == ["m.Late"]


def test_instances_with_slots_have_no_dictionary(run: Run, classes: Path) -> None:
    found = answer(run, "class", "Slotted")
    assert (found["slots"], found["has_dict"]) == (["only"], "no")
    text = run("show", "class", "m.py:Slotted").out
    assert "instances have no `__dict__`" in text
    assert "slots only" in text


def test_what_a_decorator_may_change_is_said(run: Run, classes: Path) -> None:
    found = answer(run, "class", "Plain")
    assert found["unknown"] == ["the decorator `dataclass` of `Plain` may give it other attributes"]


def test_a_class_of_the_interpreter_can_be_asked_about(run: Run, root: Path) -> None:
    found = answer(run, "class", "bool")
    assert [row["by"] for row in found["mro"]] == [
        *("builtins.bool", "builtins.int", "builtins.object")
    ]
    assert answer(run, "class", "argparse.ArgumentParser")["is_mro_known"] is True


def test_an_unknown_base_leaves_the_mro_open(run: Run, root: Path) -> None:
    (root / "a.py").write_text("from gone import B\n\n\nclass A(B):\n    x = 1\n")
    found = answer(run, "class", "A")
    assert (found["is_mro_known"], found["metaclass"], found["has_dict"]) == (False, "", "unknown")
    assert "and classes that aren't known" in run("show", "class", "A").out


# Modules

PACKAGE = {
    "pkg/__init__.py": """\
        from . import a
        from .b import *
        try:
            import missing_in_here
        except ImportError:
            missing_in_here = None
        for number in range(3):
            pass
        del a
        """,
    "pkg/a.py": "import colorsys\nfrom .c import deep\n",
    "pkg/b.py": "one = two = 1\n_hidden = 1\n",
    "pkg/c.py": "def deep():\n    import calendar\n",
}


@pytest.fixture
def package(root: Path) -> Path:
    for name, text in PACKAGE.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return root


def test_a_module_has_its_names_in_order_with_their_lines(run: Run, package: Path) -> None:
    found = answer(run, "module", "pkg")
    names = [
        (each["name"], each["lines"], each["status"])
        for each in found["names"]
        if each["what"] != "set by the import"
    ]
    assert names == [
        ("c", [], "found"),
        ("b", [], "found"),
        ("one", [2], "found"),
        ("two", [2], "found"),
        ("missing_in_here", [4, 6], "found"),
        ("number", [7], "may be found"),
    ]


def test_a_module_names_what_its_import_loads_in_the_order_of_sys_modules(
    run: Run, package: Path
) -> None:
    found = answer(run, "module", "pkg.a")
    loads = [
        (each["name"], each["by"], each["line"], each["depth"], each["status"])
        for each in found["loads"]
    ]
    assert loads == [
        ("colorsys", "pkg.a", 1, 2, "found"),
        ("pkg.c", "pkg.a", 2, 2, "found"),
        ("pkg.a", "pkg", 1, 1, "found"),
        ("pkg.b", "pkg", 2, 1, "found"),
        ("missing_in_here", "pkg", 4, 1, "may be found"),
        ("pkg", "", 0, 0, "found"),
    ]
    submodules = [
        (each["package"], each["name"], each["by"], each["line"]) for each in found["submodules"]
    ]
    assert submodules == [("pkg", "c", "pkg.a", 2), ("pkg", "b", "pkg", 2)]
    text = run("show", "module", "pkg/a.py").out
    assert "pkg.c  imported by pkg.a  pkg/a.py:2" in text
    assert "calendar" not in text  # the function isn't called


def test_an_import_that_fails_is_said_to_fail(run: Run, root: Path) -> None:
    (root / "one.py").write_text("from two import y\nx = 1\n")
    (root / "two.py").write_text("from one import x\ny = 1\n")
    found = answer(run, "module", "one")
    assert found["fails"] == "ImportError: cannot import name 'x' from 'one' (`two`, line 1)"
    assert "its import fails" in run("show", "module", "one").out


# Imports


@pytest.fixture
def cycles(root: Path) -> Path:
    files = {
        "app/__init__.py": "",
        "app/a.py": "from .b import y\nx = 1\n",
        "app/b.py": """\
            from .a import x
            y = 2
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from . import c
            def f():
                import app.c
            """,
        "app/c.py": "from . import d\n",
        "app/d.py": "from . import c\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return root


def test_edges_are_kept_apart_by_when_they_are_taken(run: Run, cycles: Path) -> None:
    found = answer(run, "imports")
    edges = [
        (each["importer"], each["imported"], each["line"], each["when"]) for each in found["edges"]
    ]
    assert edges == [
        ("app.a", "app.b", 1, "import time"),
        ("app.b", "app.a", 1, "import time"),
        ("app.b", "app.c", 5, "typing"),
        ("app.b", "app.c", 7, "function"),
        ("app.c", "app.d", 1, "import time"),
        ("app.d", "app.c", 1, "import time"),
    ]


def test_cycles_that_fail_have_their_entry_point_and_line(run: Run, cycles: Path) -> None:
    found = answer(run, "imports")
    first, second = found["cycles"]
    assert (first["modules"], second["modules"]) == (["app.a", "app.b"], ["app.c", "app.d"])
    failures = [
        (each["entry"], each["module"], each["line"], each["wanted"]) for each in first["failures"]
    ]
    assert failures == [("app.b", "app.a", 1, "y"), ("app.a", "app.b", 1, "x")]
    assert second["failures"] == []
    text = run("show", "imports").out
    assert "cycle that fails: app.a, app.b" in text
    assert "cycle that doesn't fail: app.c, app.d" in text


def test_the_imports_around_a_module_are_those_that_touch_it(run: Run, cycles: Path) -> None:
    found = answer(run, "imports", "app.d")
    assert {each["importer"] for each in found["edges"]} == {"app.c", "app.d"}
    assert len(found["cycles"]) == 1
    done = run("show", "imports", "app.dd")
    assert done.code == 2
    assert "there is no module app.dd here; did you mean app.d" in done.err


def test_outside_of_a_project_it_is_said_how_to_name_one(
    run: Run, root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    for words in (["imports"], ["class", "Order"], ["module", "pkg"]):
        done = run("show", *words)
        assert done.code == 2
        assert "--project names another" in done.err, words


def test_what_a_decorator_may_replace_is_named(run: Run, root: Path) -> None:
    text = "from gone import f, g\n\n\nclass A:\n    @f\n    def m(self): ...\n    x = g(1)\n"
    (root / "a.py").write_text(text)
    found = {each["name"]: each["what"] for each in answer(run, "class", "A")["attributes"]}
    assert found["m"] == "a function that `@f` may replace"
    assert found["x"] == "what `g(…)` returns"


def test_super_with_arguments_is_not_guessed_at(run: Run, root: Path) -> None:
    (root / "a.py").write_text("class A:\n    def m(self):\n        return super(A, self).m\n")
    (found,) = lookups(run, "a.py:3:31")
    assert found["status"] == "unknown"
