"""Builds a ``.task`` bundle out of the bare weights that Google's own wheel carries.

The Tasks API wants a stored zip with ``pose_detector.tflite`` and ``pose_landmarks_detector.tflite``, and in the latter
the metadata that says how pictures are normalised. The wheel's file lacks that metadata, so it is added here. The
weights are untouched.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest date a zip can hold: the same weights always give the same bytes."""


def assemble_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """The bundle's bytes from the two weight files' bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in (
            ("pose_detector.tflite", detector),
            ("pose_landmarks_detector.tflite", with_metadata(landmarks)),
        ):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # else the zip tells on which system it was made
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content)
    return buffer.getvalue()


def with_metadata(model: bytes) -> bytes:
    """The TFLite file ``model`` with the metadata for pictures scaled to 0..1 added."""
    import flatbuffers
    import numpy as np
    from mediapipe.tasks.metadata import schema_py_generated as schema

    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(_metadata(len(tree.subgraphs[0].outputs)), dtype=np.uint8)
    tree.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name = b"TFLITE_METADATA"
    entry.buffer = len(tree.buffers) - 1
    tree.metadata = [*(tree.metadata or []), entry]
    builder = flatbuffers.Builder(len(model) + 65536)
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(outputs: int) -> bytes:
    """The metadata flatbuffer of a model with one RGB picture in and ``outputs`` tensors out."""
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    options = schema.NormalizationOptionsT()
    options.mean, options.std = [0.0], [255.0]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    picture = schema.ImagePropertiesT()
    picture.colorSpace = schema.ColorSpaceType.RGB
    content = schema.ContentT()
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    content.contentProperties = picture

    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [_tensor(schema, "image")]
    graph.inputTensorMetadata[0].content = content
    graph.inputTensorMetadata[0].processUnits = [unit]
    graph.outputTensorMetadata = [_tensor(schema, f"output_{index}") for index in range(outputs)]
    root = schema.ModelMetadataT()
    root.name = "pose landmarks"
    root.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(root.Pack(builder), b"M001")
    return bytes(builder.Output())


def _tensor(schema: Any, name: str) -> Any:
    tensor = schema.TensorMetadataT()
    tensor.name = name
    return tensor
