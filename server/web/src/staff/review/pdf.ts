// SPDX-License-Identifier: Apache-2.0
// PDF pages on our own canvas: the browser's viewer keeps the keys to itself. Fetched when the first PDF is looked at. The
// document came from outside: nothing in it is evaluated. Scanners and offices often name a Chinese font without
// embedding it: such text needs the character maps beside these pages, and a font of the reviewer's own machine.
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { CharacterMaps, StandardFonts } from './pdfData';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

export type Pdf = PDFDocumentProxy;

interface TrustedTypes { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } }
const trusted = (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('pdf', {
  createScriptURL: (url) => { if (url !== workerUrl) throw new TypeError('not the worker of the PDF pages'); return url; },
});

function worker(): Worker {
  const started = new Worker(trusted?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module' });
  GlobalWorkerOptions.workerPort = started;
  return started;
}
worker();

export const openPdf = (data: Uint8Array): Promise<Pdf> =>
  getDocument({
    data, isEvalSupported: false, enableXfa: false, stopAtErrors: true, useSystemFonts: true, useWorkerFetch: false,
    CMapReaderFactory: CharacterMaps, StandardFontDataFactory: StandardFonts,
  }).promise;

const widthMost = 2400; // pixels: sharp when zoomed, and no larger than a canvas may be

export async function drawPdf(pdf: Pdf, number: number, canvas: HTMLCanvasElement) {
  const page = await pdf.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: Math.min(3, widthMost / natural.width, widthMost / natural.height) });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  await page.render({ canvasContext: canvas.getContext('2d')!, viewport }).promise;
}
