// Inputs for text, numbers, web addresses and mail addresses.

import { h } from "../dom.js";
import { emojiText } from "../text/emoji.js";
import { dispatch } from "./dispatch.js";

const MODES = {
  number_input: { inputmode: "decimal" }, url_text_input: { type: "url", inputmode: "url" }, email_text_input: { type: "email", inputmode: "email" },
};

export function textInput(spec, block, context) {
  const first = { type: spec.type, value: spec.initial_value ?? null };
  const known = context.values.start(block.block_id, spec.action_id, first);
  const attributes = {
    class: "text-field", placeholder: emojiText(spec.placeholder?.text ?? ""), maxlength: spec.max_length, autocomplete: "off",
    "aria-label": block.label?.text, "data-focus-on-load": spec.focus_on_load,
  };
  const input = spec.multiline
    ? h("textarea", { ...attributes, rows: 4, value: known.value ?? "" })
    : h("input", { type: "text", ...MODES[spec.type], ...attributes, value: known.value ?? "" });
  listen(input, spec, block, context);
  return h("div", { class: "el" }, input, spec.max_length ? counter(input, spec.max_length) : null);
}

function listen(input, spec, block, context) {
  const triggers = spec.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = () => dispatch(input.parentElement, spec, block, context, { value: input.value });
  input.addEventListener("input", () => {
    context.values.set(block.block_id, spec.action_id, { type: spec.type, value: input.value === "" ? null : input.value });
    if (block.dispatch_action && triggers.includes("on_character_entered")) send();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || spec.multiline || event.isComposing || !block.dispatch_action || !triggers.includes("on_enter_pressed")) return;
    event.preventDefault();
    event.stopPropagation();
    send();
  });
}

/** How many characters are left, shown when they become few. */
function counter(input, most) {
  const left = h("span", { class: "counter", "aria-live": "polite" });
  input.addEventListener("input", () => {
    const rest = most - input.value.length;
    left.textContent = rest <= Math.min(50, most / 5) ? String(rest) : "";
  });
  return left;
}
