// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// boot.ts runs as soon as it is there, before the styles and the other scripts: it is told first, and waits for none of them.
const bootFirst = (name: string): Plugin => ({
  name: 'boot-first',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle, path }) {
      if (!path.endsWith('order.html')) return [];
      const boot = Object.values(bundle ?? {}).find((it) => it.type === 'chunk' && it.isEntry && it.facadeModuleId?.endsWith(name));
      if (!boot) throw new Error(`no part of the pages is ${name}`);
      return [{ tag: 'script', attrs: { type: 'module', async: true, src: `/${boot.fileName}` }, injectTo: 'head-prepend' as const }];
    },
  },
});

export default defineConfig({
  plugins: [vue(), bootFirst('portal/boot.ts')],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' }, // nothing here is written that way
  resolve: { alias: { '@': here('src') } },
  build: {
    outDir: process.env.XUQI_WEB_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2020',
    assetsInlineLimit: 0, // nothing in the pages that their policy would have to allow by hash
    modulePreload: { polyfill: false },
    rollupOptions: { input: { portal: here('portal.html'), order: here('order.html'), boot: here('src/portal/boot.ts'), staff: here('staff.html'), m: here('m.html') } },
  },
  test: { environment: 'jsdom', include: ['src/**/*.spec.ts'], css: false, server: { deps: { inline: ['element-plus'] } } },
});
