"""Fingerprint of tampering that were found, what a person decided of them, and the words that stood there before."""
