"""HTTP to the outside: the one client, and the guard before URLs that people name."""
