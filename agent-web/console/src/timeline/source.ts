// What the list shows: the live end of a timeline, or a stretch elsewhere in it.
import type { Entry } from '@throughline/protocol';
import { loadOlder, type Person } from './person.ts';
import { extend, type Stretch } from './stretch.ts';

export interface Source {
  key: string;
  entries: readonly Entry[];
  older: boolean;
  newer: boolean;
  loadingOlder: boolean;
  loadingNewer: boolean;
  /** The entry to show first. */
  target: string | null;
  /** The moment to show first. */
  moment: number | null;
  narrow: boolean;
  loadOlder: () => void;
  loadNewer: () => void;
}

export function liveSource(person: Person): Source {
  return {
    key: 'live',
    entries: person.entries,
    older: person.more,
    newer: false,
    loadingOlder: person.loadingOlder,
    loadingNewer: false,
    target: null,
    moment: null,
    narrow: false,
    loadOlder: () => void loadOlder(person.id).catch(() => undefined),
    loadNewer: () => undefined,
  };
}

export function stretchSource({ key, entries, older, newer, loading, target, moment, filter }: Stretch): Source {
  return {
    key,
    entries,
    older,
    newer,
    loadingOlder: loading === 'older',
    loadingNewer: loading === 'newer',
    target,
    moment,
    narrow: filter !== null,
    loadOlder: () => void extend('older'),
    loadNewer: () => void extend('newer'),
  };
}
