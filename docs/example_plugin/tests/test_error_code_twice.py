from pathlib import Path

from shop_rules.error_code_twice import ErrorCodeTwice

from pyconcepts_lint.testing import Project, check_page

SHOP = {
    "shop/__init__.py": "",
    "shop/errors.py": "class ShopError(Exception):\n    pass\n",
    "shop/stock.py": "from .errors import ShopError\n\nempty = ShopError('S101', 'sold out')\n",
    "shop/cards.py": "from .errors import ShopError\n\nrefused = ShopError('S102')\n",
}


def test_the_page_is_true() -> None:
    check_page(ErrorCodeTwice)


def test_a_code_of_another_module_is_reported_in_both(tmp_path: Path) -> None:
    shop = Project(tmp_path, SHOP)
    assert shop.places("SHP103") == []
    shop.write({"shop/cards.py": SHOP["shop/cards.py"].replace("S102", "S101")})
    assert shop.places("SHP103") == [("shop/cards.py", 3, 11), ("shop/stock.py", 3, 9)]
    assert shop.messages("SHP103") == [
        "the code `S101` stands for an error in shop/stock.py, too",
        "the code `S101` stands for an error in shop/cards.py, too",
    ]
