// SPDX-License-Identifier: Apache-2.0
// Who looks at an original stands across it: drawn into the picture itself, so that it is printed, copied and photographed with it.
export function drawMark(canvas: HTMLCanvasElement, text: string) {
  const pen = canvas.getContext('2d')!;
  const { width, height } = canvas;
  const size = Math.max(12, Math.round(Math.min(width, height) / 34));
  pen.save();
  pen.setTransform(1, 0, 0, 1, width / 2, height / 2);
  pen.rotate(-Math.PI / 7);
  pen.font = `${size}px sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const across = pen.measureText(text).width + size * 4;
  const reach = Math.hypot(width, height) / 2;
  for (let row = 0, y = -reach; y <= reach; y += size * 8, row += 1)
    for (let x = -reach + (row % 2) * across / 2; x <= reach; x += across) {
      // Two tones, so that it is seen on what is light and on what is dark.
      pen.fillStyle = 'rgb(255 255 255 / .3)';
      pen.fillText(text, x + 1, y + 1);
      pen.fillStyle = 'rgb(120 20 20 / .3)';
      pen.fillText(text, x, y);
    }
  pen.restore();
}
