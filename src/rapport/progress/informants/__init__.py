"""Who else answers about a client: people around them, and clinicians who rate."""
