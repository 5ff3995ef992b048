"""The author's words: the user's own SQL for objects that a migration makes.

PostgreSQL judges, the author words: which objects there are is the catalog's say, and words are
only looked for. Where the two may differ there are none, and PostgreSQL's deparsed text is used.
"""

from __future__ import annotations

from confiture_core.diff.words.find import Words, all_words, column_words, find_words

__all__ = ["Words", "all_words", "column_words", "find_words"]
