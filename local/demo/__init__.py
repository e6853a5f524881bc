"""The guided tour of a running instance."""
