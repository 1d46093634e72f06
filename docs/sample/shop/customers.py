"""Who buys."""

from .orders import Order


class Customer:
    greeting = lambda name: "Dear " + name

    def __init__(self, name):
        self.name = name
        self.orders = []

    def count():
        return len(everybody)

    def letter(self):
        return self.greeting(self.name)

    def order(self, product):
        self.orders.append(Order(self, product))

    def is_own(self, callback):
        return callback is self.order


class BusinessCustomer(Customer):
    def letter(self):
        def signed():
            return super().letter() + "\n\nYour shop"

        return signed()


everybody = [Customer("Ada")]


def first_letter():
    return Customer.letter()


def order_code(customer):
    return customer.order.im_func.func_code


def polite(self):
    return "Dear Ms " + self.name


def countess():
    ada = Customer("Ada")
    ada.salutation = polite
    return ada.salutation()
