"""The pictures in docs/pictures/: what moderators see, played with the real bot and drawn as Discord draws it.

`uv run python -m tests.pictures` needs Chromium (Debian: `apt-get install chromium`).
"""

import asyncio
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.app import open_book
from bot.club.asking import Asking
from bot.club.ports import Server
from tests.conftest import ROOT
from tests.discord.contract import components
from tests.discord.posting import Stage, a_stage, pressable
from tests.discord.server import ALICE, GUILD, OWNER, Asked, Json

PICTURES = ROOT / "docs" / "pictures"
WIDTH = 640

CSS = """
* { box-sizing: border-box } body { margin: 0; background: #313338; color: #dbdee1; width: 640px;
font: 16px/1.375 "DejaVu Sans", sans-serif; padding: 16px } .who { margin: 0 0 6px } .who b { color: #fff }
.who i { background: #5865f2; color: #fff; font: 11px "DejaVu Sans", sans-serif; padding: 2px 5px; border-radius: 3px }
.box { background: #2b2d31; border: 1px solid #3f4147; border-radius: 8px; padding: 14px; max-width: 600px }
.text { margin: 0 0 8px } .text div { min-height: 4px } small { color: #949ba4; font-size: 13px } .item::before { content: "•  " }
.veil { background: #1e1f22; color: #1e1f22; border-radius: 4px; padding: 0 3px } .row { margin-top: 10px }
.button { display: inline-block; background: #4e5058; color: #fff; border-radius: 4px; padding: 6px 14px; margin: 0 6px 6px 0;
font-size: 14px } .s1 { background: #5865f2 } .s3 { background: #248046 } .s4 { background: #da373c }
.select { background: #1e1f22; border-radius: 4px; padding: 9px 12px; color: #949ba4; font-size: 14px } .select.on { color: #dbdee1 }
.select::after { content: "▾"; float: right } h1 { font-size: 20px; color: #fff; margin: 0 0 14px } label { font-size: 14px;
font-weight: bold; color: #fff; display: block; margin-top: 12px } label + small { display: block; margin: 2px 0 6px }
.field { background: #1e1f22; border-radius: 4px; padding: 9px 12px; white-space: pre-wrap; min-height: 38px; font-size: 15px }
.long { min-height: 76px }
"""

MEASURE = (
    "<script>document.body.dataset.height = Math.ceil(document.body.getBoundingClientRect().height)</script>"
)


def line(text: str) -> str:
    """One line of the little markdown that the bot writes."""
    plain = html.escape(re.sub(r"\\([^\w\s])", r"\1", text), quote=False)
    plain = re.sub(r"&lt;t:\d+:[FR]&gt;( \(&lt;t:\d+:R&gt;\))?", "today at 19:30", plain)
    plain = plain.replace(f"&lt;@{OWNER}&gt;", "@Olga")
    if text.startswith("**"):
        return f"<div><b>{plain.strip('*')}</b></div>"
    if text.startswith("-# "):
        return f"<div><small>{plain[3:]}</small></div>"
    if text.startswith("||"):
        return f'<div><span class="veil">{plain.strip("|")}</span></div>'
    return f'<div class="item">{plain[2:]}</div>' if text.startswith("- ") else f"<div>{plain}</div>"


def part(one: Json) -> Iterator[str]:
    """One component of a message."""
    match one["type"]:
        case 10:
            yield f'<div class="text">{"".join(map(line, one["content"].splitlines()))}</div>'
        case 2:
            yield f'<span class="button s{one["style"]}">{html.escape(one["label"])}</span>'
        case 3:
            picked = [option["label"] for option in one["options"] if option.get("default")]
            said = ", ".join(picked) or one["placeholder"]
            yield f'<div class="select{" on" if picked else ""}">{html.escape(said)}</div>'
        case 1:
            yield f'<div class="row">{"".join(text for below in one["components"] for text in part(below))}</div>'
        case 17:
            yield from (text for below in one["components"] for text in part(below))
        case _:
            pass


def message(body: Json) -> str:
    """A message of the bot's."""
    drawn = "".join(text for one in body["components"] for text in part(one))
    return f'<p class="who"><b>Book club</b> <i>APP</i></p><div class="box">{drawn}</div>'


