// Days begin and end where the desk is, and every answer says where that is: in counts, imports, after the setting was changed, after a
// kill in the middle of counting anew, and with two servers that are set differently.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { BINARY, endAll, Server, waitFor } from './harness.ts';

const WHO = { kind: 'email', value: 'hana@example.com', name: 'Hana' } as const;
const TOKYO = { desk: { time_zone: 'Asia/Tokyo' } };

describe('days', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });

  async function begin(config: Record<string, Record<string, string>>): Promise<{ server: Server; shop: string; put: (moments: string[]) => Promise<void> }> {
    const server = await Server.start((fn) => ends.push(fn), { config });
    const shop = (await server.channel('api', 'Shop')).id;
    const put = async (moments: string[]): Promise<void> => {
      const entries = moments.map(
        (at, index) => ({ kind: 'message', direction: 'in', identity: WHO, external_id: `m-${at}-${index}`, text: at, occurred_at: at }) as const,
      );
      await server.api('entries.put', { channel_id: shop, entries });
    };
    return { server, shop, put };
  }

  const customer = async (server: Server): Promise<string> => (await server.api('customer.find', { kind: 'email', value: WHO.value })).id;

  /** "Asia/Tokyo: 2026-03-08 2", once the reader has counted all. */
  async function daysOf(server: Server): Promise<string> {
    await waitFor('all is counted', async () => (await server.api('reader.list', {})).readers.every(({ behind, anew }) => behind === 0 && !anew));
    const { days, time_zone: zone } = await server.api('customer.journey', { customer_id: await customer(server) });
    return `${zone}: ${days.map(({ day, in: n }) => `${day} ${n}`).join(', ')}`;
  }

  // The night in which New York has 23 hours; 15:00 UTC is midnight in Tokyo.
  const MOMENTS = [
    '2026-03-08T04:59:59Z',
    '2026-03-08T05:00:00Z',
    '2026-03-08T14:59:59Z',
    '2026-03-08T15:00:00Z',
    '2026-03-09T03:59:59Z',
    '2026-03-09T04:00:00Z',
  ];
  const IN_TOKYO = 'Asia/Tokyo: 2026-03-08 3, 2026-03-09 3';
  const IN_NEW_YORK = 'America/New_York: 2026-03-07 1, 2026-03-08 4, 2026-03-09 1';

  it('are those of the setting, and are counted anew when it is another', async () => {
    const { server, put } = await begin(TOKYO);
    await put(MOMENTS);
    assert.equal(await daysOf(server), IN_TOKYO);
    assert.equal((await server.api('reader.list', {})).readers[0]?.setting, 'Asia/Tokyo');
    const socket = await server.agent();
    const opened = await socket.call('person.open', { customer_id: await customer(server) });
    assert.equal(opened.time_zone, 'Asia/Tokyo');
    assert.equal((await socket.call('session.me', {})).time_zone, 'Asia/Tokyo');
    assert.equal((await server.api('customer.overview', { customer_id: await customer(server) })).time_zone, 'Asia/Tokyo');
    socket.close();
    await server.stop();
    server.configure('desk', 'time_zone', 'America/New_York');
    await server.serve();
    assert.equal(await daysOf(server), IN_NEW_YORK);
    await server.stop('SIGKILL');
    server.configure('desk', 'time_zone', 'Asia/Tokyo');
    await server.serve();
    await server.stop('SIGKILL'); // perhaps in the middle of it
    await server.serve();
    assert.equal(await daysOf(server), IN_TOKYO);
  });

  it('follow the server that was started last, and the other says so', async () => {
    const { server, put } = await begin(TOKYO);
    await put(MOMENTS.slice(0, 3));
    assert.equal(await daysOf(server), 'Asia/Tokyo: 2026-03-08 3');
    const twin = await server.twin((fn) => ends.push(fn), { config: { desk: { time_zone: 'America/New_York' } } });
    await waitFor('the other has begun', async () => (await server.api('reader.list', {})).readers[0]?.setting === 'America/New_York');
    await put(MOMENTS.slice(3));
    assert.equal(await daysOf(server), IN_NEW_YORK);
    assert.equal(await daysOf(twin), IN_NEW_YORK);
    await waitFor('the first has told', () => /reader follows the setting of another server.*setting=America\/New_York own=Asia\/Tokyo/.test(server.log));
  });

  it('read what an imported file says without a zone', async () => {
    const { server, shop } = await begin(TOKYO);
    const file =
      'number,email,placed_at,state,currency,total,item_1_name\r\n#1,hana@example.com,2026-01-02,placed,JPY,1,Tea\r\n#2,hana@example.com,2026-01-02T00:00:00Z,placed,JPY,1,Tea\r\n';
    const { upload } = await server.upload('orders.csv', file, undefined, 'text/csv');
    const { id } = await server.api('import.start', { upload, what: 'orders', format: 'csv', channel_id: shop, dry_run: false });
    await waitFor('it is imported', async () => (await server.api('task.get', { id })).state === 'done');
    const { orders } = await server.api('customer.journey', { customer_id: await customer(server) });
    assert.deepEqual(orders.map(({ number, placed_at }) => [number, placed_at]).sort(), [
      ['#1', '2026-01-01T15:00:00.000Z'],
      ['#2', '2026-01-02T00:00:00.000Z'],
    ]);
    assert.equal(await daysOf(server), 'Asia/Tokyo: 2026-01-02 0');
  });

  it('are nowhere in a zone that is none', async () => {
    const { server } = await begin({});
    for (const zone of ['Asia/Atlantis', '+09:00', 'JST-9', '../../etc/passwd']) {
      server.configure('desk', 'time_zone', zone);
      assert.throws(
        () => execFileSync(BINARY, ['--config', server.config, 'migrate'], { stdio: 'pipe' }),
        (error: { stderr: Buffer }) => {
          assert.match(error.stderr.toString(), /\[desk\] time_zone is .*IANA name like Asia\/Tokyo/);
          return true;
        },
      );
    }
    server.configure('desk', 'time_zone', '');
    const { time_zone: own } = await (await server.agent()).call('session.me', {});
    assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: own }), own);
  });
});
