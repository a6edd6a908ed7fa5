"""``posturecam app``: a local page instead of the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from posturecam.cli import signals
from posturecam.errors import CallError

DEFAULT_PORT = 8765


def app(
    lan: Annotated[bool, typer.Option("--lan", help="Let a phone that you pair be the camera.")] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where the page is on this computer; 0: any free port.")
    ] = DEFAULT_PORT,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="IP", help="This computer's address for phones, if it has several."),
    ] = None,
) -> None:
    """Open the local page: exercises, reports, recordings, review. Nobody but this computer's browser gets in without --lan."""
    if address is not None and not lan:
        raise CallError("--address belongs to --lan; give both or neither.")
    with signals.loading():
        try:
            from posturecam.web.desk import Desk
            from posturecam.web.server import Serving, serve
        except ImportError as error:
            raise CallError(
                f"The page needs the extra 'web' ({error.name} is missing); install it: pip install 'posturecam[web]'"
            ) from error

    def opened(link: str) -> None:
        print(f"The page is open at {link}\nCtrl-C ends it.", flush=True)
        if browser:
            import webbrowser

            webbrowser.open(link)

    serve(Desk(), Serving(port, lan, address), opened)
