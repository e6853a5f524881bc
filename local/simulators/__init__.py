"""Wire-level simulators of four platforms and three AI providers. They share no code with the product."""
