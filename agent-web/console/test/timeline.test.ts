// What stands on the screen: rows, the journey strip, filters, order numbers, where a moment is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entry } from '@throughline/protocol';
import type { Pending } from '../src/composer/outbox.ts';
import { outcomeOf, wordsOf } from '../src/timeline/calls.ts';
import { askedFor, isNarrow, NO_FILTER } from '../src/timeline/filter.ts';
import { lanesOf, lifeOf, momentOf, monthsOf, panned, placeOf, ticksOf, zoomed, type Life } from '../src/timeline/journey.ts';
import { isGone, movedFrom, movedTo } from '../src/timeline/moved.ts';
import { numbersOf, partsOf } from '../src/timeline/orderNumbers.ts';
import { count, factsOf, people, splitQuote, text } from '../src/timeline/payload.ts';
import { guessHeight } from '../src/timeline/heights.ts';
import { buildRows, type Row } from '../src/timeline/rows.ts';
import { rowAt } from '../src/timeline/travel.ts';
import { DAY, entry, order } from './kit.ts';

const NOW = Date.parse('2026-03-11T12:00:00.000Z');
const at = (time: string, part: Partial<Entry> = {}) => entry({ id: time, occurred_at: `2026-03-${time}:00.000Z`, ...part });
const build = (entries: Entry[], more = false, narrow = false) => buildRows(entries, [], more, NOW, narrow);
const shape = (rows: readonly Row[]) =>
  rows.map((row) =>
    row.type === 'entry' ? `entry ${row.entry.id}${row.joined ? ' joined' : ''}` : row.type === 'quiet' ? `quiet ${row.entries.length}` : row.type,
  );
const snapshot = (time: string, state: string, id = 'o1') => at(time, { kind: 'order', payload: { external_id: id, number: '7', state } });

