// What goes to the database by TCP, and to NATS, is encrypted and goes to whom it is meant for, or does not go at all.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Authority, type Certificate } from '../system/authority.ts';
import { freePort, Server, waitFor, endAll } from '../system/harness.ts';
import { Database } from './database.ts';
import { Nats } from './nats.ts';

const PASSWORD = 'database-password';

describe('encryption to the database', () => {
  const ends: (() => Promise<void> | void)[] = [];
  const ours = new Authority();
  const theirs = new Authority();
  let database: Database;
  let port: number;

  before(async () => {
    ends.push(() => ours.end(), () => theirs.end());
    const { key, cert } = ours.issue('127.0.0.1');
    port = await freePort();
    database = new Database(undefined, ['--bind-address=127.0.0.1', `--port=${port}`, `--ssl-cert=${cert}`, `--ssl-key=${key}`, `--ssl-ca=${ours.ca}`]);
    ends.push(() => database.end());
    await database.install();
    database.sql(`CREATE USER tls@'127.0.0.1' IDENTIFIED BY '${PASSWORD}' REQUIRE SSL; GRANT ALL ON *.* TO tls@'127.0.0.1'; CREATE USER plain@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO plain@'127.0.0.1'`);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** The server's folder and configuration, not started. `user`: tls may not log in without encryption. */
  async function configured(user: string, more: Record<string, string>): Promise<Server> {
    return await Server.start((fn) => ends.push(fn), {
      databaseSocket: database.socket,
      start: false,
      config: { database: { user, password: PASSWORD, host: '127.0.0.1', port: String(port), ...more } },
    });
  }

  it('works over TLS with the authority that is configured', async () => {
    const server = await configured('tls', { tls: 'required', tls_ca: ours.ca });
    await server.serve();
    assert.ok((await server.api('channel.list', {})).channels);
  });

  it('does not log in where the certificate is not trusted', async () => {
    await assert.rejects(configured('plain', { tls: 'required', tls_ca: theirs.ca }), /certificate|TLS|SSL/i);
  });

  it('does not log in in clear where TLS is required', async () => {
    const bare = new Database(undefined, ['--bind-address=127.0.0.1', `--port=${await freePort()}`, '--skip-ssl']);
    ends.push(() => bare.end());
    await bare.install();
    const at = bare.sql('SELECT @@port').trim();
    bare.sql(`CREATE USER plain@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO plain@'127.0.0.1'`);
    await assert.rejects(configured('plain', { port: at, tls: 'required' }), /TLS|SSL/i);
    const plain = await configured('plain', { port: at });
    assert.ok(plain.token, 'on this machine nothing is required');
  });
});

describe('encryption to NATS', () => {
  const ends: (() => Promise<void> | void)[] = [];
  const ours = new Authority();
  const theirs = new Authority();
  after(async () => {
    await endAll(ends.reverse());
    ours.end();
    theirs.end();
  });

  async function nats(certificate?: Certificate): Promise<Nats> {
    const one = await Nats.start(certificate ? ['--tls', `--tlscert=${certificate.cert}`, `--tlskey=${certificate.key}`] : []);
    ends.push(() => one.end());
    return one;
  }

  async function connected(bus: Record<string, string>): Promise<Server> {
    return await Server.start((fn) => ends.push(fn), { config: { bus } });
  }

  it('is on when it is required, and only with a certificate that is trusted and names the host', async () => {
    const good = await connected({ ...(await nats(ours.issue('127.0.0.1'))).config, nats_tls: 'required', nats_ca: ours.ca });
    await waitFor('the bus is connected', async () => (await good.metric('bus_connected')) === 1);
    for (const [what, bus, why] of [
      ['of another authority', { ...(await nats(theirs.issue('127.0.0.1'))).config, nats_ca: ours.ca }, /certificate/],
      ['of another host', { ...(await nats(ours.issue('elsewhere.example'))).config, nats_ca: ours.ca }, /mismatch/],
      ['none', (await nats()).config, /secure/i],
    ] as const) {
      const server = await connected({ ...bus, nats_tls: 'required' });
      const said = await waitFor(`it says why not (${what})`, () => /bus cannot be opened.* err="(.*)"/.exec(server.log));
      assert.match(said[1] ?? '', why);
      assert.equal(await server.metric('bus_connected'), 0, what);
    }
  });
});
