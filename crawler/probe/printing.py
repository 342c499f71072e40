"""A report for the eyes of an operator: one portal in full, many as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from crawler.probe.pages import ProbedPage
from crawler.probe.report import ALWAYS
from portal_archive.archive.findings.reasons import reason
from portal_archive.archive.storing.fill_rates import FIELDS
from portal_archive.model.kinds import Outcome, ProbeState
from portal_archive.model.probe import AddressesSeen, ArticleSeen, ListSeen, ProbeReport

_COLOURS: dict[str, str] = {
    ProbeState.WORKS: "green",
    ProbeState.LACKING: "yellow",
    ProbeState.SHELL: "yellow",
}


def print_report(console: Console, report: ProbeReport, pages: Sequence[ProbedPage]) -> None:
    """Print what one portal showed, page by page and in all; `pages` are those the report was made of."""
    articles = {article.url: article for article in report.articles}
    lists = {one.url: one for one in report.lists}
    for page in pages:
        _print_page(console, page, articles.get(page.url), lists.get(page.url))
    _print_fields(console, report, len(pages))
    console.print()
    for name, said in _facts(report):
        console.print(f"[bold]{name:14}[/] {escape(said)}", soft_wrap=True)
    colour = _COLOURS.get(report.state, "bold red")
    said = f": {escape(report.reason)}" if report.reason and report.state is not ProbeState.LACKING else ""
    console.print(f"[{colour}]{report.state}[/]{said}", soft_wrap=True)
    for line in report.missing:
        console.print(f"[red]missing[/] {escape(line)}", soft_wrap=True)


def _print_page(
    console: Console, seen: ProbedPage, article: ArticleSeen | None, listed: ListSeen | None
) -> None:
    visit, page = seen.visit, seen.page
    about = " ".join(str(part) for part in (visit.status, visit.kind, page.cms) if part)
    console.print(f"\n[bold]{escape(visit.final_url)}[/]  {about}", soft_wrap=True)
    if article is not None:
        table = Table("field", "method", "value", box=None, pad_edge=True)
        for name in FIELDS:
            if field := article.fields.get(name):
                table.add_row(name, field.method, escape(field.value))
            else:
                table.add_row(name, "[red]missing[/]", "")
        console.print(table)
    if visit.kind == Outcome.LIST:
        last = f", {listed.last_page} pages" if listed and listed.last_page else ""
        console.print(f"  {len(page.items)} items{last}, {len(visit.links)} links to follow")
        for item in page.items[:3]:
            console.print(f"  · {escape(item.title)}  {item.published_at or ''}", soft_wrap=True)
    if page.counter:
        counter = page.counter
        console.print(
            f"  counter: today {counter.today}, total {counter.total} {escape(str(counter.reasons or ''))}"
        )
    for problem in (*visit.problems, *page.problems):
        console.print(f"  [yellow]{escape(problem.kind)}[/] {escape(problem.detail)}", soft_wrap=True)
    found = Counter((one.kind, reason(one.signs, one.details, "en")) for one in page.findings)
    for (kind, why), times in found.items():
        console.print(f"  [yellow]{escape(kind)}[/] {times}x: {escape(why)}", soft_wrap=True)
    if page.flagged:
        console.print("  [bold red]flagged[/]: the article was probably tampered with")


def _print_fields(console: Console, report: ProbeReport, pages: int) -> None:
    if not report.articles:
        return
    count = len(report.articles)
    table = Table("field", "articles", "methods", title=f"\n{count} articles", title_justify="left")
    for name in FIELDS:
        methods = sorted({seen.fields[name].method for seen in report.articles if name in seen.fields})
        filled = report.fill(name)
        style = "red" if not filled else "yellow" if filled < count else "green"
        table.add_row(name, f"[{style}]{filled}/{count}[/]", ", ".join(methods))
    console.print(table)


def _facts(report: ProbeReport) -> list[tuple[str, str]]:
    """Return what is said of a portal as a whole, a line each."""
    said = [("portal", f"{report.portal}  {report.title}"), ("requests", str(report.requests or "none"))]
    if report.redirects:
        said.append(("leads on to", " -> ".join(report.redirects)))
    if report.moved_to:
        said.append(
            ("moved to", f"{report.moved_to} ({report.moved_portal or 'no portal is declared for it'})")
        )
    if report.certificate:
        until = (report.certificate.valid_until or "?")[:10]
        said.append(
            (
                "certificate",
                f"of {report.certificate.owner}, by {report.certificate.issuer}, valid until {until}",
            )
        )
    if report.robots:
        delay = f", asks to wait {report.robots.crawl_delay:g} s" if report.robots.crawl_delay else ""
        said.append(("robots.txt", f"{report.robots.status or 'no answer'}{delay}"))
    families = ", ".join(f"{name} on {pages}" for name, pages in (report.families or {}).items())
    differs = f" (declared: {report.declared_family})" if report.declared_family != report.family else ""
    said.append(("family", f"{families or 'none'}{differs}"))
    if report.generator:
        said.append(("software", report.generator))
    said += [("list", f"{one.url}  {one.items} items, {one.last_page or 1} pages") for one in report.lists]
    for name, seen in (("feed", report.feeds), ("sitemap", report.sitemaps)):
        said += [(name, _address(one)) for one in seen]
    said += [(f"{what} labels", " · ".join(labels)) for what, labels in (report.labels or {}).items()]
    said += [
        ("unknown label", f"{one.label}: {one.value}{f'  (as {one.group})' if one.group else ''}")
        for one in report.unknown_labels
    ]
    if report.counter:
        said.append(("counter", ", ".join(f"{name} {value}" for name, value in report.counter.items())))
    said += [("empty shell", f"{shell.url}  {shell.help}: {shell.help.meaning}") for shell in report.shells]
    said += [("scripts ask", url) for url in report.endpoints]
    if report.storage_hosts:
        said.append(("files on", ", ".join(report.storage_hosts)))
    said.append(
        ("size", f"about {report.size.articles} articles: {report.size.how}" if report.size.articles else "?")
    )
    return said


def _address(seen: AddressesSeen) -> str:
    return f"{seen.url}  {'not asked for' if seen.entries is None else f'{seen.entries} addresses'}"


def table_of(reports: Sequence[ProbeReport], changes: Mapping[str, Sequence[str]]) -> Table:
    """Return the table of many portals; `changes` says by portal what is otherwise than at the last probe."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("portal", overflow="fold")
    table.add_column("state", no_wrap=True)
    table.add_column("family")
    for heading in ("lists", "articles", *ALWAYS[1:], "size"):
        table.add_column(heading.removesuffix("_at"), justify="right")
    table.add_column("changed since", overflow="fold")
    table.add_column("why", ratio=1, overflow="fold")
    for report in reports:
        count = len(report.articles)
        table.add_row(
            Text(report.portal),
            Text(report.state, style=_COLOURS.get(report.state, "bold red")),
            report.family,
            str(len(report.lists)),
            str(count),
            *(f"{report.fill(name)}/{count}" if count else "-" for name in ALWAYS[1:]),
            str(report.size.articles or "-"),
            Text("; ".join(changes.get(report.portal, ()))),
            Text(report.reason),
        )
    return table
