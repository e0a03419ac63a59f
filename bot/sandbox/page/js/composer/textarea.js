// A text area that grows with its text, and changes of the text that keep undo and tell listeners.

const TALLEST = 0.4;

export function grow(input) {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight + 2, window.innerHeight * TALLEST)}px`;
}

export function replaceRange(input, from, to, text, caret = from + text.length) {
  input.focus();
  input.setRangeText(text, from, to, "end");
  input.setSelectionRange(caret, caret);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts a mark around what is selected, or takes it away. */
export function wrapSelection(input, mark) {
  const { selectionStart: from, selectionEnd: to, value } = input;
  const inner = value.slice(from, to);
  const wrapped = inner.length > 2 * mark.length && inner.startsWith(mark) && inner.endsWith(mark);
  const text = wrapped ? inner.slice(mark.length, -mark.length) : mark + inner + mark;
  replaceRange(input, from, to, text, inner ? from + text.length : from + mark.length);
}

/** Puts a prefix before each selected line. */
export function prefixLines(input, prefix) {
  const { selectionStart, selectionEnd: to, value } = input;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const text = value.slice(from, to).split("\n").map((line) => prefix + line).join("\n");
  replaceRange(input, from, to, text);
}
