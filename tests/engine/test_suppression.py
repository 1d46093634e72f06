"""`# noqa` suppresses what it suppresses in flake8, whose own functions are asked."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import pytest
from flake8.processor import FileProcessor
from flake8.violation import Violation
from hypothesis import given
from hypothesis import strategies as st

from pyconcepts_lint.source.noqa import Noqa, Suppressions
from pyconcepts_lint.source.text import Source

OPTIONS = argparse.Namespace(
    hang_closing=False,
    indent_size=4,
    max_line_length=79,
    max_doc_length=None,
    verbose=0,
    stdin_display_name="stdin",
    disable_noqa=False,
)
CODES = ["PCL101", "PCL2", "E501", "X1"]


def flake8_suppresses(file: Path, places: list[tuple[int, str]]) -> list[bool]:
    """What flake8 leaves out of findings at these lines, with these codes."""
    processor = FileProcessor(str(file), OPTIONS)
    whole_file = processor.should_ignore_file()
    return [
        whole_file
        or Violation(
            code, str(file), line, 1, "text", processor.noqa_line_for(line)
        ).is_inline_ignored(disable_noqa=False)
        for line, code in places
    ]


def agrees(directory: Path, text: str) -> None:
    # A name of its own for each text: flake8 reads through a cache of lines by name.
    file = directory / f"m{abs(hash(text))}.py"
    file.write_bytes(text.encode())
    suppressions = Suppressions(Source.read(str(file)))
    places = [(line, code) for line in range(text.count("\n") + 3) for code in CODES]
    ours = [suppressions.suppresses(*place) for place in places]
    assert ours == flake8_suppresses(file, places), text


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "#  noqa",
        "# NoQA",
        "# noqa ",
        "# noqa:",
        "# noqa: PCL101",
        "# noqa:PCL101",
        "# noqa:  PCL101",
        "# noqa : PCL101",
        "# noqa: PCL",
        "# noqa: PCL1",
        "# noqa: pcl101",
        "# noqa: PCL2, E501",
        "# noqa: PCL101 E501 because of it",
        "# noqa: PCL101,,PCL2",
        "# noqa: PCL101PCL2",
        "# noqa: because PCL101",
        "# noqa:PCL2:E501",
        "# noqa-PCL101",
        "# noqa: PCL101 # noqa: E501",
        "# noqa: E501 # noqa",
        "# type: ignore # noqa: PCL101",
        "# NOQA: PCL2\u00a0, E501",
        "# noqa: \u017f1",
        "# flake8: noqa",
        "# flake8=NOQA",
        "# flake8: noqa: PCL101",
        "# flake8:\u2003noqax",
        "# fla\u212ae8: noqa",
        "# Flake8 : noqa",
    ],
)
@pytest.mark.parametrize(
    "template",
    [
        "x = 1  {}\ny = 2\n",
        "    {}\nx = 1\n",
        "x = 1  {}",
        "x = '''{}\n'''\n",
        "x = '''\nX1 = 2\n'''  {}\ny = 3\n",
        "x = 1 + \\\n    2  {}\nX1 = 3\n",
        "x = (\n    1,  {}\n    2,\n)\n",
        "x = (\n    '''\n    '''  {}\n    , 2,\n)\n",
        "def f():\n    '''\n    {}\n    '''\n    return 1\n",
        "if x:\n    pass  {}\n\n\x0c\ny = 1\n",
        "x = (\n  1  {}\n",
        "x = 1  {}\n  y = 2\n",
        "x = $ ?  {}\n",
        "\tx = 1\n        y = 2  {}\n",
    ],
)
def test_every_form_means_what_it_means_in_flake8(
    tmp_path: Path, template: str, comment: str
) -> None:
    agrees(tmp_path, template.format(comment))


PIECES = [
    *("x = 1", "f(", ")", "'''", '"""', "\\", "if x:", "    y", "\t", "'", "\x0c", "\u2028", "$"),
    *("# noqa", "# noqa: PCL101", "# noqa:E501,PCL", "  # noqa: X1", "# flake8: noqa", "# a", "X1"),
    *("\n", "\n", "\n", "\n", "\r\n", "\r"),
]


@pytest.mark.parametrize("seed", range(250))
def test_any_text_means_what_it_means_in_flake8(tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)
    agrees(tmp_path, "".join(pick.choices(PIECES, k=pick.randint(1, 25))))


def directives(text: str) -> tuple[Noqa, ...]:
    return Suppressions(Source.from_text(text, "m.py")).directives


def test_directives_have_their_places() -> None:
    text = "x = 1\r\ny = '''\r\né'''  # noqa: PCL1,  E501 # more\r\nz = 1  # noqa\r\n"
    named, blanket = directives(text)
    lines = text.split("\r\n")
    assert (named.line, named.column) == (3, lines[2].index("#") + 1)
    assert named.lines == range(2, 4)
    assert named.in_comment
    for code, expected in zip(named.codes, ("PCL1", "E501"), strict=True):
        assert code.code == expected
        assert lines[code.line - 1][code.column - 1 : code.end_column - 1] == expected
    assert (blanket.line, blanket.column, blanket.codes) == (4, 8, ())
    assert blanket.lines == range(4, 5)


def test_a_directive_in_a_string_is_none_in_a_comment() -> None:
    inside, after = directives("x = '# noqa: A1'  # noqa: B1\ny = 1  # noqa: C1\n")
    assert not inside.in_comment
    assert [code.code for code in inside.codes] == ["A1"]
    assert after.in_comment
    (broken,) = directives("x = (  # noqa: A1\n")
    assert not broken.in_comment


