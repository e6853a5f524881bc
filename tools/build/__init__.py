"""Builds what is deployed: SAM's artifacts, slimmed, with bytecode in them, and checked. It deploys nothing."""
