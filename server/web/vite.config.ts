// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import type { Plugin, Rollup } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The scripts and styles of the pages' first step are fetched beside it, not after it.
const preloadMain = (name: string): Plugin => ({
  name: 'preload-main',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle, path }) {
      if (!path.endsWith('portal.html')) return [];
      const chunks = Object.values(bundle ?? {}).filter((it): it is Rollup.OutputChunk => it.type === 'chunk');
      const main = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(name));
      if (!main) throw new Error(`no part of the pages begins with ${name}`);
      const parts = [main, ...chunks.filter(({ fileName }) => main.imports.includes(fileName))];
      const styles = new Set(parts.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]));
      const link = (rel: string, file: string) => ({ tag: 'link', attrs: { rel, href: `/${file}` }, injectTo: 'head' as const });
      return [...[...styles].map((file) => link('stylesheet', file)), ...parts.map(({ fileName }) => link('modulepreload', fileName))];
    },
  },
});

// An order's page is what most links lead to: its document names the parts of that page as well, so that they are fetched
// beside the first step, not after it has run. Otherwise it is the same document.
const orderDocument = (from: string, page: string): Plugin => ({
  name: 'order-document',
  writeBundle({ dir }, bundle) {
    const chunks = Object.values(bundle).filter((it): it is Rollup.OutputChunk => it.type === 'chunk');
    const document = bundle[from];
    const first = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(page)));
    if (document?.type !== 'asset' || !first) throw new Error(`no ${from}, or no part of the pages is ${page}`);
    const parts = new Set([first]);
    for (const part of parts) chunks.filter(({ fileName }) => part.imports.includes(fileName)).forEach((it) => parts.add(it));
    const html = String(document.source);
    const styles = [...parts].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]).map((file) => `<link rel="stylesheet" href="/${file}">`);
    const scripts = [...parts].map(({ fileName }) => `<link rel="modulepreload" href="/${fileName}">`);
    const links = [...new Set([...styles, ...scripts])].filter((link) => !html.includes(link));
    writeFileSync(join(dir!, 'order.html'), html.replace('</head>', `${links.map((link) => `  ${link}\n  `).join('')}</head>`));
  },
});

export default defineConfig({
  plugins: [vue(), preloadMain('src/portal/main.ts'), orderDocument('portal.html', 'pages/OrderPage.vue')],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' }, // nothing here is written that way
  resolve: { alias: { '@': here('src') } },
  build: {
    outDir: process.env.XUQI_WEB_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2020',
    assetsInlineLimit: 0, // nothing in the pages that their policy would have to allow by hash
    modulePreload: { polyfill: false },
    rollupOptions: { input: { portal: here('portal.html'), staff: here('staff.html'), m: here('m.html') } },
  },
  test: { environment: 'jsdom', include: ['src/**/*.spec.ts'], css: false, server: { deps: { inline: ['element-plus'] } } },
});
