// Read from right to left, the console is its own mirror image: its places, its menus and dialogues, its keys and its arrows.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { callStatus, deliver, newCall, twilioRequest } from '../../agent-web/play/providers.ts';
import type { PutEntry } from '../../agent-web/protocol/src/index.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { goTo, personBy, pick, said, wrote } from './lib/desk.ts';
import { LineFriend, MailBox } from './lib/people.ts';
import { type Picture, pictureOf, unlike } from './lib/mirror.ts';

const DAY = 86_400_000;
const WHO = { kind: 'email', value: 'vera@customer.example', name: 'Vera Long' } as const;
const PHONE = { kind: 'phone', value: '+49301234567', name: 'Vera Long' } as const;
const at = (ago: number) => new Date(Date.now() - ago).toISOString();

/** A life with something of everything. */
const LIFE: PutEntry[] = [
  { kind: 'message', direction: 'in', subject: 'A chair', text: 'Where is my chair?' },
  { kind: 'call', direction: 'in', payload: { state: 'completed', duration_s: 192, from: '+49301234567', transcript: 'She asked for Anna.' } },
  { kind: 'points', payload: { delta: 40, balance: 140, tier: 'Gold', reason: 'Purchase' } },
  { kind: 'visit', payload: { url: 'https://shop.example/chairs', title: 'Chairs' } },
  { kind: 'survey', payload: { question: 'Were you content?', score: 4, answer: 'Mostly' } },
  { kind: 'note', direction: 'internal', text: 'A note about Vera' },
  { kind: 'message', direction: 'out', text: 'It is on its way to you.', delivery: 'delivered' },
  { kind: 'message', direction: 'in', text: 'Thank you, I shall wait for it.' },
].map((entry, index) => ({ ...entry, identity: WHO, external_id: `l${index}`, occurred_at: at(DAY * (8 - index)) }) as PutEntry);

