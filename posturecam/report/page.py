"""What every page is made with: the templates of this package, everything of a user's escaped."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from posturecam import language


@lru_cache(maxsize=1)
def page_environment() -> Environment:
    """The templates' environment: escapes whatever is put in, and takes an unknown name for an error.

    There is one, which keeps the templates it has read: to read in a report's takes longer than to fill it.
    """
    environment = Environment(
        loader=PackageLoader("posturecam.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(environment)
    return environment


def teach(environment: Environment) -> None:
    """Give templates ``_("text", place=value)`` and the like, the filter ``told`` for texts of a spec, and ``language()``.

    A template's own texts may hold markup; what fills their places is escaped, as is all that ``told`` gives.
    """
    environment.globals.update(_=_own, ngettext=_own_plural, pgettext=_own_in_context, language=language.current)
    environment.filters.update(told=language.gettext, inside=language.inside, decimals=language.decimals)


def _own(text: str, **values: object) -> Markup:
    return Markup(language.gettext(text)).format(**values)


def _own_plural(one: str, many: str, number: int, **values: object) -> Markup:
    # the places are filled here, where what fills them is escaped
    words = language.plural_form(one, many, number)
    return Markup(words).format(number=number, **values)


def _own_in_context(context: str, text: str, **values: object) -> Markup:
    return Markup(language.pgettext(context, text)).format(**values)
