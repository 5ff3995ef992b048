"""Rows in the tables of a state: made from its catalog, read back and compared by value."""
