"""The doors: everything that knows a browser."""
