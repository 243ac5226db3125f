"""The practice's numbers in columns: what the service view asks when rows would be too slow."""
