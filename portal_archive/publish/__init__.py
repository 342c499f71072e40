"""The reading room: a Datasette plugin. Datasette looks for templates and static files beside this module."""

from portal_archive.publish.plugin import (
    asgi_wrapper,
    extra_css_urls,
    forbidden,
    handle_exception,
    menu_links,
    permission_allowed,
    prepare_connection,
    register_commands,
    register_routes,
    render_cell,
    startup,
)

__all__ = [
    "asgi_wrapper",
    "extra_css_urls",
    "forbidden",
    "handle_exception",
    "menu_links",
    "permission_allowed",
    "prepare_connection",
    "register_commands",
    "register_routes",
    "render_cell",
    "startup",
]