describe('rows', () => {
  it('begin with the beginning only where it is', () => {
    assert.deepEqual(shape(build([at('10T12:00')])), ['start', 'day', 'entry 10T12:00']);
    assert.deepEqual(shape(build([at('10T12:00')], true)), ['day', 'entry 10T12:00']);
    assert.deepEqual(shape(build([at('10T12:00')], false, true)), ['day', 'entry 10T12:00']);
    assert.deepEqual(shape(build([])), []);
  });

  it('have a mark for each day, once', () => {
    assert.deepEqual(shape(build([at('09T08:00'), at('09T20:00'), at('10T12:00')], true)), [
      'day',
      'entry 09T08:00',
      'entry 09T20:00',
      'day',
      'entry 10T12:00',
    ]);
  });

  it('begin a day at midnight, and not before', () => {
    const midnight = new Date(2026, 2, 10).getTime();
    const moments = [midnight - 1, midnight, midnight + DAY - 1, midnight + DAY].map((moment) =>
      entry({ id: `${moment}`, author_id: `${moment}`, occurred_at: new Date(moment).toISOString() }),
    );
    assert.deepEqual(
      shape(build(moments, true)).map((one) => one.split(' ')[0]),
      ['day', 'entry', 'day', 'entry', 'entry', 'day', 'entry'],
    );
  });

  it('fold an order after thirty days, not on the thirtieth', () => {
    const aged = (age: number) =>
      shape(build([entry({ id: 'o', kind: 'order', occurred_at: new Date(NOW - age).toISOString(), payload: { number: '7' } })], true)).at(-1);
    assert.equal(aged(30 * DAY), 'entry o');
    assert.equal(aged(30 * DAY + 1), 'quiet 1');
  });

  it('join what the same author says within five minutes by the same medium', () => {
    const first = at('10T12:00');
    const joined = (second: Entry) =>
      shape(build([first, second], true))
        .at(-1)
        ?.endsWith(' joined');
    assert.equal(joined(at('10T12:04')), true);
    assert.equal(joined(at('10T12:05')), false);
    for (const part of [
      { direction: 'out' },
      { medium: 'email' },
      { medium: 'chat' },
      { author_id: 'other' },
      { kind: 'note' },
      { pinned: true },
      { moved_from: {} },
      { moved_to: {} },
    ] satisfies Partial<Entry>[])
      assert.equal(joined(at('10T12:01', part)), false, JSON.stringify(part));
    const mail = [at('10T12:00', { medium: 'email' }), at('10T12:01', { medium: 'email' })];
    assert.deepEqual(shape(build(mail, true)).slice(1), ['entry 10T12:00', 'entry 10T12:01']);
  });

  it('put small events together, by conversation, and never what was erased', () => {
    const visit = (time: string, part: Partial<Entry> = {}) => at(time, { kind: 'visit', ...part });
    assert.deepEqual(shape(build([visit('10T12:00'), visit('10T12:01'), at('10T12:02'), visit('10T12:03')], true)), [
      'day',
      'quiet 2',
      'entry 10T12:02',
      'quiet 1',
    ]);
    assert.deepEqual(shape(build([visit('10T12:00', { conversation_id: 'a' }), visit('10T12:01', { conversation_id: 'b' })], true)), [
      'day',
      'quiet 1',
      'quiet 1',
    ]);
    assert.deepEqual(shape(build([visit('10T12:00'), visit('10T12:01', { erased_at: 'then' })], true)), ['day', 'quiet 1', 'entry 10T12:01']);
    assert.deepEqual(shape(build([at('10T12:00'), visit('10T12:01'), at('10T12:02')], true)).at(-1), 'entry 10T12:02', 'what was parted is not joined');
  });

  it('show of an order the newest snapshot as a card, while it is young', () => {
    assert.deepEqual(shape(build([snapshot('09T08:00', 'placed'), snapshot('10T12:00', 'paid')], true)), ['day', 'quiet 1', 'day', 'entry 10T12:00']);
    const other = snapshot('10T12:01', 'placed', 'o2');
    assert.deepEqual(shape(build([snapshot('10T12:00', 'placed'), other], true)), ['day', 'entry 10T12:00', 'entry 10T12:01']);
    const old = entry({
      id: 'old',
      kind: 'order',
      occurred_at: new Date(NOW - 31 * DAY).toISOString(),
      payload: { external_id: 'o1', number: '7', state: 'paid' },
    });
    assert.deepEqual(shape(build([old], true)), ['day', 'quiet 1']);
    assert.deepEqual(shape(build([at('10T12:00', { kind: 'order', payload: {} })], true)), ['day', 'quiet 1'], 'one that cannot be read breaks nothing');
  });

  it('give each conversation a colour, the same for all its entries', () => {
    const rows = build(
      ['a', 'b', 'a', null].map((conversation_id, i) => at(`10T12:1${i}`, { conversation_id, author_id: `${i}` })),
      true,
    );
    assert.deepEqual(
      rows.flatMap((row) => (row.type === 'entry' ? [row.stretch] : [])),
      [0, 1, 0, null],
    );
  });

  it('end with what is on its way', () => {
    const pending = { clientId: 'p1' } as Pending;
    assert.deepEqual(buildRows([at('10T12:00')], [pending], true, NOW).at(-1), { type: 'pending', key: 'p1', pending });
  });

  it('have keys of their own', () => {
    const rows = build([at('09T08:00'), at('10T12:00'), at('10T13:00', { kind: 'visit' }), snapshot('10T14:00', 'paid')]);
    assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  });

  it('guess more height for more words', () => {
    const [short, long] = ['x', 'x'.repeat(600)].map((text) =>
      guessHeight({ type: 'entry', key: '', entry: entry({ text }), joined: false, stretch: null, at: 0 }),
    );
    assert.ok(long! > short!);
    assert.ok(guessHeight(undefined) > 0);
  });

  it('lead to a moment: the row before the first that is not earlier', () => {
    const rows = build([at('09T08:00'), at('10T12:00'), at('10T18:00')], true);
    const place = (time: string) => shape([rows[rowAt(rows, Date.parse(`2026-03-${time}:00.000Z`))]!])[0];
    assert.equal(place('10T18:00'), 'entry 10T12:00');
    assert.equal(place('10T12:00'), 'day');
    assert.equal(rowAt(rows, 0), 0);
    assert.equal(rowAt(rows, NOW + DAY), rows.length - 1);
  });
});

