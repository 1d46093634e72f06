"""Python 2 source that says something about itself: encoding, features, interpreter, noqa."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]


def codes(project: Make, text: str | bytes) -> list[tuple[str, int]]:
    small = project({"main.py": text})
    return [(finding.code, finding.line) for finding in small.lint()]


def fixed_bytes(project: Make, data: bytes) -> bytes:
    small = project({"main.py": data})
    small.report(fix=True)
    result: bytes = (small.root / "main.py").read_bytes()
    return result


# Features


def test_print_function_makes_calls_of_calls(project: Make) -> None:
    head = "from __future__ import print_function\n"
    assert codes(project, head + "print('a', end='')\nx = 0777\n") == [("PCL902", 3)]
    assert codes(project, head + "print(1, 2)\nshow = print\nx = `1`\n") == [("PCL902", 4)]
    # With the feature, a statement is no Python at all.
    assert [code for code, _ in codes(project, head + "print 'a'\nx = 0777\n")] == ["PCL901"]
    # Without it, the call is a statement that prints a tuple.
    fixed = fixed_bytes(project, b"print('a', 1)\nx = 0777\n")
    assert fixed == b"print(('a', 1))\nx = 0o777\n"
    fixed = fixed_bytes(project, head.encode() + b"print('a', 1)\nx = 0777\n")
    assert fixed == head.encode() + b"print('a', 1)\nx = 0o777\n"


def test_unicode_literals_say_which_escapes_there_are(project: Make) -> None:
    plain = b"print '\\u0041', u'\\u0041'\n"
    assert fixed_bytes(project, plain) == b"print('\\\\u0041', u'\\u0041')\n"
    head = b"from __future__ import unicode_literals\n"
    assert fixed_bytes(project, head + plain) == head + b"print('\\u0041', u'\\u0041')\n"


@pytest.mark.parametrize(
    "feature", ["division", "with_statement", "absolute_import", "generators", "nested_scopes"]
)
def test_other_features_stay_and_change_nothing_else(project: Make, feature: str) -> None:
    head = f"from __future__ import {feature}\n"
    assert fixed_bytes(project, f"{head}print 1 / 2\n".encode()) == f"{head}print(1 / 2)\n".encode()


def test_features_of_python3_are_none_of_python2s(project: Make) -> None:
    assert codes(project, "from __future__ import annotations\nprint 1\n") == [("PCL901", 2)]


# Encoding and interpreter


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("latin-1", "# -*- coding: latin-1 -*-"),
        ("koi8-r", "# vim: set fileencoding=koi8-r :"),
        ("utf-8", "#!/usr/bin/python2\n# coding=utf-8"),
        ("cp1252", "#!/usr/bin/env python2.7\n# -*- coding: windows-1252 -*-"),
        ("utf-8-sig", "# Nothing about the encoding, but there is a mark."),
        ("euc-jp", "# coding: euc-jp"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_encoding_stays_and_so_do_all_other_bytes(
    project: Make, encoding: str, line: str, newline: str
) -> None:
    word = {"koi8-r": "привет", "euc-jp": "日本"}.get(encoding, "größer")
    before = f"{line}\nname = u'{word}'  # {word}\nprint '{word}', `1`  # {word}\n"
    after = before.replace("print '", "print('").replace(", `1`", ", repr(1))")
    data = before.replace("\n", newline).encode(encoding)
    assert fixed_bytes(project, data) == after.replace("\n", newline).encode(encoding)


def test_places_count_characters_whatever_the_encoding(project: Make) -> None:
    for encoding in ("latin-1", "utf-8"):
        text = f"# coding: {encoding}\nprint 'größer', {{}}.iteritems(), `1`\n"
        small = project({"main.py": text.encode(encoding)})
        assert small.places("PCL701") == [("main.py", 2, 17)]
        assert small.places("PCL902") == [("main.py", 2, 1), ("main.py", 2, 33)]


def test_the_line_that_names_the_interpreter_stays(project: Make) -> None:
    for shebang in ("#!/usr/bin/python2", "#!/usr/bin/env python2.7 -tt", "#!python"):
        small = project({"main.py": f"{shebang}\nprint 'a'\n"})
        path = small.root / "main.py"
        path.chmod(0o755)
        small.report(fix=True)
        assert path.read_text() == f"{shebang}\nprint('a')\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_noqa_works_on_its_line(project: Make) -> None:
    source = """\
        print 1  # noqa
        print 2  # noqa: PCL902
        print 3  # noqa: PCL701
        for k in d.iteritems(): print k  # noqa: PCL701
        print '''
        ''', d.itervalues()  # noqa: PCL7
        d.iterkeys(), `4`  # noqa:PCL902, PCL701
        d.iterkeys(), `4`
        """
    source = "        d = {}\n" + source
    assert codes(project, source) == [
        *(("PCL902", 4), ("PCL905", 4), ("PCL902", 5), ("PCL902", 6)),
        *(("PCL701", 9), ("PCL902", 9)),
    ]


def test_noqa_of_one_construct_keeps_the_syntax_of_the_file(project: Make) -> None:
    source = "print 1\nprint 2  # noqa: PCL902\nfor k in {}.iteritems(): pass\n"
    small = project(source)
    assert small.fix()["main.py"] == source.replace("iteritems", "items")


def test_noqa_of_the_whole_file(project: Make) -> None:
    assert codes(project, "# flake8: noqa\nprint 1\n{}.iteritems()\n") == []


# With and without the fix


MIXED = """\
# -*- coding: utf-8 -*-
class Größe(object):
    limit = 1
    def grow(self, (é, b), d):
        self.limit += 1; print 'größer', d.iteritems().next(),
        if é <> b: raise ValueError, "größer"
        return `é`, d.viewkeys
