"""The file format as JSON Schema, for editors that complete and check YAML while it is typed."""

from __future__ import annotations

import copy
import json
from typing import Any

from posturecam.spec.load import MAX_VARIANTS
from posturecam.spec.ranges import ID_PATTERN
from posturecam.spec.schema import Exercise

_PARTIAL = "Override"
_REF = "#/$defs/"


def file_schema() -> dict[str, Any]:
    """JSON Schema of an exercise file: an exercise, whose variants override parts of it."""
    schema: dict[str, Any] = _without_titles(Exercise.model_json_schema(by_alias=True))
    schema["properties"].pop("variant")
    definitions: dict[str, Any] = schema.pop("$defs")
    override = _partial(
        {"type": "object", "properties": copy.deepcopy(schema["properties"]), "additionalProperties": False}
    )
    override["properties"].pop("id")
    definitions.update({_PARTIAL + name: _partial(copy.deepcopy(part)) for name, part in list(definitions.items())})
    definitions[_PARTIAL] = {**override, "description": "Laid over the rest of the file; null removes a key."}
    schema["properties"]["variants"] = {
        "type": "object",
        "description": "Overrides by variant name; the first is the default unless default_variant says otherwise.",
        "patternProperties": {ID_PATTERN: {"anyOf": [{"$ref": _REF + _PARTIAL}, {"type": "null"}]}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": MAX_VARIANTS,
    }
    schema["properties"]["default_variant"] = {"type": "string", "pattern": ID_PATTERN}
    # with variants, what the base leaves out may come from each of them
    required = schema.pop("required")
    schema["required"] = ["id"]
    schema["if"] = {"not": {"required": ["variants"]}}
    schema["then"] = {"required": required}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "posturecam exercise",
        "$defs": dict(sorted(definitions.items())),
    }


def file_schema_text() -> str:
    """:func:`file_schema` as the text that is committed as ``exercise_specs/schema.json``."""
    return json.dumps(file_schema(), indent=1, ensure_ascii=False) + "\n"


def _partial(part: Any) -> Any:
    """Make everything optional, and every value null if it pleases: what an override may hold."""
    if isinstance(part, list):
        return [_partial(item) for item in part]
    if not isinstance(part, dict):
        return part
    changed = {
        key: _partial(value)
        for key, value in part.items()
        if key not in ("required", "properties", "patternProperties")
    }
    if "$ref" in changed:
        changed["$ref"] = changed["$ref"].replace(_REF, _REF + _PARTIAL)
    if "oneOf" in changed:  # kinds of measures no longer exclude each other once nothing is required
        changed["anyOf"] = changed.pop("oneOf")
    for key in ("properties", "patternProperties"):
        if key in part:
            changed[key] = {name: _nullable(_partial(value)) for name, value in part[key].items()}
    return changed


def _nullable(part: dict[str, Any]) -> dict[str, Any]:
    options = part.get("anyOf", [])
    return part if {"type": "null"} in options else {"anyOf": [part, {"type": "null"}]}


def _without_titles(part: Any) -> Any:
    """Drop the titles that pydantic derives from names: an editor shows the names anyway."""
    if isinstance(part, list):
        return [_without_titles(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _without_titles(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))
    }
