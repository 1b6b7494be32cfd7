// Each provider, signed as it really signs, through the front door to the timeline; one person behind several of them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  callStatus,
  composeJapaneseMail,
  deliver,
  type Mail,
  newCall,
  newMessageId,
  postmarkRequest,
  type ProviderRequest,
  rfc822Request,
  type ShopifyOrder,
  shopifyRequest,
  twilioRequest,
  whatsAppRequest,
  whatsAppText,
} from '../../agent-web/play/providers.ts';
import type { Customer, Entry, Order } from '../../agent-web/protocol/src/generated.ts';
import { allPut, type ApiError, Server, waitFor, endAll } from './harness.ts';

describe('channels', () => {
  let server: Server;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
  });
  after(async () => {
    await endAll(ends);
  });

  /** Once, and once more: the repeat is acknowledged and makes nothing new. */
  async function twice(request: ProviderRequest): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const sent = await deliver(request);
      assert.ok(sent.status >= 200 && sent.status < 300, `${sent.status} ${sent.text}`);
    }
  }

  async function find(query: string): Promise<{ person: Customer; entries: Entry[] }> {
    const hits = (await server.api('customer.search', { query })).hits;
    assert.equal(hits.length, 1, `${query} finds ${hits.length}`);
    const id = hits[0]?.id ?? '';
    return { person: await server.api('customer.get', { id }), entries: (await server.api('timeline.page', { customer_id: id, limit: 200 })).entries };
  }

  it('Postmark and raw mail: the same mail by two routes is one entry', async () => {
    const postmark = await server.channel('postmark', 'Postmark', { address: 'help@shop.example', user: 'hook', password: 'pw-of-hook' });
    const mail: Mail = {
      from: 'both@example.com',
      fromName: 'Both Ways',
      to: 'help@shop.example',
      subject: 'Two routes',
      text: 'hello',
      html: '<p>hello</p>',
      messageId: newMessageId('both@example.com'),
      attachments: [{ name: 'a.txt', type: 'text/plain', data: Buffer.from('abc') }],
    };
    const hook = { url: postmark.url, user: 'hook', password: 'pw-of-hook' };
    assert.equal((await deliver(postmarkRequest({ ...hook, password: 'no' }, mail))).status, 401);
    await twice(postmarkRequest(hook, mail));
    const { person, entries } = await find('both@example.com');
    assert.equal(entries.length, 1);
    assert.equal(person.name, 'Both Ways');
    assert.equal(person.identities[0]?.proof, 'claimed', 'a From header alone proves nothing');
    assert.match(entries[0]?.html ?? '', /<p>hello/);
    assert.equal(entries[0]?.attachments?.[0]?.name, 'a.txt');
    assert.equal(entries[0]?.external_id, mail.messageId);
  });

  it('mail in ISO-2022-JP reads as it was written', async () => {
    const mail = await server.channel('email', 'Mail', { address: 'help@shop.example' });
    const raw = composeJapaneseMail({
      from: 'aya@example.jp',
      fromName: '青山 綾',
      to: 'help@shop.example',
      subject: '急須の注文について',
      text: '①番の急須は㈱青山のものですか?',
    });
    await twice(rfc822Request({ url: mail.url, token: mail.secrets['token'] ?? '' }, raw));
    const { person, entries } = await find('aya@example.jp');
    assert.equal(person.name, '青山 綾');
    assert.equal(entries[0]?.subject, '急須の注文について');
    assert.match(entries[0]?.text ?? '', /①番の急須は㈱青山のものですか/);
    assert.equal(entries.length, 1);
  });

  it('a call is one entry that moves on, in whatever order its states come', async () => {
    const phone = await server.channel('twilio_voice', 'Phone', { auth_token: 'twilio-secret' });
    const hook = { url: phone.url, authToken: 'twilio-secret' };
    const call = newCall('+442071838750', '+81312345678');
    for (const [status, sequence, seconds] of [
      ['ringing', 0],
      ['completed', 3, 65],
      ['in-progress', 2],
    ] as const)
      await twice(twilioRequest(hook, callStatus(call, status, sequence, seconds)));
    assert.equal((await deliver(twilioRequest({ ...hook, authToken: 'no' }, callStatus(call, 'completed', 9)))).status, 403);
    const { person, entries } = await find('+442071838750');
    assert.equal(person.identities[0]?.kind, 'phone');
    assert.equal(entries.length, 1);
    const payload = entries[0]?.payload as { state: string; duration_s: number };
    assert.deepEqual([entries[0]?.kind, payload.state, payload.duration_s], ['call', 'completed', 65]);
    const missed = newCall('+4930123456', '+81312345678');
    await twice(twilioRequest(hook, callStatus(missed, 'no-answer', 1)));
    const row = (await server.api('conversation.list', { view: 'open', medium: 'phone' })).conversations.find((one) => one.customer_name === '+4930123456');
    assert.ok(row?.waiting_since, 'who was not answered waits');
  });

  it('a Shopify order joins the person who wrote by the same address and number', async () => {
    const shop = await server.channel('shopify', 'Shop', { secret: 'shop-secret' });
    const whatsApp = await server.channel('whatsapp', 'WhatsApp', { app_secret: 'as', access_token: 'x', phone_number_id: '5' });
    await twice(whatsAppRequest({ url: whatsApp.url, appSecret: 'as', phoneNumberId: '5' }, [whatsAppText('81355556666', 'Naoko', 'before I buy')]));
    const order: ShopifyOrder = {
      id: '9007199254740995123',
      number: 1042,
      email: 'Naoko@Example.com',
      phone: '+81355556666',
      customerId: '8000000000000000001',
      firstName: 'Naoko',
      lastName: 'Ito',
      currency: 'JPY',
      lines: [{ sku: 'K-1', title: 'Kyusu', quantity: 2, price: '4200' }],
      createdAt: new Date('2026-10-01T01:00:00Z'),
      updatedAt: new Date('2026-10-01T01:00:00Z'),
      paid: true,
    };
    const hook = { url: shop.url, secret: 'shop-secret' };
    await twice(shopifyRequest(hook, 'orders/create', order));
    await twice(
      shopifyRequest(hook, 'orders/fulfilled', {
        ...order,
        updatedAt: new Date('2026-10-02T01:00:00Z'),
        tracking: { company: 'Yamato', number: 'Y-1', url: 'https://track.example/Y-1' },
      }),
    );
    const { person, entries } = await find('#1042');
    assert.deepEqual(person.identities.map((one) => one.kind).sort(), ['email', 'phone', 'shop_customer', 'whatsapp']);
    assert.ok(person.identities.every((one) => one.rule));
    assert.deepEqual(
      entries.map((entry) => entry.kind),
      ['message', 'order', 'order'].sort((a, b) => (a === 'message' ? -1 : b === 'message' ? 1 : 0)),
    );
    const now = (await server.api('order.list', { customer_id: person.id })).orders;
    assert.equal(now.length, 1);
    assert.equal(now[0]?.state, 'shipped');
    assert.equal(now[0]?.facts?.external_id, '9007199254740995123', '64-bit ids stay whole');
    assert.equal(now[0]?.facts?.tracking?.[0]?.number, 'Y-1');
    const states = entries.filter((entry) => entry.kind === 'order').map((entry) => (entry.payload as { state: string }).state);
    assert.deepEqual(states, ['shipped', 'paid'], 'each entry keeps the state of its day');
  });

  it('an order is what the shop says today: edited, given back in part, deleted; and customers that it has merged are proposed', async () => {
    const shop = await server.channel('shopify', 'Till', { secret: 'till-secret', country: 'JP' });
    const tell = async (topic: string, body: object): Promise<void> => {
      const text = JSON.stringify(body);
      const headers = {
        'content-type': 'application/json',
        'x-shopify-topic': topic,
        'x-shopify-hmac-sha256': createHmac('sha256', 'till-secret').update(text).digest('base64'),
      };
      for (let i = 0; i < 2; i++) assert.equal((await fetch(shop.url, { method: 'POST', headers, body: text })).status, 200);
    };
    const order = (id: number, more: object): object => ({
      id,
      name: `#T${id}`,
      created_at: '2026-10-01T01:00:00Z',
      updated_at: '2026-10-01T01:00:00Z',
      currency: 'JPY',
      total_price: '9000',
      financial_status: 'paid',
      ...more,
    });
    const now = async (number: string): Promise<Order> => (await server.api('order.find', { number })).orders[0]?.order ?? assert.fail(`no order ${number}`);
    const lines = (cups: number): object[] => [
      { title: 'Teapot', quantity: 1, current_quantity: 1, price: '6000' },
      { title: 'Cup', quantity: 2, current_quantity: cups, price: '1500' },
    ];
    await tell('orders/create', order(1, { contact_email: 'guest@example.com', line_items: lines(2) }));
    await tell(
      'orders/updated',
      order(1, {
        contact_email: 'guest@example.com',
        updated_at: '2026-10-02T01:00:00Z',
        current_total_price: '6000',
        financial_status: 'partially_refunded',
        line_items: lines(0),
        refunds: [{ created_at: '2026-10-02T01:00:00Z', transactions: [{ kind: 'refund', status: 'success', amount: '3000' }] }],
      }),
    );
    const edited = await now('T1');
    assert.deepEqual(
      [
        edited.total,
        edited.facts?.payment,
        edited.facts?.items?.map((item) => item.name),
        edited.facts?.removed?.map((item) => [item.name, item.quantity]),
        edited.facts?.refunds?.map((refund) => refund.amount),
      ],
      ['6000', 'partly_refunded', ['Teapot'], [['Cup', 2]], ['3000']],
    );
    await tell('orders/delete', { id: 1 });
    const gone = await now('T1');
    assert.deepEqual([gone.state, gone.total, gone.facts?.items?.length, gone.identity_id], ['deleted', '6000', 1, edited.identity_id]);
    const { entries } = await find('guest@example.com');
    assert.equal(entries.filter((entry) => entry.kind === 'order').length, 3, 'and told twice it is one entry');
    await tell('orders/delete', { id: 404 });
    assert.equal(server.sql("SELECT COUNT(*) FROM identity WHERE value = 'order:404'").trim(), '0', 'a deletion makes nobody');

    await tell('orders/create', order(2, { customer: { id: 71, first_name: 'Rin', last_name: 'One' } }));
    await tell('orders/create', order(3, { customer: { id: 72, first_name: 'Rin', last_name: 'Two' } }));
    await tell('customers/merge', {
      admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/71',
      admin_graphql_api_customer_deleted_id: 'gid://shopify/Customer/72',
      status: 'completed',
    });
    const kept = await find('Rin One');
    const { suggestions } = await server.api('customer.suggestions', { customer_id: kept.person.id });
    assert.match(JSON.stringify(suggestions), /"name":"Rin Two".*"shop_merged"|"shop_merged".*"name":"Rin Two"/);
  });

  it('an order without a date of its state does not outrank those that have one, and amounts are checked', async () => {
    const till = await server.channel('api', 'Dates');
    const put = (more: object): Promise<unknown> =>
      server
        .api('orders.put', {
          channel_id: till.id,
          orders: [
            {
              identities: [{ kind: 'email', value: 'dates@example.com' }],
              order: {
                external_id: 'D1',
                number: 'D1',
                place: 'web',
                placed_at: '2026-10-01T10:00:00Z',
                currency: 'EUR',
                total: '12.50',
                state: 'placed',
                ...more,
              },
            },
          ],
        })
        .then(allPut);
    await put({});
    await put({ state: 'shipped', updated_at: '2026-10-03T10:00:00Z' });
    await put({ state: 'paid', updated_at: '2026-10-02T10:00:00Z' });
    assert.equal((await server.api('order.find', { number: 'D1' })).orders[0]?.order?.state, 'shipped');
    for (const [more, field] of [
      [{ total: 'twelve' }, 'orders[0].order.total'],
      [{ total: '12.505' }, 'orders[0].order.total'],
      [{ currency: 'ZZZ' }, 'orders[0].order.currency'],
      [{ items: [{ name: 'x', quantity: 1, price: '1,5' }] }, 'orders[0].order.items[0].price'],
    ] as const)
      await assert.rejects(put(more), (error: ApiError) => error.kind === 'invalid' && error.field === field, field);
  });

  it('a batch with one item that cannot be understood keeps the others', async () => {
    const whatsApp = await server.channel('whatsapp', 'Batch', { app_secret: 'bs', access_token: 'x', phone_number_id: '6' });
    const hook = { url: whatsApp.url, appSecret: 'bs', phoneNumberId: '6' };
    const one = whatsAppText('4915112345678', 'Good', 'good one');
    const two = whatsAppText('4915112345679', 'Also', 'good two');
    assert.equal((await deliver(whatsAppRequest(hook, [one, { contacts: [], messages: [{ type: 'text' }] }, two]))).status, 200);
    assert.equal((await find('+4915112345678')).entries.length, 1);
    assert.equal((await find('+4915112345679')).entries.length, 1);
    const challenge = await fetch(`${whatsApp.url}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${whatsApp.secrets['verify_token']}`);
    assert.deepEqual([challenge.status, await challenge.text()], [200, '1158201444']);
    assert.equal((await fetch(`${whatsApp.url}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=no`)).status, 403);
  });

  it('messages of the same second keep the order in which they came', async () => {
    const whatsApp = await server.channel('whatsapp', 'Order', { app_secret: 'os', access_token: 'x', phone_number_id: '8' });
    const texts = Array.from({ length: 12 }, (_, i) => `part ${i}`);
    const values = texts.map((text) => whatsAppText('4915112340000', 'Sequence', text));
    const at = String(Math.floor(Date.now() / 1000));
    for (const value of values) for (const message of value['messages'] as { timestamp: string }[]) message.timestamp = at;
    assert.equal((await deliver(whatsAppRequest({ url: whatsApp.url, appSecret: 'os', phoneNumberId: '8' }, values))).status, 200);
    assert.deepEqual(
      (await find('+4915112340000')).entries.map((entry) => entry.text),
      texts.reverse(),
    );
  });

  it('entries.put brings history in: old conversations are resolved, and a repeat changes nothing', async () => {
    const till = await server.channel('api', 'History');
    const entry = (n: number, occurred_at: string, text: string): object => ({
      identity: { kind: 'email', value: 'old@example.com', name: 'Old Friend' },
      kind: 'message',
      occurred_at,
      external_id: `h${n}`,
      text,
    });
    const params = {
      channel_id: till.id,
      history: 'yes',
      entries: [
        entry(1, '2025-01-01T10:00:00Z', 'one'),
        entry(2, '2025-01-02T10:00:00Z', 'two'),
        entry(3, '2025-06-01T10:00:00Z', 'three'),
        {
          identity: { kind: 'loyalty_card', value: '4711' },
          also: [{ kind: 'email', value: 'old@example.com' }],
          kind: 'points',
          external_id: 'p1',
          occurred_at: '2025-06-02T10:00:00Z',
          payload: { delta: 10, balance: 120, tier: 'gold' },
        },
      ],
    };
    const first = await server.api('entries.put', params as never);
    const second = await server.api('entries.put', params as never);
    assert.deepEqual([first.created, second.created, second.repeated], [4, 0, 4]);
    const { person, entries } = await find('old@example.com');
    assert.equal(entries.length, 4);
    assert.deepEqual([person.points, person.tier], [120, 'gold']);
    assert.equal(person.first_at, '2025-01-01T10:00:00.000Z');
    const conversations = (await server.api('conversation.of_customer', { customer_id: person.id })).conversations;
    assert.deepEqual(
      conversations.map((one) => [one.status, one.preview]),
      [
        ['resolved', 'three'],
        ['resolved', 'two'],
      ],
    );
  });

  it('what a kind carries is of its type, or refused by name; and what an agent does says with which conversation', async () => {
    const till = await server.channel('api', 'Kinds');
    const put = (kind: string, payload: unknown, id: string): Promise<{ created: number | null }> =>
      server
        .api('entries.put', {
          channel_id: till.id,
          entries: [{ identity: { kind: 'email', value: 'kinds@example.com' }, kind, external_id: id, text: `${kind} ${id}`, payload }],
        } as never)
        .then(allPut);
    const WRONG: [string, object, RegExp][] = [
      ['points', { balance: 'abc' }, /balance must be a whole number/],
      ['points', { delta: 1.5 }, /delta must be a whole number/],
      ['call', { state: 7 }, /state must be a text/],
      ['call', { duration_s: -1 }, /duration_s is -1/],
      ['survey', { question: ['?'] }, /question must be a text/],
      ['visit', { url: 'javascript:alert(1)' }, /http or https/],
      ['message', { said: 'Image' }, /said must be a list of sayings/],
      ['message', { said: [null] }, /said must be a list of sayings/],
      ['message', { said: [{ code: 'no_such', params: {} }] }, /said must be a list of sayings/],
      ['message', { said: [{ code: 'sent_file_named' }] }, /said must be a list of sayings/],
      ['message', { said: [{ code: 'sent_file_named', params: { name: {} } }] }, /said must be a list of sayings/],
      ['message', { said: [{ code: 'sent_file_named', params: { name: 'a', lngs: 'x' } }] }, /said must be a list of sayings/],
    ];
    for (const [i, [kind, payload, words]] of WRONG.entries())
      await assert.rejects(
        put(kind, payload, `w${i}`),
        (error: ApiError) => error.kind === 'invalid' && error.field === 'payload' && words.test(error.message),
        JSON.stringify(payload),
      );
    assert.equal((await put('points', { balance: 12, tier: null, own: { member: true } }, 'r1')).created, 1);
    assert.equal((await put('message', { said: [{ code: 'sent_file_named', params: { name: 'a.pdf' } }] }, 'r2')).created, 1);
    const { person, entries } = await find('kinds@example.com');
    assert.deepEqual(entries.find(({ kind }) => kind === 'points')?.payload, { balance: 12, tier: null, own: { member: true } });
    const conversation = (await server.api('conversation.of_customer', { customer_id: person.id })).conversations[0];
    await server.api('conversation.set_status', { id: conversation?.id ?? '', status: 'resolved' });
    const done = (await find('kinds@example.com')).entries.find(({ kind }) => kind === 'activity');
    assert.deepEqual(done?.payload, { number: conversation?.number, action: 'status', status: 'resolved' });
  });

  it('the command line makes a channel that the running server takes up, and prints what it made', async () => {
    const out = server.run(['channel', 'add', '--type', 'email', '--name', 'From the shell', '--set', 'address=shell@shop.example']);
    const url = /webhook: (\S+)/.exec(out)?.[1] ?? '';
    const token = (JSON.parse(/generated: (.*)/.exec(out)?.[1] ?? '{}') as { token: string }).token;
    const raw = Buffer.from('From: shell@user.example\r\nMessage-ID: <1@shell>\r\nSubject: hi\r\n\r\nfrom the shell');
    await waitFor('the running server knows the channel', async () => (await deliver(rfc822Request({ url, token }, raw))).status === 200);
    for (const [args, text] of [
      [['version'], /throughline \d/],
      [['config'], /\[database\]/],
      [['describe', '--openapi'], /"openapi":"3\.1\.0"/],
      [['channel', 'list'], /From the shell/],
      [['agent', 'add', '--help'], /--email/],
      [['--help'], /journal retry/],
      [['journal', 'retry'], /tried/],
    ] as const)
      assert.match(server.run([...args]), text);
    assert.throws(() => server.run(['no', 'such']));
    assert.throws(() => server.run(['agent', 'add', '--email', 'x']), /--name is missing/);
  });
});
