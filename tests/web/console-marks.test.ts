// What is marked: what a bot has written, in the queue, in the timeline and before the visitor; what was changed or taken back by who wrote
// it; and when money went back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { deliver, whatsAppRequest } from '../../agent-web/play/providers.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { personBy, said } from './lib/desk.ts';
import { Answerer, Shop, Widget } from './lib/shop.ts';

const NAME = 'Night owl';

describe('console, marks', () => {
  let desk: Desk;
  let shop: Shop;
  let chat: string;

  before(async () => {
    desk = await Desk.open();
    chat = (await desk.server.channel('chat', 'Shop chat')).id;
    shop = await Shop.open(
      () => desk.server,
      () => chat,
    );
  });
  after(async () => {
    Answerer.allLeave();
    await shop.close();
    await desk.end();
  });

  const open = (customer: string, language: 'en' | 'ja' = 'en'): Promise<Page> => desk.console({ language }, undefined, `#/inbox/all/${customer}`);

  it('a bot is a bot to agents and to visitors', async () => {
    const widget = await Widget.visit(await desk.context(), `${shop.url}/`, desk.complaints);
    await widget.open();
    await widget.send('Do you have pots?');
    await widget.sent('Do you have pots?');
    const customer = await (await Answerer.join(desk.server)).find('Do you have pots?');
    const { secret } = await desk.server.api('token.create', { name: NAME, scopes: ['read', 'send'], role: 'agent' });
    const way = (await desk.server.api('customer.reach', { customer_id: customer }, secret)).ways.find(({ channel_id }) => channel_id === chat);
    await desk.server.api(
      'message.send',
      { customer_id: customer, identity_id: way?.identity_id ?? '', channel_id: chat, client_id: randomUUID(), text: 'Somebody will look.' },
      secret,
    );
    await desk.server.api('note.add', { customer_id: customer, client_id: randomUUID(), text: 'It is about pots.' }, secret);
    await widget.bubble('Somebody will look.').waitFor();
    await soon(async () => assert.match(await widget.root.locator('.author').last().innerText(), /^Night owl\s*Bot$/));
    const page = await open(customer);
    for (const text of ['Somebody will look.', 'It is about pots.']) {
      const entry = said(page, text);
      await entry.getByText('Bot', { exact: true }).waitFor();
      await soon(async () => assert.match(await entry.innerText(), /Night owl/));
    }
    const japanese = await open(customer, 'ja');
    await said(japanese, 'Somebody will look.').getByText('ボット', { exact: true }).waitFor();
    await widget.page.context().close();
  });

  it('a bot is one in the queue, and nobody has the conversation', async () => {
    const line = await desk.server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    await desk.server.api('entries.put', {
      channel_id: line.id,
      entries: [{ kind: 'message', identity: { kind: 'email', value: 'ivo@customer.example', name: 'Ivo' }, external_id: 'i1', text: 'Hello?' }],
    });
    const customer = await personBy(desk.server, 'ivo@customer.example');
    const { secret } = await desk.server.api('token.create', { name: NAME, scopes: ['read', 'send'], role: 'agent' });
    const way = (await desk.server.api('customer.reach', { customer_id: customer }, secret)).ways.find(({ best }) => best);
    await desk.server.api(
      'message.send',
      { customer_id: customer, identity_id: way?.identity_id ?? '', channel_id: line.id, client_id: randomUUID(), text: 'We open at nine.', subject: 'Hours' },
      secret,
    );
    const page = await open(customer);
    const shown = row(page, 'We open at nine.');
    await shown.getByLabel('A bot wrote last').waitFor();
    await soon(async () => assert.equal(await shown.getByText('Assigned to').count(), 0));
  });

  it('what was changed says so, and what was taken back is gone', async () => {
    const made = await desk.server.channel('whatsapp', 'WhatsApp', {
      app_secret: 'w',
      access_token: 't',
      phone_number_id: '77',
      api_url: 'http://127.0.0.1:9',
    });
    const hook = { url: made.url, appSecret: 'w', phoneNumberId: '77' };
    const from = '819011110002';
    let seconds = Math.floor(Date.now() / 1000) - 60;
    const message = (type: string, part: unknown, id = `wamid.${randomUUID()}`) => ({ from, id, timestamp: String(seconds++), type, [type]: part });
    const take = async (...messages: Record<string, unknown>[]): Promise<void> => {
      assert.equal((await deliver(whatsAppRequest(hook, [{ contacts: [{ profile: { name: 'Wa' }, wa_id: from }], messages }]))).status, 200);
    };
    await take(
      message('text', { body: 'the first' }),
      message('text', { body: 'to Old Street' }, 'wamid.a'),
      message('text', { body: 'my card is 4242' }, 'wamid.b'),
    );
    const page = await open(await personBy(desk.server, `+${from}`));
    await said(page, 'my card is 4242').waitFor();
    await take(
      message('edit', { original_message_id: 'wamid.a', message: { type: 'text', text: { body: 'to New Street' } } }),
      message('revoke', { original_message_id: 'wamid.b' }),
    );
    await said(page, 'to New Street').getByText('edited').waitFor();
    await said(page, 'Took back a message').waitFor();
    await waitFor('the words are gone', async () => (await page.getByText('my card is 4242').count()) + (await page.getByText('to Old Street').count()) === 0);
  });

  it('money that went back says how long ago', async () => {
    const till = await desk.server.channel('api', 'Till');
    const at = new Date(Date.now() - 13 * 60_000 - 5000).toISOString();
    const identity = { kind: 'email', value: 'pia@customer.example', name: 'Pia' } as const;
    await desk.server.api('orders.put', {
      channel_id: till.id,
      orders: [
        {
          identities: [identity],
          order: {
            external_id: 'o',
            number: '77',
            state: 'shipped',
            place: 'web',
            currency: 'EUR',
            total: '20.00',
            placed_at: at,
            updated_at: at,
            refunds: [{ amount: '5.00', at }],
          },
        },
      ],
    } as never);
    const customer = await personBy(desk.server, 'pia@customer.example');
    for (const [language, words] of [
      ['en', /Refunded €5\.00 1[34] min ago/],
      ['ja', /1[34]分前/],
    ] as const) {
      const page = await open(customer, language);
      await page.getByText(words).first().waitFor();
    }
  });
});
