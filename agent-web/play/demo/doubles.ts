// What makes it hard to say who is who: people with a second address, visitors who only say who they are, a telephone and
// a mailbox that several use, a second shop, and two customers of many years. Made from the seed, like the year itself.
import { MARKETS, PRODUCTS, priceIn, productName } from './catalogue.ts';
import type { Entry, Identity, Order } from './record.ts';
import { dialoguesFor, fill, TOPICS, turnsOf } from './language.ts';
import { languageOf } from './languages.ts';
import type { Person } from './people.ts';
import { random, type Random } from './random.ts';

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;
const SECOND_ADDRESSES = 8;
const CLAIMS = 5;
const MARKET_BUYERS = 24;
const LONG_YEARS = 8;
const FIRST_MARKET_ORDER = 70_001;

/** Somebody who types an address into the chat that is known, and shows no proof. */
export interface Claim {
  name: string;
  email: string;
  text: string;
}

/** An address or number of several, who are told by an identity of their own. */
export interface Shared {
  kind: 'email' | 'phone';
  value: string;
  members: Identity[];
  reason: string;
}

export interface Doubles {
  entries: Entry[];
  /** Of the second shop. */
  market: Order[];
  claims: Claim[];
  shared: Shared[];
  /** Arrives when it is known who shares them. */
  late: Entry[];
}

interface Work {
  now: number;
  rnd: Random;
  entries: Entry[];
  serial: number;
}

const iso = (at: number): string => new Date(at).toISOString();

function add(work: Work, channel: Entry['channel'], identity: Identity, at: number, rest: Partial<Entry>): Entry {
  const entry: Entry = {
    channel,
    identity,
    also: [],
    kind: 'message',
    direction: 'in',
    occurred_at: iso(Math.min(at, work.now)),
    external_id: `double-${++work.serial}`,
    ...rest,
  };
  work.entries.push(entry);
  return entry;
}

/** The first words of a dialogue that need nothing to be known of an order. */
function question(person: Person, rnd: Random): string {
  const language = languageOf(person.language);
  const values = { first: person.first, full: person.full, store: person.store, day: rnd.pick(language.days) };
  const all = TOPICS.flatMap((topic) => dialoguesFor(language, topic, values));
  return fill(turnsOf(rnd.pick(all))[0]?.text ?? '', values);
}

/** The same person from the office, years ago from another address, or with a new number. */
function secondAddresses(work: Work, people: Person[]): void {
  for (const person of people) {
    const local = person.email.split('@')[0]!;
    const email = { kind: 'email', value: `${local.split('.').toReversed().join('.')}@office.example`, name: person.full };
    for (let i = 0; i < work.rnd.between(1, 3); i++)
      add(work, 'email', email, work.now - work.rnd.between(10, 300) * DAY, {
        subject: languageOf(person.language).subjects.product[0]!,
        text: question(person, work.rnd),
      });
  }
}

/** Years of asking and being answered, so that there is something to search and to travel through. */
function longLife(work: Work, person: Person): void {
  const language = languageOf(person.language);
  const identity = { kind: 'email', value: person.email, name: person.full };
  const line = person.lineId ? { kind: 'line', value: person.lineId, name: person.full } : identity;
  for (let at = work.now - LONG_YEARS * 365 * DAY; at < work.now - 20 * DAY; at += work.rnd.between(6, 40) * DAY) {
    const values = { first: person.first, full: person.full, store: person.store, day: work.rnd.pick(language.days), agent: 'Mia' };
    const found = TOPICS.flatMap((topic) => dialoguesFor(language, topic, values).map((dialogue) => ({ topic, dialogue })));
    const { topic, dialogue } = work.rnd.pick(found);
    const byLine = work.rnd.chance(0.6);
    let time = at;
    for (const { by, text } of turnsOf(dialogue)) {
      time += work.rnd.between(5, 90) * 60_000;
      add(work, byLine && person.lineId ? 'line' : 'email', byLine ? line : identity, time, {
        also: byLine && person.lineId ? [identity] : [],
        text: fill(text, values),
        ...(by === 'N' ? { kind: 'note', direction: 'internal', author_name: 'Mia' } : by === 'A' ? { direction: 'out', author_name: 'Mia' } : {}),
        ...(byLine && person.lineId
          ? {}
          : { subject: fill(language.subjects[topic].find((one) => !/\{\w+\}/.test(fill(one, values))) ?? language.subjects.product[0]!, values) }),
      });
    }
  }
}

