// What the page knows: the workspace as the acting person sees it, where they are, what is unread, what is half typed.

import { ask } from "./api.js";

const listeners = new Set();

export const state = {
  me: null, team: { name: "" }, people: [], channels: [], commands: [], shortcuts: [], usergroups: [],
  bot: { user_id: null, name: "", connected: true },
  route: { as: null, channel: null, thread: null, ts: null, home: false },
  drawer: false,
  online: true,
  unread: new Map(),
  newest: new Map(),
  drafts: new Map(),
  editing: null,
};

/** Calls back with the names of what changed: "workspace", "route", "unread", "editing", "online". */
export function subscribe(listener) {
  listeners.add(listener);
}

export function changed(...what) {
  for (const listener of listeners) listener(new Set(what));
}

/** Reads the workspace; returns the error when it could not be read. */
export async function loadWorkspace(as) {
  const answer = await ask("state", { as });
  if (!answer.me) return answer.error ?? "bad_answer";
  const another = answer.me !== state.me;
  const { me, team, people, channels, commands, shortcuts, usergroups, bot } = answer;
  Object.assign(state, { me, team, people, channels, commands, shortcuts, usergroups, bot });
  if (another) state.unread.clear();
  for (const channel of channels) {
    if (another || !state.unread.has(channel.id)) state.unread.set(channel.id, Number(channel.unread ?? 0));
  }
  changed("workspace", "unread");
  return null;
}

export const person = (id) => state.people.find((each) => each.id === id) ?? null;
export const channel = (id) => state.channels.find((each) => each.id === id) ?? null;
export const usergroup = (id) => state.usergroups.find((each) => each.id === id) ?? null;
export const isMe = (id) => id === state.me;
export const botChannel = () => state.channels.find((each) => each.is_im && each.user === state.bot.user_id) ?? null;

const SLACKBOT = "USLACKBOT";

export function displayName(id) {
  if (id === SLACKBOT) return "Slackbot";
  const known = person(id);
  if (known) return known.real_name || known.name;
  return id === state.bot.user_id ? state.bot.name : id;
}

/** What stands after @ or #: the short name. */
export function handle(id) {
  return person(id)?.name ?? (id === state.bot.user_id ? state.bot.name : id);
}

export function channelLabel(each) {
  return each.is_im ? displayName(each.user) : each.name;
}

/** Whether a mention of this user group is a mention of the acting person. */
export function groupHasMe(id) {
  return Boolean(usergroup(id)?.users?.includes(state.me));
}

export const draftKey = (channelId, thread) => `${state.me}/${channelId}/${thread ?? ""}`;
