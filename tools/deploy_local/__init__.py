"""A deployment of the real artifacts on this machine: built and deployed by SAM into an emulator of AWS. Never packaged."""
