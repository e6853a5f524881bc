"""Platform operations without I/O: the protocol of steps, and the runner that drives them."""
