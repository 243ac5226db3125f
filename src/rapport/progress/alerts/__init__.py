"""A person looks at it: who owns an alert, until when, and what was done."""
