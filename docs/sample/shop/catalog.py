"""All products, by name."""

import six

from shop.models import Product


class Catalog(object):
    def __init__(self):
        self.products = {}

    def add(self, product):
        if "price" not in dir(product):
            raise TypeError(product)
        self.products[product.name] = product

    def drop_sold_out(self):
        for name, product in self.products.items():
            if product.stock == 0:
                del self.products[name]

    def names(self):
        names = dict(self.products).keys()
        names.sort()
        return names


def merge(first, second):
    merged = dict(first)
    for name, product in second.iteritems():
        if not first.has_key(name):
            merged[name] = product
    return merged


def price_list(products):
    return [(name, product.price) for name, product in six.iteritems(products)]


def sample():
    return Product("Sample", 0)  # noqa: PCL402
