"""The monthly report, as it has been since 2008."""

import os

import catalog
from registry import Registered


class Report(object):
    __metaclass__ = Registered

    def __init__(self, (month, year), path):
        self.title = `month` + "/" + `year`
        self.path = path

    def write(self, products):
        try:
            out = open(self.path, "w")
        except IOError, error:
            raise ValueError, "can't write %s" % error
        print >>out, self.title
        for name, product in products.iteritems():
            if product.stock <> 0:
                print >>out, name,
                print >>out, product.price
        os.chmod(self.path, 0644)

    def first(self, products):
        return products.keys()[0]

    def evaluate(self, formula):
        exec formula in vars(self)


if __name__ == "__main__":
    print "Products:", len(catalog.sample().tags)
