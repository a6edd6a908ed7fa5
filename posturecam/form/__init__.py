"""Measuring, counting and judging: pure logic from poses to results, without camera, clock or files."""
