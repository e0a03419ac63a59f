// What opens beside a button: menus and pickers. One at a time; Esc and a click elsewhere close it and give focus back.

import { h } from "../dom.js";

let open = null;

/** Shows `content` beside `anchor`; returns a function that closes it. */
export function openPopover(anchor, content, { label, role = "dialog", focus = true, onClose, above = false } = {}) {
  closePopover();
  const box = h("div", { class: "popover", role, "aria-label": label, "data-testid": "popover" }, content);
  (anchor.closest("dialog") ?? document.querySelector("main")).append(box);
  const place = () => placeBeside(anchor, box, above);
  open = { anchor, box, onClose, place };
  anchor.setAttribute("aria-expanded", "true");
  place();
  if (focus) (box.querySelector("[autofocus], input, [role=menuitem], [role=option], button") ?? box).focus({ preventScroll: true });
  return () => closePopover();
}

export function closePopover({ refocus = false } = {}) {
  if (!open) return false;
  const { anchor, box, onClose } = open;
  open = null;
  const hadFocus = box.contains(document.activeElement);
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus || hadFocus) anchor.focus?.({ preventScroll: true });
  onClose?.();
  return true;
}

export const replacePopover = () => open?.place();

const GAP_PX = 4;

function placeBeside(anchor, box, above) {
  if (!anchor.isConnected) return;
  const from = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = window.innerHeight - from.bottom - GAP_PX;
  const upwards = above ? from.top > size.height + GAP_PX : below < size.height && from.top > below;
  const top = upwards ? from.top - size.height - GAP_PX : from.bottom + GAP_PX;
  const left = from.left + size.width > window.innerWidth - 8 ? from.right - size.width : from.left;
  box.style.top = `${Math.max(8, Math.min(top, window.innerHeight - size.height - 8))}px`;
  box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - size.width - 8))}px`;
}

/** A menu of actions: items {label, run, danger?, testid?, note?, about?}, {heading}, or "-" for a line. */
export function openMenu(anchor, items, { label, onClose, above, wide } = {}) {
  const rows = items.map((item) => (item === "-" ? h("hr", { class: "menu-line" }) : item.heading ? heading(item) : menuItem(item)));
  const list = h("div", { class: wide ? "menu menu-wide" : "menu", role: "none", onkeydown: walk }, rows);
  return openPopover(anchor, list, { label, role: "menu", onClose, above });
}

const heading = ({ heading: words }) => h("div", { class: "menu-heading", role: "presentation" }, words);

/** `note` stands beside the label, `about` below it. */
function menuItem({ label, run, danger, testid, note, about: below, attributes = {} }) {
  const choose = () => {
    closePopover({ refocus: true });
    run();
  };
  const about = note ? h("span", { class: "menu-note" }, note) : null;
  const kind = danger ? "menu-item danger" : "menu-item";
  return h("button", { type: "button", role: "menuitem", class: kind, "data-testid": testid, onclick: choose, ...attributes },
    h("span", {}, label, below ? h("span", { class: "menu-about" }, below) : null), about);
}

/** Arrow keys, Home and End move among the items of a list. */
export function walk(event) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem], [role=option]")];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined || !items.length) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.box.contains(event.target) && !open.anchor.contains(event.target)) closePopover();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open) return;
  event.preventDefault();
  event.stopPropagation();
  closePopover({ refocus: true });
}, true);
window.addEventListener("resize", () => open?.place());
document.addEventListener("scroll", (event) => {
  if (open && !open.box.contains(event.target)) open.place();
}, true);
