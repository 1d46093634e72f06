from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint import Claim, FileContext, Rule
from shop_rules._facts import shop_error_codes


class ErrorCodeTwice(Rule):
    """Two modules raise different errors under one code.

    ## What it finds

    A `ShopError("S123")` whose code another module of the project gives to one, too.

    ## Why

    Customers read the code to us on the telephone. Then it has to be known what went wrong.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/errors.py
    class ShopError(Exception):
        pass
    ```

    ```python
    # shop/stock.py
    from shop.errors import ShopError


    def take(left):
        if not left:
            raise ShopError("S101")
    ```

    ```python
    # shop/payment.py
    from shop.errors import ShopError

    try:
        raise ShopError("S101")
    except ShopError as error:
        print(error)
    ```

    ```output
    S101
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/errors.py
    class ShopError(Exception):
        pass
    ```

    ```python
    # shop/stock.py
    from shop.errors import ShopError


    def take(left):
        if not left:
            raise ShopError("S101")
    ```

    ```python
    # shop/payment.py
    from shop.errors import ShopError

    try:
        raise ShopError("S102")
    except ShopError as error:
        print(error)
    ```

    ```output
    S102
    ```

    ## Fix

    There is none: which of the two is known to customers already, no program knows.

    ## When to ignore it

    Where both are the same error to a customer.

    ## See also

    - [User-defined exceptions](https://docs.python.org/3/tutorial/errors.html#user-defined-exceptions)
    """

    code = "SHP103"
    name = "error-code-twice"
    facts = ("shop_error_codes",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None:
            return
        for row in shop_error_codes.of(file.module.facts):
            others = sorted(
                other.file_name
                for other in file.project.modules()
                if other is not file.module
                and any(row.code == theirs.code for theirs in shop_error_codes.of(other.facts))
            )
            call = file.ast_at(row.line, row.column, ast.Call)
            if others and call is not None:
                message = f"the code `{row.code}` stands for an error in {', '.join(others)}, too"
                yield Claim(file.ast_range(call), message)
