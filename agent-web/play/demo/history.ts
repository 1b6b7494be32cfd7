// A year of the shop: what is put into the timeline, made from the seed. Nothing here talks to the server.
import { MARKETS, PRODUCTS, priceIn, productName, productWords, type Product } from './catalogue.ts';
import { dialoguesFor, fill, TOPICS, turnsOf, withoutHello, type Topic, type Turn } from './language.ts';
import { languageOf } from './languages.ts';
import { makePeople, type Person } from './people.ts';
import { random, type Random } from './random.ts';
import { IDENTITY_OF_CHANNEL, identityOf, type ChannelName, type Entry, type Identity, type Order } from './record.ts';

export interface History {
  people: Person[];
  /** The past: an import. */
  entries: Entry[];
  orders: Order[];
  /** The last days: conversations that are still open. */
  open: Entry[];
}

export interface Agent {
  email: string;
  name: string;
}

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const YEAR_DAYS = 365;
const OPEN_CONVERSATIONS = 25;
const FIRST_ORDER = 1001;
const WELCOME_POINTS = 50;
/** Conversations that end before this many days ago are part of the import. */
const QUIET_DAYS = 8;

type Way = 'email' | 'chat' | 'line' | 'whatsapp';

interface Bought {
  person: Person;
  number: string;
  /** The day of the week that is spoken of. */
  day: string;
  products: Product[];
  help: Help | undefined;
  placedAt: number;
  track: string;
}

interface Dialogue {
  topic: Topic;
  turns: Turn[];
}

/** A customer who is being helped now: about an order of which age, and what there is to ask about it. */
interface Help {
  hoursAgo: [low: number, high: number];
  /** The states that the order has gone through, with the minutes since it was placed. */
  course: [state: string, minutes: number][];
  topics: readonly Topic[];
}

const JUST_ORDERED: Help = { hoursAgo: [3, 20], course: [['paid', 12]], topics: ['change', 'gift', 'pickup', 'invoice'] };
const STILL_WAITING: Help = {
  hoursAgo: [150, 190],
  course: [
    ['paid', 9],
    ['shipped', 1750],
  ],
  topics: ['delivery'],
};
const HAS_IT: Help = {
  hoursAgo: [200, 290],
  course: [
    ['paid', 7],
    ['shipped', 1500],
    ['delivered', 4100],
  ],
  topics: ['faulty', 'return', 'size', 'points', 'product', 'invoice'],
};
const HELP = [JUST_ORDERED, STILL_WAITING, HAS_IT, HAS_IT];

class Year {
  readonly entries: Entry[] = [];
  readonly orders: Order[] = [];
  readonly open: Entry[] = [];
  private serial = 0;
  private readonly points = new Map<Person, number>();
  private readonly now: number;
  private readonly agents: Agent[];
  private readonly rnd: Random;

  constructor(now: number, agents: Agent[], rnd: Random) {
    this.now = now;
    this.agents = agents;
    this.rnd = rnd;
  }

  /** Everybody's year. Who buys when comes first, so that order numbers rise with time. */
  live(people: Person[]): void {
    const joined = people.map(() => this.now - this.rnd.between(20, YEAR_DAYS) * DAY);
    const purchases = people
      .flatMap((person, i) =>
        Array.from({ length: this.rnd.pick([1, 1, 1, 2, 2, 3, 4]) }, () => ({
          person,
          at: this.moment(joined[i]!, 3),
          help: undefined as Help | undefined,
        })),
      )
      .concat(this.helpedNow(people))
      .sort((a, b) => a.at - b.at);
    people.forEach((person, i) => this.join(person, joined[i]!));
    const bought = purchases.map(({ person, at, help }, i) => this.buy(person, at, `#${FIRST_ORDER + i}`, help));
    people.forEach((person, i) =>
      this.liveOne(
        person,
        joined[i]!,
        bought.filter((one) => one.person === person),
      ),
    );
    this.openConversations(bought);
  }

