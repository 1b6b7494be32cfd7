// Both languages are whole, and no word stands in the code.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSync } from 'vite';
import { CHANNEL_TYPES, LINK_RULES, MEDIA, SAYINGS } from '@throughline/protocol';

const root = new URL('..', import.meta.url).pathname;
const read = (path: string) => readFileSync(root + path, 'utf8');
const catalogue = (language: string) => JSON.parse(read(`src/i18n/${language}.json`)) as Record<string, string>;
const base = (keys: string[]) => [...new Set(keys.map((key) => key.replace(/_(one|other)$/, '')))].sort();
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).sort();

test('Both catalogues have the same keys', () => {
  assert.deepEqual(base(Object.keys(catalogue('ja'))), base(Object.keys(catalogue('en'))));
});

test('Both say the same values, and none is empty', () => {
  const en = catalogue('en');
  const ja = catalogue('ja');
  for (const [key, words] of Object.entries(en)) {
    const other = ja[key] ?? ja[key.replace(/_one$/, '_other')];
    assert.ok(words.trim() !== '' && other?.trim(), `${key} is empty`);
    assert.deepEqual(holes(other ?? ''), holes(words), key);
  }
});

test('Words are given every value that they have a place for', () => {
  const en = catalogue('en');
  const wrong = globSync(['src/**/*.ts', 'src/**/*.tsx'], { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/\bt\(\s*'([a-z_.]+)',\s*\{((?:[^{}]|\$\{[^{}]*\})*)\}\s*,?\s*\)/g)].flatMap(([, key, given]) => {
      const names = [...given!.matchAll(/(?:^|,)\s*(\w+)\s*(?=[:,]|$)/g)].map(([, name]) => name);
      return holes(en[key!] ?? en[`${key}_other`] ?? '')
        .filter((hole) => !names.includes(hole))
        .map((hole) => `${path}: ${key} ${hole}`);
    }),
  );
  assert.deepEqual(wrong, []);
});

test('No key is left that nothing uses', () => {
  const code = globSync(['src/**/*.ts', 'src/**/*.tsx', '../protocol/src/generated.ts'], { cwd: root }).map(read).join('\n');
  const made = [...code.matchAll(/`([a-z_.]+)\$\{[^}]+\}([a-z.]*)`/g)].map(([, start, end]) => ({ start: start!, end: end! }));
  const unused = base(Object.keys(catalogue('en'))).filter(
    (key) => !code.includes(`'${key}'`) && !made.some(({ start, end }) => key.startsWith(start) && key.endsWith(end)),
  );
  assert.deepEqual(unused, []);
});

test('What the server says to people has words, and no words are left that it does not say', () => {
  const en = catalogue('en');
  const said = Object.keys(en).filter((key) => key.startsWith('said.'));
  assert.deepEqual(
    said,
    Object.keys(SAYINGS)
      .map((code) => `said.${code}`)
      .sort(),
  );
  for (const [code, params] of Object.entries(SAYINGS))
    for (const hole of holes(en[`said.${code}`]!)) assert.ok(params.split(' ').includes(hole), `said.${code} has no parameter ${hole}`);
});

test('Kinds of channels, their settings and the rules of links have words, and nothing else has', () => {
  const keys = new Set(Object.keys(catalogue('en')));
  const used = new Set<string>();
  const need = (...candidates: string[]): void => {
    const key = candidates.find((one) => keys.has(one));
    assert.ok(key, `${candidates.join(' or ')} is missing`);
    used.add(key);
  };
  for (const [type, settings] of Object.entries(CHANNEL_TYPES)) {
    for (const end of ['', '.help']) {
      need(`channel.${type}${end}`);
      for (const name of settings) need(`setting.${type}.${name}${end}`, `setting.${name}${end}`);
    }
  }
  assert.deepEqual(
    [...keys].filter((key) => /^(channel|setting)\./.test(key) && !used.has(key)),
    [],
  );
  for (const rule of LINK_RULES) need(`signal.${rule}`, `rule.${rule}`);
});

test('Each medium has a hue, and no hue is left that nothing uses', () => {
  const hues = [...read('src/styles/tokens.css').matchAll(/--channel-(\w+):/g)].map(([, hue]) => hue);
  assert.deepEqual([...new Set(Object.values(MEDIA).map(({ hue }) => hue))].sort(), hues.sort());
});

const SAID = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'text', 'name']);
const LETTERS = /\p{L}{2}/u;
const NAMES = new Set(['Throughline']);

test('No component holds words of its own', () => {
  const found: string[] = [];
  for (const path of globSync('src/**/*.tsx', { cwd: root })) {
    const code = read(path);
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(visit);
      if (!node || typeof node !== 'object') return;
      const one = node as { type?: string; value?: { type?: string; value?: unknown } | string; name?: { name?: string } };
      if (one.type === 'JSXText' && typeof one.value === 'string' && LETTERS.test(one.value)) found.push(`${path}: ${one.value.trim()}`);
      if (one.type === 'JSXAttribute' && SAID.has(one.name?.name ?? '') && typeof one.value === 'object') {
        const value = one.value?.value;
        const formField = one.name?.name === 'name' && /^[a-z]+$/.test(String(value));
        if (typeof value === 'string' && LETTERS.test(value) && !NAMES.has(value) && !formField) found.push(`${path}: ${value}`);
      }
      Object.values(node).forEach(visit);
    };
    visit(parseSync(path, code).program);
  }
  assert.deepEqual(found, []);
});
