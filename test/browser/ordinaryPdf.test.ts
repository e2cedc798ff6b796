import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentRenderer, PrintedDocument } from '#application/documents.ts';
import { pdfRenderer } from '#infrastructure/documents/pdfRenderer.ts';
import { documentHtml } from '#web/documents.ts';
import { templates } from '#web/ordinaryCertificate/template.ts';
import { browserMissing } from '../support/browser.ts';
import { certificateContent } from '../support/certificates.ts';

const run = promisify(execFile);
const noBrowser = await browserMissing();
const hasPoppler = await run('pdftotext', ['-v']).then(
  () => true,
  () => false,
);
const mmPerPoint = 25.4 / 72;

const paper = { ...certificateContent(), number: 'GZ2-2026-00000007' };
const overprint = (offset: { dx: number; dy: number }, papers = [paper]) =>
  ({ kind: 'ordinaryOverprint', on: '2026-11-24', papers, offset }) as const;

describe.skipIf(noBrowser || !hasPoppler)('the overprint of an ordinary certificate as PDF', () => {
  let renderer: DocumentRenderer;
  let folder: string;
  beforeAll(async () => {
    renderer = pdfRenderer({ documentHtml });
    folder = await mkdtemp(join(tmpdir(), 'ordinary-'));
  });
  afterAll(async () => {
    await renderer.close();
    await rm(folder, { recursive: true });
  });

  const pdfOf = async (document: PrintedDocument): Promise<string> => {
    const made = await renderer.pdf(document);
    if (made.outcome !== 'rendered') throw new Error(`no PDF: ${made.reason}`);
    const file = join(folder, `${made.sha256}.pdf`);
    await writeFile(file, made.bytes);
    return file;
  };
  /** Where a word stands on the first page, in millimetres. */
  const placeOf = async (file: string, word: string) => {
    const { stdout } = await run('pdftotext', ['-bbox', '-l', '1', file, '-']);
    const found = new RegExp(`xMin="([\\d.]+)" yMin="([\\d.]+)" xMax="([\\d.]+)" yMax="([\\d.]+)">${word}<`).exec(
      stdout,
    );
    const [xMin = 0, yMin = 0, xMax = 0, yMax = 0] = (found ?? [])
      .slice(1)
      .map((points) => Number(points) * mmPerPoint);
    return { x: xMin, y: (yMin + yMax) / 2, right: xMax };
  };

  test('given the template, when it is printed, then each text stands in its box to half a millimetre', async () => {
    const file = await pdfOf(overprint({ dx: 0, dy: 0 }));
    const words = {
      serial: 'GZ2-2026-00000007',
      wifeIdNumber: '520111199512241224',
      husbandIdNumber: '520103199403153311',
    };
    for (const [field, word] of Object.entries(words)) {
      const box = templates[2].boxes.find((one) => one.field === field);
      const { x, y, right } = await placeOf(file, word);
      expect(Math.abs(x - (box?.x ?? 0))).toBeLessThan(0.5);
      expect(Math.abs(y - ((box?.y ?? 0) + (box?.height ?? 0) / 2))).toBeLessThan(0.5);
      expect(right).toBeLessThan((box?.x ?? 0) + (box?.width ?? 0));
    }
  });

  test('given a printer that is off, when it is printed, then all of it moves by just that', async () => {
    const [still, moved] = [await pdfOf(overprint({ dx: 0, dy: 0 })), await pdfOf(overprint({ dx: 3.5, dy: -2.2 }))];
    const [from, to] = await Promise.all([still, moved].map((file) => placeOf(file, '520111199512241224')));
    expect((to?.x ?? 0) - (from?.x ?? 0)).toBeCloseTo(3.5, 1);
    expect((to?.y ?? 0) - (from?.y ?? 0)).toBeCloseTo(-2.2, 1);
  });

  test('given several papers, when they are printed, then each is one page of the size of the paper', async () => {
    const file = await pdfOf(overprint({ dx: 0, dy: 0 }, [paper, { ...paper, number: 'GZ2-2026-00000008' }]));
    const { stdout } = await run('pdfinfo', [file]);
    expect(/Pages:\s+(\d+)/.exec(stdout)?.[1]).toBe('2');
    const [, width = '', height = ''] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(stdout) ?? [];
    expect([Number(width) * mmPerPoint, Number(height) * mmPerPoint].map(Math.round)).toEqual([210, 148]);
  });

  test('given the calibration sheet, when it is printed, then it is one page that says what is set', async () => {
    const file = await pdfOf({ kind: 'calibration', on: '2026-11-24', offset: { dx: 1.2, dy: 0 } });
    const { stdout } = await run('pdftotext', [file, '-']);
    expect(stdout).toContain('1.2');
  });
});
