// A mail server that logs everybody in and answers each command by the test's own script: lies, floods, silence in the middle.
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';

export interface Asked {
  /** Answers with bytes as they are; resolves when there is room for more. False: nobody is there any more. */
  say: (bytes: string | Buffer) => Promise<boolean>;
  tag: string;
  /** The command without its tag. */
  text: string;
}

/** True: answered. Else it is answered as by a server with an empty folder. */
type Script = (asked: Asked) => Promise<boolean>;

export class HostileImap {
  script: Script = () => Promise.resolve(false);
  /** Each command that came. */
  readonly asked: string[] = [];
  private readonly net: NetServer;
  private readonly sockets = new Set<Socket>();

  private constructor(net: NetServer) {
    this.net = net;
  }

  static async start(ends: (() => unknown)[]): Promise<HostileImap> {
    const net = createServer((socket) => hostile.take(socket));
    const hostile = new HostileImap(net);
    await new Promise<void>((done) => net.listen(0, '127.0.0.1', done));
    ends.push(
      () =>
        new Promise<void>((done) => {
          for (const socket of hostile.sockets) socket.destroy();
          net.close(() => done());
        }),
    );
    return hostile;
  }

  get url(): string {
    return `imap://127.0.0.1:${(this.net.address() as AddressInfo).port}`;
  }

  private take(socket: Socket): void {
    let line = '',
      idle = '',
      turn = Promise.resolve();
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    const say = (bytes: string | Buffer): Promise<boolean> =>
      new Promise((done) => {
        if (socket.destroyed) return done(false);
        if (socket.write(bytes)) return done(true);
        const over = (): void => {
          socket.off('drain', over).off('close', over);
          done(!socket.destroyed);
        };
        socket.on('drain', over).on('close', over);
      });
    void say('* OK ready\r\n');
    socket.on('data', (data) => {
      line += data.toString('latin1');
      for (let end = line.indexOf('\r\n'); end >= 0; end = line.indexOf('\r\n')) {
        const [tag = '', ...words] = line.slice(0, end).split(' ');
        line = line.slice(end + 2);
        const asked = tag === 'DONE' ? { say, tag: idle, text: 'DONE' } : { say, tag, text: words.join(' ') };
        if (/^IDLE/i.test(asked.text)) idle = tag;
        this.asked.push(asked.text);
        turn = turn.then(async () => {
          if (!(await this.script(asked))) await this.usual(asked);
        });
      }
    });
  }

  private async usual({ say, tag, text }: Asked): Promise<void> {
    if (/^CAPABILITY/i.test(text)) await say('* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n');
    if (/^(SELECT|EXAMINE)/i.test(text)) await say('* 0 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 1] next\r\n');
    if (/^IDLE/i.test(text)) return void (await say('+ idling\r\n'));
    await say(`${tag} OK done\r\n`);
  }
}
