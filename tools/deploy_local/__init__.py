"""Local deployment of the real artifacts, built and deployed by SAM into an AWS emulator. Not deployed itself."""
