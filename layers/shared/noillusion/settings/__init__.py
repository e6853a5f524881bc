"""The settings of a deployment: values, sources, and the groups that each function has."""
