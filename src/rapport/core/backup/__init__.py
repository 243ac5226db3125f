"""Backups: encrypted to the recovery sheet, made while serving, restored with the sheet alone."""
