"""PCL901: what no Python parses, in Python's own words."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

BROKEN = {
    "an operator too many": "x = 1\ny = = 2\n",
    "a bracket that is not closed": "x = 1\ny = (2,\nz = 3\n",
    "a bracket that was not opened": "x = 1)\n",
    "a string that is not closed": "x = 1\ny = 'abc\n",
    "a text that is not closed": "x = 1\ny = '''abc\n\n",
    "no block": "def f():\nx = 1\n",
    "no block at the end": "if x:\n",
    "a backslash at the end": "x = 1\ny = \\",
    "an indentation too many": "x = 1\n  y = 2\n",
    "a dedent to nowhere": "if x:\n        y = 1\n    z = 2\n",
    "after characters beyond ASCII": "é = 'ä'; ö ö = 2\n",
    "after tabs": "if x:\n\ty = 1\n\tz z\n",
    "after a form feed": "\x0cx y\n",
    "after carriage returns": "x = 1\ry y\r",
    "after CR LF": "x = 1\r\ny y\r\n",
    "in an f-string": "x = f'{a b}'\n",
    "an unknown character": "x = “a”\n",
    "return outside": "x = 1\nif x:\n    return 3\n",
    "return in a class": "class C:\n    é = 'ä'; return 3\n",
    "nonlocal at module level": "x = 1\nnonlocal x\n",
    "nonlocal of nothing": "def f():\n    nonlocal y\n",
    "nonlocal too late": "def f():\n    y = 1\n    def g():\n        y = 2\n        nonlocal y\n",
    "global too late": "def f():\n    print(x)\n    global x\n",
    "a late future": "import os\nfrom __future__ import annotations\n",
    "a starred target": "* a = 1\n",
}


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_message_and_place_are_what_python_says_when_it_runs_the_file(
    project: Project, code: str
) -> None:
    p = project({"main.py": code.encode()})
    [(_, line, column)] = p.places("PCL901")
    [message] = p.messages("PCL901")
    done = p.run("main.py")
    assert done.stderr.splitlines()[-1] == message
    said = re.findall(r'File ".*main\.py", line (\d+)', done.stderr)
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # Python may name the line behind the last one.
    assert line == min(int(said[-1]), len(lines))
    assert 1 <= column <= len(lines[line - 1]) + 1


def test_what_python_2_reads_is_not_an_error(project: Project) -> None:
    p = project("print 'a', `b`\nraise E, 'v'\n")
    assert p.lint("PCL901") == []
    assert len(p.lint("PCL902")) == 3


def test_names_that_python_3_reserves_are_not_reported_twice(project: Project) -> None:
    p = project("async = 1\nprint async\n")
    assert p.lint("PCL901") == []
    assert p.lint("PCL902")


def test_a_mixture_of_python_2_and_3_is_an_error(project: Project) -> None:
    p = project("print 'a'\nx: int = 1\n")
    assert [finding.code for finding in p.lint("PCL901", "PCL902")] == ["PCL901"]


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"x = 1\ny = '\xe9'\n", 2, 6, "the byte 0xE9 is not UTF-8"),
        (b"# coding: ascii\nx = '\xc3\xa9'\n", 2, 6, "the byte 0xC3 is not ascii"),
        (b"# coding: klingon\n", 1, 1, "unknown encoding: klingon"),
        (b"x = 1\n\0", 2, 1, "the file contains a NUL byte"),
    ],
)
def test_what_can_not_be_decoded_is_said_at_its_place(
    project: Project, data: bytes, line: int, column: int, words: str
) -> None:
    p = project({"main.py": data})
    assert p.places("PCL901") == [("main.py", line, column)]
    assert words in p.messages("PCL901")[0]
    # Up to 3.11.3, CPython ended a file that it ran at the first NUL (cpython issue 96670).
    if "NUL" not in words or sys.version_info >= (3, 11, 4):
        assert p.run("main.py").returncode == 1


def test_comments_silence_it_where_the_file_has_no_tokens(project: Project) -> None:
    p = project(
        {
            "a.py": "x = = 1  # noqa\n",
            "b.py": "x = = 1  # noqa: PCL901\n",
            "c.py": "x = = 1  # noqa: PCL1\n",
            "d.py": "x = 1\ny = '''  # noqa: PCL901\n",
            "e.py": "# flake8: noqa\ny = (\n",
            "f.py": "x = 1  # noqa\ny = (\n",
            "g.py": b"x = '\xe9'  # noqa\n",
            "h.py": b"x = '\xe9'\n",
            "i.py": b"# flake8: noqa\nx = '\xe9'\n",
            "j.py": "import .x  # noqa\n",
        }
    )
    assert [path for path, _, _ in p.places("PCL901")] == ["c.py", "f.py", "h.py"]


# import .x


def test_import_with_dots_is_explained_and_mended(project: Project) -> None:
    p = project(
        {
            "shop/__init__.py": "import .prices\n",
            "shop/prices.py": "APPLE = 3\n",
            "shop/sub/__init__.py": "",
            "shop/sub/main.py": """\
                import ..prices; import .tool as t  # both
                import .tool, .other
                from . import tool
                print(prices.APPLE, t is tool, other.NAME)
                """,
            "shop/sub/tool.py": "",
            "shop/sub/other.py": "NAME = 'other'\n",
        }
    )
    assert p.places("PCL901") == [
        ("shop/__init__.py", 1, 1),
        ("shop/sub/main.py", 1, 1),
        ("shop/sub/main.py", 1, 18),
        ("shop/sub/main.py", 2, 1),
    ]
    assert all(message.startswith("`import .") for message in p.messages("PCL901"))
    texts = p.fix("PCL901")
    assert texts["shop/__init__.py"] == "from . import prices\n"
    assert texts["shop/sub/main.py"].splitlines()[:2] == [
        "from .. import prices; from . import tool as t  # both",
        "from . import tool, other",
    ]
    assert p.run_module("shop.sub.main").stdout == "3 True other\n"


def test_a_name_that_is_not_clear_gets_no_fix(project: Project) -> None:
    p = project({"pkg/__init__.py": "", "pkg/a.py": "import .b.c\n"})
    [finding] = p.lint("PCL901")
    assert finding.fix is None


def test_what_else_is_wrong_is_said_when_the_imports_are_right(project: Project) -> None:
    p = project("import .x\ny = = 1\n")
    assert p.places("PCL901") == [("main.py", 1, 1)]
    p.fix("PCL901")
    assert p.places("PCL901") == [("main.py", 2, 5)]


def test_what_is_wrong_before_an_import_is_said_alone(project: Project) -> None:
    # Behind the first error, what looks like code may be anything.
    p = project("y = = 1\nimport .x\n")
    assert p.places("PCL901") == [("main.py", 1, 5)]


@pytest.mark.parametrize(
    "code",
    [
        "text = '''\nimport .x\n'''\n",
        "# import .x\n",
        "text = 'import .x'\n",
        "from . import x\nfrom .import x\n",
    ],
)
def test_what_only_looks_like_it_is_silent(project: Project, code: str) -> None:
    assert project(code).lint("PCL901") == []


def test_text_that_a_missing_quote_lays_bare_is_not_taken_for_code(project: Project) -> None:
    p = project('x = """a\n"""b""\n"""\nimport .x\n"""\n')
    assert all("import" not in message for message in p.messages("PCL901"))


def test_in_python_2_source_only_the_import_is_wrong(project: Project) -> None:
    p = project({"pkg/__init__.py": "", "pkg/a.py": "import .b\nprint b\n"})
    assert p.places("PCL901") == [("pkg/a.py", 1, 1)]
    assert p.fix("PCL901")["pkg/a.py"] == "from . import b\nprint b\n"
    assert p.lint("PCL901") == []
