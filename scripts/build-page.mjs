// Builds the web page and the pieces for pages of others into dist/dashboard: `npm run build:page`.
import { build } from 'vite';

// The first empties the folder.
for (const configFile of ['dashboard/vite.config.ts', 'dashboard/vite.embed.config.ts']) {
  await build({ configFile });
}
