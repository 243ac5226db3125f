"""What a client agreed to: kind, version, day, on paper or on a screen."""
