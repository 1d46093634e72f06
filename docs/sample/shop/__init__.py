"""A mail-order shop."""

from shop.models import Product, Voucher

catalog = {}

__all__ = ["Product", "Voucher", "catalog"]
