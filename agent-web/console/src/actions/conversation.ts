// What is done with a conversation: each a change of one fact, which says what it did and how to take it back.
import { Ban, CircleCheckBig, Clock, Flag, Hand, RotateCcw, SquareCheckBig, UserRoundPen, UserRoundPlus, X } from 'lucide-react';
import type { Agent, Conversation } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { openDialog } from '../app/dialogs.ts';
import { call } from '../connection/client.ts';
import { agentName, directory } from '../directory/directory.ts';
import { t, type Key } from '../i18n/index.ts';
import { dateTime } from '../lib/format.ts';
import { dayAfter, dayOf, hourOf, weekdayOf } from '../lib/zone.ts';
import { personName } from '../lib/personName.ts';
import { pieces } from '../lib/pieces.ts';
import { goOn, nextAfter } from '../queue/next.ts';
import { pick, pickedNow, pickNone } from '../queue/selection.ts';
import { askAssign, askSnooze } from '../palette/palette.ts';
import { tagsOf } from '../person/facts.ts';
import { take } from '../queue/queue.ts';
import { toastError } from '../ui/toasts.ts';
import type { Action, ActionContext } from './action.ts';
import { perform, Refused, UNDO_LONG_MS, type Done } from './done.ts';
import { changeFact, ChangedSince, hasChanged, type Change as ChangeOf, type Fact as FactOf } from './fact.ts';

const GROUP: Key = 'actions.conversation';

const named = (row: Conversation) => (row.number === null ? '' : `#${row.number}`);

type Fact<W> = FactOf<Conversation, W>;
type Change = ChangeOf<Conversation>;

export type Standing = { status: Conversation['status']; until: string | null };
const OPEN: Standing = { status: 'open', until: null };

const put = ({ id, version }: Pick<Conversation, 'id' | 'version'>, { status, until }: Standing): Promise<Conversation> =>
  call('conversation.set_status', { id, version, status, ...(until ? { until } : {}) });

const assignee: Fact<string | null> = {
  read: ({ assignee_id }) => assignee_id,
  put: ({ id, version }, agent_id) => call('conversation.assign', { id, agent_id, version }),
};

/** The same with a word about it, and back without: one act each. */
function handing(note: string): { give: Fact<string | null>; back: Fact<string | null> } {
  if (note === '') return { give: assignee, back: assignee };
  const noted = new Map<string, string>();
  return {
    give: {
      ...assignee,
      put: ({ id, version }, agent_id) => {
        const client_id = noted.get(id) ?? uuid();
        noted.set(id, client_id);
        return call('conversation.assign', { id, agent_id, version, note, client_id });
      },
    },
    back: {
      ...assignee,
      put: ({ id, version }, agent_id) => {
        const takes_back = noted.get(id);
        return call('conversation.assign', { id, agent_id, version, ...(takes_back ? { takes_back } : {}) });
      },
    },
  };
}
const standing: Fact<Standing> = {
  read: ({ status, snoozed_until }) => ({ status, until: status === 'snoozed' ? snoozed_until : null }),
  mark: ({ status, snoozed_until, resolved_at }) => [status, snoozed_until, resolved_at],
  put: async (from, wanted) => {
    // The server wants it open before it is snoozed.
    const { id, version } = wanted.status === 'snoozed' && from.status === 'resolved' ? await put(from, OPEN) : from;
    return put({ id, version }, wanted);
  },
};
const urgency: Fact<Conversation['priority']> = {
  read: ({ priority }) => priority,
  put: ({ id, version }, priority) => call('conversation.set_priority', { id, priority, version }),
};
const tagged: Fact<string[]> = {
  read: tagsOf,
  put: ({ id, version }, tags) => call('conversation.set_tags', { id, tags, version }),
};

/** Changes it, shows it, and says in words when somebody was first. */
async function change<W>(fact: Fact<W>, seen: Conversation, wanted: W, refusal: (now: Conversation) => string): Promise<Change> {
  try {
    const made = await changeFact(fact, seen, wanted, (id) => call('conversation.get', { id }));
    take(made.after);
    return made;
  } catch (error) {
    if (!(error instanceof ChangedSince)) throw error;
    const now = error.now as Conversation;
    take(now);
    throw new Refused(refusal(now), { cause: error });
  }
}

const wasFirst = () => t('change.first');
const cannotUndo = () => t('undo.changed');

