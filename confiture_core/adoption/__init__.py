"""Projects made of what is there: a live database, or the migrations of another tool."""
