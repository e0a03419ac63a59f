// What a person chose or typed so far, in Slack's shape: {block_id: {action_id: {type, value | selected_option | …}}}.

export class Values {
  constructor(given = {}) {
    this.byBlock = structuredClone(given ?? {});
  }

  get(block, action) {
    return this.byBlock[block]?.[action] ?? null;
  }

  set(block, action, value) {
    (this.byBlock[block] ??= {})[action] = value;
  }

  /** The value there is, or this first one, which an edit changes no more (java-slack-sdk #762); what was chosen in an element of another type is not kept. */
  start(block, action, first) {
    const known = this.get(block, action);
    if (known && known.type === first.type) return known;
    this.set(block, action, first);
    return first;
  }

  /** Forgets what was chosen in blocks that are shown no longer. */
  keepAmong(blocks) {
    this.byBlock = this.among(blocks);
  }

  /** The values of these blocks only: what an update of the view removed is not sent. */
  among(blocks) {
    const shown = new Set(blocks.map((block) => block.block_id));
    return Object.fromEntries(Object.entries(this.byBlock).filter(([block]) => shown.has(block)));
  }
}
