// A search is narrowed, kept, and acted on: presets of days, one channel, where a conversation stands; results by conversation, several of
// them done at once, and undone.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';
import { email, goTo, wrote } from './lib/desk.ts';

const DAY = 86_400_000;

describe('console, what was found', () => {
  let desk: Desk;
  let page: Page;
  const people = ['Ann Quince', 'Bea Quince', 'Cem Quince'];

  before(async () => {
    desk = await Desk.open();
    const { server } = desk;
    const [mail, shop] = [(await server.channel('api', 'Mail')).id, (await server.channel('api', 'Shop mail')).id];
    for (const [n, name] of people.entries()) {
      const at = new Date(Date.now() - n * 5 * DAY).toISOString();
      await wrote(server, n === 2 ? shop : mail, email(`${name.split(' ')[0]?.toLowerCase()}@customer.example`, name), `The marmalade of ${name} has leaked`, {
        occurred_at: at,
      });
    }
    await waitFor('all of it is indexed', async () => (await server.api('search.query', { query: 'marmalade' })).people.length === 3);
    page = await desk.console();
  });
  after(() => desk.end());

  const results = (): Locator => page.getByRole('list', { name: 'Results by conversation' });
  const ask = async (query: string): Promise<void> => {
    await goTo(page, `#/search?q=${query}`);
    await page.getByText('3 people').waitFor();
  };

  it('is narrowed by preset days, one channel and status', async () => {
    await ask('marmalade');
    const filters = page.getByRole('group', { name: 'Narrow the search' });
    await filters.getByRole('button', { name: 'Time' }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByText('2 people').waitFor();
    await page.getByRole('button', { name: 'Today' }).click();
    await page.getByText('1 person').waitFor();
    assert.match(page.url(), /days=today/);
    await page.keyboard.press('Escape');
    await filters.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('3 people').waitFor();
    await filters.getByRole('button', { name: 'Channel' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Shop mail' }).click();
    await page.getByText('1 person').waitFor();
    await filters.getByRole('button', { name: 'Shop mail' }).waitFor();
    await filters.getByRole('button', { name: 'Clear filters' }).click();
    await filters.getByRole('button', { name: 'Status' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Resolved' }).click();
    await page.getByText('Nothing found for “marmalade”').waitFor();
    await page.getByRole('menuitemcheckbox', { name: 'Open' }).click();
    await page.getByText('3 people').waitFor();
    await page.keyboard.press('Escape');
  });

  it('is shown by conversation, and several are resolved at once, and that is undone', async () => {
    await ask('marmalade');
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByText('3 conversations').waitFor();
    await soon(async () =>
      assert.equal(
        await results()
          .getByRole('link', { name: /Ann Quince.*Open/ })
          .count(),
        1,
      ),
    );
    await results()
      .getByRole('checkbox', { name: /Ann Quince/ })
      .check();
    await results()
      .getByRole('link', { name: /Bea Quince/ })
      .first()
      .focus();
    await page.keyboard.press('x');
    await page.getByText('2 picked').waitFor();
    await page.keyboard.press('e');
    await results()
      .getByRole('link', { name: /Ann Quince.*Resolved/ })
      .waitFor();
    await results()
      .getByRole('link', { name: /Bea Quince.*Resolved/ })
      .waitFor();
    assert.equal(Number(desk.server.sql('SELECT COUNT(*) FROM conversation WHERE status = 2')), 2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await results()
      .getByRole('link', { name: /Ann Quince.*Open/ })
      .waitFor();
    await waitFor('both are open', () => Number(desk.server.sql('SELECT COUNT(*) FROM conversation WHERE status = 2')) === 0);
    await results()
      .getByRole('link', { name: /Cem Quince/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Cem Quince' }).waitFor();
  });

  it('is given and taken back again by the same bar, each as it stands then', async () => {
    await goTo(page, '#/search?q=marmalade&show=conversations');
    await page.getByText('3 conversations').waitFor();
    const bar = page.getByRole('toolbar').filter({ hasText: '2 picked' });
    const assigned = () => Number(desk.server.sql('SELECT COUNT(*) FROM conversation WHERE assignee_id IS NOT NULL'));
    for (const [to, count] of [
      [/Ada Admin/, 2],
      [/Nobody/, 0],
    ] as const) {
      for (const name of [/Ann Quince/, /Bea Quince/]) await results().getByRole('checkbox', { name }).check();
      await bar.getByRole('button', { name: 'Assign' }).click();
      await page.getByRole('option', { name: to }).click();
      await waitFor(`${count} are somebody's`, () => assigned() === count);
    }
    await page.keyboard.press('Escape');
  });

  it('is kept under a name, gone back to, replaced and removed; both are undone', async () => {
    await goTo(page, '#/search?q=marmalade&status=open&show=conversations');
    await page.getByText('3 conversations').waitFor();
    await page.getByRole('button', { name: 'Saved searches' }).click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await soon(async () => assert.equal(await name.inputValue(), 'marmalade'));
    await name.fill('Leaks, open');
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByRole('link', { name: 'Leaks, open' }).waitFor();
    await page.keyboard.press('Escape');
    await goTo(page, '#/search?q=');
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('link', { name: 'Leaks, open' }).click();
    await page.getByText('3 conversations').waitFor();
    await page.getByRole('button', { name: 'Remove Leaks, open' }).click();
    await page.getByText('Searches that you save are here').waitFor();
    const undo = async (of: string): Promise<void> => {
      await page.locator('[data-tone]', { hasText: of }).last().getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('button', { name: 'Saved searches' }).click();
    };
    await undo('Removed “Leaks, open”');
    await page.getByRole('link', { name: 'Leaks, open' }).waitFor();
    const goesTo = (): Promise<string | null> => page.getByRole('link', { name: 'Leaks, open' }).getAttribute('href');
    const before = await goesTo();
    await page.keyboard.press('Escape');
    await goTo(page, '#/search?q=leaked');
    await page.getByRole('button', { name: 'Saved searches' }).click();
    // Names that differ by case alone are the same.
    await name.fill('LEAKS, open');
    await page.getByRole('button', { name: 'Save this search' }).click();
    await waitFor('it is another one now', async () => (await goesTo())?.includes('q=leaked'));
    await undo('Saved as “Leaks, open”');
    await waitFor('it is the one it was', async () => (await goesTo()) === before);
  });
});
