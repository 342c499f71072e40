"""The reading room: a Datasette plugin. Datasette looks for templates and static files beside this module."""

from publish.plugin import asgi_wrapper, prepare_connection, startup

__all__ = ["asgi_wrapper", "prepare_connection", "startup"]
