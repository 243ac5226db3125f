"""The pages of the sign-in, the same at both doors."""
