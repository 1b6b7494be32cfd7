// Who is perhaps the same: the list of all pairs and that of each person are one, whatever made a pair, and say what differs.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OpenSuggestion, PutEntry } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server } from './harness.ts';

type Identity = PutEntry['identity'];

/** What is said of a pair, seen from the one whose id is smaller. */
interface Pair {
  people: string;
  confidence: number | null;
  signal: string;
  evidence: unknown;
  differs: unknown;
}

const mail = (value: string, name: string): Identity => ({ kind: 'email', value, name });
const phone = (value: string, name = ''): Identity => ({ kind: 'phone', value, ...(name ? { name } : {}) });

describe('suggestions', () => {
  let server: Server;
  let till: string;
  let chat: string;
  const people: string[] = [];
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    till = (await server.channel('api', 'Till')).id;
    chat = (await server.channel('chat', 'Chat', {})).id;
  });
  after(() => endAll(ends));

  async function known(value: string): Promise<string> {
    const { hits } = await server.api('customer.search', { query: value });
    assert.equal(hits.length, 1, value);
    const id = hits[0]?.id ?? '';
    if (!people.includes(id)) people.push(id);
    return id;
  }

  async function person(identity: Identity): Promise<string> {
    const entry: PutEntry = { external_id: randomUUID(), identity, kind: 'message', direction: 'in', text: 'hello' };
    await server.api('entries.put', { channel_id: till, entries: [entry] });
    return known(identity.value);
  }

  let serial = 3000;
  async function order(...identities: Identity[]): Promise<void> {
    const number = String(++serial);
    const at = new Date().toISOString();
    const facts = { state: 'placed' as const, place: 'web' as const, currency: 'EUR', total: '1.00', placed_at: at, updated_at: at };
    await server.api('orders.put', {
      channel_id: till,
      orders: [{ identities, order: { external_id: number, number: `#${number}`, ...facts, items: [], tracking: [] } }],
    });
  }

  async function claims(email: string, name: string): Promise<string> {
    const visitor = await server.visitor();
    await visitor.call('chat.hello', { channel_id: chat });
    await visitor.call('chat.send', { client_id: randomUUID(), text: `it is ${name}` });
    await visitor.call('chat.identify', { email, name });
    visitor.close();
    const { conversations } = await server.api('conversation.list', { view: 'all', limit: 200 });
    const id = conversations.find(({ preview }) => preview === `it is ${name}`)?.customer_id ?? '';
    people.push(id);
    return id;
  }

  /** All pairs, by pages of so many. */
  async function listed(limit: number): Promise<OpenSuggestion[]> {
    const all: OpenSuggestion[] = [];
    for (let cursor: string | null = null, pages = 0; ; pages++) {
      assert.ok(pages < 100, 'it comes to an end');
      const page: Awaited<ReturnType<typeof server.api<'suggestion.list'>>> = await server.api('suggestion.list', {
        limit,
        ...(cursor ? { before: cursor } : {}),
      });
      assert.ok(page.suggestions.length <= limit);
      all.push(...page.suggestions);
      if (!page.more) return all;
      cursor = page.cursor;
    }
  }

  const mirrored = (differs: OpenSuggestion['differs'] | undefined, turned: boolean): unknown =>
    (differs ?? []).map(({ what, a, b }) => (turned ? { what, a: b, b: a } : { what, a, b }));

  const inOrder = (pairs: Pair[]): Pair[] => pairs.toSorted((x, y) => (x.people < y.people ? -1 : 1));

  async function ofPage(limit: number): Promise<Pair[]> {
    return inOrder(
      (await listed(limit)).map(({ a, b, confidence, signal, evidence, differs }) => {
        const [one, other] = [a?.id ?? '', b?.id ?? ''];
        return { people: [one, other].sort().join(' '), confidence, signal, evidence, differs: mirrored(differs, one > other) };
      }),
    );
  }

  /** As the panels have it: each pair is in both people's, and the same in both. */
  async function ofPanels(): Promise<Pair[]> {
    const seen = new Map<string, Pair[]>();
    for (const id of people) {
      const { suggestions } = await server.api('customer.suggestions', { customer_id: id });
      assert.deepEqual(
        suggestions.map((one) => one.confidence),
        suggestions.map((one) => one.confidence).sort((x, y) => (y ?? 0) - (x ?? 0)),
        'surest first',
      );
      for (const { customer_id: other, confidence, signal, evidence, differs } of suggestions) {
        const names = [id, other].sort().join(' ');
        seen.set(names, [...(seen.get(names) ?? []), { people: names, confidence, signal, evidence, differs: mirrored(differs, id > other) }]);
      }
    }
    for (const both of seen.values()) {
      assert.equal(both.length, 2, 'it is in both panels, once');
      assert.deepEqual(both[0], both[1], 'and the same in both');
    }
    return inOrder([...seen.values()].map(([one]) => one as Pair));
  }

  async function agree(count: number): Promise<Pair[]> {
    const panels = await ofPanels();
    assert.equal(panels.length, count);
    for (const limit of [200, 1, 2]) assert.deepEqual(await ofPage(limit), panels, `by ${limit}`);
    return panels;
  }

  const pairOf = (pairs: readonly Pair[], ...of: string[]): Pair | undefined => pairs.find((one) => one.people === of.toSorted().join(' '));

  it('has a pair once, with all that speaks for it together', async () => {
    const mia = await person(mail('mia@pairs.example', 'Mia Muster'));
    const ring = await person(phone('+46701230001'));
    await order(mail('mia@pairs.example', 'Mia Muster'), phone('+46701230001'));
    await order(phone('+46701230001'), mail('mia@pairs.example', 'Mia Muster'));
    const pair = pairOf(await agree(1), mia, ring);
    assert.equal(pair?.confidence, 97, '75 % and 85 %');
    assert.equal(pair?.signal, 'same_email');
    assert.equal((pair?.evidence as unknown[]).length, 2);
  });

  it('has those who claim the same third, and no shared one', async () => {
    const one = await claims('nobody@pairs.example', 'Visitor of noon');
    const other = await claims('nobody@pairs.example', 'Visitor of night');
    const pair = pairOf(await agree(2), one, other);
    assert.equal(pair?.signal, 'claimed_email');
    assert.equal((pair?.evidence as unknown[]).length, 1, 'what both say alike is said once');
    const owner = await person(mail('nobody@pairs.example', 'Somebody After All'));
    assert.ok(pairOf(await agree(4), one, owner), 'who is known by it is each of them, perhaps');
    const { identities } = await server.api('customer.get', { id: owner });
    const more = await person(mail('more@pairs.example', 'One More'));
    await order(mail('nobody@pairs.example', 'Somebody After All'), { kind: 'loyalty_card', value: 'card-1' });
    const shared = await server.api('identity.share', { identity_id: identities[0]?.id ?? '', customer_ids: [owner, more] });
    people.push(shared.id);
    assert.equal(pairOf(await agree(1), one, other), undefined, 'what several have in common says of nobody who they are');
  });

  it('has people of one name, but not of a name that everybody has, nor of one letter', async () => {
    const yuki = [await person(mail('yuki1@pairs.example', 'Yuki Tanaka')), await person(mail('yuki2@pairs.example', 'Yuki Tanaka'))];
    for (const n of [1, 2]) await person(mail(`short${n}@pairs.example`, 'Al'));
    for (let n = 0; n < 21; n++) await person(mail(`smith${n}@pairs.example`, 'John Smith'));
    const pair = pairOf(await agree(2), ...yuki);
    assert.deepEqual([pair?.confidence, pair?.signal], [30, 'same_name']);
    await claims('yuki1@pairs.example', 'Yuki Tanaka');
    const pairs = await agree(4);
    assert.deepEqual(pairs.map(({ confidence }) => confidence).sort(), [30, 30, 72, 97].sort(), 'a name adds to what else is said');
  });

  it('says what differs, of both', async () => {
    const swede = await person(mail('kim@pairs.example', 'Kim Berg'));
    const japanese = await person(mail('kim.berg@pairs.example', 'Kim Berg'));
    await order(mail('kim@pairs.example', 'Kim Berg'), phone('+46701230077'));
    await order(mail('kim.berg@pairs.example', 'Kim Berg'), phone('+819012345678'));
    for (const [id, language, company] of [
      [swede, 'sv', 'Ett AB'],
      [japanese, 'ja', 'Ett AB'],
    ] as const) {
      const { version } = await server.api('customer.get', { id });
      await server.api('customer.update', { id, language, company, version });
    }
    const pair = pairOf(await agree(5), swede, japanese);
    const turned = swede > japanese;
    const both = (what: string, ofSwede: string, ofJapanese: string) =>
      turned ? { what, a: [ofJapanese], b: [ofSwede] } : { what, a: [ofSwede], b: [ofJapanese] };
    assert.deepEqual(pair?.differs, [
      both('language', 'sv', 'ja'),
      both('email', 'kim@pairs.example', 'kim.berg@pairs.example'),
      both('phone', '+46701230077', '+819012345678'),
      both('country', 'SE', 'JP'),
    ]);
  });

  it('forgets at both places who is not the same, and who is one person', async () => {
    const [kim, other] = [await known('kim@pairs.example'), await known('kim.berg@pairs.example')];
    const refused = await server.api('customer.distinguish', { a_id: kim, b_id: other, reason: 'sisters' });
    await agree(4);
    await server.api('customer.withdraw_distinction', { id: refused.id });
    await agree(5);
    await server.api('customer.merge', { client_id: randomUUID(), into_id: kim, from_id: other });
    await agree(4);
  });

  it('has a dot for whom something says it but the name', async () => {
    const { hints } = await server.api('customer.hints', { customer_ids: people.slice(0, 200) });
    const pairs = await ofPanels();
    const expected = new Set(pairs.filter(({ signal }) => signal !== 'same_name').flatMap((one) => one.people.split(' ')));
    assert.deepEqual(
      hints
        .filter(({ perhaps }) => perhaps)
        .map(({ id }) => id)
        .sort(),
      [...expected].sort(),
    );
  });
});
