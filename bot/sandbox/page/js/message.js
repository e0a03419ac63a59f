// One message: who, when, what, its files, reactions and the way into its thread.

import { tell } from "./api.js";
import { showBlocks } from "./blocks/index.js";
import { Values } from "./blocks/values.js";
import { clockTime, fullTime, lastReply } from "./clock.js";
import { h, reconcile, show } from "./dom.js";
import { editBox } from "./edit.js";
import { avatar } from "./parts/avatar.js";
import { fileNode } from "./parts/files.js";
import { icon } from "./parts/icons.js";
import { reactions } from "./reactions.js";
import { go } from "./route.js";
import { displayName, state } from "./state.js";
import { mrkdwn, plainText } from "./text/mrkdwn.js";

/** Lines of the channel's own life, shown as one grey sentence. */
const SYSTEM = new Set([
  "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive", "channel_unarchive",
  "group_join", "group_leave", "pinned_item", "unpinned_item", "bot_add", "bot_remove",
]);

const chosen = new Map();

function valuesOf(channel, message) {
  const key = `${state.me}/${channel}/${message.ts}`;
  if (!chosen.has(key)) chosen.set(key, new Values());
  return chosen.get(key);
}

export const authorOf = (message) => message.user ?? message.bot_id ?? "";

/** Brings `node` (or a new element) up to date; `place` is {channel, inThread, grouped, root (the text that a broadcast answers)}. */
export function messageNode(message, place, node) {
  const article = node ?? h("article", { tabindex: "-1", "data-testid": "message" });
  const system = SYSTEM.has(message.subtype);
  const editing = state.editing === `${place.channel}/${message.ts}`;
  const classes = {
    message: true, grouped: place.grouped && !message.ephemeral, system, ephemeral: message.ephemeral, editing,
    pinned: message.pinned_to?.includes(place.channel), mentions: mentionsMe(message),
  };
  article.className = Object.keys(classes).filter((name) => classes[name]).join(" ");
  Object.assign(article.dataset, { ts: message.ts, channel: place.channel, user: authorOf(message) });
  article.setAttribute("aria-label", `${authorName(message)}, ${fullTime(message.ts)}`);
  reconcile(article, parts(message, place, { editing }));
  return article;
}

const mentionsMe = (message) => String(message.text ?? "").includes(`<@${state.me}>`) && message.user !== state.me;

function authorName(message) {
  return message.username ?? (message.user ? displayName(message.user) : message.bot_profile?.name ?? state.bot.name);
}

function parts(message, place, { editing }) {
  const blocks = showable(message);
  const list = [
    ["side", [message.ts, place.grouped, authorOf(message), state.people.length], () => side(message, place)],
    ["flags", [message.ephemeral, message.pinned_to, place.inThread, place.root], () => flags(message, place)],
    ["head", [place.grouped && !message.ephemeral, authorName(message)], () => head(message, place)],
    editing
      ? ["edit", [message.ts], () => editBox(message, place)]
      : blocks
        ? ["blocks", [blocks, state.people.length], (old) => blocksNode(blocks, message, place, old)]
        : ["text", [message.text, message.edited?.ts, message.subtype, message.attachments, state.people.length, state.channels.length], () => textNode(message)],
    ...(message.files ?? []).map((file) => [`file-${file.id}`, [file], () => fileNode(file)]),
    ["reactions", [message.reactions ?? []], () => reactions(message, place)],
    ["bar", [place.inThread, message.reply_count, message.latest_reply, message.reply_users], () => threadBar(message, place)],
  ];
  return list.map(([key, print, make]) => ({ key, print: JSON.stringify([state.me, ...print]), make }));
}

/** People's blocks are only what Slack's own composer makes of their text: the text shows their formatting. */
function showable(message) {
  const byApp = message.bot_id || message.bot_profile || message.user === state.bot.user_id;
  return byApp && message.blocks?.length ? message.blocks : null;
}

function blocksNode(blocks, message, place, old) {
  const box = old ?? h("div", { class: "message-blocks", "data-testid": "message-text" });
  box.shownBlocks = blocks;
  valuesOf(place.channel, message).keepAmong(blocks);
  showBlocks(box, blocks, {
    surface: "message", channel: place.channel, values: valuesOf(place.channel, message),
    press: (action) => press(action, message, place, box.shownBlocks),
  });
  return box;
}

function press(action, message, place, blocks) {
  const values = valuesOf(place.channel, message).among(blocks);
  return tell("press", { as: state.me, channel: place.channel, message_ts: message.ts, action, state: { values } });
}

function textNode(message) {
  const gone = message.subtype === "tombstone";
  const edited = message.edited && !gone ? h("span", { class: "edited" }, " (edited)") : null;
  const attachments = (message.attachments ?? []).map((each) => {
    const box = h("div", { class: "attachment" }, each.pretext ? mrkdwn(each.pretext) : null, each.text ?? each.fallback ? h("div", {}, mrkdwn(each.text ?? each.fallback)) : null);
    box.style.borderColor = /^#?[0-9a-f]{6}$/i.test(each.color ?? "") ? `#${each.color.replace("#", "")}` : "";
    return box;
  });
  return h("div", { class: "message-text", "data-testid": "message-text" }, gone ? h("em", {}, "This message was deleted.") : mrkdwn(message.text), edited, attachments);
}

function side(message, { grouped }) {
  const time = h("time", { class: "side-time", title: fullTime(message.ts) }, clockTime(message.ts));
  return h("div", { class: "message-side" }, grouped && !message.ephemeral ? time : avatar(authorOf(message)));
}

function head(message, { grouped }) {
  if (grouped && !message.ephemeral) return h("div", { class: "visually-hidden" }, authorName(message));
  const bot = message.bot_id || message.user === state.bot.user_id;
  return h("div", { class: "message-head" },
    h("span", { class: "author", "data-testid": "author" }, authorName(message)),
    bot ? h("span", { class: "badge" }, "APP") : null,
    h("time", { class: "stamp", title: fullTime(message.ts) }, clockTime(message.ts)));
}

function flags(message, { channel, inThread, root }) {
  const box = h("div", { class: "message-flags" });
  if (message.ephemeral) show(box, icon("lock", 13), "Only visible to you");
  else if (message.pinned_to?.includes(channel)) show(box, icon("pin", 13), "Pinned");
  else if (message.subtype === "thread_broadcast") show(box, broadcastLine(message, { channel, inThread, root }));
  return box;
}

function broadcastLine(message, { channel, inThread, root }) {
  if (inThread) return "Also sent to the channel";
  const open = () => go({ as: state.me, channel, thread: message.thread_ts });
  const words = String(root ?? "").replace(/[*_~`]|<[^>]*>/g, "").replace(/\s+/g, " ").trim();
  const about = words ? plainText(words.length > 60 ? `${words.slice(0, 60)}…` : words) : "a message";
  return [icon("reply", 13), "replied to a thread: ", h("button", { type: "button", class: "link-btn", onclick: open }, about)];
}

function threadBar(message, { channel, inThread }) {
  if (inThread || !message.reply_count) return h("div", { hidden: true });
  const open = () => go({ as: state.me, channel, thread: message.ts });
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h("button", { type: "button", class: "thread-bar", "data-testid": "reply-bar", onclick: open },
    h("span", { class: "thread-faces" }, (message.reply_users ?? []).slice(0, 5).map((id) => avatar(id, 24))),
    h("span", { class: "thread-count" }, words),
    message.latest_reply ? h("span", { class: "thread-last" }, `Last reply ${lastReply(message.latest_reply)}`) : null,
    h("span", { class: "thread-view" }, "View thread"));
}
