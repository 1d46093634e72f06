"""Which rules there are, and which packages offer them."""
