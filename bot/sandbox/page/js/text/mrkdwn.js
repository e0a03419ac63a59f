// Slack's mrkdwn as DOM: https://docs.slack.dev/messaging/formatting-message-text

import { h } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { plainParts, token } from "./references.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** The nodes of one mrkdwn text. */
export function mrkdwn(text) {
  const nodes = [];
  for (const [at, piece] of String(text ?? "").split("```").entries()) pieces(nodes, at, piece, text);
  return nodes;
}

function pieces(nodes, at, piece, whole) {
  const fences = whole.split("```").length - 1;
  const closed = at < fences || fences % 2 === 0;
  if (at % 2 === 0) nodes.push(...paragraphs(at ? piece.replace(/^\n/, "") : piece));
  else if (closed) nodes.push(h("pre", { class: "code-block" }, preformatted(piece.replace(/^\n/, "").replace(/\n$/, ""))));
  else nodes.push(...paragraphs("```" + piece));
}

/** Inside ``` only links and mentions are still tokens. */
function preformatted(text) {
  return text.split(/(<[^<>\n]+>)/).map((part) => {
    const made = /^<[^<>]+>$/.test(part) ? token(part.slice(1, -1), unescape) : null;
    return made ?? unescape(part);
  });
}

const QUOTE = /^(?:&gt;|>) ?/;
const ITEM = /^(\s*)([•◦▪‣–-]|\d{1,3}[.)]) +(?=\S)/;

function paragraphs(text) {
  const nodes = [];
  let quote = null;
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) {
    if (QUOTE.test(line)) {
      if (!quote) nodes.push((quote = h("blockquote", {})));
      else quote.append(h("br"));
      quote.append(...inline(line.replace(QUOTE, "")));
      continue;
    }
    const afterBlock = quote !== null || nodes.at(-1)?.className === "list-line";
    quote = null;
    lineNodes(nodes, line, at, lines.length, afterBlock);
  }
  return nodes;
}

function lineNodes(nodes, line, at, count, afterBlock) {
  const item = line.match(ITEM);
  if (item) {
    const mark = /^\d/.test(item[2]) ? item[2] : item[2] === "-" ? "•" : item[2];
    const depth = Math.min(4, Math.floor(item[1].length / 2));
    const body = h("span", {}, inline(line.slice(item[0].length)));
    nodes.push(h("span", { class: "list-line", "data-depth": depth }, h("span", { class: "list-mark" }, `${mark} `), body));
    return;
  }
  if (at > 0 && !afterBlock) nodes.push(h("br"));
  if (line === "" && at > 0 && at < count - 1) nodes.push(h("span", { class: "gap" }));
  else nodes.push(...inline(line));
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** One line: code first, then tokens, then *bold*, _italic_ and ~strike~ around them. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(...plainParts(unescape(plain)));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const made = codeAt(text, at) ?? tokenAt(text, at) ?? styleAt(text, at);
    if (!made) {
      plain += text[at++];
      continue;
    }
    flush();
    nodes.push(made.node);
    at = made.end;
  }
  flush();
  return nodes;
}

function codeAt(text, at) {
  if (text[at] !== "`") return null;
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: h("code", {}, preformatted(text.slice(at + 1, end))), end: end + 1 };
}

function tokenAt(text, at) {
  if (text[at] !== "<") return null;
  const end = text.indexOf(">", at);
  const node = end > at + 1 ? token(text.slice(at + 1, end), unescape) : null;
  return node && { node, end: end + 1 };
}

function styleAt(text, at) {
  const mark = text[at];
  const tag = STYLES[mark];
  if (!tag || WORD.test(text[at - 1] ?? "") || /[\s]/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    if (/\s/.test(text[end - 1]) || WORD.test(text[end + 1] ?? "") || insideToken(text, at, end)) continue;
    return { node: h(tag, {}, inline(text.slice(at + 1, end))), end: end + 1 };
  }
  return null;
}

/** A mark within `code` or <…> closes nothing. */
function insideToken(text, from, at) {
  const before = text.slice(from, at);
  return before.lastIndexOf("<") > before.lastIndexOf(">") || (before.match(/`/g) ?? []).length % 2 === 1;
}

/** A text object ({type: plain_text | mrkdwn}) as nodes. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return mrkdwn(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plainText(object.text);
}

/** plain_text: entities, emoji and line breaks, no formatting, no links. */
export function plainText(text) {
  return String(text ?? "").split("\n").flatMap((line, at) => [at ? h("br") : null, ...withEmoji(unescape(line))]);
}