def test_a_whole_file_is_told() -> None:
    assert Suppressions(Source.from_text("x = 1\n  # flake8: noqa\n", "m.py")).whole_file
    assert not Suppressions(Source.from_text("x = 1  # flake8: noqa\n", "m.py")).whole_file


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    source = Source.from_text(text.replace("\0", "").encode("utf-8", "replace").decode(), "m.py")
    suppressions = Suppressions(source)
    assert not suppressions.suppresses(1, "PCL101") or "noqa" in text.lower()


def test_text_without_the_word_is_not_tokenized(monkeypatch: pytest.MonkeyPatch) -> None:
    import tokenize

    monkeypatch.setattr(tokenize, "generate_tokens", lambda readline: pytest.fail("tokenized"))
    plain = Suppressions(Source.from_text("x = 1  # nothing\n", "m.py"))
    assert not plain.suppresses(1, "PCL101")
    assert plain.directives == ()
    whole = Suppressions(Source.from_text("# flake8: noqa\n", "m.py"))
    assert whole.suppresses(7, "PCL101")


# Names of rules

NAMES = {"dict-has-key": "PCL704", "python2-syntax": "PCL902", "import-cycle": "PCL209"}


def named(comment: str) -> Noqa:
    source = Source.from_text(f"x = 1  {comment}\n", "m.py")
    (found,) = Suppressions(source, lambda: NAMES).directives
    return found


@pytest.mark.parametrize(
    ("comment", "codes", "unknown"),
    [
        ("# noqa: dict-has-key", ["PCL704"], []),
        ("# noqa:dict-has-key", ["PCL704"], []),
        ("# NOQA: Dict-Has-Key, import-cycle", ["PCL704", "PCL209"], []),
        ("# noqa: python2-syntax", ["PCL902"], []),
        ("# noqa: E501, dict-has-key PCL1", ["E501", "PCL704", "PCL1"], []),
        ("# noqa: PCL1 python2-syntax", ["PCL1", "PCL902"], []),
        ("# noqa: dict-has-key because of this", ["PCL704"], []),
        ("# noqa: dict-has-key  # type: ignore", ["PCL704"], []),
        ("# noqa: PCL1 well-known", ["PCL1"], ["well-known"]),
        ("# noqa: PCL1 well-known reason", ["PCL1"], []),
        ("# noqa: dict-haskey", [], ["dict-haskey"]),
        ("# noqa: dict-haskey, PCL1, import-cycle", ["PCL209"], ["dict-haskey", "PCL1"]),
        ("# noqa: re-raised below", [], []),
        ("# noqa: this is dict-has-key", [], []),
        ("# noqa : dict-has-key", [], []),
        ("# noqa", [], []),
    ],
)
def test_names_stand_for_codes(comment: str, codes: list[str], unknown: list[str]) -> None:
    found = named(comment)
    assert [each.means for each in found.codes] == codes
    assert [each.code for each in found.unknown] == unknown
    for each in (*found.codes, *found.unknown):
        assert f"x = 1  {comment}"[each.column - 1 : each.end_column - 1] == each.code


def test_names_hold_for_their_own_codes_only() -> None:
    assert named("# noqa: dict-has-key").covers("PCL704")
    assert not named("# noqa: dict-has-key").covers("PCL209")
    assert named("# noqa: dict-haskey").covers("PCL209")


# Comments for lines and blocks

BLOCKS = """\
a = 1
class C:
    b = 1  # pyconcepts-lint: disable=PCL1, import-cycle -- this line
    c = 1
    # pyconcepts-lint: disable=PCL
    def f(self):
        d = (
    1)
        # pyconcepts-lint: enable=PCL2
        e = 1
        if e:
            # pyconcepts-lint: disable=all
            g = 1
        h = '''
'''  # pyconcepts-lint: disable=PCL2
    i = '# pyconcepts-lint: enable=PCL'
    j = 1
k = 1
"""


def test_a_block_goes_on_to_its_end_or_to_an_enable() -> None:
    suppressions = Suppressions(Source.from_text(BLOCKS, "m.py"), lambda: NAMES)
    lines = BLOCKS.splitlines()

    def disabled(code: str) -> str:
        numbers = (n for n in range(1, len(lines) + 1) if suppressions.suppresses(n, code))
        return "".join(lines[n - 1].strip()[0] for n in numbers if " = " in lines[n - 1][:20])

    assert disabled("PCL101") == "bdeghij"
    assert disabled("PCL209") == "bdghij"
    assert disabled("PCL201") == "dghij"
    assert disabled("E501") == "g"
    assert not suppressions.suppresses(len(lines) + 9, "PCL101")


@pytest.mark.parametrize(
    "comment", ["disable", "disable=", "enable = ", "disable PCL1", "disable: PCL1"]
)
def test_a_comment_without_codes_does_nothing_and_is_known(comment: str) -> None:
    source = Source.from_text(f"# pyconcepts-lint: {comment}\nx = 1\n", "m.py")
    suppressions = Suppressions(source)
    assert not suppressions.suppresses(2, "PCL101")
    assert [block.codes for block in suppressions.blocks] == [()]


@given(st.lists(st.sampled_from(["disable=PCL1", "enable=PCL1", "disable=all", "x"]), max_size=9))
def test_the_last_comment_counts(words: list[str]) -> None:
    text = "".join(f"# pyconcepts-lint: {word}\nx = 1\n" for word in words)
    suppressions = Suppressions(Source.from_text(text, "m.py"))
    is_disabled = False
    for number, word in enumerate(words):
        is_disabled = {"d": True, "e": False, "x": is_disabled}[word[0]]
        assert suppressions.suppresses(number * 2 + 2, "PCL101") is is_disabled
