"""Attributes that check what they are given."""


class Text:
    def __get__(self, instance, owner=None):
        return self.value

    def __set__(self, instance, value):
        if not isinstance(value, str):
            raise TypeError(value)
        self.value = value


class Constant:
    def __init__(self, value):
        self.constant = value

    def __get__(self, instance):
        return self.constant


class Address:
    street = Text()
    country = Constant("DE")

    def __init__(self, street, town):
        self.street = street
        self.town = Text()
        self.town = town


class Record:
    def __setattr__(self, name, value):
        self.changed = True
        super().__setattr__(name, value)


class Lazy:
    def __init__(self, target):
        self.target = target

    def __getattr__(self, name):
        return getattr(self.target, name)


class Priced:
    @property
    def price(self):
        return 1


class Discounted(Priced):
    @price.setter
    def price(self, value):
        self.discount = 1 - value
