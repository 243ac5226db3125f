"""Progress notes: a draft, a signature, and afterwards only addenda."""
