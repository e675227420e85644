"""The SQL side of what members suggest."""

from sqlalchemy import update

from bot.club.ports import Suggestion
from bot.store.sql_base import SqlBase, drop, matches
from bot.store.tables import suggestions


class SqlSuggestions(SqlBase):
    """A SuggestionStore."""

    async def suggest(self, server: int, book: str, question: str, milestone: str | None) -> Suggestion:
        """See SuggestionStore."""
        row = {"server": server, "book": book, "question": question, "milestone": milestone}
        new = self._insert(suggestions).values(row | {"approved": False}).returning(suggestions.c.id)
        async with self._writing() as connection:
            number = (await connection.execute(new)).scalar_one()
        return Suggestion(number, question, milestone)

    async def suggestions(self, server: int, book: str) -> tuple[Suggestion, ...]:
        """See SuggestionStore."""
        rows = await self._pick(
            suggestions, "id", "question", "milestone", "approved", server=server, book=book
        )
        return tuple(Suggestion(*row) for row in sorted(rows, key=lambda row: row.id))

    async def approve(self, server: int, suggestion: int, milestone: str | None) -> bool:
        """See SuggestionStore."""
        this = matches(suggestions, server=server, id=suggestion)
        return (
            await self._write(update(suggestions).where(this).values(approved=True, milestone=milestone)) == 1
        )

    async def reject(self, server: int, suggestion: int) -> bool:
        """See SuggestionStore."""
        return await self._write(drop(suggestions, server=server, id=suggestion)) == 1
