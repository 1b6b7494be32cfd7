// An SMS while it is written: in how many parts it goes, and plainly in fewer.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, twilioRequest } from '../../agent-web/play/providers.ts';
import { smsMessage } from '../../agent-web/play/sms.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, row } from './lib/browser.ts';

const SHOP = '+14155550100';

describe('console, SMS', () => {
  let desk: Desk;
  let sink: CatchAll;

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open();
    const { server } = desk;
    const { url } = await server.channel('twilio_sms', 'SMS', { account_sid: 'AC1', auth_token: 'tok', number: SHOP, api_url: sink.twilioUrl });
    assert.equal((await deliver(twilioRequest({ url, authToken: 'tok' }, smsMessage('+14155550107', SHOP, 'Is it there?')))).status, 200);
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  it('says in how many parts it goes, and writes it plainly when asked to', async () => {
    const page = await desk.console();
    await row(page, 'Is it there?').click();
    const box = page.getByRole('textbox', { name: 'Your answer' });
    await box.fill(`“It’s at the door” – ${'x'.repeat(60)}`);
    await page.getByText('2 SMS, room for 53 more characters in the last').waitFor();
    await page.getByRole('button', { name: 'Write plainly: 1 SMS' }).click();
    await page.getByText('1 SMS, room for 79 more characters').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const sent = await waitFor('it has left', () => sink.messages.find(({ channel }) => channel === 'sms'), 40_000);
    assert.equal(sent.text, `"It's at the door" - ${'x'.repeat(60)}`);
  });
});
