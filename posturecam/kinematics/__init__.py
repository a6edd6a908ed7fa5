"""What moves how: from poses to a smoothed track of the body and to columns of what an exercise measures.

Arrays in, arrays out, for one row or a million with the same numbers.
"""
