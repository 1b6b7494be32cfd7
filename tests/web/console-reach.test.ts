// Reached by everybody: by keyboard in few stops, with large text, with a finger, from right to left, in colours of one's own.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import { chromium, type Page } from 'playwright-core';
import { ADMIN, waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { goTo, said } from './lib/desk.ts';
import { LineFriend, MailBox } from './lib/people.ts';

const VIEWS = [
  '#/duplicates',
  '#/search?q=question',
  ...['channels', 'agents', 'tokens', 'attributes', 'keys', 'import', 'privacy', 'blocked', 'you'].map((one) => `#/settings/${one}`),
];

async function violations(page: Page, where: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map(({ id, nodes }) => `${where}: ${id} ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`);
}

describe('console, reached by everybody', () => {
  let desk: Desk;
  let mail: MailBox;

  before(async () => {
    desk = await Desk.open();
    mail = await MailBox.of(desk.server);
    await LineFriend.of(desk.server);
    for (const n of [1, 2, 3, 4])
      await mail.receive({
        from: 'zadie@example.net',
        fromName: 'Zadie Patel',
        subject: `Question ${n}`,
        text: `My question ${n}, see https://shop.example/${n}`,
      });
    await mail.receive({ from: 'dana@example.net', fromName: 'דנה כהן (7)', subject: 'הזמנה 1042', text: 'שלום, איפה ההזמנה 1042 שלי?' });
    await mail.receive({ from: 'tall@example.net', fromName: 'Tall Teller', subject: 'Long', text: 'A long story. '.repeat(300) });
  });
  after(() => desk.end());

  async function opened(page: Page, text: string): Promise<Page> {
    await row(page, text).click();
    await said(page, text).first().waitFor();
    return page;
  }

  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
  const inTimeline = (page: Page): Promise<boolean> => page.evaluate(() => document.activeElement?.closest('[role=log]') !== null);
  const onEntry = (page: Page, text: string): Promise<unknown> =>
    waitFor(`"${text}" has the focus`, () =>
      page.evaluate((words) => document.activeElement?.matches('article') && document.activeElement.textContent?.includes(words), text),
    );

  it('goes through the timeline by arrows, Home and End, and passes it by Tab in one stop', async () => {
    const page = await opened(await desk.console(), 'My question 4');
    await page.getByRole('button', { name: 'To the timeline' }).focus();
    await page.keyboard.press('Enter');
    await waitFor('the timeline has the focus', async () => (await focused(page)) === 'Timeline');
    await page.keyboard.press('ArrowUp');
    await onEntry(page, 'My question 4');
    assert.match(await focused(page), /^Zadie Patel, Email, .*\d:\d\d/);
    await page.keyboard.press('ArrowUp');
    await onEntry(page, 'My question 3');
    await page.keyboard.press('Home');
    await onEntry(page, 'My question 1');
    await page.keyboard.press('End');
    await onEntry(page, 'My question 4');
    await page.keyboard.press('ArrowUp');
    await onEntry(page, 'My question 3');
    const stops = await page
      .getByRole('log')
      .locator('[tabindex="0"], a:not([tabindex="-1"]), button:not([tabindex="-1"])')
      .evaluateAll((all) => all.filter((one) => !one.closest('article')?.matches(':focus')).length);
    assert.equal(stops, 0, 'what is in other entries is no stop');
    let inside = 0;
    for (; inside < 12 && (await inTimeline(page)); inside++) await page.keyboard.press('Tab');
    assert.ok(inside > 1 && inside < 8, `${inside} stops in the entry at hand`);
    for (let back = 0; back < inside; back++) await page.keyboard.press('Shift+Tab');
    await onEntry(page, 'My question 3');
    await page.context().close();
  });

  it('reads an entry that is higher than the screen to its end before it goes on', async () => {
    const page = await opened(await desk.console({ height: 500 }), 'A long story');
    const log = page.getByRole('log');
    await log.focus();
    await page.keyboard.press('Home');
    await onEntry(page, 'A long story');
    await log.evaluate((element) => element.scrollTo(0, 0));
    await page.keyboard.press('ArrowDown');
    await waitFor('it scrolls', () => log.evaluate((element) => element.scrollTop > 0));
    await onEntry(page, 'A long story');
    await page.context().close();
  });

  it('follows the size of the browser’s text', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-large-'));
    mkdirSync(join(folder, 'Default'));
    writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify({ webkit: { webprefs: { default_font_size: 24 } } }));
    const large = await chromium.launchPersistentContext(folder, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
      viewport: { width: 1920, height: 1080 },
      locale: 'en',
    });
    try {
      const page = await large.newPage();
      await page.request.post(`${desk.server.url}/api/v1/session.login`, { data: ADMIN });
      await page.goto(desk.server.url);
      await page.locator('[data-phase=live]').waitFor();
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '24px');
      await opened(page, 'My question 4');
      const sizes = await page.evaluate(() => ({
        text: getComputedStyle(document.querySelector('article p[dir=auto]')!).fontSize,
        name: getComputedStyle(document.querySelector('main h1')!).fontSize,
        row: document.querySelector('[data-conversation]')!.getBoundingClientRect().height,
      }));
      assert.deepEqual(sizes, { text: '21px', name: '24px', row: 102 });
      assert.deepEqual(await outside(page), []);
    } finally {
      await large.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** What hangs out of the screen, or out of the row it is in. */
  const outside = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('button, input, textarea, article, h1, h2, nav, [data-conversation] > a')]
        .filter((element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden')
        .filter((element) => {
          const box = element.getBoundingClientRect();
          const list = element.closest('[data-conversation]')?.getBoundingClientRect();
          return box.right > innerWidth + 1 || (list && (box.bottom > list.bottom + 1 || box.right > list.right + 1));
        })
        .map((element) => element.outerHTML.slice(0, 160)),
    );

  /** Targets that are smaller than that, but for links within a text. */
  const small = (page: Page, least: number): Promise<string[]> =>
    page.evaluate((px) => {
      const targets = document.querySelectorAll<HTMLElement>(
        'a[href], button, input, select, textarea, summary, [role=slider], [role=menuitem], [role=option]',
      );
      return [...targets]
        .filter(
          (element) =>
            element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden' && !element.closest('[inert], [aria-hidden=true]'),
        )
        .filter((element) => !(element.matches('a') && getComputedStyle(element).display === 'inline'))
        .filter((element) => {
          const box = (element.matches('[type=checkbox], [type=radio]') ? (element.closest('label') ?? element) : element).getBoundingClientRect();
          if (getComputedStyle(element).clipPath !== 'none') return false; // seen when it has the focus
          return box.width < px - 0.5 || box.height < px - 0.5;
        })
        .map(
          (element) =>
            `${Math.round(element.getBoundingClientRect().width)}x${Math.round(element.getBoundingClientRect().height)} ${element.outerHTML.slice(0, 140)}`,
        );
    }, least);

  async function everywhere(page: Page, check: (view: string) => Promise<void>): Promise<void> {
    await check('inbox');
    for (const hash of VIEWS) {
      await goTo(page, hash);
      await page.getByRole('heading').first().waitFor();
      await page.waitForFunction(() => !document.querySelector('[role=status]')?.textContent?.includes('Loading'));
      await check(hash);
    }
  }

  it('has targets of 24 pixels at least, on all views', async () => {
    const page = await opened(await desk.console(), 'My question 4');
    const found: string[] = [];
    await everywhere(page, async (view) => void found.push(...(await small(page, 24)).map((one) => `${view} ${one}`)));
    assert.deepEqual([...new Set(found)], []);
    await page.context().close();
  });

  it('has targets of 44 pixels for a finger', async () => {
    const context = await (await desk.context()).browser()!.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'en' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.request.post(`${desk.server.url}/api/v1/session.login`, { data: ADMIN });
    await page.goto(desk.server.url);
    await page.locator('[data-phase=live]').waitFor();
    assert.equal(await page.evaluate(() => matchMedia('(pointer: coarse)').matches), true);
    const found: string[] = [...(await small(page, 44)).map((one) => `queue ${one}`)];
    await opened(page, 'My question 4');
    await everywhere(page, async (view) => {
      found.push(...(await small(page, 44)).map((one) => `${view} ${one}`));
      found.push(...(await outside(page)).map((one) => `${view} hangs out: ${one}`));
    });
    assert.deepEqual([...new Set(found)], []);
    await context.close();
  });

  it('keeps numbers and marks where they are beside what is read from right to left', async () => {
    const page = await opened(await desk.console(), 'איפה ההזמנה');
    const text = said(page, 'איפה ההזמנה').locator('p[dir=auto]').filter({ hasText: 'שלום' });
    assert.equal(await text.evaluate((element) => getComputedStyle(element).direction), 'rtl');
    const subject = said(page, 'איפה ההזמנה').getByText('הזמנה 1042', { exact: true }).first();
    assert.equal(
      await subject.evaluate((element) => getComputedStyle(element).unicodeBidi !== 'normal' || getComputedStyle(element).direction === 'rtl'),
      true,
    );
    for (const name of await page.getByText('דנה כהן (7)', { exact: true }).all())
      assert.equal(
        await name.evaluate((element) => element.matches('bdi, bdi *, [dir=auto], [dir=auto] *')),
        true,
        await name.evaluate((element) => element.outerHTML),
      );
    const box = page.getByRole('textbox', { name: 'Your answer' });
    await soon(async () => assert.equal(await box.getAttribute('dir'), 'auto'));
    await soon(async () => assert.match((await box.getAttribute('placeholder')) ?? '', /\u2068.*\u2069/));
    await page.context().close();
  });

  it('shows its states in forced colours', async () => {
    const page = await desk.page();
    await page.emulateMedia({ forcedColors: 'active' });
    await page.request.post(`${desk.server.url}/api/v1/session.login`, { data: ADMIN });
    await page.goto(desk.server.url);
    await page.locator('[data-phase=live]').waitFor();
    await opened(page, 'My question 4');
    const seen = await page.evaluate(() => {
      const look = (element: Element) => {
        const { backgroundColor, borderColor, outlineStyle, forcedColorAdjust } = getComputedStyle(element);
        return JSON.stringify({ backgroundColor, borderColor, outlineStyle, forcedColorAdjust });
      };
      const pairs: [string, Element | null, Element | null][] = [
        [
          'the open row',
          document.querySelector('[data-conversation] > a[aria-current]'),
          document.querySelector('[data-conversation] > a:not([aria-current])'),
        ],
        ['the page', document.querySelector('nav a[aria-current]'), document.querySelector('nav a:not([aria-current])')],
        ['the mode', document.querySelector('[aria-pressed=true]'), document.querySelector('[aria-pressed=false]')],
        ['live', document.querySelector('[data-phase] > span'), document.body],
      ];
      return pairs.filter(([, one, other]) => !one || !other || look(one) === look(other)).map(([name]) => name);
    });
    assert.deepEqual(seen, []);
    await page.context().close();
  });

  for (const language of ['en', 'ja'] as const)
    for (const theme of ['light', 'dark'] as const)
      it(`axe finds nothing of any level at 390, 1280 and 1920, ${language}, ${theme}`, async () => {
        for (const width of [390, 1280, 1920]) {
          const page = await desk.console({ width, language, theme, height: width === 390 ? 700 : 900 });
          await page.getByRole('link').filter({ hasText: 'My question 4' }).first().click();
          await said(page, 'My question 4').first().waitFor();
          await page.locator('textarea').waitFor();
          const found = await violations(page, `inbox at ${width}`);
          // Words and colours do not depend on each other: each view in both languages, both appearances and all widths.
          for (const view of (language === 'en') === (theme === 'light') ? [...VIEWS, '#/search?q=question&show=conversations', '#/inbox/open'] : []) {
            await goTo(page, view);
            await page.getByRole('heading').first().waitFor({ state: 'attached' });
            found.push(...(await violations(page, `${view} at ${width}`)));
          }
          assert.deepEqual(found, []);
          await page.context().close();
        }
      });
});
