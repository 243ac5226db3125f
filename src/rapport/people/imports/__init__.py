"""Clients from a table that another program wrote."""
