"""Sessions whose program died in their midst: finished from their journal at the next start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from posturecam.errors import PosturecamError, StoreError
from posturecam.files import plain
from posturecam.language import gettext, msgid

if TYPE_CHECKING:
    from posturecam.app.host import Host
    from posturecam.model import SourceInfo
    from posturecam.report.types import Dose, Pain, Person
    from posturecam.store import Draft, Log, Session, SessionStore

RECOVERED = msgid("The program ended before the session was saved; this report was made from what was on the disk.")


def make_store_ready(store: SessionStore, host: Host) -> None:
    """Before long work whose result goes into ``store``: try that it can be written to, OutputError says why not."""
    store.try_writing()
    finish_abandoned(store, host)


def finish_abandoned(store: SessionStore, host: Host) -> None:
    """Finish every session in ``store`` whose program is not alive any more, and say so; what cannot be finished stays."""
    for draft in store.abandoned():
        try:
            session = _finish(draft)
        except PosturecamError as error:
            draft.leave()
            host.say(gettext("A session that was cut off cannot be finished yet: {error}", error=plain(str(error))))
        except BaseException:
            draft.leave()
            raise
        else:
            if session is not None:
                host.say(gettext("A session that was cut off has been recovered: {session}", session=session.id))


def _finish(draft: Draft) -> Session | None:
    """Judge what the journal holds, as every recording is judged, and store it; None when nothing had been counted yet."""
    from posturecam.judging.judge import judge
    from posturecam.poses import load
    from posturecam.report.build import build_report, make_provenance
    from posturecam.report.html import render_html
    from posturecam.spec.catalogue import load_exercise
    from posturecam.spec.digest import exercise_digest
    from posturecam.store import JOURNAL, LANDMARKS, SPEC, read_journal

    path = draft.folder / JOURNAL
    log = read_journal(path)
    if not len(log.poses):
        draft.discard()
        return None
    spec = draft.folder / SPEC
    exercise = load_exercise(
        spec if spec.is_file() else _text(log.header, "exercise") or "", _text(log.header, "variant")
    )
    extra = {"exercise": exercise.id, "variant": exercise.variant}
    log.poses.save(draft.folder / LANDMARKS, _source(log), extra)
    stored = load(draft.folder / LANDMARKS)
    report = build_report(
        exercise,
        judge(exercise, stored.poses).result(interrupted=True),
        stored.info,
        make_provenance(model=_text(log.header, "model"), command="live", spec_digest=exercise_digest(exercise)),
        created=datetime.fromtimestamp(path.stat().st_mtime).astimezone(),
        person=_person(log),
        dose=_dose(log),
        pain=_pain(log),
    ).model_copy(update={"recovered": True})
    draft.add("report.html", render_html(report))
    return draft.commit(report.to_json())


def _source(log: Log) -> SourceInfo:
    """What was known of the camera, as far as it was judged; StoreError when the header does not say."""
    from posturecam.model import SourceInfo

    given = log.header.get("source")
    source: Mapping[str, Any] = given if isinstance(given, dict) else {}
    width, height, fps = source.get("width"), source.get("height"), source.get("fps")
    if not (isinstance(width, int) and isinstance(height, int) and isinstance(fps, (int, float, type(None)))):
        raise StoreError("its log does not say what camera it was.")
    return SourceInfo(
        path=_text(source, "path") or "camera",
        width=width,
        height=height,
        fps=fps,
        duration_s=float(log.poses.t_s[-1]),
        frames=len(log.poses),
        warnings=[RECOVERED],
    )


def _dose(log: Log) -> Dose | None:
    from pydantic import ValidationError

    from posturecam.report.types import Dose

    try:
        return Dose.model_validate(log.header["dose"])
    except (KeyError, ValidationError):
        return None


def _pain(log: Log) -> Pain | None:
    from pydantic import ValidationError

    from posturecam.report.types import Pain

    try:
        return Pain.model_validate(log.header["pain"])
    except (KeyError, ValidationError):
        return None


def _person(log: Log) -> Person | str | None:
    from pydantic import ValidationError

    from posturecam.report.types import Person

    try:
        return Person.model_validate(log.header["person"])
    except (KeyError, ValidationError):
        return _text(log.header, "person")


def _text(header: Mapping[str, Any], key: str) -> str | None:
    value = header.get(key)
    return value if isinstance(value, str) else None
