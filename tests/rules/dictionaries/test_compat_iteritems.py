"""PCL702: six's functions for dictionaries, and the methods in their place, run for real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL702"
Project = Callable[..., Any]

SIX = """
def iteritems(d): return iter(d.items())
def iterkeys(d): return iter(d.keys())
def itervalues(d): return iter(d.values())
def viewitems(d): return d.items()
def viewkeys(d): return d.keys()
def viewvalues(d): return d.values()
"""

# Expressions over `d` and `e`, with what they become.
REWRITES = {
    "[k for k, v in six.iteritems(d)]": "[k for k, v in d.items()]",
    "list(six.iterkeys(d))": "list(d.keys())",
    "sorted(six.itervalues(d))": "sorted(d.values())",
    "six.viewkeys(d) & {1}": "d.keys() & {1}",
    "len(six.viewitems(d))": "len(d.items())",
    "list(six.viewvalues(d))": "list(d.values())",
    "next(six.iteritems(d))": "next(iter(d.items()))",
    "next(six.iteritems(e or d))": "next(iter((e or d).items()))",
    "list(six.iteritems(e or d))": "list((e or d).items())",
    "list(six.iteritems((e or d)))": "list((e or d).items())",
    "list(six.iteritems(d if d else e))": "list((d if d else e).items())",
    "list(six.iteritems(dict(d, a=1)))": "list(dict(d, a=1).items())",
    "list(six.iteritems({1: 2}))": "list({1: 2}.items())",
    "list(six.iteritems( d, ))": "list(d.items())",
    "list(six . iteritems(d))": "list(d.items())",
    "list(six.iteritems(\n  d\n))": "list(d.items())",
    "list(six.iteritems(d |\n e))": "list((d |\n e).items())",
    "str(type(six.iterkeys(d)))": "str(type(iter(d.keys())))",
    "(six.iterkeys(d) and 1)": "(iter(d.keys()) and 1)",
    "dict(six.iteritems(d))": "dict(d.items())",
    "''.join(str(x) for x in six.itervalues(d))": "''.join(str(x) for x in d.values())",
}


@pytest.mark.parametrize("expression", REWRITES)
def test_the_method_gives_the_same(project: Project, expression: str) -> None:
    source = f"import six\nd = {{1: 2, 3: 4}}\ne = {{}}\nprint({expression})\n"
    small = project({"main.py": source, "six.py": SIX})
    assert len(small.lint(CODE)) == 1
    before = small.run("main.py").stdout
    text = small.fix(CODE)["main.py"]
    assert f"print({REWRITES[expression]})\n" in text
    assert small.run("main.py").stdout == before != ""


@pytest.mark.parametrize(
    ("imported", "called"),
    [
        ("import six", "six.iteritems"),
        ("import six as s", "s.iteritems"),
        ("from six import iteritems", "iteritems"),
        ("from six import iteritems as each", "each"),
        ("import future.utils", "future.utils.iteritems"),
        ("from future.utils import iteritems", "iteritems"),
        ("from django.utils import six", "six.iteritems"),
        ("from requests.packages.six import iteritems", "iteritems"),
        ("from .vendor import six", "six.iteritems"),
        ("try:\n    import six\nexcept ImportError:\n    from vendor import six", "six.iteritems"),
    ],
)
def test_it_is_known_by_any_import(project: Project, imported: str, called: str) -> None:
    source = f"{imported}\ndef f(d):\n    return [1 for x in {called}(d)]\n"
    small = project({"pkg/__init__.py": "", "pkg/a.py": source})
    (message,) = small.messages(CODE)
    assert message.startswith(f"`{called}` only says `iter(d.items())` in Python 3")
    assert "for x in d.items()]" in small.fix(CODE)["pkg/a.py"]


@pytest.mark.parametrize(
    "source",
    [
        "def iteritems(d): return d\ndef f(d):\n    return iteritems(d)",
        "from compat import iteritems\ndef f(d):\n    return iteritems(d)",
        "import six\ndef f(six, d):\n    return six.iteritems(d)",
        "import six\ndef f(d, **k):\n    return six.iteritems(d, **k), six.iteritems(*d)",
        "import six\ndef f(d):\n    if six.PY2:\n        return six.iteritems(d)",
        "import six\nf = six.iteritems",
        "import six\nsix = None\ndef f(d):\n    return six.iteritems(d)",
        "import six\n# six.iteritems(d)\n'six.iteritems(d)'",
        "try:\n    from six import iteritems\nexcept ImportError:\n    def iteritems(d): return d\n"
        "iteritems({})",
    ],
)
def test_other_things_are_not_reported(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


def test_comments_are_kept_and_iter_is_iter(project: Project) -> None:
    small = project(
        "import six\niter = 1\nfor x in six.iteritems(  # why\n    {}): pass\ny = six.iterkeys({})\n"
    )
    assert [finding.fix for finding in small.lint(CODE)] == [None, None]


def test_python2_source(project: Project) -> None:
    small = project("import six\nfor k in six.iterkeys({1: 2}):\n    print k\n")
    assert small.places(CODE) == [("main.py", 2, 10)]
    assert "for k in {1: 2}.keys():\n    print k" in small.fix(CODE)["main.py"]


@pytest.mark.parametrize("argument", ["(1, 2)", "(a or b)", "(x for x in y)", "(q := 1)"])
def test_a_message_keeps_the_brackets_of_an_argument(project: Project, argument: str) -> None:
    (finding,) = project(f"import six\nsix.iteritems({argument})\n").lint(CODE)
    assert f"`iter({argument}.items())`" in finding.message


def test_a_comment_before_an_argument_is_no_bracket(project: Project) -> None:
    small = project("import six\nfor x in six.iteritems(  # why\n    {}): pass\n")
    assert "`iter({}.items())`" in small.lint(CODE)[0].message


def test_comments_in_the_brackets_of_a_generator_expression_stay(project: Project) -> None:
    small = project("import six\nx = list(six.iteritems(\n    d for d in ()  # none\n))\n")
    assert [finding.fix for finding in small.lint(CODE)] == [None]
