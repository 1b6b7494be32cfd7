// Visitors of the chat: where an answer will be seen, where they are on the site, what they type; and what the site can switch off.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { panel } from './lib/desk.ts';
import { Answerer, Shop, Widget } from './lib/shop.ts';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('console, visitors', () => {
  let desk: Desk;
  let chat: string;
  let shop: Shop;
  const open: { close(): Promise<void> }[] = [];

  before(async () => {
    desk = await Desk.open();
    chat = (await desk.server.channel('chat', 'Internal name of the chat', { title_ja: '店のチャット' })).id;
    await desk.server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    await desk.server.channel('email', 'Sales', { address: 'sales@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    shop = await Shop.open(
      () => desk.server,
      () => chat,
    );
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  after(async () => {
    Answerer.allLeave();
    await shop.close();
    await desk.end();
  });

  async function visit(url = shop.url, language: 'en' | 'ja' = 'en'): Promise<Widget> {
    const context = await desk.context({ language });
    open.push(context);
    return Widget.visit(context, url, desk.complaints);
  }

  async function reader(text: string): Promise<Page> {
    const page = await desk.console();
    open.push(page.context());
    await row(page, text).click();
    await page.getByRole('article').first().waitFor();
    return page;
  }

  it('shows where a visitor is and was, and that they are here, in the queue, the panel and at the chip', async () => {
    const widget = await visit();
    await widget.open();
    await widget.send('Where do I find the teapots?');
    await widget.sent('Where do I find the teapots?');
    await widget.page.goto(`${shop.url}/second`);
    const page = await reader('Where do I find the teapots?');
    await row(page, 'Where do I find the teapots?').getByRole('img', { name: 'In the chat now' }).waitFor();
    const here = panel(page).getByRole('group', { name: 'On the site now' });
    await here.getByRole('link', { name: 'Shop', exact: true }).waitFor();
    await soon(async () => assert.equal(await here.getByRole('link', { name: 'Shop', exact: true }).getAttribute('href'), `${shop.url}/second`));
    await here.getByText('Page before: /').waitFor();
    await here.getByText('English').waitFor();
    await here.getByText('Computer').waitFor();
    await page.getByRole('button', { name: /^Chat → .*here now/ }).waitFor();
    await widget.page.close();
    await page.getByRole('button', { name: /^Chat → .*here a moment ago/ }).waitFor();
    await soon(async () => assert.equal(await here.count(), 0));
  });

  it('is told nothing but the page when the site says so', async () => {
    const widget = await visit(shop.page('/plain', { tag: 'data-context="off"' }));
    await widget.open();
    await widget.send('From a discreet site');
    await widget.sent('From a discreet site');
    const page = await reader('From a discreet site');
    const here = panel(page).getByRole('group', { name: 'On the site now' });
    await here.getByText('Page now: /plain').waitFor();
    await soon(async () => assert.equal(await here.getByText(/Device|Page before|Came from/).count(), 0));
    await widget.root.getByRole('button', { name: 'What is kept' }).click();
    await widget.root.getByRole('heading', { name: 'What is kept' }).waitFor();
    await soon(async () => assert.equal(await widget.root.getByText('where you came from').count(), 0));
  });

  it('shows what is being typed only where the channel says so, and tells the visitor', async () => {
    const widget = await visit();
    await widget.open();
    await widget.send('I have a question');
    await widget.sent('I have a question');
    const page = await reader('I have a question');
    await widget.text.pressSequentially('about the');
    await page.getByText(/is typing…/).waitFor();
    await soon(async () => assert.equal(await page.getByText('about the').count(), 0));
    await desk.server.api('channel.update', { id: chat, settings: { typing_preview: 'true' } });
    await widget.page.reload();
    await widget.panel.waitFor();
    await widget.text.fill('about the blue cup');
    await page.getByText('about the blue cup').waitFor();
    await widget.root.getByRole('button', { name: 'What is kept' }).click();
    await widget.root.getByText('sees what you type before you send it').waitFor();
  });

  it('answers by mail when nobody has been in the chat lately, and tells two mail channels apart', async () => {
    const server = desk.server;
    const phone = (await server.channel('api', 'Till', { medium: 'shop' })).id;
    await server.api('entries.put', {
      channel_id: phone,
      entries: [
        { kind: 'message', direction: 'in', identity: { kind: 'email', value: 'emma@customer.example', name: 'Emma' }, external_id: 'e1', text: 'By two ways' },
      ],
    });
    const page = await reader('By two ways');
    const chip = page.getByRole('button', { name: /^Email · (help|sales)@shop\.example → emma@customer\.example/ });
    await chip.waitFor();
    await soon(async () =>
      assert.match((await chip.getAttribute('title')) ?? '', /^As Ada Admin, from (Support \(help|Sales \(sales)@shop\.example\), to emma@customer\.example$/),
    );
    await chip.click();
    await page
      .getByRole('menuitemcheckbox', { name: /help@shop\.example/ })
      .or(page.getByRole('menuitem', { name: /help@shop\.example/ }))
      .or(page.getByRole('menuitemradio', { name: /help@shop\.example/ }))
      .first()
      .waitFor();
  });

  it('has a title in the language of the reader, and never the name that agents have for the channel', async () => {
    const english = await visit();
    await english.open();
    await english.root.getByRole('heading', { name: 'Chat with us' }).waitFor();
    const japanese = await visit(shop.page('/ja', { html: 'lang="ja"' }), 'ja');
    await japanese.launcher.click();
    await japanese.root.getByRole('heading', { name: '店のチャット' }).waitFor();
    await soon(async () => assert.equal(await english.root.getByText('Internal name').count(), 0));
  });

  it('shows a picture small before it is sent, and the time as the page writes it', async () => {
    const widget = await visit(shop.page('/gb', { html: 'lang="en-GB"' }));
    await widget.open();
    await widget.root.locator('input[type=file]').setInputFiles({ name: 'cup.png', mimeType: 'image/png', buffer: PIXEL });
    const thumb = widget.root.locator('.chip img');
    await waitFor('it is drawn', () => thumb.evaluate((image) => (image as HTMLImageElement).naturalWidth === 1));
    await waitFor('it is up', async () => (await widget.root.locator('.chip.done').count()) === 1);
    await widget.send('By a British clock');
    await widget.sent('By a British clock');
    await soon(async () => assert.match((await widget.log.locator('time').last().textContent()) ?? '', /^\d\d:\d\d$/));
  });
});
