"""What happens to gas between a furnace and the stack."""
