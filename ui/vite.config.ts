import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// LANBI_API names a running server for `npm run dev`; the built files are served by that server itself.
const server = process.env.LANBI_API ?? 'http://127.0.0.1:8123';

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../src/lanbi/web/static',
    emptyOutDir: true,
    target: 'es2022',
    // The map is a chunk of its own, loaded after the first paint.
    chunkSizeWarningLimit: 1400,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    testTimeout: 60_000, // a laptop that does other things is slow, not wrong
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
