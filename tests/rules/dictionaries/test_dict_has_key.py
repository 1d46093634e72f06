"""PCL704: `has_key`, and `in` in its place, compared by running both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL704"
Project = Callable[..., Any]


class Old(dict[Any, Any]):
    """What Python 2's dictionaries could do."""

    def has_key(self, key: Any) -> bool:
        return key in self


def value(source: str) -> Any:
    names = {"d": Old({1: 2, (1, 2): 3}), "k": 1, "no": 9, "x": {"y": [Old({1: 1})]}}
    return eval(source, names)


EXPRESSIONS = [
    "d.has_key(k)",
    "not d.has_key(k)",
    "not (d.has_key(k))",
    "not d.has_key(no)",
    "d.has_key(k) == True",
    "d.has_key(no) == False == d.has_key(no)",
    "True is d.has_key(k)",
    "d.has_key(k) + 1",
    "-d.has_key(k)",
    "[1, 2][d.has_key(k)]",
    "[d.has_key(k), not d.has_key(no)]",
    "{d.has_key(k): d.has_key(no)}",
    "(d.has_key(k),)",
    "d.has_key(k).real",
    "d.has_key(k) if d.has_key(no) else d.has_key(2)",
    "1 if d.has_key(k)else 2",
    "1 if(d).has_key(k)else 2",
    "d.has_key(k) and not d.has_key(no) or 5",
    "d.has_key(k or no)",
    "d.has_key(k and no)",
    "d.has_key(not k)",
    "d.has_key(k == 1)",
    "d.has_key(k if no else 0)",
    "d.has_key(lambda: 1)",
    "d.has_key((k, 2))",
    "d.has_key((k))",
    "d.has_key(((k)), )",
    "d.has_key(y := 1)",
    "d.has_key(y for y in ())",
    "d.has_key(k | 2)",
    "d.has_key(\n  k)",
    "(d\n .has_key(k))",
    "d.has_key(k +\n 0)",
    "x['y'][0].has_key(1)",
    "str(d.has_key(k))",
    "dict(a=d.has_key(k))",
    "f'{d.has_key(k)}'",
    "[y for y in (1, 5) if d.has_key(y)]",
    "[y for y in (1, 5) if not d.has_key(y)]",
    "(lambda: d.has_key(k))()",
    "d.has_key(k)<1",
    "d.has_key(k) in [True]",
    "[*[d.has_key(k)]]",
    "d.has_key(d.has_key(k))",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_in_gives_the_same_value(project: Project, expression: str) -> None:
    source = f"def f(d, k, no, x):\n    return ({expression})\n"
    small = project(source)
    assert small.lint(CODE)
    fixed = small.fix(CODE, unsafe="x[" in expression)["main.py"]
    assert "has_key" not in fixed
    names: dict[str, Any] = {}
    exec(fixed, names)
    given = {"d": {1: 2, (1, 2): 3}, "k": 1, "no": 9, "x": {"y": [{1: 1}]}}
    assert repr(names["f"](**given)) == repr(value(f"({expression})"))


@pytest.mark.parametrize(
    "source",
    [
        "import pandas\npandas.x.has_key(1)",
        "class C:\n    def has_key(self, k): return True\nC().has_key(1)",
        "class C(dict):\n    def has_key(self, k): return True\n    def f(self): self.has_key(1)",
        "class C:\n    def __getattr__(self, name): return len\nC().has_key(1)",
        "(1).has_key(1)",
        "def f(d):\n    if hasattr(d, 'has_key'):\n        return d.has_key(1)",
        "def f(d):\n    try:\n        return d.has_key(1)\n    except AttributeError:\n        return 1 in d",
        "import sys\ndef f(d):\n    if sys.version_info < (3,):\n        return d.has_key(1)",
        "import pytest\ndef test(d):\n    with pytest.raises(AttributeError):\n        d.has_key(1)",
        "from past.builtins import dict\nd = dict()\nd.has_key(1)",
        "def f(d):\n    d.has_key()\n    d.has_key(1, 2)\n    d.has_key(*d)\n    d.has_key(k=1)",
        "def f(d):\n    d.has_key = 1\n    'd.has_key(1)'  # d.has_key(1)",
    ],
)
def test_other_things_are_not_reported(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


def test_it_says_what_is_known(project: Project) -> None:
    small = project("{}.has_key(1)\ndef f(d):\n\treturn 'é', d.has_key(1)\n")
    assert small.places(CODE) == [("main.py", 1, 1), ("main.py", 3, 14)]
    assert small.messages(CODE) == [
        "`{}` is a dictionary, and those have no `has_key` in Python 3, where `in` asks whether a "
        "key is there",
        "`d.has_key(…)`: dictionaries have no `has_key` in Python 3, where `in` asks whether a key "
        "is there",
    ]


def test_the_fix_is_unsafe_where_it_may_be_something_else(project: Project) -> None:
    small = project(
        {
            "a.py": "class C:\n    def has_key(self, k): return 1\n",
            "b.py": "def f(d):\n    print d.has_key(1), {}.has_key(1)\n",
            "c3.py": "def f(d):\n    return d.has_key(1), {}.has_key(1)\n",
        }
    )
    found = [finding.fix.applicability for finding in small.lint(CODE)]
    assert found == ["unsafe", "safe", "safe"]


def test_the_fix_is_unsafe_where_the_order_of_calls_may_matter(project: Project) -> None:
    small = project("def f(d, g):\n    return d().has_key(g()), d().has_key(1), d.has_key(g())\n")
    found = [finding.fix.applicability for finding in small.lint(CODE)]
    assert found == ["unsafe", "unsafe", "safe"]
    small = project("def f(d, g):\n    print d().has_key(g()), d().has_key(1), d.has_key(g())\n")
    found = [finding.fix.applicability for finding in small.lint(CODE)]
    assert found == ["unsafe", "safe", "safe"]


def test_comments_are_kept(project: Project) -> None:
    small = project("def f(d, k):\n    return d.has_key(k  # why\n    )\n")
    (finding,) = small.lint(CODE)
    assert finding.fix is None


def test_python2_source(project: Project) -> None:
    small = project("def f(d, k):\n    print d.has_key(k), not d.has_key(`k`)\n")
    assert small.places(CODE) == [("main.py", 2, 11), ("main.py", 2, 29)]
    assert "print k in d, not d.has_key(`k`)" in small.fix(CODE)["main.py"] or (
        "print k in d, `k` not in d" in small.fix(CODE)["main.py"]
    )


def test_a_receiver_is_shown_without_what_stands_behind_it(project: Project) -> None:
    small = project("x = {} \\\n    .has_key(1)\ny = ({}\n  ).has_key(1)\nz = ({}) . has_key(1)\n")
    assert [message.partition(" is")[0] for message in small.messages(CODE)] == [
        "`{}`",
        "`({})`",
        "`({})`",
    ]
    assert small.fix(CODE)["main.py"] == "x = 1 in {}\ny = 1 in ({}\n  )\nz = 1 in ({})\n"
