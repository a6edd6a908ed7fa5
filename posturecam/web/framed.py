"""Stored reports and histories shown inside a page: cut off from cookies and server, they only tell how tall they are."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.responses import HTMLResponse

TELLS_HEIGHT = (
    "(()=>{const tell=()=>parent!==window&&parent.postMessage("
    "{height:Math.ceil(document.documentElement.getBoundingClientRect().height)},'*');"
    "addEventListener('message',tell);new ResizeObserver(tell).observe(document.documentElement);})();"
)
"""Runs within the frame, so that it needs no scroll bar of its own; who listens is ``static/framed.js``. It tells when
it is asked as well, since a browser draws a frame that is out of sight only when it is scrolled to."""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_SCRIPT = re.compile(r"'sha256-[A-Za-z0-9+/=]+'")


def in_frame(page: str) -> HTMLResponse:
    """The page as an answer for a frame.

    What may run is named by its hash, which the page itself states for when it is opened as a file; its own policy gives way to
    a header that forbids as much, and more.
    """
    stated = _POLICY.search(page)
    hashes = [*(_SCRIPT.findall(stated.group(1)) if stated else ()), f"'sha256-{_hash(TELLS_HEIGHT)}'"]
    text = _POLICY.sub("", page, count=1).replace("</body>", f"<script>{TELLS_HEIGHT}</script></body>", 1)
    return HTMLResponse(text, headers=_headers(" ".join(hashes)))


def _headers(scripts: str) -> dict[str, str]:
    return {
        "content-security-policy": "sandbox allow-scripts allow-modals; default-src 'none'; img-src data:; media-src data:; "
        f"style-src 'unsafe-inline'; script-src {scripts}; frame-ancestors 'self'",
        "x-frame-options": "SAMEORIGIN",
    }


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
