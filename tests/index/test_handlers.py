"""Which modules' failures other modules of a project catch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]

ORDER = "from price import VAT\n"
SHOP = {"shop/__init__.py": "", "shop/price.py": "VAT = 1\n", "shop/order.py": ORDER}


def is_safe(project: Make, **files: str) -> bool:
    """Is the import in `shop/order.py` mended? `a__b` is the file `a/b.py`."""
    others = {f"{name.replace('__', '/', 1)}.py": text for name, text in files.items()}
    fixed = project({**SHOP, **others}).fix("PCL203")
    return bool(fixed["shop/order.py"] == "from .price import VAT\n")


TRY = "try:\n    {}\nexcept {}:\n    order = None\n"


@pytest.mark.parametrize("caught", ["ImportError", "(KeyError, ModuleNotFoundError)", "errors.Any"])
@pytest.mark.parametrize(
    "statement", ["import shop.order", "from shop import order", "from shop.order import VAT"]
)
def test_a_fix_is_unsafe_where_another_module_catches_the_error(
    project: Make, caught: str, statement: str
) -> None:
    assert not is_safe(project, main=TRY.format(statement, caught))


@pytest.mark.parametrize(
    "main",
    [
        "try:\n    import shop.order\nexcept ValueError:\n    pass\n",
        "try:\n    import shop.order\nfinally:\n    pass\n",
        "try:\n    pass\nexcept ImportError:\n    import shop.order\n",
        "try:\n    import shop.price\nexcept ImportError:\n    pass\n",
        "import contextlib\nwith contextlib.suppress(KeyError):\n    import shop.order\n",
        "try:\n    def later():\n        import shop.order\nexcept ImportError:\n    pass\n",
    ],
)
def test_a_fix_is_safe_where_the_error_goes_on(project: Make, main: str) -> None:
    assert is_safe(project, main=main)


@pytest.mark.parametrize(
    "main",
    [
        "from contextlib import suppress\nwith suppress(ImportError):\n    import shop.order\n",
        "def f():\n    try:\n        import shop.order\n    except ImportError:\n        pass\n",
        "try:\n    order = __import__('shop.order')\nexcept ImportError:\n    pass\n",
        'import pytest\norder = pytest.importorskip("shop.order")\n',
    ],
)
def test_errors_are_caught_in_other_ways_too(project: Make, main: str) -> None:
    assert not is_safe(project, main=main)


def test_an_error_goes_through_what_imports_the_module(project: Make) -> None:
    main = TRY.format("import shop.api", "ImportError")
    assert not is_safe(project, shop__api="from . import order\n", main=main)
    assert is_safe(project, shop__api="def f():\n    from . import order\n", main=main)


def test_a_package_that_catches_an_error_below_itself_runs_already(project: Make) -> None:
    init = TRY.format("from . import fast", "ImportError") + "from . import order\n"
    assert is_safe(project, shop____init__=init, shop__fast="", main="import shop\n")
