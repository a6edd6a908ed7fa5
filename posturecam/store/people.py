"""People whose sessions are kept: one folder each, holding ``person.json``.

What a user types as a person is never part of a path: an id is a short plain word that is safe as a folder's name on every
system, made from what was typed when the person is first named.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from posturecam.errors import CallError, OutputError, StoreError
from posturecam.files import read_bounded, write_whole
from posturecam.store.folders import MAX_SAME_NAME, make_private, quoted, remove, writing
from posturecam.store.sessions import data_folder

PERSON = "person.json"
PERSON_SCHEMA: Literal["posturecam.person/1"] = "posturecam.person/1"
ID_PATTERN = r"[a-z0-9][a-z0-9_-]{0,39}"
MAX_PERSON_BYTES = 100_000

_NEW, _DELETED = ".new-", ".deleted-"
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


def _clean_name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or not name.isprintable():
        raise ValueError("a name is one line of printable characters")
    return name


def _clean_id(text: str) -> str:
    if text in _DEVICES:
        raise ValueError("this word cannot name a folder on every system")
    return text


def _clean_notes(text: str) -> str:
    if any(char != "\n" and not char.isprintable() for char in text):
        raise ValueError("notes are printable text")
    return text.strip()


class PersonRecord(BaseModel):
    """A person as the store knows them. ``height_cm`` and ``painful_side`` are None where they were not told.

    ``programme``: what ``live --person`` does when nothing else is named; a shipped programme's id or a file. ``pseudonym``: what
    exports without names call them, made when it is first needed. ``days_a_week``: how often they are to exercise, where neither
    programme nor exercise says it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    schema_id: Literal["posturecam.person/1"] = Field(PERSON_SCHEMA, alias="schema")
    id: Annotated[str, Field(pattern=f"^{ID_PATTERN}$"), AfterValidator(_clean_id)]
    name: Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_clean_name)]
    height_cm: Annotated[float, Field(ge=50, le=260)] | None = None
    painful_side: Literal["left", "right", "both", "none"] | None = None
    programme: Annotated[str, Field(max_length=500)] | None = None
    days_a_week: Annotated[int, Field(ge=1, le=7)] | None = None
    pseudonym: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    notes: Annotated[str, Field(max_length=10_000), AfterValidator(_clean_notes)] = ""

    def to_json(self) -> str:
        """The text of ``person.json``."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


@dataclass(frozen=True)
class People:
    """Everybody in the store, by id, and the ``problems`` of folders that cannot be read, one sentence each."""

    everybody: tuple[PersonRecord, ...]
    problems: tuple[str, ...]


class PeopleStore:
    """The people in one folder, by default ``people`` in the user's data folder."""

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = Path(root).expanduser() if root is not None else data_folder() / "people"

    def people(self) -> People:
        """Everybody; a damaged folder never hides the others. Raises StoreError when the folder cannot be read."""
        found, problems = [], []
        for person_id in self._ids():
            try:
                found.append(self.read(person_id))
            except StoreError as error:
                problems.append(str(error))
        return People(tuple(found), tuple(problems))

    def read(self, person_id: str) -> PersonRecord:
        """The person of an id that :meth:`people` lists; StoreError when the folder is damaged."""
        path = self.folder(person_id) / PERSON
        try:
            person = read_person(read_bounded(path, MAX_PERSON_BYTES + 1), str(path))
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
        if person.id != person_id:
            raise StoreError(f"{path} belongs to another person ({person.id}); put it back into that one's folder.")
        return person

    def lookup(self, reference: str) -> PersonRecord | None:
        """The person with this id, or the only one with this name; CallError when several have the name."""
        everybody = self.people().everybody
        typed = " ".join(unicodedata.normalize("NFC", reference).split()).casefold()
        exact = [one for one in everybody if one.id == reference] or [one for one in everybody if one.id == typed]
        found = exact or [one for one in everybody if one.name.casefold() == typed]
        if len(found) > 1:
            ids = ", ".join(one.id for one in found)
            raise CallError(f"{quoted(reference)} is the name of {len(found)} people ({ids}); give the id.")
        return found[0] if found else None

    def find(self, reference: str) -> PersonRecord:
        """As :meth:`lookup`; CallError names who there is when nobody fits."""
        person = self.lookup(reference)
        if person is None:
            known = ", ".join(one.id for one in self.people().everybody[:10])
            told = f"there are {known}" if known else "nobody is stored yet; analyse or live --person makes one"
            raise CallError(f"There is no person {quoted(reference)}; {told}.")
        return person

    def named(self, reference: str) -> PersonRecord:
        """The record for somebody new, with an id of their own; nothing is written. CallError when it is not a name."""
        taken = set(self._ids())
        base = _slug(reference)
        for number in range(1, MAX_SAME_NAME):
            person_id = base if number == 1 else f"{base}-{number}"
            if person_id in taken or person_id in _DEVICES:
                continue
            try:
                return PersonRecord(id=person_id, name=reference)  # type: ignore[call-arg]
            except ValidationError as error:
                raise CallError(f"{quoted(reference)} is not the name of a person: {_first(error)}.") from error
        raise OutputError(f"{self.root} holds too many people called {quoted(reference)}.")

    def add(self, person: PersonRecord) -> None:
        """Write a new person's folder, whole or not at all; OutputError when it is there already or cannot be made."""
        with writing(self.root):
            make_private(self.root)
            new = self.root / f"{_NEW}{person.id}"
            remove(new)
            new.mkdir(mode=0o700)
            write_whole(new / PERSON, person.to_json())
            if self.folder(person.id).exists():
                remove(new)
                raise OutputError(f"There is a person {person.id!r} already; nothing was changed.")
            new.rename(self.folder(person.id))

    def replace(self, person: PersonRecord) -> None:
        """Write what has changed of a person; raises OutputError."""
        write_whole(self.folder(person.id) / PERSON, person.to_json())

    def remove(self, person_id: str) -> None:
        """Remove a person's folder; at no moment is half of one listed. Raises OutputError."""
        folder = self.folder(person_id)
        gone = self.root / f"{_DELETED}{folder.stat().st_ino}"
        try:
            remove(gone)
            folder.rename(gone)
            shutil.rmtree(gone)
        except OSError as error:
            raise OutputError(f"{folder} cannot be deleted: {(error.strerror or str(error)).lower()}.") from error

    def folder(self, person_id: str) -> Path:
        """The folder of an id; CallError when the text is not an id."""
        if not re.fullmatch(ID_PATTERN, person_id) or person_id in _DEVICES:
            raise CallError(f"{quoted(person_id)} is not the id of a person.")
        return self.root / person_id

    def folders(self) -> list[Path]:
        """The folders of all people, readable or damaged, and what a crash left behind."""
        hidden = [*self.root.glob(f"{_NEW}*"), *self.root.glob(f"{_DELETED}*")] if self.root.is_dir() else []
        return [*(self.root / name for name in self._ids()), *hidden]

    def _ids(self) -> list[str]:
        try:
            entries = sorted(self.root.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self.root} cannot be read: {(error.strerror or str(error)).lower()}.") from error
        return [one.name for one in entries if re.fullmatch(ID_PATTERN, one.name) and one.is_dir()]


def read_person(content: bytes, where: str) -> PersonRecord:
    """A ``person.json``'s content; ``where`` is for the message of the StoreError."""
    try:
        if len(content) > MAX_PERSON_BYTES:
            raise StoreError(f"{where} is larger than any person's record.")
        return PersonRecord.model_validate_json(content)
    except ValidationError as error:
        raise StoreError(f"{where} is damaged ({_first(error)}); correct or delete it.") from error


def changed(person: PersonRecord, **values: object) -> PersonRecord:
    """The person with other values, checked; CallError says which is wrong."""
    try:
        return PersonRecord.model_validate({**person.model_dump(by_alias=True), **values})
    except ValidationError as error:
        raise CallError(f"{_first(error).capitalize()}.") from error


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg'].removeprefix('Value error, ').lower()}".lstrip(": ")


def _slug(text: str) -> str:
    """What was typed as an id: ASCII letters and digits without accents; ``person`` where none are left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:32] or "person"
