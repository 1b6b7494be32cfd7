// Nothing of a mail is fetched from elsewhere until somebody asks for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTime } from '../src/lib/format.ts';
import { calmCss, pictureOf, policyOf } from '../src/timeline/mailRules.ts';

const files = [
  { cid: '<logo@mail>', url: 'attachments/abc' },
  { cid: null, url: 'attachments/none' },
];

test('A picture of the mail itself comes from this server, however its id is written', () => {
  for (const source of ['cid:logo@mail', 'CID:<logo@mail>', 'cid:logo%40mail'])
    assert.deepEqual(pictureOf(source, files, false), { source: 'attachments/abc', remote: false });
});

test('A picture that the mail names and does not have is not shown, and breaks nothing', () => {
  for (const source of ['cid:other', 'cid:', 'cid:%zz']) assert.deepEqual(pictureOf(source, files, false), { source: null, remote: false });
});

test('A picture from elsewhere waits, by whatever scheme; asked for, it comes by https', () => {
  for (const source of ['http://t.example/p.gif', 'HTTPS://t.example/p.gif', '//t.example/p.gif']) {
    assert.deepEqual(pictureOf(source, files, false), { source: null, remote: true });
    assert.deepEqual(pictureOf(source, files, true), { source: 'https://t.example/p.gif', remote: true });
  }
  assert.deepEqual(pictureOf('data:image/png;base64,AA', files, false), { source: 'data:image/png;base64,AA', remote: false });
});

test('Style fetches nothing, and says when it would have', () => {
  for (const css of [
    'background:url(https://t.example/a)',
    'background:url( "//t.example/a" )',
    "background:URL('http://t.example/a')",
    '@import "//t.example/a.css";',
  ]) {
    const calm = calmCss(css);
    assert.doesNotMatch(calm.css, /t\.example/, css);
    assert.equal(calm.remote, true, css);
  }
  assert.deepEqual(calmCss('color: red'), { css: 'color: red', remote: false });
  for (const css of ['background:url(data:image/png;base64,AA)', 'background:url( "data:image/png;base64,AA")'])
    assert.deepEqual(calmCss(css), { css, remote: false });
});

test('Style keeps to its place', () => {
  assert.equal(calmCss('position:fixed; top:0').css, 'position: static; top:0');
  assert.equal(calmCss('position : STICKY').css, 'position: static');
  assert.equal(calmCss('position: relative').css, 'position: relative');
});

test('The lock lets through pictures alone, and those from elsewhere only when asked for', () => {
  assert.match(policyOf(false), /^default-src 'none'; /);
  assert.doesNotMatch(policyOf(false), /https:|script/);
  assert.match(policyOf(true), /img-src 'self' data: https:;/);
  assert.doesNotMatch(policyOf(true), /script/);
});

test('An event is shown at its time: that of the desk, the clock there where it has no zone, or whole days', () => {
  const shown = (starts: string, ends: string): string => eventTime(starts, ends).replace(/\s/g, ' ');
  assert.match(shown('2026-11-30T09:00:00.000Z', '2026-11-30T10:00:00.000Z'), /Mon, Nov 30, 2026, .*–/);
  assert.match(shown('2026-11-30T09:05:00', ''), /Nov 30, 2026, 9:05/);
  assert.equal(shown('2026-12-25', '2026-12-27'), 'Fri, Dec 25 – Sat, Dec 26, 2026');
  assert.equal(shown('2026-12-25', '2026-12-26'), 'Fri, Dec 25, 2026');
  for (const nonsense of ['', 'tomorrow', '2026-13-40']) assert.equal(shown(nonsense, nonsense), '');
});
