"""What the command line does for those who write the books: the check, the editors' schemas, and a new book."""

import sys
from pathlib import Path

from bot.content.library import LibraryError, books_folder, load_all, refuse_shipped, shipped
from bot.content.lint import TO_REPLACE, lint
from bot.content.problems import Problem
from bot.content.scaffold import new_book, outdated_schemas, write_schemas


def check(folder: Path | None, *, for_github: bool = False) -> int:
    """Prints every problem of every book, a line each; 1 if there is any.

    As `file:line:column: what is wrong. What to do.`, or `for_github` as the command that makes GitHub's runner show
    it beside its line.
    """
    bad = 0
    for loaded in load_all(folder or shipped()):
        problems = [*loaded.problems, *lint(loaded)]
        for problem in sorted(problems):
            print(_annotation(problem, loaded.slug) if for_github else problem)
        bad += len(problems)
        if not problems:
            print(
                f"{loaded.slug}: {len(loaded.entries)} entries and {len(loaded.prompts)} prompts, nothing wrong."
            )
    if bad:
        print(f"{bad} to mend." if bad > 1 else "One to mend.", file=sys.stderr)
    return 1 if bad else 0


def schema(knowledge: Path | None, *, only_check: bool) -> int:
    """Writes the editors' schemas that are missing or outdated, and prints which; 0.

    `only_check` writes nothing, and gives 1 where there are any. Raises LibraryError where the folder is missing or
    may not be written in.
    """
    root = books_folder(knowledge)
    if not only_check:
        refuse_shipped(root)
    if not root.is_dir():
        raise LibraryError(f"There is no folder {root}. Name the folder that holds your books.")
    try:
        outdated = outdated_schemas(root) if only_check else write_schemas(root)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise LibraryError(
            f"The schemas in {root} cannot be {'read' if only_check else 'written'} ({reason}). Check the permissions."
        ) from None
    for path in outdated:
        print(f"{path} is missing or out of date." if only_check else f"Written: {path}")
    if not outdated:
        print(f"The schemas in {root} are up to date.")
    elif only_check:
        print("Run 'bookclub schema' to write them.", file=sys.stderr)
    return 1 if only_check and outdated else 0


def new(knowledge: Path | None, slug: str, title: str | None) -> int:
    """Writes the files that a new book begins with, and prints which, and what comes next; 0. Raises LibraryError."""
    root = books_folder(knowledge)
    for path in new_book(root, slug, title):
        print(f"Written: {path}")
    print(
        f"\nNow write your own text wherever they say {TO_REPLACE}. 'bookclub check {root / slug}' lists what is left to do."
    )
    return 0


def _annotation(problem: Problem, slug: str) -> str:
    """GitHub's workflow command. The message begins with the place, for the log shows the message alone."""
    command, title = (
        ("error", f"This keeps {slug} from being loaded")
        if problem.severity == "error"
        else ("warning", f"{slug} could be better")
    )
    file, mark = _from_here(problem.file), problem.mark
    message = f"{file}:{mark.line}:{mark.column}: {problem.what} {problem.remedy}"
    return (
        f"::{command} file={_property(file)},line={mark.line},col={mark.column},title={_property(title)}"
        f"::{_message(message)}"
    )


def _from_here(file: str) -> str:
    """The path from the working directory, with forward slashes; as it is where it lies elsewhere."""
    whole, here = Path(file).resolve(), Path.cwd().resolve()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else file


def _message(text: str) -> str:
    """As the runner undoes it: github.com/actions/toolkit, packages/core/src/command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
