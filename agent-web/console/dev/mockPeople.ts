// Their stories.
import type { OrderFacts } from '@throughline/protocol';
import { agents, person, time } from './mockData.ts';

const { MINUTE, HOUR, DAY, iso } = time;

const order = (number: string, state: OrderFacts['state'], ago: number, total: string, currency: string, items: [string, number, string][], part: Partial<OrderFacts> = {}): OrderFacts => ({
  external_id: number, number, state, place: 'web', placed_at: iso(ago), updated_at: iso(ago - 6 * HOUR), currency, total,
  items: items.map(([name, quantity, price]) => ({ name, quantity, price })), tracking: [], ...part,
});

const DHL = { carrier: 'DHL', number: '00340434161094', url: 'https://www.dhl.de/' };

export const people = [
  person('佐藤 美咲', 'ja', 'Asia/Tokyo', 'line', [
    [92 * DAY, 'chat', 'visit', 'in', '', { payload: { title: 'リネンカーテン', url: 'https://shop.example/curtain' } }],
    [92 * DAY - HOUR, 'chat', 'visit', 'in', '', { payload: { title: 'サイズの測り方' } }],
    [92 * DAY - 2 * HOUR, 'email', 'campaign', 'out', '', { payload: { name: '夏のリネンフェア' } }],
    [92 * DAY - 3 * HOUR, 'shop', 'points', 'in', '', { payload: { delta: 120, balance: 1840, reason: '店舗でのお買い物' } }],
    [90 * DAY, 'chat', 'message', 'in', 'カーテンの丈の測り方を教えてください。'],
    [90 * DAY - 4 * MINUTE, 'chat', 'message', 'out', 'レールの下から床までを測り、1cm引いてください。図はこちらです：https://shop.example/guide'],
    [41 * DAY, 'phone', 'call', 'in', '', { payload: { state: 'completed', duration_s: 312, from: '+81 90 5555 0142', transcript: '配達日を変更したいとのこと。土曜の午前に変更済み。' } }],
    [3 * DAY, 'email', 'message', 'in', 'お世話になっております。\n注文したカーテンの色が写真と少し違うようです。交換は可能でしょうか。\n\n佐藤', { subject: '注文 1042 について' }],
    [3 * DAY - 2 * HOUR, 'none', 'note', 'internal', '写真の色味は照明のせいかも。交換OK、送料は当社負担で。'],
    [3 * DAY - 3 * HOUR, 'email', 'message', 'out', '佐藤様\n\nお問い合わせありがとうございます。交換を承ります。返送用ラベルをお送りしました。', { subject: 'Re: 注文 1042 について' }],
    [2 * DAY, 'none', 'activity', 'internal', '', { payload: { action: 'assigned', agent_id: agents[1]!.id, agent_name: agents[1]!.name } }],
    [26 * MINUTE, 'line', 'message', 'in', 'こんにちは。返送用ラベルが届いたのですが、集荷は頼めますか？'],
    [25 * MINUTE, 'line', 'message', 'in', '', { payload: { type: 'sticker', keywords: ['お願いします'] } }],
    [24 * MINUTE, 'line', 'message', 'in', '明日の午前中だと助かります。'],
  ], { points: 1960, tier: 'ゴールド', about: '店舗では受け取りを希望。電話は夕方以降に。' }, [
    order('1038', 'delivered', 88 * DAY, '12800', 'JPY', [['リネンカーテン 100×178', 2, '6400']]),
    order('S-771', 'delivered', 60 * DAY, '3960', 'JPY', [['ガラスの一輪挿し', 1, '3960']], { place: 'store', store: '渋谷店' }),
    order('1042', 'shipped', 5 * DAY, '18700', 'JPY', [['リネンカーテン 生成り', 2, '7700'], ['タッセル', 2, '1650']], { tracking: [{ carrier: 'ヤマト運輸', number: '4412-8890-1123', url: 'https://example.jp' }] }),
  ]),
  person('Anna Lindqvist', 'de', 'Europe/Berlin', 'email', [
    [20 * DAY, 'email', 'message', 'in', 'Hallo,\n\nkann ich den Tisch auch in Eiche bekommen?\n\nViele Grüße\nAnna', { subject: 'Tisch in Eiche?' }],
    [19 * DAY, 'email', 'message', 'out', 'Liebe Frau Lindqvist,\n\nja, in Eiche geölt ab März.', { subject: 'Re: Tisch in Eiche?' }],
    [6 * DAY, 'email', 'survey', 'in', '', { payload: { question: 'Wie zufrieden waren Sie mit unserer Antwort?', score: 5, answer: 'Sehr schnell, danke!' } }],
    [75 * MINUTE, 'email', 'message', 'in', 'Guten Tag,\n\nder Stuhl ist angekommen, aber ein Bein ist lose. Foto im Anhang.\n\nAnna Lindqvist', {
      subject: 'Stuhl beschädigt – Bestellung 1051',
      html: '<p>Guten Tag,</p><p>der Stuhl ist angekommen, aber <b>ein Bein ist lose</b>. Foto im Anhang.</p><p><img src="https://tracker.example/p.gif" width="120" height="40"></p><p>Anna Lindqvist</p><blockquote type="cite"><p>Ihre Bestellung 1051 wurde versandt.</p></blockquote>',
      attachments: [{ name: 'stuhl-bein.pdf', type: 'application/pdf', size: 482_113, sha256: 'a'.repeat(64), cid: null, inline: false, url: '#' }],
    }],
  ], { company: 'Lindqvist Architekten' }, [
    order('1051', 'delivered', 4 * DAY, '249.00', 'EUR', [['Stuhl Nagi, Esche', 1, '249.00']], { tracking: [DHL] }),
  ]),
  person('Omar Haddad', 'en', 'Europe/London', 'chat', [
    [14 * MINUTE, 'chat', 'visit', 'in', '', { payload: { title: 'Delivery times', url: 'https://shop.example/delivery' } }],
    [9 * MINUTE, 'chat', 'message', 'in', 'Hi! Is the oak sideboard in stock in the Berlin store?'],
    [8 * MINUTE, 'chat', 'message', 'out', 'Hello Omar, one left in Kreuzberg. Shall I put it aside for you?', { delivery: 'read' }],
    [3 * MINUTE, 'chat', 'message', 'in', 'Yes please, until Saturday. Can I pay there?'],
  ]),
  person('Priya Raman', 'en', 'Asia/Kolkata', 'whatsapp', [
    [2 * DAY, 'whatsapp', 'message', 'in', 'My parcel says delivered but nothing is here.'],
    [2 * DAY - HOUR, 'whatsapp', 'message', 'out', 'I am asking the carrier now.', { delivery: 'failed', delivery_error: 'The number has blocked messages from businesses. Call, or answer by email.' }],
  ]),
  person('Lukas Brandt', 'de', 'Europe/Berlin', 'phone', [
    [40 * MINUTE, 'phone', 'call', 'in', '', { payload: { state: 'missed', from: '+49 151 555 0142' } }],
  ]),
  ...['Marie Dubois', 'Tomás Ferreira', '高橋 健一', 'Ewa Nowak', 'Noah Johnson', 'Yuki Nakamura', '김서연', 'Giulia Conti', 'Ahmed Yılmaz', 'Sofia Papadopoulou'].map((name, index) =>
    person(name, 'en', 'Europe/Paris', (['email', 'chat', 'line', 'whatsapp'] as const)[index % 4]!, [
      [(index + 2) * 5 * HOUR, 'email', 'message', 'in', 'Could you tell me when my order leaves?', { subject: 'When does it leave?' }],
      ...(index % 2 ? [[(index + 2) * 4 * HOUR, 'email', 'message', 'out', 'It left this morning.', { subject: 'Re: When does it leave?' }] as [number, 'email', 'message', 'out', string, object]] : []),
    ])),
];
people[0]!.conversations[0]!.assignee_id = agents[0]!.id;
people[1]!.conversations[0]!.priority = 'urgent';
people[3]!.conversations[0]!.assignee_id = agents[2]!.id;
