// What a measurement is: a file of tests/bench that exports one or several of these, and a row in run.ts.
import type { Database } from './database.ts';

/** What one run found, by name. Details that no row shows are kept in the JSON. */
export type Figures = Record<string, number>;

/** A row of the table: one figure of ours beside one of the floor. */
export interface Row {
  title: string;
  figure: string;
  unit: string;
  /** Of the floor; the same name when left out. */
  floorFigure?: string;
  /** Whose figure is the floor: ours, to compare two of our own. */
  floorOf?: 'floor' | 'ours';
  /** ratio: ours at most so many times the floor. Without any of these the row only tells. */
  aim?: { ratio?: number; most?: number; least?: number };
}

/** Ready to be run, several times, alternating with its floor: run by run, or within each run by `both`. */
export type Runs = { end: () => Promise<void> } & (
  | { floor?: () => Promise<Figures>; ours: () => Promise<Figures> }
  | { both: () => Promise<{ floor: Figures; ours: Figures }> }
);

export interface Measurement {
  name: string;
  title: string;
  rows: Row[];
  /** Not part of the whole: it takes minutes. */
  onlyByName?: boolean;
  /** Runs fewer times than others where one run takes long. */
  runsMost?: number;
  prepare: (bench: Bench) => Promise<Runs>;
}

/** What all measurements share. */
export interface Bench {
  /** Smaller numbers, to see that it works. */
  quick: boolean;
  /** An empty MariaDB, for measurements that fill their own database. Started when first asked for. */
  database: () => Promise<Database>;
  /** build/release/bench/<path> */
  program: (path: string) => string;
  say: (line: string) => void;
}
