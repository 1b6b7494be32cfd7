// What has not left, in one list: why, and again with one click.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';
import { goTo } from './lib/desk.ts';

describe('console, unsent answers', () => {
  let desk: Desk;
  let sink: CatchAll;
  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '0' } } });
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  it('are listed with their reason, tried again together, and gone when they have left', async () => {
    const made = await desk.server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la', api_url: sink.lineUrl });
    const agent = await desk.server.agent();
    sink.setMode({ channel: 'line', status: 400, times: 100, body: { message: 'The user is gone' } });
    for (const name of ['one', 'two']) {
      await deliver(lineRequest({ url: made.url, channelSecret: 'ls' }, [lineTextEvent(`U-${name}`, `hello from ${name}`)]));
      const row = (await desk.server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === `hello from ${name}`);
      const [way] = (await desk.server.api('customer.reach', { customer_id: row!.customer_id })).ways;
      await agent.call('message.send', {
        customer_id: row!.customer_id,
        identity_id: way!.identity_id!,
        channel_id: made.id,
        client_id: randomUUID(),
        text: `answer to ${name}`,
      });
    }
    agent.close();
    const page = await desk.console();
    await goTo(page, '#/unsent');
    await page.getByRole('heading', { name: 'Unsent answers' }).waitFor();
    await page.getByText('answer to two').waitFor();
    await page.getByText('answer to one').waitFor();
    await soon(async () => assert.equal(await page.getByText('The user is gone').count(), 2));
    sink.setMode({ channel: 'line', status: 400, times: 0 });
    await page.getByRole('button', { name: 'Try all 2 again' }).click();
    await page.getByText('Every answer has left.').waitFor();
    await waitFor('both have left', () => sink.messages.filter((one) => /answer to (one|two)/.test(one.text)).length === 2);
    await page.getByRole('link', { name: 'Uncertain' }).click();
    await page.getByText('Of every answer it is known').waitFor();
    await page.context().close();
  });
});
