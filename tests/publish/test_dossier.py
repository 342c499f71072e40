"""A dossier is its address: what is added, noted and taken out, by whoever opens it."""

import csv
import io
import json
import re
import zipfile
from html import unescape
from typing import Any

from synthetic_library import Library

from portal_archive.publish.parts.dossiers import LONGEST_NOTE, MOST_ITEMS, Dossier, read_query, write_query


def cookie(answer: Any) -> dict[str, str]:
    return {"cookie": answer.headers["set-cookie"].partition(";")[0]}


def test_articles_and_versions_are_collected_noted_and_taken_out(room: Any, library: Library) -> None:
    number = library.ids["changed"]
    page = room.get(f"/article/{number}/version/1").text
    links = [unescape(link) for link in re.findall(r'href="(/dossier/add\?[^"]+)"', page)]
    added = room.get(links[0])
    assert added.headers["location"] == f"/dossier?item=article%3A{number}&note="
    assert "HttpOnly" in added.headers["set-cookie"]
    both = room.get(links[1], headers=cookie(added))
    address = both.headers["location"]
    assert re.fullmatch(
        rf"/dossier\?item=article%3A{number}&note=&item=version%3A{number}%3A[0-9a-f]{{16}}&note=", address
    )
    assert room.get("/dossier", headers=cookie(both)).headers["location"] == address
    mine = room.get(address, headers=cookie(both)).text
    assert "Trình duyệt không nhớ hồ sơ này" not in mine
    assert "bài, bản hiện hành 3" in mine
    assert '<span class="flag">bản 1</span>' in mine
    # Somebody else opens the link: nothing of theirs is lost.
    theirs = room.get(address)
    assert "Trình duyệt không nhớ hồ sơ này" in theirs.text
    assert "set-cookie" not in theirs.headers
    kept = room.get(
        "/dossier/keep" + address.removeprefix("/dossier").replace("note=", "note=%3Cb%3E1") + "&remove=0"
    )
    assert kept.headers["location"].count("item=") == 1
    shown = room.get(kept.headers["location"]).text
    assert "&lt;b&gt;1</textarea>" in shown
    assert "bài, bản hiện hành" not in shown


def test_a_dossier_is_taken_away(room: Any, library: Library) -> None:
    number = library.ids["changed"]
    query = f"title=Vụ A&item=article:{number}&note==1%2B1&item=finding:999&note="
    text = room.get(f"/dossier.csv?{query}").text.removeprefix("\ufeff")
    first, second = csv.DictReader(io.StringIO(text))
    assert first["title"] == "Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ"
    assert first["permalink"].startswith(f"http://localhost/article/{number}/version/3/")
    assert first["capture"].startswith("http://localhost/capture/")
    assert first["note"] == "'=1+1"
    assert (second["item"], second["title"]) == ("finding:999", "")
    assert room.get(f"/dossier.xlsx?{query}").content.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(room.get(f"/dossier.wacz?{query}").content)) as package:
        assert json.loads(package.read("datapackage.json"))["title"] == "Vụ A"


def test_addresses_of_any_length_and_kind_are_read() -> None:
    assert read_query("item=article:1&note=a&item=article:1&note=b&note=c&item=nonsense&note=d") == Dossier(
        (("article:1", "c"),)
    )
    assert read_query("item=article:2" + "&note=" * 20_000) == Dossier((("article:2", ""),))
    many = Dossier(tuple((f"article:{number}", "") for number in range(MOST_ITEMS)), "Vụ & A")
    assert read_query(write_query(many)) == many
    assert many.with_item("article:999") is many
    assert many.without(0).with_item("javascript:1") == many.without(0)
    assert len(dict(read_query("item=article:1&note=" + "x" * 9_999).items)["article:1"]) == LONGEST_NOTE
