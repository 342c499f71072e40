"""Which address shows which page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal_archive.archive.export.formats import EXPORTERS
from portal_archive.publish.page_context import view
from portal_archive.publish.pages import (
    article,
    attachment,
    capture,
    changes,
    counters,
    dossier,
    doubts,
    findings,
    guide,
    home,
    leaving,
    portal,
    province,
    results,
    review,
    search,
    status,
    stored_page,
    stories,
    story,
    take_away,
    version,
    versions,
)

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_FORMS = "|".join(EXPORTERS)

ROUTES = [
    (r"^/$", view(home.home)),
    (r"^/search$", view(search.search)),
    (rf"^/search\.(?P<form>{_FORMS})$", view(results.download)),
    (r"^/search\.wacz$", view(take_away.of_search)),
    (r"^/search\.atom$", view(results.atom)),
    (r"^/article/(?P<id>\d{1,18})$", view(article.article)),
    (
        r"^/article/(?P<id>\d{1,18})/version/(?P<version>\d{1,9})(?:/(?P<hash>[0-9a-f]{16}))?$",
        view(version.version),
    ),
    (r"^/article/(?P<id>\d{1,18})\.wacz$", view(take_away.of_article)),
    (r"^/article/(?P<id>\d{1,18})/diff/(?P<before>\d{1,9})/(?P<after>\d{1,9})$", view(versions.diff)),
    (r"^/article/(?P<id>\d{1,18})/(?P<kind>file|image)/(?P<position>\d{1,6})$", view(attachment.attachment)),
    (r"^/article/?$", view(article.by_address)),
    (r"^/article/(?P<address>https?(:|%3[Aa])/.+)$", view(article.by_address)),
    (r"^/stories$", view(stories.stories)),
    (r"^/story/(?P<id>\d{1,18})$", view(story.story)),
    (r"^/capture/(?P<id>\d{1,18})(?:/(?P<digest>[A-Z2-7]{16}))?$", view(capture.capture)),
    (r"^/capture/(?P<id>\d{1,18})/page$", view(stored_page.stored_page)),
    (r"^/capture/(?P<id>\d{1,18})/style$", view(stored_page.stored_style)),
    (r"^/capture/(?P<id>\d{1,18})/raw$", view(capture.stored_source)),
    (r"^/capture/(?P<id>\d{1,18})/file$", view(capture.stored_file)),
    (r"^/portal/(?P<name>[^/]+)$", view(portal.portal)),
    (r"^/provinces$", view(province.provinces)),
    (r"^/province/(?P<slug>[a-z-]+)$", view(province.province)),
    (r"^/counters$", view(counters.counters)),
    (rf"^/counters\.(?P<form>{_FORMS})$", view(counters.download)),
    (rf"^/counters/marks\.(?P<form>{_FORMS})$", view(counters.download_marks)),
    (r"^/findings$", view(findings.findings)),
    (rf"^/findings\.(?P<form>{_FORMS})$", view(findings.download)),
    (r"^/findings\.atom$", view(findings.atom)),
    (r"^/changes$", view(changes.changes)),
    (r"^/changes\.atom$", view(changes.atom)),
    (r"^/doubts$", view(doubts.doubts)),
    (r"^/review$", view(review.review)),
    (r"^/status$", view(status.status)),
    (r"^/status\.json$", view(status.status_json)),
    (r"^/dossier$", view(dossier.dossier)),
    (r"^/dossier/add$", view(dossier.add)),
    (r"^/dossier/keep$", view(dossier.keep)),
    (rf"^/dossier\.(?P<form>{_FORMS})$", view(dossier.download)),
    (r"^/dossier\.wacz$", view(dossier.take_away)),
    (r"^/leaving$", view(leaving.leaving)),
    (r"^/help$", view(guide.help_page)),
]


async def datasette_index(datasette: Datasette, request: Request) -> Any:
    """Show Datasette's own front page, which the reading room's takes the place of."""
    from datasette.views.index import IndexView  # not at the top: it is imported after the plugins

    return await IndexView(datasette).get(request)
