"""Tables of the archive as files for others, streamed, with the provenance of every row.

`tables` says what can be exported, `formats` holds a file for each format, `export` writes.
"""
