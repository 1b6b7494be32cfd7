// The signatures are those that each provider documents.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import * as providers from '../providers.ts';

test("Twilio: the example of Twilio's own documentation", () => {
  const hook = { url: 'https://mycompany.com/myapp.php?foo=1&bar=2', authToken: '12345' };
  const parameters = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675310',
    Digits: '1234',
    From: '+14158675310',
    To: '+18005551212',
  };
  assert.equal(providers.twilioSignature(hook, parameters), 'GvWf1cFY/Q7PnoempGyD5oXAezc=');
});

test('LINE: base64 HMAC-SHA256 of exactly the bytes that are sent', () => {
  const request = providers.lineRequest({ url: 'http://x/', channelSecret: 's' }, [providers.lineTextEvent('U1', '注文は？')]);
  const expected = createHmac('sha256', 's').update(request.body).digest('base64');
  assert.equal(request.headers['x-line-signature'], expected);
});

test('WhatsApp: the body is ASCII with lower-case escapes, and signed as such', () => {
  const hook = { url: 'http://x/', appSecret: 'app', phoneNumberId: '1' };
  const request = providers.whatsAppRequest(hook, [providers.whatsAppText('4670', 'Åsa', 'Hej/då 😀')]);
  const text = request.body.toString('latin1');
  assert.ok(/^[\x00-\x7f]*$/.test(text));
  assert.ok(text.includes('Hej\\/d\\u00e5 \\ud83d\\ude00'));
  assert.equal(JSON.parse(text).entry[0].changes[0].value.messages[0].text.body, 'Hej/då 😀');
  const expected = createHmac('sha256', 'app').update(request.body).digest('hex');
  assert.equal(request.headers['x-hub-signature-256'], 'sha256=' + expected);
});

test('Shopify: 64-bit ids are numbers on the wire and lose no digit', () => {
  const json = providers.shopifyJson({
    id: '9007199254740993001',
    number: 1042,
    firstName: 'Lina',
    lastName: 'Berg',
    currency: 'EUR',
    lines: [{ sku: 'T-1', title: 'Sencha', quantity: 2, price: '14.50' }],
    createdAt: new Date(0),
    updatedAt: new Date(0),
    paid: true,
  });
  assert.ok(json.startsWith('{"id":9007199254740993001,'));
  assert.equal(JSON.parse(json).total_price, '29.00');
});

test('mail: composed with CRLF, encoded words and its attachment', async () => {
  const raw = await providers.composeMail({
    from: 'eleni@mail.example',
    fromName: 'Ελένη',
    to: 'support@aoyama-finch.example',
    subject: 'Καλημέρα',
    text: 'γεια',
    attachments: [{ name: 'photo.png', type: 'image/png', data: Buffer.from([1, 2, 3]) }],
  });
  const text = raw.toString('latin1');
  assert.ok(!/[^\r]\n/.test(text));
  assert.ok(text.includes('=?UTF-8?'));
  assert.ok(text.includes('AQID'));
});

test('a Japanese mail is ISO-2022-JP, as many mail programs in Japan still send it', () => {
  const raw = providers.composeJapaneseMail({
    from: 'sato@mail.example',
    fromName: '佐藤花子',
    to: 'support@aoyama-finch.example',
    subject: 'ご注文について',
    text: 'いつ届きますか。',
  });
  assert.ok(/^[\x00-\x7f]*$/.test(raw.toString('latin1')));
  assert.ok(raw.includes('Subject: =?ISO-2022-JP?B?'));
  assert.ok(raw.includes('\x1b$B'));
});

test('ids look like those of their providers', () => {
  assert.match(providers.ulid(), /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.match(providers.lineUserId(), /^U[0-9a-f]{32}$/);
  assert.match(providers.newCall('+1', '+2').sid, /^CA[0-9a-f]{32}$/);
});
