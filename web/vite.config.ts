import { fileURLToPath } from 'node:url'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
const school = process.env['LECTERN_URL'] ?? 'http://localhost:4600'

// What the school itself serves; everything else is the app.
const served = [
  '/api',
  '/auth',
  '/catalogue',
  '/media',
  '/files',
  '/uploads',
  '/sandbox',
  '/hooks',
  '/manifest.webmanifest',
  '/feed.xml',
  '/sitemap.xml',
  '/robots.txt',
]

export default defineConfig({
  root,
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('media-') } } }),
    ui({
      // Without these the icons would be fetched from a public service at run time.
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'] } } },
      autoImport: false,
      // Their types are declared once, in src/nuxt-ui.d.ts.
      components: { dts: false, dirs: [] },
      dts: false,
      root,
      experimental: { componentDetection: true },
      ui: { colors: { primary: 'accent', neutral: 'neutral' } },
    }),
  ],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: false, reportCompressedSize: false, target: 'es2022', modulePreload: { polyfill: false } },
  server: { port: 4601, proxy: Object.fromEntries(served.map((path) => [path, school])) },
})