/** Orders of the marketplace's shop, whose numbers and customers are its own; it knows the address. */
function marketOrders(work: Work, people: Person[]): Order[] {
  return people.map((person, i) => {
    const market = MARKETS[person.language]!;
    const product = work.rnd.pick(PRODUCTS);
    const quantity = work.rnd.between(1, 3);
    const price = priceIn(product, market.currency);
    const placed = work.now - work.rnd.between(3, 330) * DAY;
    const total = Number(price) * quantity;
    return {
      identities: [
        { kind: 'shop_customer', value: `MK${80_000 + i * 13}`, name: person.full },
        { kind: 'email', value: person.email, name: person.full },
      ],
      order: {
        external_id: `market-${FIRST_MARKET_ORDER + i}`,
        number: `M-${FIRST_MARKET_ORDER + i}`,
        state: 'delivered',
        place: 'web',
        placed_at: iso(placed),
        updated_at: iso(placed + 3 * DAY),
        currency: market.currency,
        total: market.currency === 'JPY' ? String(total) : total.toFixed(2),
        items: [{ sku: product.sku, name: productName(product, person.language), quantity, price }],
        tracking: [],
      },
    };
  });
}

const emailOf = (person: Person): Identity => ({ kind: 'email', value: person.email, name: person.full });

/** The same for the same people, moment and seed. */
export function makeDoubles(people: Person[], now: number, seed = 20_260_402): Doubles {
  const rnd = random(seed);
  const work: Work = { now, rnd, entries: [], serial: 0 };
  const of = (language: string) => people.filter((person) => person.language === language);
  const [english, japanese, german] = [of('en'), of('ja'), of('de')];
  secondAddresses(work, [...english.slice(3, 3 + SECOND_ADDRESSES / 2), ...japanese.slice(4, 4 + SECOND_ADDRESSES / 2)]);
  for (const person of japanese.filter(({ lineId }) => lineId).slice(0, 2)) longLife(work, person);
  const claims = [...english.slice(10, 10 + CLAIMS - 2), ...german.slice(2, 4)].map((person) => ({
    name: person.full,
    email: person.email,
    text: question(person, rnd),
  }));
  const flat = english.slice(20, 23);
  const office = german.slice(6, 9);
  const shared: Shared[] = [
    { kind: 'phone', value: '+442079460123', members: flat.map(emailOf), reason: 'The telephone of the flat they share; whoever is near picks it up.' },
    { kind: 'email', value: 'buero@teehaus-am-dom.example', members: office.map(emailOf), reason: 'Das Postfach des Büros, drei lesen darin.' },
  ];
  const late: Work = { now, rnd, entries: [], serial: 1000 };
  add(late, 'email', { kind: 'email', value: 'buero@teehaus-am-dom.example', name: 'Teehaus am Dom' }, now - 3 * HOUR, {
    subject: 'Nachbestellung',
    text: 'Guten Morgen, wir bräuchten noch einmal dasselbe wie im Oktober, bitte bis Freitag.',
  });
  add(late, 'phone', { kind: 'phone', value: '+442079460123' }, now - 26 * HOUR, {
    kind: 'call',
    payload: { state: 'completed', from: '+442079460123', duration_s: 184 },
  });
  return { entries: work.entries, market: marketOrders(work, japanese.slice(0, MARKET_BUYERS)), claims, shared, late: late.entries };
}
