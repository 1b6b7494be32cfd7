// What Aoyama & Finch sells, and where.

export type ProductKind = 'tea' | 'pot' | 'ware' | 'other';

export interface Product {
  /** Of the things, only a teapot has a lid and pours; ware is what one drinks or eats from. */
  kind: ProductKind;
  sku: string;
  name: string;
  ja: string;
  /** In pounds; other currencies by RATES. */
  price: number;
}

export const PRODUCTS: Product[] = [
  { kind: 'tea', sku: 'TEA-SEN-100', name: 'Sencha Yabukita, 100 g', ja: '煎茶 やぶきた 100g', price: 14.5 },
  { kind: 'tea', sku: 'TEA-GYO-050', name: 'Gyokuro Uji, 50 g', ja: '宇治玉露 50g', price: 24 },
  { kind: 'tea', sku: 'TEA-MAT-040', name: 'Matcha Kiri, 40 g', ja: '抹茶 桐 40g', price: 22.5 },
  { kind: 'tea', sku: 'TEA-HOU-100', name: 'Houjicha, 100 g', ja: '加賀棒ほうじ茶 100g', price: 9.8 },
  { kind: 'tea', sku: 'TEA-GEN-100', name: 'Genmaicha, 100 g', ja: '玄米茶 100g', price: 8.9 },
  { kind: 'tea', sku: 'TEA-SOB-150', name: 'Buckwheat tea, 150 g', ja: 'そば茶 150g', price: 7.5 },
  { kind: 'tea', sku: 'TEA-EGR-100', name: 'Earl Grey Finch, 100 g', ja: 'フィンチ・アールグレイ 100g', price: 9.5 },
  { kind: 'tea', sku: 'TEA-DAR-100', name: 'Darjeeling First Flush, 100 g', ja: 'ダージリン ファーストフラッシュ 100g', price: 18 },
  { kind: 'tea', sku: 'TEA-LAP-100', name: 'Lapsang Souchong, 100 g', ja: 'ラプサンスーチョン 100g', price: 11.5 },
  { kind: 'pot', sku: 'POT-KYU-360', name: 'Kyusu teapot, black Tokoname', ja: '常滑焼 黒急須', price: 68 },
  { kind: 'pot', sku: 'POT-KYU-250', name: 'Small kyusu, red clay', ja: '朱泥の小急須', price: 54 },
  { kind: 'pot', sku: 'POT-BRN-900', name: 'Brown betty teapot', ja: 'ブラウンベティ ティーポット', price: 32 },
  { kind: 'ware', sku: 'BWL-CHA-RAK', name: 'Raku tea bowl', ja: '楽焼 茶碗', price: 85 },
  { kind: 'ware', sku: 'BWL-CHA-HAG', name: 'Hagi tea bowl', ja: '萩焼 茶碗', price: 78 },
  { kind: 'ware', sku: 'CUP-YUN-IND', name: 'Yunomi cup, indigo', ja: '藍の湯呑み', price: 19 },
  { kind: 'ware', sku: 'CUP-YUN-ASH', name: 'Yunomi cup, ash glaze', ja: '灰釉の湯呑み', price: 21 },
  { kind: 'ware', sku: 'CUP-MUG-SPK', name: 'Speckled mug', ja: '斑点釉のマグカップ', price: 18 },
  { kind: 'ware', sku: 'CUP-SET-002', name: 'Pair of meoto cups', ja: '夫婦湯呑み', price: 44 },
  { kind: 'ware', sku: 'PLT-MAM-005', name: 'Set of five small plates', ja: '豆皿 五枚組', price: 39 },
  { kind: 'other', sku: 'TRY-LAC-030', name: 'Lacquer tray', ja: '漆の丸盆', price: 58 },
  { kind: 'other', sku: 'ACC-WHI-100', name: 'Bamboo whisk', ja: '茶筅 百本立', price: 16 },
  { kind: 'other', sku: 'ACC-CAD-200', name: 'Cherry bark tea caddy', ja: '樺細工の茶筒', price: 47 },
];

export const RATES: Record<string, number> = { GBP: 1, EUR: 1.17, JPY: 190, SEK: 13.2 };

export interface Market {
  currency: string;
  country: string;
  timeZone: string;
  stores: string[];
  carrier: string;
  trackingUrl: string;
}

/** By the language of the customer. */
export const MARKETS: Record<string, Market> = {
  en: {
    currency: 'GBP',
    country: 'GB',
    timeZone: 'Europe/London',
    stores: ['Marylebone', 'Bath'],
    carrier: 'Royal Mail',
    trackingUrl: 'https://track.example/rm/',
  },
  ja: {
    currency: 'JPY',
    country: 'JP',
    timeZone: 'Asia/Tokyo',
    stores: ['青山店', '京都三条店'],
    carrier: 'ヤマト運輸',
    trackingUrl: 'https://track.example/ya/',
  },
  de: {
    currency: 'EUR',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    stores: ['Köln', 'Berlin-Mitte'],
    carrier: 'DHL',
    trackingUrl: 'https://track.example/dhl/',
  },
  fr: {
    currency: 'EUR',
    country: 'FR',
    timeZone: 'Europe/Paris',
    stores: ['Lyon', 'Paris Marais'],
    carrier: 'Colissimo',
    trackingUrl: 'https://track.example/co/',
  },
  sv: {
    currency: 'SEK',
    country: 'SE',
    timeZone: 'Europe/Stockholm',
    stores: ['Uppsala', 'Södermalm'],
    carrier: 'PostNord',
    trackingUrl: 'https://track.example/pn/',
  },
  el: { currency: 'EUR', country: 'GR', timeZone: 'Europe/Athens', stores: ['Κολωνάκι'], carrier: 'ACS', trackingUrl: 'https://track.example/acs/' },
  ar: { currency: 'GBP', country: 'AE', timeZone: 'Asia/Dubai', stores: ['Dubai'], carrier: 'Aramex', trackingUrl: 'https://track.example/ar/' },
};

export function priceIn(product: Product, currency: string): string {
  const price = product.price * (RATES[currency] ?? 1);
  if (currency === 'JPY') return String(Math.round(price / 10) * 10);
  if (currency === 'SEK') return String(Math.round(price)) + '.00';
  return (Math.round(price * 20) / 20).toFixed(2);
}

export function productName(product: Product, language: string): string {
  return language === 'ja' ? product.ja : product.name;
}

/** The placeholders for products that an order can fill; {ware} may be a teapot too. */
export function productWords(products: Product[], language: string): Record<string, string> {
  const first = (kinds: ProductKind[]): Product | undefined => products.find((product) => kinds.includes(product.kind));
  const words: [string, Product | undefined][] = [
    ['item', products[0]],
    ['tea', first(['tea'])],
    ['pot', first(['pot'])],
    ['ware', first(['ware', 'pot'])],
  ];
  return Object.fromEntries(words.flatMap(([name, product]) => (product ? [[name, productName(product, language)]] : [])));
}
