"""Migrations: the files, the history, and what brings a database from one to the other."""
