"""What Discord is told of the commands. A change here is a change that every member sees."""

import json
import re
from pathlib import Path

from tests.discord.world import World

GOLDEN = Path(__file__).parent / "manifest.json"


async def test_the_manifest_is_the_golden_one(world: World) -> None:
    """To accept a change: put what the failure prints into manifest.json."""
    sent = [request.json for request in world.env.http_requests if request.path.endswith("/commands")]
    assert len(sent) == 1
    assert sent[0] is not None
    written = json.dumps(
        sorted(sent[0], key=lambda command: str(command["name"])), indent=1, ensure_ascii=False
    )
    assert written + "\n" == GOLDEN.read_text(encoding="utf-8"), written


async def test_names_and_descriptions_are_within_discords_limits(world: World) -> None:
    commands = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert [command["name"] for command in commands] == sorted(
        command.name for command in world.client.tree.get_commands()
    )
    for command in commands:
        assert re.fullmatch(r"[a-z-]{1,32}", command["name"])
        assert command["integration_types"] == [0], "servers invite it, not members"
        assert command["contexts"] == [0, 1], "in servers and direct messages"
        for described in (command, *command.get("options", ())):
            assert 1 <= len(described["description"]) <= 100
