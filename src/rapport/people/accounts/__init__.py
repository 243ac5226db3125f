"""Accounts: who may knock, and what proves that a door was opened to them."""
