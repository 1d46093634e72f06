"""The other places of a finding: which they are, and that each report shows them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pyconcepts_lint import reporters
from pyconcepts_lint.base.finding import Related
from pyconcepts_lint.reporters import Style
from pyconcepts_lint.testing import Project

Make = Callable[..., Project]
Files = dict[str, str]

BASE = "class B:\n    x = 0\n"
# What is linted, and the place and the text that each finding's related places stand for.
CASES: dict[str, tuple[Files, list[tuple[str, str]]]] = {
    "PCL101": (
        {
            "b.py": BASE,
            "main.py": "from b import B\nclass C(B):\n def f(self):\n  self.x = 1\nB.x\n",
        },
        [("b.py", "x")],
    ),
    "PCL102": (
        {"b.py": BASE, "main.py": "from b import B\nclass C(B):\n def f(self):\n  self.x = 1\n"},
        [("b.py", "x")],
    ),
    "PCL103": ({"main.py": "class C:\n n = 0\n def f(self):\n  self.n += 1\n"}, [("main.py", "n")]),
    "PCL104": (
        {"main.py": "class C:\n größe = []\n def f(self):\n  self.größe.append(1)\n"},
        [("main.py", "größe")],
    ),
    "PCL105": ({"main.py": "class C:\n n = 0\n def f(self):\n  del self.n\n"}, [("main.py", "n")]),
    "PCL107": ({"main.py": "class C:\n n = 0\n def f(self):\n  return n\n"}, [("main.py", "n")]),
    "PCL108": ({"main.py": "class C:\n n = 0\n m = [n for _ in (1,)]\n"}, [("main.py", "n")]),
    "PCL109": (
        {
            "b.py": "class B:\n def __init__(self):\n  self.run = None\n",
            "main.py": "from b import B\nclass C(B):\n def run(self): pass\n",
        },
        [("b.py", "self.run = None")],
    ),
    "PCL205": (
        {
            "shop/__init__.py": "",
            "shop/cart.py": "pass\n",
            "main.py": "from shop.cart import Cart\n",
        },
        [("shop/cart.py", "pass")],
    ),
    "PCL206": (
        {
            "shop/__init__.py": "",
            "shop/cart.py": "N = 1\n",
            "main.py": "import shop\nshop.cart.N\n",
        },
        [("main.py", "import shop")],
    ),
    "PCL207": (
        {
            "shop/__init__.py": "cart = 1\n",
            "shop/cart.py": "N = 1\n",
            "main.py": "from shop.cart import N\n",
        },
        [("main.py", "from shop.cart import N")],
    ),
    "PCL209": (
        {
            "one.py": "import two\nN = 1\n",
            "two.py": "import three\n",
            "three.py": "from one import N\n",
        },
        [("one.py", "import two"), ("two.py", "import three"), ("one.py", "N = 1")],
    ),
    "PCL214": (
        {
            "live.py": "state = None\ndef start():\n global state\n state = object()\n",
            "main.py": "from live import state\ndef f():\n return state\n",
        },
        [("live.py", "state"), ("live.py", "state = object()")],
    ),
    "PCL219": (
        {
            "settings.py": "n = 0\n",
            "main.py": "from settings import n\ndef f():\n global n\n n = 1\n",
        },
        [("main.py", "from settings import n"), ("settings.py", "n")],
    ),
    "PCL305": (
        {"main.py": "class A: pass\nclass B(A): pass\nclass C(A, B): pass\n"},
        [("main.py", "class A: pass"), ("main.py", "class B(A): pass")],
    ),
    "PCL802": (
        {"main.py": "n = 0\ndef f():\n n += 1\n"},
        [("main.py", "n")],
    ),
    "PCL402": (
        {"main.py": "class C:\n def f(self): pass\nC.f()\n"},
        [("main.py", "def f(self): pass")],
    ),
    "PCL410": (
        {"main.py": "class C:\n def f(self): pass\nC().f(1)\n"},
        [("main.py", "def f(self): pass")],
    ),
    "PCL411": (
        {
            "main.py": "class B:\n def __init__(self):\n  self.x = 1\n def g(self):\n  return self.x\n"
            "class C(B):\n def __init__(self):\n  pass\n"
        },
        [("main.py", "self.x = 1"), ("main.py", "def g(self):")],
    ),
    "PCL504": (
        {"main.py": "class C:\n @property\n def x(self): return 1\n def f(self):\n  self.x = 1\n"},
        [("main.py", "def x(self): return 1")],
    ),
    "PCL506": (
        {
            "main.py": "class P:\n def __init__(self, t):\n  self.t = t\n"
            " def __getattr__(self, n):\n  return self.t[n]\n"
        },
        [("main.py", "self.t = t")],
    ),
    "PCL508": (
        {
            "main.py": "class B:\n def __init__(self):\n  self.x = 1\n"
            "class C(B):\n @property\n def x(self): return 1\n"
        },
        [("main.py", "self.x = 1")],
    ),
    "PCL604": (
        {"main.py": "class C:\n __slots__ = ('x',)\n def f(self):\n  return vars(self)\n"},
        [("main.py", "__slots__")],
    ),
    "PCL606": (
        {"main.py": "class C:\n __slots__ = ('x',)\n def f(self):\n  self.y = 1\n"},
        [("main.py", "__slots__")],
    ),
    "PCL607": (
        {"main.py": "class C:\n __slots__ = ('x',)\n x = 1\n"},
        [("main.py", "__slots__")],
    ),
    "PCL608": (
        {"main.py": "class B:\n pass\nclass C(B):\n __slots__ = ('x',)\n"},
        [("main.py", "__slots__"), ("main.py", "class B:")],
    ),
    "PCL801": (
        {"main.py": "fs = []\nfor i in range(3):\n fs.append(lambda: i)\n"},
        [("main.py", "i")],
    ),
    "PCL804": (
        {"main.py": "def f(xs):\n max(xs)\n max = 1\n"},
        [("main.py", "max")],
    ),
    "PCL803": (
        {
            "main.py": "def f():\n n = 0\n def g():\n  n = 1\n g()\n return n\n",
        },
        [("main.py", "def f():")],
    ),
}


def test_a_module_that_asks_itself_has_no_chain(project: Make) -> None:
    (found,) = project({"main.py": "from main import N\nN = 1\n"}).lint("PCL209")
    assert [each.message for each in found.related] == ["`main` would bind `N` here"]


def text_at(project: Project, related: Related) -> tuple[str, str]:
    """The file of a place, and its text: of the whole line where that is all that is known."""
    name = project.relative(related.path)
    line = project.texts()[name].split("\n")[related.line - 1]
    if (related.line, related.column) == (related.end_line, related.end_column):
        return name, line.strip()
    assert related.line == related.end_line
    return name, line[related.column - 1 : related.end_column - 1]


@pytest.mark.parametrize("code", CASES)
def test_the_other_place_is_named(project: Make, code: str) -> None:
    files, expected = CASES[code]
    shop = project(files)
    found = [finding for finding in shop.lint(code) if finding.code == code]
    assert found
    assert [text_at(shop, each) for each in found[0].related] == expected
    assert all(each.message for each in found[0].related)


def test_a_place_in_another_file_moves_with_it(project: Make, tmp_path: Path) -> None:
    """The cache may not keep a place that a change of the other file has moved."""
    from pyconcepts_lint import lint

    files, _ = CASES["PCL102"]
    shop = project(files)
    (tmp_path / "cache").mkdir()
    for lines in (0, 3):
        shop.write({"b.py": "\n" * lines + BASE})
        report = lint(shop.root, select=["PCL102"], cache_dir=str(tmp_path / "cache"))
        ((related,),) = [finding.related for finding in report.findings]
        assert related.line == lines + 2


def written(project: Project, form: str, code: str) -> str:
    out = io.StringIO()
    style = Style(100, directory=str(project.root))
    reporters.writer(form)(project.lint(code), out, style)
    return out.getvalue()


def test_full_shows_other_places_in_the_order_of_the_file_and_then_other_files(
    project: Make,
) -> None:
    shown = written(project(CASES["PCL103"][0]), "full", "PCL103").splitlines()
    assert shown[1:6] == [
        "   2 │  n = 0",
        "     │  - `C.n` is bound here, in the class body",
        "     …",
        "   4 │   self.n += 1",
        "     │   ^^^^^^",
    ]
    shown = written(project(CASES["PCL102"][0]), "full", "PCL102").splitlines()
    at = shown.index("   --> b.py:2")
    assert shown[at + 1 : at + 3] == [
        "   2 │     x = 0",
        "     │     - `B.x` is bound here, in the class body",
    ]
    long = CASES["PCL103"][0]["main.py"].replace("C", "C" * 60)
    shown = written(project(long), "full", "PCL103")
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_programs_get_the_other_places(project: Make) -> None:
    shop = project(CASES["PCL102"][0])
    said = "`B.x` is bound here, in the class body"
    (row,) = json.loads(written(shop, "json", "PCL102"))
    assert row["related"] == [
        {
            "message": said,
            "path": "b.py",
            "line": 2,
            "column": 5,
            "end_line": 2,
            "end_column": 6,
        }
    ]
    sarif = json.loads(written(shop, "sarif", "PCL102"))
    ((place,),) = [result["relatedLocations"] for result in sarif["runs"][0]["results"]]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "b.py"
    assert place["physicalLocation"]["region"]["startLine"] == 2
    assert place["message"]["text"] == said.replace("`", "'")
    (issue,) = json.loads(written(shop, "gitlab", "PCL102"))
    assert issue["other_locations"] == [{"path": "b.py", "lines": {"begin": 2, "end": 2}}]
    (row,) = json.loads(written(shop, "rdjson", "PCL102"))["diagnostics"]
    assert row["related_locations"][0]["location"]["path"] == "b.py"
    (issue,) = json.loads(written(shop, "sonar", "PCL102"))["issues"]
    assert issue["secondaryLocations"][0]["textRange"]["startColumn"] == 4
    page = written(shop, "html", "PCL102")
    assert '<span class="path">b.py:2</span> <code>B.x</code> is bound here' in page


def test_places_of_python_2_source_are_those_of_the_file(project: Make) -> None:
    source = "print 'x'\nclass C:\n n = 0\n def f(self):\n  print self; self.n += 1\n"
    shop = project({"main.py": source})
    (found,) = shop.lint("PCL103")
    assert [text_at(shop, each) for each in found.related] == [("main.py", "n")]