"""


def test_findings_after_the_fix_are_those_of_the_fixed_file(project: Make) -> None:
    text = MIXED.replace("Größe", "Size").replace("é", "e")
    small = project(text)
    before = {(f.code, f.line, f.column) for f in small.lint("PCL1", "PCL7", "PCL9")}
    assert {("PCL103", 5, 9), ("PCL701", 5, 42), ("PCL902", 5, 26), ("PCL701", 7, 21)} <= before
    left = small.report("PCL1", "PCL7", "PCL9", fix=True, write=False).findings
    written = small.report("PCL1", "PCL7", "PCL9", fix=True).findings
    assert left == written == small.report("PCL1", "PCL7", "PCL9").findings
    assert {finding.code for finding in left} == {"PCL103", "PCL701"}
    lines = (small.root / "main.py").read_text().splitlines()
    for finding in left:
        assert finding.code == "PCL103" or lines[finding.line - 1][finding.column - 1 :].startswith(
            "d.viewkeys"
        )


def command(root: Path, *arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pyconcepts_lint", "--no-cache", *arguments],
        cwd=root,
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_standard_input_is_read_and_fixed(project: Make) -> None:
    small = project(MIXED.replace("Größe", "Size").replace("é", "e"))
    text = (small.root / "main.py").read_text(encoding="utf-8")
    arguments = ("--output-format", "concise", "--stdin-filename", "main.py", "-")
    assert (
        command(small.root, *arguments, given=text).stdout
        == command(small.root, "--output-format", "concise", "main.py", given="").stdout
    )
    fixed = command(small.root, "--fix", "--stdin-filename", "main.py", "-", given=text)
    small.report(fix=True)
    assert fixed.stdout == (small.root / "main.py").read_text(encoding="utf-8")
    assert "print(" in fixed.stdout


def test_diff_is_what_the_fix_does(project: Make) -> None:
    small = project("print 'a'\nx = {}.iterkeys()\n")
    shown = command(small.root, "--diff", "main.py", given="").stdout
    assert [
        line for line in shown.splitlines() if line[0] in "+-" and line[:3] not in "+++---"
    ] == [
        *("-print 'a'", "-x = {}.iterkeys()", "+print('a')", "+x = iter({}.keys())"),
    ]
