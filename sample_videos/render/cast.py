"""The people, rooms and lights from which clips choose by number."""

from __future__ import annotations

from .body import Shape
from .clothing import Outfit
from .room import Room

#: the first so many people play in the shipped clips; the others only in clips that are held out for measuring
SHIPPED_PEOPLE = 6
PEOPLE: tuple[tuple[Shape, Outfit], ...] = (
    (
        Shape(gender=1.0, age=0.6, muscle=0.55, weight=0.45, height=0.55),
        Outfit(
            (228, 182, 150),
            (66, 42, 28),
            (190, 74, 84),
            (40, 42, 54),
            hair_style="bun",
            leg_length=1.78,
        ),
    ),
    (
        Shape(gender=0.0, age=0.6, muscle=0.6, weight=0.5, height=0.45),
        Outfit((206, 154, 120), (38, 28, 24), (52, 112, 160), (48, 50, 58)),
    ),
    (
        Shape(gender=1.0, age=0.7, muscle=0.45, weight=0.58, height=0.5),
        Outfit(
            (150, 104, 76),
            (26, 22, 22),
            (222, 178, 70),
            (70, 46, 92),
            hair_style="tail",
            leg_length=1.75,
        ),
    ),
    (
        Shape(gender=0.0, age=0.68, muscle=0.5, weight=0.6, height=0.5),
        Outfit((236, 196, 170), (150, 146, 140), (84, 132, 94), (92, 86, 78), sleeve=0.65),
    ),
    (
        Shape(gender=1.0, age=0.55, muscle=0.5, weight=0.4, height=0.6),
        Outfit(
            (240, 200, 176),
            (172, 120, 66),
            (92, 196, 190),
            (58, 64, 88),
            hair_style="tail",
            leg_length=0.6,
        ),
    ),
    (
        Shape(gender=0.0, age=0.58, muscle=0.7, weight=0.48, height=0.5),
        Outfit((112, 74, 54), (22, 18, 18), (216, 216, 212), (34, 62, 92), sleeve=0.45),
    ),
    (
        Shape(gender=0.9, age=0.75, muscle=0.4, weight=0.66, height=0.42, proportions=0.4),
        Outfit((232, 190, 164), (196, 190, 184), (120, 60, 110), (52, 56, 66), hair_style="bun", leg_length=1.7),
    ),
    (
        Shape(gender=0.05, age=0.62, muscle=0.55, weight=0.68, height=0.55, proportions=0.55),
        Outfit((196, 144, 112), (48, 36, 30), (196, 92, 48), (66, 70, 60), sleeve=0.7),
    ),
    (
        Shape(gender=1.0, age=0.58, muscle=0.6, weight=0.5, height=0.5, proportions=0.6),
        Outfit((128, 88, 66), (24, 20, 20), (86, 168, 120), (120, 52, 70), hair_style="tail", leg_length=1.7),
    ),
    (
        Shape(gender=0.0, age=0.8, muscle=0.45, weight=0.52, height=0.4, proportions=0.45),
        Outfit((238, 204, 182), (206, 204, 200), (70, 84, 150), (96, 92, 84), sleeve=0.5, leg_length=0.8),
    ),
    (
        Shape(gender=0.55, age=0.56, muscle=0.5, weight=0.42, height=0.68, proportions=0.65),
        Outfit((214, 166, 132), (92, 60, 36), (230, 226, 214), (38, 44, 70), leg_length=1.7),
    ),
    (
        Shape(gender=0.1, age=0.6, muscle=0.75, weight=0.55, height=0.6, proportions=0.35),
        Outfit((94, 62, 46), (20, 18, 18), (214, 70, 76), (40, 40, 44), sleeve=0.4),
    ),
)
ROOMS: tuple[Room, ...] = (
    Room("wood", (212, 208, 198), "picture", (70, 120, 128)),
    Room("carpet", (190, 202, 208), "window", (120, 76, 110)),
    Room("tiles", (218, 210, 200), "plant", (64, 92, 150)),
    Room("wood", (198, 208, 196), "window", (166, 92, 74)),
    Room("carpet", (214, 204, 190), "plant", (84, 112, 84)),
)
