// The layer test finds what is planted, and nothing in code that keeps the rules.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileViolations, violations, withoutComments } from './layers.ts';

const root = mkdtempSync(join(tmpdir(), 'throughline-layers-'));
after(() => rmSync(root, { recursive: true }));

function plant(file: string, code: string): void {
  const path = join(root, 'server', file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, code);
}

function faults(place: string, code: string): string[] {
  return fileViolations(place.split('/')[0] ?? '', `server/${place}/x.c`, code).map((one) => one.text);
}

test('a planted violation is found with its file and line', () => {
  plant('base/fine.c', '#include "base/fine.h"\n#include <stdio.h>\n');
  plant('base/planted.c', '#include <stdio.h>\n\n#include "store/entry.h"\n');
  const found = violations(root);
  assert.equal(found.length, 1);
  assert.equal(found[0]?.file, 'server/base/planted.c');
  assert.equal(found[0]?.line, 3);
});

test('each arrow against the table is refused', () => {
  const wrong: [string, string][] = [
    ['base', '"db/pool.h"'],
    ['db', '"store/entry.h"'],
    ['store', '"desk/ingest/ingest.h"'],
    ['desk', '"channel/line.h"'],
    ['desk', '"web/hub.h"'],
    ['channel', '"db/pool.h"'],
    ['channel', '"store/entry.h"'],
    ['deliver', '"api/methods.h"'],
    ['api', '"web/hub.h"'],
    ['store', '<libwebsockets.h>'],
    ['api', '<uv.h>'],
    ['web', '<mysql.h>'],
    ['web/hub', '<libwebsockets.h>'],
    ['web/loop', '"web/http/conn.h"'],
    ['web/http', '"web/socket/socket.h"'],
    ['web/hub', '"web/call/rpc.h"'],
    ['web/call', '"web/web.h"'],
    ['web/call', '"web/nowhere/x.h"'],
    ['web/nowhere', '"web/loop/loop.h"'],
    ['desk/inner', '"desk/ingest/ingest.h"'],
    ['desk/conversation', '"desk/ingest/ingest.h"'],
    ['base', '"nowhere/x.h"'],
    ['base', '"log.h"'],
  ];
  for (const [folder, header] of wrong) assert.equal(faults(folder, `#include ${header}\n`).length, 1, `${folder} includes ${header}`);
});

test('each arrow of the table is allowed', () => {
  const right: [string, string][] = [
    ['desk', '"channel/channel.h"'],
    ['desk', '"store/entry.h"'],
    ['web/loop', '<uv.h>'],
    ['web/socket', '<libwebsockets.h>'],
    ['web/call', '"web/hub/hub.h"'],
    ['web/call', '"web/call/rpc.h"'],
    ['web', '"web/call/rpc.h"'],
    ['web/http', '"desk/ground/blob.h"'],
    ['db', '<mysql.h>'],
    ['deliver', '"db/pool.h"'],
    ['.', '"web/server.h"'],
    ['.', '"cli.h"'],
  ];
  for (const [folder, header] of right) assert.deepEqual(faults(folder, `#include ${header}\n`), [], `${folder} includes ${header}`);
});

test('SQL outside store/ and db/ is found, words that only look like it are not', () => {
  assert.equal(faults('desk', 'q = "SELECT id FROM entry";').length, 1);
  assert.equal(faults('api', 'q = "INSERT INTO entry VALUES (1)";').length, 1);
  assert.equal(faults('web', 'q = "  DELETE FROM entry";').length, 1);
  assert.equal(faults('channel', 'q = "UPDATE entry SET x = 1";').length, 1);
  assert.deepEqual(faults('store', 'q = "SELECT id FROM entry";'), []);
  assert.deepEqual(faults('api', 'help = "Update the channel"; // "SELECT 1 FROM x"\n'), []);
});

test('comments hide nothing but comments', () => {
  const code = 'a /* #include "web/x.h"\n */ b // c\n"//not a comment"';
  const stripped = withoutComments(code);
  assert.equal(stripped.split('\n').length, 3);
  assert.ok(!stripped.includes('web/x.h'));
  assert.ok(stripped.includes('"//not a comment"'));
});
