"""What is told to be a comment or a string literal is what Python's tokenizer says it is."""

from __future__ import annotations

import ast
import io
import sys
import sysconfig
import tokenize
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyconcepts_lint.source.literals import Literals

JOINS = "\\\r\n"
ODD = r'''
a = "it's" 'say "no"' # it's "over"
b = r"\"" + 'a\'b' + """x"y""z\"""" + \'\'\'it's''d\'\'\' + b"#" + rb'\
' + "\
"
'''.replace(r"\'\'\'", "'''")


def told(text: str, sections: Sequence[int] = ()) -> list[bool]:
    """For each character but backslashes and line ends, which may join lines."""
    literals = Literals(text, sections)
    return [literals.hold(offset) for offset, one in enumerate(text) if one not in JOINS]


def tokenized(text: str) -> list[bool]:
    starts = [0]
    for line in io.StringIO(text, newline=""):
        starts.append(starts[-1] + len(line))
    found = [False] * len(text)
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            start = starts[token.start[0] - 1] + token.start[1]
            end = starts[token.end[0] - 1] + token.end[1]
            quote = len(token.string) - len(token.string.lstrip("rRbBuUfF"))
            if not {"f", "F"} & set(token.string[:quote]):
                found[start + quote : end] = [True] * (end - start - quote)
    return [is_none for is_none, one in zip(found, text, strict=True) if one not in JOINS]


def test_they_are_what_the_tokenizer_says() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    texts = [ODD, *(path.read_text("utf-8") for path in sorted(library.glob("[a-g]*.py")))]
    for text in texts:
        wanted = tokenized(text)
        found = told(text)
        if sys.version_info < (3, 12):
            assert found == wanted
        else:
            assert not any(f and not w for f, w in zip(found, wanted, strict=True))


def test_sections_that_start_where_statements_do_make_no_difference() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    for text in [ODD, *(path.read_text("utf-8") for path in sorted(library.glob("[a-d]*.py")))]:
        lines = text.splitlines(keepends=True)
        starts = [sum(map(len, lines[: node.lineno - 1])) for node in ast.parse(text).body]
        by_section = told(text, starts)
        assert Literals(text, starts).hold(len(text)) == Literals(text).hold(len(text))
        if sys.version_info < (3, 12):
            assert by_section == told(text)
        else:
            wanted = tokenized(text)
            assert not any(f and not w for f, w in zip(by_section, wanted, strict=True))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_backslash_goes_on_over_any_line_end(line_end: str) -> None:
    text = ODD.replace("\n", line_end)
    assert told(text) == tokenized(text)


@pytest.mark.parametrize("prefix", ["f", "F", "rf", "Rf", "fr", "fR"])
def test_what_is_in_an_f_string_counts_as_code(prefix: str) -> None:
    text = f'{prefix}"{{dir(x)}}" + "dir(x)"\n'
    assert not Literals(text).hold(text.index("dir"))
    if sys.version_info < (3, 12):
        assert Literals(text).hold(text.rindex("dir"))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 701 is Python 3.12's")
def test_nested_quotes_hide_no_code() -> None:
    text = """f"{'"'}" + dir(x) + f"{'"'}"\n"""
    assert not Literals(text).hold(text.index("dir"))
