"""One policy for what other code binds: each claim about a class is tried beside each way to change
the class or its instances, and stays only where CPython still does what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyconcepts_lint import testing

# Each claims something of `Shop`; `check()` tells whether it holds.
CLAIMS = {
    "PCL402": (
        "class Shop:\n    def size(self):\n        return 1\ndef ask():\n    return Shop.size()\n",
        "def check():\n    try:\n        shop.ask()\n    except TypeError:\n        return True\n",
    ),
    "PCL504": (
        "class Shop:\n    @property\n    def size(self):\n        return 1\n"
        "    def grow(self):\n        self.size = 2\n",
        "def check():\n    try:\n        shop.Shop().grow()\n    except AttributeError:\n"
        "        return True\n",
    ),
    "PCL606": (
        "class Shop:\n    __slots__ = ('name',)\n    def grow(self):\n        self.size = 2\n",
        "def check():\n    try:\n        shop.Shop().grow()\n    except AttributeError:\n"
        "        return True\n",
    ),
    "PCL102": (
        "class Shop:\n    size = 1\n    def grow(self):\n        self.size = 2\n",
        "def check():\n    it = shop.Shop()\n    it.grow()\n    return 'size' in vars(it)\n",
    ),
}
# What another module does.
WRITES = {
    "nothing": "",
    "a value": "shop.Shop.size = 5\n",
    "a function": "shop.Shop.size = lambda *_: 5\n",
    "a property": "shop.Shop.size = property(lambda it: 5, lambda it, value: None)\n",
    "a value through what isn't known": "thing = vars(shop)['Shop']\nthing.size = 5\n",
    "a function through what isn't known": "thing = vars(shop)['Shop']\nthing.size = lambda *_: 5\n",
    "a value in a function": "def patch(thing):\n    thing.size = lambda *_: 5\npatch(shop.Shop)\n",
    "a function under a computed name": "setattr(shop.Shop, 'si' + 'ze', lambda *_: 5)\n",
    "a value to another class": "class Other:\n    pass\nOther.size = 5\n",
    "a value to a module": "shop.size = 5\n",
    "a deletion": "if 'size' in vars(shop.Shop):\n    del shop.Shop.size\n",
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("code", CLAIMS)
def test_a_claim_stays_only_where_it_holds(
    code: str, write: str, project: Callable[..., testing.Project]
) -> None:
    text, check = CLAIMS[code]
    made = project(
        {
            "shop.py": text,
            "patches.py": f"import shop\n{WRITES[write]}",
            "main.py": f"import shop, patches\n{check}print(bool(check()))\n",
        }
    )
    is_found = bool(made.lint(code))
    if made.run("main.py").stdout.strip() != "True":
        assert not is_found
    elif write in ("nothing", "a value to another class", "a value to a module"):
        assert is_found
