"""The laws of migrations, each a function from what was seen to Findings."""