async function act<W>(
  fact: Fact<W>,
  row: Conversation,
  wanted: W,
  words: string,
  refusal: (now: Conversation) => string = wasFirst,
  back = fact,
): Promise<Done> {
  const made = await change(fact, row, wanted, refusal);
  const undo = async (): Promise<Done> => {
    await change(back, made.after, back.read(made.before), cannotUndo);
    return { words: null };
  };
  return { words, about: personName(row.customer_name), undo: hasChanged(made) ? undo : null };
}

export function assign(row: Conversation, agentId: string | null, note = ''): void {
  const { give, back } = handing(note);
  const words = agentId === null ? t('done.unassigned', { n: named(row) }) : t('done.assigned', { n: named(row), name: agentName(agentId) ?? '' });
  const refusal = (now: Conversation) => (now.assignee_id ? t('assign.first', { name: agentName(now.assignee_id) ?? '' }) : t('assign.first_freed'));
  void perform(act(give, row, agentId, words, refusal, back));
}

/** Resolves, snoozes or reopens it. Whoever is done with it goes on to the next, and Undo comes back. */
export async function stand(row: Conversation, wanted: Standing, next = nextAfter(row)): Promise<Done> {
  const done = await act(standing, row, wanted, t(`done.${wordOf(wanted)}`, { n: named(row), until: wanted.until ? dateTime(Date.parse(wanted.until)) : '' }));
  const back = wanted.status === 'open' ? null : goOn(row, next);
  const { undo } = done;
  if (!back || !undo) return done;
  return {
    ...done,
    undo: async () => {
      const undone = await undo();
      back();
      return undone;
    },
  };
}

const wordOf = ({ status, until }: Standing) => (status === 'open' ? 'reopened' : status === 'resolved' ? 'resolved' : until ? 'snoozed' : 'snoozed_open');

export const snoozedUntil = (until: Date | null): Standing => ({ status: 'snoozed', until: until?.toISOString() ?? null });

export const setStatus = (row: Conversation, status: 'open' | 'resolved'): void => void perform(stand(row, { status, until: null }));
export const snooze = (row: Conversation, until: Date | null): void => void perform(stand(row, snoozedUntil(until)));

export const setTags = (row: Conversation, tags: string[]): Promise<boolean> => perform(change(tagged, row, tags, wasFirst).then(() => ({ words: null })));

const AT_ONCE = 8;

