"""Sudden gains: where a client's course leapt for the better from one score to the next."""
