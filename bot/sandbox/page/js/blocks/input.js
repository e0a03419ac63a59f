// Input blocks: label, element, hint, and what is wrong with the answer.

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";
import { element } from "./elements.js";

let count = 0;

export function inputBlock(block, context) {
  const id = `input-${(count += 1)}`;
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const inner = element(block.element, block, context);
  const control = inner.querySelector("input:not([type=checkbox]):not([type=radio]), textarea, button");
  control?.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  if (control) control.id = id;
  return h("div", { "data-optional": block.optional ? "true" : null },
    h("label", { class: "input-label", htmlFor: id }, textObject(block.label), optional),
    inner,
    h("p", { class: "input-error", id: `${id}-error`, role: "alert" }),
    block.hint ? h("p", { class: "input-hint", id: `${id}-hint` }, textObject(block.hint)) : null);
}

/** Shows these errors {block_id: text} under their inputs, and none elsewhere; the first one gets the focus. */
export function showErrors(parent, errors) {
  let first = null;
  for (const block of parent.querySelectorAll(".block-input")) {
    const text = errors[block.dataset.blockId] ?? "";
    block.classList.toggle("has-error", Boolean(text));
    block.querySelector(".input-error").textContent = text;
    if (text && !first) first = block;
  }
  first?.querySelector("input, textarea, button")?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

/** What Slack's own client refuses before anything is sent: {block_id: text}. */
export function missing(blocks, values) {
  const errors = {};
  for (const block of blocks.filter((each) => each.type === "input")) {
    const problem = problemWith(block, values.get(block.block_id, block.element.action_id));
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}

const URL_LIKE = /^https?:\/\/\S+$/i;
const MAIL_LIKE = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function problemWith({ element: spec, optional }, state) {
  const { type: _, ...fields } = state ?? {};
  const value = Object.values(fields)[0] ?? null;
  if (value === null || value.length === 0 || (typeof value === "string" && !value.trim())) {
    return optional ? null : "Please complete this required field.";
  }
  if (spec.min_length && value.length < spec.min_length) return `Please use at least ${spec.min_length} characters.`;
  if (spec.type === "url_text_input" && !URL_LIKE.test(value)) return "Please enter a valid URL.";
  if (spec.type === "email_text_input" && !MAIL_LIKE.test(value)) return "Please enter a valid email address.";
  return spec.type === "number_input" ? numberProblem(spec, value) : null;
}

function numberProblem(spec, value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return "Please enter a number.";
  if (!spec.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (spec.min_value !== undefined && number < Number(spec.min_value)) return `Please enter ${spec.min_value} or more.`;
  if (spec.max_value !== undefined && number > Number(spec.max_value)) return `Please enter ${spec.max_value} or less.`;
  return null;
}
