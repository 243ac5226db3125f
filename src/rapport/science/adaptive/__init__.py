"""Item response theory: items with parameters, estimates from answers, tests that choose."""
