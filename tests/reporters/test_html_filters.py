"""What a person does with the page: filters that hold together, folding, keys, 5,000 findings."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest
from browser import Browser, chromium

from pyconcepts_lint import reporters
from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.reporters import Style

pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium")

FILES, EACH = 100, 50
RULES = (("PCL101", "class-attribute-shadowed"), ("PCL103", "class-attribute-augmented"))
RULES += (("PCL701", "dict-iteritems"), ("PCL209", "import-cycle"), ("PCL305", "inconsistent-mro"))


def finding(path: str, number: int) -> Finding:
    code, name = RULES[number % len(RULES)]
    place = (number + 1, 1, number + 1, 2)
    edit = Edit(path, *place, "y")
    fix = [None, Fix("safe", "Do", (edit,)), Fix("unsafe", "Dare", (edit,))][number % 3]
    return Finding(code, name, f"`thing_{number}` is so", path, *place, fix)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    root = tmp_path_factory.mktemp("html")
    text = "".join(f"x = {n}\n" for n in range(EACH)).encode()
    paths = [str(root / "pkg" / f"mod_{n}.py") for n in range(FILES)]
    found = [finding(path, number) for path in paths for number in range(EACH)]
    out = io.StringIO()
    style = Style(directory=str(root), contents=dict.fromkeys(paths, text))
    reporters.writer("html")(found, out, style)
    (root / "report.html").write_text(out.getvalue(), encoding="ascii")
    with Browser(root) as browser:
        browser.open((root / "report.html").as_uri())
        yield browser


@pytest.fixture(autouse=True)
def fresh(page: Browser) -> None:
    page.js("document.activeElement.blur()")
    page.js("document.getElementById('clear').click()")
    page.js("document.getElementById('unfold').click()")


def shown(page: Browser) -> int:
    number = page.js("document.querySelectorAll('article:not([hidden])').length")
    said = page.js("document.getElementById('shown').textContent")
    assert said == (f"all {number:,} shown" if number == 5000 else f"{number:,} of 5,000 shown")
    by_file = page.js(
        "[...document.querySelectorAll('.file:not([hidden]) summary small')]"
        ".reduce((sum, each) => sum + Number(each.textContent.replace(',', '')), 0)"
    )
    assert by_file == number
    return int(number)


def choose(page: Browser, name: str, value: str) -> None:
    page.js(f"document.getElementById('by-{name}').value = '{value}'")
    page.js(f"document.getElementById('by-{name}').dispatchEvent(new Event('change'))")


def seek(page: Browser, text: str) -> None:
    page.js("document.getElementById('search').focus()")
    page.js("document.getElementById('search').select()")
    page.type(text)
    time.sleep(0.3)


def test_everything_is_shown_at_first_with_counts_written_one_way(page: Browser) -> None:
    assert shown(page) == 5000
    assert page.js("document.querySelector('h1').textContent") == "5,000 findings in 100 files"
    assert "1,700 with a safe fix, 1,600 with an unsafe fix." in page.js("document.body.innerText")
    assert "(1,000)" in page.js("document.getElementById('by-rule').textContent")


def test_filters_hold_together(page: Browser) -> None:
    choose(page, "rule", "1xx")
    assert shown(page) == 2000
    choose(page, "fix", "safe")
    assert shown(page) == 700
    seek(page, "mod_7.py THING")
    assert shown(page) == 7
    choose(page, "file", "file-8")
    assert shown(page) == 7
    choose(page, "rule", "PCL103")
    assert shown(page) == 4
    choose(page, "file", "file-9")
    assert shown(page) == 0
    page.js("document.getElementById('clear').click()")
    assert shown(page) == 5000


def test_choosing_a_place_or_a_file_keeps_the_filter(page: Browser) -> None:
    page.js("document.querySelector('nav a[data-group=PCL701]').click()")
    assert shown(page) == 1000
    page.js("document.querySelector('article:not([hidden]) h3 a').click()")
    assert shown(page) == 1000
    page.js("document.querySelector('nav a[data-file=file-3]').click()")
    assert shown(page) == 10
    assert page.js("document.querySelectorAll('.about.chosen').length") == 1
    page.js("document.querySelector('nav a[data-group=PCL701]').click()")  # once more: all of them
    assert shown(page) == 50


def test_filters_are_in_the_address_and_come_back(page: Browser) -> None:
    choose(page, "rule", "PCL209")
    choose(page, "fix", "no")
    seek(page, "mod_1")
    before = shown(page)
    page.js("document.querySelector('article:not([hidden]) h3 a').click()")
    address = page.js("location.href")
    assert "rule=PCL209" in address
    page.open(address)
    assert shown(page) == before
    assert page.js("document.getElementById('search').value") == "mod_1"
    assert page.js("document.querySelectorAll('article.current').length") == 1


def test_files_fold(page: Browser) -> None:
    page.js("document.getElementById('fold').click()")
    assert page.js("document.querySelectorAll('.file > details[open]').length") == 0
    first = "document.querySelector('.file details')"
    assert page.js(f"{first}.open") is False
    page.js(f"{first}.querySelector('summary').click()")
    assert page.js(f"{first}.open") is True


def test_the_keyboard_is_enough(page: Browser) -> None:
    page.type("/")
    assert page.js("document.activeElement.id") == "search"
    page.type("thing_7")
    time.sleep(0.3)
    assert shown(page) == 100
    page.press("Enter")
    current = "document.querySelector('article.current').id"
    first = page.js(current)
    page.type("j")
    second = page.js(current)
    assert second != first
    page.type("k")
    assert page.js(current) == first
    assert page.js("document.activeElement.closest('article').id") == first
    page.type("o")
    assert page.js("document.querySelector('article.current').closest('details').open") is False
    page.type("j")
    page.type("k")
    assert page.js("document.querySelector('article.current').closest('details').open") is True
    page.type("0")
    assert shown(page) == 5000


def test_a_search_in_5000_findings_takes_no_time_that_one_notices(page: Browser) -> None:
    seek(page, "warm")
    started = "window.t0 = performance.now()"
    event = "document.getElementById('by-fix').dispatchEvent(new Event('change'))"
    took = page.js(f"{started}; {event}; performance.now() - window.t0")
    assert took < 500  # milliseconds, on a slow machine too


def test_no_other_script_may_run(page: Browser) -> None:
    page.js(
        "{const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s)}"
    )
    assert page.js("window.ran === undefined") is True


def test_on_a_phone_the_heading_of_a_file_stays_beside_its_triangle(page: Browser) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    try:
        page.js("document.querySelector('.file h2').textContent = 'long/' + 'name_'.repeat(30)")
        top = "document.querySelector('.file {}').getBoundingClientRect().top"
        first_line = "document.querySelector('.file h2').getClientRects()[0].top"
        assert page.js(f"{first_line} - {top.format('summary')}") < 20
        assert page.js("document.documentElement.scrollWidth") <= 390
    finally:
        page.call("Emulation.clearDeviceMetricsOverride")
