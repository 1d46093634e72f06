"""Environments and packages that are broken: a clear word where it matters, and the run goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_installed_names import World

from pyconcepts_lint.index.installed import LARGEST_INSTALLED

MAIN = "from lib import Base\n\n\nclass Own(Base):\n    pass\n"
LARGE = f"class Base: ...\n# {'x' * LARGEST_INSTALLED}\n"


def shown(root: Path, *options: str) -> str:
    command = [sys.executable, "-m", "pyconcepts_lint", *options, "main.py"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("library", "why"),
    [
        ({"lib.py": LARGE}, "lib.py is not read, for it is larger than 3,000,000 bytes"),
        ({"lib.py": "print 'Python 2'\n"}, "lib.py is not read, for it doesn't parse as Python 3"),
        ({"lib.py": "class Base(\n"}, "lib.py is not read, for it doesn't parse as Python 3"),
        ({"lib.py": "x = '\0'\n"}, "lib.py is not read, for it doesn't parse as Python 3"),
        (
            {"lib/__init__.py": "from .core import Base\n", "lib/core.py": "print 'Python 2'\n"},
            "core.py is not read, for it doesn't parse as Python 3",
        ),
        ({"lib.abi3.so": ""}, "lib is compiled, and there is no stub of it"),
        ({"lib/__init__.py": "", "lib/py.typed": ""}, ""),
        ({"lib-1.0.dist-info/RECORD": "lib.py,,\n"}, ""),
        ({"lib/__init__.py": "from lib import Base\n"}, ""),
        ({"lib/__init__.py": "from .a import Base\n", "lib/a.py": "from . import Base\n"}, ""),
        ({"lib/__init__.py": "from .a import *\n", "lib/a.py": "from . import *\n"}, ""),
    ],
)
def test_what_is_there_and_is_not_read_is_told_of(tmp_path, environment, library, why) -> None:
    environment(library, tmp_path / "project" / ".venv")
    World(tmp_path / "project", {"main.py": MAIN})
    lines = shown(tmp_path / "project", "--show-unresolved").splitlines()
    assert lines[0] == "lib.Base: 1 class"
    assert (lines[1].startswith("  (/") and lines[1].endswith(f"{why})")) is bool(why)
    assert lines[-2 if why else 1].startswith("  main.py:4:1 Own")
    options = ("--show-unresolved", "--output-format", "json")
    [row] = json.loads(shown(tmp_path / "project", *options))["unresolved"]
    assert (row["why"] or "").endswith(why)


def test_50_mb_of_generated_code_cost_no_time(tmp_path: Path, environment) -> None:
    made = environment({"lib.py": ""}, tmp_path / "project" / ".venv")
    with open(made / "lib/python3.11/site-packages/lib.py", "wb") as file:
        file.truncate(50_000_000)
    world = World(tmp_path / "project", {"main.py": MAIN})
    assert world.module().project.class_named(world.module(), "Base") is None
    assert shown(tmp_path / "project", "--select", "PCL1") == ""


def test_the_summary_says_how_many_bases_were_not_found(tmp_path: Path) -> None:
    root = tmp_path / "project"
    text = "from gone import Gone\n" + "".join(f"class C{n}(Gone): ...\n" for n in range(12))
    World(root, {"main.py": text + "".join(f"class P{n}: ...\n" for n in range(4))})
    told = (
        "12 of 16 classes (75 %) have a base that was not found, so less can be said of them; "
        "`--show-unresolved` lists them"
    )
    for options in ([], [], ["--no-cache"], ["--select", "PCL3"]):  # the second time from the cache
        command = [sys.executable, "-m", "pyconcepts_lint", *options, "main.py"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
        assert told in done.stderr, options
    command = [sys.executable, "-m", "pyconcepts_lint", "--output-format", "sarif", "main.py"]
    sarif = json.loads(subprocess.run(command, cwd=root, capture_output=True, text=True).stdout)
    [invocation] = sarif["runs"][0]["invocations"]
    said = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert said == [told.replace("`", "'")]
    # Rules that ask for no bases have nothing to say of them.
    command[-3:] = ["--select", "PCL703", "main.py"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert "have a base" not in done.stderr
