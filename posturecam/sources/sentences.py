"""What a report says of a recording that is not whole, kept in English (:func:`posturecam.language.stored`)."""

from __future__ import annotations

from posturecam.language import msgid, stored

BREAKS_OFF = stored("The recording breaks off after {seconds} s ({error}); the rest is missing.")
ENDS_EARLY = stored("The recording says it lasts {said} s but its pictures end after {seconds} s; the rest is missing.")
ONE_DAMAGED = msgid("The recording is damaged: one damaged piece of it had to be left out.")
DAMAGED = stored("The recording is damaged: {number} damaged pieces of it had to be left out.")
NO_TIMES = stored("The recording holds no times, so seconds are counted as if it had {rate} frames per second.")
MENDED = stored("{number} of {all} frames had a missing or falling time, which was mended.")
