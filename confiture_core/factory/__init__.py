"""Databases as cheap as values: layers, their templates, and the clones handed out."""
