// What agents do all day, done as they do it, and counted: keys that command and clicks. What is typed because it is what one wants to say
// or to find is told beside it; it is the same in every product.
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { deliver, whatsAppRequest } from '../../agent-web/play/providers.ts';
import { Desk, PASSWORD, row } from './lib/browser.ts';
import { email, goTo, personBy, said, wrote } from './lib/desk.ts';
import { Answerer, Shop, Widget } from './lib/shop.ts';
import { MailBox } from './lib/people.ts';

const DAY = 86_400_000;
const MOST = 8;

class Hands {
  readonly page: Page;
  private acts = 0;
  private letters = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async click(on: Locator): Promise<void> {
    this.acts++;
    await on.click();
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.acts++;
      await this.page.keyboard.press(key);
    }
  }

  async type(text: string): Promise<void> {
    this.letters += text.length;
    await this.page.keyboard.type(text);
  }

  /** A file is dropped, or chosen in the window of the system. */
  async give(input: Locator, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    this.acts++;
    await input.setInputFiles(file);
  }

  done(t: TestContext): void {
    t.diagnostic(`${this.acts} keys and clicks, ${this.letters} letters`);
    assert.ok(this.acts <= MOST, `${this.acts} keys and clicks`);
  }
}

describe('console, everyday tasks', () => {
  let desk: Desk;
  let mail: MailBox;
  let page: Page;
  let shop = '';

  before(async () => {
    desk = await Desk.open();
    mail = await MailBox.of(desk.server);
    shop = (await desk.server.channel('api', 'Shop')).id;
    await desk.server.api('agent.create', { email: 'ben@example.com', name: 'Ben Bird', role: 'agent', password: PASSWORD });
    page = await desk.console();
  });
  after(() => desk.end());

  const box = (): Locator => page.getByRole('textbox', { name: 'Your answer' });
  const focused = (element: Locator): Promise<boolean> => element.evaluate((it) => it === document.activeElement);
  const rows = (): Locator => page.getByRole('region', { name: 'Conversations' }).getByRole('listitem');

  async function begin(): Promise<Hands> {
    await page.keyboard.press('Escape');
    await goTo(page, '#/inbox/open');
    return new Hands(page);
  }
  async function open(text: string): Promise<void> {
    await row(page, text).click();
    await said(page, text).first().waitFor();
  }
  const receive = async (from: string, fromName: string, text: string): Promise<void> => {
    await goTo(page, '#/inbox/open');
    await mail.receive({ from, fromName, subject: 'A question', text });
    await row(page, text).waitFor();
  };

  it('opens a person’s order of March', async (t) => {
    const order = (number: string, placed_at: string) => ({
      identities: [email('olga@customer.example', 'Olga Order')],
      order: {
        external_id: number,
        number,
        state: 'delivered',
        place: 'web',
        placed_at,
        updated_at: placed_at,
        currency: 'EUR',
        total: '20.00',
        items: [{ name: 'Tea', quantity: 1 }],
      },
    });
    await desk.server.api('orders.put', {
      channel_id: shop,
      orders: [order('#3001', '2026-03-12T10:00:00Z'), order('#5001', '2026-05-12T10:00:00Z')],
    } as never);
    await personBy(desk.server, 'olga@customer.example');
    const hands = await begin();
    await hands.press('/');
    await hands.type('olga order');
    await page.getByRole('option', { name: /^(OO ?)?Olga Order/ }).waitFor();
    await hands.press('Enter');
    const orders = page.getByRole('complementary', { name: 'About the person' });
    await hands.click(orders.getByText('#3001').first());
    await orders.getByRole('button', { name: /#3001/, expanded: true }).waitFor();
    hands.done(t);
  });

  it('answers with a file', async (t) => {
    await receive('fay@customer.example', 'Fay File', 'Please send me the form');
    const hands = await begin();
    await hands.click(row(page, 'Please send me the form'));
    await said(page, 'Please send me the form').waitFor();
    await hands.press('r');
    await waitFor('one types there', () => focused(box()));
    await hands.type('Here it is.');
    await hands.give(page.locator('input[type=file]:not([accept])'), { name: 'form.txt', mimeType: 'text/plain', buffer: Buffer.from('a form') });
    await page.getByText('form.txt').waitFor();
    await hands.press('Control+Enter');
    await said(page, 'Here it is.').getByText('form.txt').waitFor();
    hands.done(t);
  });

  it('answers by mail where the window of WhatsApp is over', async (t) => {
    const hook = { appSecret: 'ws', phoneNumberId: '106540352242922' };
    const { url } = await desk.server.channel('whatsapp', 'WhatsApp', { app_secret: hook.appSecret, access_token: 't', phone_number_id: hook.phoneNumberId });
    const wanda = email('wanda@customer.example', 'Wanda Window');
    const both = { identity: wanda, also: [{ kind: 'phone' as const, value: '+491700001111' }] };
    const ago = new Date(Date.now() - 9 * DAY).toISOString();
    await desk.server.api('entries.put', {
      channel_id: shop,
      entries: [{ kind: 'message', direction: 'in', ...both, text: 'A word in the shop', external_id: 'wanda', occurred_at: ago }],
    } as never);
    const at = String(Math.floor(Date.now() / 1000) - 5 * 86_400);
    const question = { from: '491700001111', id: 'wamid.old', timestamp: at, type: 'text', text: { body: 'My question of last week' } };
    await goTo(page, '#/inbox/open');
    assert.equal((await deliver(whatsAppRequest({ url, ...hook } as never, [{ messages: [question] }]))).status, 200);
    await row(page, 'My question of last week').waitFor();
    const hands = await begin();
    await hands.click(row(page, 'My question of last week'));
    await said(page, 'My question of last week').waitFor();
    await hands.press('r');
    await page.getByText('→ wanda@customer.example').waitFor();
    await waitFor('one types there', () => focused(box()));
    await hands.type('It is on its way.');
    await hands.press('Control+Enter');
    await said(page, 'It is on its way.').waitFor();
    hands.done(t);
  });

  it('hands over with a note', async (t) => {
    await receive('hal@customer.example', 'Hal Hand', 'Who knows teapots?');
    await open('Who knows teapots?');
    const hands = new Hands(page);
    await hands.press('a');
    await hands.type('ben');
    await page.getByText('Tab: with a note').waitFor();
    await hands.press('Tab');
    await waitFor('one types there', () => focused(page.getByRole('textbox', { name: 'Note' })));
    await hands.type('He wants the blue one');
    await hands.press('Control+Enter');
    await said(page, 'He wants the blue one').waitFor();
    hands.done(t);
  });

  it('snoozes to a date', async (t) => {
    await receive('dora@customer.example', 'Dora Date', 'Back on the ninth');
    await open('Back on the ninth');
    const hands = new Hands(page);
    await hands.press('s');
    await hands.type('9 dec 10:00');
    await page.getByRole('option').filter({ hasText: /Dec 9/ }).first().waitFor();
    await hands.press('Enter');
    await page
      .getByText(/snoozed until/i)
      .first()
      .waitFor();
    hands.done(t);
  });

  it('finds conversations about a word of last month', async (t) => {
    const first = new Date();
    const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() - 1, 15, 12)).toISOString();
    await wrote(desk.server, shop, email('lea@customer.example', 'Lea Last'), 'The saffron was stale', { occurred_at: last });
    await wrote(desk.server, shop, email('leo@customer.example', 'Leo Now'), 'The saffron was fine');
    await waitFor('both are indexed', async () => (await desk.server.api('search.query', { query: 'saffron' })).people.length === 2);
    const hands = await begin();
    await hands.press('Control+Shift+F');
    await waitFor('one types there', () => focused(page.getByRole('searchbox')));
    await hands.type('saffron');
    await page.getByText('2 people').waitFor();
    await hands.click(page.getByRole('button', { name: 'Time' }));
    await hands.click(page.getByRole('button', { name: 'Last month' }));
    await hands.press('Escape');
    await hands.click(page.getByRole('button', { name: 'Conversations', exact: true }));
    await page.getByText('1 conversation').waitFor();
    await page.getByRole('list', { name: 'Results by conversation' }).getByText('Lea Last').waitFor();
    hands.done(t);
  });

  it('merges two, and takes it back', async (t) => {
    await goTo(page, '#/inbox/open');
    await wrote(desk.server, shop, email('mara@work.example', 'Mara Merge'), 'From the office');
    await wrote(desk.server, shop, email('mara@home.example', 'Mara Mergel'), 'From home');
    await row(page, 'From home').waitFor();
    await open('From the office');
    const hands = new Hands(page);
    await hands.press('m');
    await hands.type('mara mergel');
    await page.getByRole('option', { name: /^(MM ?)?Mara Mergel/ }).waitFor();
    await hands.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'The same person?' });
    await hands.click(dialog.getByRole('button', { name: 'Merge', exact: true }));
    await said(page, 'From home').waitFor();
    await hands.click(page.getByRole('button', { name: 'Undo' }).last());
    await said(page, 'From home').waitFor({ state: 'detached' });
    hands.done(t);
  });

  it('goes to who waits longest', async (t) => {
    const hands = await begin();
    await hands.click(page.getByRole('button', { name: 'Order of the list' }));
    await hands.click(page.getByRole('menuitemcheckbox', { name: 'Longest waiting' }).or(page.getByRole('menuitem', { name: 'Longest waiting' })));
    const longest = await waitFor(
      'the order',
      async () => (await desk.server.api('conversation.list', { view: 'open', sort: 'waiting', limit: 1 })).conversations[0],
    );
    await waitFor('it is on top', async () => (await rows().first().innerText()).includes(longest.customer_name ?? ''));
    await hands.press('j');
    await hands.press('Enter');
    await waitFor('it is open', () => page.url().includes(longest.customer_id));
    hands.done(t);
    await goTo(page, '#/inbox/open');
  });

  it('logs a call', async (t) => {
    await receive('cleo@customer.example', 'Cleo Call', 'Ring me up, please');
    await open('Ring me up, please');
    const hands = new Hands(page);
    await hands.press('l');
    const dialog = page.getByRole('dialog', { name: /^Log a call/ });
    await dialog.waitFor();
    await hands.click(dialog.getByLabel('Minutes spoken'));
    await hands.type('3');
    await hands.click(dialog.getByLabel('What was said'));
    await hands.type('All is well.');
    await hands.click(dialog.getByRole('button', { name: 'Log it' }));
    await said(page, 'All is well.').waitFor();
    hands.done(t);
  });

  it('writes to somebody new', async (t) => {
    const hands = await begin();
    await hands.press('c');
    await hands.type('nils@new.example');
    await page.getByRole('option', { name: 'Write to nils@new.example' }).waitFor();
    await hands.press('Enter');
    await page.getByText('This begins a new conversation').waitFor();
    await waitFor('the cursor is in the box', () => focused(box()));
    await hands.type('Your kettle is here.');
    await hands.press('Control+Enter');
    await said(page, 'Your kettle is here.').waitFor();
    hands.done(t);
  });

  it('looks at a picture in the chat and answers', async (t) => {
    const chat = (await desk.server.channel('chat', 'Chat', {})).id;
    const site = await Shop.open(
      () => desk.server,
      () => chat,
    );
    const answerer = await Answerer.join(desk.server);
    try {
      await goTo(page, '#/inbox/open');
      const widget = await Widget.visit(await desk.context(), site.url);
      await widget.open();
      await widget.send('Look at my cup');
      await widget.sent('Look at my cup');
      const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
      await widget.root.locator('input[type=file]').setInputFiles({ name: 'cup.png', mimeType: 'image/png', buffer: pixel });
      await widget.send('A broken cup');
      await row(page, 'A broken cup').waitFor();
      const hands = await begin();
      await hands.click(row(page, 'A broken cup'));
      await page
        .getByRole('img', { name: 'cup.png' })
        .or(page.getByRole('link', { name: /cup\.png/ }))
        .first()
        .waitFor();
      await hands.press('r');
      await waitFor('one types there', () => focused(box()));
      await hands.type('I see it.');
      await hands.press('Control+Enter');
      await widget.bubble('I see it.').waitFor();
      hands.done(t);
      await widget.page.context().close();
    } finally {
      answerer.leave();
      await site.close();
    }
  });

  it('is done with several rows at once', async (t) => {
    const hands = await begin();
    await hands.press('j', 'x', 'j', 'x', 'e');
    await page
      .getByText(/2 .*resolved|Resolved 2/i)
      .first()
      .waitFor();
    hands.done(t);
  });

  it('changes the language', async (t) => {
    const hands = await begin();
    await hands.press('Control+k');
    await hands.type('日本語');
    await page.getByRole('option').filter({ hasText: '日本語' }).first().waitFor();
    await hands.press('Enter');
    await page.getByRole('region', { name: '会話' }).or(page.getByText('未対応')).first().waitFor();
    hands.done(t);
  });
});
