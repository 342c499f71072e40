"""Pages that a script fills: what is asked for beside such a page, and whose content its answer is."""

from __future__ import annotations

from dataclasses import replace

from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.network.browser import browser_request, has_browser
from portal_archive.model.kinds import Outcome, ProblemKind
from portal_archive.model.records import FrontierPage, Visit
from portal_archive.reading.portal_rules import PortalRules

# In the `meta` of a request: the visit to the page itself, which showed nothing.
SHELL = "shell"
# What an endpoint or a browser gives; anything else says nothing of the page.
ANSWERS = (Outcome.ARTICLE, Outcome.LIST, Outcome.OTHER)
_EMPTY = (Outcome.OTHER, Outcome.LIST, Outcome.SOFT_404)


def shows_nothing(visit: Visit) -> bool:
    """Tell whether a page that answered shows neither an article nor a list of some."""
    page = visit.page
    return (
        visit.status == 200
        and visit.kind in _EMPTY
        and page is not None
        and page.article is None
        and not (page.items or page.is_stated)
    )


def request_to_fill(
    visit: Visit, page: FrontierPage, rules: PortalRules, settings: BaseSettings, *, is_rendered: bool
) -> Request | None:
    """Return what is asked for to see what a page shows to people; None where nothing would.

    That is the endpoint that its portal or its family names for it, else the page in a browser where its portal says
    that it needs one.
    """
    if not shows_nothing(visit):
        return None
    url = visit.final_url
    addresses = (endpoint.data_of(url) for endpoint in rules.every_endpoint())
    data = next((address for address in addresses if address is not None), None)
    if data is not None and data != url:
        request = Request(data)
    elif is_rendered and has_browser(settings):
        request = browser_request(url, settings)
    else:
        return None
    request.meta.update({"page": page, SHELL: visit})
    return request


def as_answer(visit: Visit, shell: Visit, *, is_rendered: bool) -> None:
    """Make the visit to an endpoint, or in a browser, one to the page whose content it is.

    What such a page itself says of when it changed is not said of its content, so that it is asked for each time.
    """
    if not is_rendered:
        visit.data_url = visit.final_url
    visit.rendered = is_rendered
    visit.final_url = shell.final_url
    visit.etag = visit.last_modified = None


def kept_beside(visit: Visit) -> Visit:
    """Return a visit whose capture is kept, and which says nothing of its page: another is about to."""
    problems = [problem for problem in visit.problems if problem.kind != ProblemKind.SCRIPT_SHELL]
    return replace(visit, off_frontier=True, problems=problems)


def without_capture(shell: Visit, *more: Visit) -> Visit:
    """Return the visit to a page that nothing filled, whose capture is stored, with what went wrong on the way."""
    problems = [problem for visit in (shell, *more) for problem in visit.problems]
    return replace(shell, capture=None, off_frontier=False, problems=problems, etag=None, last_modified=None)
