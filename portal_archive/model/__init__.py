"""The records that every room speaks in; they know nothing of each other's rooms."""
