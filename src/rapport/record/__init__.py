"""What is written down about the work: notes, and what becomes of them."""
