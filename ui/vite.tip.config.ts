import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The public page for tips is built by itself, after the floor and beside it: what a stranger's telephone fetches
// shares no file with the floor, says nothing of it, and stays small.
export default defineConfig({
  plugins: [svelte()],
  publicDir: false,
  build: {
    outDir: '../src/lanbi/web/static',
    emptyOutDir: false,
    target: 'es2022',
    assetsDir: 'tip',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'tip.html' },
  },
});
