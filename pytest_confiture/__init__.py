"""The pytest plugin: a database per test, and items that prove the migrations."""
