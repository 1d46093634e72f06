"""What a customer is about to buy."""

from models import Product

from .models import Discount


class Basket:
    def __init__(self, *products):
        self.products = list(products)

    def add(self, name, price):
        self.products.append(Product(name, price))

    def total(self):
        return Discount(self).of(sum(product.price for product in self.products))
