"""The renderer: VTK off screen, with a shadow map and ambient occlusion."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkLight,
    vtkPolyDataMapper,
    vtkRenderer,
    vtkTexture,
)
from vtkmodules.vtkRenderingOpenGL2 import (
    vtkCameraPass,
    vtkLightsPass,
    vtkOpaquePass,
    vtkOpenGLFXAAPass,
    vtkRenderPassCollection,
    vtkSequencePass,
    vtkShadowMapPass,
    vtkSSAOPass,
)

from .camera import Camera


class Stage:
    """A scene that is drawn picture by picture; positions are world metres."""

    def __init__(self, camera: Camera, sun: np.ndarray, aim: np.ndarray, warmth: float) -> None:
        import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  registers the backend
        from vtkmodules.vtkRenderingCore import vtkRenderWindow

        self.camera = camera
        self.renderer = vtkRenderer()
        self.renderer.SetBackground(0.82, 0.84, 0.86)
        self.renderer.AutomaticLightCreationOff()
        self.window = vtkRenderWindow()
        self.window.SetOffScreenRendering(1)
        self.window.SetMultiSamples(0)
        self.window.SetSize(camera.width, camera.height)
        self.window.AddRenderer(self.renderer)
        self._lights(sun, aim, warmth)
        self._passes()
        view = self.renderer.GetActiveCamera()
        view.SetPosition(*camera.position)
        view.SetFocalPoint(*camera.target)
        view.SetViewUp(0, 0, 1)
        view.SetViewAngle(camera.view_angle)
        view.SetClippingRange(0.3, 14.0)

    def _lights(self, sun: np.ndarray, aim: np.ndarray, warmth: float) -> None:
        key = vtkLight()
        key.SetPositional(True)
        # wide enough for the edge of its cone to stay out of the picture
        key.SetConeAngle(75)
        key.SetPosition(*sun)
        key.SetFocalPoint(*aim)
        key.SetColor(1.0, 0.97 - 0.05 * warmth, 0.92 - 0.14 * warmth)
        key.SetIntensity(0.66)
        self.renderer.AddLight(key)
        # a head light throws no shadow, so it costs no shadow map
        fill = vtkLight()
        fill.SetLightTypeToHeadlight()
        fill.SetColor(0.93, 0.96, 1.0)
        fill.SetIntensity(0.36)
        self.renderer.AddLight(fill)

    def _passes(self) -> None:
        shadow = vtkShadowMapPass()
        baker = shadow.GetShadowMapBakerPass()
        baker.SetResolution(1024)
        steps = vtkRenderPassCollection()
        for step in (vtkLightsPass(), baker, shadow):
            steps.AddItem(step)
        sequence = vtkSequencePass()
        sequence.SetPasses(steps)
        eye = vtkCameraPass()
        eye.SetDelegatePass(sequence)
        occlusion = vtkSSAOPass()
        occlusion.SetRadius(0.16)
        occlusion.SetBias(0.012)
        occlusion.SetKernelSize(16)
        occlusion.BlurOn()
        occlusion.SetDelegatePass(eye)
        edges = vtkOpenGLFXAAPass()
        edges.SetDelegatePass(occlusion)
        self.renderer.SetPass(edges)
        self._keep = (shadow, steps, vtkOpaquePass)

    def add(
        self,
        vertices: np.ndarray,
        faces: np.ndarray,
        colours: np.ndarray | None = None,
        uv: np.ndarray | None = None,
        texture: np.ndarray | None = None,
        normals: np.ndarray | None = None,
        shine: float = 0.0,
    ) -> Shown:
        """Adds a mesh; colours (V, 3) 0-255, or a texture picture (H, W, 3) with uv (V, 2)."""
        shown = Shown(vertices, faces, normals)
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(shown.data)
        actor = vtkActor()
        actor.SetMapper(mapper)
        if colours is not None:
            paint = numpy_to_vtk(np.clip(colours, 0, 255).astype(np.uint8), deep=True)
            shown.data.GetPointData().SetScalars(paint)
        if texture is not None and uv is not None:
            shown.data.GetPointData().SetTCoords(numpy_to_vtk(uv.astype(np.float32), deep=True))
            actor.SetTexture(_texture(texture))
        actor.GetProperty().SetAmbient(0.20)
        actor.GetProperty().SetSpecular(shine)
        actor.GetProperty().SetSpecularPower(18)
        self.renderer.AddActor(actor)
        shown.actor = actor
        return shown

    def draw(self) -> np.ndarray:
        """The picture, RGB uint8 (height, width, 3)."""
        self.window.Render()
        pixels = vtkUnsignedCharArray()
        c = self.camera
        self.window.GetPixelData(0, 0, c.width - 1, c.height - 1, 0, pixels, 0)
        return vtk_to_numpy(pixels).reshape(c.height, c.width, 3)[::-1].copy()


class Shown:
    """A mesh on the stage."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray, normals: np.ndarray | None) -> None:
        from vtkmodules.vtkCommonCore import vtkPoints

        self.data = vtkPolyData()
        self.actor: vtkActor | None = None
        self._points = vtkPoints()
        self.data.SetPoints(self._points)
        cells = vtkCellArray()
        table = np.hstack([np.full((len(faces), 1), faces.shape[1]), faces]).astype(np.int64)
        cells.ImportLegacyFormat(numpy_to_vtkIdTypeArray(table.ravel(), deep=True))
        self.data.SetPolys(cells)
        self.move(vertices, normals)

    def move(self, vertices: np.ndarray, normals: np.ndarray | None = None) -> None:
        """Puts the vertices elsewhere."""
        self._points.SetData(numpy_to_vtk(vertices.astype(np.float32), deep=True))
        if normals is not None:
            self.data.GetPointData().SetNormals(numpy_to_vtk(normals.astype(np.float32), deep=True))
        self._points.Modified()
        self.data.Modified()

    def show(self, visible: bool) -> None:
        """Shows or hides the mesh."""
        if self.actor is not None:
            self.actor.SetVisibility(visible)


def _texture(picture: np.ndarray) -> vtkTexture:
    from vtkmodules.vtkCommonDataModel import vtkImageData

    image = vtkImageData()
    height, width = picture.shape[:2]
    image.SetDimensions(width, height, 1)
    pixels = np.ascontiguousarray(picture[::-1]).reshape(-1, 3)
    image.GetPointData().SetScalars(numpy_to_vtk(pixels, deep=True))
    out = vtkTexture()
    out.SetInputData(image)
    out.InterpolateOn()
    out.MipmapOn()
    out.RepeatOn()
    return out