  /** One person's year since joining: asked about what was bought, called, came by. */
  private liveOne(person: Person, joined: number, bought: Bought[]): void {
    for (const one of bought) if (this.rnd.chance(0.66)) this.talk(person, one);
    if (this.rnd.chance(0.35)) this.talk(person, bought[0]!, ['product'], bought[0]!.placedAt - this.rnd.between(2, 9) * DAY);
    if (this.rnd.chance(0.45)) this.call(person, this.rnd.pick(bought));
    if (this.rnd.chance(0.35)) this.visit(person, this.moment(joined));
    for (let i = this.rnd.between(0, 2); i > 0; i--) this.campaign(person, this.moment(joined));
    if (this.rnd.chance(0.35)) this.survey(person, this.moment(joined));
  }

  private helpedNow(people: Person[]): { person: Person; at: number; help: Help }[] {
    return Array.from({ length: OPEN_CONVERSATIONS }, (_, i) => {
      const help = HELP[i % HELP.length]!;
      return { person: people[(i * 37 + 5) % people.length]!, at: this.now - this.rnd.between(...help.hoursAgo) * HOUR, help };
    });
  }

  private openConversations(all: Bought[]): void {
    for (const bought of all) {
      if (!bought.help) continue;
      const { person } = bought;
      const found = this.dialogue(person, bought, bought.help.topics);
      if (!found) continue;
      // Most wait for an answer to a question; in some it is the customer's turn.
      const waits = this.rnd.chance(0.7);
      const turns = found.turns.slice(0, this.openEnd(found.turns, waits));
      const minutesAgo = waits ? this.rnd.pick([4, 9, 17, 26, 38, 55, 80, 130, 200, 290, 420, 900, 1500]) : this.rnd.between(60, 2000);
      this.write(this.open, person, bought, { ...found, turns }, this.now - minutesAgo * MINUTE, true);
    }
  }

  /** How many turns have been spoken when the conversation is still open. */
  private openEnd(turns: Turn[], waits: boolean): number {
    const asks = (turn: Turn, i: number): boolean => turn.by === 'C' && (i === 0 || /[?？؟;]|か。/.test(turn.text));
    const ends = turns.flatMap((turn, i) => ((waits ? asks(turn, i) : turn.by === 'A') ? [i + 1] : []));
    return ends.length > 0 ? this.rnd.pick(ends) : 1;
  }

  /** Members get points; friends by LINE a greeting. */
  private join(person: Person, at: number): void {
    if (person.card) this.earn(person, at, WELCOME_POINTS, person.store);
    if (!person.lineId) return;
    const greeting = languageOf(person.language).greeting;
    this.add(this.entries, 'line', person, at + HOUR, 'campaign', 'out', { text: greeting, author_name: 'Aoyama & Finch', payload: { name: greeting } });
  }

  private buy(person: Person, placedAt: number, number: string, help: Help | undefined): Bought {
    const market = MARKETS[person.language]!;
    const place = help ? 'web' : this.rnd.pick(['web', 'web', 'web', 'web', 'app', 'store', 'store', 'phone']);
    const products = Array.from({ length: this.rnd.pick([1, 1, 2, 2, 3, 4]) }, () => this.rnd.pick(PRODUCTS));
    const items = [...new Set(products)].map((product) => ({
      sku: product.sku,
      name: productName(product, person.language),
      quantity: this.rnd.pick([1, 1, 1, 2]),
      price: priceIn(product, market.currency),
    }));
    const total = items.reduce((sum, item) => sum + Number(item.price) * item.quantity, 0);
    const track = this.rnd.hex(2).toUpperCase() + String(this.rnd.between(100_000_000, 999_999_999));
    const facts = {
      external_id: String(5_500_000_000_000_000 + Number(number.slice(1)) * 977),
      number,
      place,
      placed_at: iso(placedAt),
      currency: market.currency,
      total: market.currency === 'JPY' ? String(total) : total.toFixed(2),
      items,
      ...(place === 'store' ? { store: person.store } : {}),
    };
    const course = help?.course.map(([state, minutes]): [string, number] => [state, minutes * MINUTE]) ?? this.course(place);
    for (const [state, after] of course) {
      if (placedAt + after > this.now) break;
      const shipped = state === 'shipped' || state === 'delivered';
      this.orders.push({
        identities: this.shopIdentities(person),
        order: {
          ...facts,
          state,
          updated_at: iso(placedAt + after),
          tracking: shipped ? [{ carrier: market.carrier, number: track, url: market.trackingUrl + track }] : [],
        },
      });
    }
    if (person.card)
      this.earn(person, placedAt + HOUR, Math.max(1, Math.round(total / (market.currency === 'JPY' ? 100 : market.currency === 'SEK' ? 10 : 1))), number);
    const day = this.rnd.pick(languageOf(person.language).days);
    return { person, number, day, products, help, placedAt, track };
  }

