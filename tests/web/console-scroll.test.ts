// A long life scrolls: what is drawn, measured and fetched is counted. A scroll draws new rows, each once; a push draws one.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { PutEntry } from '../../agent-web/protocol/src/index.ts';
import { ADMIN, waitFor } from '../system/harness.ts';
import { Desk } from './lib/browser.ts';
import { email, personBy, said } from './lib/desk.ts';

const ENTRIES = 5000;
const BATCH = 200;
const STEP_PX = 120;

interface Counts {
  /** Of each row, how often it was drawn. */
  drawn: Record<string, number>;
  commits: number;
}

/** As the development tools of React do: in which rows a component was run in each commit. What was not looked at is the same object as before. */
function countDrawing(): void {
  const counts: Counts = { drawn: {}, commits: 0 };
  interface Fiber {
    type: unknown;
    flags: number;
    memoizedProps: Record<string, unknown> | null;
    alternate: Fiber | null;
    child: Fiber | null;
    sibling: Fiber | null;
  }
  const PERFORMED_WORK = 1;
  const visit = (now: Fiber, was: Fiber | null, row: string | null, drawn: Set<string>): void => {
    const key = typeof now.type === 'string' ? now.memoizedProps?.['data-row'] : undefined;
    const here = typeof key === 'string' ? key : row;
    if (here !== null && typeof now.type === 'function' && (now.flags & PERFORMED_WORK) !== 0) drawn.add(here);
    if (was && now.child === was.child) return;
    for (let child = now.child; child; child = child.sibling) visit(child, child.alternate, here, drawn);
  };
  Object.assign(window, {
    counts,
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
      onCommitFiberRoot: (_: number, root: { current: Fiber }) => {
        counts.commits++;
        const drawn = new Set<string>();
        visit(root.current, root.current.alternate, null, drawn);
        for (const key of drawn) counts.drawn[key] = (counts.drawn[key] ?? 0) + 1;
      },
    },
  });
}

describe('console, scrolling', () => {
  let desk: Desk;
  let id: string;
  let channel: string;

  const entryOf = (n: number): PutEntry => {
    const at = new Date(Date.UTC(2020, 0, 1) + n * 7 * 3600_000).toISOString();
    const common = { identity: email('long@example.net', 'Long Life'), external_id: `e${n}`, occurred_at: at };
    if (n % 11 === 0)
      return { ...common, kind: 'visit', direction: 'in', text: `Page ${n}`, payload: { url: `https://shop.example/${n}`, title: `Page ${n}` } };
    return { ...common, kind: 'message', direction: n % 3 === 0 ? 'out' : 'in', text: `Entry ${n}. ${'Some more words of it. '.repeat(n % 13)}` };
  };

  before(async () => {
    desk = await Desk.open();
    channel = (await desk.server.channel('api', 'Old system')).id;
    for (let from = 0; from < ENTRIES; from += BATCH) {
      const answer = await desk.server.api('entries.put', {
        channel_id: channel,
        history: 'yes',
        entries: Array.from({ length: BATCH }, (_, i) => entryOf(from + i)),
      });
      assert.ok(
        answer.items.every((item) => !item.error),
        JSON.stringify(answer.items.find((item) => item.error)),
      );
    }
    id = await personBy(desk.server, 'long@example.net');
  });
  after(() => desk.end());

  async function opened(): Promise<Page> {
    const page = await desk.page();
    await page.addInitScript(countDrawing);
    await page.request.post(`${desk.server.url}/api/v1/session.login`, { data: ADMIN });
    await page.goto(`${desk.server.url}/#/person/${id}`);
    await page.locator('[data-phase=live]').waitFor();
    await said(page, `Entry ${ENTRIES - 1}.`).waitFor();
    return page;
  }

  const countsOf = (page: Page): Promise<Counts> => page.evaluate(() => (window as unknown as { counts: Counts }).counts);
  const keysNow = (page: Page): Promise<string[]> =>
    page.evaluate(() => [...document.querySelectorAll<HTMLElement>('[data-row]')].map((one) => one.dataset['row']!));

  /** What the browser itself has counted so far. */
  async function browserCounts(page: Page): Promise<() => Promise<Record<string, number>>> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  }

  /** Upwards, a step a frame; gives which rows were there. */
  const scrollUp = (page: Page, frames: number): Promise<{ seen: string[]; stuck: number }> =>
    page.evaluate(
      async ([steps, px]) => {
        const log = document.querySelector('[role=log]')!;
        const seen = new Set<string>();
        let stuck = 0;
        for (let i = 0; i < steps; i++) {
          if (log.scrollTop <= 0) stuck++;
          log.scrollTop -= px;
          await new Promise((resolve) => requestAnimationFrame(resolve));
          for (const row of document.querySelectorAll<HTMLElement>('[data-row]')) seen.add(row.dataset['row']!);
        }
        return { seen: [...seen], stuck };
      },
      [frames, STEP_PX] as const,
    );

  it('draws new rows alone, each once, and meets no end of what is loaded', async (t) => {
    const page = await opened();
    await scrollUp(page, 40);
    const before = { ...(await countsOf(page)).drawn };
    const known = new Set(await keysNow(page));
    const metrics = await browserCounts(page);
    const first = await metrics();
    const frames = 400;
    const { seen, stuck } = await scrollUp(page, frames);
    const last = await metrics();
    const { drawn } = await countsOf(page);
    const extra = seen.filter((key) => (drawn[key] ?? 0) - (before[key] ?? 0) > (known.has(key) ? 0 : 1));
    const fresh = seen.filter((key) => !known.has(key) && drawn[key] === 1).length;
    const layouts = last['LayoutCount']! - first['LayoutCount']!;
    t.diagnostic(
      `${frames} frames, ${fresh} new rows, ${extra.length} drawn more than once, ${layouts} layouts, ${last['RecalcStyleCount']! - first['RecalcStyleCount']!} styles, ${stuck} at the end`,
    );
    assert.ok(fresh > 200, `${fresh} new rows`);
    assert.deepEqual(extra.slice(0, 5), [], `${extra.length} rows were drawn again`);
    assert.equal(stuck, 0, 'older pages were there before one came to them');
    assert.ok(layouts <= frames * 1.5, `${layouts} layouts of ${frames} frames`);
    await page.context().close();
  });

  it('draws one row when something comes, and its own when an older page does', async () => {
    const page = await opened();
    await scrollUp(page, 3);
    await page
      .getByRole('button', { name: 'To now' })
      .click()
      .catch(() => undefined);
    const before = { ...(await countsOf(page)).drawn };
    const text = 'This has just come';
    await desk.server.api('entries.put', {
      channel_id: channel,
      entries: [
        { identity: email('long@example.net', 'Long Life'), external_id: 'new', occurred_at: new Date().toISOString(), kind: 'message', direction: 'in', text },
      ],
    });
    await page.evaluate(() => document.querySelector('[role=log]')!.scrollTo(0, 1e9));
    await said(page, text).waitFor();
    await waitFor('the row is counted', async () => Object.keys((await countsOf(page)).drawn).some((key) => !(key in before)));
    const { drawn } = await countsOf(page);
    assert.deepEqual(
      Object.keys(before).filter((key) => drawn[key]! > before[key]!),
      [],
      'what was there is not drawn again',
    );
    await page.context().close();
  });
});
