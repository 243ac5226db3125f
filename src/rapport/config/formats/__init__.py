"""How dates are written where Django leaves a language without a form of its own."""
