// SPDX-License-Identifier: Apache-2.0
// Stands between the server and PostgreSQL on a Unix socket and, when told, lets a write happen and keeps its answer: the
// transaction commits at its Sync (PostgreSQL 15, 55.2.4), the answer up to ReadyForQuery is swallowed, and the connection
// breaks, or hangs. Whoever waited cannot know. Runs as the database's user; commands on standard input, a line each:
//   {"arm": ["payment_settle", …], "hang": false}     the next write of one of these
// and a line on standard output for each that was swallowed. Needs Node.js only.
import { createConnection, createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [listenAt, upstream] = process.argv.slice(2);
let armed = null;
createInterface({ input: process.stdin }).on('line', (line) => { armed = JSON.parse(line); }).on('close', () => process.exit(0));

// Cuts a stream into PostgreSQL's messages: a type and a length; the first one of a client has no type.
function messages(handle, first) {
  let rest = Buffer.alloc(0);
  let untyped = first;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const head = untyped ? 4 : 5;
      if (rest.length < head) return;
      const size = rest.readUInt32BE(untyped ? 0 : 1) + (untyped ? 0 : 1);
      if (rest.length < size) return;
      const message = rest.subarray(0, size);
      rest = rest.subarray(size);
      const type = untyped ? '' : String.fromCharCode(message[0]);
      untyped = false;
      handle(type, message);
    }
  };
}
const bound = (message) => { // Bind: portal and statement, each ended by NUL
  const portalEnd = message.indexOf(0, 5);
  return message.subarray(portalEnd + 1, message.indexOf(0, portalEnd + 1)).toString();
};

createServer((client) => {
  const server = createConnection(upstream);
  const syncs = []; // the statements before each Sync that is not answered
  let names = [];
  let held = [];    // of the answer to the oldest Sync
  let silent = false;
  const end = () => { client.destroy(); server.destroy(); };
  for (const socket of [client, server]) socket.on('error', end).on('close', end);
  client.on('data', messages((type, message) => {
    if (type === 'B') names.push(bound(message));
    if (type === 'S') { syncs.push(names); names = []; }
    if (!silent) server.write(message);
  }, true));
  server.on('data', messages((type, message) => {
    if (silent) return;
    held.push(message);
    const waiting = syncs[0];
    if (waiting === undefined || waiting.length === 0 || type === 'Z' || type === 'N') {
      // ReadyForQuery: the transaction is over. In I (idle) it was committed, unless it failed.
      const name = type === 'Z' && waiting?.find((it) => armed?.arm.includes(it));
      const failed = held.some((it) => it[0] === 0x45); // ErrorResponse
      if (name && !failed) {
        process.stdout.write(`${JSON.stringify({ swallowed: name, hang: armed.hang })}\n`);
        silent = armed.hang;
        armed = null;
        if (!silent) end();
        return;
      }
      if (type === 'Z') syncs.shift();
      client.write(Buffer.concat(held));
      held = [];
    }
  }, false));
}).listen((rmSync(listenAt, { force: true }), listenAt), () => process.stdout.write('{"listening":true}\n'));
