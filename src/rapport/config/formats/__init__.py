"""How dates are written: where a language has no form of its own, or one read as another day."""
