// SPDX-License-Identifier: Apache-2.0
// The telephone's page: plain TypeScript, small enough for any network. The token is behind the #, and never sent in an
// address.
import './mobile.css';
import type { components } from '../shared/api/schema';
import { shrink } from './photo';
import { words } from './words';

type Tasks = components['schemas']['PhoneTasks'];
type Side = 'front' | 'back';

const app = document.getElementById('app')!;
const token = location.hash.slice(1);
const kept = `xuqi-device-${token.slice(0, 8)}`;
const language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const t = words[language];

// The first device that opens a link has it: it is known by a secret of its own, kept over a reload.
function deviceSecret(): string {
  const known = sessionStorage.getItem(kept);
  if (known) return known;
  const made = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/\+/g, '-').replace(/\//g, '_');
  sessionStorage.setItem(kept, made);
  return made;
}
const device = deviceSecret();

class Refusal extends Error {}

async function call(method: string, path: string, body?: Blob | object): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}`, 'X-Xuqi-Device': device };
  const isFile = body instanceof Blob;
  if (body) headers['Content-Type'] = isFile ? body.type : 'application/json';
  const response = await fetch(`/api/v1/phone/${path}`, { method, headers, body: isFile ? body : body && JSON.stringify(body) }).catch(() => {
    throw new Refusal(t.offline);
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refusal(language === 'zh' ? `${problem.title ?? t.failed}${problem.fix ? `。${problem.fix}` : ''}` : `${problem.title_en ?? t.failed}. ${problem.fix_en ?? ''}`);
}

const element = <Name extends keyof HTMLElementTagNameMap>(name: Name, className = '', text = ''): HTMLElementTagNameMap[Name] =>
  Object.assign(document.createElement(name), { className, textContent: text });

function say(title: string, text: string, again?: () => void) {
  app.replaceChildren(element('h1', '', title), element('p', '', text));
  if (again) app.append(button(t.again, 'main', again));
}

function button(text: string, className: string, act: () => void): HTMLButtonElement {
  const made = element('button', className, text);
  made.type = 'button';
  made.onclick = act;
  return made;
}

// Two inputs a side: some telephones take "capture" for "camera only".
function chooser(side: Side, text: string, capture: boolean, take: (file: File) => void): HTMLElement {
  const input = element('input', 'unseen');
  Object.assign(input, { type: 'file', accept: 'image/*', id: `${side}-${capture ? 'camera' : 'album'}` });
  if (capture) input.setAttribute('capture', 'environment');
  input.onchange = () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) take(file);
  };
  const label = element('label', capture ? 'main' : 'second', text);
  label.htmlFor = input.id;
  const both = element('span', 'choose');
  both.append(input, label);
  return both;
}

function sideBlock(side: Side, uploaded: boolean, refresh: () => Promise<void>): HTMLElement {
  const block = element('section', uploaded ? 'side there' : 'side');
  const state = element('p', 'state', uploaded ? t.uploaded : t.missing);
  state.setAttribute('role', 'status');
  const take = async (file: File) => {
    const preview = element('img', 'preview');
    preview.alt = t[side];
    preview.src = URL.createObjectURL(file);
    block.querySelector('.preview')?.remove();
    block.append(preview);
    state.textContent = t.sending;
    try {
      await call('PUT', `photos/${side}`, await shrink(file));
      await refresh();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      state.textContent = error.message;
      state.className = 'state bad';
    }
  };
  block.append(element('h2', '', t[side]), state, chooser(side, uploaded ? t.retake : t.camera, true, take), chooser(side, t.album, false, take));
  return block;
}

async function startLiveness(problem: HTMLElement) {
  try {
    const answer = await (await call('POST', 'liveness', {})).json();
    if (answer.url) location.assign(answer.url);
    else await show();
  } catch (error) {
    problem.textContent = (error as Error).message;
  }
}

function draw(tasks: Tasks) {
  if (tasks.finished) return say(t.finished, t.finishedText);
  const problem = element('p', 'bad');
  problem.setAttribute('role', 'alert');
  const complete = tasks.photos.every((photo) => photo.uploaded);
  app.replaceChildren(element('h1', '', t.title), element('p', 'quiet', `${tasks.platform_name} · ${t.tail}${tasks.renewal_tail}`),
    ...tasks.photos.map((photo) => sideBlock(photo.side, photo.uploaded, show)), problem);
  if (complete && tasks.liveness) app.append(button(t.liveness, 'main', () => void startLiveness(problem)));
  else if (complete) app.append(button(t.finish, 'main', () => void finish(problem)));
}

async function finish(problem: HTMLElement) {
  try {
    draw(await (await call('POST', 'completion', {})).json());
  } catch (error) {
    problem.textContent = (error as Error).message;
  }
}

async function show() {
  draw(await (await call('GET', 'tasks')).json());
}

async function open() {
  if (token === '') return say(t.incomplete, t.incompleteText);
  say(t.title, t.loading);
  try {
    draw(await (await call('POST', 'opening', { device })).json());
  } catch (error) {
    say(t.refused, (error as Error).message, () => void open());
  }
}

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
document.title = t.title;
void open();
