"""PCL804: what it says of a read must happen; where the name may have a value it is silent."""

from __future__ import annotations

import itertools
import random
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

FAILING = [
    "max = max(xs)\nreturn max",
    "max = [max(xs)]\nreturn max",
    "for x in xs:\n    max = max(x, 1)\nreturn max",
    "for id in id(xs), 1:\n    pass",
    "with open('x') as open:\n    pass",
    "sum += 1\nreturn sum",
    "print(sum)\nsum = 3",
    "if xs:\n    len = len(xs)\nreturn 1",
    "try:\n    type = type(xs)\nexcept KeyError:\n    pass",
    "while len(xs) > 1:\n    len = 3",
    "first, *list = list(xs)",
    "input: int = input(3)",
    "type = type(xs)(type)",
    "print(len(xs))\nimport os.path as len",
    "list(xs)\ndef list(): pass",
    "max = max(max(x, 1) for x in xs) if max(xs) else 0",
    "lines = sorted(xs); sorted = lines",
    "path = path.join('a', 'b')\nreturn path",
    "json = json.dumps(xs)\nreturn json",
    "r = json.dumps(xs)\nfor json in r:\n    pass",
]
SOUND = [
    "max_ = max(xs)\nreturn max_",
    "max = 3\nreturn max",
    "if xs:\n    max = 3\nelse:\n    max = 4\nreturn max",
    "for max in xs:\n    print(max)",
    "def inner(max=max):\n    return max\nreturn inner()",
    "ys = [max for max in xs]\nreturn max(ys)",
    "class C:\n    max = max(xs)\nreturn C.max",
    "global result\nresult = max(xs)",
    "for x in xs:\n    if x == 1:\n        max = 3\n    else:\n        print(max)",
    "if len(xs) > 5:\n    sum = 3\nif len(xs) > 5:\n    print(sum)",
    "import json\nreturn json.dumps(xs)",
    "return dict(max=max(xs))",
    "xs.append(max(xs))",
    "try:\n    max = max(xs)\nexcept UnboundLocalError:\n    pass",
]
HEAD = "from os import path\nimport json\n"


def program(body: str) -> str:
    return f"{HEAD}def f(xs):\n{textwrap.indent(body, '    ')}\nf([1, 2])\n"


@pytest.mark.parametrize("body", FAILING)
def test_what_is_reported_raises_unbound_local_error_there(project: Project, body: str) -> None:
    shop = project(program(body))
    (finding,) = shop.lint("PCL804")
    done = shop.run("main.py")
    assert "UnboundLocalError" in done.stderr
    assert f"line {finding.line}," in done.stderr
    assert shop.lint("PCL802") == []


@pytest.mark.parametrize("body", SOUND)
def test_what_works_is_left_alone(project: Project, body: str) -> None:
    shop = project(program(body))
    assert shop.lint("PCL804") == []
    assert shop.run("main.py").returncode == 0


def test_it_says_what_is_hidden(project: Project) -> None:
    shop = project(program("max = max(xs)\npath = path.join('a')"))
    assert [said.partition("; ")[2] for said in shop.messages("PCL804")] == [
        "the built-in `max` is hidden in all of it",
        "the imported `path` is hidden in all of it",
    ]


def test_variables_of_other_functions_and_of_the_module_are_the_matter_of_pcl802(
    project: Project,
) -> None:
    nested = "def f():\n    max = 1\n    def g():\n        max += 1\n    g()\nf()\n"
    assert project(nested).lint("PCL804") == []
    assert len(project(nested).lint("PCL802")) == 1
    own = "def max(*xs): pass\ndef f():\n    max = max(1)\nf()\n"
    assert project(own).lint("PCL804") == []
    assert len(project(own).lint("PCL802")) == 1


