// Who is who: what links by itself, what only suggests, what agents decide, and that all of it can be taken back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { composeMail, deliver, lineRequest, lineTextEvent, rfc822Request, type ShopifyOrder, shopifyRequest } from '../../agent-web/play/providers.ts';
import type { Customer, Entry } from '../../agent-web/protocol/src/generated.ts';
import { allPut, ApiError, randomUUID, Server, signedBySite, waitFor, endAll } from './harness.ts';

interface Moved {
  entry_id: string;
  customer_id: string;
  name: string;
  undone: boolean;
}

describe('identity', () => {
  let server: Server;
  let shop: { id: string };
  let line: { id: string; url: string };
  let mail: { id: string; url: string; secrets: Record<string, string> };
  let chat: { id: string };
  const identitySecret = 'a secret of the site';
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    shop = await server.channel('api', 'Till');
    line = await server.channel('line', 'LINE', { channel_secret: 'line-secret', access_token: 'x' });
    mail = await server.channel('email', 'Help', { address: 'help@shop.example', trust_auth_results: 'mx.shop.example' });
    chat = await server.channel('chat', 'Chat', { identity_secret: identitySecret });
  });
  after(async () => {
    await endAll(ends);
  });

  type Identity = { kind: 'email' | 'phone' | 'loyalty_card' | 'line' | 'whatsapp' | 'shop_customer'; value: string; name?: string };

  async function message(identities: Identity[], text: string): Promise<string> {
    await server.api('entries.put', {
      channel_id: shop.id,
      entries: [{ external_id: randomUUID(), identity: identities[0] as Identity, also: identities.slice(1), kind: 'message', direction: 'in', text }],
    });
    return await owner(identities[0]?.value ?? '');
  }

  async function order(number: string, identities: Identity[], more: object = {}): Promise<void> {
    await server.api('orders.put', {
      channel_id: shop.id,
      orders: [
        {
          identities,
          order: {
            external_id: number,
            number: `#${number}`,
            state: 'placed',
            place: 'web',
            currency: 'EUR',
            total: '10.50',
            placed_at: new Date().toISOString(),
            updated_at: new Date().toISOString(),
            items: [],
            tracking: [],
            ...more,
          },
        },
      ],
    });
  }

  async function owner(value: string): Promise<string> {
    const hits = await server.api('customer.search', { query: value });
    assert.equal(hits.hits.length, 1, `${value} belongs to ${hits.hits.length} people`);
    return hits.hits[0]?.id ?? '';
  }

  async function person(name: string): Promise<{ id: string; value: string }> {
    const value = `${name}-${randomUUID().slice(0, 8)}@example.com`;
    return { id: await message([{ kind: 'email', value, name }], `hello from ${name}`), value };
  }

  async function timeline(customer: string): Promise<Entry[]> {
    return (await server.api('timeline.page', { customer_id: customer, limit: 200 })).entries;
  }

  async function get(id: string): Promise<Customer> {
    return await server.api('customer.get', { id });
  }

  async function refusal(call: Promise<unknown>): Promise<ApiError> {
    try {
      await call;
    } catch (error) {
      assert.ok(error instanceof ApiError);
      return error;
    }
    assert.fail('it was not refused');
  }

  async function mailFrom(from: string, authentication: string): Promise<void> {
    const raw = await composeMail({ from, fromName: 'Who Ever', to: 'help@shop.example', subject: 'Hello', text: `by ${from}` });
    const head = Buffer.from(`Authentication-Results: mx.shop.example; ${authentication}\r\n`);
    const sent = await deliver(rfc822Request({ url: mail.url, token: mail.secrets['token'] ?? '' }, Buffer.concat([head, raw])));
    assert.equal(sent.status, 200, sent.text);
  }

  it('links by a rule, and says by which, on what evidence', async () => {
    const mia = await person('mia');
    await order('2001', [
      { kind: 'shop_customer', value: 'S-2001' },
      { kind: 'email', value: mia.value.toUpperCase() },
    ]);
    const customer = await get(mia.id);
    const linked = customer.identities.find((one) => one.kind === 'shop_customer');
    assert.equal(linked?.rule, 'same_email');
    const [why] = linked?.evidence ?? [];
    assert.deepEqual([why?.code, why?.params.number, why?.params.channel], ['order_has', '#2001', shop.id]);
    assert.match(String(why?.params.value), /^mia-/);
    assert.equal(linked?.linked_by, null);
  });

  it('suggests when two people are named, and remembers the refusal', async () => {
    const one = await person('noor');
    const other = await message([{ kind: 'phone', value: `+4670123${Math.floor(1000 + Math.random() * 8999)}` }], 'ring me');
    const phone = (await get(other)).identities[0]?.value ?? '';
    await order('2002', [
      { kind: 'email', value: one.value },
      { kind: 'phone', value: phone },
    ]);
    const found = (await server.api('customer.suggestions', { customer_id: one.id })).suggestions;
    assert.equal(found.length, 1);
    assert.equal(found[0]?.customer_id, other);
    assert.equal(found[0]?.signal, 'same_phone');
    assert.ok((found[0]?.confidence ?? 0) >= 70);
    const [why] = found[0]?.evidence ?? [];
    assert.deepEqual([why?.code, why?.params.number], ['order_has', '#2002']);
    assert.match(String(why?.params.value), /^\+4670123/);
    const back = (await server.api('customer.suggestions', { customer_id: other })).suggestions;
    assert.equal(back[0]?.customer_id, one.id, 'seen from the other side too');
    const all = await server.api('suggestion.list', {});
    assert.ok(all.suggestions.some((each) => each.a?.id === one.id && each.b?.id === other));

    const refused = await server.api('customer.distinguish', { a_id: one.id, b_id: other, reason: 'mother and son' });
    assert.equal((await server.api('customer.suggestions', { customer_id: one.id })).suggestions.length, 0);
    assert.ok(!(await server.api('suggestion.list', {})).suggestions.some((each) => each.a?.id === one.id));
    const conflict = await refusal(server.api('customer.merge', { into_id: one.id, from_id: other }));
    assert.equal(conflict.kind, 'conflict');
    const preview = await server.api('customer.merge_preview', { into_id: one.id, from_id: other });
    assert.equal(preview.distinctions[0]?.reason, 'mother and son');
    await order('2003', [
      { kind: 'email', value: one.value },
      { kind: 'phone', value: phone },
    ]);
    assert.equal((await server.api('customer.suggestions', { customer_id: one.id })).suggestions.length, 0, 'whatever comes');
    await server.api('customer.withdraw_distinction', { id: refused.id });
    assert.equal((await server.api('customer.suggestions', { customer_id: one.id })).suggestions.length, 1);
    await server.api('customer.merge', { into_id: one.id, from_id: other });
    assert.equal((await get(one.id)).identities.length, 2);
  });

  it('does not link by what a visitor types, and shows the visitor nothing; a signature links', async () => {
    const ann = await person('ann');
    const visitor = await server.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'it is me, Ann' });
    await visitor.call('chat.identify', { email: ann.value });
    assert.equal((await get(ann.id)).identities.length, 1, 'a claim links nothing');
    const suggested = (await server.api('customer.suggestions', { customer_id: ann.id })).suggestions;
    assert.equal(suggested[0]?.signal, 'claimed_email');
    const again = await server.visitor();
    const token = (await visitor.call('chat.hello', { channel_id: chat.id })).token;
    const shown = await again.call('chat.hello', { channel_id: chat.id, ...(token ? { token } : {}) });
    assert.ok(!JSON.stringify(shown).includes('hello from ann'), 'the claimant sees nothing of hers');

    const signed = await server.visitor();
    await signed.call('chat.hello', { channel_id: chat.id });
    await signed.call('chat.send', { client_id: randomUUID(), text: 'signed' });
    await signed.call('chat.identify', { email: ann.value, ...signedBySite(chat.id, identitySecret, 'email', ann.value) });
    assert.equal((await get(ann.id)).identities.length, 2, 'a signature does');
    for (const socket of [visitor, again, signed]) socket.close();
  });

  describe('a customer number that a site signs, a till says and a shop sends', () => {
    /** Each says it once, and who that made: of the site, of the till by both kinds, of the shop. */
    async function said(settings: Record<string, string>): Promise<string[]> {
      const number = String(8_000_000_000_000 + Math.floor(Math.random() * 1e12));
      const site = await server.channel('chat', 'Site', { identity_secret: identitySecret, ...settings });
      const till = await server.channel('api', 'Other till', settings);
      const webShop = await server.channel('shopify', 'Web shop', { secret: 'shop-secret', ...settings });
      const visitor = await server.visitor();
      await visitor.call('chat.hello', { channel_id: site.id });
      const text = `from the site of ${number}`;
      await visitor.call('chat.send', { client_id: randomUUID(), text });
      await visitor.call('chat.identify', { user_id: number, ...signedBySite(site.id, identitySecret, 'user_id', number) });
      visitor.close();
      for (const kind of ['external', 'shop_customer'] as const)
        await server.api('entries.put', {
          channel_id: till.id,
          entries: [{ external_id: randomUUID(), identity: { kind, value: number }, kind: 'message', direction: 'in', text: `${kind} of ${number}` }],
        });
      const at = new Date();
      const order: ShopifyOrder = {
        id: number,
        number: 7,
        customerId: number,
        firstName: 'Nao',
        lastName: number,
        currency: 'EUR',
        lines: [],
        createdAt: at,
        updatedAt: at,
        paid: true,
      };
      assert.equal((await deliver(shopifyRequest({ url: webShop.url, secret: 'shop-secret' }, 'orders/create', order))).status, 200);
      return [...new Set((await server.api('customer.search', { query: number })).hits.map((hit) => hit.id))];
    }

    it('is one person in a space that the three channels name', async () => {
      const people = await said({ customer_space: `shop-${randomUUID().slice(0, 8)}` });
      assert.equal(people.length, 1);
      const { identities } = await get(people[0] ?? '');
      assert.deepEqual(identities.map((one) => one.kind).sort(), ['shop_customer', 'visitor']);
      assert.deepEqual(
        (await timeline(people[0] ?? ''))
          .filter((entry) => entry.kind !== 'activity')
          .map((entry) => entry.kind)
          .sort(),
        ['message', 'message', 'message', 'order'],
      );
    });

    it('is another number in another space', async () => {
      const [one, other] = [await said({ customer_space: 'one' }), await said({ customer_space: 'other' })];
      assert.equal(new Set([...one, ...other]).size, 2);
    });

    it("is each channel's own, by its kind, where none is named", async () => {
      assert.equal((await said({})).length, 4);
    });

    it('asks for a word', async () => {
      const refused = await refusal(server.channel('api', 'Tills', { customer_space: 'Two words' }));
      assert.equal(refused.field, 'customer_space');
      assert.match(refused.message, /must be a word of at most 40 of a-z, 0-9, - and _/);
    });
  });

  it('refuses to be told what only its channel proves', async () => {
    for (const kind of ['visitor', 'unverified_email'] as const) {
      const refused = await refusal(
        server
          .api('entries.put', {
            channel_id: shop.id,
            entries: [{ external_id: randomUUID(), identity: { kind, value: 'a@shop.example' }, kind: 'message', direction: 'in', text: 'hello' }],
          })
          .then(allPut),
      );
      assert.match(refused.message, /only its channel proves it/);
    }
    const chat = await server.channel('chat', 'History');
    const history = {
      external_id: randomUUID(),
      identity: { kind: 'visitor' as const, value: `v-${randomUUID()}` },
      kind: 'message' as const,
      direction: 'in' as const,
      text: 'from the old chat',
    };
    assert.equal((await server.api('entries.put', { channel_id: chat.id, entries: [history] })).created, 1, 'the history of a chat comes into a chat');
  });

  it('files a mail that failed authentication under nobody else, and suggests', async () => {
    const eve = `eve-${randomUUID().slice(0, 8)}@bank.example`;
    await mailFrom(eve, 'dmarc=pass header.from=bank.example');
    const real = await owner(eve);
    await mailFrom(eve, 'dmarc=fail header.from=bank.example');
    assert.equal((await timeline(real)).length, 1, 'the forged one is not in the timeline of the address');
    const suggested = (await server.api('customer.suggestions', { customer_id: real })).suggestions;
    assert.equal(suggested[0]?.signal, 'failed_authentication');
    const forged = await get(suggested[0]?.customer_id ?? '');
    assert.equal(forged.identities[0]?.kind, 'unverified_email');
    const ways = (await server.api('customer.reach', { customer_id: forged.id })).ways;
    assert.ok(ways.every((way) => !way.usable || way.closed === null));
    assert.equal(ways.find((way) => way.channel_id === mail.id)?.closed, 'unproven');
  });

  it('shows two people side by side, merges with a choice, and gives all back', async () => {
    const one = await person('Berta');
    const other = await person('Bertha');
    await server.api('customer.update', { id: one.id, name: 'Berta', company: 'Ett AB', language: 'sv' });
    await server.api('customer.update', { id: other.id, name: 'Bertha', company: 'Två AB', tags: ['vip'] });
    const preview = await server.api('customer.merge_preview', { into_id: one.id, from_id: other.id });
    assert.deepEqual(preview.conflicts.map((each) => each.field).sort(), ['company', 'name']);
    assert.equal(preview.from?.entries, 1);
    assert.equal(preview.into?.open_conversations, 1);

    const watcher = await server.agent();
    await watcher.call('timeline.watch', { customer_id: other.id });
    const operation = await server.api('customer.merge', { into_id: one.id, from_id: other.id, take: ['company'], reason: 'same address' });
    await waitFor('who shows her is told', () => watcher.pushed('customer').some((each) => each.customer_id === other.id));
    await waitFor('the queue too', () => watcher.pushed('conversation').some((each) => each.customer_id === one.id));
    watcher.close();
    const both = await get(one.id);
    assert.equal(both.name, 'Berta');
    assert.equal(both.company, 'Två AB');
    assert.deepEqual(both.tags, ['vip']);
    assert.deepEqual(
      (await get(other.id)).moved_to.map((each) => each.id),
      [one.id],
    );
    assert.equal((await timeline(one.id)).length, 2);

    await message([{ kind: 'email', value: other.value }], 'written in between');
    const conversations = await server.api('conversation.of_customer', { customer_id: one.id });
    await server.api('conversation.assign', { id: conversations.conversations[0]?.id ?? '', agent_id: null });
    await server.api('customer.unmerge', { operation_id: operation.id, reason: 'two after all' });
    assert.deepEqual((await timeline(other.id)).map((each) => each.text).sort(), ['hello from Bertha', 'written in between']);
    assert.deepEqual(
      (await timeline(one.id)).map((each) => each.text),
      ['hello from Berta'],
    );
    assert.equal((await get(one.id)).company, 'Ett AB');
    const listed = (await server.api('customer.operations', { customer_id: one.id })).operations;
    assert.equal(listed[0]?.undone_reason, 'two after all');
    const audit = await server.api('audit.list', { customer_id: one.id });
    assert.deepEqual(
      audit.events.map((each) => each.action),
      ['unmerge', 'merge'],
    );
    assert.equal(audit.events[1]?.reason, 'same address');
    assert.equal(audit.events[1]?.agent_name, 'tests', 'the token by which it was done');
  });

  it('takes one identity out, remembers it, and undoes that', async () => {
    const one = await person('carl');
    const card = `card-${randomUUID().slice(0, 8)}`;
    await message(
      [
        { kind: 'email', value: one.value },
        { kind: 'loyalty_card', value: card },
      ],
      'with a card',
    );
    await message([{ kind: 'loyalty_card', value: card }], 'at the till');
    const before = await get(one.id);
    const taken = before.identities.find((each) => each.kind === 'loyalty_card');
    const operation = await server.api('customer.split', { customer_id: one.id, identity_ids: [taken?.id ?? ''], apart: true, reason: 'his brother' });
    assert.deepEqual(
      operation.identities.map((each) => each.value),
      [card],
    );
    const brother = await get(operation.into_id);
    assert.deepEqual(
      (await timeline(brother.id)).map((each) => each.text),
      ['at the till'],
    );
    assert.equal((await refusal(server.api('customer.merge', { into_id: one.id, from_id: brother.id }))).kind, 'conflict');
    const all = await refusal(
      server.api('customer.split', { customer_id: one.id, identity_ids: [before.identities.find((each) => each.kind === 'email')?.id ?? ''] }),
    );
    assert.equal(all.field, 'identity_ids', 'somebody must stay');
    await server.api('customer.unmerge', { operation_id: operation.id });
    assert.deepEqual(new Set((await get(one.id)).identities.map((each) => each.id)), new Set(before.identities.map((each) => each.id)));
  });

  it('asks who wrote by a shared address, and files what one says with them', async () => {
    const people = [await person('dad'), await person('mum'), await person('kid')];
    const phone = `+4687654${Math.floor(100 + Math.random() * 899)}`;
    const first = await message([{ kind: 'phone', value: phone }], 'from the family');
    await server.api('customer.merge', { into_id: people[0]?.id ?? '', from_id: first });
    const shared = (await get(people[0]?.id ?? '')).identities.find((each) => each.value === phone);
    const record = await server.api('identity.share', { identity_id: shared?.id ?? '', customer_ids: people.map((each) => each.id) });
    assert.deepEqual(record.shared_by.map((each) => each.id).sort(), people.map((each) => each.id).sort());
    await message([{ kind: 'phone', value: phone }], 'who am I?');
    assert.equal((await timeline(record.id)).length, 2, 'it arrives at the record of the telephone');
    assert.equal((await get(people[1]?.id ?? '')).shares[0]?.others, 2);
    await order('2010', [
      { kind: 'email', value: people[2]?.value ?? '' },
      { kind: 'phone', value: phone },
    ]);
    assert.equal((await get(record.id)).identities.length, 1, 'it vouches for nobody');
    assert.equal((await server.api('customer.suggestions', { customer_id: people[2]?.id ?? '' })).suggestions.length, 0);

    const asked = (await timeline(record.id)).find((each) => each.text === 'who am I?');
    const moved = await server.api('entry.move', { entry_id: asked?.id ?? '', customer_id: people[1]?.id ?? '', reason: 'her voice' });
    assert.equal((moved.moved_from as Moved).name, phone);
    assert.ok((await timeline(people[1]?.id ?? '')).some((each) => each.text === 'who am I?'));
    const stub = (await timeline(record.id)).find((each) => each.id === asked?.id);
    assert.equal((stub?.moved_to as Moved).customer_id, people[1]?.id);
    const kept = await server.api('identity.unshare', { identity_id: shared?.id ?? '', customer_id: people[0]?.id ?? '' });
    assert.ok(kept.identities.some((each) => each.value === phone && !each.shared));
  });

  it('moves an entry, opens its conversation there, and takes it back', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    const open = await server.api('conversation.of_customer', { customer_id: bob.id });
    await server.api('conversation.set_status', { id: open.conversations[0]?.id ?? '', status: 'resolved' });
    const written = (await timeline(alice.id))[0];
    const watcher = await server.agent();
    await watcher.call('timeline.watch', { customer_id: alice.id });
    const moved = await server.api('entry.move', { entry_id: written?.id ?? '', customer_id: bob.id });
    await waitFor('the stub is pushed', () => watcher.pushed('entry').some((each) => each.entry?.id === written?.id && each.entry?.moved_to));
    watcher.close();
    assert.equal(moved.text, 'hello from alice');
    assert.equal(moved.occurred_at, written?.occurred_at);
    const twice = await refusal(server.api('entry.move', { entry_id: written?.id ?? '', customer_id: bob.id }));
    assert.equal(twice.kind, 'conflict');
    const counted = async (customer_id: string, d7: number | undefined): Promise<boolean> =>
      (await server.api('customer.overview', { customer_id })).contacts[0]?.d7 === d7;
    await waitFor('it counts with him', () => counted(bob.id, 2));
    await waitFor('and with her no longer', () => counted(alice.id, undefined));
    const back = await server.api('entry.move_back', { entry_id: moved.id });
    assert.equal(back.id, written?.id);
    assert.equal(back.moved_to, null);
    const left = (await timeline(bob.id)).find((each) => each.id === moved.id);
    assert.equal(left?.text, null);
    assert.equal((left?.moved_from as Moved).undone, true);
    await waitFor('it counts with her again', () => counted(alice.id, 1));
  });

  it('knows today and then of an order, in any message', async () => {
    const dora = await person('dora');
    const number = `9${Math.floor(1000 + Math.random() * 8999)}`;
    const day = (n: number): string => new Date(Date.now() - n * 86_400_000).toISOString();
    await order(number, [{ kind: 'email', value: dora.value }], { placed_at: day(3), updated_at: day(3) });
    await order(number, [{ kind: 'email', value: dora.value }], { placed_at: day(3), updated_at: day(1), state: 'shipped' });
    const found = (await server.api('order.find', { number: `#${number}`, customer_id: dora.id, at: day(2) })).orders;
    assert.equal(found[0]?.order?.state, 'shipped');
    assert.equal((found[0]?.then as { state: string }).state, 'placed');
    assert.equal(found[0]?.customer_id, dora.id);
    const early = (await server.api('order.find', { number, at: day(5) })).orders;
    assert.equal(early[0]?.then, null, 'before it was placed there was none');
    const sums = (await server.api('customer.overview', { customer_id: dora.id })).orders;
    assert.deepEqual(sums, [{ currency: 'EUR', count: 1, total: '10.50' }]);
    const dinars = async (at: string, total: string) => order(`${number}${at}`, [{ kind: 'email', value: dora.value }], { currency: 'KWD', total });
    await dinars('1', '1.234');
    await dinars('2', '2');
    const all = (await server.api('customer.overview', { customer_id: dora.id })).orders;
    assert.deepEqual(
      all.find(({ currency }) => currency === 'KWD'),
      { currency: 'KWD', count: 2, total: '3.234' },
      'a dinar has a thousand fils',
    );
  });

  it('pins, tags, and holds attributes to what they are defined as', async () => {
    const eli = await person('eli');
    const entry = (await timeline(eli.id))[0];
    await server.api('entry.pin', { id: entry?.id ?? '', pinned: true });
    assert.deepEqual(
      (await server.api('customer.overview', { customer_id: eli.id })).pins.map((each) => each.id),
      [entry?.id],
    );
    assert.equal((await timeline(eli.id))[0]?.pinned, true);
    await server.api('attribute.put', { key: 'shoe_size', label: 'Shoe size', type: 'number' });
    await server.api('attribute.put', { key: 'colour', label: 'Colour', type: 'choice', choices: ['red', 'blue'] });
    await server.api('customer.update', { id: eli.id, attributes: { shoe_size: 38.5, colour: 'red' }, tags: [' vip ', 'vip', ''] });
    const saved = await get(eli.id);
    assert.deepEqual(saved.attributes, { shoe_size: 38.5, colour: 'red' });
    assert.deepEqual(saved.tags, ['vip']);
    for (const wrong of [{ shoe_size: 'big' }, { colour: 'green' }, { nose: 1 }]) {
      const error = await refusal(server.api('customer.update', { id: eli.id, attributes: wrong }));
      assert.equal(error.field, 'attributes');
    }
    await server.api('customer.update', { id: eli.id, attributes: { colour: null } });
    assert.deepEqual((await get(eli.id)).attributes, { shoe_size: 38.5 });
    assert.ok((await server.api('tag.list', {})).tags.some((each) => each.name === 'vip'));
    const conversation = (await server.api('conversation.of_customer', { customer_id: eli.id })).conversations[0];
    const tagged = await server.api('conversation.set_tags', { id: conversation?.id ?? '', tags: ['return'] });
    assert.deepEqual(tagged.tags, ['return']);
  });

  it('loses no attribute when several are changed at once', async () => {
    const one = await person('at-once');
    const keys = Array.from({ length: 8 }, (_, i) => `size_${i}`);
    for (const key of keys) await server.api('attribute.put', { key, label: key, type: 'number' });
    await Promise.all(keys.map((key, i) => server.api('customer.update', { id: one.id, attributes: { [key]: i } })));
    assert.deepEqual((await get(one.id)).attributes, Object.fromEntries(keys.map((key, i) => [key, i])));
  });

  it('knows how somebody can be reached, and why not', async () => {
    const user = `U${'f'.repeat(31)}1`;
    await deliver(lineRequest({ url: line.url, channelSecret: 'line-secret' }, [lineTextEvent(user, 'by LINE')]));
    const found = await server.api('conversation.list', { view: 'all', limit: 200 });
    const customer = found.conversations.find((each) => each.preview === 'by LINE')?.customer_id ?? '';
    const way = async (channel: string): Promise<{ usable: boolean; closed: string | null }> => {
      const one = (await server.api('customer.reach', { customer_id: customer })).ways.find((each) => each.channel_id === channel);
      assert.ok(one);
      return { usable: one.usable, closed: one.closed };
    };
    assert.deepEqual(await way(line.id), { usable: true, closed: null });
    assert.deepEqual(await way(mail.id), { usable: false, closed: 'no_identity' });
    const identity = (await get(customer)).identities[0]?.id ?? '';
    await server.api('identity.set_consent', { identity_id: identity, consent: 'refused', source: 'said so on the phone' });
    assert.deepEqual(await way(line.id), { usable: false, closed: 'opted_out' });
    assert.ok((await timeline(customer)).some((each) => (each.payload as { action?: string } | null)?.action === 'consent'));
    await deliver(lineRequest({ url: line.url, channelSecret: 'line-secret' }, [lineTextEvent(user, 'and again')]));
    assert.deepEqual(await way(line.id), { usable: true, closed: null }, 'who writes wants an answer');
  });

  it('shows what somebody may not read as closed, and nothing of it anywhere', async () => {
    const closed = await server.channel('api', 'Complaints');
    await server.api('channel.update', { id: closed.id, readers: 'supervisor' });
    await waitFor(
      'the channel is known as closed',
      async () => (await server.api('channel.list', {})).channels.find((one) => one.id === closed.id)?.readers === 'supervisor',
    );
    const gus = await person('gus');
    const agent = await server.newAgent('Plain Agent');
    const supervisor = await server.newAgent('Super Visor', 'supervisor');
    const [below, above] = [await server.agent(agent.cookie), await server.agent(supervisor.cookie)];
    for (const socket of [below, above]) await socket.call('timeline.watch', { customer_id: gus.id });
    await waitFor('the secret is pushed', async () => {
      await server.api('entries.put', {
        channel_id: closed.id,
        entries: [
          {
            external_id: randomUUID(),
            identity: { kind: 'email', value: gus.value },
            kind: 'message',
            direction: 'in',
            subject: 'secret matter',
            text: 'a secret word',
          },
        ],
      });
      return above.pushed('entry').some((each) => each.entry?.text === 'a secret word') && below.pushed('entry').length > 0;
    });
    const page = await below.call('timeline.page', { customer_id: gus.id });
    const stub = page.entries.find((each) => each.closed);
    assert.equal(stub?.kind, 'message');
    assert.equal(stub?.text, null);
    assert.equal((await below.call('entry.get', { id: stub?.id ?? '' })).subject, null);
    const queue = await below.call('conversation.list', { view: 'all', limit: 50 });
    assert.ok(!JSON.stringify([page, queue, below.pushes]).includes('secret'), 'not a word of it');
    assert.equal((await above.call('entry.get', { id: stub?.id ?? '' })).text, 'a secret word');
    await assert.rejects(below.call('entry.move', { entry_id: stub?.id ?? '', customer_id: (await person('x')).id }), /may not read/);
    await server.api('channel.update', { id: closed.id, readers: 'admin' });
    await assert.rejects(above.call('privacy.export', { customer_id: gus.id }), /may not read/, 'an export is whole, or it is none');
    assert.equal((await server.api('privacy.export', { customer_id: gus.id })).kind, 'export');
    for (const socket of [below, above]) socket.close();
  });

  it('knows a life by day', async () => {
    const finn = await person('finn');
    const watcher = await server.agent();
    await watcher.call('timeline.watch', { customer_id: finn.id });
    await order('2020', [{ kind: 'email', value: finn.value }]);
    const journey = await waitFor('both are counted', async () => {
      const now = await server.api('customer.journey', { customer_id: finn.id });
      const today = now.days.filter((each) => each.day === new Date().toISOString().slice(0, 10));
      const sum = (what: 'in' | 'other'): number => today.reduce((all, each) => all + (each[what] ?? 0), 0);
      return sum('in') === 1 && sum('other') === 1 ? now : undefined;
    });
    assert.equal(journey.orders[0]?.number, '#2020');
    await waitFor('who looks is told of it', () => watcher.pushed('entry').some(({ entry }) => entry.kind === 'order'));
    const told = watcher.pushed('customer').length;
    await server.api('entries.put', {
      channel_id: shop.id,
      entries: [{ external_id: randomUUID(), identity: { kind: 'email', value: finn.value }, kind: 'points', payload: { delta: 5 } }],
    } as never);
    await waitFor('and of the sum of their points', () => watcher.pushed('customer').length > told);
    watcher.close();
  });
});
