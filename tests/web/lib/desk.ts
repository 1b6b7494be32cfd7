// What the tests of people, search and privacy need again and again.
import type { Locator, Page } from 'playwright-core';
import type { Methods, PutEntry } from '../../../agent-web/protocol/src/index.ts';
import { waitFor, type Server } from '../../system/harness.ts';

type Ref = PutEntry['identity'];

export const email = (value: string, name: string): Ref => ({ kind: 'email', value, name });

let serial = 0;

/** A message from somebody by an address or number of theirs; gives the person. */
export async function wrote(server: Server, channel_id: string, identity: Ref, text: string, more: Partial<PutEntry> = {}): Promise<string> {
  const entry: PutEntry = { kind: 'message', direction: 'in', identity, external_id: `w${++serial}`, text, ...more };
  await server.api('entries.put', { channel_id, entries: [entry] });
  return personBy(server, identity.value);
}

export async function personBy(server: Server, value: string): Promise<string> {
  return waitFor(`${value} is known`, async () => (await server.api('customer.search', { query: value, limit: 1 })).hits[0]?.id);
}

export async function newestEntry(server: Server, customer_id: string, text: string): Promise<Methods['entry.get']['result']> {
  return waitFor(`the entry "${text}"`, async () =>
    (await server.api('timeline.page', { customer_id, limit: 100 })).entries.find((entry) => entry.text?.includes(text)),
  );
}

export const goTo = (page: Page, hash: string): Promise<void> =>
  page.evaluate((next) => {
    location.hash = next;
  }, hash);
export const said = (page: Page, text: string): Locator => page.getByRole('article').filter({ hasText: text });
export const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'About the person' });

/** Chooses a person in the palette that asks for one. */
export async function pick(page: Page, query: string): Promise<void> {
  await page.getByRole('combobox').fill(query);
  await page.getByRole('option').filter({ hasText: query }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** What stands in a box, be it a text box or the editor of formatted answers: a line a paragraph. */
export const written = (box: Locator): Promise<string> =>
  box.evaluate((element) =>
    element instanceof HTMLTextAreaElement ? element.value : [...element.querySelectorAll('p')].map((line) => line.textContent ?? '').join('\n'),
  );