  /** The states an order goes through, with the time since it was placed. */
  private course(place: string): [state: string, after: number][] {
    const hours = (low: number, high: number): number => this.rnd.between(low * 60, high * 60) * MINUTE;
    if (place === 'store') return [['delivered', 0]];
    const paid = hours(0, 1);
    const ready = paid + hours(10, 40);
    if (this.rnd.chance(0.05))
      return [
        ['placed', 0],
        ['cancelled', hours(1, 8)],
      ];
    if (this.rnd.chance(0.15))
      return [
        ['placed', 0],
        ['paid', paid],
        ['ready_for_pickup', ready],
        ['delivered', ready + hours(5, 90)],
      ];
    const delivered = ready + hours(20, 90);
    const course: [string, number][] = [
      ['paid', paid],
      ['shipped', ready],
      ['delivered', delivered],
    ];
    if (this.rnd.chance(0.07)) course.push(['refunded', delivered + hours(100, 260)]);
    return course;
  }

  private earn(person: Person, at: number, delta: number, reason: string): void {
    if (at > this.now) return;
    const balance = (this.points.get(person) ?? 0) + delta;
    this.points.set(person, balance);
    this.add(
      this.entries,
      'loyalty',
      person,
      at,
      'points',
      'internal',
      { text: `${delta} points: ${reason}`, payload: { delta, balance, tier: tierOf(balance), reason } },
      'loyalty_card',
    );
  }

  private talk(person: Person, about: Bought, wanted?: readonly Topic[], when?: number): void {
    const at = when ?? about.placedAt + this.rnd.between(5, 120) * HOUR;
    if (at > this.now - QUIET_DAYS * DAY) return;
    const found = this.dialogue(person, about, wanted);
    if (found) this.write(this.entries, person, about, found, at, false);
  }

  /** Something to talk about that fits what was bought. */
  private dialogue(person: Person, about: Bought, wanted: readonly Topic[] = TOPICS): Dialogue | undefined {
    const language = languageOf(person.language);
    const values = this.values(person, about, this.agents[0]!);
    const topics = wanted.filter((topic) => dialoguesFor(language, topic, values).length > 0);
    if (topics.length === 0) return undefined;
    const topic = this.rnd.pick(topics);
    return { topic, turns: turnsOf(this.rnd.pick(dialoguesFor(language, topic, values))) };
  }

  /** Writes a dialogue: the last turn at `at` when `backwards`, else the first. Sometimes it moves to another channel. */
  private write(to: Entry[], person: Person, about: Bought, { topic, turns }: Dialogue, at: number, backwards: boolean): void {
    const agent = this.rnd.pick(this.agents);
    const language = languageOf(person.language);
    const gaps = turns.map((turn, i) => (i === 0 ? 0 : this.gap(turn.by)));
    const length = gaps.reduce((sum, gap) => sum + gap, 0);
    let time = backwards ? at - length : at;
    let way = this.way(person);
    const moves = turns.length >= 4 && this.rnd.chance(0.4) ? this.rnd.between(2, turns.length - 1) : -1;
    const subject = this.fill(this.subject(person, about, topic), person, about, agent);
    const mailIds: string[] = [];
    turns.forEach((turn, i) => {
      time += gaps[i]!;
      if (i === moves && turn.by === 'C') way = this.way(person, way);
      const text = this.fill(turn.text, person, about, agent);
      if (turn.by === 'N') {
        this.add(to, way, person, time, 'note', 'internal', { text, author_name: agent.name, author_email: agent.email });
        return;
      }
      const fromAgent = turn.by === 'A';
      const who = fromAgent ? { author_name: agent.name, author_email: agent.email } : {};
      if (way === 'email') this.mail(to, person, time, fromAgent, subject, text, agent, about, mailIds);
      else this.add(to, way, person, time, 'message', fromAgent ? 'out' : 'in', { text, ...who });
    });
    if (!backwards && this.rnd.chance(0.25) && turns.at(-1)?.by === 'A' && way !== 'email')
      this.add(to, way, person, time + this.rnd.between(2, 50) * MINUTE, 'message', 'in', { text: this.rnd.pick(language.thanks) });
  }

