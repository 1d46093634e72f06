from pathlib import Path

from shop_rules.payment_without_title import PaymentWithoutTitle

from pyconcepts_lint.testing import Project, check_page

SHOP = {
    "shop/__init__.py": "",
    "shop/payment.py": "class Payment:\n    title = 'Payment'\n",
    "shop/cards.py": """
        from shop.payment import Payment

        class Card(Payment):
            pass
    """,
    "shop/visa.py": """
        from shop.cards import Card

        @print
        class Visa(Card):
            pass
    """,
}


def test_the_page_is_true() -> None:
    check_page(PaymentWithoutTitle)


def test_only_the_last_in_line_is_reported(tmp_path: Path) -> None:
    shop = Project(tmp_path, SHOP)
    assert shop.places("SHP102") == [("shop/visa.py", 5, 1)]
    assert shop.messages("SHP102") == ["`Visa.title` is `Payment.title`: it has none of its own"]


def test_a_title_of_a_class_in_between_will_do(tmp_path: Path) -> None:
    shop = Project(tmp_path, SHOP)
    cards = SHOP["shop/cards.py"].replace("pass", "title = 'Card'")
    shop.write({"shop/cards.py": cards})
    assert shop.lint("SHP102") == []


def test_the_project_says_which_class_and_which_attribute(tmp_path: Path) -> None:
    options = {"base": "shop.cards.Card", "attribute": "logo"}
    shop = Project(tmp_path, SHOP, rules={"SHP102": options})
    assert shop.lint("SHP102") == []
    cards = SHOP["shop/cards.py"].replace("pass", "logo = 'card.png'")
    shop.write({"shop/cards.py": cards})
    assert shop.messages("SHP102") == ["`Visa.logo` is `Card.logo`: it has none of its own"]
