"""Asking for help without a time: the public page, and what nobody has answered yet."""
