"""The reading room in a real browser, served by the datasette command."""

import csv
import importlib
import importlib.util
import io
import os
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from serving_command import datasette_command
from synthetic_library import PNG, START, Library, Writer

from portal_archive.model.page import Article

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
expect.set_options(timeout=20_000)
pytestmark = pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true",
    reason="no Chromium on this machine: install the package chromium",
)


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    """Serve the library as the README says, and return its address."""
    with datasette_command(library.path) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the console says."""
    return []


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest, browser: Any, complaints: list[str]) -> Iterator[Page]:
    """Return a page as wide as a desk's or a phone's; at the end it must have had nothing to complain of."""
    opened = browser.new_page(viewport={"width": request.param, "height": 900}, locale="vi-VN")
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert complaints == []


def fits(page: Page) -> bool:
    page.wait_for_load_state()  # without its style a page is wider
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_journalist_finds_reads_compares_and_switches_language(page: Page, site: str) -> None:
    page.goto(site)
    assert fits(page)
    page.locator("body").press("/")
    page.keyboard.type("nhiem vu lai chau")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/search?q=nhiem+vu+lai+chau")
    expect(page.locator("mark").first).to_have_text("Lai Châu")
    assert fits(page)
    page.get_by_role("link", name="Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ"
    )
    picture = page.locator(".images img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1)
    assert fits(page)
    page.get_by_role("link", name="So với bản 1").last.click()
    expect(page.locator("del")).to_have_text("1.245")
    expect(page.locator("ins")).to_have_text("1.254")
    page.get_by_role("link", name="Hai cột").click()
    expect(page.locator(".two")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Back to the article")).to_be_visible()
    page.get_by_role("link", name="Back to the article").click()
    expect(page.get_by_role("heading", name="Provenance")).to_be_visible()


def test_a_facet_narrows_and_is_taken_off_again(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=dan+van")
    page.get_by_role("complementary").get_by_role("link", name="Đảng bộ tỉnh Điện Biên").click()
    expect(page.get_by_role("status")).to_have_text("21 bài")
    page.get_by_role("link", name="Cổng: Đảng bộ tỉnh Điện Biên ✕").click()
    expect(page.get_by_role("status")).to_have_text("66 bài")


def test_the_slash_does_not_steal_from_a_box(page: Page, site: str) -> None:
    page.goto(f"{site}/search")
    page.locator("#q").fill("25-NQ")
    page.locator("#q").press("End")
    page.keyboard.type("/TW")
    expect(page.locator("#q")).to_have_value("25-NQ/TW")


def test_a_stored_page_shows_its_picture_and_style_in_its_sandbox(browser: Any, tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.visit("laichau", "/anh.png", START, kind="file", body=PNG, content_type="image/png")
    writer.visit(
        "laichau", "/s.css", START, kind="file", body=b"h1{color:rgb(1,2,3)}", content_type="text/css"
    )
    body = b'<link rel=stylesheet href=/s.css><h1>A</h1><img src=/anh.png alt=""><script>document.title=1</script>'
    writer.visit("laichau", "/tin/1", START, article=Article(title="A", body="B"), body=body)
    writer.close()
    with datasette_command(writer.path) as address:
        page = browser.new_page()
        page.goto(f"{address}/capture/3")
        stored = page.frame_locator("iframe.stored")
        expect(stored.locator("img")).to_have_js_property("naturalWidth", 1)
        expect(stored.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
        expect(stored.locator("div").first).to_contain_text("sha1:")
        page.close()


def test_results_are_downloaded_as_a_table(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=dan+van&portal=backan")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV (Excel)").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 23
    assert download.value.suggested_filename == "search.csv"


def test_feed_over_http(site: str) -> None:
    with urllib.request.urlopen(f"{site}/search.atom?q=dan+van") as response:
        feed = feedparser.parse(response.read())
    assert not feed.bozo
    assert feed.entries[0].link.startswith(f"{site}/article/")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=dan+van",
        "/article/{changed}",
        "/story/1",
        "/portal/laichau",
        "/counters",
        "/status",
        "/help",
    ],
)
def test_pages_read_without_javascript(browser: Any, site: str, library: Library, path: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    response = page.goto(site + path.format(**library.ids))
    assert response.status == 200
    assert page.get_by_role("heading", level=1).is_visible()
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=d%C3%A2n+v%E1%BA%ADn&portal=laichau",
        "/search?q=zzzz",
        "/article/{changed}",
        "/article/{gone}",
        "/article/{changed}/diff/1/3?view=side",
        "/article/{changed}/version/1",
        "/portal/laichau",
        "/story/1",
        "/stories",
        "/counters",
        "/status",
        "/capture/1",
        "/dossier?title=A&item=article:{changed}&note=x&item=version:1:0123456789abcdef&note=",
        "/help",
        "/article/999999",
    ],
)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
@pytest.mark.skipif(
    not importlib.util.find_spec("axe_playwright_python"),
    reason="axe-core is not installed (axe-playwright-python)",
)
def test_axe_finds_nothing(
    browser: Any, site: str, library: Library, path: str, width: int, scheme: str
) -> None:
    axe = importlib.import_module("axe_playwright_python.sync_playwright").Axe()
    # The page's own policy would keep the test's script out.
    context = browser.new_context(
        viewport={"width": width, "height": 900}, bypass_csp=True, locale="vi-VN", color_scheme=scheme
    )
    page = context.new_page()
    page.goto(site + path.format(**library.ids))
    found = axe.run(page)
    context.close()
    assert [violation["id"] for violation in found.response["violations"]] == []
