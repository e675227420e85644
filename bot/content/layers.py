"""An entry's text is written as a list of layers before it is validated, so that one typo is one error."""

from bot.content.nodes import Items, Node, Table, Text


def layered(entry: Node, body_key: str) -> Node:
    """The entry with the text under `body_key` as a list of tables, each with `text` and maybe `reveals`.

    A plain text is a list of one. An entry's own `reveals` moves into its first layer; where that names another
    milestone, the entry's stays, and validation refuses it.
    """
    if not isinstance(entry, Table) or body_key not in entry.values:
        return entry
    body = entry.values[body_key]
    layers = list(body.nodes) if isinstance(body, Items) else [body]
    layers = [_as_table(layer) for layer in layers]
    values, keys = dict(entry.values), dict(entry.keys)
    if layers and "reveals" in values and isinstance(first := layers[0], Table):
        own = first.values.get("reveals", values["reveals"])
        if (
            isinstance(own, Text)
            and isinstance(values["reveals"], Text)
            and own.value == values["reveals"].value
        ):
            layers[0] = Table({**first.values, "reveals": own}, {**keys, **first.keys}, first.mark)
            del values["reveals"], keys["reveals"]
    values[body_key] = Items(tuple(layers), body.mark)
    return Table(values, keys, entry.mark)


def _as_table(layer: Node) -> Node:
    if isinstance(layer, Text):
        return Table({"text": layer}, {"text": layer.mark}, layer.mark)
    return layer
