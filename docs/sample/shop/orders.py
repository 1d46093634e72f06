"""What was bought."""

from .customers import Customer
from .models import Product
from .settings import language, tax_rate


class Order:
    def __init__(self, customer, product):
        self.customer = customer
        self.product = product

    @property
    def total(self):
        return self.product.price * (1 + tax_rate)

    def give_discount(self):
        self.total = self.total * 0.9

    def invoice(self):
        return {"en": "Invoice", "de": "Rechnung"}[language]


def trial_order():
    return Order(Customer("Bob"), Product("Tea", 3))
