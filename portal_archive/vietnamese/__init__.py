"""The Vietnamese language: folding, order, syllables, names, legacy encodings; pure."""
