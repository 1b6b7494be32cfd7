// A conversation is given with a word about it, in one act and with one Undo; who gets it is told, once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, row, soon } from './lib/browser.ts';
import { goTo, newestEntry, personBy, said } from './lib/desk.ts';
import { LineFriend } from './lib/people.ts';

describe('console, giving to a colleague', () => {
  let desk: Desk;
  let line: LineFriend;
  const ben = { email: 'ben@example.com', password: PASSWORD };

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
    await desk.server.api('agent.create', { ...ben, name: 'Ben Bird', role: 'agent' });
  });
  after(() => desk.end());

  async function asked(text: string): Promise<string> {
    const friend = line.another();
    await friend.write(text);
    return personBy(desk.server, friend.userId);
  }
  const toast = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text);
  async function noted(page: Page, text: string, note: string): Promise<void> {
    await row(page, text).click();
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('a');
    await page.getByRole('combobox').fill('Ben');
    await page.getByText('Tab: with a note').waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('textbox', { name: 'Note' }).fill(note);
    await page.keyboard.press('Control+Enter');
  }

  it('goes with its note in one act, and comes back without it by one Undo', async () => {
    const id = await asked('Please hand me over');
    const page = await desk.console();
    await noted(page, 'Please hand me over', 'She waits for the teapot');
    await said(page, 'She waits for the teapot')
      .getByText(/assigned #\d+ to Ben Bird/)
      .waitFor();
    const entry = await newestEntry(desk.server, id, 'teapot');
    assert.deepEqual([entry.kind, entry.payload?.['action'], entry.payload?.['agent_name']], ['activity', 'assigned', 'Ben Bird']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await said(page, 'She waits for the teapot').waitFor({ state: 'detached' });
    await waitFor(
      'it is nobody’s',
      async () => (await desk.server.api('conversation.of_customer', { customer_id: id })).conversations[0]?.assignee_id === null,
    );
    assert.equal((await desk.server.api('entry.get', { id: entry.id })).text, null);
    await page.context().close();
  });

  it('tells who gets it, in one of two tabs, and not who takes it', async () => {
    await asked('Another hand over');
    const theirs = await desk.console({}, ben);
    const second = await theirs.context().newPage();
    await second.goto(`${desk.server.url}/`);
    await second.locator('[data-phase=live]').waitFor();
    await theirs.bringToFront();
    const page = await desk.console();
    await noted(page, 'Another hand over', 'Be kind');
    const words = /^Ada Admin gave you #\d+, .*: “Be kind”$/;
    await Promise.race([toast(theirs, words).waitFor(), toast(second, words).waitFor()]);
    const both = async (): Promise<number> => (await toast(theirs, words).count()) + (await toast(second, words).count());
    await waitFor('both tabs count it', async () => (await theirs.title()).startsWith('● 1') && (await second.title()).startsWith('● 1'));
    assert.equal(await both(), 1);
    const there = (await toast(theirs, words).count()) ? theirs : second;
    await there.getByRole('button', { name: 'Show', exact: true }).click();
    await there.getByRole('article').filter({ hasText: 'Be kind' }).waitFor();
    await waitFor('nothing is new any more', async () => !(await theirs.title()).startsWith('●') && !(await second.title()).startsWith('●'));
    // What one takes is no news, in whatever tab.
    await asked('I take this myself');
    await row(theirs, 'I take this myself').click();
    await theirs.keyboard.press('t');
    await toast(theirs, /assigned|Ben Bird/i)
      .first()
      .waitFor();
    await waitFor('the other tab knows', async () => row(second, 'I take this myself').isVisible());
    await soon(async () => assert.equal((await second.getByText(/gave you/).count()) + (await theirs.getByText(/I take this myself.*gave you/).count()), 0));
    assert.ok(!(await second.title()).startsWith('●'));
    await theirs.context().close();
    await page.context().close();
  });

  it('asks the browser for notifications in one’s own settings alone, and shows one when nobody looks', async () => {
    const theirs = await desk.page();
    await theirs.context().addInitScript(() => {
      const log: string[] = [];
      (globalThis as { shown?: string[] }).shown = log;
      class Fake {
        static permission = 'default';
        static async requestPermission(): Promise<string> {
          log.push('asked');
          return (Fake.permission = 'granted');
        }
        onclick: (() => void) | null = null;
        constructor(words: string) {
          log.push(words);
        }
        close(): void {}
      }
      Object.assign(globalThis, { Notification: Fake });
      document.hasFocus = () => false;
    });
    await theirs.request.post(`${desk.server.url}/api/v1/session.login`, { data: ben });
    await theirs.goto(`${desk.server.url}/`);
    await theirs.locator('[data-phase=live]').waitFor();
    const shown = (): Promise<string[]> => theirs.evaluate(() => (globalThis as { shown?: string[] }).shown ?? []);
    assert.deepEqual(await shown(), []);
    await goTo(theirs, '#/settings/you');
    await theirs.getByRole('checkbox', { name: 'Show a desktop notification' }).click();
    await waitFor('it is asked', async () => (await shown()).includes('asked'));
    await goTo(theirs, '#/');
    await asked('For a desktop');
    const page = await desk.console();
    await noted(page, 'For a desktop', 'ring');
    await waitFor('it is shown', async () => (await shown()).some((words) => words.includes('ring')));
    await theirs.context().close();
    await page.context().close();
  });
});
