// The server is killed, or stands still: the console says so, nothing waits in vain, and a reload shows what is known.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, row, soon } from './lib/browser.ts';
import { goTo, said } from './lib/desk.ts';
import { LineFriend } from './lib/people.ts';

describe('console, away', () => {
  let desk: Desk;
  let line: LineFriend;

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
  });
  afterEach(async () => {
    thaw();
    if (!desk.server.child) await desk.server.serve();
  });
  after(() => desk.end());

  const freeze = () => desk.server.child?.kill('SIGSTOP');
  const thaw = () => desk.server.child?.kill('SIGCONT');
  const box = (page: Page) => page.getByRole('textbox', { name: 'Your answer' });
  const live = (page: Page) => page.locator('[data-phase=live]').waitFor();

  async function opened(text: string, page?: Page): Promise<Page> {
    await line.another().write(text);
    const at = page ?? (await desk.console());
    await row(at, text).click();
    await said(at, text).waitFor();
    await at.getByRole('button', { name: /^LINE →/ }).waitFor();
    return at;
  }

  /** The worker has all files of the build, and what was read is kept. */
  async function settled(page: Page): Promise<void> {
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await waitFor('the person is kept', async () => (await keptKeys(page)).some((key) => key.startsWith('person.')));
    await waitFor('the list is kept', async () => (await keptKeys(page)).some((key) => key.startsWith('queue.')));
  }

  const keptKeys = (page: Page): Promise<string[]> =>
    page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const open = indexedDB.open('throughline');
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            if (!open.result.objectStoreNames.contains('reads')) return resolve([]);
            const all = open.result.transaction('reads').objectStore('reads').getAllKeys();
            all.onsuccess = () => {
              open.result.close();
              resolve(all.result.map(String));
            };
          };
        }),
    );

  it('finds out by a call without an answer that the server stands still, says so, and turns off what needs it', async () => {
    const page = await opened('Is anybody there');
    freeze();
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.getByText('The server has not answered for some seconds.').waitFor();
    await page.getByText(/^Away since .* What you type is kept\./).waitFor();
    const resolve = page.getByRole('button', { name: 'Resolve', exact: true });
    await soon(async () => assert.equal(await resolve.isDisabled(), true));
    await soon(async () => assert.equal(await resolve.getAttribute('title'), 'Not possible while the connection is lost'));
    // By the menu of the row, by the palette and by its key as well.
    const refused = page.getByText('Not possible while the connection is lost');
    const refusedOnce = async (): Promise<void> => {
      await refused.waitFor();
      await page.locator('[data-tone=bad]', { has: refused }).getByRole('button', { name: 'Close' }).click();
      await refused.waitFor({ state: 'detached' });
    };
    await row(page, 'Is anybody there').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Resolve/ }).click();
    await refusedOnce();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Resolve');
    await page
      .getByRole('option', { name: /^Resolve/ })
      .first()
      .click();
    await refusedOnce();
    await page.keyboard.press('e');
    await refusedOnce();
    await page.getByRole('article').first().hover();
    await page.getByRole('article').first().getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Pin to the person' }).click();
    await refusedOnce();
    await box(page).fill('One moment');
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 answer waits to be sent.').waitFor();
    thaw();
    await live(page);
    await page.getByText(/^Away since/).waitFor({ state: 'detached' });
    await soon(async () =>
      assert.equal(await page.getByText('Not possible while the connection is lost', { exact: true }).and(page.locator('button')).count(), 0),
    );
    await page.context().close();
  });

  for (const [how, lose, find] of [
    ['stands still', () => freeze(), () => thaw()],
    ['is dead', () => desk.server.stop('SIGKILL'), () => desk.server.serve()],
  ] as const)
    it(`shows over a reload what is known while the server ${how}, and catches up by itself`, async () => {
      const friend = line.another();
      await friend.write(`Before it ${how}`);
      const page = await desk.console();
      await row(page, `Before it ${how}`).click();
      await said(page, `Before it ${how}`).waitFor();
      await page.getByRole('button', { name: /^LINE →/ }).waitFor();
      await settled(page);
      await lose();
      await page.reload();
      await said(page, `Before it ${how}`).waitFor();
      await row(page, `Before it ${how}`).waitFor();
      await page.getByText(/You see what was known on/).waitFor();
      await box(page).fill('Written after the reload');
      await page.keyboard.press('Control+Enter');
      await page.getByText('1 answer waits to be sent.').waitFor();
      await find();
      await friend.write(`After it ${how}`);
      await live(page);
      await said(page, `After it ${how}`).waitFor();
      await said(page, 'Written after the reload').waitFor();
      await page.getByText('Kept here; goes out by itself').waitFor({ state: 'detached' });
      await page.getByText(/You see what was known on/).waitFor({ state: 'detached' });
      await page.context().close();
    });

  it('knows the list over a reload also when nothing was new in it', async () => {
    await (await opened('Known to all')).context().close();
    const page = await desk.console();
    await row(page, 'Known to all').waitFor();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await waitFor('the list is kept', async () => (await keptKeys(page)).some((key) => key.startsWith('queue.')));
    await desk.server.stop('SIGKILL');
    await page.reload();
    await row(page, 'Known to all').waitFor();
    await desk.server.serve();
    await live(page);
    await page.context().close();
  });

  it('has all its parts while the server is away, and says in words what a part cannot show', async () => {
    const page = await opened('All parts');
    await settled(page);
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await goTo(page, '#/settings/agents');
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    await goTo(page, '#/inbox/resolved');
    await page.getByText('Not known here while the connection is lost').waitFor();
    await desk.server.serve();
    await live(page);
    await page.getByText('Not known here while the connection is lost').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('says of a part that cannot be loaded that it cannot, and shows it by itself when the connection is back', async () => {
    const page = await desk.page();
    await page.addInitScript(() => {
      navigator.serviceWorker.register = () => Promise.reject(new Error('the browser allows none'));
    });
    await page.request.post(`${desk.server.url}/api/v1/session.login`, { data: { email: 'admin@example.com', password: 'correct horse battery' } });
    await page.goto(desk.server.url);
    await live(page);
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await goTo(page, '#/settings/you');
    await page.getByText('This part could not be loaded').waitFor();
    await page.getByText('It comes by itself when the connection is back.').first().waitFor();
    await soon(async () => assert.doesNotMatch(await page.locator('body').innerText(), /dynamically|module|assets/));
    await desk.server.serve();
    await page.getByRole('heading', { name: 'You', exact: true }).waitFor();
    await page.context().close();
  });

  it('keeps nothing over a log-out, and nothing of one agent for another', async () => {
    await desk.server.newAgent('Dora Door');
    const page = await opened('Mine to see');
    await settled(page);
    await box(page).fill('What Ada began');
    await page.getByRole('button', { name: /Ada Admin/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByLabel('Email').waitFor();
    await waitFor('nothing is kept', async () => (await keptKeys(page)).length === 0);
    assert.deepEqual(
      (
        await page.evaluate(async () =>
          (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat(),
        )
      ).filter((url) => !/\/(assets\/[^/]+)?$/.test(new URL(url).pathname)),
      [],
      'the worker has nothing but the console itself',
    );
    await page.getByLabel('Email').fill('doradoor@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await live(page);
    await said(page, 'Mine to see').waitFor();
    await soon(async () => assert.equal(await box(page).inputValue(), ''));
    await page.context().close();
  });

  it('keeps nothing from before a time without the connection but what is on the screen', async () => {
    const page = await opened('Known before');
    await settled(page);
    const others = async () => (await keptKeys(page)).filter((key) => /^(person|queue)\./.test(key));
    await goTo(page, '#/inbox/all');
    await waitFor('another list is kept', async () => (await others()).filter((key) => key.startsWith('queue.')).length === 2);
    await opened('Known after', page);
    await waitFor('both people are kept', async () => (await others()).filter((key) => key.startsWith('person.')).length >= 2);
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await desk.server.serve();
    await live(page);
    await waitFor('one of each is left', async () => (await others()).length === 2);
    await page.context().close();
  });

  it('keeps of a person who is erased nothing', async () => {
    const page = await opened('Erase me soon');
    await settled(page);
    const id = await waitFor('their address', () => /person\/([^/]+)|open\/([^/?]+)/.exec(page.url())?.slice(1).find(Boolean));
    const other = await opened('Somebody else', page);
    await waitFor('both are kept', async () => (await keptKeys(other)).filter((key) => key.startsWith('person.')).length >= 2);
    const { name, identities } = await desk.server.api('customer.get', { id });
    await desk.server.api('privacy.erase_customer', { customer_id: id, reason: 'asked for', confirm: name || identities[0]!.value });
    await waitFor('nothing of them is kept', async () => !(await keptKeys(other)).includes(`person.${id}`));
    await page.context().close();
  });
});
