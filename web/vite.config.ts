import { fileURLToPath } from 'node:url'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { addressesOfTheContract } from './addresses.ts'
import { containedLibraries } from './contained.ts'
import { firstPaint, stylesOfVisitors } from './first-paint.ts'
import { partsForVisitors } from './visitors.ts'

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

export default defineConfig(({ isSsrBuild = false }) => ({
  root,
  plugins: [
    addressesOfTheContract(),
    partsForVisitors(),
    stylesOfVisitors(),
    firstPaint(),
    containedLibraries(),
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
      ui: {
        colors: { primary: 'accent', neutral: 'neutral' },
        // Theirs fades when it is pointed at, and its words with it.
        button: {
          compoundVariants: [
            { color: 'primary', variant: 'solid', class: 'hover:bg-primary-800 active:bg-primary-800 dark:hover:bg-primary-300 dark:active:bg-primary-300' },
          ],
        },
      },
    }),
  ],
  resolve: {
    // Lighter hands for the same work: each file says why.
    alias: [
      { find: /^@iconify\/vue$/, replacement: fileURLToPath(new URL('src/lib/icons.ts', import.meta.url)) },
      // What the browser knows by itself Node does not.
      ...(isSsrBuild ? [] : [{ find: /^entities$/, replacement: fileURLToPath(new URL('src/lib/markdown/entities.ts', import.meta.url)) }]),
    ],
  },
  define: {
    ...(isSsrBuild && { 'process.env.NODE_ENV': JSON.stringify('production') }),
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    // Ours is web/src/lib/messages.ts.
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  build: {
    // The pages of visitors as the school draws them: for Node, with all they need, in files of its own.
    ...(isSsrBuild ? { outDir: 'drawing/dist', copyPublicDir: false } : { outDir: 'dist' }),
    emptyOutDir: true,
    sourcemap: false,
    reportCompressedSize: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // One file for what every page needs, instead of forty: a slow phone waits for each, and packed together they are smaller.
    rolldownOptions: isSsrBuild ? {} : { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  ssr: { noExternal: true },
  server: { port: 4601, proxy: Object.fromEntries(served.map((path) => [path, school])) },
}))