  private subject(person: Person, about: Bought, topic: Topic): string {
    const values = this.values(person, about, this.agents[0]!);
    return this.rnd.pick(languageOf(person.language).subjects[topic].filter((one) => !/\{\w+\}/.test(fill(one, values))));
  }

  private mail(to: Entry[], person: Person, at: number, fromAgent: boolean, subject: string, text: string, agent: Agent, about: Bought, ids: string[]): void {
    const language = languageOf(person.language);
    const [hello, bye] = fromAgent ? language.mail.agent : language.mail.customer;
    const body = [hello, withoutHello(text), bye].map((part) => this.fill(part, person, about, agent)).join('\n\n');
    const id = `<${this.rnd.hex(16)}@${fromAgent ? 'aoyama-finch.example' : person.email.split('@')[1]}>`;
    this.add(to, 'email', person, at, 'message', fromAgent ? 'out' : 'in', {
      subject: ids.length > 0 ? `Re: ${subject}` : subject,
      text: body,
      ...(this.rnd.chance(0.5) ? { html: mailHtml(body) } : {}),
      payload: { message_id: id, ...(ids.length > 0 ? { in_reply_to: ids.at(-1) } : {}) },
      ...(fromAgent ? { author_name: agent.name, author_email: agent.email } : {}),
    });
    ids.push(id);
  }

  private call(person: Person, about: Bought): void {
    const at = this.officeHours(about.placedAt + this.rnd.between(6, 200) * HOUR, person);
    if (at > this.now - QUIET_DAYS * DAY) return;
    const language = languageOf(person.language);
    const agent = this.rnd.pick(this.agents);
    const missed = this.rnd.chance(0.15);
    const seconds = missed ? 0 : this.rnd.between(40, 600);
    const entry = this.add(this.entries, 'phone', person, at, 'call', 'in', {
      payload: { state: missed ? 'missed' : 'completed', from: person.phone, ...(missed ? {} : { duration_s: seconds }) },
    });
    if (missed) return;
    entry.author_name = agent.name;
    this.add(this.entries, 'phone', person, at + (seconds + 60) * 1000, 'note', 'internal', {
      text: this.fill(this.rnd.pick(language.calls), person, about, agent),
      author_name: agent.name,
      author_email: agent.email,
    });
  }

  private visit(person: Person, at: number): void {
    if (person.visitor && this.rnd.chance(0.5)) {
      const product = this.rnd.pick(PRODUCTS);
      this.add(this.entries, 'chat', person, at, 'visit', 'in', {
        text: productName(product, person.language),
        payload: { url: `https://aoyama-finch.example/${product.sku.toLowerCase()}`, title: productName(product, person.language) },
      });
      return;
    }
    const kind = person.card ? 'loyalty_card' : 'email';
    this.add(
      this.entries,
      'loyalty',
      person,
      this.officeHours(at, person),
      'visit',
      'in',
      { text: person.store, payload: { title: person.store, store: person.store } },
      kind,
    );
  }

  private campaign(person: Person, at: number): void {
    const language = languageOf(person.language);
    const subject = this.rnd.pick(language.campaigns);
    this.add(this.entries, 'email', person, at, 'campaign', 'out', {
      subject,
      text: subject,
      author_name: 'Aoyama & Finch',
      payload: { name: subject, opened: this.rnd.chance(0.5) },
    });
  }

