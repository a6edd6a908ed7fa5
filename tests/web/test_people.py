"""People on the page: added, changed, their sessions and programme, compared, exported, deleted; and how much it hurt."""

from __future__ import annotations

import io
import zipfile

import pytest
from starlette.testclient import TestClient

from posturecam.app.people import give
from posturecam.report.types import Pain
from posturecam.store import Session
from posturecam.web.desk import Desk
from posturecam.web.jobs import person_named
from tests import stored
from tests.web.serving import desk_client, paired_phone, phone_client, posted

NASTY = "Ana <script>x</script>"


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return desk_client(desk)


@pytest.fixture
def ana(desk: Desk, client: TestClient) -> Session:
    """Ana, who has one session."""
    assert posted(client, "/people", {"name": "Ana"}).headers["location"] == "/people/ana"
    return give(stored.store_session(desk.store), desk.people.find("ana"))


def test_somebody_is_added_changed_and_listed_as_text(client: TestClient, desk: Desk) -> None:
    where = posted(client, "/people", {"name": NASTY}).headers["location"]
    said = {"height_cm": "171,5", "painful_side": "left", "programme": "upper_back_relief", "notes": "a\r\nb"}
    assert posted(client, where, said).status_code == 303
    [person] = desk.people.people().everybody
    assert (person.height_cm, person.painful_side, person.notes) == (171.5, "left", "a\nb")
    page = client.get(where).text
    assert "171.5" in page
    assert "/live?programme=upper_back_relief&amp;person=" in page
    assert "<script>x" not in page + client.get("/people").text
    assert posted(client, where, {"height_cm": "", "painful_side": "", "programme": ""}).status_code == 303
    assert desk.people.people().everybody[0].programme is None


@pytest.mark.parametrize("said", [{"height_cm": "tall"}, {"height_cm": "9"}, {"painful_side": "up"}, {"name": "\n"}])
def test_what_makes_no_sense_is_refused(client: TestClient, ana: Session, said: dict[str, str]) -> None:
    assert ana.id
    assert posted(client, "/people/ana", said).status_code == 400


def test_no_programme_is_set_to_a_path(client: TestClient, desk: Desk, ana: Session) -> None:
    assert ana.id
    posted(client, "/people/ana", {"programme": "/etc/passwd.yaml"})
    assert desk.people.find("ana").programme is None


def test_their_sessions_stand_by_day_with_their_progress(client: TestClient, ana: Session) -> None:
    page = client.get("/people/ana").text
    assert "Sunday, 1 March 2026" in page
    assert ana.id in page
    assert "Push-up" in client.get("/people/ana/framed").text
    assert client.get("/people/nobody").status_code == 404
    assert client.get("/people/..%2fx").status_code == 404


def test_a_session_is_given_to_somebody(client: TestClient, desk: Desk, ana: Session) -> None:
    posted(client, "/people", {"name": "Bo"})
    assert posted(client, f"/sessions/{ana.id}/person", {"person": "bo"}).status_code == 303
    assert ana.id in client.get("/people/bo").text
    assert ana.id not in client.get("/people/ana").text
    assert posted(client, f"/sessions/{ana.id}/person", {"person": "../x"}).status_code == 404
    assert desk.store.ids() == (ana.id,)


def test_everything_of_somebody_is_exported_and_nothing_left_lying(
    client: TestClient, desk: Desk, ana: Session
) -> None:
    answer = client.get("/people/ana/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert f"sessions/{ana.id}/report.json" in archive.namelist()
    assert list(desk.data.glob("export-*")) == []


def test_deleting_somebody_asks_for_the_name(client: TestClient, desk: Desk, ana: Session) -> None:
    assert posted(client, "/people/ana/delete", {"name": "an"}).status_code == 400
    assert desk.store.ids() == (ana.id,)
    assert posted(client, "/people/ana/delete", {"name": "Ana"}).status_code == 303
    assert (desk.store.ids(), desk.people.people().everybody) == ((), ())


def test_a_phone_knows_of_no_people(desk: Desk, client: TestClient, ana: Session) -> None:
    assert client.get("/live?exercise=push_up").text.count("Ana") == 1
    phone = paired_phone(desk)
    assert "Ana" not in phone.get("/live?exercise=push_up&person=ana").text
    for path in ("/people", "/people/ana", f"/sessions/{ana.id}/compare"):
        assert phone.get(path).status_code == 404
        assert phone_client(desk).get(path).status_code == 403


def test_a_typed_name_is_the_person_who_is_called_so(desk: Desk, ana: Session) -> None:
    assert ana.id
    found = person_named("aNA", desk.people)
    assert getattr(found, "id", None) == "ana"
    assert person_named("Somebody", desk.people) == "Somebody"
    for _ in range(2):
        desk.people.add(desk.people.named("Bo Berg"))
    assert person_named("Bo Berg", desk.people) == "Bo Berg"  # of two, the page says nothing


def test_two_sessions_are_compared(client: TestClient, desk: Desk, ana: Session) -> None:
    later = stored.store_session(desk.store, stored.push_ups((90.0, 91.0)), created=stored.WHEN.replace(day=8))
    assert ana.id in client.get(f"/sessions/{later.id}/compare").text
    page = client.get(f"/sessions/{later.id}/compare?with={ana.id}").text
    assert page.count("No video was kept") == 2
    assert "Range of motion" in page
    pairs = client.get(f"/sessions/{later.id}/compare/data?with={ana.id}").json()["knots"]
    assert len(pairs) == 6
    assert client.get(f"/sessions/{later.id}/compare?with={later.id}").status_code == 400
    assert client.get(f"/sessions/{later.id}/compare?with=../x").status_code == 404


def test_pain_afterwards_goes_into_the_sessions_of_the_sitting(client: TestClient, desk: Desk, ana: Session) -> None:
    other = stored.store_session(desk.store)
    assert posted(client, "/live/pain", {"sessions": f"{ana.id} {other.id}", "pain": "3"}).status_code == 303
    assert stored.report_of(ana).pain == Pain(after=3)
    assert stored.report_of(other).pain == Pain(after=3)
    for wrong in ("11", "-1", "", "x"):
        assert posted(client, "/live/pain", {"sessions": ana.id, "pain": wrong}).status_code == 400


def test_a_phone_tells_the_pain_of_its_own_sessions_only(desk: Desk, ana: Session) -> None:
    phone = paired_phone(desk)
    assert posted(phone, "/live/pain", {"sessions": ana.id, "pain": "3"}).status_code == 404
    [guest] = desk.access.phones()
    guest.made.add(ana.id)
    assert posted(phone, "/live/pain", {"sessions": ana.id, "pain": "3"}).status_code == 303