def form(body: Json) -> str:
    """A modal."""
    fields = []
    for label in body["components"]:
        field = label["component"]
        long = " long" if field["style"] == 2 else ""
        fields.append(
            f"<label>{html.escape(label['label'])}</label><small>{html.escape(label.get('description') or '')}</small>"
            f'<div class="field{long}">{html.escape(field.get("value") or "")}</div>'
        )
    send = '<div class="row"><span class="button s1">Submit</span></div>'
    return f'<div class="box"><h1>{html.escape(body["title"])}</h1>{"".join(fields)}{send}</div>'


async def pick(stage: Stage, asked: Asked, placeholder: str, label: str) -> Asked:
    """Picks an option of a select."""
    select = next(
        one for one in components(asked.message["components"]) if one.get("placeholder") == placeholder
    )
    value = next(option["value"] for option in select["options"] if option["label"] == label)
    return now(stage, await stage.server.press(asked.message, select["custom_id"], value, member=OWNER))


async def press(stage: Stage, asked: Asked, label: str) -> Asked:
    """Presses a button."""
    pressed = await stage.server.press(asked.message, pressable(asked.message)[label], member=OWNER)
    return now(stage, pressed)


def now(stage: Stage, asked: Asked) -> Asked:
    """The interaction with the message as it is by now."""
    if asked.kind == 7:
        asked.message = stage.server.messages[int(asked.source["id"])]
    return asked


async def play(stage: Stage) -> dict[str, str]:
    """Each picture's name and its HTML."""
    stage.memory.servers[GUILD] = Server(misses=True)
    server, drawn = stage.server, {}
    for question in ("which cellist plays on the soundtrack", "which cellist plays on teh soundtrack?"):
        await server.slash("ask", {"question": question}, member=ALICE)
    await stage.client.desk.club.finish()
    inbox = await server.slash("knowledge misses", member=OWNER)
    drawn["misses"] = message(inbox.message)
    opened = await press(stage, inbox, "Add an answer")
    drawn["form"] = form(opened.data)
    typed = {
        "topic": "The cello on the soundtrack",
        "asks": "which cellist plays on the soundtrack\nwho plays the cello\nname of the cellist",
        "text": "Caroline Dale plays the cello.",
    }
    shown = now(stage, await server.submit(opened.data, typed, inbox.message, member=OWNER))
    shown = await pick(stage, shown, "Who may read it?", "Everybody, also who has read nothing")
    shown = await pick(stage, shown, "Who says so?", "The club's moderators")
    drawn["preview"] = message(shown.message)
    await press(stage, shown, "Save")
    first, second = [
        await server.submit(
            (
                await server.slash("knowledge edit", {"entry": "The cello on the soundtrack"}, member=OWNER)
            ).data,
            {"text": text},
            member=OWNER,
        )
        for text in ("Caroline Dale plays the cello throughout.", "Caroline Dale is the soloist.")
    ]
    await press(stage, first, "Save")
    drawn["clash"] = message((await press(stage, second, "Save")).message)
    drawn["history"] = message((await server.slash("knowledge history", member=OWNER)).message)
    late = {"entry": "Who Madame is", "as": "nothing"}
    drawn["as-a-reader"] = message((await server.slash("knowledge preview", late, member=OWNER)).message)
    file = server.add_file(
        "facts.yaml", b"- id: bus\n  topic: The bus\n  anwser: A red one.\n  sources: [nobody]\n"
    )
    drawn["mistakes"] = message(
        (await server.slash("knowledge upload", {"file": file}, member=OWNER)).message
    )
    return drawn


async def main() -> None:
    """Draws them all."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    async with a_stage(Asking(open_book(None, None))) as stage:
        drawn = await play(stage)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, body in drawn.items():
            draw(chromium, Path(folder) / "page.html", body, PICTURES / f"{name}.png")


def draw(chromium: str, page: Path, body: str, to: Path) -> None:
    """Has Chromium draw the HTML, as high as it is: the first look says how high, the second takes the picture."""
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><style>{CSS}</style><body>{body}{MEASURE}</body>',
        encoding="utf-8",
    )
    look = [chromium, "--headless", "--no-sandbox", "--hide-scrollbars"]
    seen = subprocess.run(
        [*look, f"--window-size={WIDTH},600", "--dump-dom", page.as_uri()],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r'data-height="(\d+)"', seen.stdout)
    assert found is not None, seen.stderr
    size = f"--window-size={WIDTH},{found[1]}"
    subprocess.run([*look, size, f"--screenshot={to}", page.as_uri()], check=True, capture_output=True)
    print(f"{to.name}: {to.stat().st_size} bytes")


if __name__ == "__main__":
    asyncio.run(main())
