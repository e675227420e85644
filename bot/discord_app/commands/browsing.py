"""`/quote`, `/plot` and `/views`: a look through one kind of entry."""

import discord
from discord import app_commands

from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import topic_choices
from bot.discord_app.speaking import settled, show
from bot.replies.addressing import answer_page, plot_page

Interaction = discord.Interaction[ClubClient]
About = app_commands.Range[str, 1, 200]


@app_commands.command(description="A quote on something, or any quote")
@app_commands.describe(about="What it should be about; leave it out for any quote")
async def quote(interaction: Interaction, about: About = "") -> None:
    """Brings a quote."""
    desk = interaction.client.desk
    if here := await settled(interaction, desk):
        outcome = here.asking.quote(about, here.audience.together, desk.club.random)
        await show(interaction, here, answer_page(outcome, here.book, here.audience, typed=about))


@app_commands.command(description="What happens, in story order, every point behind a spoiler bar")
@app_commands.describe(about="What it should be about; leave it out for the whole story")
async def plot(interaction: Interaction, about: About = "") -> None:
    """Brings plot points, page by page."""
    if here := await settled(interaction, interaction.client.desk):
        points = here.asking.plot(about)
        await show(interaction, here, plot_page(points, here.book, here.audience, typed=about))


@app_commands.command(description="What the reviewers think of something, side by side")
@app_commands.describe(about="For instance: the acting")
async def views(interaction: Interaction, about: About) -> None:
    """Brings reviewers' views."""
    if here := await settled(interaction, interaction.client.desk):
        outcome = here.asking.views(about)
        await show(interaction, here, answer_page(outcome, here.book, here.audience, typed=about))


@quote.autocomplete("about")
async def _quotes(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await topic_choices(interaction, typed, "quote")


@plot.autocomplete("about")
async def _plot_points(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await topic_choices(interaction, typed, "plot")


@views.autocomplete("about")
async def _views(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await topic_choices(interaction, typed, "view")
