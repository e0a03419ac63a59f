// What fits to the word before the caret: commands after "/", people after "@", channels after "#", emoji after ":".

import { state } from "../state.js";
import { searchEmoji } from "../text/emoji.js";

const MOST = 10;

/** {from, to, kind, items: [{insert, title, note, detail, exact, …}]} or null when nothing is being completed. */
export function suggestions(text, caret, { commands }) {
  const before = text.slice(0, caret);
  const slash = commands ? before.match(/^\/\S*$/) : null;
  if (slash) return found("command", 0, caret, commandItems(before));
  const word = before.match(/(?:^|[\s(])([@#:])([\p{L}\p{N}_.+-]*)$/u);
  if (!word) return null;
  const [, mark, typed] = word;
  if (mark === ":" && typed.length < 2) return null;
  const kinds = { "@": ["person", peopleItems], "#": ["channel", channelItems], ":": ["emoji", emojiItems] };
  const [kind, items] = kinds[mark];
  return found(kind, caret - typed.length - 1, caret, items(typed.toLowerCase()));
}

const found = (kind, from, to, items) => (items.length ? { kind, from, to, items: items.slice(0, MOST) } : null);

function commandItems(typed) {
  const wanted = typed.toLowerCase();
  const commands = state.commands.filter((each) => each.command.startsWith(wanted)).map((each) => ({
    insert: `${each.command} `, title: each.command, hint: each.usage_hint, note: each.description, exact: each.command === wanted, from: state.bot.name,
  }));
  const shortcuts = state.shortcuts.filter((each) => each.type === "global" && `/${each.name.toLowerCase()}`.startsWith(wanted));
  return [...commands, ...shortcuts.map((each) => ({ shortcut: each, title: each.name, note: each.description ?? "Shortcut", from: state.bot.name }))];
}

function peopleItems(typed) {
  const people = state.people.map((each) => ({
    insert: `@${each.name} `, id: each.id, title: each.real_name || each.name, note: [each.name, each.title].filter(Boolean).join(" · "),
    search: `${each.name} ${each.real_name}`, exact: each.name.toLowerCase() === typed,
  }));
  const groups = state.usergroups.map((each) => ({
    insert: `@${each.handle} `, group: true, title: `@${each.handle}`, note: each.name, search: `${each.handle} ${each.name}`,
    exact: each.handle.toLowerCase() === typed,
  }));
  const ranges = [["here", "Notify active members"], ["channel", "Notify everybody in this channel"]].map(([name, note]) => ({
    insert: `@${name} `, group: true, title: `@${name}`, note, search: name, exact: name === typed,
  }));
  return [...people, ...groups, ...ranges].filter((each) => startsAWord(each.search, typed));
}

function channelItems(typed) {
  const channels = state.channels.filter((each) => !each.is_im && !each.is_archived).map((each) => ({
    insert: `#${each.name} `, title: `#${each.name}`, note: each.topic, search: each.name, exact: each.name === typed,
  }));
  return channels.filter((each) => each.search.includes(typed));
}

const emojiItems = (typed) => searchEmoji(typed, MOST).map((name) => ({ insert: `:${name}: `, emoji: name, title: `:${name}:`, exact: name === typed }));

const startsAWord = (search, typed) => search.toLowerCase().split(/[\s._-]+/).some((word) => word.startsWith(typed)) || search.toLowerCase().startsWith(typed);

/** The usage line of the command that is being typed, or null. */
export function usageOf(text) {
  const name = text.match(/^(\/\S+)\s/)?.[1];
  return state.commands.find((each) => each.command === name) ?? null;
}
