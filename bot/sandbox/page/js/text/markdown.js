// Standard Markdown, as the `markdown` block takes it: https://docs.slack.dev/reference/block-kit/blocks/markdown-block

import { h } from "../dom.js";
import { link, plainParts, token } from "./references.js";

const same = (text) => text;

/** The nodes of a Markdown text. */
export function markdown(text) {
  return blocksOf(String(text ?? "").replace(/\r/g, "").split("\n"));
}

const STARTS = /^(#{1,6} |```|> ?|\s*([-*+]|\d+[.)]) |\||(-{3,}|\*{3,}|_{3,})\s*$)/;
const READERS = [fence, heading, rule, quote, table, list, paragraph];

function blocksOf(lines) {
  const nodes = [];
  for (let at = 0; at < lines.length; ) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const [node, next] = READERS.reduce((found, read) => found ?? read(lines, at), null);
    nodes.push(node);
    at = next;
  }
  return nodes;
}

function until(lines, from, stops) {
  let at = from;
  while (at < lines.length && !stops(lines[at])) at += 1;
  return at;
}

function fence(lines, at) {
  if (!lines[at].startsWith("```")) return null;
  const end = until(lines, at + 1, (line) => line.startsWith("```"));
  return [h("pre", { class: "code-block" }, lines.slice(at + 1, end).join("\n")), end + 1];
}

function heading(lines, at) {
  const hit = lines[at].match(/^(#{1,6}) +(.*?)#*$/);
  return hit && [h(`h${Math.min(6, hit[1].length + 2)}`, { class: `md-h md-h${hit[1].length}` }, spans(hit[2])), at + 1];
}

function rule(lines, at) {
  return /^(-{3,}|\*{3,}|_{3,})\s*$/.test(lines[at]) ? [h("hr"), at + 1] : null;
}

function quote(lines, at) {
  if (!lines[at].startsWith(">")) return null;
  const end = until(lines, at, (line) => !line.startsWith(">"));
  return [h("blockquote", {}, blocksOf(lines.slice(at, end).map((line) => line.replace(/^> ?/, "")))), end];
}

const cellsOf = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function table(lines, at) {
  if (!lines[at].trim().startsWith("|") || !/^\s*\|?[\s:|-]+\|?\s*$/.test(lines[at + 1] ?? "")) return null;
  const end = until(lines, at, (line) => !line.trim().startsWith("|"));
  const aligns = cellsOf(lines[at + 1]).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left"));
  const row = (line, tag) => h("tr", {}, cellsOf(line).map((cell, column) => h(tag, { "data-align": aligns[column] }, spans(cell))));
  const body = h("tbody", {}, lines.slice(at + 2, end).map((line) => row(line, "td")));
  return [h("div", { class: "table-scroll" }, h("table", { class: "grid" }, h("thead", {}, row(lines[at], "th")), body)), end];
}

const ITEM = /^(\s*)([-*+]|\d+[.)]) +(.*)$/;

function list(lines, at) {
  const first = lines[at].match(ITEM);
  if (!first) return null;
  const end = until(lines, at, (line) => !ITEM.test(line) && !/^\s{2,}\S/.test(line));
  return [listOf(lines.slice(at, end), first), end];
}

function listOf(lines, [, indent, mark]) {
  const ordered = /\d/.test(mark);
  const root = h(ordered ? "ol" : "ul", ordered ? { start: parseInt(mark, 10) } : {});
  for (let at = 0; at < lines.length; ) {
    const own = lines[at].match(ITEM);
    const deeper = until(lines, at + 1, (line) => (line.match(ITEM)?.[1].length ?? indent.length + 1) <= indent.length);
    const inner = lines.slice(at + 1, deeper);
    root.append(h("li", {}, task(own?.[3] ?? lines[at]), inner.length ? blocksOf(outdent(inner)) : null));
    at = deeper;
  }
  return root;
}

function outdent(lines) {
  const least = Math.min(...lines.map((line) => line.match(/^\s*/)[0].length));
  return lines.map((line) => line.slice(least));
}

function task(text) {
  const hit = text.match(/^\[([ xX])\] (.*)$/);
  return hit ? [hit[1] === " " ? "☐ " : "☑ ", ...spans(hit[2])] : spans(text);
}

function paragraph(lines, at) {
  const end = Math.max(at + 1, until(lines, at + 1, (line) => !line.trim() || STARTS.test(line)));
  return [h("p", {}, lines.slice(at, end).flatMap((line, row) => [row ? h("br") : null, ...spans(line)])), end];
}

const SPAN = /\\([\\`*_{}[\]()#+\-.!|~>])|(`+)(.+?)\2|<([^<>\s][^<>]*)>|!?\[([^\]]*)\]\(([^()\s]+)\)|\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*)\*|(?<![\p{L}\p{N}])_([^_\s][^_]*)_(?![\p{L}\p{N}])|~~(.+?)~~/gu;

/** Inline Markdown. */
function spans(text) {
  const nodes = [];
  let from = 0;
  for (const hit of text.matchAll(SPAN)) {
    nodes.push(...plainParts(text.slice(from, hit.index)), span(hit));
    from = hit.index + hit[0].length;
  }
  nodes.push(...plainParts(text.slice(from)));
  return nodes;
}

function span([whole, escaped, , code, inside, label, address, bold1, bold2, italic1, italic2, struck]) {
  if (escaped) return escaped;
  if (code) return h("code", {}, code);
  if (inside) return token(inside, same) ?? whole;
  if (address) return link(address, spans(label));
  if (bold1 ?? bold2) return h("strong", {}, spans(bold1 ?? bold2));
  if (italic1 ?? italic2) return h("em", {}, spans(italic1 ?? italic2));
  return h("s", {}, spans(struck));
}
