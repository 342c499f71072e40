"""What can be trusted: signs of tampering, original words, and copies of one text on several portals."""
