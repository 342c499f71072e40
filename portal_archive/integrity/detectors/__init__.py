"""The ways in which pages are tampered with, a file each; `detector.registry` finds them here."""
