"""The stage of one clip: room, props, the person who exercises and one who may walk past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .body import Body, Shape, load_body
from .camera import Camera
from .cast import PEOPLE, ROOMS
from .clips import Clip
from .clothing import Outfit, dress
from .motion import Prop, Take
from .renderer import Shown, Stage
from .room import box, build, tube
from .rotation import Z, about
from .skeleton import Pose, Posed
from .skin import skin

TALL_M = 1.2


class Dressed:
    """A person on the stage, with a body's shape and clothes as in `cast.PEOPLE`."""

    def __init__(self, stage: Stage, person: tuple[Shape, Outfit], pose: Pose) -> None:
        shape, outfit = person
        self.body: Body = load_body(shape)
        self.mesh = dress(self.body, outfit)
        if stage.samples == 1:
            self.mesh = self.mesh.without_unused()
        mesh = self.mesh
        place, facing = skin(Posed(self.body, pose, whole=True), mesh.vertices, mesh.normals, mesh.weights)
        self.shown = stage.add(place, mesh.faces, facing, colours=mesh.colours, moving=True)

    def pose(self, posed: Posed) -> np.ndarray:
        """Moves the person; returns the vertices (world, metres)."""
        place, facing = skin(posed, self.mesh.vertices, self.mesh.normals, self.mesh.weights)
        self.shown.move(place, facing)
        return place


class Scene:
    """The stage with person, room and props; `gain` = the camera's exposure."""

    def __init__(
        self, camera: Camera, clip: Clip, take: Take, mat: bool, rng: np.random.Generator, samples: int = 2
    ) -> None:
        aim = np.array([camera.target[0], camera.target[1], 0.3])
        self.stage = Stage(camera, _sun(camera, take.props, aim, rng), aim, float(rng.uniform(0, 1)), samples=samples)
        room = ROOMS[clip.room]
        self.gain = float(rng.uniform(1.05, 1.2))
        build(self.stage, room if mat else replace(room, mat=None), rng)
        self.person = Dressed(self.stage, clip.looks, take.keys[0].pose)
        self.person.shown.show(not clip.empty)
        self.passer: Dressed | None = None
        if clip.passer is not None:
            self.passer = Dressed(self.stage, PEOPLE[clip.passer], {})
            self.passer.shown.show(False)
        self.bands: list[tuple[Prop, str, Shown]] = []
        for prop in take.props:
            self._prop(prop)

    def _prop(self, prop: Prop) -> None:
        if prop.kind == "box":
            box(self.stage, prop.centre, prop.size, prop.colour, prop.turn)
            return
        start, end = np.array(prop.start, float), np.array(prop.end, float)
        sides = 28 if prop.kind == "roller" else 8
        for joint in prop.joints * (2 if prop.start_joint else 1) or ("",):
            points, faces, normals = tube(start, end + 1e-3 * Z, prop.radius, sides)
            paint = np.tile(np.array(prop.colour), (len(points), 1))
            shown = self.stage.add(points, faces, normals, colours=paint, moving=prop.kind == "band")
            if prop.kind == "band":
                self.bands.append((prop, joint, shown))
        if prop.kind == "roller":
            axis = (end - start) / np.linalg.norm(end - start)
            for tip, out in ((start, -axis), (end, axis)):
                ring, _, _ = tube(tip, tip + out * 1e-3, prop.radius, sides)
                disc = ring[:sides][:: 1 if out is axis else -1]
                self.stage.add(
                    disc,
                    np.arange(sides)[None],
                    normals=np.tile(out, (sides, 1)),
                    colours=np.tile(np.array(prop.colour) * 0.8, (sides, 1)),
                )

    def pose(self, posed: Posed) -> np.ndarray:
        """Moves the person and the bands; returns the person's vertices (world, metres)."""
        place = self.person.pose(posed)
        for k, (prop, joint, shown) in enumerate(self.bands):
            start, end = np.array(prop.start), posed.joints[joint]
            if prop.start_joint:
                # stretched between the hands, it lies over the chest instead of cutting through it
                start = _before_chest(posed, (posed.joints[prop.start_joint] + end) / 2)
                end = posed.joints[prop.start_joint] if k % 2 else end
            points, _, normals = tube(start, end, prop.radius, 8)
            shown.move(points, normals)
        return place

    def pass_by(self, pose: Pose | None) -> None:
        """Moves the second person; None = out of the room."""
        if self.passer is not None:
            self.passer.shown.show(pose is not None)
            if pose is not None:
                self.passer.pose(Posed(self.passer.body, pose, whole=True))


def _sun(camera: Camera, props: list[Prop], aim: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A lamp up behind the camera, left or right, on the free side of anything tall."""
    turn = about(Z, round(camera.azimuth / 90) * 90.0)
    side = float(rng.choice([-1, 1]))
    places = [turn @ np.array([s * 1.5, -1.3, 3.3]) + aim * [1, 1, 0] for s in (side, -side)]
    tall = [np.array(p.centre) for p in props if p.kind == "box" and p.size[2] > TALL_M]
    if not tall:
        return places[0]
    return max(places, key=lambda p: min(float(np.linalg.norm((p - c)[:2])) for c in tall))


def _before_chest(posed: Posed, point: np.ndarray) -> np.ndarray:
    front = -posed.rotation("spine01")[:, 1]
    deep = float((point - posed.point("neck01")) @ front)
    return point + front * max(0.17 - deep, 0.0)
