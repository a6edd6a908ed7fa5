"""A spec file may come from anywhere: whatever is in it, the loader ends soon, in little memory, with a SpecError or a spec."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posturecam.errors import SpecError
from posturecam.spec.load import load_file, load_programme
from posturecam.spec.schema import Exercise
from posturecam.spec.tree import MAX_BYTES
from tests.spec.files import COUNTED, HELD, problems_of

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)

REFUSED = [
    ("billion laughs", LAUGHS, "anchors (&name) and aliases (*name) are not allowed"),
    ("a node that holds itself", "a: &a [*a]\n", "anchors (&name) and aliases (*name) are not allowed"),
    ("a merge key", "a: &a {b: 1}\nc: {<<: *a}\n", "anchors (&name)"),
    ("a Python object", "a: !!python/object/apply:os.system [ls]\n", "tags such as"),
    ("deep lists", "a: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
    ("deep lists that never end", "a: " + "[" * 200_000, "nested too deeply"),
    ("deep mappings", "a: " + "{a: " * 3000 + "}" * 3000, "nested too deeply"),
    ("deep dashes", "- " * 5000 + "x", "nested too deeply"),
    ("deep questions", "? " * 5000 + "x", "expected a name as key, found a list or mapping"),
    ("a large file", "# " + "x" * MAX_BYTES, "expected a spec of at most 256 KiB"),
    ("many values", "a: [" + "1," * 60_000 + "]", "too many values"),
    ("not UTF-8", b"id: squ\xe9eze\n", "1: expected UTF-8 text, found byte 0xe9"),
    ("UTF-16", "id: squeeze\n".encode("utf-16"), "expected UTF-8 text, found byte 0xff"),
    ("a control character", "id: a\x07b\n", "not valid YAML"),
    ("a NUL", "id: a\x00b\n", "not valid YAML"),
    ("an impossible escape", 'id: "\\UFFFFFFFF"\n', "not valid YAML"),
    ("half a surrogate pair", 'id: "\\uD800"\n', "half of a surrogate pair"),
    ("an open quote", 'id: "abc\n', "not valid YAML"),
    ("a tab", "id:\n\t- x\n", "2: not valid YAML"),
    ("an open list", "id: [a, b\nname: x\n", "not valid YAML"),
    ("two documents", "id: a\n---\nid: b\n", "expected one document"),
    ("an empty file", "", "expected an exercise, found an empty file"),
    ("only a comment", "# nothing\n", "expected an exercise, found an empty file"),
    ("a list", "- a\n- b\n", "1: expected keys such as 'id: my_exercise', found a list of 2"),
    ("a word", "hello\n", "found 'hello'"),
    ("a key that is a list", "[a, b]: c\n", "expected a name as key, found a list or mapping"),
    ("a key that is a number", "1: c\n", "1: expected a name as key, found '1'"),
    ("an unknown YAML version", "%YAML 99.99\n---\nid: a\n", "not valid YAML"),
    ("a huge number", "id: " + "9" * 100_000 + "\n", "expected at most 41 characters"),
    ("sixty base sixty digits", "id: " + ":".join(["59"] * 5000) + "\n", "1: "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_not_a_plain_small_yaml_file_is_refused(tmp_path: Path, text: str | bytes, problem: str) -> None:
    found = problems_of(tmp_path, text)
    if problem == "expected at most 41 characters":
        assert any("id: " in line for line in found)
    else:
        assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("path", "problem"),
    [("gone.yaml", "No such file or directory"), (".", "Is a directory"), ("a\0b.yaml", "not a path of a file")],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, path: str, problem: str) -> None:
    with pytest.raises(SpecError, match=problem):
        load_file(tmp_path / path)


def test_a_chain_of_measures_is_kept_short(tmp_path: Path) -> None:
    chain = "".join(f"  m{n}x: {{change: m{n + 1}x}}\n" for n in range(900))
    found = problems_of(tmp_path, COUNTED.replace("setup:\n", chain + "setup:\n"))
    assert found == ["10: measures: expected at most 100 entries, found 903"]


def test_a_file_full_of_mistakes_says_the_first_and_counts_the_rest(tmp_path: Path) -> None:
    checks = "".join(f"  check_{n}: {{}}\n" for n in range(1500))
    variants = "".join(f"  v{n}x: {{}}\n" for n in range(20))
    found = problems_of(tmp_path, f"checks:\n{checks}variants:\n{variants}")
    assert len(found) == 201
    assert found[-1].endswith("more problems")


def test_messages_can_always_be_printed(tmp_path: Path) -> None:
    for line in problems_of(tmp_path, 'id: "a\\u202e\U0001f600"\nn\u00e9: 1\n'):
        line.encode("utf-8")


def _mutate(text: str, seed: int) -> str:
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 6)):
        lines = text.split("\n")
        at = dice.randrange(len(lines))
        way = dice.randrange(8)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines.insert(dice.randrange(len(lines) + 1), lines[at])
        elif way == 2:
            lines[at] = dice.choice(["  ", "- ", "? ", "&a ", "*a ", "!x ", "{", "[", '"', "|", ">", "%"]) + lines[at]
        elif way == 3:
            words = lines[at].split(" ")
            words[dice.randrange(len(words))] = dice.choice(
                [
                    "null",
                    "true",
                    "1",
                    "-1e9",
                    "[]",
                    "{}",
                    "''",
                    ">= 3",
                    "near.hip",
                    "9" * 30,
                    "{a: [b]}",
                    "inf",
                    ".nan",
                    "~",
                ]
            )
            lines[at] = " ".join(words)
        elif way == 4:
            lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
        elif way == 5:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif way == 6:
            place = dice.randrange(len(lines[at]) + 1)
            lines[at] = (
                lines[at][:place] + chr(dice.choice([0x7F, 0x20AC, 0x3A, 0x23, 0xFEFF, 0x85])) + lines[at][place:]
            )
        else:
            lines[at] = lines[at].replace(":", dice.choice([":", " :", "::", ""]), 1)
        text = "\n".join(lines)
    return text


VARIED = (
    COUNTED
    + "default_variant: cable\nvariants:\n  band: {}\n  cable:\n    measures: {hand: null}\n    checks: {hand_low: null}\n"
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([COUNTED, HELD, VARIED]), st.integers(0, 2**32))
def test_a_damaged_file_gives_a_spec_or_a_spec_error_with_lines(text: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for line in problems_of(Path(folder), _mutate(text, seed)):
            assert line.split(":")[0].isdigit(), line


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_random_bytes_give_a_spec_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spec.yaml"
        path.write_bytes(data)
        for load in (load_file, load_programme):
            with pytest.raises(SpecError):
                load(path)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
_TREES = st.recursive(
    _LEAVES, lambda kids: st.lists(kids, max_size=3) | st.dictionaries(st.text(max_size=8), kids, max_size=3)
)
_KEYS = st.sampled_from([*Exercise.model_fields, "variants", "default_variant"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_KEYS, _TREES, min_size=1, max_size=8))
def test_well_formed_nonsense_gives_a_spec_error(tree: dict[str, object]) -> None:
    import yaml

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spec.yaml"
        path.write_text(yaml.safe_dump(tree, allow_unicode=False), encoding="utf-8")
        with pytest.raises(SpecError):
            load_file(path)
