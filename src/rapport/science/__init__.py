"""Pure mathematics: scoring and change. Plain numbers in, plain numbers out; usable by itself."""
