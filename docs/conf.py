"""The site: Sphinx reads Markdown through MyST."""

from __future__ import annotations

import tomllib
from pathlib import Path

_pyproject = Path(__file__).parent.parent / "pyproject.toml"

project = "confiture"
author = "The confiture authors"
project_copyright = f"2026, {author}"
release = tomllib.loads(_pyproject.read_text(encoding="utf-8"))["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc"]
# The examples are whole projects; their list is a page.
exclude_patterns = ["changelog", "examples/*/**"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
python_use_unqualified_type_names = True
# Types of psycopg's, and names that stand for several: the site links to nothing outside.
nitpick_ignore_regex = [("py:class", r"psycopg\..*|Query|Parameters|Cursor|Rows")]

html_theme = "furo"
html_title = "confiture"
html_show_sourcelink = False
# Summaries are fetched, which a browser refuses to a site that is opened as files.
html_show_search_summary = False
# No fonts, scripts or badges from elsewhere: the site works without a network.
html_theme_options = {"top_of_page_buttons": []}
