import type { Conversation, CustomerHit, IdentityRef } from '@throughline/protocol';
import type { Key } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';

/** all: actions, people and what they wrote; pick: a person for something; help: the list of shortcuts. */
export type PalettePage = 'all' | 'people' | 'assign' | 'snooze' | 'plan' | 'undo' | 'pick' | 'help';

interface Picking {
  ask: Key;
  /** Who cannot be meant. */
  except: string | null;
  run: (hit: CustomerHit) => void;
  /** What was typed may be an address or number of nobody's yet. */
  make?: (identity: IdentityRef) => void;
}

export const palette = new Store<PalettePage | null>(null);
export const openPalette = (page: PalettePage = 'all'): void => palette.set(page);
export const closePalette = (): void => palette.set(null);

let wanted: Picking | null = null;
/** What is done with the time that is chosen: until when, or for when. */
let snoozes: ((until: Date | null) => void) | null = null;
let plans: ((at: Date) => void) | null = null;

interface Assigning {
  /** What is given. */
  rows: readonly Conversation[];
  run: (agentId: string | null, note?: string) => void;
}

let assigns: Assigning | null = null;

/** Lets the agent choose a colleague, perhaps with a note, or nobody. */
export function askAssign(rows: readonly Conversation[], run: Assigning['run']): void {
  assigns = { rows, run };
  palette.set('assign');
}

export const assigning = (): Assigning | null => assigns;

/** Lets the agent choose until when something is snoozed; null: until the person writes. */
export function askSnooze(run: (until: Date | null) => void): void {
  snoozes = run;
  palette.set('snooze');
}

export const chooseSnooze = (until: Date | null): void => snoozes?.(until);

/** Lets the agent choose when an answer goes. */
export function askPlan(run: (at: Date) => void): void {
  plans = run;
  palette.set('plan');
}

export const choosePlan = (at: Date | null): void => {
  if (at) plans?.(at);
};

/** Lets the agent choose a person by what is known of them. */
export function askPerson(pick: Picking): void {
  wanted = pick;
  palette.set('pick');
}

export const picking = (): Picking | null => wanted;
