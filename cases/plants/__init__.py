"""Plants that routes share: each a flowsheet in Python with its usual numbers in TOML beside it."""
