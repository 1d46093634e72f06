"""Long runs of what patterns repeat take no longer than their length says."""

from __future__ import annotations

import time

from pyconcepts_lint.parsing.python2.literals import Literal
from pyconcepts_lint.source.noqa import Suppressions
from pyconcepts_lint.source.text import Source


def test_thousands_of_codes_behind_a_noqa_take_no_time() -> None:
    count = 28_000
    text = "x = 1\ny = 2  # noqa: " + ", ".join(f"E{number}" for number in range(count)) + "\n"
    started = time.process_time()
    (directive,) = Suppressions(Source.from_text(text, "/a.py")).directives
    assert time.process_time() - started < 5
    assert len(directive.codes) == count
    last = directive.codes[-1]
    assert text.split("\n")[last.line - 1][last.column - 1 : last.end_column - 1] == f"E{count - 1}"


def test_thousands_of_backslashes_in_a_literal_take_no_time() -> None:
    started = time.process_time()
    for slashes, is_escape in (("\\" * 200_000, False), ("\\" * 200_001, True)):
        raw = Literal(f"ur'{slashes}u0041'", False, "utf-8").raw_unicode()
        assert raw is not None
        assert raw.startswith("u'") is is_escape
        Literal(f"'{slashes[:200_000]}x'", False, "utf-8").escaped()
        doubled = Literal(f"'{slashes}u0041'", False, "utf-8").escaped()
        assert (doubled == f"'{slashes}\\u0041'") is is_escape
    assert time.process_time() - started < 5
