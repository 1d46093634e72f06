"""Methods

A function in a class body becomes a bound method when it is looked up on an instance.
"""
