"""A seed's cast: who performs what, how well, and how it is filmed. The same seed gives the same scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.unseen.scripts import NEGATIVES, PARTS, Part
from sample_videos.render.body import Shape
from sample_videos.render.cast import ROOMS
from sample_videos.render.clips import Clip
from sample_videos.render.clothing import Outfit
from sample_videos.render.conditions import Performance
from sample_videos.render.film import Script

Dice = np.random.Generator
PEOPLE = 7
SKINS = ((240, 204, 180), (224, 172, 138), (200, 150, 116), (160, 112, 84), (128, 88, 66), (94, 62, 46))
HAIRS = ((24, 20, 20), (60, 40, 28), (110, 72, 40), (178, 130, 76), (200, 196, 190))
PICTURE = {"cut", "small", "furniture", "beside", "second"}


def draw(seed: int) -> list[Script]:
    """The scripts of a seed, in a fixed order."""
    dice = np.random.default_rng([20260, seed])
    people = [_person(dice) for _ in range(PEOPLE)]
    plain = [_good(dice, part) for part in PARTS] + [_faulty(dice, part) for part in PARTS]
    plain += [_negative(view, name, height) for name, view, height in NEGATIVES]
    parts = [*PARTS, *PARTS, *([None] * len(NEGATIVES))]
    chosen = _deal(dice, parts, [bool(s.clip.faults) for s in plain])
    out = []
    for number, (script, part, names) in enumerate(zip(plain, parts, chosen, strict=True)):
        clip = replace(
            script.clip,
            name=f"s{seed}_{number:02d}_{script.clip.name}",
            who=people[int(dice.integers(PEOPLE))],
            room=int(dice.integers(len(ROOMS))),
            facing=int(dice.choice([-1, 1])),
            turned=float(dice.uniform(-10, 10)),
            fps=float(dice.choice([10.0, 10.0, 12.0])),
            camera_m=max(0.4, script.clip.camera_m + float(dice.uniform(-0.2, 0.2))),
            cast=1 + seed,
        )
        script = replace(script, clip=clip)
        usual = Performance(
            tempo=round(float(dice.uniform(0.75, 1.0)), 2),
            lead=round(float(dice.uniform(0.3, 0.9)), 2),
            hold_s=round(float(dice.uniform(3.6, 6.5)), 1) if part is not None and part.kind == "hold" else None,
        )
        script = replace(script, how=usual)
        # half of all pictures are flipped: which side works first, or bears the weight
        if dice.random() < 0.5:
            script = replace(script, seen=replace(script.seen, mirrored=True))
        script = _lengthened(script, part, names)
        for name in names:
            script = MECHANISMS[name][0](Turn(dice, script, part))
        company = tuple(people[int(k)] for k in dice.permutation(PEOPLE)[:3] if people[int(k)] is not clip.who)
        out.append(replace(script, company=company[:2]))
    return out


LONGER = {"enters", "leaves", "about", "pauses"}
SHORTER = {"begin", "end", "one_side"}


def _lengthened(script: Script, part: Part | None, names: Sequence[str]) -> Script:
    """More repetitions where some are left out, fewer where a mechanism takes time: clips of about a dozen seconds."""
    if part is None or part.kind == "hold":
        return script
    more = len(SHORTER & set(names)) - len(LONGER & set(names))
    if part.kind == "sides":
        more += "one_side" in names
    reps = min(max(script.clip.reps + more, 2), 6)
    return replace(script, clip=replace(script.clip, reps=reps))


def _person(dice: Dice) -> tuple[Shape, Outfit]:
    woman = bool(dice.random() < 0.5)
    shape = Shape(
        gender=float(dice.uniform(0.75, 1.0) if woman else dice.uniform(0.0, 0.25)),
        age=float(dice.uniform(0.52, 0.85)),
        muscle=float(dice.uniform(0.35, 0.75)),
        weight=float(dice.uniform(0.35, 0.75)),
        height=float(dice.uniform(0.3, 0.7)),
        proportions=float(dice.uniform(0.3, 0.7)),
    )
    shirt, legs = (tuple(int(c) for c in dice.integers(low, high, 3)) for low, high in ((40, 235), (25, 120)))
    outfit = Outfit(
        SKINS[int(dice.integers(len(SKINS)))],
        HAIRS[int(dice.integers(len(HAIRS)))],
        shirt,  # type: ignore[arg-type]
        legs,  # type: ignore[arg-type]
        sleeve=float(dice.uniform(0.35, 0.8)),
        leg_length=float(dice.choice([0.6, 0.8, 1.7, 1.78])),
        hair_style=str(dice.choice(["bun", "tail"])) if woman else "short",
    )
    return shape, outfit


def _good(dice: Dice, part: Part) -> Script:
    clip = Clip(f"{part.name}_good", part.exercise, part.variant, (), part.view, reps=_reps(dice, part))
    return Script(replace(clip, camera_m=part.camera_m))


def _faulty(dice: Dice, part: Part) -> Script:
    fault = str(dice.choice(list(part.faults)))
    # seen from the side, hands that are too low cannot be told from the lean
    view = "front" if (part.exercise, fault) == ("pectoral_stretch", "hands_too_low") else part.view
    clip = Clip(f"{part.name}_{fault}", part.exercise, part.variant, (fault,), view, reps=_reps(dice, part))
    return Script(replace(clip, camera_m=part.camera_m))


def _reps(dice: Dice, part: Part) -> int:
    if part.exercise == "chest_stretch_wall":
        return int(dice.choice([1, 2]))  # which arm
    if part.kind == "hold":
        return part.reps
    if part.exercise in ("cat_cow", "external_rotation"):
        return part.reps
    return part.reps + int(dice.integers(0, 2))


def _negative(view: str, name: str, height: float) -> Script:
    return Script(Clip(f"{name}_{view}", name, view=view, camera_m=height, reps=3))


def _deal(dice: Dice, parts: list[Part | None], faulty: list[bool]) -> list[list[str]]:
    """Names of mechanisms for every clip: none to three, each mechanism about equally often and at least twice."""
    hands: list[list[str]] = [[] for _ in parts]
    room = [int(n) for n in dice.choice([0, 1, 2, 3], len(parts), p=[0.1, 0.3, 0.35, 0.25])]
    rounds = 0
    while rounds < 8:
        rounds += 1
        for name in dice.permutation(list(MECHANISMS)).tolist():
            free = [
                i
                for i in dice.permutation(len(parts)).tolist()
                if len(hands[i]) < max(room[i], 1 if rounds == 1 else 0) and _fits(name, hands[i], parts[i], faulty[i])
            ]
            if free:
                hands[free[0]].append(name)
    return hands


def _fits(name: str, hand: list[str], part: Part | None, faulty: bool) -> bool:
    if name in hand or (name in PICTURE and PICTURE & set(hand)):
        return False
    if {"begin", "about", "enters"} & {name} and {"begin", "about", "enters"} & set(hand):
        return False
    if {"end", "leaves"} & {name} and {"end", "leaves", "about"} & set(hand):
        return False
    if {name, *hand} >= {"rate", "gaps"} or {name, *hand} >= {"rate", "blur"}:
        return False
    if name == "amplitude" and faulty:
        return False
    return MECHANISMS[name][1](part)


@dataclass(frozen=True)
class Turn:
    """What a mechanism changes: the script so far, with the part it plays (None = a negative) and the dice."""

    dice: Dice
    script: Script
    part: Part | None


Change = Callable[[Turn], Script]
Fits = Callable[["Part | None"], bool]


def _say(script: Script, *words: str) -> Script:
    return replace(script, said=(*script.said, *words))


def _how(script: Script, words: str, **changes: object) -> Script:
    return _say(replace(script, how=replace(script.how, **changes)), words)  # type: ignore[arg-type]


def _seen(script: Script, words: str, **changes: object) -> Script:
    return _say(replace(script, seen=replace(script.seen, **changes)), words)  # type: ignore[arg-type]


def _clip(script: Script, words: str, **changes: object) -> Script:
    return _say(replace(script, clip=replace(script.clip, **changes)), words)  # type: ignore[arg-type]


def _amplitude(it: Turn) -> Script:
    share = round(float(it.dice.uniform(0.33, 0.95)), 2)
    # a small movement is an exercise when it is repeated
    script = replace(it.script, clip=replace(it.script.clip, reps=max(3, it.script.clip.reps)))
    return _how(script, f"amplitude={share}", amplitude=share)


def _tempo(it: Turn) -> Script:
    factor = round(float(it.dice.choice([it.dice.uniform(0.5, 0.8), it.dice.uniform(1.25, 1.6)])), 2)
    return _how(it.script, f"tempo={factor}", tempo=factor)


def _pauses(it: Turn) -> Script:
    seconds = round(float(it.dice.uniform(0.8, 2.2)), 1)
    return _how(it.script, f"pauses={seconds}", pause_s=seconds)


def _one_side(it: Turn) -> Script:
    return _how(it.script, "one_side", one_side=True)


def _about(it: Turn) -> Script:
    before, after = (round(float(x), 1) for x in it.dice.uniform(1.5, 3.0, 2))
    after = after if it.dice.random() < 0.5 else 0.0
    return _how(it.script, f"about={before}+{after}", about_s=(before, after))


def _begin(it: Turn) -> Script:
    assert it.part is not None
    ways = ["held"] if it.part.kind == "hold" else ["out"] if it.part.exercise == "cat_cow" else ["out", "back"]
    way = str(it.dice.choice(ways))
    return _how(it.script, f"begin={way}", begin=way)


def _end(it: Turn) -> Script:
    assert it.part is not None
    ways = ["held"] if it.part.kind == "hold" else ["out"] if it.part.exercise == "cat_cow" else ["out", "back"]
    way = str(it.dice.choice(ways))
    return _how(it.script, f"end={way}", end=way)


def _enters(it: Turn) -> Script:
    return _how(it.script, "enters", enters=True)


def _leaves(it: Turn) -> Script:
    return _how(it.script, "leaves", leaves=True)


def _turned(it: Turn) -> Script:
    degrees = round(float(it.dice.choice([-1, 1])) * float(it.dice.uniform(18, 60)))
    if it.part is not None and it.part.exercise in ("chest_stretch_wall", "pectoral_stretch"):
        degrees = round(degrees * 0.6)  # farther round, wall or door frame stands between
    elif it.part is not None and it.part.variant == "wall":
        degrees = round(degrees * 0.4)  # seed 116 showed a wall and nobody
    return _clip(it.script, f"turned={degrees}", turned=float(degrees))


def _raised(it: Turn) -> Script:
    degrees = round(float(it.dice.uniform(10, 25)))
    return _seen(it.script, f"raised={degrees}", raised=float(degrees))


def _tilted(it: Turn) -> Script:
    degrees = round(float(it.dice.choice([-1, 1])) * float(it.dice.uniform(2.5, 5)), 1)
    return _seen(it.script, f"tilted={degrees}", roll=degrees)


def _cut(it: Turn) -> Script:
    assert it.part is not None
    where = str(it.dice.choice(list(it.part.cuts)))
    return _seen(it.script, f"cut={where}", cut=where)


def _small(it: Turn) -> Script:
    times = round(float(it.dice.uniform(1.6, 2.4)), 1)
    return _seen(it.script, f"small={times}", small=times)


def _portrait(it: Turn) -> Script:
    return _seen(it.script, "portrait", width=360, height=480)


def _lens(it: Turn) -> Script:
    share = round(float(it.dice.uniform(0.1, 0.25)), 2)
    return _seen(it.script, f"lens={share}", lens=share)


def _dark(it: Turn) -> Script:
    light = round(float(it.dice.uniform(0.16, 0.4)), 2)
    return _seen(it.script, f"dark={light}", light=light, noise=round(float(it.dice.uniform(6, 15)), 1))


def _blur(it: Turn) -> Script:
    return _seen(it.script, "blur", blur=True)


def _rate(it: Turn) -> Script:
    fps = float(it.dice.choice([8, 9, 10, 20, 25, 30, 50, 60], p=[0.2, 0.15, 0.1, 0.15, 0.15, 0.15, 0.05, 0.05]))
    if fps > 20 and it.part is not None and it.part.kind == "reps":
        # many frames per second cost as much as a long clip
        fewest = 1 if it.part.exercise == "cat_cow" else 2 if it.script.how.amplitude == 1.0 else 3
        script = replace(it.script, clip=replace(it.script.clip, reps=fewest))
        return _clip(script, f"rate={fps:.0f}", fps=fps)
    return _clip(it.script, f"rate={fps:.0f}", fps=fps)


def _gaps(it: Turn) -> Script:
    spots = sorted(it.dice.uniform(0.1, 0.9, int(it.dice.integers(1, 4))).tolist())
    lost = tuple((s, s + float(it.dice.uniform(0.02, 0.06))) for s in spots)
    return _seen(it.script, f"gaps={len(lost)}", gaps=lost)


def _loose(it: Turn) -> Script:
    shape, outfit = it.script.clip.looks
    wide = round(float(it.dice.uniform(0.02, 0.04)), 3)
    return _clip(it.script, f"loose={wide}", who=(shape, replace(outfit, loose_m=wide, sleeve=0.85, leg_length=1.75)))


def _hair(it: Turn) -> Script:
    shape, outfit = it.script.clip.looks
    return _clip(it.script, "long_hair", who=(shape, replace(outfit, hair_style="long")))


def _furniture(it: Turn) -> Script:
    return _seen(it.script, "furniture", furniture=True)


def _beside(it: Turn) -> Script:
    side = int(it.dice.choice([-1, 1]))
    return _seen(it.script, f"beside={side}", beside=side)


def _second(it: Turn) -> Script:
    what = str(it.dice.choice(["walks", "waves", "squats"]))
    return _seen(it.script, f"second={what}", second=what)


def _any(part: Part | None) -> bool:  # noqa: ARG001
    return True


def _counted(part: Part | None) -> bool:
    return part is not None and part.kind != "hold"


def _one_of_ours(part: Part | None) -> bool:
    return part is not None


MECHANISMS: dict[str, tuple[Change, Fits]] = {
    "amplitude": (_amplitude, _counted),
    "tempo": (_tempo, _counted),
    "pauses": (_pauses, _counted),
    "one_side": (_one_side, lambda p: p is not None and p.kind == "sides"),
    "about": (_about, _one_of_ours),
    "begin": (_begin, _one_of_ours),
    "end": (_end, _one_of_ours),
    "enters": (_enters, lambda p: p is not None and p.walks),
    "leaves": (_leaves, lambda p: p is not None and p.walks),
    "turned": (_turned, _any),
    "raised": (_raised, _any),
    "tilted": (_tilted, _any),
    "cut": (_cut, lambda p: p is not None and bool(p.cuts)),
    "small": (_small, _any),
    "portrait": (_portrait, _any),
    "lens": (_lens, _any),
    "dark": (_dark, _any),
    "blur": (_blur, _any),
    "rate": (_rate, _any),
    "gaps": (_gaps, _any),
    "loose": (_loose, _any),
    "long_hair": (_hair, _any),
    "furniture": (_furniture, _one_of_ours),
    "beside": (_beside, _any),
    "second": (_second, _one_of_ours),
}
