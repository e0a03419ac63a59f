// Elements are made here and nowhere else: text only ever becomes text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "x", onclick: f, "data-ts": ts}, "text", node, [more]): null and false children are left out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  append(element, children);
  return element;
}

const AS_PROPERTY = new Set(["value", "checked", "disabled", "selected", "tabIndex", "htmlFor"]);

function setAttribute(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (AS_PROPERTY.has(name)) element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Shows exactly these children. */
export function show(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/**
 * Makes the children of `parent` match `items` [{key, print, make(old)}]. A child whose key and print are unchanged
 * is left alone, so that its focus, open menus and typed text survive a live update.
 */
export function reconcile(parent, items) {
  const children = [...parent.children].filter((child) => child.reconcileKey !== undefined);
  const old = new Map(children.map((child) => [child.reconcileKey, child]));
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const before = old.get(item.key);
    old.delete(item.key);
    const node = current(item, before);
    if (before && node !== before) {
      if (cursor === before) cursor = node;
      before.replaceWith(node);
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const gone of old.values()) gone.remove();
}

/** The child for an item: the old one as it is, the old one brought up to date by `make`, or a new one. */
function current(item, before) {
  if (before && (before.reconcilePrint === item.print || before.keepAsIs)) return before;
  const node = item.make(before);
  node.reconcileKey = item.key;
  node.reconcilePrint = item.print;
  return node;
}

/** Only addresses that cannot run anything; null for the rest. */
export function safeUrl(address) {
  try {
    const url = new URL(address, location.href);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
