// A provider's host that keeps files: each path answers as it is told, and who asked is noted.
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of one pixel. */
export const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A provider's host: each path answers as it is told. */
export class Host {
  readonly asked: { path: string; authorization: string }[] = [];
  readonly at = new Map<string, Handler>();
  private readonly http: HttpServer;

  private constructor(http: HttpServer) {
    this.http = http;
  }

  static async start(ends: (() => Promise<void>)[]): Promise<Host> {
    const http = createServer((request, response) => {
      const path = request.url ?? '';
      host.asked.push({ path, authorization: request.headers.authorization ?? '' });
      const handler = host.at.get(path);
      if (handler) handler(request, response);
      else response.writeHead(404).end('{}');
    });
    const host = new Host(http);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    ends.push(
      () =>
        new Promise((done) => {
          http.closeAllConnections();
          http.close(() => done());
        }),
    );
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  times(path: string): number {
    return this.asked.filter((one) => one.path === path).length;
  }
}

export const give =
  (data: Buffer, type = 'image/png'): Handler =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': type }).end(data);
export const say =
  (status: number, body: unknown = {}): Handler =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
