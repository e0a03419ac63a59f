// Interactive elements of section, actions and input blocks.

import { safeUrl, h } from "../dom.js";
import { imageAddress } from "../api.js";
import { icon } from "../parts/icons.js";
import { openMenu } from "../parts/popover.js";
import { textObject } from "../text/mrkdwn.js";
import { checkboxes, radioButtons } from "./choices.js";
import { datePicker, dateTimePicker, timePicker } from "./dates.js";
import { dispatch } from "./dispatch.js";
import { SELECTS, select } from "./select.js";
import { textInput } from "./text_input.js";

const CONTROL = ":scope > button, :scope > input, :scope > textarea";

/** The node of one element; what a person uses in it carries data-action-id. */
export function element(spec, block, context) {
  const make = ELEMENTS[spec.type] ?? (SELECTS[spec.type] ? select : unsupported);
  const node = make(spec, block, context);
  if (spec.action_id) (node.querySelector(CONTROL) ?? node).dataset.actionId = spec.action_id;
  return node;
}

const ELEMENTS = {
  button, overflow, checkboxes,
  image: (spec) => h("img", {
    class: "thumb", src: imageAddress(spec), alt: spec.alt_text ?? "", referrerpolicy: "no-referrer",
  }),
  radio_buttons: radioButtons,
  datepicker: datePicker, timepicker: timePicker, datetimepicker: dateTimePicker,
  plain_text_input: textInput, number_input: textInput, url_text_input: textInput, email_text_input: textInput,
};

function button(spec, block, context) {
  const look = { primary: "btn primary", danger: "btn danger" }[spec.style] ?? "btn";
  const payload = { value: spec.value, text: spec.text };
  const press = () => {
    const url = spec.url ? safeUrl(spec.url) : null;
    if (url) window.open(url, "_blank", "noopener,noreferrer");
    dispatch(node, spec, block, context, payload);
  };
  const attributes = { type: "button", class: look, "aria-label": spec.accessibility_label, "data-value": spec.value, "data-url": spec.url, onclick: press };
  const node = h("span", { class: "el" }, h("button", attributes, textObject(spec.text)));
  return node;
}

function overflow(spec, block, context) {
  const choose = (option) => () => {
    const url = option.url ? safeUrl(option.url) : null;
    if (url) window.open(url, "_blank", "noopener,noreferrer");
    dispatch(node, spec, block, context, { selected_option: option });
  };
  const items = (spec.options ?? []).map((option) => ({
    label: textObject(option.text), note: option.description ? textObject(option.description) : null, run: choose(option),
    attributes: { "data-value": option.value },
  }));
  const open = (event) => openMenu(event.currentTarget, items, { label: "More" });
  const node = h("span", { class: "el" },
    h("button", { type: "button", class: "btn overflow", "aria-label": "More options", "aria-haspopup": "menu", onclick: open }, icon("more", 16)));
  return node;
}

function unsupported(spec) {
  return h("span", { class: "unsupported" }, `Unsupported element: ${spec.type}`);
}
