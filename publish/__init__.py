"""The reading room: a Datasette plugin. Datasette looks for templates and static files beside this module."""

from publish.plugin import (
    asgi_wrapper,
    extra_css_urls,
    handle_exception,
    menu_links,
    prepare_connection,
    register_routes,
    render_cell,
    startup,
)

__all__ = [
    "asgi_wrapper",
    "extra_css_urls",
    "handle_exception",
    "menu_links",
    "prepare_connection",
    "register_routes",
    "render_cell",
    "startup",
]
