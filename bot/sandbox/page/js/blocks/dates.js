// Date and time pickers: the browser's own, which know the reader's language.

import { h } from "../dom.js";
import { dispatch, sends } from "./dispatch.js";

export const datePicker = (spec, block, context) => picker(spec, block, context, {
  type: "date", field: "selected_date", first: spec.initial_date ?? null, shown: (value) => value, read: (text) => text || null,
});

export const timePicker = (spec, block, context) => picker(spec, block, context, {
  type: "time", field: "selected_time", first: spec.initial_time ?? null, shown: (value) => value, read: (text) => text || null,
});

export const dateTimePicker = (spec, block, context) => picker(spec, block, context, {
  type: "datetime-local", field: "selected_date_time", first: spec.initial_date_time ?? null,
  shown: localText, read: (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null),
});

function localText(seconds) {
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function picker(spec, block, context, { type, field, first, shown, read }) {
  const value = context.values.start(block.block_id, spec.action_id, { type: spec.type, [field]: first })[field];
  const label = block.label?.text ?? spec.placeholder?.text ?? type;
  const input = h("input", { type, class: "text-field date-field", value: value ? shown(value) : "", "aria-label": label });
  input.addEventListener("change", () => {
    const chosen = { [field]: read(input.value) };
    context.values.set(block.block_id, spec.action_id, { type: spec.type, ...chosen });
    if (sends(block)) dispatch(node, spec, block, context, chosen);
  });
  const node = h("span", { class: "el" }, input);
  return node;
}
