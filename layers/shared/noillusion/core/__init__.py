"""The ground floor: time, errors, logs, types that cannot be printed. It imports no other room."""
