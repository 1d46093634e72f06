"""Whatever the shop loads by name."""

import .catalog


def load(name):
    return getattr(catalog, name)
