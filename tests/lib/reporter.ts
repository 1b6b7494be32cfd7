// A node --test reporter: one JSON line for each test that ended, for summary.ts.
import type { TestEvent } from 'node:test/reporters';
import { relative } from 'node:path';

export interface Line {
  name: string;
  file: string;
  outcome: 'passed' | 'failed' | 'skipped';
  reason?: string;
  error?: string;
  /** What the test said it counted. */
  notes: string[];
  ms: number;
}

export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  let last: Line | null = null; // its notes come after it
  for await (const event of source) {
    if (event.type === 'test:start') {
      path.length = event.data.nesting;
      path.push(event.data.name);
    }
    if (event.type === 'test:diagnostic' && event.data.file !== undefined) last?.notes.push(event.data.message);
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { data } = event;
    if (data.details.type === 'suite') continue;
    path.length = Math.min(path.length, data.nesting);
    const line: Line = {
      name: [...path, data.name].join(' › '),
      file: data.file ? relative(process.cwd(), data.file) : '',
      outcome: event.type === 'test:fail' ? 'failed' : 'passed',
      notes: [],
      ms: data.details.duration_ms,
    };
    const reason = data.skip ?? data.todo;
    if (reason !== undefined && reason !== false) {
      line.outcome = 'skipped';
      line.reason = (data.todo !== undefined ? 'to do: ' : '') + (reason === true ? 'no reason given' : reason);
    }
    if (event.type === 'test:fail' && line.outcome === 'failed') line.error = describe(event.data.details.error);
    if (last) yield JSON.stringify(last) + '\n';
    last = line;
  }
  if (last) yield JSON.stringify(last) + '\n';
}

function describe(error: Error & { cause?: unknown }): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.stack ?? String(cause);
}
