// SPDX-License-Identifier: Apache-2.0
// A part of a page that is fetched when it is to be seen. What the network lost is fetched again, later each time; what stays
// away (a page open since before the server was renewed) is said, with what to do.
import { defineAsyncComponent, type Component } from 'vue';
import PartMissing from './PartMissing.vue';

const retryFirst_ms = 500;
const tries = 5;

export const part = <Part extends Component>(loader: () => Promise<{ default: Part }>) =>
  defineAsyncComponent<Part>({
    loader,
    errorComponent: PartMissing,
    onError: (_, retry, fail, tried) => void (tried < tries ? setTimeout(retry, retryFirst_ms * 2 ** (tried - 1)) : fail()),
  });
