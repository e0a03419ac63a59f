// What a page does beyond showing: times in the reader's own zone, and staying true while it is open.

const MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400;
const SILENT_AFTER_MS = 25_000; // The server is heard every 10 s; two missed in a row are no accident.

const forms = {
  clock: new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hour12: false }),
  day: new Intl.DateTimeFormat([], { weekday: "short", day: "numeric", month: "short" }),
  moment: new Intl.DateTimeFormat([], {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false,
  }),
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
    const text = ages[how]?.(moment) ?? forms[how].format(moment);
    if (element.textContent !== text) element.textContent = text;
  }
}

// A page that is open: what it shows is asked for anew when the server says that it differs, and takes the place of
// the old, without losing where the reader is.
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
    this.stream = new EventSource(`${this.body.dataset.live}?path=${encodeURIComponent(path)}`);
    this.stream.addEventListener("page", (event) => this.heard(event.data));
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

  heard(digest) {
    this.heardAt = Date.now();
    this.look();
    if (digest !== this.body.dataset.digest) this.renew();
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
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload();
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (this.stream.readyState === EventSource.CLOSED) return location.reload();
      this.show(page);
    } catch {
      // The next beat tries again.
    } finally {
      this.fetching = false;
    }
  }

  show(page) {
    const open = new Set([...document.querySelectorAll("details[open][id]")].map((element) => element.id));
    const focused = document.activeElement?.id;
    const main = page.getElementById("main");
    for (const id of open) main.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    writeTimes(main);
    document.getElementById("main").replaceChildren(...main.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    document.title = page.title;
    this.body.dataset.digest = page.body.dataset.digest ?? "";
    document.dispatchEvent(new Event("page-renewed"));
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
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 150);
  });
}

function copyOnPress(button) {
  button.addEventListener("click", async () => {
    const said = button.textContent;
    try {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Your browser doesn't let pages copy";
    }
    setTimeout(() => (button.textContent = said), 2000);
  });
}

function bringToLife() {
  writeTimes();
  for (const button of document.querySelectorAll("[data-copy]")) copyOnPress(button);
}

// What is folded up would not be on paper.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});

bringToLife();
document.addEventListener("page-renewed", bringToLife);
for (const form of document.querySelectorAll("[data-search]")) searchAsTyped(form);
setInterval(() => writeTimes(), 5000);
if (document.body.dataset.live) new OpenPage(document.body).open();
