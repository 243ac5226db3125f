"""The day of the whole house: who meets whom, where, and who is here already."""
