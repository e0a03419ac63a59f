// Files on their way: chosen, dropped or pasted, shown above the text until it is sent.

import { reason, upload } from "../api.js";
import { h, show } from "../dom.js";
import { icon } from "../parts/icons.js";
import { sizeText } from "../parts/files.js";
import { state } from "../state.js";

const MOST = 10;
const waiting = new Map();

export class Attachments {
  constructor({ prefix, onChange }) {
    Object.assign(this, { key: null, onChange });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, "data-testid": `${prefix}attach-input` });
    this.picker.addEventListener("change", () => {
      this.add(this.picker.files);
      this.picker.value = "";
    });
    this.list = h("ul", { class: "attached", "aria-label": "Files to send", "data-testid": `${prefix}attached` });
    this.node = h("div", {}, this.picker, this.list);
  }

  get files() {
    return waiting.get(this.key) ?? [];
  }

  open(key) {
    this.key = key;
    this.paint();
  }

  choose() {
    this.picker.click();
  }

  add(files) {
    this.put([...this.files, ...files].slice(0, MOST));
  }

  put(files) {
    waiting.set(this.key, files);
    this.paint();
    this.onChange();
  }

  /** What is to be sent; from here on it is the sender's. */
  take() {
    const { files } = this;
    waiting.delete(this.key);
    this.paint();
    return files;
  }

  /** Back where they were, because they could not be sent. */
  giveBack(files, key) {
    waiting.set(key, [...files, ...(waiting.get(key) ?? [])].slice(0, MOST));
    if (key === this.key) this.paint();
  }

  paint() {
    this.list.hidden = !this.files.length;
    show(this.list, this.files.map((file, at) => this.chip(file, at)));
  }

  chip(file, at) {
    const drop = () => this.put(this.files.filter((_, other) => other !== at));
    return h("li", { class: "attached-file", "data-testid": "attached-file" }, icon("file", 16),
      h("span", { class: "attached-name" }, file.name), h("span", { class: "attached-size" }, sizeText(file.size)),
      h("button", { type: "button", class: "chip-x", "aria-label": `Remove ${file.name}`, onclick: drop }, icon("close", 12)));
  }
}

/** Uploads one after the other; {ids} or {error}. */
export async function uploaded(files) {
  const ids = [];
  for (const file of files) {
    const answer = await upload(state.me, file);
    if (!answer.ok) return { error: answer.error, words: `${file.name}: ${reason(answer.error)}` };
    ids.push(answer.file.id);
  }
  return { ids };
}

/** Files dropped anywhere on `pane` go to its composer. */
export function takeDrops(pane, composer) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && !composer.node.hidden;
  const mark = (on) => pane.classList.toggle("dropping", on);
  pane.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  pane.addEventListener("dragleave", (event) => pane.contains(event.relatedTarget) || mark(false));
  pane.addEventListener("drop", (event) => {
    mark(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    composer.attachments.add(event.dataTransfer.files);
    composer.input.focus();
  });
}
