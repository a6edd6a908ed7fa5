"""The JSON Schema of report.json, made from the types; ``python -m posturecam.report.json_schema`` writes the committed file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from posturecam.report.types import SCHEMA, Report

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


def report_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what :meth:`Report.to_json` writes. Unknown keys are allowed: later versions add some."""
    schema = Report.model_json_schema(mode="serialization", by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        **schema,
        "title": "posturecam report",
    }


def schema_text() -> str:
    """The committed file's text."""
    return json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), "utf-8")
