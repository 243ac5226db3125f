"""Who comes to know a client because they meet."""
