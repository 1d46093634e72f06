from pathlib import Path

import pytest
from shop_rules.not_before_comparison import NotBeforeComparison

from pyconcepts_lint.testing import Project, check_page


def test_the_page_is_true() -> None:
    check_page(NotBeforeComparison)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = not a in b\n", "x = a not in b\n"),
        ("x = not a is None\n", "x = a is not None\n"),
        ("x = not(a)in b\n", "x = (a)not in b\n"),
        ("x = (not  # why\n     a in b)\n", "x = (# why\n     a not in b)\n"),
    ],
)
def test_the_not_is_moved_and_nothing_else(tmp_path: Path, before: str, after: str) -> None:
    project = Project(tmp_path, before)
    assert project.places("SHP101") == [("main.py", 1, 5 + before.startswith("x = ("))]
    assert project.fix("SHP101") == {"main.py": after}


@pytest.mark.parametrize("text", ["not (a in b)", "not a == b", "not a in b in c", "a not in b"])
def test_what_is_left_alone(tmp_path: Path, text: str) -> None:
    assert Project(tmp_path, f"x = {text}\n").lint("SHP101") == []
