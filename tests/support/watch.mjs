// SPDX-License-Identifier: Apache-2.0
// A page that waits: reads a renewal's server-sent events (WHATWG HTML 9.2.6) with its access token.
import assert from 'node:assert/strict';
import { request } from 'node:http';

export function watch(demo, renewal, headers = {}) {
  return new Promise((resolve, reject) => {
    const url = new URL(`/api/v1/renewals/${renewal.renewal_no}/events`, demo.base_url);
    const req = request(url, { agent: false, headers: { authorization: `Bearer ${renewal.access_token}`, ...headers } }, (res) => {
      if (res.statusCode !== 200) {
        res.resume();
        reject(new Error(`status ${res.statusCode}`));
        return;
      }
      const events = [];
      const waiting = [];
      const page = { comments: [], retry: 0, close: () => req.destroy() };
      page.ended = new Promise((done) => { res.on('close', done); });
      page.next = (limitMs = 5000) => new Promise((got, failed) => {
        if (events.length > 0) {
          got(events.shift());
          return;
        }
        const timer = setTimeout(() => {
          page.close(); // or the stream would keep the test's process for half an hour
          failed(new Error('no event'));
        }, limitMs);
        waiting.push((event) => { clearTimeout(timer); got(event); });
      });
      page.silent = async (ms) => {
        await new Promise((done) => { setTimeout(done, ms); });
        assert.deepEqual(events, []);
      };
      let rest = '';
      res.setEncoding('utf8');
      res.on('error', () => {});
      res.on('data', (part) => {
        rest += part;
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const event = {};
          for (const line of rest.slice(0, end).split('\n')) {
            const colon = line.indexOf(':');
            const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trimStart()];
            if (name === '') page.comments.push(value);
            else if (name === 'retry') page.retry = Number(value);
            else event[name] = value;
          }
          rest = rest.slice(end + 2);
          if (event.data === undefined) continue;
          event.data = JSON.parse(event.data);
          if (waiting.length > 0) waiting.shift()(event);
          else events.push(event);
        }
      });
      resolve(page);
    });
    req.on('error', reject);
    req.end();
  });
}
