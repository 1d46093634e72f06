"""What the shop sells."""


class Product:
    TAX_RATE = 0.19
    sold = 0
    currency = "EUR"
    season = "summer"
    tags = []

    def __init__(self, name, price, stock=0):
        self.name = name
        self.price = price
        self.stock = stock

    def sell(self):
        self.stock -= 1
        self.sold += 1

    def tag(self, word):
        self.tags.append(word)

    def use_reduced_rate(self):
        self.TAX_RATE = 0.07

    def export(self):
        self.currency = "USD"

    def end_season(self):
        del self.season

    def gross(self):
        return round(self.price * (1 + TAX_RATE), 2)


class Voucher:
    __slots__ = ("code", "value")

    def __init__(self, code, value):
        self.code = code
        self.value = value

    def redeem(self):
        self.redeemed = True

    def dump(self):
        return vars(self)


class Book(Product):
    __slots__ = ("isbn",)

    def __init__(self, isbn, name, price):
        super(Book, self).__init__(name, price)
        self.isbn = isbn
