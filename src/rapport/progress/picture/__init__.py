"""All of a client's measures as one picture, and what it says in two sentences each."""
