"""Files that are whole or not there, however the writing ends."""

import os
from pathlib import Path
from secrets import token_hex


def beside(path: Path) -> Path:
    """A name in the same folder that nothing has, and that no book's reader looks at."""
    return path.with_name(f".{path.name}.{token_hex(4)}")


def write_new(path: Path, data: bytes) -> None:
    """Writes a file that is not there yet, down to the disk. Raises FileExistsError, or another OSError."""
    with path.open("xb") as stream:
        try:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        except OSError:
            path.unlink()
            raise


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file over what is there: a reader finds the old one or the new one. Raises OSError."""
    unfinished = beside(path)
    try:
        write_new(unfinished, data)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def add_file(path: Path, data: bytes) -> None:
    """Writes a file and never over another: a reader finds none or all of it. Raises FileExistsError, or another OSError.

    On file systems without hard links, a kill can leave the beginning of it.
    """
    unfinished = beside(path)
    try:
        write_new(unfinished, data)
        path.hardlink_to(unfinished)  # unlike a rename, it fails where something has come to be
    except FileExistsError:
        raise
    except OSError:
        write_new(path, data)
    finally:
        unfinished.unlink(missing_ok=True)
