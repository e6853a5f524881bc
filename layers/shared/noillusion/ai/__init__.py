"""Text generation with the user's own providers, prompts that can be read in full, and one fallback loop."""
