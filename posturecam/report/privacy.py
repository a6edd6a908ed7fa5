"""A report that can be handed on: without names."""

from __future__ import annotations

from pathlib import PurePath, PureWindowsPath

from posturecam.report.types import Report


def without_names(report: Report) -> Report:
    """The report without the person's name and without names of files and folders, which often hold one."""
    path = report.source.path
    suffix = (PureWindowsPath(path) if "\\" in path else PurePath(path)).suffix
    # a suffix that is no short word may be part of a name, as in "Dr. Müller"
    plain = suffix.lower() if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 5 else ""
    return report.model_copy(
        update={
            "person": None,
            "source": report.source.model_copy(update={"path": f"recording{plain}", "warnings": _nameless(report)}),
            "provenance": report.provenance.model_copy(update={"spec_path": None, "command": None}),
        }
    )


def _nameless(report: Report) -> list[str]:
    path = report.source.path
    return [warning.replace(path, "the recording") for warning in report.source.warnings]
