"""Who is helped here."""
