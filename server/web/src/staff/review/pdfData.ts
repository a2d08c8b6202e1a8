// SPDX-License-Identifier: Apache-2.0
// What PDF.js asks for while it reads a document, from our own address and only then: the predefined character maps
// (ISO 32000-2, 9.7.5.2) and the fourteen standard fonts (9.6.2.2). A name out of a document is only ever looked up.
const maps = import.meta.glob<string>('/node_modules/pdfjs-dist/cmaps/*.bcmap', { query: '?url', import: 'default', eager: true });
const fonts = import.meta.glob<string>('/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', { query: '?url', import: 'default', eager: true });

async function read(known: Record<string, string>, file: string): Promise<Uint8Array> {
  const path = Object.keys(known).find((path) => path.endsWith(`/${file}`));
  if (path === undefined) throw new Error('no such character map or font');
  const response = await fetch(known[path], { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export class CharacterMaps {
  async fetch({ name }: { name: string }) {
    return { cMapData: await read(maps, `${name}.bcmap`), isCompressed: true };
  }
}

export class StandardFonts {
  fetch({ filename }: { filename: string }) {
    return read(fonts, filename);
  }
}
