"""The laptop runtime. Never packaged, never imported by functions/ or layers/."""
