// SPDX-License-Identifier: Apache-2.0
// A file that this page has made or fetched, into the person's own folder.
export function saveAs(name: string, content: Blob | string) {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type: 'application/octet-stream' }) : content);
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}
