"""The practice itself and its places."""
