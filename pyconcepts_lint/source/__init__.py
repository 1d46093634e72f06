"""The text of one file: decoding, discovery, and the helpers for `ast` and libcst trees."""
