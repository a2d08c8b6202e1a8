// SPDX-License-Identifier: Apache-2.0
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

export default defineConfig({
  plugins: [vue(), preloadMain('src/portal/main.ts')],
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
