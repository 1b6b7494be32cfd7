// What a bubble tells beside its words: who else has the mail, every file of it, who rang, and what happened by itself.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { deliver, lineRequest, lineTextEvent, lineUserId, postmarkRequest, twilioRequest } from '../../agent-web/play/providers.ts';
import { waitFor } from '../system/harness.ts';
import { give, Host, PICTURE, say } from '../system/host.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { email, goTo, newestEntry, said, wrote } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';
import { Answerer, Shop, Widget } from './lib/shop.ts';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const PDF = Buffer.from('%PDF-1.4 not really '.repeat(100));

describe('console, bubbles', () => {
  let desk: Desk;
  let mail: MailBox;
  let till: string;

  before(async () => {
    desk = await Desk.open();
    mail = await MailBox.of(desk.server);
    till = (await desk.server.channel('api', 'Till', { medium: 'shop' })).id;
  });
  after(async () => {
    Answerer.allLeave();
    await desk.end();
  });

  async function open(text: string): Promise<Page> {
    const page = await desk.console();
    await row(page, text).click();
    await page.getByRole('article').first().waitFor();
    return page;
  }

  it('shows to whom else a mail went, the first few of many', async () => {
    const many = Array.from({ length: 5 }, (_, i) => `copy${i}@customer.example`).join(', ');
    await mail.receive({ from: 'cecil@customer.example', text: 'With copies' }, `Cc: "Uncle Bob" <bob@customer.example>, ${many}`);
    const page = await open('With copies');
    const line = said(page, 'With copies').getByRole('group', { name: 'Recipients' });
    await line.getByText('help@shop.example').waitFor();
    await line.getByText('Uncle Bob <bob@customer.example>').waitFor();
    await soon(async () => assert.equal(await line.getByText('copy4@customer.example').count(), 0));
    await line.getByRole('button', { name: 'and 3 more' }).click();
    await line.getByText('copy4@customer.example').waitFor();
    await page.context().close();
  });

  it('lists a file that is sent as part of the text and that no picture in it names', async () => {
    const postmark = await desk.server.channel('postmark', 'Postmark', { address: 'post@shop.example', user: 'hook', password: 'pw-of-hook' });
    const hook = { url: postmark.url, user: 'hook', password: 'pw-of-hook' };
    const request = postmarkRequest(hook, {
      from: 'apple@customer.example',
      fromName: 'Apple',
      to: 'post@shop.example',
      subject: 'Papers',
      text: 'Both papers',
      html: '<p><b>Both papers</b></p><img src="cid:pic@mail" alt="within">',
    });
    const body = JSON.parse(String(request.body)) as Record<string, unknown>;
    delete body['RawEmail'];
    body['Attachments'] = [
      { Name: 'pic.png', ContentType: 'image/png', Content: PIXEL.toString('base64'), ContentID: 'pic@mail' },
      { Name: 'order form.pdf', ContentType: 'application/pdf', Content: PDF.toString('base64'), ContentID: 'A1B2@apple' },
    ];
    const sent = await deliver({ ...request, body: Buffer.from(JSON.stringify(body)) });
    assert.equal(sent.status, 200, sent.text);
    const page = await open('Both papers');
    const article = page.getByRole('article', { name: /Apple/ });
    await article.getByRole('link', { name: /order form\.pdf/ }).waitFor();
    await soon(async () => assert.equal(await article.getByRole('link', { name: /pic\.png/ }).count(), 0));
    await page.context().close();
  });

  it('has a picture of the chat above its words, as the visitor sees it, and plays a sound', async () => {
    const chat = (await desk.server.channel('chat', 'Chat of the shop', {})).id;
    const shop = await Shop.open(
      () => desk.server,
      () => chat,
    );
    const widget = await Widget.visit(await desk.context(), shop.url);
    await widget.open();
    await widget.root.locator('input[type=file]').setInputFiles([
      { name: 'cup.png', mimeType: 'image/png', buffer: PIXEL },
      { name: 'says.mp3', mimeType: 'audio/mpeg', buffer: Buffer.alloc(900, 1) },
    ]);
    await waitFor('both are up', async () => (await widget.root.locator('.chip.done').count()) === 2);
    await widget.send('This cup has a crack');
    await widget.sent('This cup has a crack');
    const above = (picture: { y: number } | null, words: { y: number } | null) => Boolean(picture && words && picture.y < words.y);
    await widget.log.locator('img.picture').waitFor();
    assert.ok(above(await widget.log.locator('img.picture').boundingBox(), await widget.bubble('This cup').locator('.bubble').boundingBox()), 'in the widget');
    const page = await open('This cup has a crack');
    const article = said(page, 'This cup has a crack');
    await article.getByAltText('cup.png').waitFor();
    assert.ok(above(await article.getByAltText('cup.png').boundingBox(), await article.getByText('This cup has a crack').boundingBox()), 'in the console');
    await soon(async () => assert.equal(await article.locator('audio').getAttribute('aria-label'), 'says.mp3'));
    await page.context().close();
    await widget.page.context().close();
    await shop.close();
  });

  it('says of a caller without a number that it is withheld', async () => {
    const { url } = await desk.server.channel('twilio_voice', 'Phone', { auth_token: 'twilio-token' });
    const sid = `CA${'4'.repeat(32)}`;
    const request = twilioRequest(
      { url, authToken: 'twilio-token' },
      { CallSid: sid, CallStatus: 'no-answer', From: 'anonymous', To: '+815012345678', Direction: 'inbound' },
    );
    assert.equal((await deliver(request)).status, 200);
    const page = await desk.console();
    await row(page, 'Caller, number withheld').click();
    await page
      .getByRole('article', { name: /number withheld, Phone/ })
      .getByText('number withheld')
      .first()
      .waitFor();
    await soon(async () => assert.equal(await page.getByText(sid).count(), 0));
    await page.context().close();
  });

  it('says where a recording and a picture are that are not fetched, and asks nobody for them', async () => {
    const { url } = await desk.server.channel('twilio_voice', 'Line in Osaka', { auth_token: 'twilio-token' });
    const sid = `CA${'5'.repeat(32)}`;
    const recording = {
      CallSid: sid,
      RecordingSid: `RE${'6'.repeat(32)}`,
      RecordingUrl: 'https://api.twilio.com/2010-04-01/x',
      RecordingStatus: 'completed',
      RecordingDuration: '75',
    };
    const call = { CallSid: sid, CallStatus: 'completed', From: '+81312345678', To: '+815012345678', Direction: 'inbound', CallDuration: '80' };
    for (const one of [call, { ...recording, From: call.From, To: call.To, Direction: 'inbound' }])
      assert.equal((await deliver(twilioRequest({ url, authToken: 'twilio-token' }, one))).status, 200);
    const line = await desk.server.channel('line', 'LINE of the shop', { channel_secret: 'line-secret', access_token: 'x' });
    const image = lineTextEvent(lineUserId(), '', {
      message: { type: 'image', id: '468789577898262530', contentProvider: { type: 'external', originalContentUrl: 'https://cdn.example/a.jpg' } },
    });
    assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: 'line-secret' }, [image]))).status, 200);
    const page = await desk.console();
    const asked: string[] = [];
    page.on('request', (request) => new URL(request.url()).origin !== desk.server.url && asked.push(request.url()));
    await row(page, '+81312345678').click();
    await page.getByText('A recording of 1:15 is kept by the provider of “Line in Osaka”').waitFor();
    await soon(async () => assert.equal(await page.locator('audio').count(), 0));
    await row(page, 'Picture').click();
    await page.getByText('Only “LINE of the shop” has it').waitFor();
    assert.deepEqual(asked, []);
    await page.context().close();
  });

  it('shows what a provider keeps as soon as it is here, says why one is not, and asks again', async () => {
    const ends: (() => Promise<void>)[] = [];
    const host = await Host.start(ends);
    const line = await desk.server.channel('line', 'LINE of files', { channel_secret: 'files', access_token: 'x', api_url: host.url });
    const from = lineUserId(),
      content = (id: string): string => `/v2/bot/message/${id}/content`;
    const send = async (type: string, id: string): Promise<void> => {
      const event = lineTextEvent(from, '', { message: { type, id, contentProvider: { type: 'line' } } });
      assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: 'files' }, [event]))).status, 200);
    };
    host.at.set(content('1'), say(202));
    await send('image', '1');
    await send('audio', '2');
    const page = await desk.console();
    await row(page, 'Voice message').click();
    const picture = page.getByRole('article').filter({ hasText: 'attachment.jpg' }),
      sound = page.getByRole('article').filter({ hasText: 'attachment.m4a' });
    await picture.getByText('comes from the provider').waitFor();
    await sound.getByText('The provider does not have it any more.').waitFor();
    host.at.set(content('1'), give(PICTURE));
    const shown = page.getByRole('img', { name: 'attachment.jpg' });
    await shown.waitFor();
    assert.ok(await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth === 1)));
    const bubble = page.getByRole('article').filter({ has: shown });
    await soon(async () => assert.equal(await bubble.getByText('Picture', { exact: true }).count(), 0, 'it needs no word beside it'));
    host.at.set(content('2'), give(Buffer.from('sound'), 'audio/mp4'));
    await sound.getByRole('button', { name: 'Try again' }).click();
    await page.locator('audio[aria-label="attachment.m4a"]').waitFor();
    await soon(async () => assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0));
    await page.context().close();
    for (const end of ends) await end();
  });

  it('tells a visit to a store from a page, and what has been decided of which conversation', async () => {
    const identity = email('vera@customer.example', 'Vera');
    const vera = await wrote(desk.server, till, identity, 'I was in your shop');
    const puts = (external_id: string, payload: Record<string, unknown>) =>
      desk.server.api('entries.put', { channel_id: till, entries: [{ kind: 'visit', direction: 'in', identity, external_id, payload }] });
    await puts('v1', { title: 'Kyoto, Teramachi', store: 'Kyoto' });
    await puts('v2', { url: 'https://shop.example/tea', title: 'Sencha' });
    const { conversation_id } = await newestEntry(desk.server, vera, 'I was in your shop');
    assert.ok(conversation_id);
    const agent = await desk.server.agent();
    const { number } = await agent.call('conversation.set_priority', { id: conversation_id, priority: 'urgent' });
    agent.close();
    const page = await desk.console();
    await goTo(page, `#/person/${vera}`);
    await page.getByText('I was in your shop').first().waitFor();
    await page.getByText('Visited the store: Kyoto, Teramachi').waitFor();
    await page.getByText('Looked at Sencha').waitFor();
    await page.getByText(`changed the priority of #${number}: Urgent`).waitFor();
    await page.context().close();
  });

  it('says of a channel that is fed by the API when the last came', async () => {
    await wrote(desk.server, till, email('walter@customer.example', 'Walter'), 'By the till');
    const page = await desk.console({}, undefined, '#/settings/channels');
    await page
      .getByRole('link', { name: /Till/ })
      .getByText(/now|min ago/)
      .waitFor();
    await page.context().close();
  });
});
