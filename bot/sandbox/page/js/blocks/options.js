// What a select menu offers: groups of {key, label (nodes), note, search, raw}.

import { channelLabel, state } from "../state.js";
import { textObject } from "../text/mrkdwn.js";

export function staticOptions(spec) {
  const groups = spec.option_groups ?? [{ label: null, options: spec.options ?? [] }];
  return groups.map((group) => ({ label: group.label, options: group.options.map(staticOption) }));
}

function staticOption(raw) {
  const note = raw.description ? textObject(raw.description) : null;
  const search = `${raw.text?.text ?? ""} ${raw.description?.text ?? ""}`.toLowerCase();
  return { key: raw.value, get label() { return textObject(raw.text); }, note, search, raw };
}

export function peopleOptions() {
  const people = state.people.map((each) => {
    const label = each.real_name || each.name;
    return { key: each.id, label, note: each.title || null, search: `${label} ${each.name}`.toLowerCase(), raw: each.id };
  });
  return [{ label: null, options: people }];
}

const channelOption = (each) => {
  const label = each.is_im ? channelLabel(each) : `#${each.name}`;
  return { key: each.id, label, note: null, search: label.toLowerCase(), raw: each.id };
};

export function conversationOptions(spec) {
  const kinds = spec.filter?.include ?? ["im", "mpim", "private", "public"];
  const kindOf = (each) => (each.is_im ? "im" : each.is_private ? "private" : "public");
  const fitting = state.channels.filter((each) => !each.is_archived && kinds.includes(kindOf(each)));
  return [{ label: null, options: fitting.map(channelOption) }];
}

export function publicChannelOptions() {
  const fitting = state.channels.filter((each) => !each.is_archived && !each.is_im && !each.is_private);
  return [{ label: null, options: fitting.map(channelOption) }];
}
