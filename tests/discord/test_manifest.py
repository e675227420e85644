"""What Discord is told of the commands. A change here is a change that every member sees."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
        assert command["integration_types"] == [0], "servers invite it, not members"
        only_in_servers = command["name"] in {"setup", "schedule", "knowledge", "suggest", "Hide as spoiler"}
        assert command["contexts"] == ([0] if only_in_servers else [0, 1])
        if command["type"] == 3:
            assert 1 <= len(command["name"]) <= 32
            continue
        assert re.fullmatch(r"[a-z-]{1,32}", command["name"])
        for described in (command, *_below(command)):
            assert 1 <= len(described["description"]) <= 100
        assert len(json.dumps(command, ensure_ascii=False)) <= 8000


def _below(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in command.get("options", ()):
        yield option
        yield from _below(option)
