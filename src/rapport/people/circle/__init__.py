"""Who and what is around a client: ways to reach them, related people, couples and families."""
