// SPDX-License-Identifier: Apache-2.0
// An upload that says how far it is: fetch cannot.
import { noAnswer, Problem, problemOf } from './problem';

export interface Upload {
  path: string;
  token: string;
  file: Blob;
  headers?: Record<string, string>;
  onPercent(percent: number): void;
}

export function upload({ path, token, file, headers, onPercent }: Upload): Promise<void> {
  return new Promise((resolve, reject: (problem: Problem) => void) => {
    const request = new XMLHttpRequest();
    request.open('PUT', path);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Content-Type', file.type);
    Object.entries(headers ?? {}).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = ({ loaded, total }) => onPercent(Math.floor((100 * loaded) / total));
    request.onerror = request.ontimeout = request.onabort = () => reject(noAnswer());
    request.onload = () => {
      if (request.status < 300) resolve();
      else void problemOf(new Response(request.responseText, { status: request.status })).then(reject);
    };
    request.send(file);
  });
}