describe('console, from right to left', () => {
  let desk: Desk;
  let shop = '';
  let vera = '';

  before(async () => {
    desk = await Desk.open();
    const { server } = desk;
    shop = (await server.channel('api', 'Shop')).id;
    await server.api('entries.put', { channel_id: shop, entries: LIFE });
    await wrote(server, shop, PHONE, 'From my phone', { also: [WHO] });
    await wrote(server, shop, { kind: 'email', value: 'vera@work.example', name: 'Vera Long' }, 'From work');
    await wrote(server, shop, { kind: 'phone', value: '+49301234567', name: 'V. Long' }, 'Also by phone');
    await server.api('orders.put', {
      channel_id: shop,
      orders: [
        {
          identities: [WHO],
          order: {
            external_id: 'o1',
            number: '1042',
            state: 'shipped',
            place: 'web',
            currency: 'EUR',
            total: '249.00',
            placed_at: at(DAY / 4),
            updated_at: at(DAY / 4),
            items: [{ name: 'Chair', quantity: 2, price: '124.50' }],
            tracking: [{ carrier: 'DHL', number: '0034', url: 'https://dhl.example/0034' }],
          },
        },
      ],
    });
    vera = await personBy(server, WHO.value);
    await server.api('customer.update', { id: vera, tags: ['vip', 'chairs'], company: 'Long Ltd' });
    const mail = await MailBox.of(server);
    for (const n of [1, 2, 3]) await mail.receive({ from: `n${n}@customer.example`, fromName: `Nina Number ${n}`, text: `My question ${n}` });
    await mail.receive({ from: 'dana@example.net', fromName: 'דנה כהן', text: 'שלום, איפה ההזמנה שלי?' });
    await (await LineFriend.of(server)).write('Hello by LINE');
    const phone = { url: (await server.channel('twilio_voice', 'Phone', { auth_token: 'secret' })).url, authToken: 'secret' };
    const call = newCall('+442071838701', '+81312345678');
    for (const state of [callStatus(call, 'ringing', 0), callStatus(call, 'no-answer', 1)]) await deliver(twilioRequest(phone, state));
  });
  after(() => desk.end());

  const turn = (page: Page, dir: 'ltr' | 'rtl') => page.evaluate((way) => document.documentElement.setAttribute('dir', way), dir);

  /** Nothing moves any more: what is compared is of one moment. */
  async function settled(page: Page): Promise<Picture> {
    await page.mouse.move(640, 2);
    let before = '';
    return waitFor('the page is at rest', async () => {
      const picture = await pictureOf(page);
      const now = JSON.stringify(picture);
      const same = now === before;
      before = now;
      return same ? picture : null;
    });
  }

  /** As it is, or with what `show` opens and `hide` closes. `has`: what must be among it. */
  async function mirrors(page: Page, name: string, has: string[], show?: () => Promise<unknown>, hide?: () => Promise<unknown>): Promise<void> {
    const pictures: Picture[] = [];
    for (const dir of ['ltr', 'rtl'] as const) {
      await turn(page, dir);
      await show?.();
      for (const one of has) await page.locator(one).first().waitFor();
      pictures.push(await settled(page));
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name} can be scrolled sideways, ${dir}`);
      await hide?.();
    }
    await turn(page, 'ltr');
    const [ltr, rtl] = pictures;
    assert.ok(Object.keys(ltr!.boxes).length > 10, `${name}: there is something to compare`);
    assert.deepEqual(unlike(ltr!, rtl!), [], name);
  }

  const veras = async (look: { width?: number; height?: number } = {}): Promise<Page> => {
    const page = await desk.console(look, undefined, `#/inbox/all/${vera}`);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await said(page, 'I shall wait').first().waitFor();
    if ((look.width ?? 1280) > 700) await row(page, 'My question 3').waitFor();
    return page;
  };

  for (const width of [390, 1000, 1280, 1920])
    it(`the inbox at ${width}`, async () => {
      const page = await veras({ width, height: 900 });
      const has = ['nav', 'main h1', 'article[data-direction=in]', 'article[data-direction=out]', 'textarea', '[role=slider]'];
      await mirrors(page, `inbox at ${width}`, width < 1100 ? has : [...has, 'aside, [role=complementary]']);
      await page.getByRole('log').evaluate((element) => element.scrollTo(0, 0));
      await mirrors(page, `older entries at ${width}`, ['article']);
      if (width === 390) {
        await goTo(page, '#/inbox/all');
        await row(page, 'My question 3').waitFor();
        await mirrors(page, 'queue alone', ['[data-conversation]']);
      }
      await page.context().close();
    });

  it('the pages beside it', async () => {
    const page = await veras({ height: 900 });
    const views: [string, string][] = [
      ['#/duplicates', 'main h1'],
      ['#/search?q=question', 'main [href*="/e/"], main a'],
      ['#/search?q=question&show=conversations', 'main a'],
      ['#/inbox/open', '[data-conversation]'],
      ...['channels', 'agents', 'tokens', 'attributes', 'keys', 'import', 'privacy', 'blocked', 'you'].map((one): [string, string] => [
        `#/settings/${one}`,
        'main h2',
      ]),
    ];
    for (const [hash, has] of views) {
      await goTo(page, hash);
      await page.getByRole('heading').first().waitFor({ state: 'attached' });
      await page.waitForFunction(() => !document.querySelector('[role=status]')?.textContent?.includes('Loading'));
      await mirrors(page, hash, [has]);
    }
    await page.context().close();
  });

  it('menus, by a button and by a row', async () => {
    const page = await veras();
    const close = () => page.keyboard.press('Escape');
    const openers: Record<string, () => Promise<void>> = {
      account: () => page.getByRole('button', { name: /Ada Admin/ }).click(),
      views: () => page.getByRole('region', { name: 'Conversations' }).getByRole('button', { name: /^All/ }).click(),
      snooze: () => page.getByRole('button', { name: 'Snooze' }).click(),
      assign: () => page.getByRole('button', { name: 'Assign…' }).first().click(),
      'of the person': () => page.getByRole('complementary').getByRole('button', { name: 'More about this person' }).click(),
      'of an entry': async () => {
        await said(page, 'I shall wait').hover();
        await said(page, 'I shall wait').getByRole('button', { name: 'More' }).click();
      },
      'of ways': () => page.getByRole('button', { name: /→/ }).click(),
      'of a row': async () => {
        await row(page, 'My question 3').hover();
        await page
          .getByRole('listitem')
          .filter({ hasText: 'My question 3' })
          .getByRole('button', { name: /^What to do with/ })
          .click();
      },
    };
    for (const [name, show] of Object.entries(openers))
      await mirrors(page, `menu ${name}`, ['[role=menu]'], show, async () => {
        await close();
        await page.locator('[role=menu]').waitFor({ state: 'detached' });
      });
    await page.context().close();
  });

  it('dialogues, the palette, tips, filters, and what is said at the edge', async () => {
    const page = await veras();
    const key = (keys: string) => () => page.keyboard.press(keys);
    const hide = async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await mirrors(page, 'palette', ['[role=combobox]'], key('Control+k'), hide);
    await mirrors(page, 'keys', ['[role=dialog]'], key('?'), hide);
    await mirrors(page, 'identities', ['[role=dialog]'], key('i'), hide);
    await mirrors(
      page,
      'two persons side by side',
      ['[role=dialog] section'],
      async () => {
        await page.keyboard.press('m');
        await pick(page, 'vera@work');
        await page.getByRole('dialog', { name: 'The same person?' }).waitFor();
      },
      hide,
    );
    await mirrors(page, 'filters', ['[aria-label="Filter the timeline"]'], key('f'), key('Escape'));
    const tip = page.getByRole('tooltip').locator('..');
    await mirrors(
      page,
      'tip',
      ['[role=tooltip]'],
      async () => {
        await page
          .getByRole('link', { name: 'Search', exact: true })
          .or(page.getByRole('link', { name: /search/i }))
          .first()
          .focus();
        await tip.first().waitFor();
      },
      () => page.evaluate(() => (document.activeElement as HTMLElement).blur()),
    );
    await page.keyboard.press('e');
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).waitFor();
    // The next one is open, and has been seen.
    await page.locator('a[aria-current]:not([data-unread])').filter({ hasText: 'From work' }).waitFor();
    await mirrors(page, 'what was done', ['[role=status] button']);
    await page.context().close();
  });

  it('the page where one logs in', async () => {
    const page = await desk.page();
    await page.goto(desk.server.url);
    await page.getByLabel('Password').waitFor();
    await mirrors(page, 'log-in', ['form']);
    await page.context().close();
  });

  it('takes its direction from its language', async () => {
    for (const language of ['en', 'ja'] as const) {
      const page = await desk.console({ language });
      await soon(async () =>
        assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.getAttribute('dir')]), [language, 'ltr']),
      );
      await page.context().close();
    }
  });

  it('the journey runs onward to the left, by pointer and by arrow keys', async () => {
    const { server } = desk;
    const days = Array.from({ length: 120 }, (_, n) => ({
      ...LIFE[0]!,
      identity: { ...WHO, value: 'jane@customer.example', name: 'Jane Journey' },
      text: `Day ${n}`,
      external_id: `j${n}`,
      occurred_at: at(DAY * (121 - n)),
    }));
    await server.api('entries.put', { channel_id: shop, entries: days, history: 'yes' });
    const page = await desk.console({ height: 500 }, undefined, `#/person/${await personBy(server, 'jane@customer.example')}`);
    await said(page, 'Day 119').waitFor();
    const strip = page.getByRole('slider');
    const place = async () => Number(await strip.getAttribute('aria-valuenow'));
    const comes = (what: string, is: (now: number) => boolean) => waitFor(what, async () => is(await place()));
    for (const [dir, onward, back, early] of [
      ['ltr', 'ArrowRight', 'ArrowLeft', 0.03],
      ['rtl', 'ArrowLeft', 'ArrowRight', 0.97],
    ] as const) {
      await turn(page, dir);
      const box = await strip.boundingBox();
      assert.ok(box);
      await strip.click({ position: { x: box.width * early, y: 10 } });
      await comes(`${dir}: its beginning`, (now) => now < 15);
      await strip.focus();
      for (let pressed = 0; (await place()) < 25; pressed++) {
        assert.ok(pressed < 40, `${dir}: ${onward} goes on`);
        await page.keyboard.press(onward);
        await settled(page);
      }
      const far = await place();
      for (let pressed = 0; (await place()) >= far; pressed++) {
        assert.ok(pressed < 40, `${dir}: ${back} goes back`);
        await page.keyboard.press(back);
        await settled(page);
      }
    }
    await page.context().close();
  });

  it('turns the icons that mean a direction, and those alone', async () => {
    const page = await veras();
    const looks = () =>
      page.evaluate(() =>
        Object.fromEntries(
          ['send-horizontal', 'chevron-right', 'inbox', 'search', 'circle-check-big'].map((name) => {
            const icon = document.querySelector(`.lucide-${name}`);
            return [name, icon && getComputedStyle(icon).scale];
          }),
        ),
      );
    const same = { inbox: 'none', search: 'none', 'circle-check-big': 'none' };
    assert.deepEqual(await looks(), { 'send-horizontal': 'none', 'chevron-right': 'none', ...same });
    await turn(page, 'rtl');
    assert.deepEqual(await looks(), { 'send-horizontal': '-1 1', 'chevron-right': '-1 1', ...same });
    await page.context().close();
  });

  it('keeps addresses and numbers as they are written, and cuts a name at its own end', async () => {
    const page = await veras({ height: 1400 });
    await turn(page, 'rtl');
    const loose = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (/^\s*\+\d{6}/.test(node.nodeValue ?? '') && !node.parentElement?.closest('bdi, [dir]:not(html)')) found.push(node.parentElement?.outerHTML ?? '');
      return found;
    });
    assert.deepEqual(loose, []);
    await soon(async () =>
      assert.ok(
        (await page
          .locator('bdi, [dir=auto]')
          .filter({ hasText: /^\+49301234567$/ })
          .count()) > 0,
        'there is one',
      ),
    );
    const name = page.locator('[data-conversation] bdi').filter({ hasText: 'vera@work.example' }).first();
    assert.equal(await name.evaluate((element) => getComputedStyle(element).direction), 'ltr');
    await page.context().close();
  });
});
