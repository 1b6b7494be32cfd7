// A console in Japanese says nothing in English: pages, dialogs, refusals, what the server noted and what providers answered.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { deliver, lineRequest, lineTextEvent, lineUserId } from '../../agent-web/play/providers.ts';
import { CHANNEL_TYPES } from '../../agent-web/protocol/src/index.ts';
import { ADMIN, randomUUID, waitFor } from '../system/harness.ts';
import { Desk, PASSWORD } from './lib/browser.ts';
import { email, goTo, wrote } from './lib/desk.ts';

/** Names that are the same in every language. */
const NAMES = /LINE Official Account Manager|Meta for Developers|WhatsApp Business Platform|API keys & tokens/g;
const SENTENCE = /[A-Za-z][A-Za-z'’]*(?:,? [A-Za-z][A-Za-z'’]*){2,}/g;

/** What is read and what a screen reader says, without quotations: those are others' words. */
async function english(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const said = [...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].flatMap((one) =>
      ['aria-label', 'title', 'placeholder', 'alt'].map((name) => one.getAttribute(name) ?? ''),
    );
    return [document.body.innerText, ...said];
  });
  return [
    ...new Set(
      texts.flatMap(
        (text) =>
          text
            .replace(/「[^」]*」|“[^”]*”/g, '')
            .replace(NAMES, '')
            .match(SENTENCE) ?? [],
      ),
    ),
  ];
}

describe('console, in Japanese', () => {
  let desk: Desk;
  let page: Page;
  let close: () => void;
  const ids: Record<string, string> = {};

  /** Goes there, waits for what must be seen, and reads the page. */
  const look = async (hash: string, seen: string | RegExp): Promise<void> => {
    await goTo(page, hash);
    await page.getByText(seen).first().waitFor();
    assert.deepEqual(await english(page), [], hash);
  };

  before(async () => {
    desk = await Desk.open();
    const { server } = desk;
    const refusing = createServer((_, response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"The property is not valid at all"}'),
    );
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    close = () => refusing.close();
    const api_url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const line = await server.channel('line', '公式アカウント', { channel_secret: 'secret', access_token: 'x', api_url });
    await deliver(lineRequest({ url: line.url, channelSecret: 'secret' }, [{ type: 'message', source: 'nobody' }]));
    const shop = await server.channel('api', '店舗');
    const [aoi, ren] = [
      await wrote(server, shop.id, email('aoi@customer.example', '葵'), '届きません'),
      await wrote(server, shop.id, email('ren@customer.example', '葵'), '色違いでした'),
    ];
    const order = {
      external_id: 'o1',
      number: '#77001',
      state: 'paid',
      place: 'web',
      placed_at: '2026-01-02T00:00:00Z',
      updated_at: '2026-01-02T00:00:00Z',
      currency: 'JPY',
      total: '1200',
      items: [],
    };
    await server.api('orders.put', {
      channel_id: shop.id,
      orders: [{ identities: [email('aoi@customer.example', '葵'), { kind: 'phone', value: '+819012345678' }, email('ren@customer.example', '蓮')], order }],
    } as never);
    const chat = await server.channel('chat', 'チャット');
    const visitor = await server.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'こんにちは' });
    await visitor.call('chat.identify', { email: 'aoi@customer.example' });
    visitor.close();
    Object.assign(ids, { line: line.id, shop: shop.id, aoi, ren });
    page = await desk.console({ language: 'ja' }, ADMIN);
  });
  after(async () => {
    close();
    await desk.end();
  });

  it('is read by a test that finds English', async () => {
    const other = await desk.console({ language: 'en' }, ADMIN, '#/settings/channels');
    await other.getByText('公式アカウント').first().waitFor();
    assert.ok((await english(other)).length > 0);
    await other.context().close();
  });

  it('shows people with their evidence, and who may be the same', async () => {
    await look(`#/person/${ids.aoi}`, '届きません');
    await look('#/duplicates', /注文 #77001 に|チャットで伝えられました/);
    await look('#/inbox/all', 'こんにちは');
    await page
      .getByText(/^訪問者 [0-9A-F]{4}$/)
      .first()
      .waitFor();
  });

  it('words why an answer was not delivered, in the story and in the queue', async () => {
    const { server } = desk;
    const row = (await server.api('channel.list', {})).channels.find((one) => one.id === ids.line)!;
    await deliver(lineRequest({ url: row.webhook_url!, channelSecret: 'secret' }, [lineTextEvent(lineUserId(), '在庫はありますか')]));
    const conversation = await waitFor('the question', async () =>
      (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === '在庫はありますか'),
    );
    const { customer_id } = conversation;
    const { ways } = await server.api('customer.reach', { customer_id });
    const way = ways.find((one) => one.channel_id === ids.line)!;
    const agent = await server.agent();
    await agent.call('message.send', { client_id: randomUUID(), customer_id, identity_id: way.identity_id!, channel_id: ids.line!, text: 'ございます' });
    agent.close();
    await look(`#/person/${customer_id}`, 'LINEがメッセージを受け付けませんでした');
    await look('#/inbox/all', 'LINEがメッセージを受け付けませんでした');
  });

  it('has words for every page of the settings, every kind of channel and every setting', async () => {
    for (const section of ['channels', 'agents', 'tokens', 'attributes', 'keys', 'import', 'privacy', 'blocked', 'you'])
      await look(`#/settings/${section}`, /./);
    await look('#/settings/channels/new', 'その他のショップ、アプリ、レジ');
    for (const type of Object.keys(CHANNEL_TYPES)) {
      await goTo(page, `#/settings/channels/new/${type}`);
      await page.locator('form').waitFor();
      assert.deepEqual(await english(page), [], type);
    }
    await look(`#/settings/channels/${ids.line}`, '誰からか分からないイベントがあります');
  });

  it('refuses in Japanese what was typed wrong', async () => {
    await goTo(page, '#/settings/channels/new/email');
    await page.getByRole('textbox', { name: 'アドレス', exact: true }).fill('not@an address.example');
    await page.locator('form').evaluate((form: HTMLFormElement) => (form.noValidate = true));
    await page.locator('form').getByRole('button').last().click();
    await page.getByText('help@example.com の形式で入力してください').waitFor();
    assert.deepEqual(await english(page), []);
    await goTo(page, '#/settings/agents');
    await page.getByRole('button', { name: 'メンバーを追加' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('名前').fill('葵');
    await dialog.getByLabel('メール').fill(ADMIN.email);
    await dialog.getByLabel('パスワード').fill(PASSWORD);
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByText('このメールアドレスのアカウントはすでにあります。').waitFor();
    assert.deepEqual(await english(page), []);
    await page.keyboard.press('Escape');
  });

  it('says in Japanese what an import refuses, and what the audit has noted', async () => {
    const { server } = desk;
    await goTo(page, '#/settings/import');
    const csv = 'name,email,points\r\n葵,nobody at all,1\r\n蓮,ren@customer.example,many\r\n';
    await page.locator('input[type=file]').setInputFiles({ name: '顧客.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('button', { name: '試しに実行' }).click();
    await page.getByText('は整数ではありません').waitFor();
    assert.deepEqual(await english(page), []);
    await server.api('customer.merge', { into_id: ids.aoi!, from_id: ids.ren! } as never);
    await look('#/settings/privacy', '統合');
    await page.getByText('権限とログイン').first().click();
    await page.getByText('ログイン').first().waitFor();
    assert.deepEqual(await english(page), []);
  });
});
