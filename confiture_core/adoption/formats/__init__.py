"""Readers of other tools' migrations, one module each; each has `is_there` and `read`."""
