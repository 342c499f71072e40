"""Every Vietnamese (and English) label the readers look for, with its diacritics, in one place.

Readers compare text folded by `text.fold`, so that NFD pages, both tone styles and capitals meet the same
constant. Sources: the pages and templates named in docs/design.md.
"""

# --- dates ---------------------------------------------------------------------------------------------

# --- bylines -------------------------------------------------------------------------------------------

# --- visitor counters ----------------------------------------------------------------------------------

# --- article meta, toolbars, related links, page kinds -------------------------------------------------
