"""The portal door."""
