"""English: see ``formats``."""
