"""The renderer: a small software rasteriser with soft shadows and ambient occlusion.

The room stands still, so it is lit once per clip. A picture then costs only what moves: the people
and bands are drawn in a window around them, and throw shadow and ambient shade on the room.
"""

from __future__ import annotations

import cv2
import numpy as np

from . import raster
from .camera import Camera
from .rotation import Z, unit
from .texture import Texture, lookup

NEAR_MAP, WIDE_MAP = 1024, 1024
#: with one sample a pixel: half the map throws the same shadows, a little softer
QUICK_MAP = 512
AMBIENT_RADIUS = 0.16


class Shown:
    """A mesh on the stage: vertices (V, 3) in metres, triangles, normals, colours 0-255 or a texture."""

    def __init__(
        self, vertices: np.ndarray, faces: np.ndarray, normals: np.ndarray, colours: np.ndarray, moving: bool
    ) -> None:
        fan = [faces[:, [0, k, k + 1]] for k in range(1, faces.shape[1] - 1)]
        self.faces = np.vstack(fan).astype(np.int32)
        self.colours = np.clip(colours, 0, 255).astype(np.float32)
        self.moving, self.visible = moving, True
        self.uv: np.ndarray | None = None
        self.texture: Texture | None = None
        self.move(vertices, normals)

    def move(self, vertices: np.ndarray, normals: np.ndarray) -> None:
        """Puts the vertices elsewhere."""
        self.vertices = vertices.astype(np.float32)
        self.normals = normals.astype(np.float32)

    def show(self, visible: bool) -> None:
        """Shows or hides the mesh."""
        self.visible = visible


