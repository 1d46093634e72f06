"""Not for the repository."""

database = "shop"
password = "swordfish"
