"""What differs from one installation to the next."""

__package__ = "shop.settings"

language = "en"
tax_rate = 0.19


def switch_language(code):
    global language
    language = code
