"""The engine: catalogs, diffs, databases and migrations; knows neither pytest nor typer."""
