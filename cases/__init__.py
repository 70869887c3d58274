"""Routes from ore to product: each a flowsheet in Python with its numbers in TOML beside it."""
