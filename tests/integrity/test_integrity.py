"""Findings on whole pages: the demo's hijacked copy, its original, the seeds, and articles that only look injected."""

import re
from urllib.request import urlopen

import pytest
from real_pages import SEEDS, needs_real_pages

from bench.integrity import hard_negatives, held_out, negative_page
from demo.server import serve
from portal_archive.archive.findings.reasons import reason
from portal_archive.integrity.check import read_and_check as read_page
from portal_archive.integrity.words import NAMES, SELLS
from portal_archive.model.kinds import FindingKind, Outcome
from portal_archive.model.messages import LANGUAGES
from portal_archive.model.page import Finding, Page
from portal_archive.reading.markup.document import parse
from portal_archive.vietnamese.folding import fold


def _text_of(page: Page, finding: Finding, body: bytes) -> str:
    if finding.field == "html":
        return parse(body, page.url).source
    if finding.field == "url":
        return page.url
    value = getattr(page.article, finding.field)
    return "\n\n".join(value) if finding.field == "captions" else str(value)


def test_every_article_of_the_demo_is_judged_as_it_was_made() -> None:
    seen = 0
    with serve() as portals:
        for portal in portals.values():
            for gold in portal.gold():
                body = urlopen(gold["url"]).read()
                page = read_page(body, gold["url"])
                hijacked = gold["hijacked"]
                assert page.flagged is bool(hijacked), gold["url"]
                if not hijacked:
                    assert page.findings == []
                    continue
                seen += 1
                for kind in (FindingKind.NAME_SLOT, FindingKind.FOREIGN_LINK):
                    found = [finding for finding in page.findings if finding.kind == kind]
                    assert [finding.span for finding in found] == [hijacked["phrase"]] * int(
                        hijacked["count"]
                    )
                    assert len({(finding.field, finding.start) for finding in found}) == len(found)
                for finding in page.findings:
                    assert _text_of(page, finding, body)[finding.start : finding.end] == finding.span
                    assert 0.5 <= finding.score <= 1
                    for lang in LANGUAGES:
                        assert reason(finding.signs, finding.details, lang).endswith(".")
    assert seen == 22


@needs_real_pages
def test_of_the_seeds_only_the_hijacked_one_is_flagged() -> None:
    pages = [read_page(path.read_bytes(), "") for path in sorted(SEEDS.glob("*.txt"))]
    assert [page.flagged for page in pages] == [False, False, False, False, True]
    assert all(page.findings == [] for page in pages[:4])
    found = pages[4].findings
    assert [(finding.kind, finding.field, finding.span) for finding in found] == [
        (FindingKind.NAME_SLOT, "body", "sòng bài online uy tín")
    ] * 4
    article = pages[4].article
    assert article is not None
    body = article.body or ""
    assert [body[: finding.start].split()[-1] for finding in found] == ["cầu", "cầu", "bàn", "đó,"]


@pytest.mark.parametrize(("title", "paragraphs"), hard_negatives(), ids=[t for t, _ in hard_negatives()])
def test_an_article_about_it_is_not_injected(title: str, paragraphs: str) -> None:
    page = read_page(negative_page(title, paragraphs), "https://www.example.gov.vn/tin-tuc/bai-viet")
    assert page.kind is Outcome.ARTICLE
    assert [(finding.kind, finding.span) for finding in page.findings if finding.score >= 0.5] == []


def test_there_are_enough_hard_negatives() -> None:
    assert len(hard_negatives()) >= 60


def test_held_out_phrases_are_in_no_word_list() -> None:
    listed = {*SELLS.phrases, *NAMES.phrases}
    for phrase in map(fold, held_out()):
        assert not [
            entry
            for entry in listed
            if re.search(rf"\b{re.escape(entry)}\b", phrase) or re.search(rf"\b{re.escape(phrase)}\b", entry)
        ], phrase
