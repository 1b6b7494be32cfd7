// Every push that the table has is sent by the server, and followed by a screen; and so is every list that can be read again.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCE = process.env['THROUGHLINE_SOURCE'] ?? join(dirname(fileURLToPath(import.meta.url)), '../..');

function texts(folder: string, ending: RegExp): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return texts(path, ending);
    return ending.test(name) ? [readFileSync(path, 'utf8')] : [];
  });
}

const server = texts(join(SOURCE, 'server'), /\.c$/).join('\n');
const screens = ['console', 'widget', 'protocol'].flatMap((name) => texts(join(SOURCE, 'agent-web', name, 'src'), /(?<!generated)\.tsx?$/)).join('\n');

const rows = [...server.matchAll(/\[(PUSH_\w+)\] = \{"([a-z.]+)"/g)].map(([, constant, name]) => ({ constant: constant ?? '', name: name ?? '' }));
const whats = [.../RELOAD_WHAT_NAMES\[\] = \{([^}]*)NULL\}/.exec(server)![1]!.matchAll(/"(\w+)"/g)].map(([, what]) => what ?? '');

test('every push is sent', () => {
  assert.ok(rows.length > 6);
  for (const { constant } of rows) {
    const sent = new RegExp(`(notification_text|message_of)\\(${constant},`);
    assert.match(server, sent, `nothing sends ${constant}`);
  }
});

test('every push has somebody who follows it', () => {
  for (const { name } of rows) assert.ok(screens.includes(`'${name}'`), `no screen follows ${name}`);
});

test('whatever can be read again is told by the server, and read again by a screen', () => {
  assert.ok(whats.length > 2);
  for (const what of whats) {
    const constant = `RELOAD_${what.toUpperCase()}`;
    assert.match(server, new RegExp(`(PUSH_RELOAD, ${constant}\\}|reload_push push = \\{${constant}\\})`), `nothing says ${constant}`);
    assert.match(screens, new RegExp(`what === '${what}'`), `no screen reads ${what} again`);
  }
  // A kind of change that stands in the table but that nothing makes says nothing either.
  for (const [, kind] of server.matchAll(/\[(CHANGE_\w+)\] = \{PUSH_/g))
    assert.match(server, new RegExp(`\\.kind = ${kind ?? ''}\\b`), `nothing makes ${kind ?? ''}`);
});
