"""Standing slots: one rule, and the appointments made from it up to a horizon."""
