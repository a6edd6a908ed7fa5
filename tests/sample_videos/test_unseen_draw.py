"""A seed's cast: every exercise, every mechanism, the same every time. Needs the `render` extra."""

from collections import Counter

import pytest

pytest.importorskip("anny")
pytest.importorskip("numba")
pytest.importorskip("scipy")

from benchmarks.unseen.draw import MECHANISMS, draw
from benchmarks.unseen.scripts import NEGATIVES, PARTS
from posturecam.spec.catalogue import choose_variant, exercise_ids, load_spec
from sample_videos.render.cast import PEOPLE

SEEDS = (0, 1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_draws_the_same_scripts_again(seed):
    assert draw(seed) == draw(seed)
    assert draw(seed) != draw(seed + 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_mechanism_is_in_every_seed(seed):
    said = Counter(words.split("=")[0] for script in draw(seed) for words in script.said)
    assert set(said) == set(MECHANISMS)
    assert min(said.values()) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_every_exercise_and_variant_is_shown_well_and_with_a_fault(seed):
    scripts = draw(seed)
    shown = {(s.clip.exercise, s.clip.variant, bool(s.clip.faults)) for s in scripts}
    assert shown >= {(p.exercise, p.variant, faulty) for p in PARTS for faulty in (False, True)}
    assert {p.exercise for p in PARTS} == set(exercise_ids())
    assert len(scripts) == 2 * len(PARTS) + len(NEGATIVES)
    assert len({s.clip.name for s in scripts}) == len(scripts)


@pytest.mark.parametrize("part", PARTS, ids=lambda p: p.name)
def test_faults_are_those_of_the_specs(part):
    spec = choose_variant(load_spec(part.exercise), part.variant or None)
    assert set(part.faults) <= set(spec.checks)


@pytest.mark.parametrize("seed", SEEDS)
def test_conditions_come_one_to_three_at_a_time_on_people_who_are_in_no_other_cast(seed):
    scripts = draw(seed)
    assert max(len(s.said) for s in scripts) <= 3
    known = {shape for shape, _ in PEOPLE} | {s.clip.looks[0] for s in draw(seed + 1)}
    assert not known & {s.clip.looks[0] for s in scripts}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_movement_is_repeated_at_least_three_times(seed):
    small = [s for s in draw(seed) if s.how.amplitude < 1]
    assert small
    assert min(s.clip.reps for s in small) >= 3
    assert not any(s.clip.faults for s in small)
