// Mail as it came: harmless, quiet towards its sender, and whole.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { sendGridMail } from '../../agent-web/play/mail_hooks.ts';
import { deliver } from '../../agent-web/play/providers.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { MailBox } from './lib/people.ts';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const REMOTE = 'https://tracker.example/pixel.png';

describe('console, mail', () => {
  let desk: Desk;
  let mail: MailBox;

  before(async () => {
    desk = await Desk.open();
    // The browser tells of what it keeps an evil mail from doing.
    desk.tolerated = /Content Security Policy directive[^]*(event handler|base URI)|(event handler|base URI)[^]*Content Security Policy/;
    mail = await MailBox.of(desk.server);
  });
  after(() => desk.end());

  async function open(text: string): Promise<Page> {
    const page = await desk.console();
    await row(page, text).click();
    await page.getByRole('article').first().waitFor();
    return page;
  }

  it('runs no script, posts no form and frames nothing', async () => {
    await mail.receive({
      from: 'mallory@customer.example',
      text: 'Evil greetings',
      subject: 'Evil',
      html: `<p id="hello">Evil greetings</p><script>parent.hacked = 1</script><img src="x" onerror="parent.hacked = 2">
        <form action="https://evil.example"><input name="p"><button>Send</button></form><iframe src="https://evil.example"></iframe>
        <a href="javascript:parent.hacked = 3">click</a><svg onload="parent.hacked = 4"></svg><base href="https://evil.example/">
        <div style="position:fixed;inset:0;background:url(https://tracker.example/bg.png)">over everything</div>`,
    });
    const page = await open('Evil greetings');
    const frame = page.frameLocator('article iframe');
    await frame.locator('#hello').waitFor();
    await soon(async () =>
      assert.equal(await page.locator('article iframe').getAttribute('sandbox'), 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'),
    );
    await soon(async () => assert.equal(await frame.locator('script, form, input, button, iframe, svg, base, [onerror], [onload]').count(), 0));
    await soon(async () => assert.equal(await frame.locator('a').getAttribute('href'), null));
    await soon(async () => assert.doesNotMatch((await frame.locator('div').getAttribute('style')) ?? '', /fixed|tracker/));
    assert.equal(await page.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
    await page.context().close();
  });

  it('marks what a machine has sent', async () => {
    await mail.receive({ from: 'robot@customer.example', text: 'When do you open?' }); // an automatic reply alone opens nothing
    await mail.receive({ from: 'robot@customer.example', text: 'I am out of office' }, 'Auto-Submitted: auto-replied');
    const page = await open('I am out of office');
    await page.getByRole('article').filter({ hasText: 'I am out of office' }).getByText('automatic').waitFor();
    await page.context().close();
  });

  it('shows an invitation as one, in the time of the desk, and what is signed or encrypted', async () => {
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'UID:1',
      'SUMMARY:Kettle demo',
      'DTSTART:20261130T090000Z',
      'DTEND:20261130T100000Z',
      'LOCATION:Room 1',
      'ORGANIZER;CN=Ann:mailto:ann@customer.example',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ];
    const raw = [
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'Please come to the demo',
      '--b',
      'Content-Type: text/calendar; method=REQUEST',
      '',
      ...lines,
      '--b--',
      '',
    ].join('\r\n');
    await mail.raw(`From: ann@customer.example\r\nSubject: Demo\r\nMessage-ID: <demo@customer.example>\r\n${raw}`);
    const page = await open('Please come to the demo');
    const card = page.getByRole('region', { name: 'Invitation' });
    await card.getByText('Kettle demo').waitFor();
    await soon(async () => assert.match((await card.textContent()) ?? '', /Nov 30, 2026.*9:00.*10:00.*Room 1.*Ann <ann@customer\.example>/));
    await page.context().close();
    await mail.raw(
      'From: sec@customer.example\r\nSubject: Secret\r\nMessage-ID: <sec@customer.example>\r\nContent-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----\r\n',
    );
    const second = await open('BEGIN PGP MESSAGE');
    await second.getByText('Encrypted (OpenPGP)').waitFor();
    await second.context().close();
  });

  it('opens a mail that is attached to another', async () => {
    const inner = [
      'From: Boss <boss@customer.example>',
      'To: ann@customer.example',
      'Subject: The old promise',
      'Date: Mon, 16 Nov 2026 10:00:00 +0000',
      'Content-Type: multipart/mixed; boundary=i',
      '',
      '--i',
      'Content-Type: text/html',
      '',
      '<p>We promise a <b>new cup</b></p><script>parent.hacked = 1</script>',
      '--i',
      'Content-Type: application/pdf; name="cup.pdf"',
      'Content-Disposition: attachment',
      '',
      '%PDF',
      '--i--',
    ];
    await mail.raw(
      [
        'From: ann@customer.example',
        'Subject: See below',
        'Message-ID: <fwd@customer.example>',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'They promised it',
        '--b',
        'Content-Type: message/rfc822',
        '',
        ...inner,
        '--b--',
        '',
      ].join('\r\n'),
    );
    const page = await open('They promised it');
    await page.getByRole('button', { name: 'The old promise.eml' }).click();
    const dialog = page.getByRole('dialog', { name: 'The old promise' });
    await dialog.getByText('Boss <boss@customer.example>').waitFor();
    await dialog.getByText('cup.pdf (4 B)').waitFor();
    const frame = page.frameLocator('[role=dialog] iframe');
    await frame.locator('b', { hasText: 'new cup' }).waitFor();
    await soon(async () => assert.equal(await frame.locator('script').count(), 0));
    await page.context().close();
  });

  it('fetches remote images only when asked to', async () => {
    await mail.receive({ from: 'nora@customer.example', text: 'Look at this', html: `<p>Look at this</p><img src="${REMOTE}" alt="far away">` });
    const page = await desk.console();
    const asked: string[] = [];
    await page.route(REMOTE, async (route) => {
      asked.push(route.request().url());
      await route.fulfill({ body: PIXEL, contentType: 'image/png' });
    });
    await row(page, 'Look at this').click();
    await page.frameLocator('article iframe').getByText('Look at this').waitFor();
    await page.getByText('Pictures from elsewhere are not loaded.').waitFor();
    assert.deepEqual(asked, []);
    await page.getByRole('button', { name: 'Show images' }).click();
    await waitFor('the image is fetched', () => asked.length === 1);
    await page.context().close();
  });

  it('shows pictures that are part of the mail', async () => {
    await mail.receive({
      from: 'olga@customer.example',
      text: 'Inside',
      html: '<p>Inside</p><img src="cid:pic@mail" alt="within">',
      attachments: [{ name: 'pic.png', type: 'image/png', data: PIXEL, cid: 'pic@mail' }],
    });
    const page = await open('Inside');
    const image = page.frameLocator('article iframe').getByAltText('within');
    await waitFor('it is loaded', () => image.evaluate((element) => (element as HTMLImageElement).naturalWidth === 1));
    await page.context().close();
  });

  it('lists attachments with size, gives them back whole, and names their SHA-256', async () => {
    const data = Buffer.from('%PDF-1.4 not really '.repeat(200));
    await mail.receive({ from: 'pia@customer.example', text: 'See the file', attachments: [{ name: 'invoice 1042.pdf', type: 'application/pdf', data }] });
    const page = await open('See the file');
    const link = page.getByRole('link', { name: /invoice 1042\.pdf/ });
    await link.getByText('4 kB').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    assert.deepEqual(Buffer.concat(parts), data);
    await page.getByRole('article').filter({ hasText: 'See the file' }).hover();
    await page.getByRole('button', { name: 'Details' }).last().click();
    await page.getByText(createHash('sha256').update(data).digest('hex')).waitFor();
    await page.context().close();
  });

  it('says in words what SPF and DKIM found, and for whom it was handed over', async () => {
    const hook = { user: 'hook', password: 'pw-of-hook' };
    const { url } = await desk.server.channel('sendgrid', 'SendGrid', { address: 'post@shop.example', ...hook });
    const letter = { from: 'petra@customer.example', fromName: 'Petra', to: 'post@shop.example', subject: 'Checked', text: 'Checked by the provider' };
    assert.equal((await deliver(sendGridMail({ url, ...hook }, letter))).status, 200);
    const page = await open('Checked by the provider');
    await page.getByRole('article').filter({ hasText: 'Checked by the provider' }).hover();
    await page.getByRole('button', { name: 'Details' }).last().click();
    const details = page.getByRole('dialog', { name: 'Details' });
    for (const [name, value] of [
      ['Sender check', 'passed'],
      ['SPF', 'passed'],
      ['DKIM', 'passed'],
      ['Delivered to', 'post@shop.example'],
    ])
      await details
        .locator('dl > div')
        .filter({ has: page.getByText(name ?? '', { exact: true }) })
        .getByText(value ?? '', { exact: true })
        .waitFor();
    await soon(async () => assert.equal(await details.getByText('DMARC').count(), 0));
    await page.context().close();
  });

  it('folds what a reply repeats', async () => {
    const quoted = 'On Monday, help@shop.example wrote:\n> What is the number of your order?\n> Kind regards';
    await mail.receive({ from: 'quentin@customer.example', subject: 'Re: Order', text: `It is 1042.\n\n${quoted}\n` });
    const page = await open('It is 1042.');
    const article = page.getByRole('article').filter({ hasText: 'It is 1042.' });
    await soon(async () => assert.equal(await article.getByText('What is the number').count(), 0));
    await article.getByRole('button', { name: 'Show quotation and signature' }).click();
    await article.getByText('What is the number').waitFor();
    await page.context().close();
  });

  it('folds the quotation of a designed mail, and says so of that alone', async () => {
    await mail.receive({
      from: 'quirin@customer.example',
      text: 'It is 1043.',
      html: `<p>It is 1043.</p><p>-- <br>Quirin</p><img src="${REMOTE}"><div class="gmail_quote"><blockquote>Which number?</blockquote></div>`,
    });
    const page = await open('It is 1043.');
    const frame = page.frameLocator('article iframe');
    await frame.getByText('Quirin').waitFor();
    assert.equal(await frame.getByText('Which number?').isVisible(), false);
    await frame.getByText('Show or hide the quotation').click();
    await frame.getByText('Which number?').waitFor();
    await page.context().close();
  });

  it('uploads a file with progress and sends it along', async () => {
    await mail.receive({ from: 'rita@customer.example', text: 'Please send me the form' });
    const page = await open('Please send me the form');
    await page.locator('input[type=file]:not([accept])').setInputFiles({ name: 'form.txt', mimeType: 'text/plain', buffer: Buffer.from('a form') });
    await page.getByRole('button', { name: 'Remove form.txt' }).waitFor();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Here it is.');
    await page.keyboard.press('Control+Enter');
    await page
      .getByRole('article')
      .filter({ hasText: 'Here it is.' })
      .getByRole('link', { name: /form\.txt/ })
      .waitFor();
    await page.context().close();
  });
});
