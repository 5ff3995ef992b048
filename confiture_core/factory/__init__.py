"""Databases as cheap as values: layers, their templates, and the clones handed out.

Most values here are named tuples: a run waits for all of these classes before its first test, and a
dataclass takes about 1 ms to make on Python 3.11, several times as long.
"""
