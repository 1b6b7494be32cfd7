// A shop on a site of its own that has put the widget's tag on its pages, and an agent who answers there.
import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { randomUUID, type Server, type Socket, waitFor } from '../../system/harness.ts';

export interface ShopPage {
  /** Of the script tag, such as `data-position="left"`. */
  tag?: string;
  head?: string;
  html?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Served as localhost while the chat's server is 127.0.0.1: another site, as in life. */
export class Shop {
  readonly url: string;
  private readonly http: HttpServer;
  private readonly pages: Map<string, ShopPage>;

  private constructor(http: HttpServer, pages: Map<string, ShopPage>) {
    this.http = http;
    this.pages = pages;
    this.url = `http://localhost:${(http.address() as AddressInfo).port}`;
  }

  static async open(server: () => Server, channel: () => string): Promise<Shop> {
    const pages = new Map<string, ShopPage>();
    const http = createServer((request, response) => {
      const page = pages.get(request.url ?? '');
      if (!page) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers });
      response.end(`<!doctype html><html ${page.html ?? 'lang="en"'}><head><meta charset="utf-8"><title>Shop</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">${page.head ?? ''}
        <script src="${server().url}/widget.js" data-channel="${channel()}" ${page.tag ?? ''} async></script></head>
        <body>${page.body ?? '<main><h1>Shop</h1><p><a href="/second">Second page</a></p></main>'}</body></html>`);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const shop = new Shop(http, pages);
    shop.page('/', {});
    shop.page('/second', { body: '<main><h1>Second page</h1></main>' });
    return shop;
  }

  page(path: string, page: ShopPage): string {
    this.pages.set(path, page);
    return this.url + path;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

/** What a visitor sees and does. Playwright looks into open shadow roots by itself. */
export class Widget {
  readonly page: Page;
  readonly root: Locator;
  readonly launcher: Locator;
  readonly panel: Locator;
  readonly text: Locator;
  readonly log: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('throughline-chat');
    this.launcher = this.root.locator('.launcher');
    this.panel = this.root.getByRole('dialog');
    this.text = this.root.getByRole('textbox', { name: 'Write a message' });
    this.log = this.root.getByRole('log');
  }

  static async visit(context: BrowserContext, url: string, complaints: string[] = []): Promise<Widget> {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(url);
    return new Widget(page);
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await this.panel.waitFor();
  }

  async send(text: string): Promise<void> {
    await this.text.fill(text);
    await this.text.press('Enter');
  }

  bubble(text: string): Locator {
    return this.log.locator('.row').filter({ hasText: text });
  }

  /** The texts of all messages, as they are shown. */
  texts(): Promise<string[]> {
    return this.log.locator('.row .bubble').allTextContents();
  }

  async sent(text: string): Promise<void> {
    await this.log.locator('.row.mine:not(.pending)').filter({ hasText: text }).waitFor();
  }
}

/** Somebody who answers chats. */
export class Answerer {
  private static readonly here = new Set<Answerer>();
  readonly socket: Socket;
  private readonly server: Server;

  private constructor(server: Server, socket: Socket) {
    this.server = server;
    this.socket = socket;
  }

  static async join(server: Server): Promise<Answerer> {
    const socket = await server.agent();
    await socket.call('session.me', {});
    const answerer = new Answerer(server, socket);
    Answerer.here.add(answerer);
    return answerer;
  }

  /** At the end of a test, also of one that failed: somebody who is still there would change the next. */
  static allLeave(): void {
    for (const each of Answerer.here) each.leave();
  }

  /** The person whose last message is this. */
  async find(preview: string): Promise<string> {
    const row = await waitFor(`a conversation shows "${preview}"`, async () =>
      (await this.server.api('conversation.list', { view: 'all', limit: 200 })).conversations.find((one) => one.preview === preview),
    );
    return row.customer_id;
  }

  async answer(customer_id: string, text: string): Promise<string> {
    const { ways } = await this.socket.call('customer.reach', { customer_id });
    const way = ways.find((one) => one.medium === 'chat' && one.usable);
    assert.ok(way?.identity_id, `no way to answer: ${JSON.stringify(ways)}`);
    const { identity_id, channel_id } = way;
    return (await this.socket.call('message.send', { client_id: randomUUID(), customer_id, identity_id, channel_id, text })).id;
  }

  leave(): void {
    Answerer.here.delete(this);
    this.socket.close();
  }
}

/** All messages of one person, oldest first, as the server has them. */
export async function stored(server: Server, customer_id: string): Promise<string[]> {
  const { entries } = await server.api('timeline.page', { customer_id, limit: 200 });
  return entries
    .filter((entry) => entry.kind === 'message')
    .map((entry) => entry.text ?? '')
    .reverse();
}
