// rich_text blocks: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { h } from "../dom.js";
import { emoji, withEmoji } from "../text/emoji.js";
import { broadcastMention, channelMention, dateText, groupMention, link, userMention } from "../text/references.js";

export function richText(block) {
  return h("div", {}, (block.elements ?? []).map(part));
}

function part(element) {
  const make = PARTS[element.type];
  return make ? make(element) : h("p", { class: "unsupported" }, `Unsupported text: ${element.type}`);
}

const PARTS = {
  rich_text_section: (element) => h("div", { class: "rt-section" }, spans(element)),
  rich_text_quote: (element) => h("blockquote", {}, spans(element)),
  rich_text_preformatted: (element) => h("pre", { class: "code-block" }, spans(element)),
  rich_text_list: list,
};

function list(element) {
  const ordered = element.style === "ordered";
  const depth = Math.min(8, element.indent ?? 0);
  const start = ordered && element.offset ? { start: element.offset + 1 } : {};
  const items = (element.elements ?? []).map((each) => h("li", {}, each.type === "rich_text_section" ? spans(each) : part(each)));
  return h(ordered ? "ol" : "ul", { class: "rt-list", "data-depth": depth, ...start }, items);
}

const spans = (element) => (element.elements ?? []).map(span);

function span(element) {
  const make = SPANS[element.type];
  return styled(make ? make(element) : [element.text ?? element.fallback ?? `[${element.type}]`], element.style ?? {});
}

const SPANS = {
  text: ({ text, style }) => lines(text, style?.code),
  link: ({ url, text }) => [link(url, withEmoji(text || url))],
  user: ({ user_id }) => [userMention(user_id)],
  usergroup: ({ usergroup_id }) => [groupMention(usergroup_id)],
  channel: ({ channel_id }) => [channelMention(channel_id)],
  broadcast: ({ range }) => [broadcastMention(range)],
  emoji: ({ name }) => [emoji(name)],
  date: ({ timestamp, format, url, fallback }) => [dateText(timestamp, format, url, fallback)],
  color: ({ value }) => [value],
};

function lines(text, code) {
  return String(text ?? "").split("\n").flatMap((line, at) => [at ? "\n" : null, ...(code ? [line] : withEmoji(line))]);
}

const TAGS = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

function styled(nodes, style) {
  return TAGS.reduce((inner, [name, tag]) => (style[name] ? [h(tag, {}, inner)] : inner), nodes);
}
