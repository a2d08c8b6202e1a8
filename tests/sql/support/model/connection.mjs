// SPDX-License-Identifier: Apache-2.0
// One connection to PostgreSQL over its Unix socket, as little of the protocol (version 3) as a test needs: prepared
// statements with text parameters, pipelined. For speed: a walk makes one round trip per operation.
import { createConnection } from 'node:net';

const word = (text) => Buffer.from(`${text}\0`);
const int32 = (n) => { const b = Buffer.alloc(4); b.writeInt32BE(n); return b; };
const int16 = (n) => { const b = Buffer.alloc(2); b.writeInt16BE(n); return b; };
const message = (type, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const SYNC = message('S');

export class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #waiting = [];
  #statements = new Map();
  #prepared = 0;

  static async open(database) {
    const made = new Connection();
    made.#socket = createConnection(`${process.env.PGHOST}/.s.PGSQL.${process.env.PGPORT ?? 5432}`);
    made.#socket.on('data', (part) => made.#take(part));
    made.#socket.on('error', (error) => made.#lost(error));
    made.#socket.on('close', () => made.#lost(new Error('the connection was closed')));
    const body = Buffer.concat([int32(196608), word('user'), word('postgres'), word('database'), word(database), Buffer.from([0])]);
    const ready = made.#expect({ rows: [] });
    made.#socket.write(Buffer.concat([int32(body.length + 4), body]));
    const { error } = await ready;
    if (error) throw new Error(error.message);
    return made;
  }

  // Rows as objects, all values as text; what was refused comes back as error {state, message}, never thrown.
  query(sql, values = []) {
    const parts = [];
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = { name: `s${this.#prepared++}`, columns: [] };
      this.#statements.set(sql, statement);
      parts.push(message('P', word(statement.name), word(sql), int16(0)), message('D', Buffer.from('S'), word(statement.name)));
    }
    parts.push(message('B', word(''), word(statement.name), int16(0), int16(values.length),
      ...values.flatMap((value) => {
        if (value === null || value === undefined) return [int32(-1)];
        const bytes = Buffer.from(String(value));
        return [int32(bytes.length), bytes];
      }), int16(0)), message('E', word(''), int32(0)), SYNC);
    const answer = this.#expect({ statement, sql, rows: [] });
    this.#socket.write(Buffer.concat(parts));
    return answer;
  }

  async rows(sql, values) {
    const { rows, error } = await this.query(sql, values);
    if (error) throw new Error(`${error.state} ${error.message}: ${sql}`);
    return rows;
  }

  close() {
    this.#socket.removeAllListeners('close');
    this.#socket.end(message('X'));
    return new Promise((resolve) => this.#socket.on('close', resolve));
  }

  #expect(pending) {
    return new Promise((resolve, reject) => this.#waiting.push({ ...pending, resolve, reject }));
  }

  #lost(error) {
    for (const pending of this.#waiting.splice(0)) pending.reject(error);
  }

  #take(part) {
    this.#received = this.#received.length ? Buffer.concat([this.#received, part]) : part;
    let at = 0;
    while (this.#received.length - at >= 5) {
      const end = at + 1 + this.#received.readInt32BE(at + 1);
      if (this.#received.length < end) break;
      this.#handle(String.fromCharCode(this.#received[at]), this.#received.subarray(at + 5, end));
      at = end;
    }
    this.#received = this.#received.subarray(at);
  }

  #handle(type, body) {
    const pending = this.#waiting[0];
    if (type === 'T') pending.statement.columns = columnNames(body);
    else if (type === 'D') pending.rows.push(rowOf(pending.statement.columns, body));
    else if (type === 'E') pending.error = errorOf(body);
    else if (type === 'Z') {
      this.#waiting.shift();
      if (pending.error && pending.statement && pending.statement.columns.length === 0) this.#statements.delete(pending.sql);
      pending.resolve({ rows: pending.rows, error: pending.error });
    }
  }
}

function columnNames(body) {
  const names = [];
  for (let at = 2, i = body.readInt16BE(0); i > 0; i--) {
    const end = body.indexOf(0, at);
    names.push(body.toString('utf8', at, end));
    at = end + 19; // table, column, type, size, modifier, format
  }
  return names;
}

function rowOf(names, body) {
  const row = {};
  let at = 2;
  for (const name of names) {
    const size = body.readInt32BE(at);
    at += 4;
    row[name] = size < 0 ? null : body.toString('utf8', at, at + size);
    at += Math.max(size, 0);
  }
  return row;
}

function errorOf(body) {
  const error = { state: '', message: '' };
  for (let at = 0; body[at] !== 0;) {
    const end = body.indexOf(0, at + 1);
    const text = body.toString('utf8', at + 1, end);
    if (body[at] === 67) error.state = text;
    if (body[at] === 77) error.message = text;
    at = end + 1;
  }
  return error;
}
