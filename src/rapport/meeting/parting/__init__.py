"""What is ahead of a client who goes: seen in one place, and ended in one step."""
