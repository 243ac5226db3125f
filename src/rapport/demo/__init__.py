"""An invented practice, made by the same actions a real one uses."""
