// Pictures in the timeline: small copies, the viewer with its keys; and files that the virus scanner keeps back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { EICAR, PlayedClamd } from '../system/clamd.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { Desk, type Look, PASSWORD, soon } from './lib/browser.ts';
import { personBy, wrote } from './lib/desk.ts';

const PICTURES = process.env['THROUGHLINE_PICTURES'];
const SAMPLES = new URL('../data/pictures/', import.meta.url);
const sample = (name: string): Buffer => readFileSync(new URL(name, SAMPLES));

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

describe('console, pictures and files kept back', () => {
  let desk: Desk;
  let clamd: PlayedClamd;
  let cookie: string;
  let customer: string;

  before(async () => {
    clamd = new PlayedClamd();
    await clamd.listen();
    desk = await Desk.open({ config: { storage: { scanner: clamd.path } } });
    desk.tolerated = /Failed to load resource/;
    const till = (await desk.server.channel('api', 'Till', { medium: 'shop' })).id;
    customer = await wrote(desk.server, till, { kind: 'email', value: 'mia@customer.example', name: 'Mia' }, 'Look at my shoes');
    assert.equal(customer, await personBy(desk.server, 'mia@customer.example'));
    cookie = await desk.server.login();
  });
  after(async () => {
    await desk.end();
    await clamd.end();
  });

  async function note(text: string, files: [name: string, type: string, data: Buffer][]): Promise<void> {
    const attachments = [];
    for (const [name, type, data] of files) {
      const { upload } = await desk.server.upload(name, new Uint8Array(data), { cookie }, type);
      attachments.push({ upload, name, type });
    }
    const agent = await desk.server.agent(cookie);
    await agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text, attachments });
    agent.close();
  }
  async function open(look: Look = {}, who?: { email: string; password: string }): Promise<Page> {
    const page = await desk.console(look, who, `#/person/${customer}`);
    await page.getByRole('article').first().waitFor();
    return page;
  }
  const picture = async (page: Page, name: string) => void (PICTURES && (await page.screenshot({ path: `${PICTURES}/${name}.png` })));
  const drawn = (image: Locator): Promise<number> => image.evaluate((one) => ((one as HTMLImageElement).complete ? (one as HTMLImageElement).naturalWidth : 0));
  const viewer = (page: Page): Locator => page.getByRole('dialog');

  it('are small copies, and open in a viewer that keys move, larger and smaller, one after the other', async () => {
    await note('Three pictures', [
      ['turned.jpg', 'image/jpeg', sample('turned.jpg')],
      ['phone.heic', 'image/heic', sample('four.heic')],
      ['drawn.gif', 'image/gif', sample('four.gif')],
      ['list.txt', 'text/plain', Buffer.from('shoes')],
    ]);
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('/attachments/') && asked.push(request.url()));
    const article = page.getByRole('article').filter({ hasText: 'Three pictures' });
    for (const name of ['turned.jpg', 'phone.heic', 'drawn.gif']) {
      const image = article.getByRole('img', { name });
      await waitFor(`${name} is drawn`, async () => (await drawn(image)) === 240);
    }
    await picture(page, 'timeline');
    await article.getByRole('button', { name: 'phone.heic' }).click();
    await viewer(page).getByText('2 of 3').waitFor();
    await waitFor('it is drawn', async () => (await drawn(viewer(page).getByRole('img'))) === 240);
    assert.ok(
      asked.every((url) => /size=(small|large)/.test(url)),
      'no picture is loaded whole',
    );
    assert.deepEqual(await faults(page), []);
    await picture(page, 'viewer');
    await page.keyboard.press('ArrowRight');
    await viewer(page).getByText('3 of 3').waitFor();
    await page.keyboard.press('ArrowRight');
    await viewer(page).getByRole('heading', { name: 'turned.jpg' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer(page).getByRole('button', { name: 'Picture before' }).click();
    await viewer(page).getByRole('heading', { name: 'phone.heic' }).waitFor();

    const width = async (): Promise<number> => (await viewer(page).getByRole('img').boundingBox())?.width ?? 0;
    const fit = await width();
    await page.keyboard.press('+');
    await waitFor('it is larger', async () => (await width()) > fit * 1.4);
    await viewer(page).getByRole('button', { name: 'Larger' }).click();
    await waitFor('and larger', async () => (await width()) > fit * 1.9);
    assert.deepEqual(await faults(page), []);
    await picture(page, 'viewer-larger');
    await page.keyboard.press('0');
    await waitFor('it fits again', async () => Math.abs((await width()) - fit) < 2);
    const download = page.waitForEvent('download');
    await viewer(page).getByRole('link', { name: 'Save phone.heic' }).click();
    assert.equal((await download).suggestedFilename(), 'phone.heic');
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('what is called a picture and is none is a file to be saved', async () => {
    await note('No picture', [['broken.png', 'image/png', Buffer.from('not really')]]);
    const page = await open();
    await page.getByRole('article').filter({ hasText: 'No picture' }).getByRole('link', { name: 'broken.png' }).waitFor();
    await page.context().close();
  });

  it('fits a telephone, and the night', async () => {
    const page = await open({ width: 390, height: 780, theme: 'dark', language: 'ja' });
    await page.getByRole('button', { name: 'turned.jpg' }).first().click();
    await waitFor('it is drawn', async () => (await drawn(viewer(page).getByRole('img'))) === 240);
    assert.deepEqual(await faults(page), []);
    await picture(page, 'viewer-ja');
    await page.context().close();
  });

  it('files wait for the scanner, and appear when they were looked at', async () => {
    clamd.hold();
    await note('It waits', [['waits.png', 'image/png', sample('four.png')]]);
    const page = await open();
    const article = page.getByRole('article').filter({ hasText: 'It waits' });
    await article.getByText('is being checked for viruses').waitFor();
    await soon(async () => assert.equal(await article.getByRole('img', { name: 'waits.png' }).count(), 0));
    clamd.release();
    await waitFor('it is drawn', async () => (await drawn(article.getByRole('img', { name: 'waits.png' }))) === 240);
    await page.context().close();
  });

  it('a virus is named; an administrator alone can save it, and anybody has it looked at again', async () => {
    await note('It is bad', [['bad.txt', 'text/plain', Buffer.from(EICAR)]]);
    const page = await open();
    const article = page.getByRole('article').filter({ hasText: 'It is bad' });
    await article.getByText('Eicar-Test-Signature was found in it').waitFor();
    assert.deepEqual(await faults(page), []);
    await article.scrollIntoViewIfNeeded();
    await picture(page, 'infected');
    const download = page.waitForEvent('download');
    await article.getByRole('link', { name: 'Save the virus' }).click();
    assert.equal(readFileSync(await (await download).path(), 'utf8'), EICAR);
    await desk.server.newAgent('Eva');
    const other = await open({}, { email: 'eva@example.com', password: PASSWORD });
    const same = other.getByRole('article').filter({ hasText: 'It is bad' });
    await same.getByText('Eicar-Test-Signature was found in it').waitFor();
    await soon(async () => assert.equal(await same.getByRole('link').count(), 0));
    clamd.says = 'stream: OK';
    await same.getByRole('button', { name: 'Scan again' }).click();
    await article.getByRole('link', { name: 'bad.txt' }).waitFor();
    await same.getByRole('link', { name: 'bad.txt' }).waitFor();
    clamd.says = null;
    await other.context().close();
    await page.context().close();
  });

  it('that the scanner is away is said where the day begins, after some minutes', async () => {
    await clamd.leave();
    await note('Nobody looks', [['alone.txt', 'text/plain', Buffer.from('nobody looks')]]);
    desk.server.sql('UPDATE file_scan SET asked_at = asked_at - 400000 WHERE state = 1');
    const page = await desk.console();
    await page.getByRole('alert').getByText('The virus scanner has not answered for 6 minutes: 1 file waits').waitFor();
    assert.deepEqual(await faults(page), []);
    await picture(page, 'scanner-away');
    await page.context().close();
  });
});
