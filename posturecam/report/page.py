"""What every page is made with: the templates of this package, everything of a user's escaped."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_environment() -> Environment:
    """The templates' environment: escapes whatever is put in, and takes an unknown name for an error."""
    return Environment(
        loader=PackageLoader("posturecam.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
