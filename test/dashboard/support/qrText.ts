import type { Locator } from 'playwright-core';
import decodeQR from 'qr/decode.js';

/** Pixels of one module of the picture that is decoded. */
const SCALE = 8;

/** What a scanner reads from a QR code that is drawn by squares of a size of 1. */
export async function qrText(drawing: Locator): Promise<string> {
  const viewBox = (await drawing.getAttribute('viewBox')) ?? '';
  const path = (await drawing.locator('path').getAttribute('d')) ?? '';
  const side = Number(viewBox.split(' ')[2]);
  const width = side * SCALE;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x = '', y = ''] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let pixel = 0; pixel < SCALE * SCALE; pixel++) {
      const row = Number(y) * SCALE + Math.floor(pixel / SCALE);
      const column = Number(x) * SCALE + (pixel % SCALE);
      data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
    }
  }
  return decodeQR({ width, height: width, data });
}
