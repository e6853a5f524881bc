"""The smoke kit: one account through the whole product, with an operator's own registration or with a simulator.

``make smoke PLATFORM=linkedin`` connects, publishes a marked post for the smallest audience, reads, measures and deletes it,
disconnects, and writes a report. It drives the product through the local gateway (``docs/operating.md``, "Test with real
accounts").
"""
