// Runs dependency-cruiser over src/ and refuses to pass when it looked at nothing: with TypeScript 7
// it silently sees 0 modules and calls that clean.
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { createRequire } from 'node:module';

const MODULES_MIN = 30;
const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { output } = await cruise(
  ['src'],
  { ...rules.options, ruleSet: { forbidden: rules.forbidden }, validate: true, exclude: '\\.test\\.ts$' },
  rules.options.enhancedResolveOptions,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { violations, error } = output.summary;
const own = output.modules.filter((m) => m.source.startsWith('src/'));
const svelte = own.filter((m) => m.source.endsWith('.svelte') && m.dependencies.length > 0);
for (const v of violations) console.error(`${v.rule.severity} ${v.rule.name}: ${v.from} → ${v.to}`);
console.log(`looked at ${own.length} modules, ${svelte.length} of them Svelte components with imports`);
if (own.length < MODULES_MIN || svelte.length === 0) {
  console.error(`expected at least ${MODULES_MIN} modules and some components: the check saw too little`);
  process.exit(1);
}
process.exit(error > 0 ? 1 : 0);
