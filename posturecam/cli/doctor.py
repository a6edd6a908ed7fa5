"""``posturecam doctor``: what works on this machine, and what to do about what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli.model import ModelOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posturecam.app.doctor import Finding


def doctor(
    camera: Annotated[
        str | None,
        typer.Option(
            "--camera",
            metavar="0|FILE|URL",
            help="Watch this camera for some seconds: frames per second, delay, and what would help.",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Check this machine: what works, and what to do about what does not. Exit code 0, unless a camera cannot be used."""
    if camera is not None:
        from posturecam.app.camera_check import examine_camera
        from posturecam.cli.terminal import Terminal

        _print(examine_camera(camera, model, Terminal()))
        return
    from posturecam.app.doctor import examine

    findings = list(examine())
    _print(findings)
    missing = sum(finding.state == "missing" for finding in findings)
    notes = sum(finding.state == "note" for finding in findings)
    if missing:
        print(f"\n{missing} of {len(findings)} things need your hand; the arrows say what to do.")
    else:
        print("\nEverything needed is here" + (f"; {notes} optional things are not." if notes else "."))


def _print(findings: Sequence[Finding]) -> None:
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        print(f"{finding.state:<8}{finding.subject:<{width}}  {finding.detail}")
        if finding.advice and finding.state != "ok":
            print(f"{'':<8}{'':<{width}}  -> {finding.advice}")