  private survey(person: Person, at: number): void {
    const [score, comment] = this.rnd.pick(languageOf(person.language).surveys);
    this.add(this.entries, 'email', person, at, 'survey', 'in', { text: comment, payload: { score: `${score} / 5`, answer: comment } });
  }

  private add(
    to: Entry[],
    channel: ChannelName,
    person: Person,
    at: number,
    kind: string,
    direction: Entry['direction'],
    rest: Partial<Entry>,
    identityKind?: string,
  ): Entry {
    const identity = identityOf(person, identityKind ?? IDENTITY_OF_CHANNEL[channel]);
    const entry: Entry = {
      channel,
      identity,
      also: this.vouchedFor(person, identity.kind),
      kind,
      direction,
      occurred_at: iso(Math.min(at, this.now)),
      external_id: `demo-${++this.serial}`,
      ...rest,
    };
    to.push(entry);
    return entry;
  }

  /** The shop knows its customers' address and number, whatever way they come by. */
  private vouchedFor(person: Person, except: string): Identity[] {
    return ['email', 'phone'].filter((kind) => kind !== except).map((kind) => identityOf(person, kind));
  }

  private shopIdentities(person: Person): Identity[] {
    const kinds = ['shop_customer', 'email', 'phone', ...(person.card ? ['loyalty_card'] : [])];
    return kinds.map((kind) => identityOf(person, kind));
  }

  private way(person: Person, except?: Way): Way {
    const ways: Way[] = ['email'];
    if (person.lineId) ways.push('line', 'line', 'line');
    if (person.whatsAppId) ways.push('whatsapp', 'whatsapp');
    if (person.visitor) ways.push('chat');
    const others = ways.filter((way) => way !== except);
    return others.length > 0 ? this.rnd.pick(others) : 'email';
  }

  private gap(by: string): number {
    if (by === 'N') return this.rnd.between(1, 6) * MINUTE;
    return this.rnd.chance(0.25) ? this.rnd.between(3, 20) * HOUR : this.rnd.between(2, 75) * MINUTE;
  }

  /** Some time since `from`, at a waking hour. */
  private moment(from: number, quietDays = QUIET_DAYS): number {
    const last = this.now - quietDays * DAY;
    return Math.round(from + this.rnd.next() * Math.max(HOUR, last - from));
  }

  private officeHours(at: number, person: Person): number {
    const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hour12: false, timeZone: person.timeZone }).format(at));
    return at + (this.rnd.between(10, 17) - hour) * HOUR;
  }

  private fill(text: string, person: Person, about: Bought, agent: Agent): string {
    return fill(text, this.values(person, about, agent));
  }

  private values(person: Person, about: Bought, agent: Agent): Record<string, string> {
    return {
      first: person.first,
      full: person.full,
      agent: agent.name,
      order: about.number,
      store: person.store,
      track: about.track,
      points: String(this.points.get(person) ?? 120),
      tier: 'Gold',
      day: about.day,
      ...productWords(about.products, person.language),
    };
  }
}

function tierOf(balance: number): string {
  if (balance >= 300) return 'Gold';
  return balance >= 120 ? 'Silver' : 'Green';
}

function mailHtml(text: string): string {
  const escape = (part: string): string => part.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const paragraphs = text.split('\n\n').map((part) => `<p>${escape(part).replace(/\n/g, '<br>')}</p>`);
  return `<div style="font-family: Georgia, serif; font-size: 15px; color: #2b2b2b">${paragraphs.join('\n')}</div>`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function byTime(a: { occurred_at: string }, b: { occurred_at: string }): number {
  return a.occurred_at < b.occurred_at ? -1 : a.occurred_at > b.occurred_at ? 1 : 0;
}

/** The same for the same seed and moment. */
export function makeHistory(now: number, agents: Agent[], seed = 20_260_401): History {
  const rnd = random(seed);
  const people = makePeople(rnd);
  const year = new Year(now, agents, rnd);
  year.live(people);
  return {
    people,
    entries: year.entries.sort(byTime),
    orders: year.orders.sort((a, b) => (a.order.updated_at < b.order.updated_at ? -1 : 1)),
    open: year.open.sort(byTime),
  };
}
