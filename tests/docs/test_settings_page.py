"""What docs/settings.md says of each key is what the code does with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyconcepts_lint.base import settings
from pyconcepts_lint.frontends import cli

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    match[1]: (match[2], match[3])
    for match in re.finditer(r"^\| `([a-z-]+)` \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
}
EMPTY = {"`[]`": (), "`{}`": (), "`false`": False, "`true`": True}


def test_every_setting_has_its_row_and_nothing_else_has() -> None:
    assert sorted(ROWS) == sorted(settings._OPTIONS)


@pytest.mark.parametrize("key", ROWS)
def test_defaults_are_those_of_the_code(key: str) -> None:
    default = settings.Settings._field_defaults[key.replace("-", "_")]
    shown = ROWS[key][1].partition(";")[0]
    if shown in (f'`"{default}"`', f"`{default}`"):
        return
    if shown in EMPTY:
        assert default == EMPTY[shown]
    else:
        # Told in words: the code finds it out, or has more than a row can hold.
        assert default in (None, (), settings.DEFAULT_EXCLUDE)


@pytest.mark.parametrize("key", ROWS)
def test_keys_without_an_option_are_marked(key: str) -> None:
    options = {option for action in cli.parser()._actions for option in action.option_strings}
    assert ROWS[key][0].startswith("*file only*") is (f"--{key}" not in options)


def test_output_formats_are_those_of_the_code() -> None:
    assert tuple(re.findall(r'`"([a-z]+)"`', ROWS["output-format"][0])) == settings.OUTPUT_FORMATS
