// Other people's parsers of Discord's markdown, asked over a pipe by oracles.py.
//
// One line in, {"texts": [...]}; one line out: for each text a list with, for each oracle in the order of `ORACLES`,
// [what stands outside spoilers, what stands inside], or {"error": "..."} where that parser threw. The first line out,
// before any came in, names the oracles.
//
// What stands somewhere is every string and number of the syntax tree but the nodes' types: texts, code, languages,
// targets, ids, timestamps. That is more than a client shows, never less.
'use strict';

const { availableParallelism } = require('node:os');
const { createInterface } = require('node:readline');
const { isMainThread, parentPort, Worker } = require('node:worker_threads');

const derock = require('discord-markdown-parser');
const odiffey = require('@odiffey/discord-markdown');

// @odiffey's rules for embeds are its rules for messages (`rulesEmbed === rules`), and its third set, `discordOnly`,
// knows no spoilers: it is for surfaces on which nothing hidden may ever stand. So it counts once.
//
// The last oracle is ours, the same rules in a client that reads for the worst: inside a spoiler a backslash takes the
// meaning from a bar behind it, and an empty heading or small line makes one of the line below. The second has been
// seen (`## ` above a spoiler), the first only been feared.
const ORACLES = [
  'discord-markdown-parser',
  'discord-markdown-parser extended',
  '@odiffey/discord-markdown',
  '@odiffey/discord-markdown, read for the worst',
];

const { rules } = odiffey;
const startsLine = ({ prevCapture }) => prevCapture === null || prevCapture[prevCapture.length - 1] === '\n';
const worst = odiffey.markdownEngine.parserFor({
  ...rules,
  spoiler: { ...rules.spoiler, match: (source) => /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/.exec(source) },
  heading: {
    ...rules.heading,
    match: (source, state) => (startsLine(state) ? /^(#{1,3})\s+([^\n]+?)(\n|$)/.exec(source) : null),
  },
  footnote: {
    ...rules.footnote,
    match: (source, state) => (startsLine(state) ? /^-#\s+([^\n]+?)(\n|$)/.exec(source) : null),
  },
});

// What two sets of rules differ in; a text without it has the same tree in both. A form feed is dropped, and a tab
// made four spaces, before any rule is asked.
const LINK = /\]\f*\(/;
const WORST = /\\\f*\||#\s*[^\S ]/;

function asked(text) {
  const normal = seen((source) => derock.parse(source, 'normal'), text);
  const extended = LINK.test(text) ? seen((source) => derock.parse(source, 'extended'), text) : normal;
  const other = seen(odiffey.parser, text);
  return [
    normal,
    extended,
    other,
    WORST.test(text) ? seen((source) => worst(source, { inline: true }), text) : other,
  ];
}

function seen(parse, text) {
  try {
    const found = ['', ''];
    gather(parse(text), 0, found);
    return found;
  } catch (error) {
    return { error: String(error) };
  }
}

function gather(node, hidden, found) {
  if (Array.isArray(node)) {
    for (const child of node) gather(child, hidden, found);
  } else if (node !== null && typeof node === 'object') {
    const within = node.type === 'spoiler' ? 1 : hidden;
    for (const key of Object.keys(node)) if (key !== 'type') gather(node[key], within, found);
  } else if (typeof node === 'string' || typeof node === 'number') {
    found[hidden] += node;
  }
}

// Every so-manyth text goes to each worker, for long ones may stand side by side.
function dealt(texts, hands) {
  return Array.from({ length: hands }, (_, hand) => texts.filter((_, at) => at % hands === hand));
}

async function serve() {
  const others = Array.from({ length: Math.min(3, availableParallelism() - 1) }, () => new Worker(__filename));
  let arrived = () => {};
  others.forEach((other, at) => {
    other.on('message', (answers) => arrived(at, answers));
    other.on('error', (error) => {
      throw error;
    });
  });
  console.log(JSON.stringify(ORACLES));
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { texts } = JSON.parse(line);
    const [mine, ...theirs] = dealt(texts, others.length + 1);
    const answers = [];
    const all = new Promise((done) => {
      let left = others.length;
      arrived = (at, found) => {
        answers[at + 1] = found;
        left -= 1;
        if (left === 0) done();
      };
      if (left === 0) done();
    });
    others.forEach((other, at) => other.postMessage(theirs[at]));
    answers[0] = mine.map(asked);
    await all;
    const hands = answers.length;
    console.log(JSON.stringify(texts.map((_, at) => answers[at % hands][Math.floor(at / hands)])));
  }
  process.exit();
}

if (isMainThread) serve();
else parentPort.on('message', (texts) => parentPort.postMessage(texts.map(asked)));
