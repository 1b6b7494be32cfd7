// One browser, several who use it, and a server that is away meanwhile: nobody acts as somebody else, and who has left has left.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, row } from './lib/browser.ts';
import { goTo, said } from './lib/desk.ts';
import { LineFriend } from './lib/people.ts';

describe('console, a browser that is shared', () => {
  let desk: Desk;
  let line: LineFriend;

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
    await desk.server.newAgent('Dora Door');
  });
  afterEach(async () => {
    if (!desk.server.child) await desk.server.serve();
  });
  after(() => desk.end());

  const live = (page: Page) => page.locator('[data-phase=live]').waitFor();
  const box = (page: Page) => page.getByRole('textbox', { name: 'Your answer' });
  const keptQueues = (page: Page): Promise<string> =>
    page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const open = indexedDB.open('throughline');
          open.onsuccess = () => {
            const store = open.result.transaction('reads').objectStore('reads');
            const [keys, all] = [store.getAllKeys(), store.getAll()];
            all.onsuccess = () => (open.result.close(), resolve(JSON.stringify(keys.result.map((key, i) => [key, all.result[i]]))));
          };
        }),
    );

  async function opened(text: string): Promise<Page> {
    await line.another().write(text);
    const page = await desk.console();
    await row(page, text).click();
    await said(page, text).waitFor();
    await page.getByRole('button', { name: /^LINE →/ }).waitFor();
    return page;
  }

  it('sends nothing of one agent in the name of another who has logged in while the server was away', async () => {
    const page = await opened('Who answers me');
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await box(page).fill('Said by Ada alone');
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 answer waits to be sent.').waitFor();
    await page.context().setOffline(true);
    await desk.server.serve();
    const [name, value] = (await desk.server.login('doradoor@example.com', PASSWORD)).split('=');
    await page.context().addCookies([{ name: name!, value: value!, url: desk.server.url }]);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: /Dora Door/ }).waitFor();
    await live(page);
    assert.equal(Number(desk.server.sql("SELECT COUNT(*) FROM entry WHERE text = 'Said by Ada alone'")), 0);
    await page.context().close();
  });

  it('logs out as well when the server is away', async () => {
    const page = await opened('Going home');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await page.getByRole('button', { name: /Ada Admin/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByLabel('Email').waitFor();
    await desk.server.serve();
    const out = page.waitForResponse((response) => response.url().endsWith('session.logout'));
    await page.reload();
    await out;
    await page.getByLabel('Email').waitFor();
    await page.reload();
    await page.getByLabel('Email').waitFor();
    await page.getByLabel('Email').fill('doradoor@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await live(page);
    await page.reload();
    await live(page);
    await page.context().close();
  });

  it('keeps nothing of the erased in a list that is not on the screen', async () => {
    const page = await opened('Erase my words');
    await waitFor('the list is kept', async () => (await keptQueues(page)).includes('"queue.') && (await keptQueues(page)).includes('Erase my words'));
    const id = await waitFor('their address', () => /person\/([^/]+)|open\/([^/?]+)/.exec(page.url())?.slice(1).find(Boolean));
    await goTo(page, '#/inbox/resolved');
    const { name, identities } = await desk.server.api('customer.get', { id });
    await desk.server.api('privacy.erase_customer', { customer_id: id, reason: 'asked for', confirm: name || identities[0]!.value });
    await waitFor('nothing of them is kept', async () => !(await keptQueues(page)).includes('Erase my words'));
    await page.context().close();
  });

  it('is not stopped by what a console of another build has kept', async () => {
    const page = await opened('Odd things');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await waitFor('the person is kept', async () => (await keptQueues(page)).includes('"person.'));
    for (const odd of ['null', '42', '{}', '{"person":null,"rows":7,"agents":{},"channels":5,"conversations":null}']) {
      await page.evaluate(
        (value) =>
          new Promise<void>((resolve) => {
            const open = indexedDB.open('throughline');
            open.onsuccess = () => {
              const done = open.result.transaction('reads', 'readwrite');
              const keys = done.objectStore('reads').getAllKeys();
              keys.onsuccess = () => {
                for (const key of keys.result)
                  if (key !== 'me' && key !== 'owner')
                    done.objectStore('reads').put({ at: Date.now(), value: JSON.parse(value) as unknown, build: 'another' }, key);
              };
              done.oncomplete = () => (open.result.close(), resolve());
            };
          }),
        odd,
      );
      await desk.server.stop('SIGKILL');
      await page.reload();
      await page.getByText('Not known here while the connection is lost').first().waitFor();
      await desk.server.serve();
      await live(page);
      await said(page, 'Odd things').waitFor();
      await waitFor('the person is kept', async () => (await keptQueues(page)).includes('"person.'));
    }
    await page.context().close();
  });
});
