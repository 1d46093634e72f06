"""What is read without argparse is read as argparse reads it."""

from __future__ import annotations

import itertools
import shlex

import pytest

from pyconcepts_lint.base.request import Options
from pyconcepts_lint.frontends.cli import UsageError, parser
from pyconcepts_lint.frontends.options import GROUPS, read_plainly

PLAIN = [
    "",
    ".",
    "a.py b.py",
    "-",
    "--no-cache --isolated small.py",
    "--select ALL small.py -q",
    "small.py --select PCL1,PCL2 --select PCL3 --ignore PCL101",
    "--fix --unsafe-fixes --diff src tests",
    "-j 4 -o report.txt --output-format sarif",
    "--jobs auto --color always",
    "--baseline a.json --no-baseline",
    "--no-baseline --baseline a.json",
    "--output-file - x",
    "--exclude build,dist --extend-exclude 'a b' --force-exclude",
    "--per-file-ignores 'tests/*:PCL1,PCL202 docs/*:PCL'",
    "--explain PCL103 --list-rules",
    "--stdin-filename a.py -",
    "--select '' ''",
]
ODD = [
    "--output-format=json",
    "-j4",
    "-qj4",
    "-- -x.py",
    "--help",
    "-V",
    "a.py -q b.py",
    "--selec PCL1",
    "--select",
    "--select --fix",
    "--jobs none",
    "--jobs -1",
    "--color sometimes",
    "--per-file-ignores PCL1",
    "--cache-dir -x",
    "-x",
]


@pytest.mark.parametrize("line", PLAIN)
def test_plain_arguments_mean_the_same(line: str) -> None:
    arguments = shlex.split(line)
    options = read_plainly(arguments)
    assert options is not None
    assert vars(options) == vars(parser().parse_args(arguments, Options()))


@pytest.mark.parametrize("line", ODD)
def test_the_parser_is_asked_for_the_rest(line: str) -> None:
    assert read_plainly(shlex.split(line)) is None


def test_every_pair_of_arguments_means_the_same_or_is_left_to_the_parser() -> None:
    words = [
        "a.py",
        "-",
        "",
        "auto",
        "--",
        "-q",
        *(f for g in GROUPS for o in g.options for f in o.flags),
    ]
    words = [word for word in words if word not in ("paths", "--help", "-h", "--version", "-V")]
    whole = parser()
    read = 0
    for arguments in itertools.chain(
        itertools.product(words, words), zip(words, words, words[1:], strict=False)
    ):
        options = read_plainly(arguments)
        if options is not None:
            read += 1
            try:
                assert vars(options) == vars(whole.parse_args(list(arguments), Options()))
            except UsageError as error:
                pytest.fail(f"{arguments}: {error}")
    assert read > len(words)
