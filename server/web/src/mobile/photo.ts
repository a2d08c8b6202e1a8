// SPDX-License-Identifier: Apache-2.0
// A photo of 12 megapixels takes a minute on a bad network; 2000 pixels are enough to read a card. The browser turns it
// upright by its Exif orientation while it draws.
const sideMost = 2000;
const sizeFine = 600 * 1024; // smaller files go as they are

// Drawn from an image element: every telephone's browser has it.
async function pictureOf(file: File): Promise<HTMLImageElement | null> {
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
    return picture;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

export async function shrink(file: File): Promise<Blob> {
  const known = file.type === 'image/jpeg' || file.type === 'image/png';
  if (known && file.size <= sizeFine) return file;
  const picture = await pictureOf(file);
  if (picture === null) return file; // the server says what is wrong with it
  const scale = Math.min(1, sideMost / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.naturalWidth * scale);
  canvas.height = Math.round(picture.naturalHeight * scale);
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), 'image/jpeg', 0.85));
}
