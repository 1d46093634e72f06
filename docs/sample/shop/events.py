"""What happens when a button is clicked."""


class Handler:
    def __init__(self):
        self.notify = None


class MailHandler(Handler):
    def notify(self, order):
        return "Mail about %s" % order


def buttons(products, basket):
    handlers = []
    for product in products:
        handlers.append(lambda: basket.append(product))
    return handlers


def invoice_numbers():
    last = 0

    def next_number():
        last += 1
        return last

    return next_number


def checkout(basket, charge):
    paid = False

    def on_success(receipt):
        paid = True

    charge(basket, on_success)
    return paid
