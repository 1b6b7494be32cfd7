// What was acknowledged is found within a second, by whoever may read it, whatever happens to the people or the server.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import type { SearchPerson, SearchResult } from '../../agent-web/protocol/src/generated.ts';
import { Server, waitFor, endAll } from './harness.ts';

describe('search', () => {
  let server: Server;
  let line: { id: string; url: string };
  let till: { id: string };
  const secret = 'line-secret';
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    line = await server.channel('line', 'LINE', { channel_secret: secret, access_token: 'x' });
    till = await server.channel('api', 'Till');
  });
  after(async () => {
    await endAll(ends);
  });

  async function write(user: string, text: string): Promise<void> {
    const sent = await deliver(lineRequest({ url: line.url, channelSecret: secret }, [lineTextEvent(user, text)]));
    assert.equal(sent.status, 200, sent.text);
  }

  async function search(query: string, more: object = {}): Promise<SearchResult> {
    return await server.api('search.query', { query, ...more } as never);
  }

  /** Polls until the query finds so many people. */
  async function found(query: string, people: number, more: object = {}): Promise<SearchPerson[]> {
    return await waitFor(`"${query}" finds ${people}`, async () => {
      const result = await search(query, more);
      return result.people.length === people && result.complete ? result.people : null;
    });
  }

  async function name(user: string, text: string, full: string): Promise<string> {
    await write(user, text);
    const person = (await found(text, 1))[0];
    assert.ok(person);
    await server.api('customer.update', { id: person.customer_id, name: full });
    return person.customer_id;
  }

  function marked(person: SearchPerson | undefined): string[] {
    const hit = person?.hits[0];
    return (hit?.marks ?? []).map((mark) => (hit?.snippet ?? '').slice(mark.start ?? 0, mark.end ?? 0));
  }

  it('finds a message within a second of its acknowledgement', async () => {
    await write('U-warm', 'warming up');
    await found('warming', 1);
    for (let i = 0; i < 5; i++) {
      await write('U-soon', `soonword${i} arrived`);
      const since = Date.now();
      await found(`soonword${i}`, 1);
      assert.ok(Date.now() - since < 1000, `it took ${Date.now() - since} ms`);
    }
  });

  it('marks the words in a snippet, in every script', async () => {
    await write('U-ja', '先日、東京駅で買った靴😀のサイズが合いません。交換できますか？');
    await write('U-de', 'Guten Tag,\n\nwo ist meine Straßenkarte?');
    await write('U-el', 'Πού είναι η παραγγελία μου; Ευχαριστώ, Ελένη');
    await write('U-sv', 'Var är mitt paket? Åsa');
    await write('U-ph', 'ring 090-1234-5678 20 minutes after nine');
    assert.deepEqual(marked((await found('靴 東京駅', 1))[0]), ['東京駅', '靴']);
    assert.deepEqual(marked((await found('サイズ', 1))[0]), ['サイズ']);
    assert.deepEqual(marked((await found('STRASSENKARTE', 1))[0]), ['Straßenkarte']);
    assert.deepEqual(marked((await found('παραγγελια', 1))[0]), ['παραγγελία']);
    assert.deepEqual(marked((await found('asa', 1))[0]), ['Åsa']);
    assert.deepEqual(marked((await found('+81 90 1234 5678', 1))[0]), ['090-1234-5678']);
    assert.equal((await search('"karte straßen"')).people.length, 0);
    const snippet = (await found('wo straßenkarte', 1))[0]?.hits[0]?.snippet ?? '';
    assert.equal(snippet, 'Guten Tag, wo ist meine Straßenkarte?');
  });

  it('finds what is written in another way: older and rare forms of Han, kana of either kind, v as b', async () => {
    await write('U-variants', '髙橋様へ、ヴァイオリンの弦とらーめん丼を邉見が送りました');
    for (const [query, words] of [
      ['高橋', '髙橋'],
      ['バイオリン', 'ヴァイオリン'],
      ['ばいおりん', 'ヴァイオリン'],
      ['ラーメン', 'らーめん'],
      ['ﾗｰﾒﾝ', 'らーめん'],
      ['辺見', '邉見'],
    ])
      assert.deepEqual(marked((await found(query ?? '', 1))[0]), [words]);
    await name('U-named', 'named', '渡邊 栄一');
    await found('渡辺', 1);
  });

  it('groups by person, follows merges at once, and finds the person that a name led to', async () => {
    const a = await name('U-ma', 'mergeword one', 'Johanna Lindqvist');
    const b = await name('U-mb', 'mergeword two', 'Hanna Lind');
    assert.equal((await found('mergeword', 2)).length, 2);
    const operation = await server.api('customer.merge', { into_id: a, from_id: b, reason: 'test' } as never);
    const merged = (await search('mergeword')).people;
    assert.deepEqual(
      merged.map((one) => one.customer_id),
      [a],
    );
    assert.equal(merged[0]?.hits.length, 2);
    assert.deepEqual(
      (await found('hanna lind', 1)).map((one) => one.customer_id),
      [a],
    );
    await server.api('customer.unmerge', { operation_id: operation.id } as never);
    assert.equal((await search('mergeword')).people.length, 2);
  });

  it('takes some words for the name of who wrote, and the others for what was written', async () => {
    await name('U-na', 'the namedword parcel is late', 'Eleni Papadaki');
    await name('U-nb', 'another namedword parcel', 'Mia Lindqvist');
    await write('U-na', 'and something else');
    const people = await found('eleni namedword', 1);
    assert.equal(people[0]?.name, 'Eleni Papadaki');
    assert.deepEqual(
      people[0]?.hits.map((hit) => hit.snippet),
      ['the namedword parcel is late'],
    );
    assert.equal((await search('namedword -eleni')).people.length, 2);
  });

  it('forgives typos in names', async () => {
    const id = await name('U-typo', 'typoword', 'Jürgen Müller-Smith');
    for (const query of ['Jurgen Muller', 'Jürgn Müler', 'smiht', 'müll']) {
      const people = await waitFor(`"${query}" finds the person`, async () => {
        const result = await search(query);
        return result.people.some((one) => one.customer_id === id) ? result.people : null;
      });
      const person = people.find((one) => one.customer_id === id);
      assert.ok((person?.name_marks ?? []).length > 0, `"${query}" is marked`);
    }
  });

  it('finds by the end of a number and by a part of an address, and says so', async () => {
    const entries = [
      { identity: { kind: 'phone', value: '+819087655512' }, external_id: 'part-1', kind: 'note', text: 'partword one' },
      { identity: { kind: 'email', value: 'mia.lind@mail.partco.com' }, external_id: 'part-2', kind: 'note', text: 'partword two' },
    ];
    await server.api('entries.put' as never, { channel_id: till.id, entries } as never);
    await found('partword', 2);
    for (const [query, text, marks, how] of [
      ['5512', '+819087655512', '5512', 'ending'],
      ['8765-5512', '+819087655512', '87655512', 'ending'],
      ['090 8765 5512', '+819087655512', '+819087655512', 'number'],
      ['mia.li', 'mia.lind@mail.partco.com', 'mia.lind', 'address'],
      ['partco.co', 'mia.lind@mail.partco.com', 'partco.com', 'address'],
    ] as const) {
      const person = (await found(query, 1))[0];
      assert.equal(person?.matched ?? person?.name, text, query);
      const reason = person?.reasons.find((one) => one.found_in === 'identity');
      assert.deepEqual([reason?.text, reason?.found_as], [text, how], query);
      assert.equal(reason?.marks.map(({ start, end }) => text.slice(start ?? 0, end ?? 0)).join(), marks, query);
    }
  });

  it('says of each person and each entry by what it was found', async () => {
    await server.api('attribute.put', { key: 'segment', label: 'Segment', type: 'text' });
    const id = await name('U-why', 'whyword: my refund, please, for the two orders', 'Wilhelmina Whyte');
    await server.api('customer.update', { id, company: 'Whyworks Ltd', tags: ['whytag'], attributes: { segment: 'whysegment' } } as never);
    const order = {
      identities: [{ kind: 'email', value: 'whybuyer@example.com' }],
      order: {
        external_id: 'why1',
        number: '#EC-77001',
        state: 'shipped',
        place: 'web',
        currency: 'EUR',
        total: '40.00',
        placed_at: '2026-05-01T00:00:00Z',
        updated_at: '2026-05-02T00:00:00Z',
        items: [{ name: 'Whypot', quantity: 1, price: '40.00' }],
        tracking: [{ carrier: 'UPS', number: '1Z 999 AA1 0123 4567 84' }],
      },
    };
    await server.api('orders.put', { channel_id: till.id, orders: [order] } as never);
    const why = async (query: string, of: 'person' | 'hit'): Promise<string> => {
      const person = (await found(query, 1))[0];
      const reasons = of === 'person' ? person?.reasons : person?.hits[0]?.reasons;
      return (reasons ?? []).map((one) => `${one.found_in}${one.name ? ` ${one.name}` : ''} ${one.found_as}`).join();
    };
    for (const [query, of, expected] of [
      ['Wilhelmina', 'person', 'name word'],
      ['Wilhelm', 'person', 'name beginning'],
      ['Wilhelnima', 'person', 'name similar'],
      ['whyworks', 'person', 'profile company word'],
      ['whytag', 'person', 'tag word'],
      ['whysegment', 'person', 'attribute segment word'],
      ['whyword', 'hit', 'text word'],
      ['whyword refunds ', 'hit', 'text form'],
      ['Wilhelmina refund', 'hit', 'writer word,text word'],
      ['ec77001', 'hit', 'order_number word'],
      ['order no. 7001', 'hit', 'order_number ending'],
      ['1z999aa10123456784', 'hit', 'tracking number'],
      ['whypot', 'hit', 'item word'],
    ] as const)
      assert.equal(await why(query, of), expected, query);
  });

  it('filters by medium, kind, time and tag, and pages back', async () => {
    await write('U-f1', 'filterword from a chat');
    const person = (await found('filterword', 1))[0];
    assert.ok(person);
    const entries = Array.from({ length: 30 }, (_, i) => ({
      identity: { kind: 'email', value: `f${i}@example.com` },
      external_id: `f-${i}`,
      kind: 'note',
      text: `filterword note ${i}`,
      occurred_at: new Date(Date.UTC(2020, 0, 1 + i)).toISOString(),
    }));
    await server.api('entries.put' as never, { channel_id: till.id, entries } as never);
    await found('filterword', 20);
    assert.equal((await search('filterword', { media: ['line'] })).people.length, 1);
    assert.equal((await search('filterword', { kinds: ['note'], limit: 50 })).people.length, 30);
    assert.equal((await search('filterword', { from: '2020-01-10T00:00:00Z', to: '2020-01-20T00:00:00Z' })).people.length, 10);
    assert.equal((await search('filterword', { from: '2020-01-10T00:00:00Z', to: '9999-12-31T23:59:59Z', kinds: ['note'], limit: 50 })).people.length, 21);
    assert.equal((await search('filterword', { from: '9999-12-31T23:59:59Z' })).people.length, 0);
    assert.equal((await search('filterword', { to: '1969-12-31T23:59:59Z' })).people.length, 0);
    await assert.rejects(search('filterword', { media: ['pigeon'] }), /pigeon/);
    await assert.rejects(search('-filterword'), /word to look for/);
    await assert.rejects(search('!?'), /word to look for/);

    const seen = new Set<string>();
    let before: string | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page: SearchResult = await search('filterword', { limit: 7, ...(before ? { before } : {}) });
      page.people.forEach((one) => seen.add(one.customer_id));
      if (!page.more) break;
      before = page.cursor ?? undefined;
    }
    assert.equal(seen.size, 31);

    await server.api('customer.update', { id: person.customer_id, tags: ['VIP club'] });
    const tagged = await found('filterword', 1, { tag: 'vip club' });
    assert.equal(tagged[0]?.customer_id, person.customer_id);
    const other = (await found('"filterword note 5"', 1))[0];
    const conversations = await server.api('conversation.list', { view: 'all', limit: 200 });
    const spoken = conversations.conversations.find((one) => one.customer_id === person.customer_id);
    await server.api('conversation.set_tags', { id: spoken?.id ?? '', tags: ['spoken'] });
    assert.deepEqual(
      (await search('filterword', { tag: 'spoken' })).people.map((one) => one.customer_id),
      [person.customer_id],
    );
    assert.notEqual(other?.customer_id, person.customer_id);
    assert.equal((await search('filterword', { tag: 'nobody' })).people.length, 0);
  });

  it('finds nothing that the caller may not read', async () => {
    const closed = await server.channel('line', 'Complaints', { channel_secret: secret, access_token: 'x' });
    const sent = await deliver(lineRequest({ url: closed.url, channelSecret: secret }, [lineTextEvent('U-closed', 'closedword here')]));
    assert.equal(sent.status, 200);
    const person = (await found('closedword', 1))[0];
    server.sql(`UPDATE channel SET readers = 4 WHERE name = 'Complaints'`);
    const agent = await server.agent((await server.newAgent('Plain Agent')).cookie);
    assert.equal((await agent.call('search.query', { query: 'closedword' } as never)).people.length, 0);
    const page = await agent.call('timeline.page', { customer_id: person?.customer_id, query: 'closedword' } as never);
    assert.equal(page.entries.length, 0);
    agent.close();
    assert.equal((await search('closedword')).people.length, 1);
  });

  it('filters a timeline and pages it both ways, also where many entries share a moment', async () => {
    const moment = '2021-05-05T05:05:05.000Z';
    const entries = Array.from({ length: 60 }, (_, i) => ({
      identity: { kind: 'email', value: 'timeline@example.com' },
      external_id: `t-${i}`,
      kind: i % 3 ? 'visit' : 'note',
      text: i % 2 ? `evenly ${i}` : `oddly #AB-${i}`,
      occurred_at: i < 20 ? moment : new Date(Date.UTC(2021, 6, 1, 0, i)).toISOString(),
    }));
    await server.api('entries.put' as never, { channel_id: till.id, entries } as never);
    const customer = (await found('evenly', 1))[0]?.customer_id as string;
    const all = (await server.api('timeline.page', { customer_id: customer, limit: 500 })).entries;
    assert.equal(all.length, 60);
    const wanted = all.filter((one) => one.kind === 'note').map((one) => one.id);

    const older: string[] = [];
    let place: { before_at?: string; before_id?: string } = {};
    for (;;) {
      const page = await server.api('timeline.page', { customer_id: customer, kinds: ['note'], limit: 3, ...place } as never);
      older.push(...page.entries.map((one) => one.id));
      const last = page.entries.at(-1);
      if (!page.more || !last) break;
      place = { before_at: last.occurred_at as string, before_id: last.id };
    }
    assert.deepEqual(older, wanted);

    const newer: string[] = [];
    let from: { after_at: string; after_id?: string } = { after_at: '2000-01-01T00:00:00Z' };
    for (;;) {
      const page = await server.api('timeline.page', { customer_id: customer, kinds: ['note'], limit: 3, ...from } as never);
      newer.unshift(...page.entries.map((one) => one.id));
      const first = page.entries[0];
      if (!page.more || !first) break;
      from = { after_at: first.occurred_at as string, after_id: first.id };
    }
    assert.deepEqual(newer, wanted);

    const numbered = await server.api('timeline.page', { customer_id: customer, order_number: '#AB-42' } as never);
    assert.deepEqual(
      numbered.entries.map((one) => one.text),
      ['oddly #AB-42'],
    );
    const worded = await server.api('timeline.page', { customer_id: customer, query: 'evenly', media: ['other', 'shop', 'email'], limit: 500 } as never);
    assert.equal(worded.entries.length, all.filter((one) => one.text?.startsWith('evenly')).length);

    const middle = all[30];
    assert.ok(middle);
    const around = await server.api('timeline.around', { customer_id: customer, entry_id: middle.id, limit: 11 } as never);
    assert.deepEqual(
      around.entries.map((one) => one.id),
      all.slice(25, 36).map((one) => one.id),
    );
    assert.deepEqual([around.more_older, around.more_newer], [true, true]);
    const unfiltered = await server.api('timeline.page', { customer_id: customer, after_at: middle.occurred_at, after_id: middle.id, limit: 10 } as never);
    assert.deepEqual(
      unfiltered.entries.map((one) => one.id),
      all.slice(20, 30).map((one) => one.id),
    );
  });

  it('narrows by channel and by where the conversation stands, and groups by conversation', async () => {
    await write('U-q1', 'quincewords one');
    await write('U-q2', 'quincewords two');
    await server.api('entries.put', {
      channel_id: till.id,
      entries: [{ kind: 'message', identity: { kind: 'email', value: 'q3@example.com' }, text: 'quincewords three', external_id: 'q3' }],
    } as never);
    const people = await found('quincewords', 3);
    const all = await waitFor('they are grouped', async () => {
      const result = await server.api('search.conversations', { query: 'quincewords' });
      return result.conversations.length === 3 ? result.conversations : null;
    });
    assert.deepEqual(new Set(all.map(({ conversation }) => conversation.customer_id)), new Set(people.map(({ customer_id }) => customer_id)));
    assert.ok(all.every(({ hits, conversation }) => hits.length === 1 && hits[0]?.snippet === conversation.preview));
    const [first] = all;
    assert.ok(first);
    await server.api('conversation.set_status', { id: first.conversation.id, status: 'resolved' });
    const resolved = await server.api('search.conversations', { query: 'quincewords', status: ['resolved'] });
    assert.deepEqual(
      resolved.conversations.map(({ conversation }) => [conversation.id, conversation.status]),
      [[first.conversation.id, 'resolved']],
    );
    const others = await search('quincewords', { status: ['open', 'snoozed'] });
    assert.deepEqual(
      new Set(others.people.map(({ customer_id }) => customer_id)),
      new Set(people.map(({ customer_id }) => customer_id).filter((id) => id !== first.conversation.customer_id)),
    );
    assert.deepEqual(
      (await search('quincewords', { channel_id: till.id })).people.flatMap(({ hits }) => hits.map(({ snippet }) => snippet)),
      ['quincewords three'],
    );
    await assert.rejects(search('quincewords', { channel_id: first.conversation.id }), /no such channel/);
    await assert.rejects(search('quincewords', { status: ['gone'] }), /gone/);
    const page = await server.api('search.conversations', { query: 'quincewords', limit: 2 });
    assert.deepEqual([page.conversations.length, page.more], [2, true]);
    const rest = await server.api('search.conversations', { query: 'quincewords', limit: 2, before: page.cursor });
    assert.deepEqual(new Set([...page.conversations, ...rest.conversations].map(({ conversation }) => conversation.id)).size, 3);
  });

  it('finds everything after kill -9, after the file is lost, and while it is made anew', async () => {
    for (let i = 0; i < 40; i++) await write(`U-k${i % 7}`, `killword${i % 4} ${i}`);
    await server.stop('SIGKILL');
    await server.serve();
    await waitFor('the last message is found as well', async () => (await found('killword1', 7)).flatMap((one) => one.hits).length === 10);

    server.run(['search', 'rebuild']);
    let asked = 0;
    for (const until = Date.now() + 1500; Date.now() < until; asked++) assert.equal((await search('killword1')).people.length, 7);
    assert.ok(asked > 10);
    await waitFor('it was made anew', () => server.log.split('search index complete').length > 2);
    assert.equal((await found('killword1', 7)).length, 7);
    assert.match(server.run(['search', 'status']), /complete: 100 %\nbehind: 0\nrebuild: none/);

    await server.stop();
    const file = `${server.folder}/search.index`;
    assert.ok(existsSync(file));
    rmSync(file);
    await server.serve();
    await found('killword1', 7);
  });
});
