"""Episodes of care, from opened to closed."""
