"""Python 2 source with names that Python 3 reserves: other rules look at it all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]

SOURCE = """\
class Channel:
    async = False
    nonlocal = []

    def open(self, d):
        self.async = True
        for k in d.iteritems(): print k,
"""


def test_findings_and_fixes_are_those_of_the_file(project: Make) -> None:
    made = project(SOURCE)
    assert made.places("PCL102", "PCL701") == [("main.py", 6, 9), ("main.py", 7, 18)]
    (message, _) = made.messages("PCL102", "PCL701")
    assert "`Channel.async`" in message
    assert message.replace("…", "").isascii()
    assert made.fix("PCL102", "PCL701", unsafe=True)["main.py"] == SOURCE.replace(
        "self.async = True", "Channel.async = True"
    ).replace("iteritems", "items")


def test_the_syntax_stays_python2s_as_a_whole(project: Make) -> None:
    made = project(SOURCE)
    (first, second, third, printed) = made.lint("PCL902")
    assert [finding.fix for finding in (first, second, third)] == [None] * 3
    assert printed.fix is not None
    for unsafe in (False, True):
        assert made.fix("PCL902", unsafe=unsafe)["main.py"] == SOURCE


def test_other_modules_know_its_classes(project: Make) -> None:
    user = "from main import Channel\n\n\nclass Fast(Channel):\n    def open(self):\n        self.{} = 1\n"
    more = SOURCE.replace("    async = False\n", "    async = False\n    limit = 3\n")
    made = project({"main.py": more, "user.py": user.format("limit")})
    assert ("user.py", 6, 9) in made.places("PCL102")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_cached_reading_is_the_same(project: Make, newline: str) -> None:
    from pyconcepts_lint.testing import lint_paths as run

    made = project({"main.py": SOURCE.replace("\n", newline).encode()})
    first = run([str(made.root)], jobs=1)
    again = run([str(made.root)], jobs=1)
    assert first.findings == again.findings
    assert first.findings