describe('the journey strip', () => {
  const days: Life['days'] = [
    { day: '2025-01-01', medium: 'email', in: 1, out: 0, other: 0 },
    { day: '2026-03-01', medium: 'line', in: 4, out: 11, other: 0 },
    { day: '2026-03-02', medium: 'none', in: 0, out: 0, other: 3 },
  ];
  const journey: Life = { days, orders: [order('7', '2025-06-01T10:00:00Z')] };
  const life = lifeOf(journey, null, NOW);

  it('shows the whole life with room at both ends, and never less than a week', () => {
    assert.ok(life.from < momentOf(days[0]!) && life.to > NOW);
    const short = lifeOf({ days: [], orders: [] }, NOW - 1000, NOW);
    assert.ok(short.to - short.from >= 7 * DAY);
    const early = lifeOf({ days: [], orders: [order('1', '2020-01-01T00:00:00Z')] }, NOW, NOW);
    assert.ok(early.from < Date.parse('2020-01-01T00:00:00Z'), 'an order may come before the first word');
    const year = lifeOf({ days: [], orders: [] }, NOW - 365 * DAY, NOW);
    assert.ok(Math.abs(year.to - year.from - 365 * DAY * 1.035) < 2, 'of the person’s age');
  });

  it('keeps the moment under the pointer, and stays within the life', () => {
    const held = 0.25;
    const moment = life.from + held * (life.to - life.from);
    const closer = zoomed(life, life, 0.5, held);
    assert.ok(Math.abs(placeOf(moment, closer) - held) < 1e-6);
    assert.ok(Math.abs(closer.to - closer.from - (life.to - life.from) / 2) < 1);
    const close = zoomed(life, life, 1e-9, 0.5);
    assert.ok(Math.abs(close.to - close.from - 7 * DAY) < 1);
    assert.deepEqual(zoomed(closer, life, 1000, 0.5), life);
    assert.equal(panned(closer, life, -100).from, life.from);
    assert.equal(panned(closer, life, 100).to, life.to);
    const moved = panned(close, life, -0.5);
    assert.ok(Math.abs(close.from - moved.from - 3.5 * DAY) < 1);
  });

  it('has a lane for each channel, with dots for what came, what went and what happened', () => {
    const { lanes, flags } = lanesOf(journey, life);
    assert.deepEqual(lanes.map(({ medium }) => medium).sort(), ['email', 'line', 'shop']);
    const line = lanes.find(({ medium }) => medium === 'line')!.dots;
    assert.deepEqual(
      line.map(({ tone, size }) => [tone, size]),
      [
        ['out', 3],
        ['in', 2],
      ],
    );
    assert.deepEqual(
      flags.map(({ key }) => key),
      ['7'],
    );
    assert.ok(flags[0]!.x > 0 && flags[0]!.x < 1);
    const mailed: Life = { days: [days[0]!], orders: [] };
    assert.deepEqual(
      lanesOf(mailed, life).lanes.map(({ medium }) => medium),
      ['email'],
      'a shop only for who has bought',
    );
    const both: Life = { days: [{ ...days[0]!, medium: 'shop' }], orders: journey.orders };
    assert.equal(lanesOf(both, life).lanes[0]?.dots.length, 1, 'the shop may have a lane of its own already');
    const on = momentOf(days[0]!);
    for (const edge of [
      { from: on, to: on + DAY },
      { from: on - DAY, to: on },
    ])
      assert.equal(lanesOf(mailed, edge).lanes[0]?.dots.length, 1, 'the edges belong to it');
  });

  it('puts together what the eye does not tell apart, and leaves out what is outside', () => {
    const crowd = Array.from({ length: 3 }, (_, i) => ({ day: `2026-03-0${i + 1}`, medium: 'line' as const, in: 2, out: 0, other: 0 }));
    const years = { from: Date.parse('2000-01-01'), to: Date.parse('2030-01-01') };
    assert.deepEqual(
      lanesOf({ days: crowd, orders: [] }, years).lanes[0]!.dots.map(({ size }) => size),
      [2],
      '6 are many',
    );
    const later = { from: Date.parse('2027-01-01'), to: Date.parse('2028-01-01') };
    assert.deepEqual(
      lanesOf({ days: crowd, orders: journey.orders }, later).lanes.map(({ dots }) => dots.length),
      [0, 0],
    );
    assert.deepEqual(lanesOf({ days: crowd, orders: journey.orders }, later).flags, []);
  });

  it('says the same in words, newest month first', () => {
    assert.deepEqual(
      monthsOf(journey).map(({ month, media, orders }) => [month, media.map(({ medium, n }) => `${medium} ${n}`).join(), orders]),
      [
        ['2026-03', 'line 15,none 3', 0],
        ['2025-06', '', 1],
        ['2025-01', 'email 1', 0],
      ],
    );
  });

  it('has neither few marks nor many', () => {
    for (const [length, unit] of [
      [8, 'day'],
      [20, 'day'],
      [60, 'month'],
      [700, 'month'],
      [3000, 'year'],
      [20_000, 'year'],
    ] as const) {
      const ticks = ticksOf({ from: NOW - length * DAY, to: NOW });
      assert.ok(
        ticks.every((tick) => tick.unit === unit),
        `${length} days`,
      );
      assert.ok(ticks.length >= 1 && ticks.length <= 9, `${length} days have ${ticks.length}`);
      assert.ok(ticks.every((tick) => tick.at > NOW - length * DAY && tick.at < NOW));
      const dates = ticks.map((tick) => new Date(tick.at));
      assert.ok(
        dates.every((date) => date.getHours() === 0),
        'days begin at midnight',
      );
      if (unit !== 'day')
        assert.ok(
          dates.every((date) => date.getDate() === 1),
          'months on their first',
        );
      if (unit === 'year')
        assert.ok(
          dates.every((date) => date.getMonth() === 0),
          'years in January',
        );
    }
  });
});

