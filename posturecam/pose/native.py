"""Whether MediaPipe's native library could talk to the network: read from the file, without running it."""

from __future__ import annotations

import mmap
import re
import struct
from pathlib import Path

NETWORK_FUNCTIONS = frozenset(
    {
        *("getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyname_r", "gethostbyname2", "gethostbyname2_r"),
        *("res_init", "res_query", "res_search"),
        *("socket", "connect", "sendto", "sendmsg", "SSL_connect", "SSL_write"),
    }
)
"""What a library must call, or have linked in, before anything can leave the machine through it."""
NETWORK_PREFIXES = ("curl_", "__res_", "ares_")
USAGE_LOG_WORDS = (b"CLEARCUT_LOG_SOURCE", b"clearcut", b"libcurl/")
"""Words that only the versions which report usage to their maker carry; also found where names are stripped (Windows, macOS)."""

_SYMBOL_TABLES = (2, 11)  # SHT_SYMTAB, SHT_DYNSYM


def library_path() -> Path | None:
    """The native library of the mediapipe that Python would load, or None where there is none."""
    import mediapipe

    folder = Path(str(mediapipe.__file__)).parent / "tasks" / "c"
    return next(iter(sorted([*folder.glob("libmediapipe.*"), *folder.glob("mediapipe*.dll")])), None)


def network_traces(library: Path) -> list[str]:
    """Names of network functions and usage-log words in ``library``, sorted; empty when it holds none.

    Symbols are read from ELF files only. Raises OSError when the file cannot be read.
    """
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        words = [word.decode() for word in USAGE_LOG_WORDS if content.find(word) >= 0]
        symbols = elf_symbols(content)
    return sorted([*words, *(name for name in symbols if _is_network(name))])


def _is_network(symbol: str) -> bool:
    return symbol in NETWORK_FUNCTIONS or symbol.startswith(NETWORK_PREFIXES)


def elf_symbols(content: bytes | mmap.mmap) -> set[str]:
    """Every symbol named in a little-endian 64-bit ELF file, imported or defined; empty for any other kind of file."""
    if content[:6] != b"\x7fELF\x02\x01":
        return set()
    (table,) = struct.unpack_from("<Q", content, 0x28)
    size, count = struct.unpack_from("<HH", content, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", content, table + index * size) for index in range(count)]
    names: set[str] = set()
    for section in sections:
        kind, start, length, link = section[1], section[4], section[5], section[6]
        if kind not in _SYMBOL_TABLES:
            continue
        text_start, text_length = sections[link][4], sections[link][5]
        text = content[text_start : text_start + text_length]
        for offset, _rest in struct.iter_unpack("<I20s", content[start : start + length]):
            names.add(text[offset : text.index(b"\0", offset)].decode("ascii", "replace"))
    return {re.split("@", name)[0] for name in names if name}
