"""The settings of one deployment: their values, where they come from and who holds which."""
