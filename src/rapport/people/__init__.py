"""Who is here: the practice and its places, staff, clients, their care teams and episodes."""
