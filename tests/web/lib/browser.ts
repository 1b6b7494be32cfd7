// A browser in front of the console of a server of the test's own.
import assert from 'node:assert/strict';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { ADMIN, type Options, Server, waitFor } from '../../system/harness.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Look {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  language?: 'en' | 'ja';
}

/** A page follows what happens by and by: `check` reads and asserts until it holds; fails with what it said last. */
export async function soon(check: () => Promise<void>): Promise<void> {
  let last: unknown;
  const holds = async () => {
    try {
      await check();
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  };
  await waitFor('the page to follow', holds).catch(() => {
    throw last;
  });
}

/** Everything a test file needs; end() it in `after`. */
export class Desk {
  readonly server: Server;
  private readonly browser: Browser;
  private readonly ends: (() => Promise<void>)[];
  /** What a page complained about: a console error or an exception that no test expected. */
  readonly complaints: string[] = [];
  /** What a page may complain about, since the test provokes it. */
  tolerated: RegExp | null = null;

  private constructor(server: Server, browser: Browser, ends: (() => Promise<void>)[]) {
    this.server = server;
    this.browser = browser;
    this.ends = ends;
  }

  static async open(options: Options = {}): Promise<Desk> {
    const ends: (() => Promise<void>)[] = [];
    try {
      const server = await Server.start((fn) => ends.push(fn), options);
      const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });
      ends.unshift(() => browser.close());
      return new Desk(server, browser, ends);
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  async end(): Promise<void> {
    for (const end of this.ends) await end();
    const { tolerated } = this;
    assert.deepEqual(
      this.complaints.filter((text) => !tolerated?.test(text)),
      [],
      'the pages complained',
    );
  }

  async context({ width = 1280, height = 800, theme = 'light', language = 'en' }: Look = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ viewport: { width, height }, locale: language, timezoneId: 'Europe/Berlin' });
    await context.addInitScript(
      ([chosen, words]) => {
        localStorage.setItem('throughline.theme', chosen);
        localStorage.setItem('throughline.language', words);
      },
      [theme, language] as const,
    );
    return context;
  }

  /** A fresh page, not logged in. */
  async page(look: Look = {}): Promise<Page> {
    const page = await (await this.context(look)).newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.complaints.push(String(error.stack ?? error)));
    page.on('console', (message) => {
      // A refused request is the business of the test that asked for it.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) this.complaints.push(message.text());
    });
    return page;
  }

  /** A page of somebody who is logged in and live. */
  async console(look: Look = {}, who: { email: string; password: string } = ADMIN, hash = ''): Promise<Page> {
    const page = await this.page(look);
    const response = await page.request.post(`${this.server.url}/api/v1/session.login`, { data: { email: who.email, password: who.password } });
    assert.equal(response.status(), 200, await response.text());
    await page.goto(`${this.server.url}/${hash}`);
    await page.locator('[data-phase=live]').waitFor();
    return page;
  }
}

export const PASSWORD = 'seven lamps on a wet quay';

/** The row of the queue whose last entry reads so. */
export const row = (page: Page, text: string): Locator => page.getByRole('region', { name: 'Conversations' }).getByRole('link').filter({ hasText: text });

/** How often a page has sent something with this text over its socket; from its next load on. */
export function counted(page: Page, text: string): { times: number } {
  const count = { times: 0 };
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (count.times += Number(String(payload).includes(text)))));
  return count;
}
