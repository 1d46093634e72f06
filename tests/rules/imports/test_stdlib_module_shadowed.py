"""PCL208: top-level modules with names of the standard library."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL208"
Make = Callable[..., Any]
WHO = "import {name}; print(getattr({name}, '__file__', ''))"


@pytest.mark.parametrize("name", ["calendar", "secrets", "queue", "json", "signal", "random"])
@pytest.mark.parametrize("is_package", [False, True])
def test_run_from_there_the_own_module_wins_even_in_the_standard_library(
    project: Make, name: str, is_package: bool
) -> None:
    path = f"{name}/__init__.py" if is_package else f"{name}.py"
    small = project({path: "\n", "main.py": WHO.format(name=name)})
    ((where, line, column),) = small.places(CODE)
    assert (where, line, column) == (path, 1, 1)
    assert "what is run from this directory gets this one" in small.messages(CODE)[0]
    assert small.run("main.py").stdout.strip() == str(small.root / path)
    # Behind the standard library nobody finds it.
    code = f"import sys; sys.path.append({str(small.root)!r}); {WHO.format(name=name)}"
    ran = subprocess.run([sys.executable, "-Ic", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() != str(small.root / path)


@pytest.mark.parametrize(
    "name",
    [
        *("abc", "atexit", "builtins", "codecs", "encodings", "errno", "faulthandler", "gc", "io"),
        *("itertools", "marshal", "os", "site", "stat", "sys", "time"),
    ],
)
def test_built_in_and_loaded_ones_are_never_replaced(project: Make, name: str) -> None:
    small = project({f"{name}.py": "raise SystemExit('here')\n", "main.py": WHO.format(name=name)})
    (message,) = small.messages(CODE)
    assert f"`import {name}` never finds this module" in message
    ran = small.run("main.py")
    assert ran.returncode == 0
    assert str(small.root) not in ran.stdout


def test_beside_a_script(project: Make) -> None:
    small = project({"tools/random.py": "", "tools/run.py": "if __name__ == '__main__': pass\n"})
    assert small.places(CODE) == [("tools/random.py", 1, 1)]
    small = project({"tools/random.py": "#!/usr/bin/env python\n"})
    assert small.places(CODE) == [("tools/random.py", 1, 1)]


def test_in_src(project: Make) -> None:
    assert project({"src/queue.py": ""}).places(CODE) == [("src/queue.py", 1, 1)]


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/__init__.py": "", "pkg/calendar.py": ""},
        {"pkg/__init__.py": "", "pkg/json/__init__.py": "", "pkg/json/code.py": "#!/bin/sh\n"},
        {"data/calendar.py": "", "data/other.py": ""},
        {"test/__init__.py": "", "this.py": "", "_thread.py": "", "calendars.py": ""},
        {"calendar.pyi": ""},
        {"json/part.py": ""},  # a namespace package gives way to any module
        {"os.py": "", "site.py": "", "calendar.py": "", "abc.py": ""},
    ],
)
def test_what_is_left_alone(project: Make, files: dict[str, str]) -> None:
    assert project(files).lint(CODE) == []


@pytest.mark.parametrize(("minimum", "is_there"), [("3.11", True), ("3.12", False)])
def test_what_supported_versions_have_counts(project: Make, minimum: str, is_there: bool) -> None:
    small = project({"asyncore.py": ""})
    with (small.root / "pyproject.toml").open("a") as file:
        file.write(f'[project]\nname = "x"\nrequires-python = ">={minimum}"\n')
    assert [("up to 3.11" in m) for m in small.messages(CODE)] == [True] * is_there


def test_python_2_source(project: Make) -> None:
    assert project({"queue.py": "print 1\n"}).places(CODE) == [("queue.py", 1, 1)]


def test_a_module_that_nothing_imports_is_run_from_its_directory(project: Make) -> None:
    check = "import json\n\nprint(json.loads('[1]'))\n"
    small = project({"parsers/json.py": "def dump(x): return x\n", "parsers/check.py": check})
    assert "AttributeError" in small.run("parsers/check.py").stderr
    assert small.places(CODE) == [("parsers/json.py", 1, 1)]
    small.write({"main.py": "from parsers import check\n"})
    assert small.run("main.py").stdout == "[1]\n"
    assert small.places(CODE) == []
    small.write({"main.py": "", "parsers/check.py": "print(1)\n"})
    assert small.places(CODE) == []
