// Files of a message: text with a preview that opens, images as they are, everything with a download.

import { h, safeUrl, show } from "../dom.js";
import { localAddress } from "../api.js";
import { icon } from "./icons.js";

const PREVIEW_LINES = 8;
const texts = new Map();

export function fileNode(file) {
  const address = safeUrl(localAddress(file.url_private ?? ""));
  const kind = String(file.mimetype ?? "");
  const body = kind.startsWith("image/") ? picture(file, address) : isText(file) ? textPreview(file, address) : null;
  return h("div", { class: "file", "data-testid": "file", "data-file-id": file.id }, head(file, address), body);
}

const isText = (file) => String(file.mimetype ?? "").startsWith("text/") || /json|xml|csv|text|log/.test(file.filetype ?? "") || file.preview;

function head(file, address) {
  const about = [file.pretty_type ?? file.filetype ?? file.mimetype, sizeText(file.size)].filter(Boolean).join(" · ");
  return h("div", { class: "file-head" },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-names" },
      h("span", { class: "file-title" }, file.title || file.name || "Untitled"),
      h("span", { class: "file-about" }, about)),
    h("a", { class: "icon-btn", href: address, download: file.name ?? "", "aria-label": `Download ${file.name ?? "file"}`, title: "Download" }, icon("download", 18)));
}

export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function picture(file, address) {
  return h("img", { class: "file-image", src: address, alt: file.alt_txt ?? file.title ?? file.name ?? "", loading: "lazy" });
}

function textPreview(file, address) {
  const text = h("pre", { class: "file-text", tabindex: "0", "data-scrolls": "", role: "group", "aria-label": file.title || file.name, "data-testid": "file-text" }, file.preview ?? "");
  const more = h("button", { type: "button", class: "file-more", "aria-expanded": "false", hidden: true, "data-testid": "file-expand" }, "Expand");
  const box = h("div", { class: "file-preview" }, text, more);
  more.addEventListener("click", () => {
    const open = box.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Collapse" : more.dataset.label;
  });
  fillPreview(text, more, address);
  return box;
}

async function fillPreview(pre, more, address) {
  if (!texts.has(address)) texts.set(address, read(address));
  const whole = await texts.get(address);
  if (whole === null) {
    texts.delete(address);
    if (!pre.textContent) show(pre, "The file could not be read.");
    return;
  }
  show(pre, whole);
  const lines = whole.replace(/\n$/, "").split("\n").length;
  more.dataset.label = `Show all ${lines} lines`;
  more.textContent = more.dataset.label;
  more.hidden = lines <= PREVIEW_LINES;
}

async function read(address) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
