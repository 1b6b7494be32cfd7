// The first thing that anybody sees: `./dev run` fills the demo shop through the API, as an integrator would.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endAll, Server } from './harness.ts';

const DEMO = fileURLToPath(new URL('../../agent-web/play/demo.ts', import.meta.url));

describe('the demo shop', () => {
  let server: Server;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
  });
  after(async () => {
    await endAll(ends);
  });

  it('is loaded whole, and loaded again changes nothing', async () => {
    const load = () =>
      promisify(execFile)(
        process.execPath,
        [DEMO, '--url', server.url, '--out', join(server.folder, 'demo.json'), '--page', join(server.folder, 'page.json')],
        {
          env: { ...process.env, THROUGHLINE_TOKEN: server.token },
        },
      );
    const rows = () => ['customer', 'entry', 'conversation', 'shop_order'].map((table) => Number(server.sql(`SELECT COUNT(*) FROM ${table}`)));
    await load();
    const first = rows();
    assert.ok(first[0]! > 180 && first[1]! > 3000 && first[2]! > 400 && first[3]! > 400, first.join());
    assert.equal(server.sql('SELECT COUNT(*) FROM journal WHERE error IS NOT NULL').trim(), '0');
    assert.ok((await server.api('conversation.counts', {})).open! > 5);
    await load();
    assert.deepEqual(rows(), first);
  });
});
