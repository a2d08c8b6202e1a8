// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [vue()],
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
