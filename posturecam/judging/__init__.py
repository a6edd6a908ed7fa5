"""From what was measured and counted to verdicts, scores and a session's result; live, and over whole recordings."""
