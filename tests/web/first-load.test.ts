// What a browser loads before it shows anything: so many bytes and no more, and of the languages only the one that is read.
import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Desk, soon } from './lib/browser.ts';

const CONSOLE_MAX = 215_000; // bytes, packed
const WIDGET_MAX = 18_000;
const JAPANESE = /\/assets\/ja-[^/]*\.js$/;

/** Bytes of the body as they travel. */
async function onTheWire(url: string): Promise<number> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(url, { headers: { 'accept-encoding': 'br' } }, resolve).on('error', reject));
  assert.equal(answer.statusCode, 200, url);
  let bytes = 0;
  for await (const piece of answer) bytes += (piece as Buffer).length;
  return bytes;
}

describe('first load', () => {
  let desk: Desk;

  before(async () => {
    desk = await Desk.open();
    desk.tolerated = /Failed to fetch dynamically imported module/;
  });
  after(() => desk.end());

  /** The files that a page asks for, up to its log-in form. */
  async function loaded(page: Page): Promise<string[]> {
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await page.goto(desk.server.url);
    await page.locator('form').waitFor();
    return urls.filter((url) => !url.includes('/api/'));
  }

  it('of the console has a bound, and brings no language that is not read', async (t) => {
    const urls = await loaded(await desk.page());
    assert.deepEqual(
      urls.filter((url) => JAPANESE.test(url)),
      [],
    );
    const sizes = await Promise.all(urls.map(onTheWire));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${urls.length} files of ${total} bytes`);
    assert.ok(urls.length > 2 && total > 100_000, 'the files were found');
    assert.ok(total <= CONSOLE_MAX, `${total} bytes: ${urls.map((url, i) => `${new URL(url).pathname} ${sizes[i]}`).join(', ')}`);
  });

  it('of the widget has a bound', async (t) => {
    const bytes = await onTheWire(`${desk.server.url}/widget.js`);
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes <= WIDGET_MAX, `${bytes} bytes`);
  });

  it('in another language shows that one first, without a word or a key of another before', async () => {
    const page = await desk.page({ language: 'ja' });
    await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => seen.push(document.body?.innerText ?? '')).observe(document, { childList: true, subtree: true, characterData: true });
    });
    assert.equal((await loaded(page)).filter((url) => JAPANESE.test(url)).length, 1);
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    assert.deepEqual(
      seen.filter((text) => /Log in|login\./.test(text)),
      [],
    );
    assert.ok(seen.some((text) => text.includes('ログイン')));
  });

  it('changes when another is chosen, and stays as it is while its words cannot be had', async () => {
    const page = await desk.page();
    await loaded(page);
    await page.route(JAPANESE, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed', (request) => JAPANESE.test(request.url()));
    await page.getByRole('button', { name: '日本語' }).click();
    await failed;
    await page.getByText('Log in').first().waitFor();
    await soon(async () => assert.equal(await page.locator('html').getAttribute('lang'), 'en'));
    await page.unroute(JAPANESE);
    await page.reload();
    await page.getByRole('button', { name: '日本語' }).click();
    await page.locator('html[lang=ja]').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('html[lang=en]').waitFor();
    await page.getByRole('button', { name: '日本語' }).click();
    await page.getByText('ログイン').first().waitFor();
  });
});
