// What a browser or a program needs to talk to a Throughline server.
export * from './generated.ts';
export * from './error.ts';
export * from './http.ts';
export * from './client.ts';
export * from './timeline.ts';
