"""The sample shop shows every rule, and every rule says there what it should and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyconcepts_lint.base.report import Report
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.testing import lint_paths as run

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"

# What is wrong in each file, by thought and by trying it out under Python. Rules that don't
# exist yet are expected as soon as they do; those that are off by default say nothing.
WRONG = {
    "secrets.py": {208},
    "shop/__init__.py": {202, 207},
    "shop/basket.py": {203, 205},
    "shop/catalog.py": {202, 603, 701, 702, 703, 704, 705, 903, 905},
    "shop/customers.py": {209, 401, 402, 404, 405, 406, 407, 408},
    "shop/events.py": {109, 801, 802, 803},
    "shop/fields.py": {501, 502, 503, 505, 506, 507},
    "shop/maintenance.py": {204, 206, 211, 212, 215, 602, 605},
    "shop/models.py": {101, 102, 103, 104, 105, 107, 604, 606, 608, 904},
    "shop/orders.py": {209, 214, 504},
    "shop/payment/card.py": {201},
    "shop/plugins.py": {901},
    "shop/registry.py": {301, 302, 303, 304, 305, 307, 903, 904},
    "shop/report.py": {203, 301, 701, 703, 902, 903},
    "shop/returns.py": {110, 111, 112, 216, 218, 219, 220, 221, 308, 409, 410, 411, 508, 804},
    "shop/settings.py": {213},
    "shop/shipping.py": {108, 217, 607},
}


@pytest.fixture(scope="module")
def report() -> Report:
    return run([str(SAMPLE)], overrides={"no_cache": True}, jobs=1)


def test_no_error_of_our_own(report: Report) -> None:
    assert report.errors == []


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_found_and_nothing_else(path: str, report: Report) -> None:
    there_are = {code for code, rule in rules().items() if rule.on}
    ours = {f"PCL{number}" for numbers in WRONG.values() for number in numbers}
    found = {finding.code for finding in report.findings if finding.path == str(SAMPLE / path)}
    assert found & ours == {f"PCL{number}" for number in WRONG[path]} & there_are


def test_files_without_mistakes_are_not_reported(report: Report) -> None:
    assert {Path(finding.path) for finding in report.findings} <= {SAMPLE / path for path in WRONG}
