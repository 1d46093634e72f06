"""What is shown of a place."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio

SHOP = """\
class Priced:
    rate = 1.19

    @property
    def total(self):
        return self.net * self.rate


class Order(Priced):
    pass


order = Order()
print(order.rate)  # noqa: PCL605
dir(order)
"""


async def test_an_attribute_shows_its_lookup(editor):
    shop = await editor({"pyproject.toml": "[tool.pyconcepts-lint]\n", "shop.py": SHOP})
    shop.open("shop.py")
    await shop.until(lambda: shop.codes("shop.py"))
    said = await shop.hover("shop.py", 13, 14)
    assert "order.rate" in said
    assert "shop.py:2" in said
    assert await shop.hover("shop.py", 2, 0) == ""


async def test_a_code_shows_its_page(editor):
    shop = await editor({"pyproject.toml": "[tool.pyconcepts-lint]\n", "shop.py": SHOP})
    shop.open("shop.py")
    said = await shop.hover("shop.py", 13, SHOP.splitlines()[13].index("PCL605") + 2)
    assert said.startswith("# PCL605 leftover-introspection")
    assert "## What it finds" in said


async def test_a_finding_shows_what_its_rule_is_about(editor):
    shop = await editor({"pyproject.toml": "[tool.pyconcepts-lint]\n", "shop.py": SHOP})
    shop.open("shop.py")
    await shop.until(lambda: "PCL605" in shop.codes("shop.py"))
    said = await shop.hover("shop.py", 14, 1)
    assert "leftover-introspection: A statement that is only" in said


async def test_text_that_is_being_typed_has_no_lookup(editor):
    shop = await editor({"pyproject.toml": "[tool.pyconcepts-lint]\n", "shop.py": SHOP})
    shop.open("shop.py")
    await shop.until(lambda: shop.codes("shop.py"))
    shop.type("shop.py", SHOP + "class (")
    assert await shop.hover("shop.py", 13, 14) == ""
