// What a page does beyond showing: times in the reader's own zone, and staying true while it is open.

const MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400;
const SILENT_AFTER_MS = 25_000; // The server is heard every 10 s; two missed in a row are no accident.

const clock = { hour: "2-digit", minute: "2-digit", hour12: false };
const day = { weekday: "short", day: "numeric", month: "short" };
const forms = {
  clock: new Intl.DateTimeFormat([], clock),
  day: new Intl.DateTimeFormat([], day),
  moment: new Intl.DateTimeFormat([], { ...day, ...clock }),
};
// A day of another year, which nobody shall take for one of this year.
const dated = {
  clock: forms.clock,
  day: new Intl.DateTimeFormat([], { ...day, year: "numeric" }),
  moment: new Intl.DateTimeFormat([], { ...day, year: "numeric", ...clock }),
};

function age(moment) {
  const seconds = Math.max(0, (Date.now() - moment) / 1000);
  if (seconds < MINUTE_S) return "less than a minute";
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) {
    const hours = Math.floor(seconds / HOUR_S), minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
    return minutes && hours < 10 ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  return `${Math.floor(seconds / DAY_S)} days`;
}

const ages = { lasting: (moment) => `for ${age(moment)}`, ago: (moment) => `${age(moment)} ago`, old: (moment) => `${age(moment)} old` };

export function writeTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-as]")) {
    const moment = new Date(element.dateTime), how = element.dataset.as;
    const ways = moment.getFullYear() === new Date().getFullYear() ? forms : dated;
    const text = ages[how]?.(moment) ?? ways[how].format(moment);
    if (element.textContent !== text) element.textContent = text;
  }
}

// Makes what stands there like what shall stand there, and touches nothing that is the same: whoever reads, marks or
// types in it stays where they are.
function become(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const alike = old.nodeType === Node.ELEMENT_NODE && old.nodeName === fresh.nodeName && old.id === fresh.id;
  if (!alike) return old.replaceWith(fresh);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const before = [...old.childNodes], after = [...fresh.childNodes];
  // From both ends, so that a line that comes or goes in a list leaves the others alone.
  let end = 0;
  while (end < before.length && end < after.length && before.at(-1 - end).isEqualNode(after.at(-1 - end))) end += 1;
  const changed = before.slice(0, before.length - end), wanted = after.slice(0, after.length - end);
  const next = before[changed.length] ?? null;
  wanted.forEach((child, place) => (place < changed.length ? become(changed[place], child) : old.insertBefore(child, next)));
  for (const child of changed.slice(wanted.length)) child.remove();
}

// A page that is open is sent what it shows now as soon as that differs. What it can't be sent it asks for.
class OpenPage {
  constructor(body) {
    this.body = body;
    this.connection = document.querySelector("[data-connection]");
    this.heardAt = Date.now();
    this.stream = null;
    this.fetching = false;
  }

