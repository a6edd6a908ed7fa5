"""pydantic's findings in the words of somebody who writes a spec."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from posturecam.spec.measures import BODY_PARTS, MEASURE_KEYS, POINT_PATTERN, SIDES
from posturecam.spec.ranges import ID_PATTERN, ID_RULE
from posturecam.spec.references import suggestion
from posturecam.spec.tree import Location, describe

_POINTS = ("nose", *(f"{side}.{part}" for side in SIDES for part in BODY_PARTS))
_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}
_BOUNDS = {
    "greater_than": ("gt", "a number over"),
    "greater_than_equal": ("ge", "a number of at least"),
    "less_than": ("lt", "a number under"),
    "less_than_equal": ("le", "a number of at most"),
}


def explain(detail: Any, where: Location, model: type[BaseModel]) -> str:
    """Say what was expected and what was found, for one entry of ``ValidationError.errors()``."""
    kind, found, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key{suggestion(str(where[-1]), known_keys(model, where[:-1]))}"
    if kind == "missing":
        return "missing"
    if kind in _TYPES:
        return f"expected {_TYPES[kind]}, found {describe(found)}"
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"expected {words} {context[key]:g}, found {describe(found)}"
    if kind == "string_pattern_mismatch":
        return _pattern(context["pattern"], str(found))
    if kind == "literal_error":
        return f"expected {context['expected']}, found {describe(found)}{suggestion(str(found), _quoted(context['expected']))}"
    if kind == "value_error":
        said = str(context.get("error", detail["msg"])).splitlines()[0]
        return said if isinstance(found, (dict, list)) else f"{said}, found {describe(found)}"
    if kind == "measure_kind":
        hint = (
            next((s for key in found if (s := suggestion(str(key), MEASURE_KEYS))), "")
            if isinstance(found, dict)
            else ""
        )
        return f"{detail['msg']}, found {_keys(found)}{hint}"
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return _size(kind, context, found)
    return f"{detail['msg']}, found {describe(found)}".encode("utf-8", "backslashreplace").decode()


def _pattern(pattern: str, found: str) -> str:
    if pattern == POINT_PATTERN:
        expected = "a point of the body such as near.shoulder, left.wrist, mid.hip or nose"
        return f"expected {expected}, found {describe(found)}{suggestion(found, _POINTS)}"
    if pattern == ID_PATTERN:
        return f"expected a name of {ID_RULE}, found {describe(found)}"
    return f"expected text like {pattern}, found {describe(found)}"


def _size(kind: str, context: dict[str, Any], found: object) -> str:
    limit = context.get("min_length", context.get("max_length"))
    bound = "at least" if "min_length" in context else "at most"
    if kind.startswith("string"):
        return f"expected {bound} {limit} characters, found {len(str(found))}"
    return f"expected {bound} {limit} entries, found {len(found) if isinstance(found, (dict, list)) else 0}"


def _quoted(expected: str) -> list[str]:
    return [part.strip(" '") for part in expected.replace(" or ", ", ").split(",")]


def _keys(found: object) -> str:
    if isinstance(found, dict) and found:
        return "the keys " + ", ".join(map(str, list(found)[:8]))
    return describe(found)


def known_keys(model: type[BaseModel], where: Sequence[str | int]) -> list[str]:
    """The keys that the mapping at ``where`` may have."""
    annotation: Any = model
    for index, part in enumerate(where):
        if index == 1 and where[0] == "measures":
            # whichever kind it is: a mistyped key is nearest to one of its own kind most of the time
            return sorted({name for kind in MEASURE_KEYS.values() for name in _names(kind)})
        annotation = _step(annotation, part)
    for kind in _models(annotation):
        return _names(kind)
    return []


def _names(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in typing.get_args(annotation) for found in _models(argument)]


def _step(annotation: Any, part: str | int) -> Any:
    """Type of what lies under ``part`` of a value of type ``annotation``."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        options = [argument for argument in typing.get_args(annotation) if argument is not type(None)]
        return _step(options[0], part) if options else None
    if origin in (dict, tuple):
        arguments = [argument for argument in typing.get_args(annotation) if argument is not Ellipsis]
        return arguments[-1] if arguments else None
    for model in _models(annotation)[:1]:
        for name, info in model.model_fields.items():
            if (info.alias or name) == part:
                return info.annotation
    return None
