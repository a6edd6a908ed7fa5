"""The catalogue is whole, its numbers and sentences are right, and nothing that a patient reads or hears goes past it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest

from posturecam import language

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "posturecam"
