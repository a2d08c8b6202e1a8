// SPDX-License-Identifier: Apache-2.0
// The first thing to run on an order's page, by itself and before any other part is there: its answers are under way while the
// rest is being fetched. shared/api/client.ts gives them to who asks first. Once the page itself has begun (it marks so), it is
// too late: an answer that nobody reads at once would be taken for news later.
const no = /^\/order\/(\d+)$/.exec(window.location.pathname)?.[1];
const token = window.location.hash.slice(1);

if (no !== undefined && token !== '' && window.askedEarly === undefined)
  window.askedEarly = new Map(['order', 'events'].map((what) => {
    const ended = new AbortController();
    const path = `/api/v1/renewals/${no}/${what}`;
    const headers = { Accept: 'application/json', Authorization: `Bearer ${token}` };
    const answer = fetch(path, { headers, signal: ended.signal, cache: 'no-store', credentials: 'same-origin' });
    answer.catch(() => undefined); // whoever reads it is told
    return [path, { answer, ended }];
  }));

export {};
