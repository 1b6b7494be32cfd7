// The chat from the visitor's chair: nothing that was written is lost or doubled, whatever happens to page, network and server.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { signedBySite, waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';
import { Answerer, Shop, stored, Widget } from './lib/shop.ts';

const SCRIPT = fileURLToPath(new URL('../../agent-web/widget/dist/widget.js', import.meta.url));

describe('widget', () => {
  let desk: Desk;
  let shop: Shop;
  let channel: { id: string; secrets: Record<string, string> };

  before(async () => {
    desk = await Desk.open();
    channel = await desk.server.channel('chat', 'Aoyama & Finch', { greeting: 'Tea or pots?', away_text: 'Back at nine.', accent: '#7a3fb0' });
    shop = await Shop.open(
      () => desk.server,
      () => channel.id,
    );
  });
  afterEach(() => Answerer.allLeave());
  after(async () => {
    await shop.close();
    await desk.end();
  });

  const visit = async (path = '/', look = {}): Promise<Widget> => Widget.visit(await desk.context(look), shop.url + path, desk.complaints);
  const done = (widget: Widget): Promise<void> => widget.page.context().close();

  it('is one file of at most 20 kB', () => {
    const size = gzipSync(readFileSync(SCRIPT), { level: 9 }).length;
    assert.ok(size <= 20_000, `${size} bytes gzipped`);
  });

  it('brings a message to the agent and the answer back, while both see the other type', async () => {
    const agent = await Answerer.join(desk.server);
    const widget = await visit();
    await widget.open();
    await widget.root.getByText('Tea or pots?').waitFor();
    await widget.root.getByText('We are here').waitFor();
    await widget.send('Is the black kyusu back?');
    await widget.sent('Is the black kyusu back?');
    await widget.bubble('Is the black kyusu back?').getByText('Sent').waitFor();
    const customer = await agent.find('Is the black kyusu back?');
    await agent.socket.call('timeline.watch', { customer_id: customer });
    await widget.text.pressSequentially('And');
    await waitFor('the agent sees the visitor type', () => agent.socket.pushed('presence').at(-1)?.visitor_typing);
    await agent.socket.call('timeline.presence', { customer_id: customer, typing: true });
    await widget.root.getByText('Ada Admin is typing').waitFor();
    await agent.answer(customer, 'Since this morning.');
    await widget.bubble('Since this morning.').getByText('Ada Admin').first().waitFor();
    await waitFor('the indicator is gone', async () => !(await widget.root.getByText('is typing').isVisible()));
    await waitFor('the agent sees it read', () =>
      agent.socket.pushed('entry').some((push) => push.entry.text === 'Since this morning.' && push.entry.delivery === 'read'),
    );
    await done(widget);
  });

  it('keeps the visitor, the open panel and the messages over a page change, and shows them before it is connected', async () => {
    const widget = await visit();
    await widget.open();
    await widget.send('I will walk around a bit');
    await widget.sent('I will walk around a bit');
    await widget.page.getByRole('link', { name: 'Second page' }).click();
    await widget.page.getByRole('heading', { name: 'Second page' }).waitFor();
    await widget.bubble('I will walk around a bit').waitFor();
    await widget.send('and still be me');
    await widget.sent('and still be me');
    const agent = await Answerer.join(desk.server);
    assert.deepEqual(await stored(desk.server, await agent.find('and still be me')), ['I will walk around a bit', 'and still be me']);
    agent.leave();
    assert.deepEqual(await widget.page.context().cookies(), [], 'a cookie was set');
    await widget.page.routeWebSocket('**/ws/chat', () => {}); // nobody answers
    await widget.page.goto(shop.url);
    await widget.bubble('and still be me').waitFor();
    await widget.root.getByText('Connecting…').waitFor();
    await done(widget);
  });

  it('keeps what was typed over a reload', async () => {
    const widget = await visit();
    await widget.open();
    await widget.text.fill('half a thou');
    await widget.page.reload();
    await widget.panel.waitFor();
    await soon(async () => assert.equal(await widget.text.inputValue(), 'half a thou'));
    await done(widget);
  });

  it('loses and doubles nothing when the server dies in the middle, the page is reloaded and tabs compete', async () => {
    const widget = await visit();
    await widget.open();
    await widget.send('storm 0');
    await widget.sent('storm 0');
    const tab = await Widget.visit(widget.page.context(), `${shop.url}/second`, desk.complaints);
    await tab.open();
    await tab.bubble('storm 0').waitFor();
    const dying = desk.server.stop('SIGKILL');
    await widget.send('storm 1'); // perhaps received, never acknowledged, perhaps neither
    await dying;
    await widget.root.getByText('Waiting for the network').waitFor();
    await widget.send('storm 2');
    await widget.bubble('storm 2').getByText('Goes out when the network is back').waitFor();
    await tab.bubble('storm 2').waitFor();
    await tab.send('storm 3');
    await widget.bubble('storm 3').waitFor();
    const fromServer = await readScript();
    await widget.page.route('**/widget.js', (route) => route.fulfill({ contentType: 'text/javascript', body: fromServer })); // from the cache
    await widget.page.reload();
    await widget.bubble('storm 3').waitFor();
    await widget.send('storm 4');
    await desk.server.serve();
    for (const each of [widget, tab]) for (let i = 0; i < 5; i++) await each.sent(`storm ${i}`);
    const agent = await Answerer.join(desk.server);
    const expected = ['storm 0', 'storm 1', 'storm 2', 'storm 3', 'storm 4'];
    assert.deepEqual((await stored(desk.server, await agent.find('storm 4').catch(() => agent.find('storm 3')))).sort(), expected);
    await waitFor(
      'both tabs show the same',
      async () => (await widget.texts()).slice(1).sort().join() === expected.join() && (await tab.texts()).slice(1).sort().join() === expected.join(),
    );
    assert.deepEqual(await widget.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':out:'))), [], 'the queue is empty');
    await done(widget);
  });

  it('gives a visitor with two fresh tabs one identity', async () => {
    const context = await desk.context();
    const [one, two] = await Promise.all([Widget.visit(context, `${shop.url}/`), Widget.visit(context, `${shop.url}/second`)]);
    await one.open();
    await two.open();
    await one.send('from the first tab');
    await one.sent('from the first tab');
    await two.bubble('from the first tab').waitFor();
    await two.send('from the second tab');
    await one.bubble('from the second tab').waitFor();
    const agent = await Answerer.join(desk.server);
    const customer = await agent.find('from the second tab');
    assert.deepEqual(await stored(desk.server, customer), ['from the first tab', 'from the second tab']);
    await agent.answer(customer, 'to both');
    await one.bubble('to both').waitFor();
    await two.bubble('to both').waitFor();
    await context.close();
  });

  it('counts what is unread, tells the page, and forgets the count when it is read', async () => {
    const agent = await Answerer.join(desk.server);
    const widget = await visit();
    await widget.page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      const { throughline } = window as unknown as { throughline: { on: (event: string, fn: (value: unknown) => void) => void } };
      throughline.on('unread', (n) => told.push(n));
      throughline.on('message', (message) => told.push((message as { text: string }).text));
    });
    await widget.open();
    await widget.send('Call me when it is there');
    await widget.sent('Call me when it is there');
    await widget.text.press('Escape');
    await widget.panel.waitFor({ state: 'hidden' });
    const customer = await agent.find('Call me when it is there');
    await agent.answer(customer, 'It is there.');
    await agent.answer(customer, 'Come by any time.');
    await widget.root.getByRole('button', { name: 'Open the chat (2 unread)' }).waitFor();
    await soon(async () => assert.equal(await widget.root.locator('.badge').getAttribute('data-count'), '2'));
    await widget.root.locator('.peek').getByText('Come by any time.').waitFor();
    await widget.page.reload();
    await widget.root.getByRole('button', { name: 'Open the chat (2 unread)' }).waitFor();
    await widget.open();
    await widget.bubble('Come by any time.').waitFor();
    await widget.text.press('Escape');
    await waitFor('the badge is gone', async () => !(await widget.root.locator('.badge').isVisible()));
    await widget.page.reload();
    await widget.root.getByRole('button', { name: 'Open the chat', exact: true }).waitFor();
    await done(widget);
  });

  it('tells the page of messages and of the count', async () => {
    const agent = await Answerer.join(desk.server);
    const url = shop.page('/events', {
      head: `<script>window.told = []; window.throughline = { q: [['on', 'unread', (n) => told.push(n)], ['on', 'message', (m) => told.push(m.text + ' ' + m.author)],
        ['on', 'open', () => told.push('open')], ['on', 'close', () => told.push('close')], ['open', 'Prefilled']] };</script>`,
    });
    const widget = await Widget.visit(await desk.context(), url, desk.complaints);
    await widget.panel.waitFor();
    await soon(async () => assert.equal(await widget.text.inputValue(), 'Prefilled'));
    await widget.text.press('Enter');
    await widget.sent('Prefilled');
    await widget.page.evaluate(() => (window as unknown as { throughline: { close: () => void } }).throughline.close());
    await agent.answer(await agent.find('Prefilled'), 'Heard');
    const told = (): Promise<unknown[]> => widget.page.evaluate(() => (window as unknown as { told: unknown[] }).told);
    await waitFor('the page was told', async () => (await told()).includes(1));
    await widget.open();
    await waitFor('and that it was read', async () => (await told()).at(-1) === 0);
    assert.deepEqual(await told(), ['open', 0, 'close', 'Heard Ada Admin', 1, 'open', 0]);
    await done(widget);
  });

  it('asks for an address only when nobody is there, and passes it on as a claim', async () => {
    const agent = await Answerer.join(desk.server);
    const widget = await visit();
    await widget.open();
    await widget.send('Somebody there?');
    await widget.sent('Somebody there?');
    const field = widget.root.getByRole('textbox', { name: 'Email address' });
    await soon(async () => assert.equal(await field.isVisible(), false, 'it asked although somebody is there'));
    agent.leave();
    await widget.root.getByText('Nobody is here right now').waitFor();
    await widget.root.getByText('Back at nine.').waitFor();
    await field.fill('mia@');
    await field.press('Enter');
    await widget.root.getByRole('alert').getByText('Write it like').waitFor();
    await field.fill('Mia@Customer.example');
    await widget.root.getByRole('button', { name: 'Save', exact: true }).click();
    await widget.root.getByText('We can answer to Mia@Customer.example too.').waitFor();
    const next = await Answerer.join(desk.server);
    const { entries } = await desk.server.api('timeline.page', { customer_id: await next.find('Somebody there?') });
    const claim = entries.find((entry) => entry.kind === 'activity');
    assert.match(JSON.stringify(claim?.payload), /"proven":false.*mia@customer\.example/i);
    await widget.page.reload();
    await widget.bubble('Somebody there?').waitFor();
    await soon(async () => assert.equal(await field.isVisible(), false, 'it asked again'));
    await done(widget);
  });

  it('lets the site say who it is, and forgets at logout', async () => {
    const email = 'noor@customer.example';
    const signed = signedBySite(channel.id, channel.secrets['identity_secret'] ?? '', 'email', email);
    const url = shop.page('/account', {
      head: `<script>window.throughline = { q: [['identify', ${JSON.stringify({ email, name: 'Noor', ...signed })}]] };</script>`,
    });
    const people = (): number => Number(desk.server.sql('SELECT COUNT(*) FROM customer'));
    const agent = await Answerer.join(desk.server);
    const before = people();
    const widget = await Widget.visit(await desk.context(), url, desk.complaints);
    await widget.open();
    await widget.root.getByText('We are here').waitFor();
    assert.equal(people(), before, 'nobody is noted who has not written');
    await widget.send('I am logged in');
    await widget.sent('I am logged in');
    const customer = await desk.server.api('customer.get', { id: await agent.find('I am logged in') });
    const proofs = Object.fromEntries(customer.identities.map((one) => [one.kind, one.proof]));
    assert.deepEqual(proofs, { visitor: 'proven', email: 'proven' });
    assert.equal(customer.name, 'Noor');
    await widget.page.evaluate(() => (window as unknown as { throughline: { forget: () => void } }).throughline.forget());
    await waitFor('nothing is shown', async () => (await widget.texts()).join() === 'Tea or pots?');
    await widget.page.goto(`${shop.url}/second`);
    await widget.send('somebody else at the same desk');
    await widget.sent('somebody else at the same desk');
    assert.notEqual(await agent.find('somebody else at the same desk'), customer.id);
    await done(widget);
  });

  it('sends files with their progress, shows pictures, and refuses what is too large', async () => {
    const agent = await Answerer.join(desk.server);
    const widget = await visit();
    await widget.open();
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    const chooser = widget.root.locator('input[type=file]');
    await chooser.setInputFiles([
      { name: 'chip.png', mimeType: 'image/png', buffer: png },
      { name: 'bill.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(2000) },
    ]);
    await widget.root.locator('.chip.done').nth(1).waitFor();
    const folder = mkdtempSync(join(tmpdir(), 'throughline-film-'));
    const film = join(folder, 'film.mov'); // on the disk: it is not carried to the browser
    writeFileSync(film, Buffer.alloc(26 * 1024 * 1024));
    await chooser.setInputFiles(film);
    await widget.root.locator('.chip').filter({ hasText: 'film.mov' }).getByText('Larger than').waitFor();
    await soon(async () =>
      assert.equal(await widget.root.locator('.send').getAttribute('aria-disabled'), 'true', 'nothing leaves without a file that is shown'),
    );
    rmSync(folder, { recursive: true });
    await widget.root.getByRole('button', { name: 'Remove film.mov' }).click();
    await widget.send('A chip in the rim');
    await widget.sent('A chip in the rim');
    await widget.log.getByRole('button', { name: 'Save chip.png' }).locator('img').waitFor();
    const [saved] = await Promise.all([widget.page.waitForEvent('download'), widget.log.getByRole('button', { name: 'Save bill.pdf' }).click()]);
    assert.equal(saved.suggestedFilename(), 'bill.pdf');
    const { entries } = await desk.server.api('timeline.page', { customer_id: await agent.find('A chip in the rim') });
    assert.deepEqual(
      entries[0]?.attachments?.map((file) => [file.name, file.type, file.size]),
      [
        ['chip.png', 'image/png', png.length],
        ['bill.pdf', 'application/pdf', 2000],
      ],
    );
    await done(widget);
  });

  it('sends with its files, when Enter comes before they are there', async () => {
    const agent = await Answerer.join(desk.server);
    const widget = await visit();
    let letThrough = (): void => {};
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    await widget.page.route('**/chat/attachments*', async (route) => {
      await held;
      await route.continue();
    });
    await widget.open();
    await widget.root.locator('input[type=file]').setInputFiles([{ name: 'rim.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(500) }]);
    await widget.send('It is on its way');
    await widget.root.locator('.send[aria-disabled=true]').waitFor();
    await soon(async () => assert.equal(await widget.root.locator('textarea').inputValue(), 'It is on its way', 'nothing has left without it'));
    letThrough();
    await widget.sent('It is on its way');
    await widget.log.getByRole('button', { name: 'Save rim.pdf' }).waitFor();
    await soon(async () => assert.equal(await widget.root.locator('textarea').inputValue(), ''));
    await agent.find('It is on its way');
    await done(widget);
  });

  it('makes addresses clickable and nothing else of what is written', async () => {
    const agent = await Answerer.join(desk.server);
    const widget = await visit();
    await widget.open();
    await widget.send('show me');
    await widget.sent('show me');
    const evil = '<img src=x onerror="window.hit=1"> javascript:alert(1) <b>bold</b>';
    const customer = await agent.find('show me');
    await agent.answer(customer, evil);
    await agent.answer(customer, 'See https://shop.example/tea_(green), or write to help@shop.example.');
    const bubble = widget.bubble('See https');
    await bubble.waitFor();
    assert.deepEqual(await bubble.locator('a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)), [
      'https://shop.example/tea_(green)',
      'mailto:help@shop.example',
    ]);
    await soon(async () => assert.match((await bubble.locator('a').first().getAttribute('rel')) ?? '', /noreferrer/));
    await soon(async () => assert.equal(await widget.bubble('onerror').locator('.bubble').textContent(), evil));
    await soon(async () => assert.equal(await widget.bubble('onerror').locator('img, b, a').count(), 0));
    assert.equal(await widget.page.evaluate(() => 'hit' in window), false);
    await done(widget);
  });

  const readScript = async (): Promise<string> => readFileSync(SCRIPT, 'utf8');
});
