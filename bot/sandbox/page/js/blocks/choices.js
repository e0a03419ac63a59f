// Checkboxes and radio buttons.

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";
import { dispatch, sends } from "./dispatch.js";

let groups = 0;

export function checkboxes(spec, block, context) {
  const first = { type: spec.type, selected_options: spec.initial_options ?? [] };
  const known = context.values.start(block.block_id, spec.action_id, first).selected_options;
  const ticked = new Set(known.map((each) => each.value));
  const offered = (spec.options ?? []).filter((each) => ticked.has(each.value));
  // What an edit of the message took away is ticked no longer.
  context.values.set(block.block_id, spec.action_id, { type: spec.type, selected_options: offered });
  const chosen = new Set(offered.map((each) => each.value));
  const choose = (option, input) => {
    input.checked ? chosen.add(option.value) : chosen.delete(option.value);
    return { selected_options: spec.options.filter((each) => chosen.has(each.value)) };
  };
  return choices(spec, block, context, { kind: "checkbox", isChosen: (option) => chosen.has(option.value), choose });
}

export function radioButtons(spec, block, context) {
  const first = { type: spec.type, selected_option: spec.initial_option ?? null };
  const chosen = context.values.start(block.block_id, spec.action_id, first).selected_option?.value;
  const choose = (option) => ({ selected_option: option });
  return choices(spec, block, context, { kind: "radio", isChosen: (option) => option.value === chosen, choose });
}

function choices(spec, block, context, { kind, isChosen, choose }) {
  const name = `choice-${(groups += 1)}`;
  const row = (option) => {
    const input = h("input", { type: kind, name, checked: isChosen(option), "data-value": option.value });
    input.addEventListener("change", () => {
      const chosen = choose(option, input);
      context.values.set(block.block_id, spec.action_id, { type: spec.type, ...chosen });
      if (sends(block)) dispatch(node, spec, block, context, chosen);
    });
    const about = option.description ? h("span", { class: "choice-note" }, textObject(option.description)) : null;
    return h("label", { class: "choice" }, input, h("span", {}, h("span", { class: "choice-label" }, textObject(option.text)), about));
  };
  const node = h("div", { class: "choices el", role: kind === "radio" ? "radiogroup" : "group", "aria-label": `Choose from ${spec.options?.length ?? 0}` }, (spec.options ?? []).map(row));
  return node;
}
