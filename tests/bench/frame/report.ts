// Medians, spreads, the table, and where it was measured.
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import type { Figures, Measurement, Row } from './contract.ts';

export interface Outcome {
  measurement: Measurement;
  floor: Figures[];
  ours: Figures[];
}

export interface Line {
  title: string;
  unit: string;
  floor: Summary | null;
  ours: Summary;
  ratio: number | null;
  aim: string;
  met: boolean | null;
}

export interface Summary {
  median: number;
  /** Half of the distance between the lowest and the highest. */
  spread: number;
  runs: number;
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

function summary(runs: Figures[], figure: string): Summary | null {
  const values = runs.map((each) => each[figure]).filter((value) => value !== undefined);
  if (values.length === 0) return null;
  return { median: median(values), spread: (Math.max(...values) - Math.min(...values)) / 2, runs: values.length };
}

function aimText(row: Row): string {
  const { ratio, most, least } = row.aim ?? {};
  return [ratio && `≤ ${ratio}x`, most && `≤ ${most} ${row.unit}`, least && `≥ ${least} ${row.unit}`].filter(Boolean).join(', ');
}

function line(row: Row, outcome: Outcome): Line | null {
  const floor = summary(row.floorOf === 'ours' ? outcome.ours : outcome.floor, row.floorFigure ?? row.figure);
  const ours = summary(outcome.ours, row.figure);
  if (!ours) return null; // of a size that a quick run leaves out
  const ratio = floor && row.aim?.most === undefined && row.aim?.least === undefined ? ours.median / floor.median : null;
  const { ratio: wanted, most, least } = row.aim ?? {};
  const met = !row.aim
    ? null
    : (wanted === undefined || (ratio !== null && ratio <= wanted)) && (most === undefined || ours.median <= most) && (least === undefined || ours.median >= least);
  return { title: row.title, unit: row.unit, floor, ours, ratio, aim: aimText(row), met };
}

export function lines(outcome: Outcome): Line[] {
  return outcome.measurement.rows.map((row) => line(row, outcome)).filter((each) => each !== null);
}

function number(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value >= 100 ? value.toFixed(1) : value >= 10 ? value.toFixed(2) : value.toFixed(3);
}

const shown = (summary: Summary | null, unit: string): string => (summary ? `${number(summary.median)} ± ${number(summary.spread)} ${unit}` : '-');

/** As Markdown, columns aligned. */
export function table(all: Line[]): string {
  const rows = [
    ['what', 'floor', 'ours', 'ratio', 'aim', 'met?'],
    ...all.map((each) => [
      each.title, shown(each.floor, each.unit), shown(each.ours, each.unit), each.ratio === null ? '-' : each.ratio.toFixed(2),
      each.aim || '-', each.met === null ? '-' : each.met ? 'yes' : 'NO',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const text = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return text.join('\n');
}

export interface Machine {
  cpu: string;
  cores: number;
  kernel: string;
  memory_mb: number;
}

export function machine(): Machine {
  const memory = /MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? '0';
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, kernel: release(), memory_mb: Math.round(Number(memory) / 1024) };
}
