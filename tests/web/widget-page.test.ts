// The widget as a guest: on hostile pages, strict pages, small pages, in both directions, by keyboard, for everybody.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';
import { type Picture, pictureOf, unlike } from './lib/mirror.ts';
import { Answerer, Shop, Widget } from './lib/shop.ts';

const HOSTILE = `<style>
  html, body, main, h1 { display: block !important }
  body *, body *::before { all: unset !important; display: none !important; visibility: hidden !important; opacity: 0 !important;
    font: 40px cursive !important; color: red !important; pointer-events: none !important; transform: rotate(20deg) !important;
    position: relative !important; direction: rtl !important; animation: none !important }
  button { width: 300px !important } :root { font-size: 3px; line-height: 4 }
</style>`;

describe('widget on a page', () => {
  let desk: Desk;
  let shop: Shop;
  let channel: { id: string };

  before(async () => {
    desk = await Desk.open();
    channel = await desk.server.channel('chat', 'Aoyama & Finch', { greeting: 'Tea or pots?', accent: '#2f6f4f' });
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

  const visit = async (url: string, look = {}): Promise<Widget> => {
    const widget = await Widget.visit(await desk.context(look), url, desk.complaints);
    await widget.page.emulateMedia({ reducedMotion: 'reduce' }); // places are measured
    return widget;
  };
  const done = (widget: Widget): Promise<void> => widget.page.context().close();
  const box = async (locator: Widget['root']) => {
    const found = await locator.boundingBox();
    assert.ok(found, 'it is not shown');
    return found;
  };

  it('looks and works the same under styles that hide everything', async () => {
    const plain = await visit(`${shop.url}/`);
    await plain.open();
    const widget = await visit(shop.page('/hostile', { head: HOSTILE }));
    await widget.launcher.waitFor();
    const launcher = await box(widget.launcher);
    assert.deepEqual([launcher.width, launcher.height], [56, 56]);
    await widget.open();
    for (const part of ['.panel', '.head', '.log', '.composer', '.send', '.bubble'])
      assert.deepEqual(await box(widget.root.locator(part).first()), await box(plain.root.locator(part).first()), part);
    await widget.send('Can you read me?');
    await widget.sent('Can you read me?');
    await done(plain);
    await done(widget);
  });

  it("leaves the page's own styles alone", async () => {
    const body = '<main><h1>Shop</h1><button class="launcher panel send">Mine</button><p class="hidden bubble">Text</p></main>';
    const look = (page: Page): Promise<string> =>
      page.evaluate(() =>
        [...document.querySelectorAll('main *')].map((each) => JSON.stringify(Object.fromEntries(Object.entries(getComputedStyle(each))))).join('\n'),
      );
    const url = shop.page('/styles', { body });
    const context = await desk.context();
    await context.route('**/widget.js', (route) => route.abort());
    const without = await Widget.visit(context, url);
    const expected = await look(without.page);
    await context.unroute('**/widget.js');
    const widget = await Widget.visit(context, url, desk.complaints);
    await widget.open();
    assert.equal(await look(widget.page), expected);
    await context.close();
  });

  it('keeps a strict content security policy', async () => {
    const { host } = new URL(desk.server.url);
    const policy = `default-src 'none'; script-src http://${host}; connect-src http://${host} ws://${host}; img-src blob:; require-trusted-types-for 'script'`;
    const widget = await visit(shop.page('/strict', { headers: { 'content-security-policy': policy } }));
    const violations: string[] = [];
    await widget.page.exposeFunction('violated', (text: string) => violations.push(text));
    await widget.page.evaluate(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        (window as unknown as { violated: (text: string) => void }).violated(`${event.violatedDirective} ${event.blockedURI}`),
      ),
    );
    await widget.open();
    await widget.send('strictly speaking');
    await widget.sent('strictly speaking');
    assert.equal((await box(widget.panel)).width, 380);
    assert.deepEqual(violations, []);
    await done(widget);
  });

  it('works where storage is blocked, and never throws into the page', async () => {
    const head =
      '<script>for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });</script>';
    const context = await (await desk.context()).browser()?.newContext();
    assert.ok(context);
    const widget = await Widget.visit(context, shop.page('/blocked', { head }), desk.complaints);
    await widget.open();
    await widget.send('kept in memory');
    await widget.sent('kept in memory');
    await context.close();
  });

  it('shows nothing where the channel may not be used, and says why to who looks', async () => {
    const own = await desk.server.channel('chat', 'Elsewhere', { origins: 'https://elsewhere.example' });
    const words: string[] = [];
    const before = channel;
    channel = own;
    const context = await desk.context();
    const page = await context.newPage();
    page.on('console', (message) => words.push(message.text()));
    await page.goto(`${shop.url}/`);
    await waitFor('it says why', () => words.some((text) => text.includes('may not be used on this site')));
    await waitFor('nothing is shown', async () => !(await new Widget(page).launcher.isVisible()));
    channel = before;
    await context.close();
  });

  it('is shown once when the tag is there twice, and comes back when the page replaces its body', async () => {
    const url = shop.page('/twice', {
      body: `<main><h1>Shop</h1></main><script src="${desk.server.url}/widget/widget.js" data-channel="${channel.id}" async></script>`,
    });
    const widget = await visit(url);
    await widget.open();
    await soon(async () => assert.equal(await widget.root.count(), 1));
    await widget.page.evaluate(() => {
      const next = document.createElement('body');
      next.innerHTML = '<h1>Next page</h1>';
      document.body.replaceWith(next);
    });
    await widget.panel.waitFor();
    await widget.page.evaluate(() => document.body.replaceChildren());
    await widget.panel.waitFor();
    await done(widget);
  });

  it("is worked by the keyboard alone, and its keys are not the page's", async () => {
    const head = '<script>window.keys = []; addEventListener("keydown", (event) => keys.push(event.key));</script>';
    const widget = await visit(shop.page('/keys', { head }));
    const { page } = widget;
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const inside = document.querySelector('throughline-chat')?.shadowRoot?.activeElement;
        return inside?.getAttribute('aria-label') ?? inside?.tagName ?? document.activeElement?.tagName ?? '';
      });
    await widget.launcher.waitFor();
    await page.getByRole('link').focus();
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Open the chat');
    await page.evaluate(() => ((window as unknown as { keys: string[] }).keys.length = 0));
    await page.keyboard.press('Enter');
    await waitFor('the text has the focus', async () => (await focused()) === 'Write a message');
    await page.keyboard.type('two');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('lines');
    await soon(async () => assert.equal(await widget.text.inputValue(), 'two\nlines'));
    await page.keyboard.press('Enter');
    await widget.sent('two\nlines');
    assert.equal(await focused(), 'Write a message');
    const order: string[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Shift+Tab');
      order.push(await focused());
    }
    assert.deepEqual(order.slice(0, 1), ['Attach a file']);
    assert.ok(order.includes('Messages'), order.join());
    assert.ok(order.includes('Close the chat'), order.join());
    await page.keyboard.press('Escape');
    await soon(async () => assert.equal(await widget.panel.isVisible(), false));
    assert.equal(await focused(), 'Open the chat');
    assert.deepEqual(await page.evaluate(() => (window as unknown as { keys: string[] }).keys), [], 'the page heard keys');
    await done(widget);
  });

  it('does not send the Enter that ends a composition', async () => {
    const widget = await visit(`${shop.url}/`);
    await widget.open();
    await widget.text.fill('とうきょう');
    await widget.text.evaluate((element) => {
      for (const init of [{ isComposing: true }, { keyCode: 229 }])
        element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, composed: true, ...init }));
    });
    await soon(async () => assert.equal(await widget.text.inputValue(), 'とうきょう'));
    await widget.text.press('Enter');
    await widget.sent('とうきょう');
    await done(widget);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing serious for axe in the ${theme} appearance`, async () => {
      const widget = await visit(`${shop.url}/`);
      await widget.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const check = async (state: string): Promise<void> => {
        await widget.page.evaluate(axe.source);
        const result = await widget.page.evaluate(() =>
          (globalThis as unknown as { axe: typeof axe }).axe.run(document.querySelector('throughline-chat') as Element, { resultTypes: ['violations'] }),
        );
        const serious = result.violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
        assert.deepEqual(
          serious.map((each) => `${state}: ${each.id} ${each.nodes.map((node) => node.html).join(' ')}`),
          [],
        );
        assert.ok(result.passes.length > 3, 'axe has looked');
      };
      await widget.launcher.waitFor();
      await check('closed');
      await widget.open();
      await widget.send('Somebody there? See https://shop.example');
      await widget.sent('Somebody there?');
      await widget.root.getByRole('textbox', { name: 'Email address' }).waitFor();
      await widget.root.locator('input[type=file]').setInputFiles([{ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(10) }]);
      await widget.root.locator('.chip.done').waitFor();
      await check('asking');
      await widget.root.getByRole('button', { name: 'What is kept' }).click();
      await check('telling');
      await widget.root.getByRole('button', { name: 'Back' }).last().click();
      const agent = await Answerer.join(desk.server);
      const customer = await agent.find('Somebody there? See https://shop.example');
      await agent.socket.call('timeline.watch', { customer_id: customer });
      await agent.answer(customer, 'Yes!');
      await agent.socket.call('timeline.presence', { customer_id: customer, typing: true });
      await widget.root.getByText('is typing').waitFor();
      await check('talking');
      await widget.text.press('Escape');
      await agent.answer(customer, 'Still here?');
      await widget.root.locator('.peek').waitFor();
      await check('peeking');
      await done(widget);
    });
  }

  it('has targets of at least 44 pixels', async () => {
    const widget = await visit(`${shop.url}/`, { width: 390, height: 760 });
    await widget.open();
    await widget.send('anybody?');
    await widget.root.getByRole('textbox', { name: 'Email address' }).waitFor();
    const small = await widget.root.locator('button:visible, input:not(.hidden):visible, textarea:visible').evaluateAll((all) =>
      all
        .map((each) => ({ name: each.getAttribute('aria-label') ?? each.textContent, ...(each.getBoundingClientRect().toJSON() as DOMRect) }))
        .filter((each) => each.height < 44 || each.width < 44)
        .map((each) => `${each.name} ${each.width}x${each.height}`),
    );
    assert.deepEqual(small, []);
    await done(widget);
  });

  it('fills a phone, and stands at its place on a desk', async () => {
    const phone = await visit(`${shop.url}/`, { width: 390, height: 760 });
    await phone.open();
    assert.deepEqual(await box(phone.panel), { x: 0, y: 0, width: 390, height: 760 });
    await soon(async () => assert.equal(await phone.launcher.isVisible(), false));
    await phone.root.getByRole('button', { name: 'Close the chat' }).click();
    await phone.launcher.waitFor();
    await done(phone);
    const desktop = await visit(`${shop.url}/`);
    await desktop.open();
    const panel = await box(desktop.panel);
    assert.deepEqual([panel.width, panel.height, panel.x + panel.width], [380, 600, 1260]);
    await done(desktop);
  });

  it('follows the page from right to left, and the tag before that', async () => {
    const arabic = await visit(shop.page('/rtl', { html: 'lang="ar" dir="rtl"' }));
    await arabic.open();
    assert.ok((await box(arabic.launcher)).x < 100);
    const text = await box(arabic.text);
    assert.ok((await box(arabic.root.locator('.send'))).x < text.x, 'send is at the left of the text');
    await arabic.send('مرحبا');
    await arabic.sent('مرحبا');
    const bubble = await box(arabic.bubble('مرحبا').locator('.bubble'));
    assert.ok(bubble.x < 100, 'own messages are at the end of the line');
    await done(arabic);
    const left = await visit(shop.page('/left', { tag: 'data-position="left"' }));
    await left.launcher.waitFor();
    assert.equal((await box(left.launcher)).x, 20);
    await done(left);
  });

  it('is its own mirror image on a page that is read from right to left', async () => {
    for (const look of [{}, { width: 390, height: 760 }]) {
      const pictures: Record<string, Picture[]> = { ltr: [], rtl: [] };
      for (const dir of ['ltr', 'rtl']) {
        const widget = await visit(shop.page(`/${dir}`, { html: `lang="en" dir="${dir}"` }), look);
        await widget.launcher.waitFor();
        pictures[dir]!.push(await pictureOf(widget.page));
        await widget.open();
        await widget.root.getByText('Tea or pots?').waitFor();
        await widget.send('One pot, and a second line of words that goes on until it has to be broken.');
        await widget.sent('One pot');
        await widget.text.fill('Half a');
        pictures[dir]!.push(await pictureOf(widget.page));
        await widget.root
          .getByRole('button', { name: /stored|kept|about/i })
          .first()
          .click();
        await widget.root.getByRole('region').waitFor();
        pictures[dir]!.push(await pictureOf(widget.page));
        await done(widget);
      }
      pictures['ltr']!.forEach((ltr, index) => assert.deepEqual(unlike(ltr, pictures['rtl']![index]!), []));
    }
  });

  it("speaks the page's language, and English where it does not know it", async () => {
    const japanese = await visit(shop.page('/ja', { html: 'lang="ja"', tag: 'data-greeting="お茶のこと、お尋ねください。"' }));
    await japanese.root.getByRole('button', { name: 'チャットを開く' }).click();
    await japanese.root.getByText('お茶のこと、お尋ねください。').waitFor();
    await japanese.root.getByRole('textbox', { name: 'メッセージを入力' }).waitFor();
    await done(japanese);
    const forced = await visit(shop.page('/forced', { html: 'lang="ja"', tag: 'data-language="en"' }));
    await forced.open();
    await done(forced);
    const unknown = await visit(shop.page('/fi', { html: 'lang="fi"' }));
    await unknown.open();
    await done(unknown);
  });

  it('wraps long words and long messages inside the panel', async () => {
    const widget = await visit(`${shop.url}/`);
    await widget.open();
    const long = 'x'.repeat(300);
    await widget.send(`${long} https://shop.example/${long}`);
    await widget.sent(long);
    const inside = await widget.log.evaluate((element) => element.scrollWidth <= element.clientWidth);
    assert.ok(inside, 'the log scrolls sideways');
    await done(widget);
  });

  it('opens in the frame after the click: it waits for no answer', async () => {
    const widget = await visit(`${shop.url}/`);
    await widget.launcher.waitFor();
    const shown = await widget.launcher.evaluate(async (element) => {
      (element as HTMLElement).click();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const dialog = (element.getRootNode() as ShadowRoot).querySelector('[role="dialog"]');
      return dialog !== null && dialog.getClientRects().length > 0;
    });
    assert.ok(shown);
    await done(widget);
  });
});
