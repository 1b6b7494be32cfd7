// Stands before the database, on a thread of its own (the tests run commands and wait for them). workerData: the socket to
// listen on, and the database's. Messages: {slow: ms} delays every answer, {cut: true} ends every connection,
// {lose: true} loses every connection: nothing passes any more and neither end is told.
import { createConnection, createServer, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { front, back } = workerData as { front: string; back: string };
const open = new Set<Socket>();
const pairs = new Set<[Socket, Socket]>();
let delayMs = 0;

const server = createServer((near) => {
  const far = createConnection(back);
  for (const [one, other] of [[near, far], [far, near]] as const) {
    open.add(one);
    one.on('error', () => {});
    one.on('close', () => {
      open.delete(one);
      other.destroy();
    });
  }
  const pair: [Socket, Socket] = [near, far];
  pairs.add(pair);
  near.on('close', () => pairs.delete(pair));
  near.pipe(far);
  far.on('data', (data: Buffer) => {
    if (delayMs) setTimeout(() => near.writable && near.write(data), delayMs);
    else near.write(data);
  });
});
server.listen(front, () => parentPort?.postMessage('listening'));

parentPort?.on('message', (message: { slow?: number; cut?: boolean; lose?: boolean }) => {
  delayMs = message.slow ?? delayMs;
  if (message.cut) for (const socket of open) socket.destroy();
  if (message.lose) for (const pair of pairs) lose(...pair);
});

function lose(near: Socket, far: Socket): void {
  for (const socket of [near, far]) socket.unpipe().removeAllListeners('data').removeAllListeners('close').pause();
}
