// Which window of the person this is: the bot's forms open in the one that asked for them.

const KEPT = "second-line-window";

/** A reload is still the same window; a tab that was copied from another is a new one. */
function identity() {
  const [entry] = performance.getEntriesByType("navigation");
  try {
    const known = entry?.type === "reload" ? sessionStorage.getItem(KEPT) : null;
    const id = known ?? crypto.randomUUID();
    sessionStorage.setItem(KEPT, id);
    return id;
  } catch {
    return String(Math.random());
  }
}

export const windowId = identity();
