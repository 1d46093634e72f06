"""The page as a browser reads it: what is text stays text, and every link leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from odd_project import ODD, OddProject

from pyconcepts_lint import reporters
from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.reporters import Style
from pyconcepts_lint.reporters.html_script import SCRIPT
from pyconcepts_lint.testing import lint_paths as run

VOID = {"meta", "input"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "i", "header", "h1", "p", "ul", "li"),
    *("div", "nav", "details", "summary", "a", "b", "small", "main", "section", "h2", "article"),
    *("h3", "code", "pre", "s", "mark", "span", "del", "ins", "footer"),
    *("form", "label", "input", "select", "option", "button", "output", "script"),
}
BAD = "</style></title><script>alert(1)</script>&amp;\"'<img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """What is in a page; every element has to be one that we write, and be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.count: Counter[str] = Counter()
        self.css = ""
        self.script = ""
        self.policy = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        self.count[tag] += 1
        for name, value in attributes:
            assert not name.startswith("on")
            assert name not in ("src", "style")
            if name == "id":
                self.ids.append(value or "")
            if name == "content" and "default-src" in (value or ""):
                self.policy = value or ""
            if name == "href":
                self.links.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            self.css += data
        elif self.open[-1:] == ["script"]:
            self.script += data
        else:
            self.text += data


def written(findings: list[Finding], style: Style) -> Page:
    out = io.StringIO()
    reporters.writer("html")(findings, out, style)
    assert out.getvalue().isascii()
    return Page(out.getvalue())


@pytest.fixture(scope="module")
def page(odd: OddProject) -> Page:
    return Page(odd.write("html"))


def test_every_finding_and_file_is_there(page: Page, odd: OddProject) -> None:
    report = run([str(odd.root), str(odd.outside)], overrides={"no_cache": True}, jobs=1)
    assert page.count["article"] == len(report.findings)
    assert page.count["section"] == len({finding.path for finding in report.findings}) + 1
    for path in ODD:
        assert path.replace("\n", " ").replace("\t", " ").replace("\x1b", "\\x1b") in page.text
    for finding in report.findings:
        assert finding.message.replace("`", "") in page.text.replace("`", "")


def test_every_link_leads_somewhere_in_the_page(page: Page) -> None:
    assert len(set(page.ids)) == len(page.ids)
    assert {*page.links} <= {f"#{each}" for each in page.ids}
    assert "url(" not in page.css
    assert "@import" not in page.css


def test_each_rule_and_concept_is_told_about_and_can_be_chosen(page: Page) -> None:
    groups = [each for each in page.ids if each.startswith(("rule-", "concept-"))]
    for group in groups:
        assert f"#{group}" in page.links
    assert groups[groups.index("concept-8xx") :][1].startswith("rule-PCL8")
    assert page.count["option"] == len(groups) + page.count["section"] - 1 + 6 + 4


def test_the_only_script_is_our_own(page: Page, odd: OddProject) -> None:
    assert page.count["script"] == 1
    assert page.script == SCRIPT
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert page.policy.endswith(f"script-src 'sha256-{digest}'")
    assert "'unsafe-inline'" not in page.policy.partition("script-src")[2]
    assert Page(odd.write("html", "--select", "PCL1", "secrets.py")).count["script"] == 0


def test_source_and_fixes_are_shown(page: Page) -> None:
    assert "    1 for key in {}.iteritems():\n    2     print(" in page.text
    assert "1 - for key in {}.iteritems():" in page.text
    assert "1 + for key in {}.items():" in page.text
    assert "shop/payment/__init__.py (new file)" in page.text
    assert "print('<script>alert(1)</script> & \\x1b[31m')" in page.text


def test_all_that_comes_from_elsewhere_is_text(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(f"{BAD}\n" * 3, encoding="utf-8")
    edits = (
        Edit(str(file), 2, 1, 2, 5, BAD),
        Edit(str(tmp_path / BAD.replace("/", "")), 1, 1, 1, 1, BAD),
    )
    fix = Fix("safe", BAD, edits, (Fix("unsafe", BAD, edits),))
    findings = [
        Finding(BAD, BAD, BAD, str(file), 2, 1, 2, 9, fix),
        Finding("PCL901", BAD, f"`{BAD}`", str(tmp_path / BAD), 1, 1, 1, 2),
    ]
    page = written(findings, Style(directory=str(tmp_path), errors=[BAD]))
    assert page.text.count(BAD) > 10
    assert "<" not in page.css
    assert all(re.fullmatch(r"[\w-]+", each) for each in page.ids)


def test_a_long_range_and_a_long_change_are_cut(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("x = 1\n" * 100)
    fix = Fix("safe", "fix", (Edit(str(file), 10, 1, 60, 1, "y\n" * 50),))
    finding = Finding("PCL901", "syntax-error", "odd", str(file), 10, 1, 60, 1, fix)
    page = written([finding], Style(directory=str(tmp_path)))
    assert "\u2026 to line 59" in page.text
    assert page.text.count("x = 1") == 2 + 20 + 20
    assert "+ \u2026 30 more lines" in page.text


def test_a_place_at_the_end_of_a_file_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("")
    for place in ((1, 1, 1, 1), (1, 1, 1, 2), (2, 1, 2, 1)):
        page = written([Finding("PCL901", "x", "odd", str(file), *place)], Style())
        assert page.count["article"] == 1


def test_nothing_to_report_is_said(odd: OddProject) -> None:
    page = Page(odd.write("html", "--select", "PCL1", "secrets.py"))
    assert "Nothing to report" in page.text
    assert page.count["article"] == 0


def test_errors_of_the_tool_are_said(odd: OddProject) -> None:
    assert "Error: missing.py: " in Page(odd.write("html", "missing.py")).text
