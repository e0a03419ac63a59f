// One tab stop for a whole list of messages: up and down go from message to message, right and left among what is in one.

const MESSAGE = "article.message";
const CONTROL = "a[href], button, input, select, textarea, [tabindex]";
/** Here the arrow keys have a meaning of their own. */
const OWN_KEYS = "textarea, select, input:not([type=checkbox], [type=radio], [type=button]), [data-scrolls]";

export function rove(list) {
  let current = null;
  const messages = () => [...list.querySelectorAll(MESSAGE)];
  const settle = () => {
    const all = messages();
    if (!list.contains(document.activeElement) || !current?.isConnected) current = all.at(-1) ?? null;
    for (const each of all) each.tabIndex = each === current ? 0 : -1;
    for (const control of list.querySelectorAll(CONTROL)) if (control.closest(MESSAGE) && !control.matches(MESSAGE)) control.tabIndex = tabIndexOf(control);
  };
  new MutationObserver(settle).observe(list, { childList: true, subtree: true });
  new ResizeObserver(settle).observe(list);
  list.addEventListener("focusin", (event) => {
    const message = event.target.closest(MESSAGE);
    if (!message || message === current) return;
    if (current) current.tabIndex = -1;
    current = message;
    current.tabIndex = 0;
  });
  list.addEventListener("keydown", (event) => walk(event, messages()));
  /** Where somebody who jumps into the list begins. */
  return () => current?.focus();
}

/** What is being edited keeps its own stops, and so does what must be scrolled to be read. */
function tabIndexOf(control) {
  if (control.closest(".edit-box")) return 0;
  if (!("scrolls" in control.dataset)) return -1;
  return control.scrollWidth > control.clientWidth || control.scrollHeight > control.clientHeight ? 0 : -1;
}

function walk(event, all) {
  const message = event.target.closest?.(MESSAGE);
  if (!message || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const inside = event.target !== message;
  if (inside && event.target.matches(OWN_KEYS) && event.key !== "Escape") return;
  if (inside && event.target.closest(".edit-box")) return;
  const next = step(event.key, message, inside ? event.target : null, all);
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

function step(key, message, at, all) {
  const place = all.indexOf(message);
  const controls = [...message.querySelectorAll(CONTROL)].filter((each) => each.checkVisibility());
  const inMessage = controls.indexOf(at);
  switch (key) {
    case "ArrowDown": return all[place + 1];
    case "ArrowUp": return all[place - 1];
    case "Home": return all[0];
    case "End": return all.at(-1);
    case "ArrowRight": return controls[(inMessage + 1) % controls.length];
    case "ArrowLeft": return inMessage > 0 ? controls[inMessage - 1] : message;
    case "Escape": return at ? message : null;
    default: return null;
  }
}
