"""The commands. A file here is a command; nothing else lists it."""
