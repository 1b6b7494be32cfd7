// A small picture for an attachment: a cup with a crack, as a PNG.
import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 320;
const HEIGHT = 240;

type Colour = [number, number, number];

const TABLE: Colour = [196, 164, 132];
const GLAZES: Colour[] = [
  [64, 92, 128],
  [92, 110, 84],
  [150, 84, 62],
  [222, 214, 196],
];

function colourAt(x: number, y: number, glaze: Colour, crackAt: number): Colour {
  const dx = (x - WIDTH / 2) / 80;
  const inside = Math.abs(dx) < 1 - Math.max(0, y - 150) / 220 && y > 60 && y < 205;
  if (!inside) return TABLE.map((v) => v - Math.floor(y / 12)) as Colour;
  const crack = Math.abs(x - crackAt - 9 * Math.sin(y / 7) - (y % 5)) < 1.2 && y < 170;
  if (crack) return [38, 30, 26];
  const light = 1.15 - Math.abs(dx - -0.35) * 0.45;
  return glaze.map((v) => Math.max(0, Math.min(255, Math.round(v * light)))) as Colour;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Each number gives another cup. */
export function photoOfCup(number: number): Buffer {
  const glaze = GLAZES[number % GLAZES.length]!;
  const crackAt = WIDTH / 2 - 40 + ((number * 23) % 80);
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) rows.set(colourAt(x, y, glaze, crackAt), y * (WIDTH * 3 + 1) + 1 + x * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
