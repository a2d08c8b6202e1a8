// SPDX-License-Identifier: Apache-2.0
// Matches imports as jobs does (server/jobs/statement_match.c): asks once what portions an import has, then goes phase by phase
// through them, with as many connections as bank.matchers says, each of which takes the next portion as soon as it is free; and
// asks what may be transfers that were declared and payouts of ours, of which there are none here. The connections stay, as jobs' do.
//   node tests/bench/matchers.mjs [matchers]      imports' numbers on its input, a line each; one import after the other
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const MATCHERS = Number(process.argv[2] ?? 2), PORTION = 5000, WAITING = 100, PAYOUTS = 500;
const END = 'end of answer';

function connect() {
  const psql = spawn('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: psql.stdout })[Symbol.asyncIterator]();
  return {
    async ask(query) {
      psql.stdin.write(`${query};\n\\echo ${END}\n`);
      for (const rows = []; ;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`no answer: ${query}`);
        if (value === END) return rows;
        rows.push(value);
      }
    },
    close: () => psql.stdin.end(),
  };
}

async function match(sessions, id) {
  await sessions[0].ask(`select id from xuqi.transfer_waiting(${id}, 0, ${WAITING})`);
  const untils = await sessions[0].ask(`select until from xuqi.statement_portions(${id}, ${PORTION})`);
  for (const phase of ['numbers', 'misspelt', 'sums']) {
    let next = 0;
    await Promise.all(sessions.map(async (session) => {
      while (next < untils.length) {
        const at = next++;
        await session.ask(`select * from xuqi.statement_match(${id}, '${phase}', ${at === 0 ? 0 : untils[at - 1]}, ${PORTION}, ${untils[at]})`);
      }
    }));
  }
  await sessions[0].ask(`select line_id from xuqi.payout_lines(${id}, 0, ${PAYOUTS})`);
}

const sessions = Array.from({ length: MATCHERS }, connect);
for await (const id of createInterface({ input: process.stdin })) await match(sessions, Number(id));
for (const session of sessions) session.close();
