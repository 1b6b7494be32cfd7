// What a client knows of one person's timeline: snapshot, pages and pushes brought together.
import type { Customer, Entry, Have, Snapshot, TimelinePage } from './generated.ts';

/** Oldest first; entries of the same instant by id, as the server pages them. */
export function compareEntries(a: Entry, b: Entry): number {
  const at = (a.occurred_at ?? '') < (b.occurred_at ?? '') ? -1 : (a.occurred_at ?? '') > (b.occurred_at ?? '') ? 1 : 0;
  return at !== 0 ? at : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Of one identity: every change up to `known` has been seen; `ahead` came before its turn. */
interface Versions {
  known: number;
  ahead: Set<number>;
}

export class Timeline {
  readonly customerId: string;
  customer: Customer | null = null;
  /** Oldest first. A new array after every change. */
  entries: readonly Entry[] = [];
  /** There are older ones on the server. */
  more = false;
  private readonly byId = new Map<string, Entry>();
  private readonly versions = new Map<string, Versions>();

  constructor(customerId: string) {
    this.customerId = customerId;
  }

  get started(): boolean {
    return this.customer !== null;
  }

  /** Takes the answer of timeline.watch, whichever way it was asked. */
  take(snapshot: Snapshot, askedWithHave: boolean): void {
    if (!askedWithHave || !snapshot.complete) {
      this.byId.clear();
      this.entries = [];
      this.versions.clear();
      this.more = snapshot.more;
    }
    this.merge(snapshot.entries);
    if (!snapshot.customer) return;
    for (const identity of snapshot.customer.identities) this.versions.set(identity.id, { known: identity.version ?? 0, ahead: new Set() });
    this.setCustomer(snapshot.customer);
  }

  /** What to send as `have` after a lost connection. */
  have(): Have[] {
    return [...this.versions].map(([identity_id, { known }]) => ({ identity_id, version: known }));
  }

  /** A push. Returns the entry that it replaced, null when it is new, undefined when it was old news. */
  push(entry: Entry): Entry | null | undefined {
    this.note(entry);
    const before = this.byId.get(entry.id);
    if (before && (before.version ?? 0) >= (entry.version ?? 0)) return undefined;
    this.merge([entry]);
    return before ?? null;
  }

  addPage(page: TimelinePage): void {
    this.more = page.more;
    this.merge(page.entries, true);
  }

  /** The person as read again. Entries of identities that belong to somebody else now go. Returns identities not known here. */
  setCustomer(customer: Customer): string[] {
    this.customer = customer;
    const ids = new Set(customer.identities.map((identity) => identity.id));
    if (this.entries.some((entry) => !ids.has(entry.identity_id))) {
      this.entries = this.entries.filter((entry) => ids.has(entry.identity_id));
      for (const entry of this.byId.values()) if (!ids.has(entry.identity_id)) this.byId.delete(entry.id);
    }
    for (const id of this.versions.keys()) if (!ids.has(id)) this.versions.delete(id);
    return [...ids].filter((id) => !this.versions.has(id));
  }

  /** A change was announced before one that must have come earlier: when that lasts, something was missed. */
  hasGap(): boolean {
    return [...this.versions.values()].some((versions) => versions.ahead.size > 0);
  }

  get(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  private note(entry: Entry): void {
    const versions = this.versions.get(entry.identity_id) ?? { known: 0, ahead: new Set() };
    this.versions.set(entry.identity_id, versions);
    const version = entry.version ?? 0;
    if (version > versions.known) versions.ahead.add(version);
    while (versions.ahead.delete(versions.known + 1)) versions.known++;
  }

  /** `older`: they come from a page, so they extend what is known at its old end. */
  private merge(incoming: readonly Entry[], older = false): void {
    const oldest = this.entries[0];
    const added: Entry[] = [];
    let changed = false;
    for (const entry of incoming) {
      const before = this.byId.get(entry.id);
      if (before && (before.version ?? 0) >= (entry.version ?? 0)) continue;
      // A change of something older than all that is loaded would stand alone before a hole; its page brings it.
      if (!before && !older && this.more && oldest && compareEntries(entry, oldest) < 0) continue;
      this.byId.set(entry.id, entry);
      changed = true;
      if (!before) added.push(entry);
    }
    if (!changed) return;
    const kept = this.entries.map((entry) => this.byId.get(entry.id) ?? entry);
    const newest = kept.at(-1);
    added.sort(compareEntries);
    const all = kept.concat(added);
    const inOrder = !newest || !added[0] || compareEntries(newest, added[0]) < 0;
    this.entries = inOrder ? all : all.sort(compareEntries);
  }
}
