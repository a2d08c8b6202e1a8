// SPDX-License-Identifier: Apache-2.0
// What went wrong, as the server says it (application/problem+json) or as the browser found it.
import type { components } from './schema';

export type ProblemBody = components['schemas']['Problem'];
export type ProblemField = NonNullable<ProblemBody['fields']>[number];

export class Problem extends Error {
  constructor(readonly body: ProblemBody) {
    super(body.code);
  }

  get code() {
    return this.body.code;
  }

  // The request may have been carried out although no answer came.
  get isUnanswered() {
    return this.code === 'no_answer';
  }

  field(path: string): ProblemField | undefined {
    return this.body.fields?.find((field) => field.path === path);
  }
}

export const noAnswer = () =>
  new Problem({
    type: 'about:blank',
    title: '网络不通，服务器没有回答',
    title_en: 'The network is down: the server did not answer',
    status: 0,
    code: 'no_answer',
    fix: '已填写的内容都还在。请检查网络，稍后再试一次；重复提交不会重复扣款。',
    fix_en: 'Nothing you typed is lost. Check the network and try again; nothing is paid twice.',
    request_id: '',
  });

const notOurs = (status: number) =>
  new Problem({
    type: 'about:blank',
    title: '服务器的回答看不懂',
    title_en: 'The answer was not one of this server',
    status,
    code: 'answer_malformed',
    fix: '请稍后再试；仍不行请致电客服热线。',
    fix_en: 'Try again later; if it stays, call the hotline.',
    request_id: '',
  });

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
  return isProblem ? new Problem(body as ProblemBody) : notOurs(response.status);
}
