"""For the person who is called at night."""

import email
import sys
from os import path

from . import settings
from ..configuration import mail_server


def halve_taxes():
    settings.__dict__["tax_rate"] = settings.tax_rate / 2


def reload_catalog():
    del sys.modules["shop.catalog"]
    return __import__("shop.catalog")


def inspect(product):
    help(product)
    return product


def backups(directory):
    return [path.join(directory, name) for name in os.listdir(directory)]


def stamp():
    return mail_server, email.utils.formatdate()
