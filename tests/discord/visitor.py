"""A member who uses all that there is, over real sockets."""

from tests.discord.contract import components
from tests.discord.server import ALICE, BOT, Asked, LocalDiscord, dm_of

ALONE = dm_of(ALICE)

TYPED_INTO = (
    ("ask", "question"),
    ("quote", "about"),
    ("plot", "about"),
    ("views", "about"),
    ("prompt next", "theme"),
)
"""Every option that offers topics or themes while a member types."""


class Visitor:
    """Uses commands and presses each button once. `fills_in` is what they type into a modal."""

    def __init__(self, server: LocalDiscord, fills_in: str) -> None:
        self.server = server
        self.fills_in = fills_in
        self.pressed: set[str] = set()

    async def command(self, name: str, channel: int, depth: int, **options: str) -> None:
        """Uses a command, and presses what appears, and so on so deep."""
        asked = await self.server.slash(name, channel=str(channel), **options)
        await self.press_all(asked, depth)

    async def press_all(self, asked: Asked, depth: int) -> None:
        """Presses what has not been pressed yet, and what then appears."""
        assert asked.message
        for part in list(components(asked.data.get("components"))):
            custom_id = part.get("custom_id")
            if part["type"] != 2 or custom_id in self.pressed:
                continue
            self.pressed.add(custom_id)
            told = await self.server.press(asked.message, custom_id, channel=str(asked.channel))
            if told.kind == 9:
                told = await self.server.submit(
                    told.data, self.fills_in, asked.message, channel=str(asked.channel)
                )
            if depth and told.kind == 4:
                await self.press_all(told, depth - 1)

    async def mention(self, text: str) -> None:
        """Asks by a mention and has it shown privately, then asks in a direct message."""
        message = await self.server.say(f"<@{BOT}> {text}")
        for part in components(message["components"]):
            if part.get("custom_id") == "private":
                await self.server.press(message, "private")
        await self.server.say(text, channel=ALONE)

    async def type(self, text: str) -> None:
        """Begins to type in every option that offers something then."""
        for name, option in TYPED_INTO:
            await self.server.choices(name, option, text)
