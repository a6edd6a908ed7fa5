"""A report that can be handed on: without names."""

from __future__ import annotations

from pathlib import PurePath, PureWindowsPath

from posturecam.report.types import Report


def anonymised(report: Report) -> Report:
    """The report without the person's name and without names of files and folders, which often hold one."""
    path = report.source.path
    plain = nameless_path(path)
    warnings = [warning.replace(path, plain) for warning in report.source.warnings]
    return report.model_copy(
        update={
            "person": None,
            "source": report.source.model_copy(update={"path": plain, "warnings": warnings}),
            "provenance": report.provenance.model_copy(update={"spec_path": None}),
        }
    )


def nameless_path(path: str) -> str:
    """What a recording is called instead of its name."""
    suffix = (PureWindowsPath(path) if "\\" in path and not path.startswith("/") else PurePath(path)).suffix
    # a suffix that is not a short word may be part of a name, as in "Dr. Müller"
    known = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 5
    return f"recording{suffix.lower() if known else ''}"
