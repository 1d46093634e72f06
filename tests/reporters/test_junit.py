"""JUnit's XML as Jenkins and its kin read it."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from odd_project import ODD, OddProject

from pyconcepts_lint import reporters
from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.reporters import Style

xmlschema = pytest.importorskip("xmlschema")

SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"


@pytest.fixture(scope="module")
def suites(odd: OddProject) -> ElementTree.Element:
    return checked(odd.write("junit"))


def checked(text: str) -> ElementTree.Element:
    """The root element of a report that is valid, and whose counts are right."""
    assert text.isascii()
    xmlschema.XMLSchema(str(SCHEMA)).validate(text)
    root = ElementTree.fromstring(text)
    for element in (root, *root):
        cases = [*element.iter("testcase")]
        assert element.get("tests") == str(len(cases))
        for counted, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            *[("skipped", "skipped")] * (element.get("skipped") is not None),
        ):
            assert element.get(counted) == str(sum(1 for case in cases if len(case.findall(tag))))
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert not [name for name, number in names.items() if number > 1]
    return root


def written(findings: list[Finding], style: Style) -> ElementTree.Element:
    out = io.StringIO()
    reporters.writer("junit")(findings, out, style)
    return checked(out.getvalue())


def shown(name: str) -> str:
    return name.replace("\x1b", "\\x1b")


def test_a_file_is_a_suite_and_a_finding_a_failure(
    suites: ElementTree.Element, odd: OddProject
) -> None:
    by_name = {suite.get("name"): suite for suite in suites}
    assert len(by_name) == len(suites)
    assert by_name.keys() >= {*map(shown, ODD), "shop/models.py", str(odd.outside)}
    (case,) = by_name["secrets.py"]
    assert case.get("name") == "PCL208 stdlib-module-shadowed (1:1)"
    assert case.get("classname") == "secrets"
    (failure,) = case
    assert failure.get("type") == "PCL208"
    assert (failure.get("message") or "").startswith("Python has a `secrets`, too: ")
    assert failure.text == f"secrets.py:1:1: PCL208 {failure.get('message')} [warning]"
    assert {case.get("classname") for case in by_name["shop/models.py"]} == {"shop.models"}


def test_a_run_without_findings_is_one_test_that_passes(odd: OddProject) -> None:
    (suite,) = checked(odd.write("junit", "--select", "PCL1", "secrets.py"))
    (case,) = suite
    assert not len(case)


def test_what_went_wrong_in_the_tool_is_an_error(odd: OddProject) -> None:
    tool, found = checked(odd.write("junit", "missing.py", "secrets.py"))
    ((error,),) = tool
    assert error.tag == "error"
    assert (error.get("message") or "").startswith("missing.py: ")
    assert found.get("name") == "secrets.py"


def test_what_xml_cannot_say_is_shown_as_an_escape() -> None:
    odd = "a\0b\x1b\ud800\ufffe <![CDATA[ ]]> & \"'\t\r\n日\U0001f40d"
    finding = Finding("PCL901", "syntax-error", odd, f"/x/{odd[1:]}.py", 1, 1, 1, 2)
    (suite,) = written([finding], Style(directory="/x"))
    ((failure,),) = suite
    seen = "a\\x00b\\x1b\\ud800\\ufffe <![CDATA[ ]]> & \"'\t\r\n日\U0001f40d"
    assert failure.get("message") == seen
    assert (failure.text or "").endswith(f"{seen} [warning]")
    assert suite.get("name") == f"{seen[1:]}.py"


def test_equal_findings_are_two_tests() -> None:
    finding = Finding("PCL901", "syntax-error", "odd", "/x/y.py", 1, 1, 1, 2)
    (suite,) = written([finding, finding], Style(directory="/x"))
    assert len(suite) == 2
