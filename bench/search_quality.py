"""`python -m bench.search_quality`: how often the first hit of a search is what was looked for.

Asks an archive of synthetic articles for the queries of `search_set/queries.tsv`, and, where real sites are at hand
(`REAL_PAGES` names their folder, see tests/real_pages.py), archives of their articles for names and documents that are
drawn from them. Writes its section of docs/accuracy.md, always the same for the same articles and search.
"""

from __future__ import annotations

import csv
import json
import random
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.accuracy import SEARCH, SITES, TARGET
from portal_archive.archive.archive import Archive
from portal_archive.archive.search import hits, ranking
from portal_archive.archive.search.hits import Filters
from portal_archive.archive.search.known import KnownNames
from portal_archive.archive.search.query import parse_query
from portal_archive.archive.search.snippets import WEIGHTS
from portal_archive.archive.search.suggest import suggestions
from portal_archive.archive.warc.captures import payload_digest
from portal_archive.model.kinds import Outcome, Precision
from portal_archive.model.page import Article, Page
from portal_archive.model.records import CaptureRef, Portal, Visit
from portal_archive.vietnamese import mentions
from portal_archive.vietnamese.folding import fold, nfc, words_of
from tests.real_pages import PORTALS

_SET = Path(__file__).parent / "search_set"
_LOOKED_AT = 10
_APART = 3
_DRAWN = {"name": 60, "document": 30}
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, of what kind it is, and the words that must stand together in a hit that is right.

    `says` is how an article says it, where that is more than the words.
    """

    kind: str
    query: str
    words: str
    says: str = ""


@dataclass(slots=True)
class Score:
    """Of the queries of a kind: the ranks of the first right hit, 0 for none, of this search and of plain bm25."""

    ours: list[int]
    bm25: list[int]


def queries() -> list[Asked]:
    """Return the queries of the set."""
    lines = (_SET / "queries.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.reader(
        (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return [Asked(*row) for row in rows]


def sentences(kind: str) -> list[str]:
    """Return the sentences of a kind, with «{}» where a name goes, or those that hold any words apart."""
    lines = (_SET / "sentences.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [sentence for named, sentence in rows if named == kind]


def synthetic(asked: Sequence[Asked]) -> Iterator[Article]:
    """Give articles: some that have the words of a query together, and more, and newer, that have them apart."""
    chance = random.Random(20240118)
    golds: dict[str, str] = {}
    for one in asked:
        golds.setdefault(one.words, "topic" if one.kind == "misspelt" else one.kind)
    says = {one.words: one.says for one in asked if one.says}
    filler = sentences("filler")
    for number, (words, kind) in enumerate(golds.items()):
        day = datetime(2024, 1, 1) + timedelta(days=number)
        own = chance.choice(sentences(kind)).format(says.get(words, words))
        is_author = any(
            one.query.partition(":")[0] in ("author", "tacgia") and one.words == words for one in asked
        )
        others = chance.sample(filler, 5)
        yield Article(
            title=f"{words}: {chance.choice(filler).lower()}"
            if number % 3 == 0 and not is_author
            else others[0],
            summary=others[1],
            body="\n\n".join([others[2], others[3] if is_author else own, others[4]]),
            author=words if is_author else None,
            published_at=day.strftime("%Y-%m-%dT08:%M:00+07:00"),
            published_precision=Precision.MINUTE,
        )
        for copy in range(_APART):
            yield _apart(chance, words, day + timedelta(days=400 + copy), filler)


def _apart(chance: random.Random, words: str, day: datetime, filler: Sequence[str]) -> Article:
    """Return an article that has each of the words, but never two of them next to each other."""
    holders = sentences("apart")
    parts = [word for word in words.replace("-", " ").replace("/", " ").split() if word]
    chance.shuffle(parts)
    body = [chance.choice(holders).format(part) for part in parts]
    mixed = [
        sentence for pair in zip(body, chance.choices(filler, k=len(body)), strict=True) for sentence in pair
    ]
    return Article(
        title=chance.choice(filler),
        summary=chance.choice(holders).format(parts[0]),
        body="\n\n".join(mixed),
        published_at=day.strftime("%Y-%m-%dT09:%M:00+07:00"),
        published_precision=Precision.MINUTE,
    )


def build(path: Path, articles: Iterator[Article]) -> None:
    """Make an archive of articles with the project's own writer."""
    with Archive(path) as archive:
        archive.claim("bench")
        archive.register(
            [Portal("quality", "Cổng thử", "https://quality.example/", "generic", "generic", None)]
        )
        with archive.batch():
            for number, article in enumerate(articles):
                url = f"https://quality.example/tin/{number}"
                capture = CaptureRef("quality/1.warc.gz", number * 1000, 900, payload_digest(url.encode()))
                page = Page(url, Outcome.ARTICLE, article=article)
                at = _START + timedelta(seconds=number)
                archive.store(
                    Visit(
                        "quality",
                        url,
                        url,
                        at,
                        "article",
                        status=200,
                        content_type="text/html",
                        capture=capture,
                        page=page,
                    )
                )


def measure(path: Path, asked: Sequence[Asked]) -> dict[str, Score]:
    """Return the ranks of the first right hit by kind."""
    scores: dict[str, Score] = defaultdict(lambda: Score([], []))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        for one in asked:
            scores[one.kind].ours.append(_rank(db, _ours(db, one.query), one.words))
            scores[one.kind].bm25.append(_rank(db, _bm25(db, one.query), one.words))
    return scores


