// From entries to what stands on the screen: day marks, groups of quiet events, and which conversation goes on.
import type { Entry } from '@throughline/protocol';
import type { Pending } from '../composer/outbox.ts';
import { DAY, millis } from '../lib/format.ts';
import { dayAfter, dayBegins, dayOf } from '../lib/zone.ts';
import { orderFacts } from './payload.ts';

export type Row =
  | { type: 'start'; key: string }
  | { type: 'day'; key: string; at: number }
  | { type: 'entry'; key: string; entry: Entry; joined: boolean; stretch: number | null; at: number }
  | { type: 'quiet'; key: string; entries: readonly Entry[]; stretch: number | null; at: number }
  | { type: 'pending'; key: string; pending: Pending };

const QUIET = new Set<Entry['kind']>(['points', 'visit', 'campaign', 'activity']);
const JOIN_MS = 5 * 60_000;
const ORDER_FOLDS_AFTER = 30 * DAY;
const STRETCHES = 5;

export const at = (entry: Entry): number => millis(entry.occurred_at) ?? millis(entry.received_at) ?? 0;

/** Of each order only the newest snapshot is a card, and only while it is young; `folded` names the others. */
function foldedOrders(entries: readonly Entry[], now: number): Set<string> {
  const newest = new Map<string, Entry>();
  const folded = new Set<string>();
  for (const entry of entries) {
    if (entry.kind !== 'order') continue;
    const facts = orderFacts(entry);
    if (!facts) {
      folded.add(entry.id);
      continue;
    }
    const before = newest.get(facts.external_id);
    if (before) folded.add(before.id);
    newest.set(facts.external_id, entry);
  }
  for (const entry of newest.values()) if (now - at(entry) > ORDER_FOLDS_AFTER) folded.add(entry.id);
  return folded;
}

function joins(before: Entry | null, entry: Entry): boolean {
  return (
    before !== null &&
    before.kind === 'message' &&
    entry.kind === 'message' &&
    entry.medium !== 'email' &&
    before.direction === entry.direction &&
    before.medium === entry.medium &&
    before.author_id === entry.author_id &&
    before.author_kind === entry.author_kind &&
    (entry.author_kind !== 'bot' || before.author_name === entry.author_name) &&
    !entry.moved_from &&
    !before.moved_from &&
    !entry.moved_to &&
    !before.moved_to &&
    !entry.pinned &&
    !entry.payload?.edited_at && // its head says so
    at(entry) - at(before) < JOIN_MS
  );
}

export function buildRows(entries: readonly Entry[], pending: readonly Pending[], more: boolean, now: number, narrow = false): Row[] {
  const rows: Row[] = more || narrow || entries.length === 0 ? [] : [{ type: 'start', key: 'start' }];
  const folded = foldedOrders(entries, now);
  const stretches = new Map<string, number>();
  let day = 0;
  let dayEnds = -Infinity;
  let before: Entry | null = null;
  let group: Entry[] = [];

  const stretchOf = ({ conversation_id: id }: Entry): number | null => {
    if (!id) return null;
    const known = stretches.get(id) ?? stretches.size % STRETCHES;
    stretches.set(id, known);
    return known;
  };
  const endGroup = () => {
    const first = group[0];
    if (first) rows.push({ type: 'quiet', key: `q-${first.id}`, entries: group, stretch: stretchOf(first), at: at(first) });
    group = [];
  };

  for (const entry of entries) {
    const when = at(entry);
    if (when >= dayEnds || when < day) {
      endGroup();
      day = dayBegins(dayOf(when));
      dayEnds = dayBegins(dayAfter(dayOf(when), 1));
      rows.push({ type: 'day', key: `d-${day}-${entry.id}`, at: day });
      before = null;
    }
    // What was erased stands by itself, and says so.
    // What a colleague noted for whoever got it is read.
    const noted = entry.kind === 'activity' && Boolean(entry.text);
    if (((QUIET.has(entry.kind) && !noted) || folded.has(entry.id)) && !entry.erased_at) {
      if (group[0] && group[0].conversation_id !== entry.conversation_id) endGroup();
      group.push(entry);
      before = null;
      continue;
    }
    endGroup();
    rows.push({ type: 'entry', key: entry.id, entry, joined: joins(before, entry), stretch: stretchOf(entry), at: when });
    before = entry;
  }
  endGroup();
  for (const one of pending) rows.push({ type: 'pending', key: one.clientId, pending: one });
  return rows;
}
