// What stands for somebody or something: people, groups, channels, dates, links. Shared by mrkdwn, rich text and Markdown.

import { dateTokens } from "../clock.js";
import { h, safeUrl } from "../dom.js";
import { go, placeOf } from "../route.js";
import { channel, displayName, groupHasMe, handle, isMe, person, state, usergroup } from "../state.js";
import { withEmoji } from "./emoji.js";

export function userMention(id) {
  const known = person(id) || id === state.bot.user_id;
  const mine = isMe(id) ? " mention-me" : "";
  const about = person(id)?.title ? `${displayName(id)} · ${person(id).title}` : displayName(id);
  return h("span", { class: `mention${mine}`, "data-user-id": id, title: about }, `@${known ? handle(id) : id}`);
}

export function groupMention(id, label) {
  const mine = groupHasMe(id) ? " mention-me" : "";
  const name = usergroup(id)?.handle ?? (label ?? id).replace(/^@/, "");
  return h("span", { class: `mention mention-group${mine}`, "data-usergroup-id": id, title: usergroup(id)?.name }, `@${name}`);
}

export function broadcastMention(range) {
  return h("span", { class: "mention mention-me", "data-broadcast": range }, `@${range}`);
}

export function channelMention(id, label) {
  const known = channel(id);
  const name = known?.name ?? label ?? "private channel";
  if (!known) return h("span", { class: "mention" }, `#${name}`);
  const visit = () => go({ as: state.me, channel: id });
  return h("button", { type: "button", class: "mention mention-channel", "data-channel-id": id, onclick: visit }, `#${name}`);
}

export function dateText(seconds, pattern, address, fallback) {
  const text = Number.isFinite(Number(seconds)) ? dateTokens(seconds, pattern) : fallback;
  const label = h("time", { title: new Date(Number(seconds) * 1000).toString() }, text);
  return address ? link(address, [label]) : label;
}

/** A link that cannot run anything; permalinks of this workspace open here, others in a new tab. */
export function link(address, children, attributes = {}) {
  const url = safeUrl(address);
  if (!url) return h("span", {}, children);
  const place = placeOf(url);
  const inside = place && channel(place.channel);
  const visit = (event) => {
    event.preventDefault();
    go({ as: state.me, ...place });
  };
  const where = inside ? { onclick: visit } : { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { class: "link", href: url, ...where, ...attributes }, children);
}

const BARE = /https?:\/\/[^\s<>|"'`]+[^\s<>|"'`.,;:!?)\]}]/g;

/** Plain text with bare addresses as links and :names: as emoji. */
export function plainParts(text) {
  const parts = [];
  let from = 0;
  for (const hit of text.matchAll(BARE)) {
    parts.push(...withEmoji(text.slice(from, hit.index)), link(hit[0], [hit[0]]));
    from = hit.index + hit[0].length;
  }
  parts.push(...withEmoji(text.slice(from)));
  return parts;
}

/** The inside of <…>: a mention, a date or a link; null when it is none of these. */
export function token(inside, unescape) {
  const [head, ...rest] = inside.split("|");
  const label = rest.length ? unescape(rest.join("|")) : null;
  if (/^@[UWB]\w+$/.test(head)) return userMention(head.slice(1));
  if (/^#[CGD]\w+$/.test(head)) return channelMention(head.slice(1), label);
  if (head.startsWith("!subteam^")) return groupMention(head.slice(9), label);
  if (/^!(here|channel|everyone)$/.test(head)) return broadcastMention(head.slice(1));
  if (head.startsWith("!date^")) return dateToken(head, label);
  if (head.startsWith("!")) return document.createTextNode(label ?? `<${head}>`);
  if (!/^(https?:|mailto:|tel:)/i.test(head)) return null;
  const address = unescape(head);
  return link(address, withEmoji(label ?? address.replace(/^mailto:/, "")));
}

function dateToken(head, label) {
  const [, seconds, pattern, address] = head.split("^");
  return dateText(seconds, pattern ?? "", address, label ?? "");
}
