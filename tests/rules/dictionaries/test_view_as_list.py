"""PCL703: views used as lists, run for real."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL703"
Project = Callable[..., Any]


def outcome(source: str) -> str:
    """What running a program ends in: the name of the exception, or nothing."""
    try:
        exec(compile(textwrap.dedent(source), "main.py", "exec"), {"__name__": "main"})
    except Exception as error:
        return type(error).__name__
    return ""


START = "import random\nd = {1: 2, 3: 4, 5: 6}\n"
# Each is run after START, and ends in the error.
RAISES = {
    "d.keys()[0]": "TypeError",
    "d.items()[-1:]": "TypeError",
    "d.values()[0] = 1": "TypeError",
    "del d.values()[0]": "TypeError",
    "(d).keys() [0]": "TypeError",
    "d.keys()\\\n[0]": "TypeError",
    "d.keys().sort()": "AttributeError",
    "d.values().index(2)": "AttributeError",
    "d.values().append(2)": "AttributeError",
    "d.items().pop()": "AttributeError",
    "d.keys().count(1)": "AttributeError",
    "d.keys().copy()": "AttributeError",
    "d.keys() + [1]": "TypeError",
    "[1] + d.keys()": "TypeError",
    "d.keys() + d.values()": "TypeError",
    "x = list(d)\nx + d.values()": "TypeError",
    "random.choice(d.keys())": "TypeError",
    "random.shuffle(d.keys())": "TypeError",
    "random.sample(d.keys(), 1)": "TypeError",
    "from random import choice as c, choice\nchoice(d.values())": "TypeError",
    "{1: 2}.keys()[0]": "TypeError",
    "dict(a=1).values()[0]": "TypeError",
    "{x: x for x in 'ab'}.items()[0]": "TypeError",
    "vars(random).keys()[0]": "TypeError",
    "from collections import OrderedDict\nOrderedDict(d).keys()[0]": "TypeError",
    "from collections import Counter\nCounter('ab').values()[0]": "TypeError",
    "class D(dict): pass\nD(d).keys()[0]": "TypeError",
    "def f(x: dict[int, int]):\n    x.keys()[0]\nf(d)": "TypeError",
    "def f(**x):\n    x.keys()[0]\nf(a=1)": "TypeError",
    "class C:\n    def __init__(self):\n        self.d = {1: 2}\n        self.d.keys()[0]\nC()": "TypeError",
    "keys = d.keys()\nkeys[0]": "TypeError",
    "keys = {1: 2, 3: 4}.keys()\nkeys[0]": "TypeError",
    "keys = {x: x for x in d}.keys()\nkeys.sort()": "AttributeError",
    "keys = dict(d, a=3).keys()\nkeys[0]": "TypeError",
    "keys = {\n    1: 2,\n}.keys()\nkeys[0]": "TypeError",
    "random.choice({1: 2, 3: 4}.keys())": "TypeError",
    "def f():\n    from random import sample\n    return sample(d.keys(), 1)\nf()": "TypeError",
    "def f():\n    import random as r\n    return r.choice(d.keys())\nf()": "TypeError",
    "[1] + {1: 2, 3: 4}.keys()": "TypeError",
    "keys = d.keys()\nif keys:\n    keys.remove(1)": "AttributeError",
    "def f():\n    keys = d.keys()\n    keys.reverse()\nf()": "AttributeError",
    "def f():\n    keys = d.keys()\n    def g():\n        return keys[0]\n    g()\nf()": "TypeError",
    "def f():\n    keys = d.keys()\n    return [1] + keys\nf()": "TypeError",
    "def keys():\n    keys = d.keys()\n    return keys[0]\nkeys()": "TypeError",
    "def f():\n    keys = d.keys()\n    return random.choice(keys)\nf()": "TypeError",
    # A view on one of several ways to the use.
    "def f(c):\n    if c:\n        keys = d.keys()\n    else:\n        keys = [1]\n    keys.sort()\nf(1)": "AttributeError",
    "def f(c):\n    keys = [1]\n    if c:\n        keys = d.keys()\n    return keys[0]\nf(1)": "TypeError",
    "def f(c):\n    for n in c:\n        keys = d.keys()\n    keys.sort(key=str)\nf([1])": "AttributeError",
    "def f(c):\n    try:\n        keys = c.names\n    except AttributeError:\n        keys = d.keys()\n"
    "    return keys[0]\nf(1)": "TypeError",
    "def f(c):\n    keys = c or []\n    while not keys:\n        keys = d.values()\n    keys.append(1)\nf(0)": "AttributeError",
    "class C:\n    def __init__(self):\n        self.d = {1: 2}\n    def f(self, c):\n        if c:\n"
    "            keys = self.d.keys()\n        else:\n            keys = c.split()\n"
    "        return [*keys][0], keys[0]\nC().f(1)": "TypeError",
    # Known by what is passed, returned, kept.
    "def f(x):\n    return x.keys()[0]\nf({1: 2})\nf(x=dict(a=1))": "TypeError",
    "def f():\n    return {1: 2}\nf().keys()[0]": "TypeError",
    "def f():\n    return {1: 2}\nx = f()\nkeys = x.keys()\nkeys.sort()": "AttributeError",
    "tables = [{1: 2}, {3: 4}]\nfor table in tables:\n    table.items()[0]": "TypeError",
    "tables = {'a': {1: 2}}\ntables['a'].values()[0]": "TypeError",
    # `next` needs an iterator.
    "next(d.keys())": "TypeError",
    "next(d.items(), None)": "TypeError",
    "values = d.values()\nlist(values)\nnext(values)": "TypeError",
    "def f(**k):\n    return next(k.keys())\nf(a=1)": "TypeError",
}


@pytest.mark.parametrize("source", RAISES)
def test_what_is_reported_raises_and_the_fix_mends_it(project: Project, source: str) -> None:
    error = RAISES[source]
    source = START + source
    assert outcome(source) == error
    small = project(source)
    (message,) = small.messages(CODE)
    assert message.endswith((error, f"{error} from Python 3.11 on"))
    assert outcome(small.fix(CODE)["main.py"]) == ""


# Each is run after START, and raises nothing.
FINE = [
    "list(d.keys())[0]",
    "sorted(d.keys())[0]",
    "d.keys() & [1]",
    "d.keys() | d.values()",
    "d.keys().isdisjoint([1])",
    "d.keys().mapping",
    "len(d.keys())",
    "1 in d.values()",
    "[*d.keys()][0]",
    "d.items() - {(1, 2)}",
    "x = [1]\nx += d.keys()",
    "random.choice(list(d.keys()))",
    "class C:\n    def keys(self): return [1]\nC().keys()[0]",
    "class C(dict):\n    def keys(self): return [1]\nC().keys()[0]",
    "class C:\n    def __radd__(self, other): return 1\nd.keys() + C()",
    "from email.message import Message\nm = Message()\nm['a'] = 'b'\nm.keys()[0]",
    "import ast\nast.parse('a = 1').body[0]",
    "keys = d.keys()\nkeys = list(keys)\nkeys[0]",
    "keys = d.keys()\nif not isinstance(keys, list):\n    keys = list(keys)\nkeys.sort()",
    "keys = d.keys()\nif hasattr(keys, 'sort'):\n    keys.sort()",
    "keys = d.keys()\nif isinstance(keys, list):\n    keys.sort()",
    "keys = d.keys()\ntry:\n    keys.sort()\nexcept AttributeError:\n    pass",
    "try:\n    d.keys()[0]\nexcept TypeError:\n    pass",
    "import sys\nif sys.version_info[0] == 2:\n    d.keys()[0]",
    "keys = d.keys()\ndef f(keys):\n    return keys[0]\nf([1])",
    "keys = d.keys()\n[keys[0] for keys in [[1]]]",
    "def f():\n    global keys\n    keys = [1]\nkeys = d.keys()\nf()\nkeys[0]",
    "def f():\n    keys = d.keys()\n    def g():\n        nonlocal keys\n        keys = [1]\n"
    "    g()\n    keys[0]\nf()",
    "class random:\n    choice = len\nrandom.choice(d.keys())",
    "def f():\n    from shop import choice\n    return choice(d.keys())",
    "def f(r):\n    import random as r\n    return r.choice(d.keys())",
    "def f(x):\n    return x.keys()[0]",
    "def f(x):\n    keys = x.keys()\n    return keys[0]",
    "def f(x):\n    x.values().sort()",
    "def f():\n    from bisect import bisect as choice\n    choice(d.keys)",
    "def f(random):\n    random.choice(d.keys())",
    "def f(c):\n    keys = d.keys()\n    keys = list(keys)\n    keys.sort()\nf(1)",
    "def f(c):\n    if c:\n        keys = d.keys()\n        return keys\n    else:\n        keys = [1]\n    keys.sort()\nf(0)",
    "def f(c):\n    keys = [1]\n    keys.sort()\n    keys = d.keys()\n    return keys\nf(1)",
    "import sys\ndef f(c):\n    keys = d.keys()\n    if sys.version_info[0] > 2:\n        keys = list(keys)\n"
    "    keys.sort()\nf(1)",
    "PY3 = True\ndef f(c):\n    if PY3:\n        keys = list(d)\n    else:\n        keys = d.keys()\n"
    "    keys.sort()\nf(1)",
    "def f(c):\n    keys = d.keys() if c else [1]\n    if not isinstance(keys, list):\n        keys = list(keys)\n"
    "    keys.sort()\nf(1)",
    "def f(c):\n    keys = [1]\n    if c:\n        keys = d.keys()\n    if not isinstance(keys, list):\n"
    "        keys = list(keys)\n    keys.sort()\nf(1)",
    "def f(x):\n    return x.keys()[0]\nclass T:\n    def keys(self):\n        return [1]\nf(T())",
    "def f(x):\n    return next(x.keys())\nclass T:\n    def keys(self):\n        yield 1\nf(T())",
    # What is unpacked of a view is one of its items.
    "def f():\n    d = {(1, 2): 3}\n    ((pair, found),) = d.items()\n    return pair[0] + len(d.keys())\nf()",
    "def f():\n    d = {(1, 2): 3}\n    [pair] = d.keys()\n    return pair[0] + len(d.keys())\nf()",
    "def f():\n    d = {(1, 2): 3}\n    pair, *rest = d.keys()\n    return pair[0] + len(rest + rest)\nf()",
    "next(iter(d.keys()))",
    "def next(x):\n    return x\nnext(d.keys())",
    "def f(next):\n    next(d.keys())\nf(len)",
]


@pytest.mark.parametrize("source", FINE)
def test_what_raises_nothing_is_not_reported(project: Project, source: str) -> None:
    source = START + source
    assert outcome(source) == ""
    assert project(source).lint(CODE) == []


def test_what_comes_from_elsewhere_is_not_reported(project: Project) -> None:
    assert project("import pandas\nframe = pandas.DataFrame()\nframe.keys()[0]\n").lint(CODE) == []


def test_in_python2_source_whatever_is_not_known_counts_as_a_dictionary(project: Project) -> None:
    small = project(
        """
        import pandas
        def f(d):
            print d.keys()[0]
            names = d.values()
            names.sort()
            return names, pandas.x().keys()[0], [].keys()[0]
        """
    )
    assert small.messages(CODE) == [
        "on a dictionary, `d.keys()` is a view in Python 3, which has no index: TypeError",
        "on a dictionary, `names` is the view `d.values()` in Python 3, which has no `sort`: "
        "AttributeError",
    ]
    text = small.fix(CODE)["main.py"]
    assert "print list(d.keys())[0]" in text
    assert "    names = sorted(d.values())\n    return" in text


def test_uses_are_where_they_stand(project: Project) -> None:
    small = project("é = {}\nx = 'ü', é.keys()[0], é.items(\n)[1]\n")
    assert small.places(CODE) == [("main.py", 2, 10), ("main.py", 2, 23)]
    small = project("def f(d: dict):\n\tkeys = d.keys()\n\treturn keys[0], keys[1]\n")
    assert small.places(CODE) == [("main.py", 3, 9), ("main.py", 3, 18)]


def test_a_name_that_is_sorted_next_is_made_of_a_sorted_list(project: Project) -> None:
    small = project(
        """
        d = {2: 1, 1: 2}
        def one():
            names = d.keys()
            names.sort(key=str, reverse=True)  # why
            return names
        def two():
            names = d.keys()  # why
            names.sort()
            return names
        def three():
            names = d.keys(); names.sort(); return names
        print(one(), two(), three())
        """
    )
    text = small.fix(CODE)["main.py"]
    assert "    names = sorted(d.keys(), key=str, reverse=True)  # why\n    return" in text
    assert "    names = list(d.keys())  # why\n    names.sort()\n" in text
    assert small.run("main.py").stdout == "[2, 1] [1, 2] [1, 2]\n"


def test_no_list_is_made_of_what_is_a_set_elsewhere(project: Project) -> None:
    small = project("d = {}\nkeys = d.keys()\nprint(keys & {1}, keys[0])\n")
    (finding,) = small.lint(CODE)
    assert finding.fix is None


def test_no_list_is_made_where_list_means_something_else(project: Project) -> None:
    small = project("list = 1\nd = {}\nd.keys()[0]\n")
    (finding,) = small.lint(CODE)
    assert finding.fix is None


@pytest.mark.parametrize("literal", ["'a'", "b''", "(1)", "None", "...", "f'{1}'", "()"])
def test_what_is_no_dictionary_at_all_is_left_alone(literal: str, project: Project) -> None:
    code = f"import random\n{literal}.values()[0]\n{literal}.keys().sort()\n"
    code += f"random.choice({literal}.items())\n{literal}.keys() + {literal}\n"
    assert project(code).lint(CODE) == []
