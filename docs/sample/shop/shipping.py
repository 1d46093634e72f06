"""What it costs to get a parcel somewhere."""


class Rates:
    zones = ("DE", "EU", "WORLD")
    base = 4.90
    prices = {zone: base * distance for distance, zone in enumerate(zones, 1)}


class Parcel:
    __slots__ = ("zone", "weight")

    weight = 1.0

    def __init__(self, zone):
        self.zone = zone


def collect(ledger):
    from .returns import ReturnsLedger

    return ledger.pages if isinstance(ledger, ReturnsLedger) else 0
