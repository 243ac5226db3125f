"""Gateways of others that take messages from here: where, how, and who agreed to it when."""
