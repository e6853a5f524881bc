"""The build: SAM artifacts, reduced, with bytecode, and verified. Deploys nothing."""
