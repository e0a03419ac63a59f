// Select menus, single and multiple: a button that opens a list with a filter.

import { h, show } from "../dom.js";
import { icon } from "../parts/icons.js";
import { closePopover, openPopover, replacePopover, walk } from "../parts/popover.js";
import { textObject } from "../text/mrkdwn.js";
import { dispatch, sends } from "./dispatch.js";
import { conversationOptions, peopleOptions, publicChannelOptions, staticOptions } from "./options.js";

const single = (field, options) => ({ field, options, many: false });
const multiple = (field, options) => ({ field, options, many: true });

export const SELECTS = {
  static_select: single("selected_option", staticOptions), multi_static_select: multiple("selected_options", staticOptions),
  users_select: single("selected_user", peopleOptions), multi_users_select: multiple("selected_users", peopleOptions),
  conversations_select: single("selected_conversation", conversationOptions),
  multi_conversations_select: multiple("selected_conversations", conversationOptions),
  channels_select: single("selected_channel", publicChannelOptions), multi_channels_select: multiple("selected_channels", publicChannelOptions),
};

export function select(spec, block, context) {
  const kind = SELECTS[spec.type];
  return new Select(spec, block, context, kind).node;
}

class Select {
  constructor(spec, block, context, kind) {
    Object.assign(this, { spec, block, context, kind });
    const initial = spec[kind.field.replace("selected_", "initial_")] ?? this.currentConversation() ?? (kind.many ? [] : null);
    const first = { type: spec.type, [kind.field]: initial };
    const known = context.values.start(block.block_id, spec.action_id, first);
    if (!this.offers(known[kind.field])) context.values.set(block.block_id, spec.action_id, first);
    this.label = block.label?.text ?? spec.placeholder?.text ?? "Choose";
    const open = () => this.open();
    this.button = h("button", { type: "button", class: "select", "aria-haspopup": "listbox", "aria-expanded": "false", onclick: open });
    this.chips = kind.many ? h("span", { class: "chips" }) : null;
    this.node = h("span", { class: "el select-el" }, this.chips, this.button);
    this.paint();
  }

  /** Whether all that is chosen can still be chosen: an update may have taken options away. */
  offers(chosen) {
    const keys = new Set(this.options().map((each) => each.key));
    return [chosen ?? []].flat().every((raw) => keys.has(keyOf(raw)));
  }

  currentConversation() {
    const current = this.spec.default_to_current_conversation ? this.context.channel : null;
    return current && (this.kind.many ? [current] : current);
  }

  get chosen() {
    const value = this.context.values.get(this.block.block_id, this.spec.action_id)?.[this.kind.field];
    return this.kind.many ? value ?? [] : value ? [value] : [];
  }

  options() {
    return this.kind.options(this.spec).flatMap((group) => group.options);
  }

  paint() {
    const known = this.chosen.map((raw) => this.options().find((each) => each.key === keyOf(raw)) ?? { key: keyOf(raw), label: keyOf(raw), raw });
    const placeholder = h("span", { class: "placeholder" }, textObject(this.spec.placeholder ?? { type: "plain_text", text: "Choose an option" }));
    if (this.chips) show(this.chips, known.map((option) => this.chip(option)));
    const text = this.chips || !known.length ? placeholder : h("span", { class: "select-value" }, known[0].label);
    show(this.button, text, icon("chevron", 14));
    this.button.setAttribute("aria-label", `${this.label}: ${text.textContent}`);
    this.button.dataset.value = this.chosen.map(keyOf).join(",");
  }

  chip(option) {
    const remove = () => this.choose(option);
    const chip = h("span", { class: "chip" }, option.label);
    chip.append(h("button", { type: "button", class: "chip-x", "aria-label": `Remove ${chip.textContent}`, onclick: remove }, icon("close", 12)));
    return chip;
  }

  open() {
    const list = h("div", { class: "options", role: "listbox", "aria-multiselectable": String(this.kind.many) });
    const filter = h("input", { class: "text-field", placeholder: "Search", "aria-label": "Search options", autofocus: "" });
    const fill = () => this.fill(list, filter.value);
    filter.addEventListener("input", () => {
      fill();
      replacePopover();
    });
    const searchable = this.options().length > 7;
    const box = h("div", { class: "select-box", onkeydown: (event) => this.key(event, list) }, searchable ? filter : null, list);
    fill();
    openPopover(this.button, box, { label: "Options" });
    if (!searchable) (list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=option]"))?.focus();
  }

  key(event, list) {
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
      list.querySelector("[role=option]")?.click();
      return;
    }
    walk({ currentTarget: list, key: event.key, preventDefault: () => event.preventDefault() });
  }

  fill(list, words) {
    const wanted = words.trim().toLowerCase();
    const rows = this.kind.options(this.spec).flatMap((group) => {
      const fitting = group.options.filter((each) => each.search.includes(wanted));
      const title = group.label && fitting.length ? h("div", { class: "option-group" }, textObject(group.label)) : null;
      return [title, ...fitting.map((each) => this.row(each, list, words))];
    });
    show(list, rows.some(Boolean) ? rows : h("p", { class: "empty-note" }, "Nothing fits"));
  }

  row(option, list, words) {
    const chosen = this.chosen.some((raw) => keyOf(raw) === option.key);
    const choose = () => {
      this.choose(option);
      if (this.kind.many) this.fill(list, words);
      else closePopover({ refocus: true });
    };
    const attributes = { type: "button", role: "option", class: "option", "aria-selected": String(chosen), "data-value": option.key, onclick: choose };
    const note = option.note ? h("span", { class: "menu-note" }, option.note) : null;
    return h("button", attributes, h("span", {}, option.label), note);
  }

  async choose(option) {
    const before = this.context.values.get(this.block.block_id, this.spec.action_id);
    const without = this.chosen.filter((raw) => keyOf(raw) !== option.key);
    const toggled = without.length < this.chosen.length ? without : [...this.chosen, option.raw];
    if (this.kind.many && toggled.length > (this.spec.max_selected_items ?? Infinity)) return;
    const value = { [this.kind.field]: this.kind.many ? toggled : option.raw };
    this.context.values.set(this.block.block_id, this.spec.action_id, { type: this.spec.type, ...value });
    this.paint();
    if (!sends(this.block) || (await dispatch(this.node, this.spec, this.block, this.context, value))) return;
    this.context.values.set(this.block.block_id, this.spec.action_id, before);
    this.paint();
  }
}

const keyOf = (raw) => (typeof raw === "string" ? raw : raw?.value ?? "");
