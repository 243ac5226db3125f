"""How meetings went, in numbers."""
