"""What the pages show and do: sessions, reports in their frame, exports, deleting, reviews, settings."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from posturecam import language
from posturecam.app.memory import Last, remember
from posturecam.spec.catalogue import exercise_ids, load_spec
from posturecam.store import Session
from posturecam.web.arriving import About
from posturecam.web.certificate import certificate
from posturecam.web.desk import Desk
from posturecam.web.exercises import MINUTES, NEEDS, figure_of, owned, routine_for
from tests import stored
from tests.signs import SIGNS, past_the_catalogue, signs_known
from tests.unmarked import words_of
from tests.web.serving import HERE, csrf_of, desk_client, phone_client, posted

NASTY = "Ana <script>document.title='x'</script>"


@pytest.fixture
def session(desk: Desk) -> Session:
    return stored.store_session(desk.store, person=NASTY, pictures=True)


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return desk_client(desk)


def put_review(client: TestClient, session: Session, said: dict[str, object]) -> int:
    headers = {"origin": HERE, "x-csrf-token": csrf_of(client), "content-type": "application/json"}
    content = json.dumps({"schema": "posturecam.review/1", **said})
    return int(client.put(f"/sessions/{session.id}/review", content=content, headers=headers).status_code)


def test_every_exercise_and_variant_has_its_page_and_its_figure(client: TestClient) -> None:
    home = client.get("/").text
    for name in exercise_ids():
        assert f"/exercises/{name}" in home
        for one in load_spec(name).exercises.values():
            page = client.get(f"/exercises/{name}" + (f"?variant={one.variant}" if one.variant else ""))
            assert page.status_code == 200
            assert figure_of(one.id, one.variant) is not None
            assert client.get(figure_of(one.id, one.variant) or "").headers["content-type"].startswith("image/svg")


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("need", ["", "mobilise", "strengthen", "stretch"])
def test_a_routine_serves_the_need_and_fits_the_time(need: str, plain: bool) -> None:
    lengths = []
    for minutes in MINUTES:
        routine = routine_for(need, minutes, plain=plain)
        assert {step.exercise.category for step in routine.steps} <= ({need} if need else {*NEEDS})
        assert not (plain and any(owned(step.exercise) for step in routine.steps))
        assert len(routine.steps) == 1 or routine.seconds <= minutes * 60
        assert routine.red_flags
        lengths.append(len(routine.steps))
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


def test_only_what_fits_is_shown(client: TestClient) -> None:
    assert "/exercises/push_up" in client.get("/?need=strengthen").text
    fitting = client.get("/?need=stretch&plain=yes&minutes=5").text
    assert "/exercises/push_up" not in fitting
    shown = {name for name in exercise_ids() if f"/exercises/{name}" in fitting}
    assert shown == {
        name
        for name in exercise_ids()
        if load_spec(name).default.category == "stretch" and not owned(load_spec(name).default)
    }


def test_an_exercise_is_shown_as_a_film(client: TestClient) -> None:
    page = client.get("/exercises/push_up?variant=floor").text
    [address] = re.findall(r'<video[^>]* src="([^"]+)"', page)
    assert client.get(address).headers["content-type"] == "video/mp4"
    for wrong in ("/films/push_up/nothing", "/films/nothing/usual", "/films/..%2f..%2fx/usual"):
        assert client.get(wrong).status_code == 404


def test_sessions_are_listed_by_day_with_names_as_text(client: TestClient, session: Session) -> None:
    page = client.get("/sessions").text
    assert "Sunday, 1 March 2026" in page
    assert session.id in page
    assert "<script>document" not in page
    assert client.get("/sessions?person=nobody").text.count(session.id) == 0


def test_a_report_is_shown_in_a_frame_that_reaches_nothing(client: TestClient, session: Session) -> None:
    assert 'sandbox="allow-scripts allow-modals"' in client.get(f"/sessions/{session.id}").text
    framed = client.get(f"/sessions/{session.id}/framed")
    policy = framed.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy
    assert re.search(r"script-src( 'sha256-[^']+'){2};", policy)
    assert "http-equiv" not in framed.text
    assert "data:image/jpeg" in framed.text


def test_the_history_is_framed_in_the_same_way(client: TestClient, session: Session) -> None:
    assert session.id
    framed = client.get("/progress/framed")
    assert framed.headers["content-security-policy"].startswith("sandbox")
    assert "Push-up" in framed.text


@pytest.mark.parametrize(
    ("format_", "begins"), [("pdf", b"%PDF"), ("json", b"{"), ("csv", b""), ("html", b"<!doctype")]
)
def test_reports_are_exported(client: TestClient, session: Session, format_: str, begins: bytes) -> None:
    answer = client.get(f"/sessions/{session.id}/export/{format_}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert "attachment" in answer.headers["content-disposition"]


def test_deleting_asks_first(client: TestClient, desk: Desk, session: Session) -> None:
    assert posted(client, f"/sessions/{session.id}/delete").status_code == 400
    assert desk.store.ids() == (session.id,)
    assert posted(client, f"/sessions/{session.id}/delete", {"sure": "yes"}).status_code == 303
    assert desk.store.ids() == ()


def test_a_damaged_session_is_named_and_can_be_deleted(client: TestClient, desk: Desk, session: Session) -> None:
    session.report_path.write_text("{")
    assert "Cannot be read" in client.get("/sessions").text
    assert client.get(f"/sessions/{session.id}").status_code == 404
    assert posted(client, "/sessions/damaged/delete", {"session": "../x"}).status_code == 404
    assert posted(client, "/sessions/damaged/delete", {"session": session.id}).status_code == 303
    assert desk.store.ids() == ()


def test_everything_is_deleted_once_the_word_is_typed(client: TestClient, desk: Desk, session: Session) -> None:
    """Sessions, what a crash left, people, uploads, labels, settings, certificate, memory and looks: no file is left."""
    assert session.id
    posted(client, "/people", {"name": "Ana"})
    posted(client, "/settings/choose", {"model": "lite"})
    certificate(desk.data, "127.0.0.1")
    remember(desk.store, Last(exercise="push_up"))
    about = About("film.mp4", 100, "push_up", None, "Ana")
    desk.uploads.begin(about, "0" * 64)
    put_review(client, session, {"complete": True})
    (session.folder / "recording.mp4").write_bytes(b"film")
    headers = {"origin": HERE, "x-csrf-token": csrf_of(client)}
    assert client.post(f"/sessions/{session.id}/review/label", headers=headers).status_code == 200
    (desk.store.root / ".unfinished-1-2").mkdir()
    (desk.store.root / ".unfinished-1-2" / "journal").write_bytes(b"Ana")
    assert desk.looks is not None
    desk.looks.mkdir()
    (desk.looks / "a-first.npz").write_bytes(b"poses")

    assert posted(client, "/settings/delete", {"word": "yes"}).status_code == 400
    assert len(desk.store.ids()) == 1
    answer = posted(client, "/settings/delete", {"word": "Delete"})
    assert answer.status_code == 303
    assert "storage" in answer.headers["clear-site-data"]
    assert [path for folder in (desk.data, desk.looks) for path in folder.rglob("*") if path.is_file()] == []
    assert client.get("/settings").status_code == 200


def test_what_is_not_ours_is_not_deleted(client: TestClient, desk: Desk, session: Session) -> None:
    assert session.id
    strangers = [desk.data / "letter.txt", desk.store.root / "note.txt"]
    for path in strangers:
        path.write_text("mine")
    assert posted(client, "/settings/delete", {"word": "delete"}).status_code == 303
    assert [path.read_text() for path in strangers] == ["mine", "mine"]


def test_nothing_is_deleted_under_a_session_of_another_program(
    client: TestClient, desk: Desk, session: Session
) -> None:
    with desk.store.draft() as draft:
        draft.begin_journal({}, print)
        answer = posted(client, "/settings/delete", {"word": "delete"})
        assert answer.status_code == 409
        assert "another program" in answer.text
        assert desk.store.ids() == (session.id,)


def test_a_video_is_served_in_ranges(client: TestClient, session: Session) -> None:
    assert client.get(f"/sessions/{session.id}/video").status_code == 404
    (session.folder / "recording.mp4").write_bytes(bytes(range(100)))
    answer = client.get(f"/sessions/{session.id}/video", headers={"range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == bytes(range(10, 20))


def test_a_link_in_a_sessions_folder_leads_nowhere(client: TestClient, session: Session, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (session.folder / "recording.mp4").symlink_to(tmp_path / "secret")
    (session.folder / "overlay.mp4").symlink_to(tmp_path / "secret")
    assert client.get(f"/sessions/{session.id}/video").status_code == 404


def test_the_desk_of_the_reviewer_has_curves_limits_and_bodies(client: TestClient, session: Session) -> None:
    data = client.get(f"/sessions/{session.id}/review/data").json()
    assert len(data["items"]) == 4
    counts = data["curves"][0]
    assert counts["label"].startswith("Elbow")
    assert max(value for value in counts["values"] if value is not None) > 150
    assert any(band["fault"] != [None, None] for curve in data["curves"] for band in curve["bands"])
    assert len(data["poses"][0]) == 33
    assert data["items"][2]["verdicts"]["not_low_enough"] == "fault"


def test_the_reviewers_desk_draws_nothing_past_the_catalogue(
    client: TestClient, desk: Desk, session: Session, tmp_path: Path
) -> None:
    with signs_known(tmp_path / "signs"):
        desk.choose(language=SIGNS)
        data = client.get(f"/sessions/{session.id}/review/data").json()
    named = [one["label"] for one in data["curves"]] + [band["name"] for one in data["curves"] for band in one["bands"]]
    named += data["checks"].values()
    assert len(named) > 10
    assert past_the_catalogue("\n".join(named), NAMES) == ""


def test_what_the_reviewer_says_stands_beside_the_report(client: TestClient, session: Session) -> None:
    said = {
        "reviewer": NASTY,
        "verdicts": [{"item": 3, "check": "not_low_enough", "verdict": "ok"}],
        "comments": [{"t_s": 2.0, "text": "look <b>here</b>"}],
    }
    before = session.report_path.read_bytes()
    assert put_review(client, session, said) == 200
    page = client.get(f"/sessions/{session.id}").text
    assert "right, where a fault was measured" in page
    assert "look &lt;b&gt;here" in page
    assert "<script>document" not in page
    assert session.report_path.read_bytes() == before
    # printed and exported it stands in the report, as a part of its own; within our page it stands beside it
    for path in ("export/html", "framed?print=1"):
        exported = client.get(f"/sessions/{session.id}/{path}").text
        assert "right, where a fault was measured" in exported
        assert "has not changed it" in exported
        assert "<script>document" not in exported
    assert "where a fault was measured" not in client.get(f"/sessions/{session.id}/framed").text


def test_a_review_that_does_not_fit_is_refused(client: TestClient, session: Session) -> None:
    assert put_review(client, session, {"deleted": [99]}) == 400
    assert put_review(client, session, {"nonsense": 1}) == 400


def test_known_truth_is_handed_out(client: TestClient, session: Session) -> None:
    put_review(client, session, {"complete": True, "deleted": [1]})
    [truth] = client.get(f"/sessions/{session.id}/review/truth").json()
    assert truth["reps"] == 3


def test_a_phone_sees_the_sessions_that_it_made_and_no_other(desk: Desk, session: Session) -> None:
    phone = phone_client(desk)
    waiting = phone.get(f"/pair/{desk.access.invite()}").text
    assert 'href="/' not in waiting.split("<body>")[1]  # nothing is open yet that could be led to
    [guest] = desk.access.phones()
    desk.access.answer(guest.code, let_in=True)
    assert phone.get(f"/sessions/{session.id}").status_code == 404
    assert session.id not in phone.get("/").text
    guest.made.add(session.id)
    assert phone.get(f"/sessions/{session.id}/framed").status_code == 200
    assert f'href="/sessions/{session.id}"' in phone.get("/").text
    desk.store.delete(session.id)
    assert session.id not in phone.get("/").text


def test_exercises_cues_and_reports_follow_the_language_that_was_chosen(
    client: TestClient, desk: Desk, session: Session
) -> None:
    english = client.get("/exercises/push_up").text
    assert posted(client, "/settings/choose", {"language": "de"}).status_code == 303
    assert desk.language == "de"
    assert "Hände" not in english
    german = client.get("/exercises/push_up").text
    assert "Hände unter die Schultern" in german
    assert "So geht es" in german
    assert '<html lang="de">' in german
    assert '<html lang="de"' in client.get(f"/sessions/{session.id}/framed").text
    assert posted(client, "/settings/choose", {"model": "lite"}).status_code == 303
    assert (desk.language, desk.model) == ("de", "lite")
    assert posted(client, "/settings/choose", {"language": "xx"}).status_code == 400
    assert language.current() == "en"


PLACES = (
    "/",
    "/exercises/push_up",
    "/exercises/side_plank",
    "/live?exercise=side_plank",
    "/live?programme=upper_back_relief",
    "/sessions",
    "/people",
    "/progress",
    "/progress/framed",
    "/uploads",
    "/phone",
    "/settings",
    "/sessions/none",
)
NAMES = (
    r"posturecam|English|Deutsch|Español|Ana|document|title|script|CSV|JSON|HTML|PDF|RTSP|HTTP|\bmin\b|/\S+|\bx\b"
    r"|\bxx\b|truth\.json|file|problem|recording|person|exercise|variant|reps|hold|score|faults|note|report"
)
"""Names, and the head of the table of judged recordings, which is that of ``analyse``."""


@pytest.mark.parametrize("place", PLACES)
def test_a_page_says_nothing_past_the_catalogue(
    place: str, client: TestClient, desk: Desk, session: Session, tmp_path: Path
) -> None:
    with signs_known(tmp_path / "signs"):
        desk.choose(language=SIGNS)
        lines = words_of(client.get(place).text)
        lines += words_of(client.get(f"/sessions/{session.id}").text)
        lines += words_of(client.get(f"/sessions/{session.id}/review").text)
    assert len(lines) > 20
    # as one, since a text may go on over a link
    assert past_the_catalogue("\n".join(lines), NAMES) == ""
