// What becomes a link in the console is an http or https address, whoever brought it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allPut, randomUUID, Server, waitFor, endAll, refused } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

const BAD = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  ' https://a.example',
  'https://',
  'https://a.example/ b',
  '//a.example',
  'ftp://a.example/',
];

describe('links from outside', () => {
  let server: Server;
  let channel: { id: string };
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    channel = await server.channel('api', 'Shop');
  });

  const order = (more: object): Promise<unknown> =>
    server.api('orders.put', {
      channel_id: channel.id,
      orders: [
        {
          identities: [{ kind: 'email', value: 'kim@customer.example' }],
          order: {
            external_id: randomUUID(),
            number: 'L-1',
            placed_at: new Date().toISOString(),
            state: 'shipped',
            place: 'web',
            total: '5',
            currency: 'EUR',
            ...more,
          },
        },
      ],
    } as never);
  const entry = (payload: object): Promise<unknown> =>
    server
      .api('entries.put', {
        channel_id: channel.id,
        entries: [{ identity: { kind: 'email', value: 'kim@customer.example' }, external_id: randomUUID(), kind: 'visit', text: 'looked', payload }],
      } as never)
      .then(allPut);

  it('of orders are refused by name unless they are http or https', async () => {
    for (const url of BAD) {
      await refused(order({ tracking: [{ carrier: 'Fast', number: '1', url }] }), 'invalid', 'orders[0].order.tracking[0].url');
      await refused(order({ items: [{ name: 'Tea', quantity: 1, image_url: url }] }), 'invalid', 'orders[0].order.items[0].image_url');
    }
    await order({
      tracking: [{ carrier: 'Fast', number: '1', url: 'https://track.example/1?a=b#c' }],
      items: [{ name: 'Tea', quantity: 1, image_url: 'HTTP://shop.example/tea.png' }],
    });
  });

  it('in payloads are refused too, as deep as they stand', async () => {
    for (const url of BAD) {
      await refused(entry({ url }), 'invalid', 'payload');
      await refused(entry({ call: { recording_url: url } }), 'invalid', 'payload');
      await refused(entry({ pages: [{ url: 'https://a.example' }, { url }] }), 'invalid', 'payload');
      await refused(entry({ url: ['https://a.example', url] }), 'invalid', 'payload');
    }
    await entry({ url: 'https://shop.example/teapots', words: 'javascript:alert(1)', curl: 'javascript:' });
  });

  it('of an import refuse the row', async () => {
    const head = 'order_id,email,name,placed_at,state,currency,total,item_1_name,item_1_quantity,tracking_url\r\n';
    const row = (id: string, url: string): string => `${id},imp@customer.example,X,2026-01-02,shipped,JPY,1,Tea,1,${url}\r\n`;
    const { upload = '' } = await server.upload(
      'orders.csv',
      head + row('1', 'javascript:alert(1)') + row('2', 'https://track.example/2'),
      undefined,
      'text/csv',
    );
    const { id } = await server.api('import.start', { upload, what: 'orders', format: 'csv', channel_id: channel.id, dry_run: false } as never);
    await waitFor('the import is over', async () => (await server.api('task.get', { id })).state === 'done');
    const stored = server.sql(
      "SELECT COALESCE(GROUP_CONCAT(payload SEPARATOR ' '), '') FROM entry WHERE payload LIKE '%track.example/2%' OR payload LIKE '%javascript:alert%' AND kind = 3",
    );
    assert.ok(stored.includes('track.example/2') && !stored.includes('\"url\":\"javascript'), stored);
  });

  it('of a visitor who says to be on a page that is none are not kept', async () => {
    const chat = await server.channel('chat', 'Chat');
    const socket = await server.visitor();
    await socket.call('chat.hello', { channel_id: chat.id, page_url: 'javascript:alert(1)' });
    await socket.call('chat.send', { client_id: randomUUID(), text: 'from nowhere' });
    await socket.call('chat.hello', { channel_id: chat.id, page_url: 'https://shop.example/tea' });
    await socket.call('chat.send', { client_id: randomUUID(), text: 'from a page' });
    const kept = server.sql("SELECT COALESCE(GROUP_CONCAT(payload SEPARATOR ' '), '') FROM entry WHERE text LIKE 'from %'");
    assert.ok(!kept.includes('javascript:'), kept);
    assert.ok(kept.includes('https://shop.example/tea'), kept);
    socket.close();
  });
});