  open() {
    const path = location.pathname.slice(this.body.dataset.base.length) + location.search;
    const asked = new URLSearchParams({ path, digest: this.body.dataset.digest });
    this.stream = new EventSource(`${this.body.dataset.live}?${asked}`);
    this.stream.addEventListener("page", (event) => this.heard(event.lastEventId, JSON.parse(event.data)));
    this.stream.addEventListener("beat", (event) => this.heard(event.data));
    this.stream.addEventListener("over", () => location.reload());
    this.stream.onerror = () => this.look();
    setInterval(() => this.look(), 1000);
    addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => document.hidden || this.again());
  }

  again() {
    if (this.stream.readyState === EventSource.CLOSED || this.silent()) location.reload();
  }

  heard(digest, sent = {}) {
    this.heardAt = Date.now();
    this.look();
    if (digest === this.body.dataset.digest) return;
    if (!sent.main) return this.renew();
    this.show(new DOMParser().parseFromString(sent.main, "text/html").querySelector("main"), sent.title, digest);
  }

  silent() {
    return Date.now() - this.heardAt > SILENT_AFTER_MS;
  }

  look() {
    const silent = this.silent();
    const text = silent ? `Not connected since ${forms.clock.format(this.heardAt)}` : "Live";
    if (this.connection.textContent !== text) this.connection.textContent = text;
    document.documentElement.classList.toggle("stale", silent);
    // A browser gives up on a stream that was refused; somebody whose session ended is asked to sign in.
    if (silent && this.stream.readyState === EventSource.CLOSED) this.renew();
  }

  async renew() {
    if (this.fetching) return;
    this.fetching = true;
    const before = this.body.dataset.digest;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      // Whoever may not see it any more, or has to sign in, is told so.
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) return location.reload();
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (this.stream.readyState === EventSource.CLOSED) return location.reload();
      // What was sent meanwhile is newer.
      if (before !== this.body.dataset.digest) return;
      this.show(page.getElementById("main"), page.title, page.body.dataset.digest ?? "");
    } catch {
      // The next beat tries again.
    } finally {
      this.fetching = false;
    }
  }

  show(main, title, digest) {
    for (const { id } of document.querySelectorAll("details[id]")) {
      const folded = main.querySelector(`#${CSS.escape(id)}`);
      if (folded) folded.open = document.getElementById(id).open;
    }
    writeTimes(main);
    const focused = document.activeElement, before = document.getElementById("main");
    const within = before.contains(focused);
    become(before, main);
    // What had the focus may be gone: whoever goes by the keyboard goes on from here, and not from the top.
    if (within && document.activeElement !== focused) {
      const again = focused.id && document.getElementById(focused.id);
      (again || document.getElementById("main")).focus({ preventScroll: true });
    }
    document.title = title;
    this.body.dataset.digest = digest;
  }
}

// A search field that answers while somebody types; without scripts its button does.
function searchAsTyped(form) {
  const field = form.elements.q;
  let asked = field.value, waiting = 0, running = null;
  const look = async () => {
    if (field.value === asked) return;
    asked = field.value;
    running?.abort();
    running = new AbortController();
    const address = `${form.action}?q=${encodeURIComponent(asked)}`;
    try {
      const answer = await fetch(address, { signal: running.signal, redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload();
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.getElementById("results").replaceChildren(...page.getElementById("results").childNodes);
      history.replaceState(null, "", address);
    } catch {
      // A newer question, or no network: what stands there is still the answer to what was asked before.
    }
  };
  let cameFrom = null;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    cameFrom = document.activeElement;
    field.focus();
    field.select();
  });
  // The first Escape empties the field, the next one leaves it for where its reader came from.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (field.value) {
      field.value = "";
      clearTimeout(waiting);
      look();
      return;
    }
    field.blur();
    if (cameFrom?.isConnected && cameFrom !== document.body) cameFrom.focus();
    cameFrom = null;
  });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 150);
  });
}

// On the document, so that it works for buttons that come later.
async function copyOnPress(button) {
  const said = button.dataset.said ??= button.textContent;
  try {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Your browser doesn't let pages copy";
  }
  setTimeout(() => (button.textContent = said), 2000);
}

// Escape folds up what the focus stands in, and leaves it on the line that unfolds it.
function foldUp(event) {
  const field = event.target.closest?.("input, textarea, select");
  const details = event.target.closest?.("details[open]");
  if (event.key !== "Escape" || event.defaultPrevented || field || !details) return;
  details.open = false;
  details.querySelector("summary").focus();
}

// What is folded up would not be on paper, and pictures for dark screens would be black.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const details of folded) details.open = true;
  for (const picture of document.querySelectorAll("picture img")) picture.classList.toggle("dark", /&dark\b/.test(picture.currentSrc));
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});

writeTimes();
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copyOnPress(button);
});
document.addEventListener("keydown", foldUp);
for (const form of document.querySelectorAll("[data-search]")) searchAsTyped(form);
setInterval(() => writeTimes(), 5000);
if (document.body.dataset.live) new OpenPage(document.body).open();
