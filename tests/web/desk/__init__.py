"""The desk's pages, one file for each part of the house."""
