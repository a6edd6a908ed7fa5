"""The catalogue is whole and current, and nothing that a patient reads or hears goes past it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from posturecam import language
from posturecam.judging.verdicts import TOO_CLOSE
from posturecam.model import Attempt, Doubt
from posturecam.report import pdf, pdf_canvas
from posturecam.report.history import entry_of
from posturecam.report.history_page import render_history
from posturecam.report.html import render_html
from posturecam.report.markdown import render_markdown
from posturecam.report.pdf import render_pdf
from posturecam.report.presentation import terminal_lines
from posturecam.report.types import Pain, Person, Report
from posturecam.web.texts import STATIC
from tests import builders_report as make
from tests.signs import SIGNS, past_the_catalogue, signs_known, texts
from tests.unmarked import unmarked, unmarked_in_script, unmarked_in_template, words_of

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "posturecam"
READ_BY_PATIENTS = (
    "coaching/*.py",
    "judging/doubts.py",
    "judging/framing.py",
    "judging/outcome.py",
    "judging/summary.py",
    "judging/verdicts.py",
    "kinematics/measures.py",
    "kinematics/track.py",
    "report/charts.py",
    "report/dates.py",
    "report/figures.py",
    "report/gallery.py",
    "report/history*.py",
    "report/html.py",
    "report/markdown.py",
    "report/pdf.py",
    "report/presentation.py",
    "report/progress.py",
    "report/summary.py",
    "report/symmetry.py",
    "report/timeline*.py",
    "report/wording.py",
    "sinks/*.py",
    "app/choices.py",
    "app/finished.py",
    "app/live*.py",
    "app/obstacles.py",
    "app/recovery.py",
    "app/review.py",
    "app/seeing.py",
    "app/stage.py",
    "app/window_chooser.py",
    "sources/sentences.py",
    "spec/units.py",
    "spec/words.py",
    "cli/live.py",
    "cli/choosing.py",
    "report/comparison.py",
    "web/application.py",
    "web/comparing.py",
    "web/entering.py",
    "web/exercises.py",
    "web/live.py",
    "web/pages.py",
    "web/review.py",
    "web/room.py",
    "web/settings.py",
    "web/stage.py",
)
"""Where words stand that a patient reads or hears; elsewhere are errors, commands and tables for whoever runs the program."""
NO_TEXTS = {
    # how a sentence begins, asked of a marked one
    "judging/doubts.py": {"can only be judged from"},
    "judging/framing.py": {"Step back, "},
    "judging/verdicts.py": {"can only be judged from the ", " or the "},
    "report/wording.py": {" min "},
    "report/presentation.py": {", Python "},
    "report/html.py": {"data:video/mp4;base64,", "data:image/jpeg;base64,"},
    "report/timeline_chart.py": {"band-away", "on-unknown", "on-fill"},
    # what stands in truth.json, for programs
    "app/review.py": {"reviewed by "},
    # names of outputs and engines, for whoever looks for what failed
    "sinks/live_view.py": {"the picture"},
    "sinks/overlay.py": {"The overlay"},
    "sinks/speech.py": {"espeak-ng", "voice answers"},
    "sinks/thumbnails.py": {"The pictures of the worst moments", "OpenCV could not encode a JPEG picture"},
    "sinks/video.py": {"The overlay video"},
    "sinks/voice.py": {"the voice"},
    "sinks/window.py": {"page up", "page down", "run it on a desktop, or add --no-window to be coached by voice alone"},
    # joints of the drawn figure
    "sinks/signs.py": {"left hand", "right hand", "left foot", "right foot"},
    # what became of each repetition, for "rescore"
    "report/comparison.py": {
        "Rep",
        "Hold",
        "no longer ",
        "now ",
        "score ",
        "No longer counted: ",
        "Now counted: ",
    },
    # names that are the same everywhere
    "web/settings.py": {"English", "Deutsch"},
    "web/room.py": {"room "},
    # a header and a command
    "web/review.py": {'attachment; filename="truth.json"', "posturecam specs test ", " --clips "},
    "web/stage.py": {"the page"},
    # errors of a call
    "cli/choosing.py": {
        "Name one exercise, or --programme; 'posturecam specs list' shows the exercises.",
        "There is no programme that was ended early; start one with --programme.",
    },
}
"""What reads like words and is none that a patient is told."""


def keys(catalog: Catalog) -> set[object]:
    return {(message.context, message.id) for message in catalog if message.id}


@pytest.mark.parametrize("code", ["de", "es"])
def test_every_text_is_in_the_catalogue_and_what_is_compiled_is_current(code: str) -> None:
    asked, there = keys(texts().gathered()), keys(texts().translations(code))
    assert (asked - there, there - asked) == (set(), set()), "say: make texts, and translate what is new"
    compiled = (texts().LOCALE / code / "LC_MESSAGES" / "posturecam.mo").read_bytes()
    assert texts().mo_bytes(texts().updated(texts().translations(code), texts().gathered())) == compiled, (
        "say: make texts"
    )


@pytest.mark.parametrize("code", ["de", "es"])
def test_every_text_is_translated_none_guessed_and_each_place_is_filled(code: str) -> None:
    assert texts().faults(texts().translations(code)) == []


def test_a_text_without_words_is_named() -> None:
    catalog = texts().translations("de")
    catalog["Well done"].string = ""
    catalog["{number} good"].string = "{nummer} gut"
    assert [fault.split(":")[1].strip() for fault in texts().faults(catalog)] == [
        "not translated",
        "other places ('{nummer} gut')",
    ]


def patients_files() -> list[Path]:
    return sorted({path for pattern in READ_BY_PATIENTS for path in PACKAGE.glob(pattern)})


@pytest.mark.parametrize("path", patients_files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_words_in_the_code_go_past_the_catalogue(path: Path) -> None:
    allowed = NO_TEXTS.get(str(path.relative_to(PACKAGE)), set())
    found = [(line, text) for line, text in unmarked(path.read_text(encoding="utf-8")) if text not in allowed]
    found = [(line, text) for line, text in found if not text.startswith("\nimport ")]
    assert found == [], "put it through gettext, or msgid where it is shown later"


FOR_REVIEWERS = {"many.html.j2"}
"""Where whoever judges many recordings works; in English."""


def patients_pages() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("templates/*.j2")) if path.name not in FOR_REVIEWERS]


@pytest.mark.parametrize("path", patients_pages(), ids=lambda path: path.name)
def test_no_words_in_a_template_go_past_the_catalogue(path: Path) -> None:
    found = unmarked_in_template(path.read_text(encoding="utf-8"))
    assert [text for text in found if text.strip("· ") not in ("posturecam", "truth.json")] == [], (
        'write {{ _("...") }}'
    )


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_words_in_a_script_go_past_the_catalogue(path: Path) -> None:
    if path.name not in FOR_REVIEWERS:
        assert unmarked_in_script(path.read_text(encoding="utf-8")) == [], 'write t("...")'


def test_the_finder_finds() -> None:
    code = 'x = f"{n} reps left"\nsay("Breathe out")\nsay(gettext("Breathe in"))\n"""No."""'
    assert [text for _, text in unmarked(code)] == [" reps left", "Breathe out"]
    page = '<p aria-label="{{ a }}">{{ _("In") }}<b>Out</b> {% if x %}<i title="Up">{% endif %}'
    assert unmarked_in_template(page) == ["Out", "Up"]
    assert unmarked_in_script('show(t("Go on"), "Take a rest"); x = "use strict" + `${n} left`;') == ["Take a rest"]


# what stands outside the signs has gone past the catalogue -----------------------------------------------------------------

NAMES = (
    r"\.mp4|posturecam|mediapipe|opencv-python|numpy|\bav\b|Python|full|push\\?_up|plank|floor|morning set|degrees"
    r"|tighten your stomach|on the toes|\bmin\b|\bcm\b"
)
"""Names of files, programs and units, and texts that the builders make up."""


@pytest.fixture
def signs(tmp_path: Path) -> Iterator[None]:
    """Speak the language of signs."""
    with signs_known(tmp_path), language.spoken(SIGNS):
        yield


def reports() -> dict[str, Report]:
    """Reports that have something of everything in them."""
    sided = make.make_session(
        [
            make.make_rep(1, make.fault("too_fast", 0.3, 0.5), side="left"),
            make.make_rep(2, make.unclear("hips_sagging", "right wrist hidden"), side="right"),
        ],
        attempts=[Attempt(18.0, 18.6, "took longer than 40 seconds", "left")],
        doubts=(Doubt("hips_sagging", "can only be judged from the side", 1.0), Doubt("too_fast", TOO_CLOSE, 0.5)),
    )
    held = make.make_session([], holds=[make.make_hold(1, 9, make.fault()), make.make_hold(10, 19)])
    warned = replace(make.SOURCE, warnings=["The camera was lost after 12 s."])
    return {
        "reps": make.make_report(person=Person(id="ana", name="Ø 1", height_cm=170), source=warned),
        "sides": make.make_report(sided, make.two_sided(), pain=Pain(before=4, after=2)),
        "holds": make.make_report(held, make.plank()),
        "nothing": make.make_report(make.make_session([])),
    }


@pytest.mark.parametrize("name", sorted(reports()))
def test_a_report_says_nothing_past_the_catalogue(name: str, signs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    report = reports()[name]
    set_: list[str] = []
    real = pdf_canvas.printable
    for room in (pdf, pdf_canvas):
        monkeypatch.setattr(room, "printable", lambda text: set_.append(text) or real(text))
    render_pdf(report)
    page = words_of(render_html(report))
    lines = [*page, *set_, *render_markdown(report).splitlines(), *terminal_lines(report)]
    assert len(lines) > 60
    assert {rest for line in lines if (rest := past_the_catalogue(line, NAMES))} == set()


def test_the_history_says_nothing_past_the_catalogue(signs: None) -> None:
    entries = [
        entry_of(f"s{day}", make.CREATED + timedelta(days=day), report)
        for day in (0, 3)
        for report in reports().values()
    ]
    lines = words_of(render_history(entries, unreadable=2))
    assert len(lines) > 40
    assert {rest for line in lines if (rest := past_the_catalogue(line, NAMES))} == set()
