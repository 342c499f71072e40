"""What storing asks of the archive is answered by indexes, whatever SQLite's planner knows of the tables."""

from __future__ import annotations

from visiting import Site, article


def test_storing_scans_no_table(site: Site) -> None:
    ran: list[str] = []
    site.archive.db.conn.set_trace_callback(ran.append)
    site.read("a.html", 0, article(cms_id="7"))
    site.read("a.html", 1, article(cms_id="7"))
    site.read("b.html", 1, article(cms_id="7"))
    site.read("a.html", 2, article(cms_id="7", title="Tên mới"))
    site.visit("c.html", 2, "gone", status=404)
    for _ in site.archive.group_stories():
        pass
    assert site.archive.payload("sha1:UNKNOWN") is None
    site.archive.db.conn.set_trace_callback(None)
    asked = {sql for sql in ran if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE"))}
    steps = {step[3] for sql in asked for step in site.rows(f"EXPLAIN QUERY PLAN {sql}")}
    # Lists that are handed over, and the few settings of a search index, are read whole.
    scans = {step for step in steps if step.startswith("SCAN") and not step.endswith("_config")}
    assert scans == {"SCAN j VIRTUAL TABLE INDEX 1:"}
    assert "SEARCH v USING INDEX versions_text (<expr>=?)" in steps
    assert "SEARCH captures USING INDEX captures_digest (<expr>=?)" in steps
