"""The native library that looks at pictures cannot talk to the network."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from posturecam.pose.native import elf_symbols, library_path, network_traces


def elf(*symbols: str) -> bytes:
    """A 64-bit ELF file that imports ``symbols`` and holds nothing else."""
    text = b"\0" + b"".join(name.encode() + b"\0" for name in symbols)
    rows = [bytes(24)]
    offset = 1
    for name in symbols:
        rows.append(struct.pack("<IBBHQQ", offset, 0x12, 0, 0, 0, 0))
        offset += len(name) + 1
    table = b"".join(rows)
    sections = 64 + len(table) + len(text)
    header = (
        b"\x7fELF\x02\x01\x01"
        + bytes(9)
        + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, sections, 0, 64, 0, 0, 64, 3, 2)
    )
    dynsym = struct.pack("<IIQQQQIIQQ", 0, 11, 0, 0, 64, len(table), 2, 1, 8, 24)
    dynstr = struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 64 + len(table), len(text), 0, 0, 1, 0)
    return header + table + text + bytes(64) + dynsym + dynstr


def test_the_loaded_mediapipe_holds_no_network_code() -> None:
    library = library_path()
    assert library is not None
    assert network_traces(library) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="symbols are read from ELF files, which are Linux's")
def test_its_symbols_really_are_read() -> None:
    library = library_path()
    assert library is not None
    symbols = elf_symbols(library.read_bytes())
    assert "malloc" in symbols
    assert any(name.startswith("MpPoseLandmarker") for name in symbols)


@pytest.mark.parametrize("name", ["getaddrinfo", "curl_easy_perform", "connect", "res_query", "SSL_write"])
def test_a_library_that_could_talk_is_known_by_what_it_calls(tmp_path: Path, name: str) -> None:
    library = tmp_path / "libmediapipe.so"
    library.write_bytes(elf("malloc", name, "free"))
    assert network_traces(library) == [name]
    library.write_bytes(elf("malloc", "disconnect", "free"))
    assert network_traces(library) == []


def test_where_names_are_stripped_the_usage_log_tells(tmp_path: Path) -> None:
    library = tmp_path / "libmediapipe.dll"
    library.write_bytes(b"MZ" + bytes(100) + b"CLEARCUT_LOG_SOURCE_NAME" + bytes(100))
    assert network_traces(library) == ["CLEARCUT_LOG_SOURCE"]
