// Requests that two programs could read in two ways, made anew from a seed: what is known of smuggling, its neighbours, and
// plain requests among them. Each knows what a strict reader (RFC 9112) has to do with it.

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
export const below = (r: Random, n: number): number => Math.floor(r() * n);
export const pick = <T>(r: Random, from: readonly T[]): T => from[below(r, from.length)] as T;

/** `refuse`: one answer, 400, 417 or 431, and the end. `end`: one answer, and the end. `serve`: an answer, and the next
 * request is the next request. `next`: an answer, and what looks like a body is the next request. `wait`: no answer yet. */
export type Verdict = 'refuse' | 'end' | 'serve' | 'next' | 'wait';
export interface Odd {
  kind: string;
  verdict: Verdict;
  bytes: string; // latin1
}

/** `inner`: a request that stands where a body is, and must not be taken for one. */
type Make = (r: Random, inner: string) => [Verdict, string];

const POST = 'POST /api/v1/session.login HTTP/1.1\r\n';
const HOST = 'Host: desk.example\r\n';
const SHORT = ['X', 'A', 'C', 'Co', 'H', 'X-A', 'Content-Lengt', 'Transfer-Encodin', 'Con', 'T', 'Te', 'U', 'Expec', 'Connectio', 'x-', 'Hos'];
const CONTROLS = ['\0', '\x01', '\x08', '\x0b', '\x0c', '\x1f', '\x7f', '\r'];

const post = (lines: string, body: string): string => `${POST}${HOST}${lines}\r\n${body}`;
const length = (body: string): string => `Content-Length: ${body.length}\r\n`;
const shuffled = (r: Random, lines: string[]): string =>
  lines
    .map((line) => [r(), line] as const)
    .sort(([a], [b]) => a - b)
    .map(([, line]) => line)
    .join('');
/** With one of these characters put in somewhere. */
const marred = (r: Random, text: string, marks: readonly string[]): string => {
  const at = 1 + below(r, text.length - 1);
  return text.slice(0, at) + pick(r, marks) + text.slice(at);
};