/** Those that nobody has touched meanwhile; the others are left alone, and counted. Ends at the first that cannot be done. */
async function changeMany<W>(fact: Fact<W>, rows: readonly { seen: Conversation; wanted: W }[]): Promise<{ made: Change[]; left: number; failed: unknown }> {
  const made: Change[] = [];
  let left = 0;
  let failed: unknown = null;
  const waiting = [...rows];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        const one = await change(fact, next.seen, next.wanted, wasFirst);
        if (hasChanged(one)) made.push(one);
      } catch (error) {
        if (error instanceof Refused) left++;
        else {
          failed ??= error;
          waiting.length = 0;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { made, left, failed };
}

/** The server takes so many at once. */
const CALL_MAX = 200;

interface Resolved {
  made: readonly Change[];
  /** So many somebody has touched meanwhile. */
  left: number;
  failed: unknown;
}

/** Gives those that were not resolved before, also when the rest could not be done; `reopenMany` takes that back. */
export async function resolveMany(rows: readonly Conversation[]): Promise<Resolved> {
  const seen = rows.filter(({ status }) => status !== 'resolved');
  const made: Change[] = [];
  let left = 0;
  try {
    for (const some of pieces(seen, CALL_MAX)) {
      const done = (await call('conversation.resolve_many', { conversations: some.map(({ id, version }) => ({ id, version })) })).conversations;
      for (const after of done) take(after);
      for (const before of some) {
        const after = done.find(({ id }) => id === before.id);
        if (after) made.push({ before, after });
        else left++;
      }
    }
  } catch (error) {
    return { made, left, failed: error };
  }
  return { made, left, failed: null };
}

const leftAlone = (left: number) => (left > 0 ? t('undo.some_changed', { count: left }) : null);

/** Puts back what each of them was, but for those that somebody has touched since. */
async function undoMany<W>(fact: Fact<W>, made: readonly Change[]): Promise<Done> {
  const { left, failed } = await changeMany(
    fact,
    made.map(({ before, after }) => ({ seen: after, wanted: fact.read(before) })),
  );
  if (failed) throw failed;
  return { words: leftAlone(left) };
}

export const reopenMany = (made: readonly Change[]): Promise<Done> => undoMany(standing, made);

let working = false;

/** Done with many at once, and undone at once. What cannot be done of it is said besides. A key that is pressed again meanwhile means the same. */
function performMany<W>(fact: Fact<W>, work: () => Promise<Resolved>, words: (count: number) => string): void {
  const done = async (): Promise<Done> => {
    const { made, left, failed } = await work().finally(() => (working = false));
    pickNone();
    if (failed && made.length === 0) throw failed;
    if (failed) toastError(failed);
    return {
      words: [words(made.length), leftAlone(left)].filter(Boolean).join(' '),
      undo: made.length > 0 ? () => undoMany(fact, made) : null,
      shownMs: UNDO_LONG_MS,
    };
  };
  if (working) return;
  working = true;
  void perform(done());
}

const each = <W>(rows: readonly Conversation[], wanted: (row: Conversation) => W) => rows.map((seen) => ({ seen, wanted: wanted(seen) }));

export function assignMany(rows: readonly Conversation[], agentId: string | null, note = ''): void {
  const { give, back } = handing(note);
  const name = agentId === null ? null : (agentName(agentId) ?? '');
  performMany(
    back,
    () =>
      changeMany(
        give,
        each(rows, () => agentId),
      ),
    (count) => (name === null ? t('many.unassigned', { count }) : t('many.assigned', { count, name })),
  );
}

export function setStatusMany(rows: readonly Conversation[], status: 'open' | 'resolved'): void {
  const work = () =>
    status === 'resolved'
      ? resolveMany(rows)
      : changeMany(
          standing,
          each(rows, () => OPEN),
        );
  performMany(standing, work, (count) => t(status === 'resolved' ? 'many.resolved' : 'many.reopened', { count }));
}

const NAMED = 3;

/** The first ones by name, the others as a number. */
function namesOf(rows: readonly Conversation[]): string {
  const names = rows.slice(0, NAMED).map((row) => [named(row), personName(row.customer_name)].filter(Boolean).join(' '));
  return [...names, rows.length > NAMED && `+${rows.length - NAMED}`].filter(Boolean).join(t('ui.comma'));
}

export function snoozeMany(rows: readonly Conversation[], until: Date | null): void {
  const awake = rows.filter(({ status }) => status !== 'resolved');
  const over = rows.filter(({ status }) => status === 'resolved');
  performMany(
    standing,
    () =>
      changeMany(
        standing,
        each(awake, () => snoozedUntil(until)),
      ),
    (count) => [awake.length > 0 && t('many.snoozed', { count }), over.length > 0 && t('many.not_snoozed', { names: namesOf(over) })].filter(Boolean).join(' '),
  );
}

export function tagMany(rows: readonly Conversation[], tag: string): void {
  performMany(
    tagged,
    () =>
      changeMany(
        tagged,
        each(rows, (row) => [...new Set([...tagsOf(row), tag])]),
      ),
    (count) => t('many.tagged', { count, tag }),
  );
}

const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const;

function setPriority(row: Conversation, priority: Conversation['priority']): void {
  void perform(act(urgency, row, priority, t('done.priority', { n: named(row), priority: t(`priority.${priority}`) })));
}

export interface SnoozeChoice {
  id: string;
  name: string;
  /** Null: until the person writes. */
  until: Date | null;
}

export function snoozeChoices(now = new Date()): SnoozeChoice[] {
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const today = dayOf(now.getTime());
  const morning = (days: number) => new Date(hourOf(dayAfter(today, days), 9));
  const monday = (8 - weekdayOf(today)) % 7 || 7;
  const choices = [
    { id: 'hour', name: t('snooze.hour'), until: inHours(1) },
    { id: 'later', name: t('snooze.later'), until: inHours(4) },
    { id: 'tomorrow', name: t('snooze.tomorrow'), until: morning(1) },
    { id: 'monday', name: t('snooze.monday'), until: morning(monday) },
    { id: 'week', name: t('snooze.week'), until: morning(7) },
    { id: 'answer', name: t('snooze.answer'), until: null },
  ];
  // On a Sunday tomorrow is Monday, and on a Monday the next one is in a week: each moment once.
  return choices.filter(({ until }, i) => until === null || choices.findIndex((one) => one.until?.getTime() === until.getTime()) === i);
}

/** Oneself first, then colleagues, then nobody; who has all of these already is marked. */
export function assignChoices(agent: Agent | null, rows: readonly Conversation[] | null): { id: string | null; name: string; current: boolean }[] {
  const all = new Set(rows?.map(({ assignee_id }) => assignee_id ?? null));
  const current = all.size === 1 ? [...all][0] : undefined;
  const others = directory.get().agents.filter((one) => one.active && one.id !== agent?.id);
  return [
    ...(agent ? [{ id: agent.id, name: t('assign.me', { name: agent.name }), current: current === agent.id }] : []),
    ...others.map(({ id, name }) => ({ id, name, current: current === id })),
    { id: null, name: t('assign.nobody'), current: current === null },
  ];
}

/** The row of the list that has the focus, else the conversation on the screen. */
function pickHere({ conversation }: ActionContext): void {
  const place = document.activeElement?.closest<HTMLElement>('[data-conversation]')?.dataset['conversation'];
  const id = place ?? conversation?.id;
  if (id) pick(id);
}

const anyPicked = () => pickedNow().length > 0;

/** For the rows that were picked; before those for one, whose keys they have. */
const manyActions: readonly Action[] = [
  {
    id: 'many.assign',
    name: 'many.assign',
    icon: UserRoundPlus,
    group: GROUP,
    keys: ['a'],
    when: anyPicked,
    run: () => askAssign(pickedNow(), (agentId, note) => assignMany(pickedNow(), agentId, note)),
  },
  {
    id: 'many.snooze',
    name: 'many.snooze',
    icon: Clock,
    group: GROUP,
    keys: ['s'],
    when: anyPicked,
    run: () => askSnooze((until) => snoozeMany(pickedNow(), until)),
  },
  {
    id: 'many.resolve',
    name: 'many.resolve',
    icon: CircleCheckBig,
    group: GROUP,
    keys: ['e'],
    when: anyPicked,
    run: () => setStatusMany(pickedNow(), 'resolved'),
  },
  { id: 'many.reopen', name: 'many.reopen', icon: RotateCcw, group: GROUP, keys: ['o'], when: anyPicked, run: () => setStatusMany(pickedNow(), 'open') },
  { id: 'pick_none', name: 'select.none', icon: X, group: GROUP, keys: ['escape'], when: anyPicked, run: pickNone },
  {
    id: 'pick',
    name: 'action.pick',
    icon: SquareCheckBig,
    group: GROUP,
    keys: ['x'],
    when: ({ page }) => page === 'inbox' || page === 'search',
    run: pickHere,
  },
];

export const conversationActions: readonly Action[] = [
  ...manyActions,
  {
    id: 'take',
    name: 'action.take',
    icon: Hand,
    group: GROUP,
    keys: ['t'],
    when: ({ conversation, agent }) => conversation !== null && conversation.status !== 'resolved' && conversation.assignee_id !== agent?.id,
    run: ({ conversation, agent }) => conversation && agent && assign(conversation, agent.id),
  },
  {
    id: 'assign',
    name: 'action.assign',
    icon: UserRoundPlus,
    group: GROUP,
    keys: ['a'],
    when: ({ conversation }) => conversation !== null,
    run: ({ conversation }) => conversation && askAssign([conversation], (agentId, note) => assign(conversation, agentId, note)),
  },
  {
    id: 'assign_note',
    name: 'action.assign_note',
    icon: UserRoundPen,
    group: GROUP,
    when: ({ conversation }) => conversation !== null,
    run: ({ conversation }) => conversation && openDialog({ type: 'assign', agentId: null, run: (agentId, note) => assign(conversation, agentId, note) }),
  },
  {
    id: 'resolve',
    name: 'action.resolve',
    icon: CircleCheckBig,
    group: GROUP,
    keys: ['e'],
    when: ({ conversation }) => conversation !== null && conversation.status !== 'resolved',
    run: ({ conversation }) => conversation && setStatus(conversation, 'resolved'),
  },
  {
    id: 'reopen',
    name: 'action.reopen',
    icon: RotateCcw,
    group: GROUP,
    keys: ['o'],
    when: ({ conversation }) => conversation !== null && conversation.status !== 'open',
    run: ({ conversation }) => conversation && setStatus(conversation, 'open'),
  },
  {
    id: 'snooze',
    name: 'action.snooze',
    icon: Clock,
    group: GROUP,
    keys: ['s'],
    when: ({ conversation }) => conversation !== null && conversation.status === 'open',
    run: ({ conversation }) => conversation && askSnooze((until) => snooze(conversation, until)),
  },
  {
    id: 'block',
    name: 'action.block',
    icon: Ban,
    group: GROUP,
    when: ({ chatted }) => chatted,
    run: ({ conversation }) => conversation && openDialog({ type: 'block', rows: [conversation], many: false }),
  },
  ...PRIORITIES.map((priority): Action => ({
    id: `priority.${priority}`,
    name: `priority.${priority}`,
    icon: Flag,
    group: GROUP,
    when: ({ conversation }) => conversation !== null && conversation.priority !== priority,
    run: ({ conversation }) => conversation && setPriority(conversation, priority),
  })),
];
