"""The site is built without a warning, links what it should, and needs no network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.plugins.registry import rules

pytest.importorskip("sphinx", reason="the docs extra is not installed")

DOCS = Path(__file__).parents[2] / "docs"
OWN = [rule for rule in rules().values() if rule.__module__.startswith("pyconcepts_lint.rules.")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E"]
    command += ["-d", str(tmp_path_factory.mktemp("doctrees")), str(DOCS), str(out)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    return out


def html(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.code)
def test_every_rule_has_a_page_and_a_row_in_the_table(rule: type, site: Path) -> None:
    assert f"<title>{rule.code} {rule.name}" in html(site / "rules" / f"{rule.name}.html")
    assert re.search(rf'href="{rule.name}\.html"[^>]*>(<[^>]*>)*{rule.code}<', table(site))


def table(site: Path) -> str:
    return html(site / "rules" / "index.html").partition("<article")[2]


def test_rules_and_concepts_lead_to_each_other(site: Path) -> None:
    article = html(site / "rules" / "class-attribute-augmented.html").partition("<article")[2]
    assert 'href="../concepts/class-attributes.html"' in article
    article = html(site / "concepts" / "class-attributes.html").partition("<article")[2]
    assert 'href="../rules/class-attribute-augmented.html"' in article


def test_links_into_the_repository_lead_to_pages(site: Path) -> None:
    article = html(site / "python2.html").partition("<article")[2]
    assert 'href="rules/syntax-error.html"' in article
    for page in site.glob("*.html"):
        for downloaded in re.findall(r'href="(_downloads/[^"]*)"', html(page)):
            assert list(DOCS.rglob(downloaded.rpartition("/")[2])), downloaded


def test_codes_in_running_text_are_links(site: Path) -> None:
    changes = html(site / "changelog.html").partition("<article")[2]
    assert re.search(r'href="rules/shared-mutable-mutated\.html"[^>]*><span[^>]*>PCL104<', changes)
    own_page = html(site / "rules" / "python2-syntax.html").partition("<article")[2]
    assert "python2-syntax.html" not in own_page.partition("</article")[0]


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        for tag in re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", html(page)):
            assert "//" not in re.sub(r'href="https?://[^"]*" rel="canonical"', "", tag), tag
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", html(style)), style.name


def test_no_page_is_wider_than_a_phone(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(DOCS.parent / "tests" / "reporters")
    browser = pytest.importorskip("browser")
    if browser.chromium() is None:
        pytest.skip("there is no Chromium")
    pages = [*site.glob("*.html"), site / "rules" / "index.html", *site.glob("concepts/*.html")]
    with browser.Browser(tmp_path) as window:
        size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        window.call("Emulation.setDeviceMetricsOverride", **size)
        for page in pages:
            window.open(page.as_uri())
            assert window.js("document.documentElement.scrollWidth") <= 390, page.name
