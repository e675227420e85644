"""How the tables came to be what `tables.py` says: Alembic's scripts, one a revision, in `versions/`.

A new one is written by hand beside the others, and its id is added here. They are imported only where a file is
behind, for Alembic costs every start 0.2 s.
"""

REVISIONS = ("0001", "0002", "0003", "0004")
"""From the oldest to the newest."""

HEAD = REVISIONS[-1]
