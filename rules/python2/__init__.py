"""Python 2 and source

Before a program runs, Python reads its source; Python 3 reads less of it than Python 2 did, and
some of it otherwise.
"""
