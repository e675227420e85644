"""The command line: `bookclub run`, `demo`, `ask`, `entries`, `prompts`, `check`, `new`, `schema` and `schedule preview`. `run` alone imports discord."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import authoring, offline, timetable
from bot.app import book_files, demo_club, open_book, open_books, open_club, open_remembered, read_books
from bot.book.book import Book
from bot.club.ports import StoreError
from bot.content.library import LibraryError
from bot.settings import Settings, SettingsError, read_settings


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 fine, 1 something is wrong, 2 it was called wrongly, 78 no usable token."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        settings = read_settings()
        arguments = _parser(settings).parse_args(argv)
        return int(arguments.run(arguments))
    except (LibraryError, SettingsError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has gone: point stdout at nothing, or Python complains when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bookclub", description="A book-club bot: sourced answers, no spoilers."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    library = argparse.ArgumentParser(add_help=False)
    library.add_argument(
        "--knowledge", type=Path, metavar="DIR", default=settings.knowledge, help="the folder of your books"
    )
    base = argparse.ArgumentParser(add_help=False, parents=[library])
    base.add_argument(
        "--book", metavar="NAME", default=settings.book, help="the book's folder, where there are several"
    )

    ask = commands.add_parser("ask", parents=[base], help="answer one question, or a file of them")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--progress", metavar="MILESTONE", help="what the asker has finished; absent: nothing read"
    )
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--batch", metavar="FILE", help="JSON lines in, JSON lines out; - is standard input")
    ask.add_argument("--no-timing", action="store_true", help="leave out how long it took")
    ask.add_argument(
        "--explain",
        action="store_true",
        help="show why: words as read, candidates, scores; names entries ahead",
    )
    ask.set_defaults(run=_ask, usage=ask)

    for name, run, what in (
        ("entries", _entries, "every entry"),
        ("prompts", _prompts, "every discussion prompt"),
    ):
        listing = commands.add_parser(name, parents=[base], help=f"list {what}")
        listing.add_argument("--json", action="store_true", help="print one JSON array")
        listing.set_defaults(run=run)

    check = commands.add_parser("check", help="find every mistake in the YAML of your books")
    check.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DIR",
        default=settings.knowledge,
        help="a folder of books, or one book's",
    )
    check.add_argument(
        "--format",
        choices=("text", "github"),
        default="text",
        help="github: shown beside the lines of a pull request",
    )
    check.set_defaults(run=_check)

    new = commands.add_parser("new", parents=[library], help="begin a book: files with examples and notes")
    new.add_argument("slug", metavar="SLUG", help="the name of its folder: a-z, 0-9 and -")
    new.add_argument("--title", metavar="TITLE", help="its title; made from the name if left out")
    new.set_defaults(run=_new)

    schema = commands.add_parser("schema", parents=[library], help="write what editors are told of the YAML")
    schema.add_argument("--check", action="store_true", help="write nothing; say which are out of date")
    schema.set_defaults(run=_schema)

    demo = commands.add_parser("demo", parents=[base], help="the club in this terminal, without Discord")
    demo.set_defaults(run=_demo)

    schedule = commands.add_parser("schedule", help="what the club's schedules will post")
    of_schedule = schedule.add_subparsers(required=True, metavar="WHAT")
    preview = of_schedule.add_parser(
        "preview", parents=[base], help="print the posts to come, without Discord"
    )
    preview.add_argument(
        "--weeks", type=_weeks, default=8, help="how many weeks ahead, 1 to 520; 8 if left out"
    )
    preview.set_defaults(run=_schedule_preview, data=settings.data, database=settings.database)

    serve = commands.add_parser("run", parents=[base], help="the club in Discord; needs DISCORD_TOKEN")
    serve.set_defaults(
        run=_run,
        token=settings.token,
        data=settings.data,
        database=settings.database,
        shard=settings.shard,
    )
    return parser


def _ask(arguments: argparse.Namespace) -> int:
    if (arguments.question is None) == (arguments.batch is None):
        arguments.usage.error("give one question, or --batch with a file of them")
    book, timed = _book(arguments), not arguments.no_timing
    if arguments.batch is not None:
        return offline.ask_batch(
            book, arguments.batch, arguments.progress, timed=timed, explained=arguments.explain
        )
    return offline.ask_one(
        book,
        arguments.question,
        arguments.progress,
        as_json=arguments.json,
        timed=timed,
        explained=arguments.explain,
    )


def _entries(arguments: argparse.Namespace) -> int:
    return offline.list_entries(_book(arguments), as_json=arguments.json)


def _prompts(arguments: argparse.Namespace) -> int:
    return offline.list_prompts(_book(arguments), as_json=arguments.json)


def _check(arguments: argparse.Namespace) -> int:
    return authoring.check(arguments.folder, for_github=arguments.format == "github")


def _new(arguments: argparse.Namespace) -> int:
    return authoring.new(arguments.knowledge, arguments.slug, arguments.title)


def _schema(arguments: argparse.Namespace) -> int:
    return authoring.schema(arguments.knowledge, only_check=arguments.check)


def _demo(arguments: argparse.Namespace) -> int:
    from bot.demo.terminal import run  # noqa: PLC0415 - rich costs the other commands time

    return run(demo_club(_book(arguments)))


def _run(arguments: argparse.Namespace) -> int:
    from bot.discord_app.running import run  # noqa: PLC0415 - discord costs the other commands time and memory

    token = arguments.token.get_secret_value() if arguments.token else None
    return run(
        token,
        lambda: open_books(arguments.knowledge, arguments.book),
        lambda books: open_club(books, _where(arguments)),
        _shard(arguments.shard),
        book_files(arguments.knowledge, arguments.book),
    )


def _schedule_preview(arguments: argparse.Namespace) -> int:
    books = read_books(arguments.knowledge, arguments.book)
    return timetable.preview(books, open_remembered(_where(arguments)), arguments.weeks)


def _where(arguments: argparse.Namespace) -> Path | str:
    """Where the club remembers: the URL of a database, or a folder."""
    return str(arguments.database.get_secret_value()) if arguments.database else Path(arguments.data)


def _shard(text: str | None) -> tuple[int, int] | None:
    """Which of how many processes this is. Raises SettingsError."""
    if text is None:
        return None
    which, _, count = text.partition("/")
    if int(which) >= int(count):
        raise SettingsError("BOOKCLUB_SHARD counts from 0: of four processes they are 0/4, 1/4, 2/4 and 3/4.")
    return int(which), int(count)


def _weeks(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 520:
        return int(text)
    raise argparse.ArgumentTypeError("a whole number of weeks from 1 to 520")


def _book(arguments: argparse.Namespace) -> Book:
    return open_book(arguments.knowledge, arguments.book)


if __name__ == "__main__":
    sys.exit(main())