def _ours(db: sqlite3.Connection, typed: str) -> list[int]:
    """Return the first hits; where there are none, those of the first suggestion, as a reader would click on it."""
    for text in (typed, ""):
        query = parse_query(text or typed, KnownNames(db))
        if not text:
            suggested = suggestions(db, typed, query, Filters())
            if not suggested:
                return []
            query = parse_query(suggested[0].text, KnownNames(db))
        groups = ranking.ranked(db, query, Filters(), hits.find(db, query, Filters()), by_words=True)
        orders = [order for group in groups for order in group.orders]
        if orders:
            return orders[:_LOOKED_AT]
    return []


def _bm25(db: sqlite3.Connection, typed: str) -> list[int]:
    """Return the first hits of SQLite's own ranking for all the words, in the same index."""
    words = " AND ".join(f'"{word}"' for word in fold(typed.replace('"', " ")).split())
    found = db.execute(
        "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        f" ORDER BY bm25(articles_fts, {WEIGHTS}), rowid DESC LIMIT {_LOOKED_AT}",
        [words],
    )
    return [row[0] for row in found]


def _rank(db: sqlite3.Connection, orders: Sequence[int], words: str) -> int:
    wanted = _bare(words)
    for rank, order in enumerate(orders, start=1):
        row = db.execute(
            "SELECT title, summary, body, author FROM articles WHERE search_order = ?", [order]
        ).fetchone()
        if any(wanted in _bare(text) for text in row if text):
            return rank
    return 0


def _bare(text: str) -> str:
    """Return a text as it is compared: words with blanks between."""
    return f" {' '.join(words_of(nfc(text).lower()))} "


def real_sites() -> Iterator[tuple[str, list[Article], list[Asked]]]:
    """Give each real site with its articles and the names and documents that are drawn from them."""
    for folder, cms in SITES.items():
        path = PORTALS / folder / "gold.jsonl"
        if not path.is_file():
            continue
        articles = []
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            paragraphs = row.get("body") or row.get("paragraphs") or []
            text = paragraphs if isinstance(paragraphs, str) else "\n\n".join(paragraphs)
            if row.get("title") and text:
                at = row.get("published_at") or row.get("printed_at")
                articles.append(
                    Article(
                        title=row["title"],
                        body=text,
                        published_at=at,
                        published_precision=Precision.DAY if at else None,
                    )
                )
        asked = list(_drawn(articles))
        if asked:
            yield f"{cms} ({folder})", articles, asked


def _drawn(articles: Sequence[Article]) -> Iterator[Asked]:
    chance = random.Random(20240118)
    for kind, find in (("name", mentions.people), ("document", mentions.documents)):
        found = sorted({name for article in articles for name in find(article.body)})
        for number, name in enumerate(chance.sample(found, min(len(found), _DRAWN[kind]))):
            yield Asked(kind, fold(name) if number % 2 else name, name)


_ABOUT = (
    "A search is right where the words that were looked for stand together in the hit. success@1 is the share of"
    " queries whose first hit is right; MRR is the mean of one over the rank of the first right hit, among ten. Where"
    " nothing is found, the hits of the first suggestion count, as they are one click away. «bm25 alone» is SQLite's"
    " own ranking for all the words in the same index. The project's set was at hand while the search was made; names"
    " and documents of the real sites are drawn by a rule, and half of them are asked for without accents."
)


def report() -> str:
    """Return the section."""
    asked = queries()
    lines = [
        SEARCH,
        "",
        "Written by `make accuracy` (`python -m bench.search_quality`); not to be edited.",
        "",
        _ABOUT,
    ]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "synthetic.db"
        articles = list(synthetic(asked))
        build(path, iter(articles))
        lines += _table(
            f"{len(asked)} queries of the project's set, {len(articles)} synthetic articles",
            measure(path, asked),
        )
        for number, (name, of_site, drawn) in enumerate(real_sites()):
            path = Path(scratch) / f"{number}.db"
            build(path, iter(of_site))
            lines += _table(
                f"{name}: {len(drawn)} names and documents drawn from {len(of_site)} real articles",
                measure(path, drawn),
            )
    return "\n".join(lines) + "\n"


def _table(title: str, scores: dict[str, Score]) -> list[str]:
    rows = list(scores.items())
    rows.append(("all", Score([r for _, s in rows for r in s.ours], [r for _, s in rows for r in s.bm25])))
    lines = ["", f"### {title}", "", "| queries | number | success@1 | MRR | bm25 alone: success@1 | MRR |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for kind, score in rows:
        cells = [f"{len(score.ours)}", *_cells(score.ours), *_cells(score.bm25)]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return lines


def _cells(ranks: Sequence[int]) -> tuple[str, str]:
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks)
    return f"{first:.3f}", f"{reciprocal:.3f}"


def wrong() -> Iterator[str]:
    """Give the queries of the set whose first hit is not right, with the rank of the first that is."""
    asked = queries()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "synthetic.db"
        build(path, synthetic(asked))
        for one in asked:
            (rank,) = measure(path, [one])[one.kind].ours
            if rank != 1:
                yield f"{one.kind}\t{one.query}\t{one.words}\t{rank}"


def main() -> None:
    """Measure, and write the section of docs/accuracy.md; with `--wrong`, list what is not found first."""
    if "--wrong" in sys.argv:
        sys.stdout.write("".join(f"{line}\n" for line in wrong()))
        return
    text = report()
    before = TARGET.read_text(encoding="utf-8").partition(f"\n{SEARCH}\n")[0].rstrip("\n")
    TARGET.write_text(f"{before}\n\n{text}", encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
