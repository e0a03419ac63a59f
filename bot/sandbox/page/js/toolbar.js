// What can be done with a message: the bar that appears on it, and its menu with the bot's message shortcuts.

import { reason, tell } from "./api.js";
import { h } from "./dom.js";
import { startEditing } from "./edit.js";
import { confirmDialog, notice } from "./parts/dialog.js";
import { icon } from "./parts/icons.js";
import { openMenu } from "./parts/popover.js";
import { pickEmoji, react } from "./reactions.js";
import { go, routeAddress } from "./route.js";
import { state } from "./state.js";
import { emoji } from "./text/emoji.js";

/** Shows the bar on whichever message of `list` is pointed at or focused. `messageOf(ts)` gives its data. */
export function attachToolbar(list, { messageOf, inThread }) {
  const point = (event) => {
    const article = event.target.closest?.("article.message");
    const message = article && messageOf(article.dataset.ts);
    if (!message || article.querySelector(".toolbar") || article.classList.contains("system")) return;
    list.querySelector(".toolbar")?.remove();
    const bar = toolbar(message, article.dataset.channel, inThread);
    if (bar) article.append(bar);
  };
  for (const kind of ["pointerover", "focusin", "click"]) list.addEventListener(kind, point);
}

function toolbar(message, channel, inThread) {
  if (message.ephemeral) return ephemeralBar(message, channel);
  if (message.subtype === "tombstone") return null;
  const tool = (name, label, testid, run) =>
    h("button", { type: "button", class: "tool", title: label, "aria-label": label, "data-testid": testid, onclick: run }, name instanceof Node ? name : icon(name, 18));
  const quick = (name) => tool(emoji(name), `React with :${name}:`, `react-${name}`, () => react(channel, message.ts, name, mine(message, name)));
  const thread = message.thread_ts ?? message.ts;
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    quick("white_check_mark"), quick("eyes"),
    tool("emoji", "Find another reaction", "toolbar-react", (event) => pickEmoji(event.currentTarget, (name) => react(channel, message.ts, name))),
    inThread ? null : tool("reply", "Reply in thread", "toolbar-reply", () => go({ as: state.me, channel, thread })),
    tool("pin", isPinned(message, channel) ? "Unpin" : "Pin to channel", "toolbar-pin", () => pin(message, channel)),
    tool("more", "More actions", "toolbar-more", (event) => more(event.currentTarget, message, channel)));
}

function ephemeralBar(message, channel) {
  const dismiss = () => remove(message, channel);
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    h("button", { type: "button", class: "tool", title: "Dismiss", "aria-label": "Dismiss", onclick: dismiss }, icon("close", 18)));
}

const mine = (message, name) => Boolean(message.reactions?.find((each) => each.name === name)?.users?.includes(state.me));
const isPinned = (message, channel) => Boolean(message.pinned_to?.includes(channel));

async function send(method, body) {
  const answer = await tell(method, { as: state.me, ...body });
  if (!answer.ok) notice(reason(answer.error));
}

const pin = (message, channel) => send("pin", { channel, ts: message.ts, remove: isPinned(message, channel) });
const remove = (message, channel) => send("delete", { channel, ts: message.ts });

function more(anchor, message, channel) {
  const shortcuts = state.shortcuts.filter((each) => each.type === "message").map((each) => ({
    label: each.name, note: state.bot.name, testid: "shortcut", attributes: { "data-callback-id": each.callback_id },
    run: () => send("shortcut", { callback_id: each.callback_id, channel, message_ts: message.ts }),
  }));
  const own = message.user === state.me ? ["-", ...ownItems(message, channel)] : [];
  const copy = { label: "Copy link", run: () => copyLink(message, channel) };
  const rest = [copy, { label: isPinned(message, channel) ? "Unpin from channel" : "Pin to channel", run: () => pin(message, channel) }];
  openMenu(anchor, [...shortcuts, ...(shortcuts.length ? ["-"] : []), ...rest, ...own], { label: "More actions" });
}

function ownItems(message, channel) {
  return [
    { label: "Edit message", testid: "edit-message", run: () => startEditing(channel, message.ts) },
    { label: "Delete message…", testid: "delete-message", danger: true, run: () => askAndRemove(message, channel) },
  ];
}

async function askAndRemove(message, channel) {
  const agreed = await confirmDialog({
    title: "Delete message", text: "Are you sure you want to delete this message? This cannot be undone.", confirm: "Delete", style: "danger",
  });
  if (agreed) remove(message, channel);
}

async function copyLink(message, channel) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null;
  const address = location.origin + location.pathname + routeAddress({ channel, thread, ts: message.ts });
  try {
    await navigator.clipboard.writeText(address);
    notice("Link copied.");
  } catch {
    notice(address);
  }
}
