from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint import Claim, FileContext, Rule


class PaymentWithoutTitle(Rule):
    """A payment method without a title of its own shows that of its base class.

    ## What it finds

    A class that inherits from the class `base`, directly or not, has no subclasses in the project,
    and gets its `attribute` from `base` itself.

    ## Why

    A class attribute that a class doesn't bind is looked up on its bases, in the order of the MRO.
    So forgetting it is no error anywhere: customers get to choose between three times "Payment".

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/payment.py
    class Payment:
        title = "Payment"
    ```

    ```python
    # shop/methods.py
    from shop.payment import Payment


    class Invoice(Payment):
        days = 14


    print(Invoice.title)
    ```

    ```output
    Payment
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/payment.py
    class Payment:
        title = "Payment"
    ```

    ```python
    # shop/methods.py
    from shop.payment import Payment


    class Invoice(Payment):
        title = "Invoice"
        days = 14


    print(Invoice.title)
    ```

    ```output
    Invoice
    ```

    ## Fix

    There is none: what customers are to read is for a person to say.

    ## Options

    - `base`: the dotted name of the class at the top; `"shop.payment.Payment"` where nothing is said.
    - `attribute`: the class attribute that each class needs; `"title"` where nothing is said.

    ## When to ignore it

    Where something else than the class's body gives it the attribute: a decorator, for one.

    ## See also

    - [Class instances](https://docs.python.org/3/reference/datamodel.html#class-instances)
    """

    code = "SHP102"
    name = "payment-without-title"
    options = {"base": "shop.payment.Payment", "attribute": "title"}

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            inherited = model.lookup(self.option("attribute")) if model.mro else None
            if inherited is None or inherited.owner is model:
                continue
            owner = inherited.owner
            if owner.full_name == self.option("base") and not file.project.subclasses(model):
                where = file.definition_range(model.facts.line, model.facts.column)
                name = f"{model.name}.{inherited.name}"
                message = f"`{name}` is `{owner.name}.{inherited.name}`: it has none of its own"
                yield Claim(where, message)
