"""Compiled loops of the renderer: triangles to pixels, light, soft shadows, ambient occlusion.

Buffers are (height, width); `depth` holds 1 / distance along the view axis in 1/m (0 = nothing).
An `eye` is a (5, 3) table: position, right, up, forward, and (focal length px, centre x, centre y).
Nothing here uses fast-math or threads, so the same input gives the same bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BIAS = 0.004


@njit(cache=True)
def project(points, eye, scale):
    """Pixel x, pixel y and 1 / depth (V, 3); 1 / depth is 0 closer than 0.1 m."""
    out = np.empty((points.shape[0], 3), np.float32)
    for i in range(points.shape[0]):
        dx, dy, dz = points[i, 0] - eye[0, 0], points[i, 1] - eye[0, 1], points[i, 2] - eye[0, 2]
        z = dx * eye[3, 0] + dy * eye[3, 1] + dz * eye[3, 2]
        if z < 0.1:
            out[i] = 0
            continue
        x = dx * eye[1, 0] + dy * eye[1, 1] + dz * eye[1, 2]
        y = dx * eye[2, 0] + dy * eye[2, 1] + dz * eye[2, 2]
        out[i, 0] = (eye[4, 1] + eye[4, 0] * x / z) * scale
        out[i, 1] = (eye[4, 2] - eye[4, 0] * y / z) * scale
        out[i, 2] = 1.0 / z
    return out


@njit(cache=True)
def rasterise(screen, faces, depth, owner, weight1, weight2, first):
    """Draws triangles: per pixel the nearest face (`first` + its row) and its vertex weights."""
    height, width = depth.shape
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        za, zb, zc = screen[i, 2], screen[j, 2], screen[k, 2]
        if za <= 0 or zb <= 0 or zc <= 0:
            continue
        xa, ya = screen[i, 0], screen[i, 1]
        x1, y1 = screen[j, 0] - xa, screen[j, 1] - ya
        x2, y2 = screen[k, 0] - xa, screen[k, 1] - ya
        area = x1 * y2 - x2 * y1
        if area == 0:
            continue
        scale = 1.0 / area
        left = max(int(np.ceil(xa + min(0.0, x1, x2) - 0.5)), 0)
        right = min(int(np.floor(xa + max(0.0, x1, x2) - 0.5)), width - 1)
        top = max(int(np.ceil(ya + min(0.0, y1, y2) - 0.5)), 0)
        bottom = min(int(np.floor(ya + max(0.0, y1, y2) - 0.5)), height - 1)
        for y in range(top, bottom + 1):
            cy = y + 0.5 - ya
            for x in range(left, right + 1):
                cx = x + 0.5 - xa
                u = (cx * y2 - x2 * cy) * scale
                v = (x1 * cy - cx * y1) * scale
                if u < -1e-5 or v < -1e-5 or u + v > 1.00001:
                    continue
                near = za + u * (zb - za) + v * (zc - za)
                if near > depth[y, x]:
                    depth[y, x] = near
                    owner[y, x] = first + f
                    weight1[y, x] = u * zb / near
                    weight2[y, x] = v * zc / near


@njit(cache=True)
def rasterise_depth(screen, faces, depth, closed):
    """Draws triangles into a shadow map: only 1 / depth; of `closed` bodies only the lit half."""
    height, width = depth.shape
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        za, zb, zc = screen[i, 2], screen[j, 2], screen[k, 2]
        if za <= 0 or zb <= 0 or zc <= 0:
            continue
        xa, ya = screen[i, 0], screen[i, 1]
        x1, y1 = screen[j, 0] - xa, screen[j, 1] - ya
        x2, y2 = screen[k, 0] - xa, screen[k, 1] - ya
        area = x1 * y2 - x2 * y1
        if area == 0 or (closed and area > 0):
            continue
        scale = 1.0 / area
        left = max(int(np.ceil(xa + min(0.0, x1, x2) - 0.5)), 0)
        right = min(int(np.floor(xa + max(0.0, x1, x2) - 0.5)), width - 1)
        top = max(int(np.ceil(ya + min(0.0, y1, y2) - 0.5)), 0)
        bottom = min(int(np.floor(ya + max(0.0, y1, y2) - 0.5)), height - 1)
        for y in range(top, bottom + 1):
            cy = y + 0.5 - ya
            for x in range(left, right + 1):
                cx = x + 0.5 - xa
                u = (cx * y2 - x2 * cy) * scale
                v = (x1 * cy - cx * y1) * scale
                if u < -1e-5 or v < -1e-5 or u + v > 1.00001:
                    continue
                near = za + u * (zb - za) + v * (zc - za)
                depth[y, x] = max(depth[y, x], near)


@njit(cache=True)
def lit_share(x, y, z, sun, shadow, taps, stride):
    """Share of the sun (0-1) that reaches a world point, from (2 taps + 1)^2 looks into a map."""
    dx, dy, dz = x - sun[0, 0], y - sun[0, 1], z - sun[0, 2]
    far = dx * sun[3, 0] + dy * sun[3, 1] + dz * sun[3, 2]
    if far < 0.1:
        return 1.0
    u = sun[4, 1] + sun[4, 0] * (dx * sun[1, 0] + dy * sun[1, 1] + dz * sun[1, 2]) / far
    v = sun[4, 2] - sun[4, 0] * (dx * sun[2, 0] + dy * sun[2, 1] + dz * sun[2, 2]) / far
    height, width = shadow.shape
    edge = taps * stride + 1
    if u < edge or v < edge or u >= width - edge or v >= height - edge:
        return 1.0
    limit = (1.0 + BIAS) / far
    column, row = int(u), int(v)
    dark = 0
    for b in range(-taps, taps + 1):
        for a in range(-taps, taps + 1):
            if shadow[row + b * stride, column + a * stride] > limit:
                dark += 1
    return 1.0 - dark / ((2 * taps + 1) ** 2)


@njit(cache=True)
def shade(
    corner, owner, weight1, weight2, depth, behind, faces, normals, colours, paint,
    eye, sun, wide_sun, near_map, wide_map, key, fill, shine, samples, base, sunny, cover, facing, nearest,
):  # fmt: skip
    """Lights a supersampled window (`samples` x `samples` a pixel) and sums it up to whole pixels.

    `corner` = the window's first sample (x, y) in the picture. Samples behind `behind` (1 / depth
    of the room) are left out. Colours come from vertices, or from `paint` when it is not empty.
    Adds to `base` (light from everywhere) and `sunny` (light of the sun), both (h, w, 3), and to
    `cover` (share of the pixel); sets `facing` (normals) and `nearest` (1 / depth).
    """
    height, width = owner.shape
    painted = paint.shape[0] > 1
    step, part = 1.0 / samples, 1.0 / (samples * samples)
    for y in range(height):
        for x in range(width):
            f = owner[y, x]
            if f < 0 or depth[y, x] <= behind[y, x]:
                continue
            i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
            b1, b2 = weight1[y, x], weight2[y, x]
            b0 = 1.0 - b1 - b2
            nx = b0 * normals[i, 0] + b1 * normals[j, 0] + b2 * normals[k, 0]
            ny = b0 * normals[i, 1] + b1 * normals[j, 1] + b2 * normals[k, 1]
            nz = b0 * normals[i, 2] + b1 * normals[j, 2] + b2 * normals[k, 2]
            size = 1.0 / max(np.sqrt(nx * nx + ny * ny + nz * nz), 1e-6)
            far = 1.0 / depth[y, x]
            sx = ((x + corner[0] + 0.5) * step - eye[4, 1]) / eye[4, 0]
            sy = (eye[4, 2] - (y + corner[1] + 0.5) * step) / eye[4, 0]
            vx = eye[3, 0] + sx * eye[1, 0] + sy * eye[2, 0]
            vy = eye[3, 1] + sx * eye[1, 1] + sy * eye[2, 1]
            vz = eye[3, 2] + sx * eye[1, 2] + sy * eye[2, 2]
            px, py, pz = eye[0, 0] + vx * far, eye[0, 1] + vy * far, eye[0, 2] + vz * far
            long = 1.0 / np.sqrt(vx * vx + vy * vy + vz * vz)
            vx, vy, vz = -vx * long, -vy * long, -vz * long
            if nx * vx + ny * vy + nz * vz < 0:
                size = -size
            nx, ny, nz = nx * size, ny * size, nz * size
            to_eye = nx * vx + ny * vy + nz * vz
            lx, ly, lz = sun[0, 0] - px, sun[0, 1] - py, sun[0, 2] - pz
            long = 1.0 / np.sqrt(lx * lx + ly * ly + lz * lz)
            lx, ly, lz = lx * long, ly * long, lz * long
            to_sun = nx * lx + ny * ly + nz * lz
            gloss, share = 0.0, 0.0
            if to_sun > 0:
                qx, qy, qz = px + 0.012 * nx, py + 0.012 * ny, pz + 0.012 * nz
                share = lit_share(qx, qy, qz, sun, near_map, 1, 2)
                share *= lit_share(qx, qy, qz, wide_sun, wide_map, 1, 1)
                mirror = 2 * to_sun * to_eye - (lx * vx + ly * vy + lz * vz)
                gloss = shine * max(mirror, 0.0) ** 18 * 255.0 * share
                share *= to_sun
            row, column = y // samples, x // samples
            for c in range(3):
                tone = paint[y, x, c] if painted else b0 * colours[i, c] + b1 * colours[j, c] + b2 * colours[k, c]
                base[row, column, c] += part * tone * (0.20 + fill[c] * to_eye)
                sunny[row, column, c] += part * key[c] * (tone * share + gloss)
            cover[row, column] += part
            if depth[y, x] > nearest[row, column]:
                nearest[row, column] = depth[y, x]
                facing[row, column, 0], facing[row, column, 1], facing[row, column, 2] = nx, ny, nz


@njit(cache=True)
def cast(points, known, sun, shadow, box, out):
    """Share of the sun that the moving shadow map leaves on the room's points (H, W, 3).

    `box` = x0, y0, x1, y1 of the map's used part; the rest stays 1.
    """
    height, width = out.shape
    for y in range(height):
        for x in range(width):
            out[y, x] = 1.0
            u, v = known[y, x, 0], known[y, x, 1]
            if u < box[0] or v < box[1] or u > box[2] or v > box[3]:
                continue
            out[y, x] = lit_share(points[y, x, 0], points[y, x, 1], points[y, x, 2], sun, shadow, 2, 4)


@njit(cache=True)
def occlude(step, points, facing, depth, wanted, eye, kernel, radius, out):
    """Ambient light (0-1) of every `step`th pixel of a window, from what stands around it.

    `points`, `facing` and `wanted` cover the window; `depth` the whole picture; `kernel` (16, K, 3)
    are offsets in the unit ball, one set for each pixel of a 4 x 4 tile.
    """
    height, width = out.shape
    tall, broad = depth.shape
    count = kernel.shape[1]
    for row in range(height):
        for column in range(width):
            y, x = row * step, column * step
            out[row, column] = 1.0
            if not wanted[y, x]:
                continue
            px, py, pz = points[y, x, 0], points[y, x, 1], points[y, x, 2]
            nx, ny, nz = facing[y, x, 0], facing[y, x, 1], facing[y, x, 2]
            tile = (row % 4) * 4 + column % 4
            dark = 0.0
            for k in range(count):
                ox, oy, oz = kernel[tile, k, 0], kernel[tile, k, 1], kernel[tile, k, 2]
                if ox * nx + oy * ny + oz * nz < 0:
                    ox, oy, oz = -ox, -oy, -oz
                dx = px + radius * ox - eye[0, 0]
                dy = py + radius * oy - eye[0, 1]
                dz = pz + radius * oz - eye[0, 2]
                far = dx * eye[3, 0] + dy * eye[3, 1] + dz * eye[3, 2]
                if far < 0.1:
                    continue
                u = eye[4, 1] + eye[4, 0] * (dx * eye[1, 0] + dy * eye[1, 1] + dz * eye[1, 2]) / far
                v = eye[4, 2] - eye[4, 0] * (dx * eye[2, 0] + dy * eye[2, 1] + dz * eye[2, 2]) / far
                if u < 0 or v < 0 or u >= broad or v >= tall:
                    continue
                there = depth[int(v), int(u)]
                if there <= 0:
                    continue
                gap = far - 1.0 / there
                if gap > 0.012:
                    dark += min(1.0, 2.0 * radius / gap)
            out[row, column] = 1.0 - dark / count


@njit(cache=True)
def world_points(depth, corner, eye):
    """World points (h, w, 3) seen by the pixels of a window that starts at `corner` (x, y)."""
    height, width = depth.shape
    out = np.zeros((height, width, 3), np.float32)
    for y in range(height):
        for x in range(width):
            if depth[y, x] > 0:
                far = 1.0 / depth[y, x]
                sx = (x + corner[0] + 0.5 - eye[4, 1]) / eye[4, 0]
                sy = (eye[4, 2] - (y + corner[1] + 0.5)) / eye[4, 0]
                for c in range(3):
                    out[y, x, c] = eye[0, c] + far * (eye[3, c] + sx * eye[1, c] + sy * eye[2, c])
    return out


@njit(cache=True)
def compose(base, sunny, light, ambient, figure, cover, corner, out):
    """Room under shadow and ambient light, with the figure's window laid over it (uint8)."""
    height, width = light.shape
    tall, broad = cover.shape
    for y in range(height):
        for x in range(width):
            a, b = y - corner[1], x - corner[0]
            inside = 0 <= a < tall and 0 <= b < broad
            share = cover[a, b] if inside else 0.0
            for c in range(3):
                room = (base[y, x, c] + sunny[y, x, c] * light[y, x]) * ambient[y, x]
                value = room * (1.0 - share) + (figure[a, b, c] if inside else 0.0)
                out[y, x, c] = np.uint8(min(max(value + 0.5, 0.0), 255.0))
