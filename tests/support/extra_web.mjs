// SPDX-License-Identifier: Apache-2.0
// One more web process of the installation, with a platform of the test's own: a seventh platform is a seventh file. It
// shares the database, jobs and issuer with the others; jobs must find the platform only for its messages' hotline.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync, chownSync, readdirSync } from 'node:fs';
import * as client from './client.mjs';
import { ctl, demo, folder } from './world.mjs';

const settingsFile = `${folder}/xuqid.yaml`;

function giveTo(path, uid, gid) {
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(`${path}/${name}`, uid, gid);
}

// `platforms`: {id: (texts of the existing files by id) => text}. Answers {demo, stop}.
export async function startWeb(name, port, platforms, change = (settings) => settings) {
  const { uid, gid } = statSync(settingsFile);
  const own = `${folder}/${name}`;
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  cpSync(`${folder}/config/platforms`, `${own}/platforms`, { recursive: true });
  const texts = Object.fromEntries(readdirSync(`${own}/platforms`).map((file) => [file.replace('.yaml', ''), readFileSync(`${own}/platforms/${file}`, 'utf8')]));
  for (const [id, make] of Object.entries(platforms)) writeFileSync(`${own}/platforms/${id}.yaml`, make(texts));
  const base = `http://127.0.0.1:${port}`, staff = `http://127.0.0.1:${port + 1}`;
  client.deskAt(base, staff);
  const settings = change(readFileSync(settingsFile, 'utf8')
    .replace('platforms: config/platforms', `platforms: ${name}/platforms`)
    .replace(demo.base_url, base)
    .replace(/^ {2}port: \d+$/m, `  port: ${port}`)
    .replace(demo.staff_url, staff)
    .replace(/^ {2}staff_port: \d+$/m, `  staff_port: ${port + 1}`)
    .replace(/admin_port: \d+/, 'admin_port: 0'));
  writeFileSync(`${folder}/${name}.yaml`, settings, { mode: 0o600 });
  if (process.getuid() === 0) for (const path of [own, `${folder}/${name}.yaml`]) giveTo(path, uid, gid);
  if (Object.keys(platforms).length > 0) ctl('platform', 'load', ...Object.keys(platforms), '--yes', '--config', `${folder}/${name}.yaml`); // applications need prices
  const args = [`${folder}/bin/xuqid`, '--config', `${folder}/${name}.yaml`, '--role', 'web'];
  const [program, list] = process.getuid() === 0 && uid !== 0
    ? ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...args]] : [args[0], args.slice(1)];
  const child = spawn(program, list, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => { log += text; });
  const ended = once(child, 'exit');
  for (let i = 0; ; i++) {
    const ready = await client.call(base, 'GET', '/readyz').catch(() => ({}));
    if (ready.status === 200) break;
    if (i > 150 || child.exitCode !== null) throw new Error(`no web process:\n${log}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  const stop = async () => {
    child.kill('SIGTERM');
    const [code] = await ended;
    rmSync(own, { recursive: true, force: true });
    rmSync(`${folder}/${name}.yaml`, { force: true });
    if (code !== 0 || /Sanitizer|runtime error/.test(log)) throw new Error(`web process ended with ${code}:\n${log}`);
  };
  return { demo: { ...demo, base_url: base, staff_url: staff }, stop, log: () => log };
}
