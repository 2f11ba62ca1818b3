/** The direction of the front end: app → features → live | map | api | kit | i18n. */
const FOUNDATION = '^src/(live|map|api|kit|i18n)/';

module.exports = {
  forbidden: [
    {
      name: 'foundations-know-nobody',
      comment: 'live, map, api, kit and i18n import neither each other nor what stands on them.',
      severity: 'error',
      from: { path: '^src/(live|map|api|kit|i18n)/' },
      to: { path: '^src/', pathNot: '^src/$1/' },
    },
    {
      name: 'features-stand-on-foundations',
      comment: 'A feature imports itself and the foundations: never another feature, never the app.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/features/$1/', FOUNDATION] },
    },
    {
      name: 'only-map-draws-maps',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/map/' },
      to: { path: 'node_modules/(maplibre-gl|pmtiles)' },
    },
    {
      name: 'tip-stands-alone',
      comment: 'The public page carries nothing of the floor, and the floor nothing of it.',
      severity: 'error',
      from: { path: '^src/tip/' },
      to: { path: '^src/', pathNot: '^src/tip/' },
    },
    { name: 'nobody-enters-tip', severity: 'error', from: { path: '^src/', pathNot: '^src/tip/' }, to: { path: '^src/tip/' } },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(url|raw)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'browser', 'types', 'default'],
      extensions: ['.ts', '.svelte', '.svelte.ts', '.js', '.mjs', '.cjs', '.d.ts', '.css', '.ftl'],
    },
  },
};
