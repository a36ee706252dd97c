import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')

/** Whatever keeps something in the browsers of people, and what that is. Who adds one says here whether anybody but its person may read it. */
const KEEPERS: Record<string, string> = {
  'web/src/lib/store.ts': 'the shelf itself, for the others',
  'web/src/lib/tokens.ts': 'the tokens of the session, until signing out',
  'web/src/lib/colour-mode.ts': 'by day or by night',
  'web/src/lib/coupon.ts': 'the coupon of this tab',
  'web/src/lib/device.ts': 'a name of this browser, made by chance',
  'web/src/lib/language.ts': 'the language',
  'web/src/lib/session.ts': 'keeps nothing: forgets what is somebody’s own when they sign out',
  'web/src/features/storefront/look.ts': 'the school’s colour',
  'web/src/features/payments/useQuote.ts': 'the currency',
  'web/src/features/payments/for-others.ts': 'to whom a gift goes and the words with it, until it is paid or they sign out: personal',
  'web/src/features/watching/useTelling.ts': 'hands the shelf to the next',
  'web/src/features/watching/kept.ts': 'what of a lesson was watched and could not be told yet, by its person’s id, two weeks at most: personal',
  'web/src/features/media/useUploads.ts': 'hands the shelf to the next',
  'web/src/features/media/unfinished.ts': 'names and sizes of films whose upload is not over',
  'web/src/features/media/file-handles.ts': 'what the browser opens these films by again',
  'web/src/features/recipes/useCostPreview.ts': 'the recipe that was chosen last',
  'web/src/features/learning/useSpeed.ts': 'a choice of the player',
  'web/src/features/learning/useAutoplay.ts': 'a choice of the player',
  'web/src/features/learning/usePlayerKeys.ts': 'a choice of the player',
  'web/src/features/learning/useTheatre.ts': 'a choice of the player',
  'web/src/features/learning/useCaptions.ts': 'choices of the player',
  'web/src/features/learning/TranscriptPanel.vue': 'a choice of the player',
  'web/public/first.js': 'keeps nothing: reads choices of looks before the first paint',
  'web/public/sw.js': 'files of the app, and the page that says that there is no line; nothing of the API, of films or of files',
}

/** By the browser's own names, by VueUse's, and by the shelf. */
const KEEPS =
  /\b(localStorage|sessionStorage|indexedDB|cookieStore|setItem|storeIn|use(Local|Session)Storage)\b|\bcaches\.|document\.cookie|useStorage\b[^}]*\} from '@vueuse|from '[./]*(lib\/)?store\.ts'/

test('only these places keep anything in a browser, and what they keep is said', async () => {
  const found: string[] = []
  for await (const path of glob('web/{src,public}/**/*.{ts,vue,js}', { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8')
    if (!/\.test\.ts$|\.fixture\.ts$/.test(path) && KEEPS.test(text)) found.push(path.replaceAll('\\', '/'))
  }
  assert.deepEqual(found.toSorted(), Object.keys(KEEPERS).toSorted())
})
