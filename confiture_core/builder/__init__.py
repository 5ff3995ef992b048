"""SQL files made into databases: run by PostgreSQL, complained about by file and line.

Nothing is imported here: an environment's database is begun before the grammar is loaded.
"""
