"""Who is let in: every host, origin, token and path but the right ones is refused."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from posturecam.web.access import INVITATION_S, PHONE_S, Access
from posturecam.web.desk import Desk
from tests.web.serving import HERE, PORT, THERE, csrf_of, desk_client, paired_phone, phone_client, posted, socket_of

PAGES = ("/", "/sessions", "/progress", "/uploads", "/phone", "/settings", "/uploads/status", "/static/page.css")


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return desk_client(desk)


@pytest.mark.parametrize("path", PAGES)
def test_with_its_cookie_the_browser_sees_every_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/live/socket", "/nothing", "/enter/", "/enter/wrong"])
def test_without_a_cookie_nothing_is_served(desk: Desk, path: str) -> None:
    answer = desk_client(desk, entered=False).get(path)
    assert answer.status_code == 403
    assert "Push-up" not in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:80",
        f"127.0.0.1.evil.example:{PORT}",
        "",
        "[::1]",
    ],
)
def test_another_name_for_this_computer_is_refused(client: TestClient, host: str) -> None:
    """A page elsewhere whose name was bent to this computer (DNS rebinding) brings its own name along."""
    assert client.get("/", headers={"host": host}).status_code == 421


FOREIGN = ["https://evil.example", f"http://127.0.0.1:{PORT + 1}", f"https://127.0.0.1:{PORT}", "null", ""]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_form_from_another_page_is_refused(client: TestClient, origin: str) -> None:
    answer = client.post(
        "/settings/choose", data={"model": "lite", "csrf": csrf_of(client)}, headers={"origin": origin}
    )
    assert answer.status_code == 403


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(client: TestClient) -> None:
    assert client.post("/settings/choose", data={"model": "lite", "csrf": csrf_of(client)}).status_code == 403


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000, "é"])
def test_a_form_without_the_pages_token_is_refused(client: TestClient, desk: Desk, token: str) -> None:
    answer = client.post("/settings/choose", data={"model": "lite", "csrf": token}, headers={"origin": HERE})
    assert answer.status_code == 403
    assert desk.model is None


def test_the_pages_own_form_is_taken(client: TestClient, desk: Desk) -> None:
    assert posted(client, "/settings/choose", {"model": "lite"}).status_code == 303
    assert desk.model == "lite"


def test_another_browsers_token_is_refused(desk: Desk) -> None:
    one, other = desk_client(desk), desk_client(desk)
    answer = one.post("/settings/choose", data={"model": "lite", "csrf": csrf_of(other)}, headers={"origin": HERE})
    assert answer.status_code == 403


def test_a_socket_without_a_cookie_is_refused(desk: Desk) -> None:
    client = desk_client(desk, entered=False)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live/socket", headers={"origin": HERE}):
        pass


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/", headers={"origin": HERE}).status_code == 405


TRAVERSALS = [
    "/static/../desk.py",
    "/static/%2e%2e/desk.py",
    "/static/..%2fdesk.py",
    "/static/....//desk.py",
    "/static/%00",
    "/sessions/..%2f..%2fetc%2fpasswd",
    "/sessions/%2e%2e",
    "/sessions/%2e",
    "/sessions/%2fetc%2fpasswd/framed",
    "/sessions/..%5c..%5cx/video",
    "/sessions/last",
    "/exercises/..%2f..%2fpyproject",
    "/exercises/%2fetc%2fpasswd.yaml",
    "/live?exercise=../../x.yaml",
    "/live?exercise=/etc/passwd",
    "/live?programme=../x.yaml",
    "/live?exercise=push_up&variant=../x",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_of_a_request_leads_to_a_file(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404), answer.text
    assert "import" not in answer.text
    assert "root:" not in answer.text


def test_every_answer_carries_the_protecting_headers(client: TestClient) -> None:
    for path in (*PAGES, "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"


def test_pages_hold_no_script_or_style_of_their_own(client: TestClient) -> None:
    for path in (*PAGES[:-2], "/live?exercise=push_up", "/exercises/plank"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), path
        assert not re.search(r"(src|href)=\"(https?:)?//", text), path


def test_the_cookie_is_for_this_page_alone(desk: Desk) -> None:
    cookie = desk_client(desk, entered=False).get(f"/enter/{desk.access.key}").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    headers = {"origin": HERE, "x-csrf-token": csrf_of(client), "content-type": "application/json"}
    assert client.post("/uploads", content=b"x" * 1_500_000, headers=headers).status_code == 413


def test_what_a_user_typed_is_shown_as_text(client: TestClient) -> None:
    text = client.get('/live?exercise=push_up&reps="><script>x</script>').text
    assert "<script>x" not in text


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_socket_from_another_page_is_refused(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), socket_of(client, "/live/socket?exercise=nothing", origin):
        pass
    with socket_of(client, "/live/socket?exercise=nothing") as socket:
        assert "no such exercise" in socket.receive_text()


# phones ---------------------------------------------------------------------------------------------------------------


def knocked(desk: Desk, address: str = "192.168.1.77") -> TestClient:
    client = phone_client(desk, address)
    assert client.get(f"/pair/{desk.access.invite()}").status_code == 200
    return client


def test_a_paired_phone_can_exercise_and_nothing_else(desk: Desk) -> None:
    phone = paired_phone(desk)
    for path in ("/", "/exercises/push_up", "/live?exercise=push_up", "/static/live.js"):
        assert phone.get(path).status_code == 200
    for path in ("/sessions", "/settings", "/uploads", "/phone", "/progress", "/enter/x"):
        assert phone.get(path).status_code in (403, 404)


@pytest.mark.parametrize("path", [*PAGES, "/pair/", "/pair/wrong", "/waiting", "/nothing", "/live?exercise=push_up"])
def test_a_stranger_gets_the_same_empty_answer_for_everything(desk: Desk, path: str) -> None:
    desk.access.invite()
    answer = phone_client(desk).get(path)
    assert (answer.status_code, answer.content) == (403, b"")


def test_a_stranger_cannot_even_ask_wrongly(desk: Desk) -> None:
    client = phone_client(desk)
    for answer in (
        client.get("/", headers={"host": "evil.example"}),
        client.post("/settings/delete", data={"word": "delete"}, headers={"origin": THERE}),
        client.request("PATCH", "/"),
    ):
        assert (answer.status_code, answer.content) == (403, b"")


def test_a_link_is_good_once(desk: Desk) -> None:
    token = desk.access.invite()
    assert phone_client(desk).get(f"/pair/{token}").status_code == 200
    assert phone_client(desk).get(f"/pair/{token}").status_code == 403


def test_a_newer_link_ends_the_older(desk: Desk) -> None:
    token = desk.access.invite()
    desk.access.invite()
    assert phone_client(desk).get(f"/pair/{token}").status_code == 403


def test_a_phone_that_has_knocked_sees_nothing_before_it_is_let_in(desk: Desk) -> None:
    phone = knocked(desk)
    assert phone.get("/waiting").json() == {"let_in": False}
    assert phone.get("/").status_code == 403
    with pytest.raises(WebSocketDisconnect), socket_of(phone, "/live/socket?exercise=push_up"):
        pass


def test_the_desk_lets_a_phone_in_by_the_number_on_its_screen(desk: Desk) -> None:
    client = desk_client(desk)
    phone = knocked(desk)
    [guest] = desk.access.phones()
    assert guest.code in client.get("/phone").text if desk.lan else True
    wrong = f"{(int(guest.code) + 1) % 10_000:04d}"
    assert posted(client, "/phone/answer", {"code": wrong, "answer": "yes"}).status_code == 400
    assert phone.get("/").status_code == 403
    assert posted(client, "/phone/answer", {"code": guest.code, "answer": "yes"}).status_code == 303
    assert phone.get("/").status_code == 200


def test_a_phone_that_is_sent_away_stays_out(desk: Desk) -> None:
    phone = knocked(desk)
    [guest] = desk.access.phones()
    assert desk.access.answer(guest.code, let_in=False)
    assert phone.get("/waiting").status_code == 403


def test_a_stolen_cookie_is_no_good_on_another_machine(desk: Desk) -> None:
    phone = paired_phone(desk)
    thief = phone_client(desk, "192.168.1.66")
    thief.cookies.update(dict(phone.cookies))
    assert thief.get("/").status_code == 403


def test_a_phones_cookie_opens_no_door_of_the_desk(desk: Desk) -> None:
    phone = paired_phone(desk)
    client = desk_client(desk, entered=False)
    for value in phone.cookies.values():
        client.cookies.set(f"posturecam-{PORT}", value)
    assert client.get("/").status_code == 403


def test_one_button_ends_it_for_all_phones(desk: Desk) -> None:
    phone, token = paired_phone(desk), desk.access.invite()
    assert posted(desk_client(desk), "/phone/end").status_code == 303
    assert phone.get("/").status_code == 403
    assert phone_client(desk).get(f"/pair/{token}").status_code == 403


def test_links_and_phones_end_by_themselves() -> None:
    now = [100.0]
    access = Access(clock=lambda: now[0])
    token = access.invite()
    now[0] += INVITATION_S
    assert access.knock(token, "a") is None
    cookie, guest = access.knock(access.invite(), "a") or ("", None)
    assert guest is not None
    assert access.answer(guest.code, let_in=True)
    now[0] += PHONE_S - 1
    assert access.guest(cookie, "phone", "a") is guest
    now[0] += 1
    assert access.guest(cookie, "phone", "a") is None


def test_without_lan_no_phone_is_invited(desk: Desk) -> None:
    answer = posted(desk_client(desk), "/phone/invite")
    assert answer.status_code == 400
    assert "--lan" in answer.text