class Stage:
    """A scene that is drawn picture by picture; positions are world metres.

    `sun` and `aim` = where the lamp hangs and points to; `warmth` 0-1 is its colour; `reach` =
    radius (m) round `aim` in which moving things throw shadows; `samples` a pixel across and down.
    """

    def __init__(
        self, camera: Camera, sun: np.ndarray, aim: np.ndarray, warmth: float, reach: float = 1.7, samples: int = 2
    ) -> None:
        self.camera, self.samples = camera, samples
        self.eye = eye_of(camera)
        self.near_map = NEAR_MAP if samples > 1 else QUICK_MAP
        self.sun = _lamp(sun, aim, reach, self.near_map)
        self.wide_sun = _lamp(sun, aim, 3.0, WIDE_MAP)
        self.key = 0.66 * np.array([1.0, 0.97 - 0.05 * warmth, 0.92 - 0.14 * warmth])
        self.fill = 0.36 * np.array([0.93, 0.96, 1.0])
        self.meshes: list[Shown] = []
        self._kernel = _kernel() if samples > 1 else _kernel(5)
        self._room: _Room | None = None

    def add(
        self,
        vertices: np.ndarray,
        faces: np.ndarray,
        normals: np.ndarray,
        colours: np.ndarray | None = None,
        uv: np.ndarray | None = None,
        texture: np.ndarray | None = None,
        moving: bool = False,
    ) -> Shown:
        """Adds a mesh; colours (V, 3) 0-255, or a texture picture (H, W, 3) with uv (V, 2)."""
        paint = np.full((len(vertices), 3), 200.0) if colours is None else colours
        shown = Shown(vertices, faces, normals, paint, moving)
        if texture is not None and uv is not None:
            shown.uv, shown.texture = uv.astype(np.float32), Texture(texture)
        self.meshes.append(shown)
        return shown

    def draw(self) -> np.ndarray:
        """The picture, RGB uint8 (height, width, 3)."""
        if self._room is None:
            self._room = _Room(self)
        room = self._room
        moving = [m for m in self.meshes if m.moving and m.visible]
        if not moving:
            return room.alone.copy()
        faces, vertices, normals, colours = _together(moving)
        light, near_map = self._shadow(vertices, faces)
        figure = _Figure(self, faces, vertices, normals, colours, near_map)
        out = np.empty((self.camera.height, self.camera.width, 3), np.uint8)
        ambient = figure.shade_room()
        raster.compose(room.base, room.sunny, light, ambient, figure.picture, figure.cover, figure.corner, out)
        return out

    def _shadow(self, vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        room = self._room
        assert room is not None
        near_map = np.zeros((self.near_map, self.near_map), np.float32)
        seen = raster.project(vertices, self.sun, 1.0)
        raster.rasterise_depth(seen, faces, near_map, True)
        low, high = _reach(seen)
        low, high = low - 12, high + 12
        light = np.empty((self.camera.height, self.camera.width), np.float32)
        raster.cast(room.lifted, room.in_sun, self.sun, near_map, np.concatenate([low, high]), light)
        return cv2.GaussianBlur(light, (5, 5), 0), near_map


class _Room:
    """What stands still, lit: `base` and `sunny` light (H, W, 3), points, normals and depth."""

    def __init__(self, stage: Stage) -> None:
        still = [m for m in stage.meshes if not m.moving]
        faces, vertices, normals, colours = _together(still)
        c = stage.camera
        self.wide_map = np.zeros((WIDE_MAP, WIDE_MAP), np.float32)
        raster.rasterise_depth(raster.project(vertices, stage.wide_sun, 1.0), faces, self.wide_map, False)
        n = stage.samples
        window = _Window(n * c.width, n * c.height)
        window.draw(raster.project(vertices, stage.eye, float(n)), faces)
        paint = lookup(still, window, stage.eye, n)
        self.fine_depth = window.depth
        behind = np.zeros_like(window.depth)
        layers = _shade(stage, window, np.zeros(2), behind, faces, normals, colours, paint, _NO_MAP, self.wide_map)
        self.base, self.sunny, cover, self.facing, _ = layers
        sky = (1 - cover)[..., None] * np.array([209.0, 214.0, 219.0], np.float32)
        whole = _Window(c.width, c.height)
        whole.draw(raster.project(vertices, stage.eye, 1.0), faces)
        self.depth = whole.depth
        self.points = raster.world_points(whole.depth, np.zeros(2), stage.eye)
        self.lifted = self.points + 0.004 * self.facing
        flat = raster.project(self.points.reshape(-1, 3), stage.sun, 1.0)
        self.in_sun = np.ascontiguousarray(flat[:, :2].reshape(c.height, c.width, 2))
        soft = np.empty((c.height, c.width), np.float32)
        raster.occlude(
            1, self.points, self.facing, self.depth, self.depth > 0,
            stage.eye, stage._kernel, AMBIENT_RADIUS, soft,
        )  # fmt: skip
        soft = cv2.blur(soft, (4, 4))[..., None]
        self.base, self.sunny = self.base * soft + sky, self.sunny * soft
        self.alone = np.clip(self.base + self.sunny + 0.5, 0, 255).astype(np.uint8)


class _Figure:
    """The moving things of one picture in a window: colours times `cover`, and the window's corner."""

    def __init__(self, stage: Stage, faces, vertices, normals, colours, near_map) -> None:
        room, c = stage._room, stage.camera
        assert room is not None
        self.stage, self.room = stage, room
        n = stage.samples
        seen = raster.project(vertices, stage.eye, float(n))
        shown = seen if seen[:, 2].min() > 0 else seen[seen[:, 2] > 0]
        low, high = _reach(shown) if len(shown) else (np.zeros(2), np.zeros(2))
        low, high = np.floor(low / n).astype(int) - 2, np.ceil(high / n).astype(int) + 2
        low = np.clip(low, 0, [c.width - 1, c.height - 1])
        high = np.clip(high, low + 1, [c.width, c.height])
        self.corner = low.astype(np.int64)
        window = _Window(*(n * (high - low)))
        seen[:, :2] -= n * low
        window.draw(seen, faces)
        (x0, y0), (x1, y1) = low, high
        behind = room.fine_depth[n * y0 : n * y1, n * x0 : n * x1]
        layers = _shade(
            stage, window, float(n) * low, behind, faces, normals, colours, _NO_PAINT, near_map, room.wide_map, 0.06
        )
        base, sunny, self.cover, facing, nearest = layers
        self.alone = np.zeros((c.height, c.width), np.float32)
        self.alone[y0:y1, x0:x1] = np.where(self.cover > 0.4, nearest, 0)
        depth = room.depth.copy()
        depth[y0:y1, x0:x1] = np.where(self.cover > 0.4, nearest, depth[y0:y1, x0:x1])
        points = raster.world_points(nearest, self.corner.astype(float), stage.eye)
        soft = np.empty(self.cover.shape, np.float32)
        on = self.cover > 0
        raster.occlude(1, points, facing, depth, on, stage.eye, stage._kernel, AMBIENT_RADIUS, soft)
        weight = cv2.blur(on.astype(np.float32), (4, 4)) + 1e-6
        soft = cv2.blur(soft * on, (4, 4)) / weight
        self.picture = (base + sunny) * soft[..., None]

    def shade_room(self) -> np.ndarray:
        """Ambient light (H, W) that the figure leaves to the room, at a third of the resolution, made smooth."""
        c, room = self.stage.camera, self.room
        out = np.ones((c.height, c.width), np.float32)
        near = max(self.alone.max(), 0.05)
        margin = int(AMBIENT_RADIUS * self.stage.eye[4, 0] * near) + 4
        tall, broad = self.cover.shape
        x0, y0 = (int(v) for v in np.maximum(self.corner - margin, 0) // 2 * 2)
        x1, y1 = min(self.corner[0] + broad + margin, c.width), min(self.corner[1] + tall + margin, c.height)
        view = np.s_[y0:y1, x0:x1]
        points, facing = room.points[view], room.facing[view]
        soft = np.empty(((y1 - y0 + 2) // 3, (x1 - x0 + 2) // 3), np.float32)
        wanted = cv2.blur((self.alone[view] > 0).astype(np.float32), (2 * margin + 1, 2 * margin + 1)) > 0
        args = (self.stage.eye, self.stage._kernel, AMBIENT_RADIUS)
        raster.occlude(3, points, facing, self.alone, wanted, *args, soft)
        soft = cv2.GaussianBlur(cv2.blur(soft, (4, 4)), (3, 3), 0)
        out[view] = cv2.resize(soft, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
        return out


class _Window:
    """Buffers that triangles are drawn into."""

    def __init__(self, width: int, height: int) -> None:
        size = (int(height), int(width))
        self.depth, self.owner = np.zeros(size, np.float32), np.full(size, -1, np.int32)
        self.weight1, self.weight2 = np.empty(size, np.float32), np.empty(size, np.float32)

    def draw(self, screen: np.ndarray, faces: np.ndarray) -> None:
        """Draws triangles given in this window's pixels."""
        raster.rasterise(screen, faces, self.depth, self.owner, self.weight1, self.weight2, 0)


_NO_MAP = np.zeros((1, 1), np.float32)
_NO_PAINT = np.zeros((1, 1, 3), np.float32)


def _shade(stage, window, corner, behind, faces, normals, colours, paint, near_map, wide_map, shine=0.0):
    tall, broad = (length // stage.samples for length in window.owner.shape)
    base, sunny = (np.zeros((tall, broad, 3), np.float32) for _ in range(2))
    cover, nearest = (np.zeros((tall, broad), np.float32) for _ in range(2))
    facing = np.zeros((tall, broad, 3), np.float32)
    raster.shade(
        corner, window.owner, window.weight1, window.weight2, window.depth, np.ascontiguousarray(behind),
        faces, normals, colours, paint, stage.eye, stage.sun, stage.wide_sun, near_map, wide_map,
        stage.key, stage.fill, shine, stage.samples, base, sunny, cover, facing, nearest,
    )  # fmt: skip
    return base, sunny, cover, facing, nearest


def _reach(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest x and y; column by column, which numpy does several times faster than along the first axis."""
    x, y = seen[:, 0], seen[:, 1]
    return np.array([x.min(), y.min()]), np.array([x.max(), y.max()])


def _together(meshes: list[Shown]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    starts = np.cumsum([0] + [len(m.vertices) for m in meshes])
    faces = np.vstack([m.faces + s for m, s in zip(meshes, starts[:-1], strict=True)]).astype(np.int32)
    return (
        faces,
        np.vstack([m.vertices for m in meshes]),
        np.vstack([m.normals for m in meshes]),
        np.vstack([m.colours for m in meshes]),
    )


def eye_of(camera: Camera) -> np.ndarray:
    """The camera as the table that `raster` works with."""
    right, up, forward = camera.axes
    focal = camera.height / 2 / np.tan(np.radians(camera.view_angle) / 2)
    centre = [focal, camera.width / 2, camera.height / 2]
    return np.array([camera.position, right, up, forward, centre])


def _lamp(sun: np.ndarray, aim: np.ndarray, reach: float, size: int) -> np.ndarray:
    forward = unit(aim - sun)
    right = unit(np.cross(forward, Z + np.array([0, 0.01, 0])))
    away = float(np.linalg.norm(aim - sun))
    focal = size / 2 / np.tan(min(np.arcsin(min(reach / away, 0.94)), 1.2))
    return np.array([sun, right, np.cross(right, forward), forward, [focal, size / 2, size / 2]])


def _kernel(count: int = 8) -> np.ndarray:
    rng = np.random.default_rng(7)
    way = rng.normal(size=(16, count, 3))
    way /= np.linalg.norm(way, axis=2, keepdims=True)
    return way * ((np.arange(count) + 0.6) / count)[None, :, None] ** 1.3
