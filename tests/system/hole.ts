// Stands before a server and can swallow all that comes: nothing passes any more, neither end is told, and who connects anew gets no
// word. As a dead network, or a firewall that has forgotten a connection.
import { createConnection, createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';

export class Hole {
  private readonly net: NetServer;
  private readonly sockets = new Set<Socket>();
  private swallows = false;
  /** Who has come so far. */
  connections = 0;

  private constructor(net: NetServer) {
    this.net = net;
  }

  static async before(port: number, ends: (() => unknown)[]): Promise<Hole> {
    const net = createServer((near) => hole.take(near, port));
    const hole = new Hole(net);
    await new Promise<void>((done) => net.listen(0, '127.0.0.1', done));
    ends.push(
      () =>
        new Promise<void>((done) => {
          for (const socket of hole.sockets) socket.destroy();
          net.close(() => done());
        }),
    );
    return hole;
  }

  get port(): number {
    return (this.net.address() as AddressInfo).port;
  }

  swallow(on: boolean): void {
    this.swallows = on;
  }

  private take(near: Socket, port: number): void {
    this.connections++;
    const far = createConnection(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => {});
      from.on('data', (data) => void (this.swallows || to.write(data)));
      from.on('close', () => {
        this.sockets.delete(from);
        if (!this.swallows) to.destroy();
      });
    }
  }
}
