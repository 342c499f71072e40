"""Columns that hold JSON, in whatever table; exports write them as what they hold."""

ARRAYS = frozenset(
    "attachments changed examples findings images marks next_step old_words page_spans sent_by signs tags"
    " warnings".split()
)
OBJECTS = frozenset("details methods old_reason printed reasons".split())
JSON = ARRAYS | OBJECTS