describe('a filter', () => {
  it('asks for what is chosen, and for nothing else', () => {
    assert.deepEqual(askedFor(null), {});
    assert.deepEqual(askedFor({ ...NO_FILTER, query: '  ', order: ' ' }), {});
    assert.deepEqual(
      askedFor({ ...NO_FILTER, media: ['line'], kinds: ['call'], conversationId: 'c', direction: 'in', attachments: true, order: ' 7 ', query: ' tea ' }),
      {
        media: ['line'],
        kinds: ['call'],
        conversation_id: 'c',
        direction: 'in',
        has_attachments: true,
        order_number: '7',
        query: 'tea',
      },
    );
  });

  it('is narrow as soon as it lets anything out', () => {
    assert.equal(isNarrow({ ...NO_FILTER, query: ' ' }), false);
    for (const part of [
      { media: ['line' as const] },
      { kinds: ['call' as const] },
      { conversationId: 'c' },
      { attachments: true },
      { direction: 'out' as const },
      { from: '2026-03-01' },
      { to: '2026-03-01' },
      { order: '7' },
      { query: 'x' },
    ])
      assert.equal(isNarrow({ ...NO_FILTER, ...part }), true, JSON.stringify(part));
  });
});

describe('what a payload says', () => {
  const holding = (payload: Entry['payload'], text = '') => entry({ payload, text });

  it('parts an answer from what it quotes, counted in bytes', () => {
    assert.deepEqual(splitQuote(holding({ quote_at: 9 }, 'はい。> quoted')), ['はい。', '> quoted']);
    assert.deepEqual(splitQuote(holding({ quote_at: 4 }, 'Yes\n> quoted')), ['Yes', '> quoted']);
    for (const quote_at of [-1, 500, 'x', null]) assert.deepEqual(splitQuote(holding({ quote_at }, 'whole')), ['whole', '']);
  });

  it('reads a text, or a number as a text', () => {
    assert.equal(text(holding({ number: 'x' }), 'number'), 'x');
    assert.equal(text(holding({ number: 7 }), 'number'), '7');
    for (const number of ['', null, {}, true]) assert.equal(text(holding({ number }), 'number'), null);
  });

  it('keeps of an order what is there', () => {
    const facts = factsOf({ number: '7', external_id: 'x', state: 'shipped', place: 'store', currency: 'EUR', total: '5.00', placed_at: 'then' }, 'now')!;
    assert.deepEqual(
      [facts.external_id, facts.state, facts.place, facts.currency, facts.total, facts.placed_at],
      ['x', 'shipped', 'store', 'EUR', '5.00', 'then'],
    );
    const bare = factsOf({ number: '7' }, null)!;
    assert.deepEqual([bare.place, bare.currency, bare.total, bare.placed_at], ['other', '', '', '']);
  });

  it('reads numbers and people however they are written', () => {
    assert.equal(count(holding({ number: '12' }), 'number'), 12);
    for (const number of ['', 'x', NaN, Infinity, {}, null]) assert.equal(count(holding({ number }), 'number'), null);
    assert.deepEqual(people(holding({ to: ['a@x', { name: 'B', address: 'b@x' }, { email: 'c@x' }, {}, null, 7] }), 'to'), ['a@x', 'B <b@x>', 'c@x']);
    assert.deepEqual(people(holding({ to: 'a@x' }), 'to'), ['a@x']);
    assert.deepEqual(people(holding({ to: { name: '', address: 'b@x' } }), 'to'), ['b@x']);
    assert.deepEqual(people(holding({}), 'to'), []);
  });

  it('makes an order of anything that has a number', () => {
    assert.equal(factsOf({}, null), null);
    assert.equal(factsOf(null, null), null);
    const facts = factsOf({ number: '7', state: 'unheard of', items: [{ name: 'Cup' }, {}, null], tracking: 'x' }, 'then')!;
    assert.deepEqual([facts.state, facts.external_id, facts.placed_at, facts.items?.length, facts.tracking], ['placed', '7', 'then', 1, []]);
  });

  it('says where a moved entry went, and nothing when that cannot be read', () => {
    const moved = { entry_id: 'e2', customer_id: 'p2', name: 'Hanna', reason: '', by: 'a', at: null, undone: false };
    assert.equal(movedTo(entry({ moved_to: moved }))?.customer_id, 'p2');
    assert.equal(movedFrom(entry({ moved_from: { ...moved, undone: true } }))?.undone, true);
    assert.deepEqual(movedTo(entry({ moved_to: { ...moved, name: 7, by: '', at: '' } })), { ...moved, name: '', by: null, at: null });
    assert.equal(movedTo(entry({ moved_to: { ...moved, at: 'then' } }))?.at, 'then');
    assert.deepEqual(
      [{}, { moved_to: moved }, { moved_from: moved }, { moved_from: { ...moved, undone: true } }].map((part) => isGone(entry(part))),
      [false, true, false, true],
    );
    for (const odd of [null, 'x', {}, { entry_id: 1, customer_id: 'p' }]) assert.equal(movedTo(entry({ moved_to: odd })), null);
  });
});