const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const chunk = (text: string, extension = ''): string => `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
const chunks = (r: Random, text: string, extension = ''): string => {
  let out = '';
  for (let at = 0, n; at < text.length; at += n) {
    n = 1 + below(r, 40);
    out += chunk(text.slice(at, at + n), extension);
  }
  return out;
};

const always =
  (verdict: Verdict, lines: readonly string[]): Make =>
  (r, inner) => [verdict, post(shuffled(r, [pick(r, lines), length(inner)]), inner)];
const lengths =
  (verdict: Verdict, values: readonly ((n: number) => string)[]): Make =>
  (r, inner) => [verdict, post(pick(r, values)(inner.length), inner)];
const codings =
  (verdict: Verdict, lines: readonly string[]): Make =>
  (r, inner) => [verdict, post(pick(r, lines), `${chunks(r, inner)}0\r\n\r\n`)];
const sizes =
  (verdict: Verdict, values: readonly ((n: string) => string)[]): Make =>
  (r, inner) => [verdict, post(CHUNKED, `${pick(r, values)(inner.length.toString(16))}\r\n${inner}\r\n0\r\n\r\n`)];
const trailers =
  (verdict: Verdict, lines: readonly string[]): Make =>
  (r, inner) => [verdict, post(CHUNKED, `${chunks(r, inner)}0\r\n${pick(r, lines)}\r\n`)];
const requestLines =
  (verdict: Verdict, lines: readonly string[]): Make =>
  (r, inner) => [verdict, `${pick(r, lines)}\r\n${HOST}${verdict === 'serve' ? '\r\n' : `${length(inner)}\r\n${inner}`}`];
const begins =
  (verdict: Verdict, texts: readonly string[]): Make =>
  (r, inner) => [verdict, `${pick(r, texts)}${post(length(inner), inner)}`];

export const KINDS: Record<string, Make> = {
  'short name, length': (r, inner) => [
    'serve',
    post(shuffled(r, [`${pick(r, SHORT)}: a\r\n`, length(inner), ...(r() < 0.3 ? [`${pick(r, SHORT)}:\r\n`] : [])]), inner),
  ],
  'short name, chunks': (r, inner) => ['serve', post(shuffled(r, [`${pick(r, SHORT)}: a\r\n`, CHUNKED]), `${chunks(r, inner)}0\r\n\r\n`)],
  'short name last, no body': (r, inner) => ['next', post(`${pick(r, SHORT)}: a\r\n`, inner)],
  'odd name, length': always('serve', [
    'Content_Length: 5\r\n',
    'Transfer_Encoding: chunked\r\n',
    'X-Content-Length: 5\r\n',
    "!#$%&'*+-.^_`|~: 1\r\n",
    'Content-Length-X: 3\r\n',
    'TE: trailers\r\n',
  ]),
  'no name': always('refuse', [': a\r\n', ':\r\n', '::\r\n', ' : a\r\n', 'no colon\r\n', 'X\r\n']),
  'bad name': always('refuse', ['X y: a\r\n', '(X): a\r\n', 'X/Y: a\r\n', 'X\x80: a\r\n', 'X;: a\r\n', '"X": a\r\n', 'X\0: a\r\n', '{X}: a\r\n']),
  'blank before the colon': (r, inner) => [
    'refuse',
    post(
      shuffled(r, [
        pick(r, ['Content-Length', 'X', 'Transfer-Encoding', 'Connection']) +
          pick(r, [' ', '\t', '  ']) +
          `: ${pick(r, ['0', 'chunked', 'a', String(inner.length)])}\r\n`,
      ]),
      inner,
    ),
  ],
  'blank before the name': (r, inner) => ['refuse', `${POST}${pick(r, [' ', '\t'])}X: a\r\n${HOST}${length(inner)}\r\n${inner}`],
  fold: (r, inner) => [
    'refuse',
    post(`X: a\r\n${pick(r, [' ', '\t', '   ', ' \t'])}${pick(r, ['b', 'Content-Length: 0', 'Transfer-Encoding: chunked', ''])}\r\n${length(inner)}`, inner),
  ],
  'folded length': (r, inner) => ['refuse', post(`Content-Length:${pick(r, ['', ' ', ' 0'])}\r\n ${inner.length}\r\n`, inner)],
  'length and coding': (r, inner) => [
    'refuse',
    post(shuffled(r, [CHUNKED, pick(r, [length(inner), 'Content-Length: 0\r\n', 'content-length: 4\r\n'])]), r() < 0.5 ? inner : `0\r\n\r\n${inner}`),
  ],
  'two lengths': lengths('refuse', [
    (n) => `Content-Length: ${n}\r\nContent-Length: ${n}\r\n`,
    (n) => `Content-Length: 0\r\nContent-Length: ${n}\r\n`,
    (n) => `Content-Length: ${n}\r\ncontent-length: 0\r\n`,
    (n) => `Content-Length:\r\nContent-Length: ${n}\r\n`,
  ]),
  'bad length': lengths('refuse', [
    (n) => `Content-Length: ${n}, ${n}\r\n`,
    (n) => `Content-Length: 0, ${n}\r\n`,
    (n) => `Content-Length: +${n}\r\n`,
    (n) => `Content-Length: -${n}\r\n`,
    () => 'Content-Length:\r\n',
    () => 'Content-Length: \t \r\n',
    (n) => `Content-Length: 0x${n.toString(16)}\r\n`,
    (n) => `Content-Length: ${n}.0\r\n`,
    (n) => `Content-Length: ${n};a=b\r\n`,
    (n) => `Content-Length: "${n}"\r\n`,
    (n) => `Content-Length: 4\0 ${n}\r\n`,
    (n) => `Content-Length: ${n} ${n}\r\n`,
    (n) => `Content-Length: ${n},\r\n`,
    (n) => `Content-Length: \x0b${n}\r\n`,
    (n) => `Content-Length: ${n}\x0c\r\n`,
    (n) => `Content-Length: ${n}e0\r\n`,
    () => 'Content-Length: 18446744073709551617\r\n',
    () => 'Content-Length: 4294967296000000\r\n',
    (n) => `Content-Length: ${n}\xb2\r\n`,
  ]),
  'length with blanks': lengths('serve', [
    (n) => `Content-Length: \t ${n}\r\n`,
    (n) => `Content-Length:${n} \r\n`,
    (n) => `Content-Length: ${n}\t\r\n`,
    (n) => `CONTENT-LENGTH: 000${n}\r\n`,
  ]),
  'bad coding': codings(
    'refuse',
    [
      'xchunked',
      'chunke',
      'chunked, chunked',
      'identity',
      '',
      'gzip, chunked',
      'chunked, gzip',
      'chunked;q=1',
      '"chunked"',
      '\x0bchunked',
      'chunked\x0c',
      'chunked\0',
      'chunked,',
      ', chunked',
      'cow',
      'chunked identity',
      "'chunked'",
      'gzip',
    ]
      .map((value) => `Transfer-Encoding: ${value}\r\n`)
      .concat(
        `${CHUNKED}${CHUNKED}`,
        `${CHUNKED}Transfer-Encoding: identity\r\n`,
        'Transfer-Encoding: identity\r\nTransfer-encoding: chunked\r\n',
        'Transfer-Encoding : chunked\r\n',
        'Transfer-Encoding\r\n : chunked\r\n',
        'Transfer-Encoding:\r\n chunked\r\n',
      ),
  ),
  'good coding': codings('serve', ['Transfer-Encoding: Chunked\r\n', 'TRANSFER-ENCODING:chunked\r\n', 'Transfer-Encoding: \tchunked \t\r\n']),
  'coding of 1.0': (r, inner) => [
    'refuse',
    `POST /api/v1/session.login HTTP/1.0\r\n${HOST}${pick(r, ['', 'Connection: keep-alive\r\n'])}${CHUNKED}\r\n${chunks(r, inner)}0\r\n\r\n`,
  ],
  'bad chunk size': sizes('refuse', [
    (n) => `-${n}`,
    (n) => `+${n}`,
    (n) => `0x${n}`,
    (n) => ` ${n}`,
    (n) => `${n} `,
    (n) => `${n}\t`,
    () => '',
    () => 'g',
    (n) => `${n} 5`,
    (n) => `0000000000000${n}`,
    (n) => `fffffffffffffff${n}`,
    (n) => `${n};a\0b`,
    (n) => `${n}\n`,
    (n) => `${n};a\nb`,
    (n) => `${n}\r`,
    (n) => `;${n}`,
    (n) => `${n},`,
    (n) => `${n};${'x'.repeat(300)}`,
    (n) => `"${n}"`,
  ]),
  'good chunk size': sizes('serve', [
    (n) => n.toUpperCase(),
    (n) => `000${n}`,
    (n) => `${n};a=b`,
    (n) => `${n};a="b c";d`,
    (n) => `${n};;`,
    (n) => `${n};0\t5`,
  ]),
  'bad chunk end': (r, inner) => [
    'refuse',
    post(CHUNKED, `${inner.length.toString(16)}\r\n${inner}${pick(r, ['', '\n', '\r', 'xx', '\n\r', 'x\r\n', '\r\r\n', ' \r\n', '\0\0'])}0\r\n\r\n`),
  ],
  'bad line end of a chunk': (r, inner) => [
    'refuse',
    post(CHUNKED, `${inner.length.toString(16)}${pick(r, ['\n', '\r', '\r\r\n', '\r \n', '\rx'])}${inner}\r\n0\r\n\r\n`),
  ],
  'bad last chunk': (r, inner) => [
    'refuse',
    post(CHUNKED, `${chunks(r, inner)}0${pick(r, ['\n\r\n', '\r\n\n', '\r\r\n', '\r\n\rx', '\n\n', ' \r\n\r\n', '\0\r\n\r\n'])}`),
  ],
  'bad trailer': trailers('refuse', [
    ': a\r\n',
    'X : a\r\n',
    'X: a\r\n b\r\n',
    'X: \0\r\n',
    'X: a\n',
    'X\r\n',
    'X: a\rb\r\n',
    'X\x01: a\r\n',
    `X: ${'x'.repeat(17000)}\r\n`,
  ]),
  'good trailer': trailers('serve', ['X: a\r\n', 'X:\r\nY: b\r\n', 'Content-Length: 4\r\n', 'Transfer-Encoding: chunked\r\n', 'Host: other\r\n']),
  'bare line feed': (r, inner) => {
    const head = `${POST}${HOST}X: a\r\n${length(inner)}\r\n`;
    const ends = [...head.matchAll(/\r\n/g)].map((each) => each.index);
    const at = pick(r, ends);
    return ['refuse', `${head.slice(0, at)}${head.slice(at + 1)}${inner}`];
  },
  'empty line of bare line feeds': (r, inner) => ['refuse', `${POST}${HOST}${length(inner)}X: a${pick(r, ['\n\n', '\n\r\n', '\r\n\n'])}${inner}`],
  'bare carriage return': (r, inner) => [
    'refuse',
    post(`X: ${pick(r, ['a\rb', 'a\rContent-Length: 0', '\r', 'a\r\r', 'a\rTransfer-Encoding: chunked'])}\r\n${length(inner)}`, inner),
  ],
  'control in a line': (r, inner) => ['refuse', post(`${marred(r, 'X-Some: a value', CONTROLS)}\r\n${length(inner)}`, inner)],
  'control in the request line': (r, inner) => [
    'refuse',
    `${marred(r, 'POST /api/v1/session.login HTTP/1.1', CONTROLS)}\r\n${HOST}${length(inner)}\r\n${inner}`,
  ],
  'bad target': requestLines(
    'refuse',
    [
      'odd',
      '\\x',
      '*',
      'http://',
      'http:///x',
      '/a#b',
      '/%00',
      '/../healthz',
      '/a/..%2fb',
      '/%2e%2e/x',
      '/%',
      '/%zz',
      '/a b',
      'ftp://x/',
      'http://u@x/',
      '/\x80',
      'desk.example:80',
      '?a',
      '@x',
      'http://a,b/',
    ].map((target) => `POST ${target} HTTP/1.1`),
  ),
  'good target': requestLines(
    'serve',
    ['/healthz?x=/../', 'http://other.example/healthz', 'HTTPS://x:1/healthz?y', '/%68ealthz', '/healthz?%00', '//desk.example/', '/healthz?a=\\&b={}|"'].map(
      (target) => `GET ${target} HTTP/1.1`,
    ),
  ),
  'bad version': requestLines(
    'refuse',
    [
      'HTTP/1.2',
      'HTTP/2.0',
      'http/1.1',
      'RTSP/1.0',
      'HTTP/1.10',
      'HTTP/1.1x',
      'HTTP/0.9',
      'HTTP/11',
      'HTTP/1',
      'HTTP/ 1.1',
      'HTTP/1.1 ',
      ' HTTP/1.1',
      '\tHTTP/1.1',
      'HTTP/1,1',
      '',
    ]
      .map((version) => `POST /api/v1/session.login ${version}`)
      .concat('POST /api/v1/session.login'),
  ),
  'bad method': requestLines(
    'refuse',
    ['G(T', 'ABCDEFGHIJKLMNOPQRSTUVWX', '', ' GET', 'GE\tT', 'CONNECT', 'GET,POST', 'GET:', '"GET"', 'P\x80ST'].map((method) => `${method} /healthz HTTP/1.1`),
  ),
  'odd method': requestLines(
    'serve',
    ['TRACE', 'M-SEARCH', 'get', 'PRI', 'PROPFIND', 'Z'].map((method) => `${method} /healthz HTTP/1.1`),
  ),
  'bad host': (r, inner) => [
    'refuse',
    `${POST}${pick(r, ['', `${HOST}${HOST}`, `${HOST}host: other\r\n`, 'Host: a b\r\n', 'Host: a/b\r\n', 'Host: a?b\r\n', 'Host: u@b\r\n', 'Host: a,b\r\n', 'Host: a\\b\r\n', 'Host: \x80\r\n', 'Host : a\r\n'])}${length(inner)}\r\n${inner}`,
  ],
  'good host': (r, inner) => ['serve', `${POST}${pick(r, ['Host:\r\n', 'host:desk.example:80\r\n', 'HOST: [::1]:80\r\n'])}${length(inner)}\r\n${inner}`],
  expectation: (r, inner) => ['serve', post(shuffled(r, [`Expect: ${pick(r, ['100-continue', '100-Continue\t'])}\r\n`, length(inner)]), inner)],
  'bad expectation': always('refuse', [
    'Expect: 200-ok\r\n',
    'Expect: 100-continue, x\r\n',
    'Expect: 100-continue\r\nExpect: 100-continue\r\n',
    'Expect:\r\n',
    'Expect: 100 continue\r\n',
  ]),
  'connection that ends': always('end', [
    'Connection: close\r\n',
    'Connection: x,\tCLOSE\r\n',
    'Connection: keep-alive\r\nConnection: close\r\n',
    'connection:,,close,\r\n',
    'Connection: keep-alive, close\r\n',
  ]),
  'connection that goes on': always('serve', [
    'Connection: closed\r\n',
    'Connection: keep-alive\r\n',
    'Connection: content-length\r\n',
    'Connection: host, transfer-encoding\r\n',
    'Connection: "close"\r\n',
    'Connection:\r\n',
    'Proxy-Connection: close\r\n',
  ]),
  'upgrade that is not taken': always('serve', [
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n',
    'Upgrade: websocket\r\n',
    'Connection: upgrade\r\n',
    'Connection: upgrade\r\nUpgrade: TLS/1.0\r\n',
    'Upgrade: xwebsocket\r\nConnection: Upgrade\r\n',
  ]),
  'upgrade that is refused': always(
    'end',
    [
      '',
      'Sec-WebSocket-Version: 8\r\n',
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: throughline-chat\r\n',
    ].map((lines) => `Upgrade: websocket\r\nConnection: Upgrade\r\n${lines}`),
  ),
  'body that nobody wants': (r, inner) => [
    'end',
    `${pick(r, ['GET', 'HEAD', 'DELETE'])} ${pick(r, ['/healthz', '/nothing', '/api/openapi.json', '/assets/x.js'])} HTTP/1.1\r\n${HOST}${r() < 0.5 ? `${length(inner)}\r\n${inner}` : `${CHUNKED}\r\n${chunks(r, inner)}0\r\n\r\n`}`,
  ],
  'one empty line before': begins('serve', ['\r\n']),
  'more than an empty line before': begins('refuse', ['\r\n\r\n', '\r\n\n', '\n', '\r', '\r\r\n', ' ', ' \r\n', '\t', '\0', '\r\n ', '\xff', '\x16\x03\x01']),
  '1.0': (r, inner) =>
    r() < 0.5
      ? ['end', `POST /api/v1/session.login HTTP/1.0\r\n${r() < 0.5 ? HOST : ''}${length(inner)}\r\n${inner}`]
      : ['serve', `POST /api/v1/session.login HTTP/1.0\r\nConnection: keep-alive\r\n${length(inner)}\r\n${inner}`],
  'too much': (r, inner) => ['refuse', post((r() < 0.5 ? `X: ${'x'.repeat(17000)}\r\n` : 'X: y\r\n'.repeat(101)) + length(inner), inner)],
  'plain, length': (_, inner) => ['serve', post(length(inner), inner)],
  'plain, chunks': (r, inner) => ['serve', post(CHUNKED, `${chunks(r, inner, pick(r, ['', ';x=1']))}0\r\n\r\n`)],
  'plain, no body': (_, inner) => ['next', post('Content-Length: 0\r\n', inner)],
  'body that stops': (r, inner) => ['wait', r() < 0.5 ? post(`Content-Length: ${inner.length + 5000}\r\n`, inner) : post(CHUNKED, `1000\r\n${inner}`)],
};

const NAMES = Object.keys(KINDS);

/** The nth request of a seed; all kinds in turn. */
export function oddHead(seed: number, n: number, inner: string): Odd {
  const r = random(seed * 1_000_003 + n);
  const kind = NAMES[n % NAMES.length] as string;
  const [verdict, bytes] = (KINDS[kind] as Make)(r, inner);
  return { kind, verdict, bytes };
}

/** As it is sent: whole, or now and then in pieces of 1 to 9 bytes. */
export function pieces(seed: number, n: number, bytes: string): Buffer[] {
  const r = random(seed * 7_777_777 + n);
  const whole = Buffer.from(bytes, 'latin1');
  if (r() > 0.12) return [whole];
  const out: Buffer[] = [];
  for (let at = 0, size; at < whole.length; at += size) {
    size = at > 2000 ? whole.length : 1 + below(r, 9);
    out.push(whole.subarray(at, at + size));
  }
  return out;
}
