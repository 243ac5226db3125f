"""Adaptive tests: a bank's questions, each chosen by the answers before it, and what they say."""
