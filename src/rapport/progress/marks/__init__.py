"""What happened in a client's life and what was reached, each on its day."""
