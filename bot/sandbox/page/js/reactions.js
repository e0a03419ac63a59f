// Reactions under a message, and the picker that adds one.

import { reason, tell } from "./api.js";
import { h, show } from "./dom.js";
import { notice } from "./parts/dialog.js";
import { icon } from "./parts/icons.js";
import { closePopover, openPopover } from "./parts/popover.js";
import { displayName, state } from "./state.js";
import { QUICK, emoji, searchEmoji } from "./text/emoji.js";

export function reactions(message, { channel }) {
  const pills = (message.reactions ?? []).map((each) => pill(each, message, channel));
  if (!pills.length) return h("div", { hidden: true });
  const add = (event) => pickEmoji(event.currentTarget, (name) => react(channel, message.ts, name));
  const adder = h("button", { type: "button", class: "pill pill-add", "aria-label": "Add reaction", onclick: add }, icon("emoji", 16));
  return h("div", { class: "reactions" }, pills, adder);
}

function pill({ name, count, users }, message, channel) {
  const mine = users?.includes(state.me) ?? false;
  const who = (users ?? []).map((id) => (id === state.me ? "you" : displayName(id))).join(", ");
  const attributes = {
    type: "button", class: mine ? "pill mine" : "pill", "aria-pressed": String(mine), title: `${who} reacted with :${name}:`,
    "aria-label": `${name}, ${count}`, "data-testid": "reaction", "data-name": name, onclick: () => react(channel, message.ts, name, mine),
  };
  return h("button", attributes, emoji(name), h("span", { class: "pill-count" }, count));
}

export async function react(channel, ts, name, remove = false) {
  const answer = await tell("react", { as: state.me, channel, ts, name, remove });
  if (!answer.ok) notice(reason(answer.error));
}

/** A small picker; calls back with the chosen name. */
export function pickEmoji(anchor, choose) {
  const grid = h("div", { class: "emoji-grid" });
  const cell = (name) => {
    const pick = () => {
      closePopover({ refocus: true });
      choose(name);
    };
    return h("button", { type: "button", class: "emoji-cell", title: `:${name}:`, "aria-label": name, "data-emoji": name, onclick: pick }, emoji(name));
  };
  const fill = (words) => {
    const found = searchEmoji(words, 72);
    const names = words ? found : [...QUICK, ...found.filter((name) => !QUICK.includes(name))];
    show(grid, names.length ? names.map(cell) : h("p", { class: "empty-note" }, "No such emoji"));
  };
  const input = h("input", { class: "text-field", placeholder: "Search emoji", "aria-label": "Search emoji", autofocus: "" });
  input.addEventListener("input", () => fill(input.value.trim()));
  input.addEventListener("keydown", (event) => event.key === "Enter" && grid.querySelector("button")?.click());
  fill("");
  openPopover(anchor, h("div", { class: "emoji-picker", "data-testid": "emoji-picker" }, input, grid), { label: "Choose an emoji" });
}
