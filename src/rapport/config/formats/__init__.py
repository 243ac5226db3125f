"""How dates are written, where a language's own way could be read as another day."""
