"""PCL602: assigning a module's attributes through its dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL602"
Project = Callable[..., Any]
MODULE = "x = 1\ny = [1]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m.__dict__['x'] = 5", "m.x = 5"),
        ("vars(m)['x'] = 5", "m.x = 5"),
        ("vars ( m ) [ 'x' ] = 5", "m.x = 5"),
        ("m.__dict__['x'] += 5", "m.x += 5"),
        ("m.__dict__['x']: int = 5", "m.x: int = 5"),
        ("a, (m.__dict__['x'], *b) = 1, (5, 2)", "a, (m.x, *b) = 1, (5, 2)"),
        ("for m.__dict__['x']in[5]: pass", "for m.x in[5]: pass"),
        ("(m).__dict__[('x')] = 5", "m.x = 5"),
        ("m.__dict__[\\\n'x'] = 5", "m.x = 5"),
        ("m.__dict__['y'] = m.__dict__['x'] = 5", "m.y = m.x = 5"),
        ("del m.__dict__['y']", "del m.y"),
        ("del(m).__dict__['y'], vars(m)['x']; m.x = 5", "del m.y, m.x; m.x = 5"),
    ],
)
def test_fix_says_the_attribute_and_does_the_same(
    project: Project, before: str, after: str
) -> None:
    end = "\nprint(m.x, sorted(n for n in vars(m) if n[0] != '_'))\n"
    small = project({"m.py": MODULE, "main.py": f"import m\n{before}{end}"})
    was = small.run("main.py").stdout
    assert was
    assert all(f.fix and f.fix.applicability == "safe" for f in small.lint(CODE))
    assert small.fix(CODE)["main.py"] == f"import m\n{after}{end}"
    assert small.run("main.py").stdout == was


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("import pkg.m", "pkg.m"),
        ("import pkg.m as n", "n"),
        ("from pkg import m", "m"),
        ("import string", "string"),
        ("import sys", "sys"),
        ("import os.path", "os.path"),
    ],
)
def test_modules_are_known_however_they_are_imported(
    project: Project, before: str, name: str
) -> None:
    small = project(
        {
            "pkg/__init__.py": "",
            "pkg/m.py": MODULE,
            "main.py": f"{before}\n{name}.__dict__['x'] = 1\n"
            f"def f():\n    {before}\n    vars({name})['x'] = 1\n",
        }
    )
    lines = [line for _, line, _ in small.places(CODE)]
    assert lines == [2, 5]
    assert f"`{name}.x` says the same" in small.messages(CODE)[0]


def test_what_happens_is_named(project: Project) -> None:
    small = project("import string\nstring.__dict__['a'] = 1\ndel string.__dict__['a']\n")
    first, second = small.messages(CODE)
    assert "`string.__dict__['a']` assigns an attribute of the module" in first
    assert "`string.__dict__['a']` deletes an attribute of the module" in second


@pytest.mark.parametrize(
    "statement",
    [
        "m.__dict__['x']",
        "m.__dict__['x'].y = 1",
        "m.__dict__['y'][0] = 1",
        "m.__dict__[name] = 1",
        "m.__dict__[f'x'] = 1",
        "m.__dict__[0] = 1",
        "m.__dict__.update(x=1)",
        "m.C.__dict__['x'] = 1",
        "m.y.__dict__['x'] = 1",
        "globals()['x'] = 1",
        "vars()['x'] = 1",
        "vars(m, m)['x'] = 1",
    ],
)
def test_other_statements_are_left_alone(project: Project, statement: str) -> None:
    files = {"m.py": f"{MODULE}class C: pass\n", "main.py": f"import m\n{statement}\n"}
    assert project(files).lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "import unheard_of as m\nm.__dict__['x'] = 1\n",
        "def f(m): m.__dict__['x'] = 1\n",
        "import m\nm = other(m)\nm.__dict__['x'] = 1\n",
        "try: import m\nexcept ImportError: m = None\nm.__dict__['x'] = 1\n",
        "from m import x as m\nm.__dict__['x'] = 1\n",
        "import m\ndef vars(x): return {}\nvars(m)['x'] = 1\n",
    ],
)
def test_what_may_be_no_module_is_left_alone(project: Project, source: str) -> None:
    found = project({"m.py": MODULE, "main.py": source}).lint(CODE)
    if "None" in source:
        # It is that module, or None, which has no dictionary.
        assert len(found) == 1
    else:
        assert found == []


def test_modules_that_put_something_else_in_their_place_are_left_alone(project: Project) -> None:
    module = "import sys\nsys.modules[__name__] = object()\n"
    assert project({"m.py": module, "main.py": "import m\nvars(m)['x'] = 1\n"}).lint(CODE) == []


@pytest.mark.parametrize(
    "statement",
    [
        "m.__dict__['a-b'] = 1",
        "m.__dict__['class'] = 1",
        "m.__dict__['__class__'] = 1",
        "m.__dict__['ﬁ'] = 1",
        "(m.__dict__[  # why\n'x']) = 1",
        "class C:\n    m.__dict__['__x'] = 1",
        "try: del m.__dict__['x']\nexcept KeyError: pass",
        "try: m.__dict__['x'] += 1\nexcept KeyError: pass",
    ],
)
def test_fix_is_withheld_where_it_would_not_be_the_same(project: Project, statement: str) -> None:
    small = project({"m.py": MODULE, "main.py": f"import m\n{statement}\n"})
    assert [finding.fix for finding in small.lint(CODE)] == [None]


def test_names_that_cannot_be_written_are_set_by_setattr(project: Project) -> None:
    small = project({"m.py": MODULE, "main.py": "import m\nm.__dict__['a-b'] = 1\n"})
    assert "as `setattr` with `m` would" in small.messages(CODE)[0]


def test_a_module_with_getattr_answers_an_augmented_assignment_otherwise(
    project: Project,
) -> None:
    module = "def __getattr__(name): return 1\n"
    source = "import m\nm.__dict__['x'] += 1\nm.__dict__['y'] = 1\n"
    found = project({"m.py": module, "main.py": source}).lint(CODE)
    assert [f.fix and f.fix.applicability for f in found] == ["unsafe", "safe"]


def test_python_2_source_is_looked_at(project: Project) -> None:
    small = project({"m.py": MODULE, "main.py": "import m\nvars(m)['x'] = 1; print m.x\n"})
    assert small.places(CODE) == [("main.py", 2, 1)]
    assert small.fix(CODE)["main.py"] == "import m\nm.x = 1; print m.x\n"


@pytest.mark.parametrize("key", ["__x", "__dict__", "ﬁ", "class"])
def test_a_key_that_the_attribute_would_not_be_is_not_said_to_be_the_same(
    project: Project, key: str
) -> None:
    source = f"import math as mod\n\nclass C:\n    mod.__dict__[{key!r}] = 1\n"
    (finding,) = project(source).lint(CODE)
    assert "as `setattr` with `mod` would" in finding.message
    assert finding.fix is None
