"""Closures

A function keeps the variables of the functions around it: the variables, not their values.
"""