describe('a call', () => {
  it('that we made and nobody took was missed by nobody', () => {
    assert.deepEqual([outcomeOf('missed', 'in'), outcomeOf('missed', 'out'), outcomeOf('busy', 'out')], ['call.missed', 'call.no_answer', 'call.busy']);
    assert.equal(outcomeOf('cancelled', 'out'), 'call.no_answer');
    assert.equal(outcomeOf('recorded', 'in'), undefined);
  });

  it('has words when somebody has written it down; what a provider says in English is worded here', () => {
    assert.equal(wordsOf(entry({ kind: 'call', author_kind: 'agent', direction: 'out', channel_id: 'twilio', text: 'Outgoing call, 4 s' })), null);
    assert.equal(wordsOf(entry({ kind: 'call', author_kind: 'bot', channel_id: null, text: 'It rang twice.' })), 'It rang twice.');
  });
});

describe('order numbers in words', () => {
  const numbers = (text: string) =>
    partsOf(text, new Set(['1001', 'A-7']))
      .filter(({ number }) => number !== null)
      .map(({ number }) => number);

  it('are those the person has, and others that are marked', () => {
    assert.deepEqual(numbers('Where is 1001, and a-7?'), ['1001', 'A-7']);
    assert.deepEqual(numbers('In 2026 I paid 1001 yen for 10015'), ['1001']);
    assert.deepEqual(numbers('It was #5555 or ＃666, not #12 or #abc'), ['5555', '666']);
    assert.deepEqual(numbers('x1001 and 1001x'), []);
  });

  it('leave every letter where it was', () => {
    assert.deepEqual(partsOf('', new Set()), [{ text: '', number: null }]);
    assert.deepEqual(partsOf('#1001', new Set()), [{ text: '#1001', number: '1001' }]);
    assert.deepEqual([...numbersOf([order('#a-1', '')]), ...numbersOf(null)], ['A-1']);
    for (const words of ['', '#1001', 'a #1001 b 1001', 'nothing'])
      assert.equal(
        partsOf(words, new Set(['1001']))
          .map((part) => part.text)
          .join(''),
        words,
      );
  });
});
