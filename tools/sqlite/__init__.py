"""SQLite's side of the migrations: read them, keep a model of the tables, and bring existing databases up to date."""
