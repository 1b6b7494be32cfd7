// Real nginx and HAProxy of a test's own, each one process in the foreground in a folder of its own; set as config/proxy shows, or as lenient
// as they can be. Both keep connections to the server and send one client's requests behind another's.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from './harness.ts';

const SAMPLES = join(import.meta.dirname, '../../config/proxy');

/** The text with each of these replaced; every one must be there, or the sample has changed under the test. */
function changed(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  for (const [what] of changes) assert.match(text, what);
  return changes.reduce((all, [what, by]) => all.replace(what, by), text);
}

/** What a sample needs to run beside others, without certificates, is all that is changed in it. */
function nginxSample(folder: string, port: number, server: number): string {
  return changed(readFileSync(join(SAMPLES, 'nginx.conf'), 'utf8'), [
    [/server 127\.0\.0\.1:8080;/, `server 127.0.0.1:${server};`],
    [/listen 80;/, `listen unix:${folder}/clear;`],
    [/listen 443 ssl default_server;/, `listen 127.0.0.1:${port} default_server;`],
    [/ssl_reject_handshake on;/, 'return 444;'],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port};`],
    [/ssl_certificate .*;/, ''],
    [/ssl_certificate_key .*;/, ''],
    [/support\.example\.com/g, 'desk.example'],
  ]);
}

const nginxLenient = (port: number, server: number): string => `
upstream throughline { server 127.0.0.1:${server}; keepalive 4; keepalive_requests 100000; }
server {
    listen 127.0.0.1:${port} default_server;
    server_name _;
    ignore_invalid_headers off;
    underscores_in_headers on;
    merge_slashes off;
    client_max_body_size 0;
    large_client_header_buffers 8 64k;
    proxy_http_version 1.1;
    proxy_request_buffering off;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_pass_request_headers on;
    location / { proxy_pass http://throughline; }
}
`;

const nginxMain = (folder: string, rest: string): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr error;
events { worker_connections 2048; }
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    ${rest}
}
`;

function haproxySample(folder: string, port: number, server: number): string {
  return changed(readFileSync(join(SAMPLES, 'haproxy.cfg'), 'utf8'), [
    [/log \/dev\/log local0/, 'nbthread 1'],
    [/maxconn 20000/, 'maxconn 500'],
    [/option httplog/, ''],
    [/bind :80/, `bind unix@${folder}/clear`],
    [/bind :443 ssl .*/, `bind 127.0.0.1:${port}`],
    [/support\.example\.com/g, 'desk.example'],
    [/http-reuse safe/, 'http-reuse always'],
    [/server one 127\.0\.0\.1:8080 check/, `server one 127.0.0.1:${server} check`],
  ]);
}

const haproxyLenient = (port: number, server: number): string => `
global
    nbthread 1
    maxconn 500
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    option http-keep-alive
frontend public
    bind 127.0.0.1:${port}
    option accept-invalid-http-request
    option http-restrict-req-hdr-names preserve
    default_backend throughline
backend throughline
    http-reuse always
    option accept-invalid-http-response
    server one 127.0.0.1:${server}
`;

export const PROXIES = {
  'nginx as the sample is': {
    binary: '/usr/sbin/nginx',
    config: (folder: string, port: number, server: number) => nginxMain(folder, nginxSample(folder, port, server)),
    args: (file: string, folder: string) => ['-p', folder, '-c', file, '-e', 'stderr'],
  },
  'nginx as lenient as it can be': {
    binary: '/usr/sbin/nginx',
    config: (folder: string, port: number, server: number) => nginxMain(folder, nginxLenient(port, server)),
    args: (file: string, folder: string) => ['-p', folder, '-c', file, '-e', 'stderr'],
  },
  'HAProxy as the sample is': {
    binary: '/usr/sbin/haproxy',
    config: (folder: string, port: number, server: number) => haproxySample(folder, port, server),
    args: (file: string) => ['-db', '-f', file],
  },
  'HAProxy as lenient as it can be': {
    binary: '/usr/sbin/haproxy',
    config: (_: string, port: number, server: number) => haproxyLenient(port, server),
    args: (file: string) => ['-db', '-f', file],
  },
};

export interface Proxy {
  port: number;
  /** The socket of a sample's listener without TLS. */
  clear: string;
  stop: () => Promise<void>;
}

export async function startProxy(name: keyof typeof PROXIES, server: number): Promise<Proxy> {
  const { binary, config, args } = PROXIES[name];
  const folder = mkdtempSync(join(tmpdir(), 'throughline-proxy-'));
  const port = await freePort();
  const file = join(folder, 'config');
  mkdirSync(join(folder, 'logs'));
  writeFileSync(file, config(folder, port, server));
  const child: ChildProcess = spawn(binary, args(file, folder), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-10_000)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', (error) => ((said += String(error)), resolve())));
  await waitFor(`${name} listens`, () => {
    assert.ok(child.exitCode === null && child.pid !== undefined, `${name} ended: ${said}`);
    return new Promise<boolean>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      probe.once('connect', () => probe.destroy());
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${name}: ${said}`, { cause: error });
  });
  return {
    port,
    clear: join(folder, 'clear'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