FIXED = [
    ("max = max(xs)\nreturn max", "max_ = max(xs)\nreturn max_"),
    ("max = max(xs)\nreturn max + max(xs)", "max_ = max(xs)\nreturn max_ + max(xs)"),
    ("for x in xs:\n    len = len(xs)\nreturn len", "for x in xs:\n    len_ = len(xs)\nreturn len_"),
    ("path = path.join('a', 'b')\nreturn path[0]", "path_ = path.join('a', 'b')\nreturn path_[0]"),
    ("a, max = 1, max(xs)\nreturn max, a", "a, max_ = 1, max(xs)\nreturn max_, a"),
    ("with open(__file__) as open:\n    return open", "with open(__file__) as open_:\n    return open_"),
    ("sum = sum(xs)\nreturn [x - sum for x in xs]", "sum_ = sum(xs)\nreturn [x - sum_ for x in xs]"),
    ("type = type(xs)\nreturn {'type': type}", "type_ = type(xs)\nreturn {'type': type_}"),
]  # fmt: skip
NOT_FIXED = [
    "sum += 1\nreturn sum",
    "max = max(xs)\nmax_ = 3",
    "max = max(xs)\nreturn lambda: max",
    "max = max(xs)\nreturn locals()",
    "max = print(max)",
    "print(len(xs))\nimport os as len",
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_the_fix_gives_the_variable_another_name(project: Project, before: str, after: str) -> None:
    shop = project(program(before))
    assert shop.fix("PCL804")["main.py"] == program(before)
    assert shop.fix("PCL804", unsafe=True)["main.py"] == program(after)
    assert shop.run("main.py").returncode == 0


@pytest.mark.parametrize("body", NOT_FIXED)
def test_there_is_no_fix_where_a_use_may_mean_either(project: Project, body: str) -> None:
    (finding,) = project(program(body)).lint("PCL804")
    assert finding.fix is None


READS = [
    "y = {n}(xs)",
    "y = [{n}(xs)]",
    "y = (c() and\n     {n}(xs))",
    "y = lambda: {n}(xs)",
    "pass",
]
BINDS = ["{n} = 1", "{n} = {n}(xs)", "for {n} in xs: pass", "if c():\n    {n} = 2", "pass"]
BINDS += ["del {n}", "{n}, y = 3, 4", "try:\n    {n} = 5\nexcept KeyError:\n    pass"]


@pytest.mark.parametrize("name", ["len", "json"])
def test_no_run_gets_past_a_read_that_is_reported(project: Project, name: str) -> None:
    parts = [*READS, *BINDS]
    texts = []
    chosen = random.Random(804).sample(list(itertools.product(parts, repeat=3)), 400)
    for three in chosen:
        lines = "\n".join(three).format(n=name)
        texts.append(f"import json\ndef f(xs, c):\n{textwrap.indent(lines, '    ')}\n")
    shop = project({f"m{number}.py": text for number, text in enumerate(texts)})
    found = {f.path.rpartition("/")[2]: f.line for f in shop.lint("PCL804")}
    assert len(found) > 30
    for path, line in found.items():
        text = texts[int(path[1:-3])]
        namespace: dict[str, Any] = {"__name__": "main"}
        exec(compile(text, path, "exec"), namespace)
        for choices in itertools.product((True, False), repeat=3):
            passed, outcome = run(namespace["f"], choices)
            assert line not in passed or outcome == ("UnboundLocalError", line), text


def run(
    function: Callable[..., Any], choices: tuple[bool, ...]
) -> tuple[set[int], tuple[str, int]]:
    """The lines that a call has reached, and the error that ended it, with its line."""
    reached: set[int] = set()
    rest = iter(choices)

    def trace(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_code is function.__code__:
            reached.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function([1, 2], lambda: next(rest, False))
    except Exception as error:
        last = error.__traceback__
        while last is not None and last.tb_frame.f_code is not function.__code__:
            last = last.tb_next
        return reached, (type(error).__name__, last.tb_lineno if last is not None else 0)
    finally:
        sys.settrace(before)
    return reached, ("", 0)


BRANCHES = [
    (
        "    if c:\n        json = str(x)\n        return json\n    return json.dumps(x)",
        "    if c:\n        json_ = str(x)\n        return json_\n    return json.dumps(x)",
    ),
    (
        "    if c:\n        json = str(x)\n        return json\n    y = json.loads('1')\n"
        "    return json.dumps(y)",
        "    if c:\n        json_ = str(x)\n        return json_\n    y = json.loads('1')\n"
        "    return json.dumps(y)",
    ),
    (
        "    if not c:\n        return json.dumps(x)\n    json = json.dumps(x)\n    return json",
        "    if not c:\n        return json.dumps(x)\n    json_ = json.dumps(x)\n    return json_",
    ),
]


@pytest.mark.parametrize(("before", "after"), BRANCHES)
def test_what_no_binding_leads_to_keeps_its_name(
    project: Callable[..., Any], before: str, after: str
) -> None:
    start, end = "import json\n\n\ndef f(x, c):\n", "\n\n\nprint(f(1, True), f(1, False))\n"
    shop = project(start + before + end)
    assert "UnboundLocalError" in shop.run("main.py").stderr
    assert shop.fix("PCL804", unsafe=True)["main.py"] == start + after + end
    assert shop.run("main.py").stdout == "1 1\n"
    assert shop.places("PCL804") == []
