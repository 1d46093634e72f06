"""Every example of docs/api.md does what the page says, and every public name is on it."""

from __future__ import annotations

from pathlib import Path

import pytest

import pyconcepts_lint
from pyconcepts_lint.base import pages

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN, *REST = pages.programs(TEXT)
# The file that all examples look at stands before the first of them.
EXAMPLES = [SHOWN._replace(files={"main.py": SHOWN.files["main.py"]}), *REST]
SHOP = SHOWN.files["src/shop.py"]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_do_what_the_page_says(
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shop.py").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    example = EXAMPLES[number]
    assert example.output
    said = ""
    try:
        exec(example.files["main.py"], {"__name__": "__main__"})
    except Exception as error:
        said = f"{type(error).__name__}: {error}\n"
    printed = capsys.readouterr()
    assert printed.out + said == example.output
    assert printed.err == ""


def test_every_function_and_class_is_on_the_page() -> None:
    words = set(TEXT.replace("`", " ").replace("(", " ").replace(".", " ").split())
    of_rules = {"Claim", "FileContext", "Range", "Rule"}
    assert {*pyconcepts_lint.__all__} - of_rules - {"__version__"} <= words


def test_every_attribute_of_what_is_returned_is_on_the_page() -> None:
    for name in (
        *pyconcepts_lint.Report.__slots__,
        *pyconcepts_lint.Finding._fields,
        *pyconcepts_lint.Edit._fields,
    ):
        assert f"`{name}`" in TEXT
